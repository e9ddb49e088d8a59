//! A streak that is kept and extended, against one found from all of history.

use super::{Tz, berlin, date, schedule, usage, usage::Usage};
use crate::{
    digest::{DailyDigest, DailyFacts, Streak, StreakState},
    model::Weekdays,
    schedule::{Covers, DailySchedule, DailyWindow, Day},
};
use chrono::{Days, NaiveDate, NaiveTime, TimeDelta};
use proptest::{prelude::*, sample::select};
use std::collections::BTreeSet;

/// What is told in `window`, and what is kept after it; with a look back only where one is asked for.
fn counted(usage: &Usage, window: &DailyWindow, kept: Option<StreakState>) -> (Option<Streak>, StreakState) {
    let (activity, active_days) = (usage.activity(window), usage.active_days(window));
    let looks_back = !kept.is_some_and(|kept| kept.leads_into(window));
    let facts = DailyFacts {
        activity: Some(&activity),
        active_days: looks_back.then_some(&active_days),
        streak: kept,
        ..DailyFacts::default()
    };
    (DailyDigest::of(window, facts, &super::EVERYTHING).streak, facts.streak_after(window))
}

fn kept(days: u32, through: &str, until: &str) -> StreakState {
    StreakState { days, at_least: false, through: date(through), until: until.parse().unwrap() }
}

/// Sessions at 10:00 on each of `days` of January 2025, in Berlin.
fn january(days: &[u32]) -> Usage {
    days.iter().fold(usage(Tz::Europe__Berlin), |usage, day| {
        usage.session(&day.to_string(), &[&format!("2025-01-{day:02}T10:00")])
    })
}

const ZONES: [Tz; 7] = [
    Tz::Europe__Berlin,
    Tz::America__Santiago,
    Tz::America__Nuuk,
    Tz::Australia__Lord_Howe,
    Tz::Asia__Kathmandu,
    Tz::Pacific__Apia,
    Tz::UTC,
];

prop_compose! {
    /// A schedule, its first occurrence, sessions by day and hour, and which windows are not counted.
    fn any_life()(
        zone in select(ZONES.to_vec()),
        time in select(vec!["00:00", "09:00", "18:00", "23:30"]),
        covers in select(vec![Covers::Morning, Covers::Evening]),
        weekdays in select(vec!["mon-fri", "mon-sun", "mon,wed,fri", "sun-thu"]),
        from in select(vec!["2025-01-20", "2025-02-24", "2025-03-17", "2025-08-25", "2011-12-19"]),
        off in prop::collection::btree_set(0_u64..60, 0..12),
        sessions in prop::collection::vec(prop::option::weighted(0.8, 0_u32..24), 60),
        missed in prop::collection::btree_set(0_usize..60, 0..8),
    ) -> (DailySchedule, NaiveDate, Usage, BTreeSet<usize>) {
        let from = date(from);
        let days_off = off.into_iter().map(|day| from + Days::new(day)).collect();
        let schedule = DailySchedule { covers, days_off, weekdays: weekdays.parse().unwrap(), ..schedule(zone, time) };
        let days = sessions.iter().enumerate().filter_map(|(day, hour)| Some((from + Days::new(day as u64), (*hour)?)));
        let usage = days.fold(usage(zone), |usage, (day, hour)| usage.session("s", &[&format!("{day}T{hour:02}:15")]));
        (schedule, from, usage, missed)
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn extending_window_by_window_says_what_all_of_history_says((schedule, from, usage, missed) in any_life()) {
        let (mut state, mut now) = (None, from.and_time(NaiveTime::MIN).and_utc());
        for nth in 0.. {
            now = schedule.next_occurrence(now).unwrap();
            let window = schedule.latest_window(now);
            if now.date_naive() > from + Days::new(61) {
                break;
            }
            if missed.contains(&nth) {
                continue;
            }
            let extended = counted(&usage, &window, state);
            prop_assert_eq!(extended, counted(&usage, &window, None), "{:?}", window.reported());
            state = Some(extended.1);
        }
    }
}

/// Clocks in Nuuk leap from 23:00 on March 29 to midnight, so that evening ends where March 30 begins.
#[test]
fn an_evening_that_clocks_leap_over_to_midnight_tears_no_day() {
    let schedule = DailySchedule {
        covers: Covers::Evening,
        weekdays: "mon-sun".parse().unwrap(),
        ..schedule(Tz::America__Nuuk, "23:30")
    };
    let (mut state, mut now) = (None, "2025-03-27T12:00:00Z".parse().unwrap());
    let usage = usage(Tz::America__Nuuk).session("s", &["2025-03-28T10:15"]);
    for _ in 0..5 {
        now = schedule.next_occurrence(now).unwrap();
        let window = schedule.latest_window(now);
        let extended = counted(&usage, &window, state);
        assert_eq!(extended, counted(&usage, &window, None), "{:?}", window.reported());
        state = Some(extended.1);
    }
}

#[test]
fn a_window_that_begins_where_the_streak_ended_needs_no_history() {
    let wednesday = berlin("09:00", "2025-01-16");
    let friday = kept(203, "2025-01-14", "2025-01-14T23:00:00Z");
    assert!(friday.leads_into(&wednesday));
    let after = kept(204, "2025-01-15", "2025-01-15T23:00:00Z");
    let told = Some(Streak { days: 204, at_least: false });
    assert_eq!(counted(&january(&[15]), &wednesday, Some(friday)), (told, after));
    // Nothing on that day: the digest is empty, and the streak is over.
    assert_eq!(counted(&january(&[14]), &wednesday, Some(friday)), (None, StreakState { days: 0, ..after }));
}

#[test]
fn what_a_weekend_brings_is_kept_for_the_digest_after_mondays() {
    let usage = january(&[16, 17, 18, 20]);
    let thursday = kept(2, "2025-01-16", "2025-01-16T23:00:00Z");
    let (told, over_weekend) = counted(&usage, &berlin("09:00", "2025-01-20"), Some(thursday));
    assert_eq!(told.unwrap().days, 3, "up to Friday");
    assert_eq!(over_weekend, kept(4, "2025-01-19", "2025-01-19T23:00:00Z"));
    assert_eq!(counted(&usage, &berlin("09:00", "2025-01-21"), Some(over_weekend)).0.unwrap().days, 5);
}

#[test]
fn the_day_that_an_evening_ends_in_is_counted_once_and_not_broken_before_it_is_over() {
    let tuesday = kept(6, "2025-01-14", "2025-01-14T17:00:00Z");
    let (wednesday, thursday) = (berlin("18:00", "2025-01-15"), berlin("18:00", "2025-01-16"));
    for (sessions, days, through, next) in [
        // It had a session by 18:00, and the rest of it adds nothing.
        (&["2025-01-15T10:00", "2025-01-15T20:00", "2025-01-16T09:00"][..], 7, "2025-01-15", 8),
        // It got one later.
        (&["2025-01-14T20:00", "2025-01-15T20:00", "2025-01-16T09:00"], 6, "2025-01-14", 8),
        // It got none, which is known a day later.
        (&["2025-01-14T20:00", "2025-01-16T09:00"], 6, "2025-01-14", 1),
    ] {
        let usage = usage(Tz::Europe__Berlin).session("s", sessions);
        let (told, after) = counted(&usage, &wednesday, Some(tuesday));
        assert_eq!(told.unwrap().days, days, "{sessions:?}");
        assert_eq!(after, kept(days, through, "2025-01-15T17:00:00Z"), "{sessions:?}");
        assert_eq!(counted(&usage, &thursday, Some(after)).0.unwrap().days, next, "{sessions:?}");
    }
}

#[test]
fn windows_that_were_not_counted_are_made_up_for() {
    // A week later the baseline shows the days between.
    let old = kept(50, "2025-01-08", "2025-01-08T23:00:00Z");
    let window = berlin("09:00", "2025-01-16");
    assert!(old.leads_into(&window));
    assert_eq!(counted(&january(&[9, 10, 13, 14, 15]), &window, Some(old)).0.unwrap().days, 55);
    assert_eq!(counted(&january(&[9, 10, 14, 15]), &window, Some(old)).0.unwrap().days, 2);
    // Longer ago the history does, and only there is it asked for.
    let older = kept(50, "2025-01-03", "2025-01-03T23:00:00Z");
    assert!(!older.leads_into(&window));
    assert_eq!(counted(&january(&[6, 7, 8, 9, 10, 13, 14, 15]), &window, Some(older)).0.unwrap().days, 58);
    assert_eq!(counted(&january(&[7, 8, 9, 10, 13, 14, 15]), &window, Some(older)).0.unwrap().days, 7);
}

#[test]
fn of_what_is_kept_and_what_history_shows_the_longer_counts() {
    let window = berlin("09:00", "2025-01-16");
    // Telemetry that came late: the kept streak broke on a day that has a session after all.
    let broke = kept(0, "2025-01-03", "2025-01-03T23:00:00Z");
    assert_eq!(counted(&january(&[2, 3, 6, 7, 8, 9, 10, 13, 14, 15]), &window, Some(broke)).0.unwrap().days, 10);
    // A history of which 90 days are whole, and a streak that began before them.
    let whole: Vec<_> = (0..120).map(|back| format!("{}T10:00", window.days[0].date - Days::new(back))).collect();
    let whole = usage(Tz::Europe__Berlin).session("s", &whole.iter().map(String::as_str).collect::<Vec<_>>());
    let alone = counted(&whole, &window, None).0.unwrap();
    assert_eq!(alone, Streak { days: 90, at_least: true });
    let long = kept(200, "2025-01-03", "2025-01-03T23:00:00Z");
    assert_eq!(counted(&whole, &window, Some(long)).0, Some(Streak { days: 212, at_least: false }));
    // As long as the history, and its beginning is known.
    let exact = kept(78, "2025-01-03", "2025-01-03T23:00:00Z");
    assert_eq!(counted(&whole, &window, Some(exact)).0, Some(Streak { days: 90, at_least: false }));
    // Older than the history, or of a later window than is asked about: it says nothing.
    for (through, until) in [("2024-09-30", "2024-09-30T22:00:00Z"), ("2025-01-15", "2025-01-15T23:00:00Z")] {
        assert_eq!(counted(&whole, &window, Some(kept(500, through, until))).0, Some(alone), "{through}");
    }
}

/// The morning window of the dates `first` to `last` in `zone` after a move there: it begins at `from`, and its baseline
/// is cut at that clock time.
fn moved(zone: Tz, first: &str, last: &str, from: &str) -> DailyWindow {
    let schedule = schedule(zone, "09:00");
    let mut window = schedule.window_covering(date(last));
    let whole = DailySchedule { weekdays: Weekdays::EVERY_DAY, ..schedule };
    let day = |date| Day {
        working: window.history.iter().any(|day| day.date == date && day.working),
        ..whole.window_covering(date).days[0]
    };
    window.days = date(first).iter_days().take_while(|day| *day <= date(last)).map(day).collect();
    window.days[0].start = from.parse().unwrap();
    window.baseline = whole.window_covering(date(first)).baseline;
    for (back, day) in (0..).zip(window.baseline.iter_mut().rev()) {
        day.end = window.days[0].start - TimeDelta::days(back);
        day.start = day.end - TimeDelta::days(1);
    }
    window
}

#[test]
fn after_a_move_no_date_counts_twice_and_a_torn_one_does_not_break() {
    // From Kiritimati to Los Angeles: January 15 comes again, from 02:00 on.
    let west = moved(Tz::America__Los_Angeles, "2025-01-15", "2025-01-16", "2025-01-15T10:00:00Z");
    let state = kept(5, "2025-01-15", "2025-01-15T10:00:00Z");
    let los_angeles = |at: &[&str]| usage(Tz::America__Los_Angeles).session("s", at);
    let again = los_angeles(&["2025-01-15T12:00", "2025-01-16T12:00"]);
    assert_eq!(counted(&again, &west, Some(state)).0.unwrap().days, 6);
    assert_eq!(counted(&los_angeles(&["2025-01-15T12:00"]), &west, Some(state)).1.days, 0, "January 16 had none");
    // From Los Angeles to Kiritimati: of January 16 two hours are left.
    let east = moved(Tz::Pacific__Kiritimati, "2025-01-16", "2025-01-16", "2025-01-16T08:00:00Z");
    let state = kept(5, "2025-01-15", "2025-01-16T08:00:00Z");
    let kiritimati = |at: &[&str]| usage(Tz::Pacific__Kiritimati).session("s", at);
    // What was earlier on that date was counted in Los Angeles, on January 15.
    for at in [&[][..], &["2025-01-16T12:00"]] {
        let idle = counted(&kiritimati(at), &east, Some(state));
        assert_eq!(idle, (None, kept(5, "2025-01-16", "2025-01-16T10:00:00Z")), "{at:?}");
    }
    assert_eq!(counted(&kiritimati(&["2025-01-16T23:00"]), &east, Some(state)).0.unwrap().days, 6);
}

#[test]
fn a_window_missed_before_a_move_is_made_up_for_on_the_dates_of_the_new_zone() {
    let east = moved(Tz::Pacific__Kiritimati, "2025-01-16", "2025-01-16", "2025-01-16T08:00:00Z");
    // It ended a day before, at 22:00 in Kiritimati; the day of the baseline from there on holds a midnight.
    let state = kept(5, "2025-01-14", "2025-01-15T08:00:00Z");
    assert!(state.leads_into(&east));
    let days = |at: &[&str]| {
        let (told, after) = counted(&usage(Tz::Pacific__Kiritimati).session("s", at), &east, Some(state));
        (told.map(|streak| streak.days), after.days)
    };
    assert_eq!(days(&["2025-01-15T23:00", "2025-01-16T12:00", "2025-01-16T23:00"]), (Some(7), 7));
    assert_eq!(days(&["2025-01-16T12:00", "2025-01-16T23:00"]), (Some(6), 6), "January 15 is torn");
    assert_eq!(days(&["2025-01-15T23:00"]), (None, 0), "January 16 is whole, and had none");
}
