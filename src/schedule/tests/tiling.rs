//! What holds for every window: windows of consecutive occurrences tile time, each with one working day.

use super::{HARD_ZONES, TIMES, any_schedule, date, schedule};
use crate::{
    model::Weekdays,
    schedule::{Covers, DailySchedule, DailyWindow, date_at, local::has_date},
};
use chrono::{Datelike, Days, NaiveDate};
use chrono_tz::Tz;
use proptest::prelude::*;

/// Everything that must hold of one window by itself.
fn check_window(schedule: &DailySchedule, window: &DailyWindow) {
    let days: Vec<_> = window.all_days().collect();
    assert!(days.iter().all(|day| day.start < day.end), "{window:?}");
    assert!(days.windows(2).all(|pair| pair[0].end == pair[1].start), "{window:?}");
    assert!(window.history.windows(2).all(|pair| pair[0].end == pair[1].start), "{window:?}");
    assert_eq!(window.baseline.len(), 7);
    assert_eq!(window.history.len(), 90);
    assert_eq!(window.history_span().end, window.reported().end);
    assert_eq!(window.days.iter().filter(|day| day.working).count(), 1, "{window:?}");
    for day in days.iter().copied().chain(&window.history) {
        let mask = schedule.weekdays.contains(day.date.weekday()) && !schedule.days_off.contains(&day.date);
        assert_eq!(day.working, mask, "{day:?}");
    }
    for day in &window.history {
        assert_eq!(date_at(window.zone, day.start), day.date);
    }
}

/// Follows the occurrences from `from` on for `length` days.
fn check_tiling(schedule: &DailySchedule, from: NaiveDate, length: u64) {
    let mut previous = schedule.window_at(from);
    let mut after = schedule.occurrence_on(schedule.latest_occurrence(previous.reported().end)).unwrap();
    let mut expected = (1..).map(|day| from + Days::new(day)).filter(|date| schedule.is_working(*date));
    while date_at(schedule.zone, after) < from + Days::new(length) {
        let occurrence = schedule.next_occurrence(after).unwrap();
        let occurrence_date = schedule.latest_occurrence(occurrence);
        if occurrence_date > from {
            assert_eq!(Some(occurrence_date), expected.next(), "{schedule:?}");
            let window = schedule.window_at(occurrence_date);
            assert_eq!(window, schedule.latest_window(occurrence));
            assert_eq!(previous.reported().end, window.reported().start, "{schedule:?} {occurrence_date}");
            assert!(window.reported().end <= occurrence);
            check_window(schedule, &window);
            previous = window;
        }
        after = occurrence;
    }
}

#[test]
fn windows_of_consecutive_occurrences_tile_400_days_in_hard_zones() {
    for zone in HARD_ZONES {
        for time in TIMES {
            check_tiling(&schedule(zone, time), date("2024-02-01"), 400);
        }
    }
    for covers in [Covers::Morning, Covers::Evening] {
        let schedule = DailySchedule { covers, weekdays: Weekdays::EVERY_DAY, ..schedule(Tz::Pacific__Apia, "09:00") };
        check_tiling(&schedule, date("2011-11-01"), 400);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn windows_of_consecutive_occurrences_tile_time_in_any_zone((schedule, from) in any_schedule()) {
        check_tiling(&schedule, from, 400);
    }

    #[test]
    fn a_preview_ends_with_its_last_day_and_holds_one_working_day((schedule, last) in any_schedule()) {
        let window = schedule.window_covering(last);
        check_window(&schedule, &window);
        prop_assert!(window.days[0].working);
        prop_assert_eq!(window.covers, Covers::Morning);
        if has_date(schedule.zone, last) {
            prop_assert_eq!(window.days.last().unwrap().date, last);
        }
    }
}
