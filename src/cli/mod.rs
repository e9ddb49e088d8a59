//! The commands.

pub mod clickhouse;
mod failure;
pub mod healthcheck;

pub use failure::Failure;
