//! Windows as people meet them, and what holds for all of them.

mod tiling;
mod windows;

use super::{Covers, DailySchedule};
use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use std::collections::BTreeSet;

fn date(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn instant(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

/// Monday to Friday at `time`, in the form that goes with it.
fn schedule(zone: Tz, time: &str) -> DailySchedule {
    let time = time.parse().unwrap();
    DailySchedule {
        zone,
        time,
        weekdays: crate::model::Weekdays::MON_FRI,
        days_off: BTreeSet::new(),
        covers: Covers::at(time),
    }
}
