//! The 7-day average and the comparisons with it.

use super::{Request, Tz, Usage, berlin, date, schedule, usage};
use crate::{
    digest::{Change, DailyDigest},
    schedule::Covers,
};
use chrono::{Datelike, Days, Weekday};

const CENT: i64 = 10_000_000;
const DOLLAR: i64 = 100 * CENT;
/// The working days of the baseline of the digest on Thursday, January 16: January 8 to 14.
const BASELINE: [&str; 5] = ["2025-01-08", "2025-01-09", "2025-01-10", "2025-01-13", "2025-01-14"];

fn thursday(usage: &Usage) -> DailyDigest {
    usage.digest(&berlin("09:00", "2025-01-16"))
}

fn change(difference: i64, percent: Option<i64>) -> Change<i64> {
    Change { difference, percent }
}

#[test]
fn somebody_with_nine_sessions_every_weekday_reads_level_on_every_day() {
    let weekdays: Vec<_> = (0..60)
        .map(|day| date("2025-03-01") + Days::new(day))
        .filter(|day| !matches!(day.weekday(), Weekday::Sat | Weekday::Sun))
        .map(|day| day.to_string())
        .collect();
    let weekdays: Vec<_> = weekdays.iter().map(String::as_str).collect();
    for zone in [Tz::Europe__Berlin, Tz::America__Santiago, Tz::Pacific__Kiritimati, Tz::Asia__Kathmandu] {
        let steady = usage(zone).daily(&weekdays, 9, 41 * CENT + 7);
        for (time, covers) in [
            ("09:00", Covers::Morning),
            ("18:00", Covers::Evening),
            ("09:00", Covers::Evening),
            ("18:00", Covers::Morning),
            ("00:00", Covers::Morning),
            ("12:00", Covers::Evening),
        ] {
            let schedule = crate::schedule::DailySchedule { covers, ..schedule(zone, time) };
            // Two weeks with Berlin's and Santiago's clock changes before or inside.
            for day in ["24", "25", "26", "27", "28", "31"] {
                let digest = steady.digest(&schedule.window_at(date(&format!("2025-03-{day}"))));
                assert_eq!(digest.sessions.total, 9, "{zone} {time} {covers:?} {day}");
                assert_eq!(digest.sessions.change, Some(change(0, Some(0))), "{zone} {time} {covers:?} {day}");
                assert_eq!(digest.cost.change, Some(Change { difference: 0.0, percent: Some(0) }));
            }
        }
    }
}

#[test]
fn the_average_divides_by_working_days_and_counts_weekends_with_them() {
    let usage = usage(Tz::Europe__Berlin).daily(&BASELINE, 2, 50 * CENT).daily(&["2025-01-11"], 5, 50 * CENT).daily(
        &["2025-01-15"],
        12,
        50 * CENT,
    );
    // (5 * 2 + 5) / 5 = 3 sessions and $1.50.
    let digest = thursday(&usage);
    assert_eq!(digest.sessions.change, Some(change(9, Some(300))));
    assert_eq!(digest.cost.change, Some(Change { difference: 4.5, percent: Some(300) }));
}

#[test]
fn fewer_than_three_active_days_give_no_average() {
    for (active, expected) in [(0, None), (1, None), (2, None), (3, Some(change(3, None)))] {
        let usage = usage(Tz::Europe__Berlin).daily(&BASELINE[..active], 1, CENT).daily(&["2025-01-15"], 4, CENT);
        assert_eq!(thursday(&usage).sessions.change, expected, "{active} days");
        assert_eq!(thursday(&usage).cost.change.is_some(), expected.is_some());
    }
    // A day off with a session is one of the seven days too.
    let weekend = usage(Tz::Europe__Berlin).daily(&["2025-01-10", "2025-01-11", "2025-01-12"], 5, CENT).daily(
        &["2025-01-15"],
        4,
        CENT,
    );
    assert_eq!(thursday(&weekend).sessions.change, Some(change(1, Some(33))));
    // Three sessions on one day are one day; days before the baseline are none.
    let one = usage(Tz::Europe__Berlin).daily(&["2025-01-06", "2025-01-07"], 3, CENT).daily(
        &["2025-01-14", "2025-01-15"],
        3,
        CENT,
    );
    assert_eq!(thursday(&one).sessions.change, None);
}

#[test]
fn a_day_with_only_a_request_outside_any_session_is_not_active() {
    let window = berlin("09:00", "2025-01-16");
    let mut activity =
        usage(Tz::Europe__Berlin).daily(&BASELINE, 1, CENT).daily(&["2025-01-15"], 1, CENT).activity(&window);
    for row in &mut activity.days[..3] {
        row.sessions = 0;
        row.sessions_ending = 0;
    }
    let facts = crate::digest::DailyFacts { activity: Some(&activity), ..Default::default() };
    assert_eq!(DailyDigest::of(&window, facts, &super::EVERYTHING).sessions.change, None);
}

#[test]
fn a_baseline_without_a_working_day_gives_no_average() {
    let mut schedule = schedule(Tz::Europe__Berlin, "09:00");
    schedule.days_off = (23..=31).map(|day| date(&format!("2024-12-{day}"))).collect();
    let usage = usage(Tz::Europe__Berlin)
        .daily(&["2024-12-26", "2024-12-27", "2024-12-28", "2024-12-30"], 4, DOLLAR)
        .daily(&["2025-01-01"], 4, DOLLAR);
    let digest = usage.digest(&schedule.window_at(date("2025-01-02")));
    assert_eq!((digest.sessions.total, digest.sessions.change), (4, None));
    assert_eq!(digest.cost.change, None);
}

#[test]
fn a_percentage_needs_a_base_of_three_sessions_or_one_dollar_each_for_itself() {
    let percents = |sessions: u64, cost: i64| {
        let usage = usage(Tz::Europe__Berlin).daily(&BASELINE, sessions, cost).daily(&["2025-01-15"], 6, cost);
        let digest = thursday(&usage);
        (digest.sessions.change.unwrap().percent, digest.cost.change.unwrap().percent)
    };
    assert_eq!(percents(1, 10 * CENT), (None, None));
    assert_eq!(percents(2, 50 * CENT), (None, Some(200)));
    assert_eq!(percents(2, 50 * CENT - 1), (None, None));
    assert_eq!(percents(3, CENT), (Some(100), None));
    // 14 sessions in five days are 2.8 a day.
    let below = usage(Tz::Europe__Berlin).daily(&BASELINE, 3, 0).daily(&["2025-01-15"], 6, 0);
    let window = berlin("09:00", "2025-01-16");
    let mut activity = below.activity(&window);
    activity.days[0].sessions = 2;
    let facts = crate::digest::DailyFacts { activity: Some(&activity), ..Default::default() };
    let digest = DailyDigest::of(&window, facts, &super::EVERYTHING);
    assert_eq!(digest.sessions.change, Some(change(3, None)));
}

#[test]
fn differences_round_half_away_from_zero() {
    // Four working days: a sum of 10 sessions is an average of 2.5.
    let mut schedule = schedule(Tz::Europe__Berlin, "09:00");
    schedule.days_off = [date("2025-01-13")].into();
    let window = schedule.window_at(date("2025-01-16"));
    for (today, difference) in [(1, -2), (2, -1), (3, 1), (4, 2)] {
        let usage = usage(Tz::Europe__Berlin)
            .daily(&["2025-01-08", "2025-01-09"], 2, 0)
            .daily(&["2025-01-10", "2025-01-14"], 3, 0)
            .daily(&["2025-01-15"], today, 0);
        assert_eq!(usage.digest(&window).sessions.change, Some(change(difference, None)), "{today}");
    }
    // A sum of $4.02 is $1.005 a day, which no float holds.
    for (today, difference, percent) in [(100 * CENT, -0.01, 0), (101 * CENT, 0.01, 0), (2 * DOLLAR, 1.0, 99)] {
        let usage = usage(Tz::Europe__Berlin)
            .daily(&["2025-01-08", "2025-01-09", "2025-01-10"], 1, DOLLAR)
            .daily(&["2025-01-14"], 1, DOLLAR + 2 * CENT)
            .daily(&["2025-01-15"], 1, today);
        let change = usage.digest(&window).cost.change;
        assert_eq!(change, Some(Change { difference, percent: Some(percent) }), "{today}");
    }
}

#[test]
fn an_evening_baseline_is_cut_at_the_clock_time() {
    // 17:59 and 18:01 of the same date belong to different days of the baseline.
    let usage = usage(Tz::Europe__Berlin)
        .session("a", &["2025-01-07T18:01", "2025-01-08T17:59"])
        .session("b", &["2025-01-08T18:01"])
        .session("c", &["2025-01-13T17:59", "2025-01-13T18:01", "2025-01-14T17:59"])
        .session("before", &["2025-01-07T17:59"])
        .session("now", &["2025-01-14T18:01"]);
    let digest = usage.digest(&berlin("18:00", "2025-01-15"));
    assert_eq!(digest.sessions.total, 1);
    // January 8, 9, 13 and 14 have one session each: four in five working days.
    assert_eq!(digest.sessions.change, Some(change(0, None)));
    let sessions: Vec<_> = digest.chart.iter().map(|day| day.sessions).collect();
    assert_eq!(sessions, [1, 0, 0, 0, 1, 1, 1]);
}

#[test]
fn no_comparison_is_made_where_it_was_switched_off() {
    let usage = usage(Tz::Europe__Berlin).daily(&BASELINE, 9, DOLLAR).daily(&["2025-01-15"], 9, DOLLAR);
    let mut options = super::EVERYTHING;
    options.sections.comparison = false;
    let digest = usage.digest_with(&berlin("09:00", "2025-01-16"), &options);
    assert_eq!((digest.sessions.change, digest.cost.change), (None, None));
}

#[test]
fn costs_far_apart_are_exact() {
    let cost = |cost_nanos| Request { cost_nanos, ..Request::default() };
    for (nanos, dollars) in [(4_000_000, 0.004), (12_345 * DOLLAR, 12_345.0), (4_820_000_000, 4.82), (0, 0.0)] {
        let digest = thursday(&usage(Tz::Europe__Berlin).request("a", "2025-01-15T10:00", cost(nanos)));
        assert_eq!((digest.cost.total, digest.cost.change), (dollars, None));
    }
    let tiny = usage(Tz::Europe__Berlin).daily(&BASELINE, 1, 4_000_000).request(
        "a",
        "2025-01-15T10:00",
        cost(12_345 * DOLLAR),
    );
    assert_eq!(thursday(&tiny).cost.change, Some(Change { difference: 12_345.0, percent: None }));
    let huge = usage(Tz::Europe__Berlin).daily(&BASELINE, 1, 12_345 * DOLLAR).request(
        "a",
        "2025-01-15T10:00",
        cost(4_000_000),
    );
    assert_eq!(thursday(&huge).cost.change, Some(Change { difference: -12_345.0, percent: Some(-100) }));
}

#[test]
fn after_a_move_only_a_window_of_one_working_day_is_compared() {
    let days = ["01", "02", "03", "06", "07", "08", "09", "10", "13", "14"].map(|day| format!("2025-01-{day}"));
    let steady = usage(Tz::Europe__Berlin).daily(&days.each_ref().map(String::as_str), 9, 50 * CENT);
    let schedule = schedule(Tz::Europe__Berlin, "09:00");
    let from = |start: &str| steady.digest(&schedule.window_from(date("2025-01-15"), start.parse().unwrap()));
    // From 05:00 on Tuesday: its sessions against the week up to then.
    let cut = from("2025-01-14T04:00:00Z");
    assert_eq!((cut.sessions.total, cut.sessions.change), (9, Some(change(0, Some(0)))));
    // From 08:00 on Monday: two days' sessions against one day's would mislead.
    let extended = from("2025-01-13T07:00:00Z");
    assert_eq!((extended.sessions.total, extended.sessions.change), (18, None));
    assert_eq!(extended.streak.map(|streak| streak.days), Some(10));
}
