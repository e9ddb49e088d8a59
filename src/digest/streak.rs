//! The streak: days with a session, walking back until a working day without one.

use crate::{
    schedule::{Covers, DailyWindow, Day, HISTORY_DAYS},
    warehouse::ActiveDays,
};
use serde::Serialize;

/// Working days in a row with a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Streak {
    pub days: u32,
    /// The history ended before the streak did: it is at least this long.
    pub at_least: bool,
}

impl Streak {
    /// The streak that ends with the last working day of `window`; none where that day had no session.
    pub fn of(window: &DailyWindow, active: &ActiveDays) -> Option<Self> {
        let last_working = window.days.iter().rev().find(|day| day.working).or(window.days.last())?.date;
        let days = window.history.iter().rev().skip_while(|day| day.date > last_working);
        let mut streak = Self { days: 0, at_least: window.history.len() >= HISTORY_DAYS };
        for day in days {
            if active.days.binary_search(&day.start_ms()).is_ok() {
                streak.days += 1;
            } else if day.working && !is_unfinished(window, day) {
                streak.at_least = false;
                break;
            }
        }
        (streak.days > 0).then_some(streak)
    }
}

/// The day that an evening window ends in may still get its session.
fn is_unfinished(window: &DailyWindow, day: &Day) -> bool {
    window.covers == Covers::Evening && window.days.last().is_some_and(|last| last.date == day.date)
}
