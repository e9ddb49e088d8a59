//! The integration tests, one binary.

mod cli;
mod layering;
mod sample;
mod slack;
#[cfg(feature = "standin")]
mod standin;
