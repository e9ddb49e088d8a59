//! Windows that start where another ended.

use super::{any_schedule, date, instant, schedule};
use crate::schedule::{Covers, DailySchedule, DailyWindow, Day, ZoneMove, start_of_day};
use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::{TZ_VARIANTS, Tz};
use proptest::{prelude::*, sample::select};

fn told(days: &[Day], zone: Tz) -> Vec<String> {
    let clock = |instant: DateTime<Utc>| instant.with_timezone(&zone).format("%d %H:%M").to_string();
    let told = |day: &Day| format!("{} {} – {}", day.date.format("%a"), clock(day.start), clock(day.end));
    days.iter().map(told).collect()
}

/// Everything that must hold of one window by itself.
fn check(window: &DailyWindow) {
    let days: Vec<_> = window.all_days().collect();
    assert!(!window.days.is_empty());
    assert!(days.iter().all(|day| day.start < day.end), "{window:?}");
    assert!(days.windows(2).all(|pair| pair[0].end == pair[1].start), "{window:?}");
    assert!(days.windows(2).all(|pair| pair[0].date < pair[1].date), "{window:?}");
    assert_eq!(window.baseline.len(), 7);
    assert_eq!(window.history_span().end, window.reported().end);
}

#[test]
fn a_move_west_adds_the_rest_of_the_day_before() {
    // The last one in Berlin ended with Monday there, 18:00 in New York.
    let window =
        schedule(Tz::America__New_York, "09:00").window_from(date("2026-03-11"), instant("2026-03-09T23:00:00Z"));
    assert_eq!(told(&window.days, window.zone), ["Mon 09 19:00 – 10 00:00", "Tue 10 00:00 – 11 00:00"]);
    assert_eq!(told(&window.baseline[5..], window.zone), ["Sat 07 19:00 – 08 19:00", "Sun 08 19:00 – 09 19:00"]);
    assert_eq!(window.baseline.iter().filter(|day| day.working).count(), 5);
    check(&window);
}

#[test]
fn a_move_east_cuts_the_first_day() {
    let window = schedule(Tz::Europe__Berlin, "09:00").window_from(date("2026-03-11"), instant("2026-03-10T04:00:00Z"));
    assert_eq!(told(&window.days, window.zone), ["Tue 10 05:00 – 11 00:00"]);
    assert_eq!(told(&window.baseline[6..], window.zone), ["Mon 09 05:00 – 10 05:00"]);
    check(&window);
}

#[test]
fn an_evening_is_cut_and_extended_at_its_own_clock() {
    let berlin = schedule(Tz::Europe__Berlin, "18:00");
    let earlier = berlin.window_from(date("2026-03-11"), instant("2026-03-09T12:00:00Z"));
    assert_eq!(
        told(&earlier.days, earlier.zone),
        ["Mon 09 13:00 – 09 18:00", "Tue 09 18:00 – 10 18:00", "Wed 10 18:00 – 11 18:00"]
    );
    let later = berlin.window_from(date("2026-03-11"), instant("2026-03-11T02:00:00Z"));
    assert_eq!(told(&later.days, later.zone), ["Wed 11 03:00 – 11 18:00"]);
    assert_eq!(told(&later.baseline[6..], later.zone), ["Tue 10 03:00 – 11 03:00"]);
    [earlier, later].iter().for_each(check);
}

#[test]
fn whole_days_are_added_up_to_seven_and_left_out_up_to_the_last_second() {
    let utc = schedule(Tz::UTC, "09:00");
    let wednesday = date("2026-03-11");
    let days = |start: &str| told(&utc.window_from(wednesday, instant(start)).days, Tz::UTC);
    assert_eq!(days("2026-03-09T00:00:00Z"), ["Mon 09 00:00 – 10 00:00", "Tue 10 00:00 – 11 00:00"]);
    assert_eq!(days("2020-01-01T00:00:00Z").len(), 8);
    assert_eq!(days("2020-01-01T00:00:00Z")[0], "Tue 03 00:00 – 04 00:00");
    let none = utc.window_from(wednesday, instant("2026-03-11T05:00:00Z"));
    assert_eq!(none.reported(), instant("2026-03-10T23:59:59Z")..instant("2026-03-11T00:00:00Z"));
    for far in [DateTime::<Utc>::MIN_UTC, DateTime::<Utc>::MAX_UTC] {
        check(&utc.window_from(wednesday, far));
    }
}

#[test]
fn a_start_where_it_starts_anyway_changes_nothing() {
    for covers in [Covers::Morning, Covers::Evening] {
        let schedule = DailySchedule { covers, ..schedule(Tz::America__Santiago, "09:00") };
        let window = schedule.window_at(date("2026-03-16"));
        assert_eq!(schedule.window_from(date("2026-03-16"), window.reported().start), window);
        // Days that were left out are as they were.
        let cut = schedule.window_from(date("2026-03-16"), window.days[1].start);
        assert_eq!(cut.days, window.days[1..]);
        assert_eq!(cut.baseline[..6], window.baseline[1..]);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn windows_tile_time_over_a_move(
        (old, from) in any_schedule(),
        zone in select(TZ_VARIANTS.to_vec()),
        hours in 0_i64..72,
    ) {
        let new = DailySchedule { zone, ..old.clone() };
        let last = old.next_after(start_of_day(old.zone, from)).unwrap();
        let ended = old.window_at(last.date).reported().end;
        let moved = ZoneMove::of(&new, last.date, last.at, last.at + TimeDelta::hours(hours));
        let next = moved.next.unwrap();
        let window = new.window_from(next.date, ended);
        check(&window);
        let ordinary = new.window_at(next.date).reported();
        prop_assert_eq!(window.reported().end, ordinary.end);
        prop_assert!(window.reported().end <= next.at);
        if ended < ordinary.end && ordinary.start - ended < TimeDelta::days(6) {
            prop_assert_eq!(window.reported().start, ended);
        }
    }

    #[test]
    fn any_start_gives_a_whole_window((schedule, from) in any_schedule(), minutes in -20_000_i64..20_000) {
        let ordinary = schedule.window_at(from).reported();
        let start = ordinary.start + TimeDelta::minutes(minutes);
        let window = schedule.window_from(from, start);
        check(&window);
        prop_assert!(window.reported().start >= start.min(ordinary.end - TimeDelta::seconds(1)));
        if minutes > -7 * 24 * 60 + 3 * 60 && start < ordinary.end {
            prop_assert_eq!(window.reported().start, start);
        }
    }
}
