//! The window of a daily digest and the days it is cut into.

use crate::model::{Covers, LocalTime, Weekdays};
use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use std::{collections::BTreeSet, ops::Range};

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

impl Day {
    /// The start in milliseconds since the epoch, as the warehouse names a day.
    pub fn start_ms(&self) -> i64 {
        self.start.timestamp_millis()
    }
}

impl DailyWindow {
    /// The days of the baseline, then those of the window.
    pub fn all_days(&self) -> impl DoubleEndedIterator<Item = &Day> {
        self.baseline.iter().chain(&self.days)
    }

    /// Starts of the baseline's and the window's days in milliseconds since the epoch, strictly increasing.
    pub fn bounds_ms(&self) -> Vec<i64> {
        self.all_days().map(Day::start_ms).collect()
    }

    /// The span's start and the local midnights after it, in milliseconds since the epoch, strictly increasing: what
    /// tells the two dates of a day apart that does not begin at midnight.
    pub fn midnights_ms(&self) -> Vec<i64> {
        let Range { start, .. } = self.span();
        let midnights = self.history.iter().map(Day::start_ms);
        std::iter::once(start.timestamp_millis())
            .chain(midnights.filter(|midnight| *midnight > start.timestamp_millis()))
            .collect()
    }

    /// Starts of the history's days in milliseconds since the epoch, strictly increasing.
    pub fn history_bounds_ms(&self) -> Vec<i64> {
        self.history.iter().map(Day::start_ms).collect()
    }

    /// What is reported on: `[A, B)`.
    pub fn reported(&self) -> Range<DateTime<Utc>> {
        span_of(self.days.iter())
    }

    /// From the baseline's start to the window's end.
    pub fn span(&self) -> Range<DateTime<Utc>> {
        span_of(self.all_days())
    }

    /// From the history's start to the window's end.
    pub fn history_span(&self) -> Range<DateTime<Utc>> {
        span_of(self.history.iter())
    }
}

/// From the first day's start to the last day's end; nothing where there are no days.
pub(super) fn span_of<'a>(mut days: impl DoubleEndedIterator<Item = &'a Day>) -> Range<DateTime<Utc>> {
    match (days.next(), days.next_back()) {
        (Some(first), last) => first.start..last.unwrap_or(first).end,
        (None, _) => DateTime::UNIX_EPOCH..DateTime::UNIX_EPOCH,
    }
}
