//! The warehouse against the real engine, in every shape.
#![expect(clippy::unwrap_used, reason = "a test ends at the first surprise")]

mod cut;
mod grants;
mod numbers;
mod query_log;
mod questions;
