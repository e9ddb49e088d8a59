//! Subscriptions: each recipient's schedule as it follows from consent, preferences, directory and settings, with the
//! cached instant at which it is next due. Wall time and zone are the truth, `next_due` serves the index.

use super::{Store, StoreError};
use crate::model::{Covers, LocalTime, MemberEmail, Weekdays};
use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;

/// Whether something may be planned and sent for a recipient.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Activity {
    On,
    /// Not, for this reason: `opted_out`, `deactivated`, `slack_channel_not_found`, …
    Off(String),
}

/// One recipient's schedule.
#[derive(Debug, Clone, PartialEq)]
pub struct Subscription {
    /// `daily` or `weekly`.
    pub report: String,
    /// A member's id or a team's name.
    pub recipient: String,
    pub email: Option<MemberEmail>,
    /// The team by which order is kept fair; empty for none.
    pub team: String,
    pub activity: Activity,
    /// Nothing is due before.
    pub since: DateTime<Utc>,
    pub zone: Tz,
    pub time: LocalTime,
    pub weekdays: Weekdays,
    pub covers: Covers,
    /// The key of its set of days off (`calendars`); empty for none.
    pub calendar: String,
    /// `None` where `Off`.
    pub next_due: Option<DateTime<Utc>>,
    /// The period (local date) of the latest occurrence that was planned, passed over or missed.
    pub last_period: Option<NaiveDate>,
    /// Its instant.
    pub last_due: Option<DateTime<Utc>>,
    /// Where its window ended.
    pub last_window_end: Option<DateTime<Utc>>,
    /// After a zone move: where the next window starts.
    pub resume_from: Option<DateTime<Utc>>,
    /// How many deliveries in a row Slack refused for good.
    pub refusals: u32,
    /// The first digest was sent.
    pub greeted: bool,
}

/// What recipients due together share; the order of a page of due subscriptions.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct DueKey {
    pub report: String,
    pub next_due: DateTime<Utc>,
    pub zone: Tz,
    pub time: LocalTime,
    pub weekdays: Weekdays,
    pub covers: Covers,
    pub calendar: String,
}

impl Subscription {
    /// What it shares with others that are due with it; `None` where nothing is due.
    pub fn due_key(&self) -> Option<DueKey> {
        Some(DueKey {
            report: self.report.clone(),
            next_due: self.next_due?,
            zone: self.zone,
            time: self.time,
            weekdays: self.weekdays,
            covers: self.covers,
            calendar: self.calendar.clone(),
        })
    }
}

impl Store {
    /// Inserts or replaces, by report and recipient; `refusals` and `greeted` of an existing one are kept.
    pub async fn put_subscriptions(&self, subscriptions: &[Subscription]) -> Result<(), StoreError> {
        todo!()
    }

    pub async fn subscription(&self, report: &str, recipient: &str) -> Result<Option<Subscription>, StoreError> {
        todo!()
    }

    /// Active subscriptions with `next_due <= now`, ordered by due instant, then the rest of [`DueKey`], then
    /// recipient: at most `limit`. One indexed query.
    pub async fn due(&self, now: DateTime<Utc>, limit: u32) -> Result<Vec<Subscription>, StoreError> {
        todo!()
    }

    /// When the next one is due.
    pub async fn next_due(&self) -> Result<Option<DateTime<Utc>>, StoreError> {
        todo!()
    }

    /// Switches a subscription off, visibly: audited.
    pub async fn switch_off(
        &self,
        report: &str,
        recipient: &str,
        reason: &str,
        at: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        todo!()
    }

    /// Keeps a set of days off under `key`.
    pub async fn put_calendar(&self, key: &str, days_off: &[NaiveDate]) -> Result<(), StoreError> {
        todo!()
    }

    /// The days off under `key`; none where there is no such set.
    pub async fn calendar(&self, key: &str) -> Result<Vec<NaiveDate>, StoreError> {
        todo!()
    }
}
