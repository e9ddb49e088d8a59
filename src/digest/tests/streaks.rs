//! Streaks over working days, days off and the edges of history.

use super::{Tz, berlin, date, schedule, usage};
use crate::digest::Streak;
use chrono::Days;

/// The streak told on `occurrence` to somebody with a session at 10:00 on each of `days` of January 2025.
fn streak(time: &str, occurrence: &str, days: &[u32]) -> Option<u32> {
    let usage = days.iter().fold(usage(Tz::Europe__Berlin), |usage, day| {
        usage.session(&day.to_string(), &[&format!("2025-01-{day:02}T10:00")])
    });
    let streak = usage.digest(&berlin(time, occurrence)).streak;
    assert!(streak.is_none_or(|streak| !streak.at_least));
    streak.map(|streak| streak.days)
}

#[test]
fn days_with_a_session_add_up_until_a_working_day_without() {
    for (days, expected, why) in [
        (&[15][..], Some(1), "one day"),
        (&[9, 10, 13, 14, 15], Some(5), "a weekend without a session neither adds nor breaks"),
        (&[9, 10, 12, 13, 14, 15], Some(6), "a day off with a session adds"),
        (&[9, 10, 13, 15], Some(1), "Tuesday without a session breaks"),
        (&[13, 14], None, "nothing on the day itself: the digest is empty"),
        (&[], None, "never"),
    ] {
        assert_eq!(streak("09:00", "2025-01-16", days), expected, "{why}");
    }
}

#[test]
fn a_window_over_a_weekend_counts_from_its_working_day() {
    for (days, expected) in [
        (&[16, 17][..], Some(2)),
        (&[16, 17, 18], Some(2)),
        // Friday had none, so what the weekend brings begins with Monday's digest.
        (&[16, 18], None),
    ] {
        assert_eq!(streak("09:00", "2025-01-20", days), expected, "{days:?}");
    }
    // On the next day the weekend lies behind the last working day, and adds.
    assert_eq!(streak("09:00", "2025-01-21", &[16, 17, 18, 20]), Some(4));
    assert_eq!(streak("09:00", "2025-01-21", &[18, 20]), Some(2));
}

#[test]
fn the_unfinished_day_of_an_evening_window_does_not_break() {
    // The window of Wednesday, 18:00 begins on Tuesday, 18:00.
    let evening =
        usage(Tz::Europe__Berlin).session("monday", &["2025-01-13T10:00"]).session("tuesday", &["2025-01-14T20:00"]);
    assert_eq!(evening.digest(&berlin("18:00", "2025-01-15")).streak, Some(Streak { days: 2, at_least: false }));
    let also_today = evening.session("wednesday", &["2025-01-15T17:59"]);
    assert_eq!(also_today.digest(&berlin("18:00", "2025-01-15")).streak.unwrap().days, 3);
    assert_eq!(streak("18:00", "2025-01-15", &[13, 15]), Some(1), "Tuesday is over and breaks");
    // Later on the same day is after the window.
    let later = usage(Tz::Europe__Berlin).session("x", &["2025-01-14T20:00", "2025-01-15T18:00"]);
    assert_eq!(later.digest(&berlin("18:00", "2025-01-15")).streak.unwrap().days, 1);
}

#[test]
fn a_calendar_of_days_off_does_not_break() {
    let mut schedule = schedule(Tz::Europe__Berlin, "09:00");
    schedule.days_off = ["2024-12-25", "2024-12-26", "2025-01-01"].map(date).into();
    let days = ["2024-12-23", "2024-12-24", "2024-12-27", "2024-12-30", "2024-12-31", "2025-01-02"];
    let usage = usage(Tz::Europe__Berlin).daily(&days, 1, 0);
    let digest = usage.digest(&schedule.window_at(date("2025-01-03")));
    assert_eq!(digest.streak, Some(Streak { days: 6, at_least: false }));
}

#[test]
fn a_streak_as_long_as_the_history_is_at_least_that_long() {
    let every_day: Vec<_> = (0..120).map(|back| (date("2025-06-30") - Days::new(back)).to_string()).collect();
    let every_day: Vec<_> = every_day.iter().map(String::as_str).collect();
    let schedule = schedule(Tz::Europe__Berlin, "09:00");
    // June 30 was a Monday, so the window of Tuesday holds it alone.
    let window = schedule.window_at(date("2025-07-01"));
    let whole = usage(Tz::Europe__Berlin).daily(&every_day, 1, 0).digest(&window);
    assert_eq!(whole.streak, Some(Streak { days: 90, at_least: true }));
    let exact = usage(Tz::Europe__Berlin).daily(&every_day[..89], 1, 0).digest(&window);
    assert_eq!(window.history[0].date, date("2025-04-02"), "a Wednesday");
    assert_eq!(exact.streak, Some(Streak { days: 89, at_least: false }));
}
