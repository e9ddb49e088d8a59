//! Windows as people meet them, and what holds for all of them.

mod occurrences;
mod resumed;
mod tiling;
mod weekly;
mod windows;
mod zone_moves;

use super::{Covers, DailySchedule};
use chrono::{DateTime, Days, NaiveDate, Utc};
use chrono_tz::{TZ_VARIANTS, Tz};
use proptest::{prelude::*, sample::select};
use std::collections::BTreeSet;

/// Zones with clock changes of every kind, and some without.
const HARD_ZONES: [Tz; 11] = [
    Tz::America__New_York,
    Tz::Europe__London,
    Tz::Asia__Kolkata,
    Tz::Asia__Kathmandu,
    Tz::Australia__Lord_Howe,
    Tz::America__Santiago,
    Tz::America__Nuuk,
    Tz::Africa__Cairo,
    Tz::Pacific__Apia,
    Tz::Pacific__Kiritimati,
    Tz::UTC,
];
const TIMES: [&str; 6] = ["00:00", "00:15", "02:30", "09:00", "18:00", "23:30"];

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

prop_compose! {
    fn any_schedule()(
        zone in select(TZ_VARIANTS.to_vec()),
        time in select(TIMES.to_vec()),
        covers in select(vec![Covers::Morning, Covers::Evening]),
        weekdays in select(vec!["mon-fri", "mon-sun", "sun-thu", "wed", "sat,sun", "mon,wed,fri"]),
        from in 0_u64..25_000,
        off in prop::collection::btree_set(0_u64..400, 0..40),
    ) -> (DailySchedule, NaiveDate) {
        let from = date("1970-01-01") + Days::new(from);
        let days_off = off.into_iter().map(|day| from + Days::new(day)).collect();
        (DailySchedule { covers, days_off, weekdays: weekdays.parse().unwrap(), ..schedule(zone, time) }, from)
    }
}
