//! The integration tests, one binary.

mod cli;
mod layering;
#[cfg(feature = "standin")]
mod standin;
