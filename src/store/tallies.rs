//! Counts over deliveries: for run reports, the dead-man's switch and metrics. Each is one query.

use super::{Store, StoreError};
use chrono::{DateTime, Utc};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tally {
    pub report: String,
    pub state: String,
    pub reason: Option<String>,
    pub count: u64,
}

/// A cohort with deliveries that should be final by now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Overdue {
    pub report: String,
    pub period: String,
    pub due: DateTime<Utc>,
    /// Not final.
    pub open: u64,
    /// Of them `unknown`.
    pub unknown: u64,
    /// The whole cohort.
    pub expected: u64,
    /// The latest `send_at` of it.
    pub last_send_at: DateTime<Utc>,
}

impl Store {
    /// Scheduled deliveries (`daily`, `weekly`) of one period, by report, state and reason.
    pub async fn tally(&self, period: &str) -> Result<Vec<Tally>, StoreError> {
        todo!()
    }

    /// All deliveries that are not final, by report and state (`reason` is `None`).
    pub async fn open_deliveries(&self) -> Result<Vec<Tally>, StoreError> {
        todo!()
    }

    /// Periods of scheduled deliveries from `from` on that have deliveries, oldest first.
    pub async fn periods_since(&self, report: &str, from: &str) -> Result<Vec<String>, StoreError> {
        todo!()
    }

    /// Cohorts (by report, period and due instant) with open scheduled deliveries and `due <= before`.
    pub async fn overdue(&self, before: DateTime<Utc>) -> Result<Vec<Overdue>, StoreError> {
        todo!()
    }
}
