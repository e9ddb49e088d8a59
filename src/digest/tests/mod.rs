//! Digests from usage: each edge of messages.md as a case.

mod averages;
mod days;
mod extending;
mod numbers;
mod streaks;
mod usage;

use crate::{
    model::Weekdays,
    schedule::{Covers, DailySchedule, DailyWindow},
};
use chrono::NaiveDate;
use chrono_tz::Tz;
use std::collections::BTreeSet;
use usage::{EVERYTHING, Request, Usage, usage};

fn date(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// Monday to Friday at `time`, in the form that goes with it.
fn schedule(zone: Tz, time: &str) -> DailySchedule {
    let time = time.parse().unwrap();
    DailySchedule { zone, time, weekdays: Weekdays::MON_FRI, days_off: BTreeSet::new(), covers: Covers::at(time) }
}

/// The window in Berlin of the digest on `occurrence`.
fn berlin(time: &str, occurrence: &str) -> DailyWindow {
    schedule(Tz::Europe__Berlin, time).window_at(date(occurrence))
}

impl Usage {
    /// `count` sessions at noon of each of `days`, each costing `cost_nanos`.
    fn daily(mut self, days: &[&str], count: u64, cost_nanos: i64) -> Self {
        for day in days {
            for number in 0..count {
                let request = Request { cost_nanos, ..Request::default() };
                self = self.request(&format!("{day} {number}"), &format!("{day}T12:00"), request);
            }
        }
        self
    }
}
