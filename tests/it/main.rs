//! The integration tests, one binary.

#[cfg(feature = "standin")]
mod standin;
