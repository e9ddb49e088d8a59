//! The integration tests, one binary.

mod cli;
mod engine;
mod layering;
mod serve;
mod slack;
#[cfg(feature = "standin")]
mod standin;
mod support;
mod warehouse;
