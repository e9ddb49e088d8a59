//! The integration tests, one binary.

mod cli;
mod layering;
mod slack;
#[cfg(feature = "standin")]
mod standin;
mod template;
