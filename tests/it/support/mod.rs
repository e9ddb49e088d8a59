//! What the tests share: one engine for the process, and tables with rows of the test's own.
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test ends at the first surprise")]

#[cfg(feature = "standin")]
pub mod app;
pub mod binary;
#[cfg(feature = "standin")]
pub mod browser;
pub mod engine;
pub mod events;
#[cfg(feature = "standin")]
pub mod installation;
pub mod log;
pub mod postgres;
#[cfg(feature = "standin")]
pub mod pretend;
pub mod relay;
pub mod signature;
pub mod store;
