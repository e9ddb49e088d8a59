//! What Recap counts and measures, for Prometheus.
//!
//! The catalogue names every metric; a function records each. One registry serves the process, however many daemons
//! a test runs in it. No label ever holds an address, a name or an id.

mod catalogue;
mod label;
mod record;
mod registry;

pub use catalogue::{CATALOGUE, Kind, Metric};
pub use record::{
    CallOutcome, RequestKind, RequestOutcome, answer_time, budget, call, due, failed, heartbeat, lateness, loop_failed,
    missed, outbox, paused_until, planned, query_time, reconciled, request, retried, scheduler_restarted, sent,
    skipped, socket, store_error, ticked, unknown,
};
pub use registry::{install, render, upkeep};
