//! Which day of which week an instant falls on, by the calendar of the zone alone (messages.md, definitions).

use chrono::{DateTime, Datelike, Days, NaiveDate, NaiveTime, TimeDelta, Utc};
use chrono_tz::Tz;
use std::ops::RangeInclusive;

const HISTORY_DAYS: u64 = 28;
const ENOUGH_DAYS: u64 = 14;

pub type Dates = RangeInclusive<NaiveDate>;

/// A week that a summary reports on.
#[derive(Debug, Clone, Copy)]
pub struct Week {
    pub zone: Tz,
    pub monday: NaiveDate,
}

impl Week {
    /// The last one that is over at `now`.
    pub fn before(zone: Tz, now: DateTime<Utc>) -> Self {
        let date = now.with_timezone(&zone).date_naive();
        Self { zone, monday: date - Days::new(u64::from(date.weekday().num_days_from_monday()) + 7) }
    }

    fn dates(self, back: u64, count: u64) -> Dates {
        let first = self.monday - Days::new(back);
        first..=first + Days::new(count - 1)
    }

    pub fn reported(self) -> Dates {
        self.dates(0, 7)
    }

    pub fn compared(self) -> Dates {
        self.dates(7, 7)
    }

    /// Both weeks.
    pub fn both(self) -> Dates {
        self.dates(7, 14)
    }

    /// What of the 28 days before the week lies so far back that the team's skills are known.
    pub fn earlier(self) -> Dates {
        self.dates(HISTORY_DAYS, HISTORY_DAYS - ENOUGH_DAYS)
    }

    /// The rest of the 28 days before the week.
    pub fn lately(self) -> Dates {
        self.dates(ENOUGH_DAYS, ENOUGH_DAYS)
    }

    /// The 28 days before the week, and the week.
    pub fn all(self) -> Dates {
        self.dates(HISTORY_DAYS, HISTORY_DAYS + 7)
    }

    pub fn date_of(self, at: DateTime<Utc>) -> NaiveDate {
        at.with_timezone(&self.zone).date_naive()
    }

    pub fn start_of(self, date: NaiveDate) -> DateTime<Utc> {
        date.and_time(NaiveTime::MIN).and_local_timezone(self.zone).earliest().unwrap().to_utc()
    }

    /// Whether the question about skills reads `at`: all days, and the day before.
    pub fn reads_skills_at(self, at: DateTime<Utc>) -> bool {
        let start = self.start_of(*self.all().start()) - TimeDelta::days(1);
        at >= start && self.date_of(at) <= *self.all().end()
    }
}
