//! The warehouse against the real engine, in every shape.
#![expect(clippy::unwrap_used, reason = "a test ends at the first surprise")]

mod asking;
mod cohort;
mod cut;
mod edges;
mod grants;
mod hostile;
mod numbers;
mod oracle;
mod query_log;
mod questions;
mod teams;
mod whose;
