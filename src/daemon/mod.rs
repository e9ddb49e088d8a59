//! The long-running process.

mod serve;
mod warehouse;

pub use serve::{Listen, ServeError, ServeOptions, serve};
pub use warehouse::WarehouseSource;
