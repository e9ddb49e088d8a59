//! The window of a weekly summary, and spans cut into days for questions about many people at once.

use super::{
    Day,
    daily::{EARLIEST, LATEST},
    local::{date_at, dates_back_from, day_after, start_of_day},
    window::span_of,
};
use chrono::{DateTime, Datelike, Days, IsoWeek, NaiveDate, Utc, Weekday};
use chrono_tz::Tz;
use std::ops::Range;

/// A skill is new that was not used for so many days before the week (messages.md, New skill).
pub const SKILL_HISTORY_DAYS: u64 = 28;

/// Only a team that is known for so many days has skills that are new to it (messages.md, New skill).
const SHORTEST_HISTORY_DAYS: u64 = 14;

/// A span of time and where its pieces begin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cut {
    pub span: Range<DateTime<Utc>>,
    /// In milliseconds since the epoch, strictly increasing, the first at the span's start.
    pub starts_ms: Vec<i64>,
}

/// What a weekly summary reports on: an ISO week in the team's zone, and what it is compared with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WeeklyWindow {
    pub zone: Tz,
    pub week: IsoWeek,
    /// Monday to Sunday; without a date that the zone skipped.
    pub days: Vec<Day>,
    /// The week before.
    pub before: Vec<Day>,
    /// The local day 28 days before the week.
    pub history_start: DateTime<Utc>,
    /// The local day 14 days before the week: whoever was there earlier has history enough.
    pub history_enough: DateTime<Utc>,
}

impl WeeklyWindow {
    /// The window of `week`, the one that is reported on.
    pub fn of(zone: Tz, week: IsoWeek) -> Self {
        let monday = NaiveDate::from_isoywd_opt(week.year(), week.week(), Weekday::Mon);
        let monday = monday.unwrap_or(EARLIEST).clamp(EARLIEST + Days::new(42), LATEST);
        Self {
            zone,
            week: monday.iso_week(),
            days: days(zone, monday, 7),
            before: days(zone, monday - Days::new(7), 7),
            history_start: start_of_day(zone, monday - Days::new(SKILL_HISTORY_DAYS)),
            history_enough: start_of_day(zone, monday - Days::new(SHORTEST_HISTORY_DAYS)),
        }
    }

    /// The window of an occurrence on `date`: the ISO week before that of `date`.
    pub fn before(zone: Tz, date: NaiveDate) -> Self {
        Self::of(zone, (date.max(EARLIEST + Days::new(49)) - Days::new(7)).iso_week())
    }

    /// The window of the last week that is over at `now`.
    pub fn latest(zone: Tz, now: DateTime<Utc>) -> Self {
        Self::before(zone, date_at(zone, now))
    }

    /// `[A, B)`.
    pub fn reported(&self) -> Range<DateTime<Utc>> {
        span_of(self.days.iter())
    }

    /// The week before, up to A.
    pub fn compared(&self) -> Range<DateTime<Utc>> {
        span_of(self.before.iter())
    }

    /// Both weeks by day.
    pub fn activity(&self) -> Cut {
        Cut::of_days(self.before.iter().chain(&self.days))
    }

    /// The 28 days before in two pieces of 14, then the week by day.
    pub fn skills(&self) -> Cut {
        Cut::of_days(self.days.iter()).from(self.history_enough).from(self.history_start)
    }

    /// What [`activity`](Self::activity) and [`skills`](Self::skills) are cut into, together.
    pub fn membership(&self) -> Cut {
        self.activity().from(self.history_enough).from(self.history_start)
    }
}

impl Cut {
    /// Days that follow each other, oldest first.
    pub fn of_days<'a>(days: impl DoubleEndedIterator<Item = &'a Day> + Clone) -> Self {
        Self { starts_ms: days.clone().map(Day::start_ms).collect(), span: span_of(days) }
    }

    /// The same, with what is between `start` and its first piece as one more.
    #[must_use]
    pub fn from(mut self, start: DateTime<Utc>) -> Self {
        if start < self.span.start {
            self.starts_ms.insert(0, start.timestamp_millis());
            self.span.start = start;
        }
        self
    }
}

/// The local days up to `last`, oldest first: as many as `count` dates by the calendar, without those that the zone skipped.
pub fn days_until(zone: Tz, last: NaiveDate, count: u64) -> Vec<Day> {
    let last = last.clamp(EARLIEST + Days::new(count), LATEST);
    days(zone, last - Days::new(count.saturating_sub(1)), count)
}

fn days(zone: Tz, first: NaiveDate, count: u64) -> Vec<Day> {
    let last = first + Days::new(count.saturating_sub(1));
    let mut dates: Vec<_> = dates_back_from(zone, last).take_while(|date| *date >= first).collect();
    dates.reverse();
    let day = |date: NaiveDate| Day {
        date,
        start: start_of_day(zone, date),
        end: start_of_day(zone, day_after(date)),
        working: date.weekday().number_from_monday() <= 5,
    };
    dates.into_iter().map(day).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn week(date: &str) -> IsoWeek {
        date.parse::<NaiveDate>().unwrap().iso_week()
    }

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    #[test]
    fn a_week_goes_from_monday_to_sunday_in_the_teams_zone() {
        let window = WeeklyWindow::before(Tz::Europe__Berlin, "2025-01-20".parse().unwrap());
        assert_eq!(window.week, week("2025-01-13"));
        assert_eq!(window.reported(), at("2025-01-12T23:00:00Z")..at("2025-01-19T23:00:00Z"));
        assert_eq!(window.compared(), at("2025-01-05T23:00:00Z")..at("2025-01-12T23:00:00Z"));
        assert_eq!(window.history_start, at("2024-12-15T23:00:00Z"));
        assert_eq!(window.activity().starts_ms.len(), 14);
        assert_eq!(window.history_enough, at("2024-12-29T23:00:00Z"));
        assert_eq!(window.skills().starts_ms.len(), 9);
        assert_eq!(window.membership().starts_ms.len(), 16);
        assert_eq!(window.membership().span, window.history_start..window.reported().end);
        let late_in_the_week = WeeklyWindow::before(Tz::Europe__Berlin, "2025-01-24".parse().unwrap());
        assert_eq!(late_in_the_week, window);
    }

    #[test]
    fn every_piece_of_activity_and_skills_begins_with_one_of_membership() {
        for (zone, date) in [(Tz::Europe__Berlin, "2025-04-07"), (Tz::Pacific__Apia, "2012-01-06")] {
            let window = WeeklyWindow::of(zone, week(date));
            let [activity, skills, membership] = [window.activity(), window.skills(), window.membership()];
            assert!(skills.starts_ms.is_sorted_by(|one, next| one < next), "{zone}");
            assert_eq!(
                skills.starts_ms[..2],
                [window.history_start, window.history_enough].map(|start| start.timestamp_millis())
            );
            let begins = |start: &i64| membership.starts_ms.contains(start);
            assert!(activity.starts_ms.iter().all(begins), "{zone}");
            assert!(skills.starts_ms.iter().all(begins), "{zone}");
        }
    }

    #[test]
    fn a_week_with_a_clock_change_has_an_hour_more_or_less() {
        let spring = WeeklyWindow::of(Tz::Europe__Berlin, week("2025-03-30")).reported();
        assert_eq!((spring.end - spring.start).num_hours(), 167);
        let autumn = WeeklyWindow::of(Tz::Europe__Berlin, week("2025-10-26")).reported();
        assert_eq!((autumn.end - autumn.start).num_hours(), 169);
        let kathmandu = WeeklyWindow::of(Tz::Asia__Kathmandu, week("2025-10-26")).reported();
        assert_eq!(kathmandu, at("2025-10-19T18:15:00Z")..at("2025-10-26T18:15:00Z"));
    }

    #[test]
    fn a_date_that_a_zone_skipped_is_no_day_of_its_week() {
        let window = WeeklyWindow::of(Tz::Pacific__Apia, week("2011-12-30"));
        assert_eq!(window.days.len(), 6);
        assert_eq!(window.activity().starts_ms.len(), 13);
        assert!(window.activity().starts_ms.is_sorted_by(|one, next| one < next));
    }

    #[test]
    fn days_end_with_the_one_asked_for() {
        let days = days_until(Tz::UTC, "2025-01-15".parse().unwrap(), 29);
        assert_eq!(days.len(), 29);
        assert_eq!(days.last().map(|day| day.end), Some(at("2025-01-16T00:00:00Z")));
    }
}
