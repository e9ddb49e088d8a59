//! Occurrences: one on each working local date, found by two implementations that do not know each other.

use super::{HARD_ZONES, any_schedule, date, instant, schedule};
use crate::{
    model::Weekdays,
    schedule::{DailySchedule, Occurrence, local::has_date},
};
use chrono::{DateTime, Datelike, Days, NaiveDate, TimeDelta, Utc};
use chrono_tz::{TZ_VARIANTS, Tz};
use proptest::{prelude::*, sample::select};

const TIMES: [&str; 5] = ["00:15", "02:30", "09:00", "18:00", "23:30"];

/// At the local time on its date, or at the instant at which the clock leapt over it: by looking at the clock alone.
fn is_on_time(schedule: &DailySchedule, occurrence: &Occurrence) -> bool {
    let shown = |instant: DateTime<Utc>| instant.with_timezone(&schedule.zone).naive_local();
    let wanted = occurrence.date.and_time(schedule.time.time());
    let leapt = shown(occurrence.at - TimeDelta::seconds(1)) < wanted && wanted < shown(occurrence.at);
    shown(occurrence.at) == wanted || leapt
}

/// Follows the occurrences of `length` days from `from` on.
fn check_occurrences(schedule: &DailySchedule, from: NaiveDate, length: u64) {
    let until = from + Days::new(length);
    let start = from.and_time(chrono::NaiveTime::MIN).and_utc() - TimeDelta::days(2);
    let found: Vec<_> = schedule
        .occurrences_between(start, start + TimeDelta::days(i64::try_from(length).unwrap() + 4))
        .filter(|occurrence| (from..until).contains(&occurrence.date))
        .collect();
    let working: Vec<_> = from
        .iter_days()
        .take_while(|date| *date < until)
        .filter(|date| schedule.weekdays.contains(date.weekday()) && !schedule.days_off.contains(date))
        .filter(|date| has_date(schedule.zone, *date))
        .collect();
    assert_eq!(found.iter().map(|occurrence| occurrence.date).collect::<Vec<_>>(), working, "{schedule:?}");
    for occurrence in &found {
        assert!(is_on_time(schedule, occurrence), "{schedule:?} {occurrence:?}");
        assert_eq!(schedule.occurrence_on(occurrence.date), Some(occurrence.at), "{schedule:?}");
        assert_eq!(schedule.latest_until(occurrence.at), Some(*occurrence), "{schedule:?}");
    }
}

/// The next one without croner.
fn counted(schedule: &DailySchedule, after: DateTime<Utc>) -> Option<Occurrence> {
    let yesterday = after.with_timezone(&schedule.zone).date_naive().pred_opt()?;
    yesterday
        .iter_days()
        .filter_map(|date| Some(Occurrence { date, at: schedule.occurrence_on(date)? }))
        .find(|occurrence| occurrence.at > after)
}

#[test]
fn each_working_local_date_has_one_occurrence_for_400_days_in_hard_zones() {
    for zone in HARD_ZONES {
        for time in TIMES {
            for weekdays in [Weekdays::MON_FRI, Weekdays::EVERY_DAY] {
                let schedule = DailySchedule { weekdays, ..schedule(zone, time) };
                check_occurrences(&schedule, date("2024-02-01"), 400);
                if zone == Tz::Pacific__Apia {
                    check_occurrences(&schedule, date("2011-02-01"), 400);
                }
            }
        }
    }
}

#[test]
fn clock_changes_move_no_occurrence_to_another_date_and_lose_none() {
    for (zone, time, days, after, next) in [
        // 02:00 leaps to 03:00, and later goes back.
        (Tz::America__New_York, "02:30", "sun", "2026-03-07T00:00:00Z", ("2026-03-08", "2026-03-08T07:00:00Z")),
        (Tz::America__New_York, "01:30", "sun", "2026-10-31T00:00:00Z", ("2026-11-01", "2026-11-01T05:30:00Z")),
        // Between the two 01:30 of that night: it was already.
        (Tz::America__New_York, "01:30", "mon-sun", "2026-11-01T06:00:00Z", ("2026-11-02", "2026-11-02T06:30:00Z")),
        // 23:00 on Saturday leaps to 00:00 on Sunday; with Saturday alone croner would drop it.
        (Tz::America__Nuuk, "23:30", "sat", "2025-03-28T00:00:00Z", ("2025-03-29", "2025-03-30T01:00:00Z")),
        (Tz::America__Nuuk, "23:30", "mon-sun", "2025-03-30T01:00:00Z", ("2025-03-30", "2025-03-31T00:30:00Z")),
        // There is no midnight.
        (Tz::Africa__Cairo, "00:15", "fri", "2024-04-25T12:00:00Z", ("2024-04-26", "2024-04-25T22:00:00Z")),
        (Tz::America__Santiago, "00:15", "sun", "2024-09-07T12:00:00Z", ("2024-09-08", "2024-09-08T04:00:00Z")),
        // Friday the 30th was not; croner finds no time on it and gives up.
        (Tz::Pacific__Apia, "09:00", "mon-sun", "2011-12-29T20:00:00Z", ("2011-12-31", "2011-12-30T19:00:00Z")),
        (Tz::Pacific__Apia, "00:00", "mon-sun", "2011-12-29T20:00:00Z", ("2011-12-31", "2011-12-30T10:00:00Z")),
        (Tz::Pacific__Apia, "23:30", "mon-sun", "2011-12-30T09:30:00Z", ("2011-12-31", "2011-12-31T09:30:00Z")),
        // A gap of three hours, of which croner searches two.
        (Tz::Antarctica__Casey, "02:30", "sun", "2009-10-16T00:00:00Z", ("2009-10-18", "2009-10-17T18:00:00Z")),
        // A gap of two hours.
        (Tz::Antarctica__Troll, "01:00", "sun", "2026-03-27T00:00:00Z", ("2026-03-29", "2026-03-29T01:00:00Z")),
        // Half an hour.
        (Tz::Australia__Lord_Howe, "02:15", "sun", "2026-10-02T00:00:00Z", ("2026-10-04", "2026-10-03T15:30:00Z")),
    ] {
        let schedule = DailySchedule { weekdays: days.parse().unwrap(), ..schedule(zone, time) };
        let expected = Occurrence { date: date(next.0), at: instant(next.1) };
        assert_eq!(schedule.next_after(instant(after)), Some(expected), "{zone} {time} {after}");
        assert_eq!(schedule.latest_until(expected.at), Some(expected), "{zone} {time} {after}");
        assert_ne!(schedule.latest_until(expected.at - TimeDelta::seconds(1)), Some(expected), "{zone} {time} {after}");
    }
}

#[test]
fn what_croner_needs_help_with_is_still_so() {
    let next = |pattern: &str, after: &str, zone: Tz| {
        let cron: croner::Cron = pattern.parse().unwrap();
        cron.find_next_occurrence(&instant(after).with_timezone(&zone), false).ok().map(|found| found.to_utc())
    };
    assert_eq!(next("0 9 * * *", "2011-12-29T20:00:00Z", Tz::Pacific__Apia), None);
    assert_eq!(next("30 2 * * *", "2009-10-17T00:00:00Z", Tz::Antarctica__Casey), None);
    // A week late: the gap led from the Saturday to the Sunday, which the pattern does not have.
    let dropped = next("30 23 * * 6", "2025-03-28T00:00:00Z", Tz::America__Nuuk);
    assert_eq!(dropped, Some(instant("2025-04-06T00:30:00Z")));
}

#[test]
fn a_span_holds_its_end_and_not_its_beginning() {
    let schedule = schedule(Tz::UTC, "09:00");
    let [monday, tuesday, friday] =
        ["2026-03-09T09:00:00Z", "2026-03-10T09:00:00Z", "2026-03-13T09:00:00Z"].map(instant);
    let at = |from, until| -> Vec<DateTime<Utc>> {
        schedule.occurrences_between(from, until).map(|found| found.at).collect()
    };
    assert_eq!(at(monday, tuesday), [tuesday]);
    assert!(at(tuesday, tuesday).is_empty());
    assert!(at(tuesday, monday).is_empty());
    assert!(at(friday, friday + TimeDelta::days(2)).is_empty());
}

#[test]
fn days_off_without_end_have_an_end() {
    let mut schedule = schedule(Tz::Europe__Berlin, "09:00");
    schedule.weekdays = "wed".parse().unwrap();
    schedule.days_off = date("2026-01-01").iter_days().take(20_000).collect();
    let last = *schedule.days_off.last().unwrap();
    assert!(schedule.next_after(instant("2026-01-01T00:00:00Z")).unwrap().date > last);
    assert_eq!(schedule.latest_until(instant("2030-01-01T00:00:00Z")).unwrap().date, date("2025-12-31"));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn croner_and_the_calendar_agree_in_any_zone((schedule, from) in any_schedule()) {
        check_occurrences(&schedule, from, 400);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn the_next_one_is_the_same_from_any_instant(
        zone in select(TZ_VARIANTS.to_vec()),
        minute in 0..24 * 60,
        days in select(vec!["mon-sun", "sun", "sat", "mon-fri"]),
        after in 0_i64..2_200_000_000_000,
    ) {
        let time = format!("{:02}:{:02}", minute / 60, minute % 60);
        let schedule = DailySchedule { weekdays: days.parse().unwrap(), ..schedule(zone, &time) };
        let after = DateTime::from_timestamp_millis(after).unwrap();
        prop_assert_eq!(schedule.next_after(after), counted(&schedule, after));
    }

    #[test]
    fn the_next_one_is_the_same_around_every_clock_change(
        zone in select(TZ_VARIANTS.to_vec()),
        change in any::<prop::sample::Index>(),
        minutes in -180_i64..180,
        seconds in -7_200_i64..7_200,
    ) {
        let changes = clock_changes(zone);
        prop_assume!(!changes.is_empty());
        let change = *change.get(&changes);
        let time = (change + TimeDelta::minutes(minutes)).with_timezone(&zone).format("%H:%M").to_string();
        let schedule = DailySchedule { weekdays: Weekdays::EVERY_DAY, ..schedule(zone, &time) };
        for after in [change + TimeDelta::seconds(seconds), change - TimeDelta::days(1), change] {
            prop_assert_eq!(schedule.next_after(after), counted(&schedule, after), "{} {}", time, after);
        }
    }
}

/// The hours since 1970 in which the offset of `zone` changed.
fn clock_changes(zone: Tz) -> Vec<DateTime<Utc>> {
    let offset = |instant: &DateTime<Utc>| chrono::Offset::fix(instant.with_timezone(&zone).offset());
    let weeks: Vec<_> = (0..3_000).map(|week| DateTime::UNIX_EPOCH + TimeDelta::weeks(week)).collect();
    let changed = weeks.windows(2).filter(|pair| offset(&pair[0]) != offset(&pair[1]));
    changed
        .filter_map(|pair| {
            (0..=7 * 24).map(|hour| pair[0] + TimeDelta::hours(hour)).find(|at| offset(at) != offset(&pair[0]))
        })
        .collect()
}
