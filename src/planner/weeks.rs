//! The weeks of a team: in each its summary has one turn. Pure.

use crate::{
    model::LocalTime,
    schedule::{Occurrence, WeeklySchedule, WeeklyWindow, date_at, instant_of},
};
use chrono::{DateTime, Datelike, Days, IsoWeek, NaiveDate, Utc};
use chrono_tz::Tz;
use std::iter::successors;

/// What a week brings a team: its occurrence, or that all its days are off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Turn {
    /// In a week of days off where it would be, which is when that can be told.
    pub occurrence: Occurrence,
    /// Nothing is sent in that week.
    pub holiday: bool,
}

impl Turn {
    pub(super) fn of(schedule: &WeeklySchedule, week: IsoWeek) -> Option<Self> {
        let sent = schedule.occurrence_in(week).map(|occurrence| Self { occurrence, holiday: false });
        sent.or_else(|| Some(Self { occurrence: schedule.usual_in(week)?, holiday: true }))
    }

    /// The ISO week, as `2025-W03`.
    pub(super) fn period(self) -> String {
        self.occurrence.date.format("%G-W%V").to_string()
    }

    /// The turns of later weeks, one after the other.
    pub(super) fn later(self, schedule: &WeeklySchedule) -> impl Iterator<Item = Self> + '_ {
        turns_from(schedule, week_after(self.occurrence.date))
    }
}

/// The turns after `after`, in weeks later than that of `last`.
pub(super) fn turns_after(
    schedule: &WeeklySchedule,
    last: Option<NaiveDate>,
    after: DateTime<Utc>,
) -> impl Iterator<Item = Turn> + '_ {
    // A week back: where clocks leap over midnight, Sunday's 23:30 is Monday's first instant.
    let around = date_at(schedule.zone, after).checked_sub_days(Days::new(7));
    let first = around.max(last.and_then(week_after));
    turns_from(schedule, first).skip_while(move |turn| turn.occurrence.at <= after)
}

/// The turns from the week of `first` on.
pub(super) fn turns_from(schedule: &WeeklySchedule, first: Option<NaiveDate>) -> impl Iterator<Item = Turn> + '_ {
    successors(first, |date| week_after(*date)).map_while(|date| Turn::of(schedule, date.iso_week()))
}

/// The date of an occurrence at `at`: where clocks leap over midnight, the one before.
pub(super) fn date_shown(zone: Tz, time: LocalTime, at: DateTime<Utc>) -> NaiveDate {
    let shown = date_at(zone, at);
    let mut dates = successors(Some(shown), NaiveDate::pred_opt).take(2);
    dates.find(|date| instant_of(zone, *date, time.time()) == at).unwrap_or(shown)
}

fn week_after(date: NaiveDate) -> Option<NaiveDate> {
    date.checked_add_days(Days::new(7))
}

/// What the weekly summary of `period` reports on in `zone`: the week before. Nothing where `period` is no ISO week as
/// `2025-W03`.
pub fn weekly_window(zone: Tz, period: &str) -> Option<WeeklyWindow> {
    // On whatever day of its week a summary is due, its window is the same.
    let monday = NaiveDate::parse_from_str(&format!("{period}-1"), "%G-W%V-%u").ok()?;
    Some(WeeklyWindow::before(zone, monday))
}
