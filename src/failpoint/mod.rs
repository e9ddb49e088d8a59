//! Where a test may end the process, as `kill -9` does; nothing of it is in a build without the feature `failpoints`.
//!
//! `RECAP_FAILPOINTS="relay.after_claim=7,plan.before_commit=1"` ends it at the 7th hit of the one name or the first of
//! the other, whichever comes first; `RECAP_FAILPOINTS_LOG` names a file that then gets a line.

/// Every place that can fail. `relay.after_request` is after Slack accepted and before our commit.
pub const NAMES: [&str; 11] = [
    "relay.before_claim",
    "relay.after_claim",
    "relay.before_request",
    "relay.after_request",
    "relay.after_commit",
    "plan.before_commit",
    "plan.after_commit",
    "report.after_claim",
    "report.before_rendered",
    "report.after_rendered",
    "reconcile.after_find",
];

/// Passes by the place `name`, one of [`NAMES`].
#[cfg(not(feature = "failpoints"))]
pub const fn hit(_name: &'static str) {}

#[cfg(feature = "failpoints")]
pub use armed::{clock_from_environment, hit};

#[cfg(feature = "failpoints")]
mod armed;
