//! Deliveries: the unique row of each intended message, planned together with the advance of its subscription.

use super::{DueKey, Store, StoreError};
use crate::model::{Covers, DeliveryId, LocalTime, MemberEmail, Weekdays};
use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;

/// Which deliveries go first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Priority {
    /// A person waits for it, or it says that something is wrong.
    Notice = 0,
    Scheduled = 1,
}

/// The outcome with which a delivery is planned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Planned {
    /// To be computed and sent.
    Due,
    /// Computed already: the snapshot, as JSON `{"text", "blocks"}`.
    Rendered(String),
    Skipped(String),
    Missed(String),
}

/// A delivery to be written; `(report, recipient, period)` is unique, and one that is there already stays as it is.
#[derive(Debug, Clone, PartialEq)]
pub struct NewDelivery {
    pub id: DeliveryId,
    /// `daily`, `weekly`, `notice.<kind>`, `now` (outside of any schedule).
    pub report: String,
    /// A member's id, a team's name, or (of notices) a member's or channel's id.
    pub recipient: String,
    /// A local date, an ISO week, or what makes a notice one of its kind.
    pub period: String,
    pub email: Option<MemberEmail>,
    pub priority: Priority,
    /// Its place in the order within a cohort: round robin over teams.
    pub turn: i64,
    pub outcome: Planned,
    /// The occurrence.
    pub due: DateTime<Utc>,
    /// From when on it may be sent: the occurrence and its jitter.
    pub send_at: DateTime<Utc>,
    /// From when on it is `missed`.
    pub expires: DateTime<Utc>,
    /// Of a scheduled one: the schedule that its window follows from.
    pub zone: Tz,
    pub time: LocalTime,
    pub weekdays: Weekdays,
    pub covers: Covers,
    pub calendar: String,
    /// After a zone move: where its window starts.
    pub resume_from: Option<DateTime<Utc>>,
}

/// How the subscriptions of one cohort go on; applies to those of `key` from recipient `first` to `last`.
#[derive(Debug, Clone, PartialEq)]
pub struct Advance {
    pub key: DueKey,
    pub first: String,
    pub last: String,
    pub next_due: Option<DateTime<Utc>>,
    pub last_period: NaiveDate,
    pub last_due: DateTime<Utc>,
    pub last_window_end: DateTime<Utc>,
}

/// A delivery as the ledger tells it.
#[derive(Debug, Clone, PartialEq)]
pub struct DeliveryRecord {
    pub id: DeliveryId,
    pub report: String,
    pub recipient: String,
    pub period: String,
    /// `planned`, `rendered`, `sending`, `retry`, `unknown`, `sent`, `failed`, `skipped`, `missed`.
    pub state: String,
    /// Why, where the state says not all: a reason or one of Slack's codes.
    pub reason: Option<String>,
    pub email: Option<MemberEmail>,
    pub zone: Tz,
    pub due: DateTime<Utc>,
    pub send_at: DateTime<Utc>,
    pub expires: DateTime<Utc>,
    pub attempt: u32,
    pub channel: Option<String>,
    pub ts: Option<String>,
    pub degraded: bool,
    /// How often an unknown outcome was looked for in vain.
    pub checks: u32,
    pub updated: DateTime<Utc>,
    pub final_at: Option<DateTime<Utc>>,
    /// The snapshot, as long as it is kept.
    pub message: Option<String>,
}

/// One attempt of a delivery.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AttemptRecord {
    pub attempt: u32,
    pub started: DateTime<Utc>,
    pub ended: Option<DateTime<Utc>>,
    /// `sent`, `retry`, `unknown`, `failed`; none while it is under way.
    pub outcome: Option<String>,
    pub code: Option<String>,
}

impl Store {
    /// Writes deliveries and advances their subscriptions (setting `resume_from` to null), in one transaction; safe to
    /// repeat and to run twice at once. An advance changes only subscriptions that still stand at `key`. Answers how
    /// many deliveries were new.
    pub async fn plan(
        &self,
        deliveries: &[NewDelivery],
        advances: &[Advance],
        now: DateTime<Utc>,
    ) -> Result<u64, StoreError> {
        todo!()
    }

    pub async fn delivery(&self, id: &DeliveryId) -> Result<Option<DeliveryRecord>, StoreError> {
        todo!()
    }

    /// A recipient's deliveries of one report, latest period first; of one `period` where it is given.
    pub async fn deliveries_of(
        &self,
        report: &str,
        recipient: &str,
        period: Option<&str>,
        limit: u32,
    ) -> Result<Vec<DeliveryRecord>, StoreError> {
        todo!()
    }

    pub async fn attempts(&self, id: &DeliveryId) -> Result<Vec<AttemptRecord>, StoreError> {
        todo!()
    }
}
