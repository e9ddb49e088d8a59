//! The long-running process.

mod heartbeat;
mod readiness;
mod replicas;
mod serve;
mod signals;
mod supervise;
mod ticks;
mod warehouse;

pub use heartbeat::Heartbeat;
pub use readiness::{SchedulerCheck, SlackStanding, StoreCheck};
pub use replicas::Replica;
pub use serve::{Listen, ServeError, serve};
pub use signals::Signals;
pub use supervise::Supervisor;
pub use ticks::{Tick, Ticker, Ticks};
