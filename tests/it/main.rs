//! The integration tests, one binary.
#![expect(clippy::unwrap_used, reason = "a test ends at the first surprise")]

#[cfg(feature = "standin")]
mod admin;
mod admin_http;
mod alerts;
#[cfg(feature = "standin")]
mod bad_input;
mod beside;
#[cfg(feature = "standin")]
mod browser;
#[cfg(feature = "standin")]
mod check;
mod cli;
#[cfg(feature = "standin")]
mod cli_daily;
mod daemon;
#[cfg(feature = "standin")]
mod delivery;
#[cfg(feature = "standin")]
mod demo;
mod docs;
mod engine;
mod failpoint;
#[cfg(feature = "standin")]
mod interaction;
mod layering;
#[cfg(feature = "standin")]
mod limiter;
mod manifest;
mod notices;
mod sample;
mod serve;
mod simulate;
mod slack;
#[cfg(feature = "standin")]
mod standin;
mod store;
mod support;
mod template;
#[cfg(all(feature = "standin", feature = "failpoints"))]
mod torture;
mod transport;
mod warehouse;
