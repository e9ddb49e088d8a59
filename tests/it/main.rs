//! The integration tests, one binary.

mod slack;
#[cfg(feature = "standin")]
mod standin;
