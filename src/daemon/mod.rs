//! The long-running process.

mod alerts;
mod directory;
mod from_slack;
mod heartbeat;
mod lists;
mod open;
mod opening;
mod owners;
mod readiness;
mod replicas;
mod reporting;
mod revisions;
mod serve;
mod signals;
mod summaries;
mod supervise;
mod ticks;
mod warehouse;
mod work;

pub use alerts::{Alerts, Looked, alerts_loop};
pub use heartbeat::Heartbeat;
pub use lists::TeamLists;
pub use owners::Owners;
pub use readiness::{SchedulerCheck, SlackStanding, StoreCheck};
pub use replicas::Replica;
pub use reporting::{Reporting, ReportingError};
pub use serve::{Listen, ServeError, serve};
pub use signals::Signals;
pub use supervise::Supervisor;
pub use ticks::{Tick, Ticker, Ticks};
