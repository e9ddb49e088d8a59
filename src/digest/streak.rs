//! The streak: days with a session, until a working day without one; found once in history, then extended by each window.
//!
//! Days are local days from midnight to midnight, also in evening windows. The state after a window is the run of its
//! last local day, so that what a weekend brings is kept for the digest that tells of it.

use super::daily::DailyFacts;
use crate::{
    schedule::{Covers, DailyWindow, Day, HISTORY_DAYS, instant_of, start_of_day},
    warehouse::{ActiveDays, MemberActivity},
};
use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;

/// Working days in a row with a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Streak {
    pub days: u32,
    /// The history ended before the streak did: it is at least this long.
    pub at_least: bool,
}

/// Somebody's streak as it stood after a window; kept, it outlives what the warehouse remembers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StreakState {
    /// Days in a row with a session; zero where it broke.
    pub days: u32,
    /// No break was seen, for the history ended first.
    pub at_least: bool,
    /// The last local day that was decided. From its end to `until` there was no session.
    pub through: NaiveDate,
    /// Where the counted window ended.
    pub until: DateTime<Utc>,
}

/// What a window makes of a streak.
#[derive(Debug, Clone, Copy)]
pub(super) struct Counted {
    /// At the window's last working day; none where that had no session.
    pub(super) told: Option<Streak>,
    pub(super) after: StreakState,
}

/// What is known of a local day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Seen {
    Active,
    Idle,
    /// Idle where it was looked at, and a part of it was not: neither adds nor breaks.
    Torn,
}

impl StreakState {
    /// Whether the activity of `window` and its baseline is all that is needed to extend it: it ended where the window
    /// begins, or, where windows between were not counted, where a day of the baseline does.
    pub fn leads_into(&self, window: &DailyWindow) -> bool {
        self.until <= window.reported().start
            && window.all_days().any(|day| day.start == self.until)
            && window.history.first().is_some_and(|first| first.start <= self.until)
    }

    /// Whether the history of `window` shows every day since.
    fn is_within_history(&self, window: &DailyWindow) -> bool {
        self.until <= window.reported().start && window.history.first().is_some_and(|first| first.date <= self.through)
    }
}

impl Counted {
    /// Extends the state where it leads into `window`, else looks back.
    ///
    /// A state that ended earlier is extended over the days of the history after it, and the longer of both counts.
    /// Each is a lower bound, as telemetry comes late or is dropped by retention and never shows a session that was not.
    pub(super) fn of(window: &DailyWindow, facts: DailyFacts<'_>) -> Self {
        if let Some(state) = facts.streak.filter(|state| state.leads_into(window)) {
            return Self::extended(window, state, facts.activity);
        }
        let found = Self::found(window, facts.active_days);
        let stored = facts.streak.filter(|state| state.is_within_history(window));
        stored.map_or(found, |state| found.or_longer(Self::resumed(window, state, facts.active_days)))
    }

    fn found(window: &DailyWindow, active: Option<&ActiveDays>) -> Self {
        let nothing = Run { days: 0, at_least: window.history.len() >= HISTORY_DAYS, through: None };
        nothing.over(window, |day| seen_in(active, day))
    }

    fn resumed(window: &DailyWindow, state: StreakState, active: Option<&ActiveDays>) -> Self {
        Run::from(state).over(window, |day| seen_in(active, day))
    }

    fn extended(window: &DailyWindow, state: StreakState, activity: Option<&MemberActivity>) -> Self {
        let active = active_since(window, state.until, activity);
        let torn = torn_by_a_move(window, state.until);
        Run::from(state).over(window, |day| {
            if active.contains(&day.start_ms()) {
                Seen::Active
            } else if torn == Some(day.date) {
                Seen::Torn
            } else {
                Seen::Idle
            }
        })
    }

    fn or_longer(self, other: Self) -> Self {
        let mut longer = if other.after.days > self.after.days { other } else { self };
        if self.after.days == other.after.days {
            // Who saw a break saw the beginning.
            longer.after.at_least = self.after.at_least && other.after.at_least;
            if let Some(told) = &mut longer.told {
                told.at_least = longer.after.at_least;
            }
        }
        longer
    }
}

fn seen_in(active: Option<&ActiveDays>, day: &Day) -> Seen {
    let is_active = active.is_some_and(|active| active.days.binary_search(&day.start_ms()).is_ok());
    if is_active { Seen::Active } else { Seen::Idle }
}

/// The days so far, walking forward.
#[derive(Debug, Clone, Copy)]
struct Run {
    days: u32,
    at_least: bool,
    through: Option<NaiveDate>,
}

impl From<StreakState> for Run {
    fn from(state: StreakState) -> Self {
        Self { days: state.days, at_least: state.at_least, through: Some(state.through) }
    }
}

impl Run {
    /// Goes on over the local days of the window's history that it has not seen.
    fn over(self, window: &DailyWindow, seen: impl Fn(&Day) -> Seen) -> Counted {
        let working = window.days.iter().rev().find(|day| day.working);
        let last_working = working.or(window.days.last()).map(|day| day.date);
        let (mut run, mut told) = (self, self);
        for day in window.history.iter().filter(|day| self.through.is_none_or(|through| day.date > through)) {
            match seen(day) {
                Seen::Active => run.days = run.days.saturating_add(1),
                Seen::Idle if is_unfinished(window, day) => continue,
                Seen::Idle if day.working => (run.days, run.at_least) = (0, false),
                Seen::Idle | Seen::Torn => {}
            }
            run.through = Some(day.date);
            if last_working.is_some_and(|last| day.date <= last) {
                told = run;
            }
        }
        let until = window.reported().end;
        let through = run.through.or_else(|| window.history.first()?.date.pred_opt());
        Counted {
            told: (told.days > 0).then_some(Streak { days: told.days, at_least: told.at_least }),
            after: StreakState {
                days: run.days,
                at_least: run.at_least,
                through: through.unwrap_or_else(|| until.date_naive()),
                until,
            },
        }
    }
}

/// The day that a window ends within, as in the evening, may still get its session.
fn is_unfinished(window: &DailyWindow, day: &Day) -> bool {
    let ends_within = |last: &Day| {
        let tomorrow = last.date.succ_opt().map(|tomorrow| start_of_day(window.zone, tomorrow));
        window.covers == Covers::Evening || tomorrow.is_some_and(|tomorrow| last.end < tomorrow)
    };
    window.days.last().is_some_and(|last| last.date == day.date && ends_within(last))
}

/// The date that a window from `until` on begins within, where no schedule would have cut it there: its member moved
/// zone. What was before belongs to dates of the zone before.
fn torn_by_a_move(window: &DailyWindow, until: DateTime<Utc>) -> Option<NaiveDate> {
    let day = window.history.iter().rfind(|day| day.start <= until)?;
    let is_cut = match window.covers {
        Covers::Morning => day.start == until,
        // Where clocks leap over the time to midnight, a window ends where the next date begins.
        Covers::Evening => {
            let mut dates = [Some(day.date), day.date.pred_opt()].into_iter().flatten();
            dates.any(|date| instant_of(window.zone, date, window.time.time()) == until)
        }
    };
    (!is_cut).then_some(day.date)
}

/// The starts of the local days with a session at or after `until`, which begins a day of the window or its baseline.
fn active_since(window: &DailyWindow, until: DateTime<Utc>, activity: Option<&MemberActivity>) -> Vec<i64> {
    let rows = activity.map_or(&[][..], |activity| &activity.days);
    let mut starts = Vec::new();
    for row in rows.iter().filter(|row| row.day_ms >= until.timestamp_millis()) {
        let after = window.history.partition_point(|day| day.start_ms() <= row.day_ms);
        let halves = [(row.before_midnight, after.checked_sub(1)), (row.after_midnight, Some(after))];
        let active = halves.into_iter().filter(|(active, _)| *active);
        starts.extend(active.filter_map(|(_, nth)| window.history.get(nth?)).map(Day::start_ms));
    }
    starts
}
