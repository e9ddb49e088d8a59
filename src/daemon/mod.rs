//! The long-running process.

mod serve;
mod signals;
mod supervise;
mod ticks;
mod warehouse;

pub use serve::{Listen, ServeError, serve};
pub use signals::Signals;
pub use supervise::Supervisor;
pub use ticks::{Tick, Ticker, Ticks};
