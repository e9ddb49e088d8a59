//! Moves between zones: nothing twice, nothing too soon, nothing passed over in silence.

use super::{any_schedule, date, instant, schedule};
use crate::schedule::{DailySchedule, Occurrence, ZoneMove};
use chrono::{NaiveDate, TimeDelta};
use chrono_tz::{TZ_VARIANTS, Tz};
use proptest::{prelude::*, sample::select};

const LEAST_APART: TimeDelta = TimeDelta::hours(12);

/// The dates passed over and the next, in the new zone's time.
fn moved(new: &DailySchedule, last: Occurrence, now: &str) -> (Vec<NaiveDate>, String) {
    let ZoneMove { next, skipped } = ZoneMove::of(new, last.date, last.at, instant(now));
    let next = next.unwrap().at.with_timezone(&new.zone).format("%a %Y-%m-%d %H:%M").to_string();
    (skipped.into_iter().map(|occurrence| occurrence.date).collect(), next)
}

#[test]
fn a_move_repeats_no_date_and_keeps_half_a_day() {
    let to = |zone| schedule(zone, "09:00");
    let last = |zone, day: &str| Occurrence { date: date(day), at: to(zone).occurrence_on(date(day)).unwrap() };
    let new_york = last(Tz::America__New_York, "2026-03-10");
    // East: Wednesday's 09:00 in Berlin is 19 h after Tuesday's in New York.
    let (skipped, next) = moved(&to(Tz::Europe__Berlin), new_york, "2026-03-10T20:00:00Z");
    assert_eq!((skipped, next.as_str()), (vec![], "Wed 2026-03-11 09:00"));
    // Further east: Wednesday's 09:00 in Tokyo is 11 h after it.
    let (skipped, next) = moved(&to(Tz::Asia__Tokyo), new_york, "2026-03-10T20:00:00Z");
    assert_eq!((skipped, next.as_str()), (vec![date("2026-03-11")], "Thu 2026-03-12 09:00"));
    // The move came to be known after Wednesday's 09:00 in Berlin.
    let (skipped, next) = moved(&to(Tz::Europe__Berlin), new_york, "2026-03-11T08:30:00Z");
    assert_eq!((skipped, next.as_str()), (vec![date("2026-03-11")], "Thu 2026-03-12 09:00"));
    // West over the date line: Tuesday's 09:00 comes once more, and is not due again.
    let auckland = last(Tz::Pacific__Auckland, "2026-03-10");
    let (skipped, next) = moved(&to(Tz::Pacific__Honolulu), auckland, "2026-03-09T21:00:00Z");
    assert_eq!((skipped, next.as_str()), (vec![], "Wed 2026-03-11 09:00"));
    // Over a weekend.
    let friday = last(Tz::Asia__Tokyo, "2026-03-13");
    let (skipped, next) = moved(&to(Tz::America__Los_Angeles), friday, "2026-03-14T00:00:00Z");
    assert_eq!((skipped, next.as_str()), (vec![], "Mon 2026-03-16 09:00"));
}

#[test]
fn twelve_hours_are_enough_and_a_minute_less_is_not() {
    let new = DailySchedule { weekdays: crate::model::Weekdays::EVERY_DAY, ..schedule(Tz::UTC, "09:00") };
    for (last_due, next) in [("2026-03-10T21:00:00Z", "2026-03-11"), ("2026-03-10T21:01:00Z", "2026-03-12")] {
        let found = ZoneMove::of(&new, date("2026-03-10"), instant(last_due), instant(last_due));
        assert_eq!(found.next.unwrap().date, date(next), "{last_due}");
    }
}

proptest! {
    #[test]
    fn a_move_never_repeats_a_period_and_never_comes_too_soon(
        (old, from) in any_schedule(),
        zone in select(TZ_VARIANTS.to_vec()),
        hours in 0_i64..24 * 10,
    ) {
        let new = DailySchedule { zone, ..old.clone() };
        let start = from.and_time(chrono::NaiveTime::MIN).and_utc();
        let last = old.next_after(start).unwrap();
        let now = last.at + TimeDelta::hours(hours);
        let ZoneMove { next, skipped } = ZoneMove::of(&new, last.date, last.at, now);
        let next = next.unwrap();
        prop_assert!(next.date > last.date && next.at >= last.at + LEAST_APART && next.at > now);
        prop_assert_eq!(new.occurrence_on(next.date), Some(next.at));
        let mut told: Vec<_> = skipped.clone();
        told.push(next);
        prop_assert!(told.windows(2).all(|pair| pair[0].date < pair[1].date && pair[0].at < pair[1].at));
        // What is not told of is a period that was, or was before.
        let between = new.occurrences_between(last.at, next.at).filter(|found| found.date > last.date);
        prop_assert_eq!(between.collect::<Vec<_>>(), told);
        // Nothing that was passed over could have been sent.
        let could = |passed: &Occurrence| passed.at > now && passed.at >= last.at + LEAST_APART;
        prop_assert!(!skipped.iter().any(could));
    }
}
