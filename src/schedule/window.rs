//! The window of a daily digest and the days it is cut into.

use crate::model::{LocalTime, Weekdays};
use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use std::collections::BTreeSet;

/// Which form of window a digest covers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Covers {
    /// Whole local days: from the start of the previous occurrence's day to the start of this one's.
    Morning,
    /// From the previous occurrence to this one, "up to 18:00".
    Evening,
}

/// A member's daily schedule: wall time and zone, never an offset.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DailySchedule {
    pub zone: Tz,
    pub time: LocalTime,
    pub weekdays: Weekdays,
    /// Dates that are no working days.
    pub days_off: BTreeSet<NaiveDate>,
    pub covers: Covers,
}

/// One day as a window cuts time: half-open `[start, end)`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Day {
    /// The local date; of an evening window's day, the date it ends in.
    pub date: NaiveDate,
    pub start: DateTime<Utc>,
    pub end: DateTime<Utc>,
    /// In the weekday mask and not a day off.
    pub working: bool,
}

/// What a daily digest reports on: half-open `[start, end)`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DailyWindow {
    pub zone: Tz,
    pub covers: Covers,
    pub time: LocalTime,
    /// The days of the window, oldest first, never empty.
    pub days: Vec<Day>,
    /// The 7 days before the window, oldest first.
    pub baseline: Vec<Day>,
    /// Local days (always cut at midnight) for the streak: up to 90, oldest first, the last one ending at or
    /// cut off at the window's end.
    pub history: Vec<Day>,
}
