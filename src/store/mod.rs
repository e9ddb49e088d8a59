//! State: members, consents, preferences, deliveries, audit. SQLite by default, PostgreSQL for several replicas.
//!
//! One portable set of statements serves both; every row carries the workspace it belongs to. Instants are UTC epoch
//! microseconds, ids and enums are text.

mod audit;
mod cells;
mod channels;
mod connection;
mod consents;
mod deliveries;
mod error;
mod fault;
mod incidents;
mod keys;
mod ledger;
mod members;
mod names;
mod news;
mod open;
mod outbox;
mod preferences;
mod previews;
mod replicas;
mod report_configs;
mod retention;
mod revisions;
mod roster;
mod schema;
mod seen;
mod streaks;
mod subscriptions;
mod tallies;
mod teams;
#[cfg(test)]
mod tests;
mod withdrawn;
mod work;

pub use audit::AuditEntry;
pub use channels::ChannelRecord;
pub use connection::{DaemonLock, Database, Store, StoreOptions};
pub use consents::{Consent, ConsentKind, Consents};
pub use deliveries::{Advance, AttemptRecord, DeliveryRecord, NewDelivery, Planned, Priority};
pub use error::StoreError;
pub use incidents::Incident;
pub use keys::{HALTED, STOPPED};
pub use ledger::Ledger;
pub use members::{MemberRecord, MemberStatus};
pub use news::Ended;
pub use outbox::{
    Begin, ByHand, Claimed, ClaimedCohort, CohortKey, PlannedDelivery, Posting, Rendered, Settlement, StreakState,
    Suspect, Target,
};
pub use preferences::{Preferences, PreferencesChange};
pub use previews::Requested;
pub use report_configs::ReportConfig;
pub use revisions::{Changed, Revision};
pub use roster::RosterEntry;
pub use subscriptions::{Activity, DueKey, Subscription};
pub use tallies::{Overdue, Tally};
pub use teams::TeamSync;
