//! Which day of a window an instant falls on, by the calendar of the zone alone (messages.md, definitions).

use chrono::{DateTime, Datelike, Days, NaiveDate, NaiveTime, Utc, Weekday};
use chrono_tz::Tz;
use std::ops::RangeInclusive;

/// The clock time of an evening digest.
pub const EVENING: NaiveTime = NaiveTime::from_hms_opt(18, 0, 0).unwrap();
const BASELINE_DAYS: u64 = 7;
const HISTORY_DAYS: u64 = 90;

/// The window of the occurrence on `occurrence`, a working day of a week from Monday to Friday.
#[derive(Debug, Clone, Copy)]
pub struct Calendar {
    pub zone: Tz,
    pub occurrence: NaiveDate,
    pub evening: bool,
}

pub fn is_working(date: NaiveDate) -> bool {
    !matches!(date.weekday(), Weekday::Sat | Weekday::Sun)
}

pub fn before(date: NaiveDate, days: u64) -> NaiveDate {
    date - Days::new(days)
}

pub fn dates(range: &RangeInclusive<NaiveDate>) -> impl DoubleEndedIterator<Item = NaiveDate> + use<> {
    let length = u64::try_from((*range.end() - *range.start()).num_days() + 1).unwrap();
    let first = *range.start();
    (0..length).map(move |day| first + Days::new(day))
}

impl Calendar {
    /// The dates of the window's days.
    pub fn window(self) -> RangeInclusive<NaiveDate> {
        let previous = (1..7).map(|days| before(self.occurrence, days)).find(|date| is_working(*date)).unwrap();
        if self.evening { previous + Days::new(1)..=self.occurrence } else { previous..=before(self.occurrence, 1) }
    }

    pub fn baseline(self) -> RangeInclusive<NaiveDate> {
        let first = *self.window().start();
        before(first, BASELINE_DAYS)..=before(first, 1)
    }

    /// The local dates of the streak's history.
    pub fn history(self) -> RangeInclusive<NaiveDate> {
        let last = *self.window().end();
        before(last, HISTORY_DAYS - 1)..=last
    }

    /// The day that `at` counts on: its local date, after the clock time of an evening the next one.
    pub fn day_of(self, at: DateTime<Utc>) -> NaiveDate {
        let local = at.with_timezone(&self.zone).naive_local();
        let late = self.evening && local.time() >= EVENING;
        local.date() + Days::new(u64::from(late))
    }

    /// The local date of `at`, where it lies before the window's end.
    pub fn date_of(self, at: DateTime<Utc>) -> Option<NaiveDate> {
        (self.day_of(at) <= *self.window().end()).then(|| at.with_timezone(&self.zone).date_naive())
    }

    /// Whether `at` is in the baseline or in the window.
    pub fn spans(self, at: DateTime<Utc>) -> bool {
        (*self.baseline().start()..=*self.window().end()).contains(&self.day_of(at))
    }

    /// Whether `at` is in the window or on the day before it, which is what the question about skills reads.
    pub fn spans_skills(self, at: DateTime<Utc>) -> bool {
        (before(*self.window().start(), 1)..=*self.window().end()).contains(&self.day_of(at))
    }

    /// Whether `at` is in the streak's history.
    pub fn remembers(self, at: DateTime<Utc>) -> bool {
        self.date_of(at).is_some_and(|date| self.history().contains(&date))
    }
}
