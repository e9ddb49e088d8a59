//! A member who moved to another zone: what comes next, and what is passed over.

use super::{DailySchedule, Occurrence};
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};

/// The least time between the last delivery and the next after a move (scheduling-and-delivery.md, section 2).
const LEAST_APART: TimeDelta = TimeDelta::hours(12);

/// What a move does to a schedule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ZoneMove {
    /// The first occurrence in the new zone that may be sent.
    pub next: Option<Occurrence>,
    /// The ones before it that are `skipped(zone_moved)`, oldest first: after the last due instant, of later periods.
    pub skipped: Vec<Occurrence>,
}

impl ZoneMove {
    /// What becomes due under `schedule`, which has the new zone, where the last occurrence had the period
    /// `last_period` and was due at `last_due`. No period comes twice, and what comes next is at least 12 h after
    /// `last_due`, and after `now`.
    pub fn of(schedule: &DailySchedule, last_period: NaiveDate, last_due: DateTime<Utc>, now: DateTime<Utc>) -> Self {
        let earliest = last_due.checked_add_signed(LEAST_APART).unwrap_or(DateTime::<Utc>::MAX_UTC);
        let mut skipped = Vec::new();
        let later = schedule.occurrences_between(last_due, DateTime::<Utc>::MAX_UTC);
        for occurrence in later.filter(|occurrence| occurrence.date > last_period) {
            if occurrence.at >= earliest && occurrence.at > now {
                return Self { next: Some(occurrence), skipped };
            }
            skipped.push(occurrence);
        }
        Self { next: None, skipped }
    }
}
