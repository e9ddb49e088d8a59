//! The long-running process.

mod serve;
mod signals;
mod warehouse;

pub use serve::{Listen, ServeError, serve};
pub use signals::Signals;
