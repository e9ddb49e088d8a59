//! The commands.

mod failure;

pub use failure::Failure;
