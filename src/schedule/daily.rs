//! The occurrences of a daily schedule and the windows between them.

use super::{
    Covers, DailySchedule, DailyWindow, Day,
    local::{date_at, dates_back_from, day_after, has_date, instant_of, start_of_day},
};
use chrono::{DateTime, Datelike, NaiveDate, NaiveTime, Utc};
use std::iter::successors;

/// Days in a baseline (messages.md, 7-day average).
pub(super) const BASELINE_DAYS: usize = 7;
/// Local days looked back for a streak (messages.md, Streak).
pub const HISTORY_DAYS: usize = 90;
/// Dates are kept within four-digit years, far from where chrono's arithmetic ends.
pub(super) const EARLIEST: NaiveDate = year_start(1);
pub(super) const LATEST: NaiveDate = year_start(9999);

const fn year_start(year: i32) -> NaiveDate {
    match NaiveDate::from_ymd_opt(year, 1, 1) {
        Some(date) => date,
        None => NaiveDate::MIN,
    }
}

impl DailySchedule {
    /// Whether `date` is in the weekday mask, no day off, and one that the zone had.
    pub fn is_working(&self, date: NaiveDate) -> bool {
        self.weekdays.contains(date.weekday()) && !self.days_off.contains(&date) && has_date(self.zone, date)
    }

    /// The instant of the occurrence on `date`, if that is a working day.
    pub fn occurrence_on(&self, date: NaiveDate) -> Option<DateTime<Utc>> {
        self.is_working(date).then(|| self.clock_on(date))
    }

    /// The date of the latest occurrence at or before `now`.
    pub fn latest_occurrence(&self, now: DateTime<Utc>) -> NaiveDate {
        self.latest_until(now).map_or_else(|| day_after(date_at(self.zone, supported(now))), |latest| latest.date)
    }

    /// The instant of the first occurrence after `after`.
    pub fn next_occurrence(&self, after: DateTime<Utc>) -> Option<DateTime<Utc>> {
        self.next_after(after).map(|next| next.at)
    }

    /// The window of the latest occurrence at or before `now`.
    pub fn latest_window(&self, now: DateTime<Utc>) -> DailyWindow {
        self.window_at(self.latest_occurrence(now))
    }

    /// The window of the occurrence on `occurrence_date`, or of the latest one before it where that is no working day.
    pub fn window_at(&self, occurrence_date: NaiveDate) -> DailyWindow {
        let occurrence = self.working_until(occurrence_date.clamp(EARLIEST, LATEST));
        let previous = occurrence.pred_opt().map_or(occurrence, |date| self.working_until(date));
        match self.covers {
            Covers::Morning => {
                let last = occurrence.pred_opt().unwrap_or(occurrence);
                self.window(Covers::Morning, previous, last)
            }
            Covers::Evening => self.window(Covers::Evening, day_after(previous), occurrence),
        }
    }

    /// Whole local days, from the latest working day on or before `last_day` to the end of `last_day`.
    pub fn window_covering(&self, last_day: NaiveDate) -> DailyWindow {
        let last_day = last_day.clamp(EARLIEST, LATEST);
        self.window(Covers::Morning, self.working_until(last_day), last_day)
    }

    /// What can be told up to yesterday: whole local days back from yesterday to the latest working day. It is what the next
    /// morning digest tells too, if one comes today, and a weekend's days as soon as they are over. An evening ends on its own
    /// day, so there it is the window of the latest occurrence.
    pub fn window_to_yesterday(&self, now: DateTime<Utc>) -> DailyWindow {
        match self.covers {
            Covers::Morning => {
                let today = date_at(self.zone, supported(now));
                self.window_covering(today.pred_opt().unwrap_or(today))
            }
            Covers::Evening => self.latest_window(now),
        }
    }

    /// Whole local days from `first` on, the last of them unfinished: it ends at `now`. Nothing is compared with it; it has a
    /// baseline as every window does, since who is who is read out of the whole span.
    pub fn window_so_far(&self, first: NaiveDate, now: DateTime<Utc>) -> DailyWindow {
        let now = supported(now);
        let today = date_at(self.zone, now);
        let mut window = self.window(Covers::Morning, first.min(today), today);
        if let Some(last) = window.days.last_mut() {
            last.end = now.max(last.start);
        }
        DailyWindow { history: self.history(now), ..window }
    }

    /// The window whose days have the dates `first` to `last`.
    fn window(&self, covers: Covers, first: NaiveDate, last: NaiveDate) -> DailyWindow {
        let mut dates: Vec<_> = dates_back_from(self.zone, last).take_while(|date| *date >= first).collect();
        dates.reverse();
        let mut before: Vec<_> =
            dates_back_from(self.zone, first).filter(|date| *date < first).take(BASELINE_DAYS).collect();
        before.reverse();
        let days: Vec<_> = dates.into_iter().map(|date| self.day(covers, date)).collect();
        let end = days.last().map_or_else(|| start_of_day(self.zone, day_after(last)), |day| day.end);
        DailyWindow {
            zone: self.zone,
            covers,
            time: self.time,
            baseline: before.into_iter().map(|date| self.day(covers, date)).collect(),
            history: self.history(end),
            days,
        }
    }

    /// The last local days before `end`, oldest first, the last one cut off there.
    pub(super) fn history(&self, end: DateTime<Utc>) -> Vec<Day> {
        let mut days: Vec<_> = dates_back_from(self.zone, date_at(self.zone, end))
            .map(|date| self.day(Covers::Morning, date))
            .skip_while(|day| day.start >= end)
            .take(HISTORY_DAYS)
            .collect();
        days.reverse();
        if let Some(last) = days.last_mut() {
            last.end = end;
        }
        days
    }

    /// The day of `date`, from midnight to midnight or, in an evening window, up to the clock time on it.
    pub(super) fn day(&self, covers: Covers, date: NaiveDate) -> Day {
        let (start, end) = match covers {
            Covers::Morning => (start_of_day(self.zone, date), start_of_day(self.zone, day_after(date))),
            Covers::Evening => {
                let before = dates_back_from(self.zone, date).find(|earlier| *earlier < date).unwrap_or(date);
                (self.clock_on(before), self.clock_on(date))
            }
        };
        Day { date, start, end, working: self.is_working(date) }
    }

    /// When the wall clock shows the schedule's time on `date`.
    pub(super) fn clock_on(&self, date: NaiveDate) -> DateTime<Utc> {
        instant_of(self.zone, date, self.time.time())
    }

    /// The latest working day on or before `date`.
    fn working_until(&self, date: NaiveDate) -> NaiveDate {
        // The weekday mask is never empty and days off are finitely many, so one is always found.
        successors(Some(date), NaiveDate::pred_opt).find(|date| self.is_working(*date)).unwrap_or(date)
    }
}

/// `instant` within the years that are supported.
pub(super) fn supported(instant: DateTime<Utc>) -> DateTime<Utc> {
    let [earliest, latest] = [EARLIEST, LATEST].map(|date| date.and_time(NaiveTime::MIN).and_utc());
    instant.clamp(earliest, latest)
}
