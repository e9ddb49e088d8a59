//! The integration tests, one binary.

mod cli;
mod engine;
mod layering;
mod sample;
mod serve;
mod slack;
#[cfg(feature = "standin")]
mod standin;
mod support;
mod template;
mod warehouse;
