//! The occurrences of a weekly schedule: one in each ISO week, moved on from a day off.

use super::{
    Occurrence,
    daily::{LATEST, supported},
    local::{date_at, has_date, instant_of},
};
use crate::model::LocalTime;
use chrono::{DateTime, Datelike, Days, IsoWeek, NaiveDate, Utc, Weekday};
use chrono_tz::Tz;
use std::{collections::BTreeSet, iter::successors};

/// A team's weekly schedule: wall time and zone, never an offset.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WeeklySchedule {
    pub zone: Tz,
    pub time: LocalTime,
    pub day: Weekday,
    /// Dates on which nothing is sent.
    pub days_off: BTreeSet<NaiveDate>,
}

impl WeeklySchedule {
    /// The occurrence in `week`: on `day`, or where that is a day off on the next date of the week from Monday to Friday
    /// that is none. Where none is left, the week has none, which is `skipped(holiday)`.
    pub fn occurrence_in(&self, week: IsoWeek) -> Option<Occurrence> {
        let day = NaiveDate::from_isoywd_opt(week.year(), week.week(), self.day)?;
        let later = day.iter_days().skip(1).take_while(|date| date.iso_week() == week && is_weekday(*date));
        let date = std::iter::once(day).chain(later).find(|date| self.has(*date))?;
        Some(self.on(date))
    }

    /// Where the occurrence in `week` would be without days off: from then on the week can be told to have none.
    pub fn usual_in(&self, week: IsoWeek) -> Option<Occurrence> {
        NaiveDate::from_isoywd_opt(week.year(), week.week(), self.day).map(|date| self.on(date))
    }

    /// The first occurrence after `after`. Weeks that have none are passed over.
    pub fn next_after(&self, after: DateTime<Utc>) -> Option<Occurrence> {
        // A week back: where clocks leap over midnight, Sunday's 23:30 is Monday's first instant.
        let first = date_at(self.zone, supported(after)).checked_sub_days(Days::new(7))?;
        successors(Some(first), |date| date.checked_add_days(Days::new(7)))
            .take_while(|date| *date <= LATEST)
            .filter_map(|date| self.occurrence_in(date.iso_week()))
            .find(|occurrence| occurrence.at > after)
    }

    fn has(&self, date: NaiveDate) -> bool {
        !self.days_off.contains(&date) && has_date(self.zone, date)
    }

    fn on(&self, date: NaiveDate) -> Occurrence {
        Occurrence { date, at: instant_of(self.zone, date, self.time.time()) }
    }
}

fn is_weekday(date: NaiveDate) -> bool {
    !matches!(date.weekday(), Weekday::Sat | Weekday::Sun)
}
