//! The integration tests, one binary.

mod slack;
