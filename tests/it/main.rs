//! The integration tests, one binary.
#![expect(clippy::unwrap_used, reason = "a test ends at the first surprise")]

#[cfg(feature = "standin")]
mod bad_input;
mod beside;
#[cfg(feature = "standin")]
mod check;
mod cli;
#[cfg(feature = "standin")]
mod demo;
mod docs;
mod engine;
mod layering;
#[cfg(feature = "standin")]
mod limiter;
mod sample;
mod serve;
mod slack;
#[cfg(feature = "standin")]
mod standin;
mod support;
mod template;
mod warehouse;
