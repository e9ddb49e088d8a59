//! The window that starts where another one ended, as the first after a move to another zone does.

use super::{
    DailySchedule, DailyWindow, Day,
    daily::BASELINE_DAYS,
    local::{date_at, dates_back_from, instant_of},
};
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};

/// How many days more than its own such a window can have; what is older is left out.
const MOST_MORE_DAYS: usize = 7;
/// A window is never empty, however late it starts.
const SHORTEST: TimeDelta = TimeDelta::seconds(1);

impl DailySchedule {
    /// As `window_at`, but its first instant is `start`: earlier days are left out or added and the first one is cut.
    ///
    /// At most 7 days are added. A `start` at the window's end or later leaves its last second, so that it is never
    /// empty. The baseline is the 7 days before the first instant, cut at its clock time as an evening's is: a whole
    /// week, in which every weekday counts once.
    pub fn window_from(&self, occurrence_date: NaiveDate, start: DateTime<Utc>) -> DailyWindow {
        let mut window = self.window_at(occurrence_date);
        let ordinary = window.reported();
        if start == ordinary.start {
            return window;
        }
        let start = start.min(ordinary.end - SHORTEST);
        let last = window.days.last().map_or(occurrence_date, |day| day.date);
        let mut days: Vec<_> = dates_back_from(self.zone, last)
            .map(|date| self.day(self.covers, date))
            .take_while(|day| day.end > start)
            .take(window.days.len() + MOST_MORE_DAYS)
            .collect();
        days.reverse();
        if let Some(first) = days.first_mut() {
            first.start = first.start.max(start);
            window.baseline = self.week_before(first);
            window.days = days;
        }
        window
    }

    /// The 7 days before `first`, dated before it and cut at the clock time at which it starts.
    fn week_before(&self, first: &Day) -> Vec<Day> {
        let start = first.start.with_timezone(&self.zone);
        let starts = dates_back_from(self.zone, date_at(self.zone, first.start))
            .filter(|date| *date < start.date_naive())
            .map(|date| instant_of(self.zone, date, start.time()));
        let dates = dates_back_from(self.zone, first.date).filter(|date| *date < first.date);
        let mut end = first.start;
        let days = dates.zip(starts).take(BASELINE_DAYS).map(|(date, start)| {
            let day = Day { date, start, end, working: self.is_working(date) };
            end = start;
            day
        });
        let mut days: Vec<_> = days.collect();
        days.reverse();
        days
    }
}
