//! Single windows: weekends, holidays, evenings, clock changes, far zones.

use super::{date, instant, schedule};
use crate::schedule::{Covers, DailyWindow, Day};
use chrono::TimeDelta;
use chrono_tz::Tz;
use proptest::prelude::*;

fn dates(days: &[Day]) -> Vec<String> {
    days.iter().map(|day| format!("{}{}", day.date.format("%a %d"), if day.working { "" } else { " off" })).collect()
}

fn reported(window: &DailyWindow) -> String {
    let show = |instant: chrono::DateTime<chrono::Utc>| {
        instant.with_timezone(&window.zone).format("%Y-%m-%dT%H:%M:%S%:z").to_string()
    };
    format!("{} {}", show(window.reported().start), show(window.reported().end))
}

#[test]
fn the_form_goes_with_the_time_unless_chosen() {
    for (time, covers) in
        [("00:00", Covers::Morning), ("11:59", Covers::Morning), ("12:00", Covers::Evening), ("23:59", Covers::Evening)]
    {
        assert_eq!(Covers::at(time.parse().unwrap()), covers, "{time}");
    }
    let chosen = crate::schedule::DailySchedule { covers: Covers::Evening, ..schedule(Tz::UTC, "09:00") };
    assert_eq!(reported(&chosen.window_at(date("2025-01-15"))), "2025-01-14T09:00:00+00:00 2025-01-15T09:00:00+00:00");
}

#[test]
fn nine_on_monday_reports_friday_to_sunday() {
    let window = schedule(Tz::Europe__Berlin, "09:00").window_at(date("2025-01-20"));
    assert_eq!(reported(&window), "2025-01-17T00:00:00+01:00 2025-01-20T00:00:00+01:00");
    assert_eq!(dates(&window.days), ["Fri 17", "Sat 18 off", "Sun 19 off"]);
    assert_eq!(dates(&window.baseline), ["Fri 10", "Sat 11 off", "Sun 12 off", "Mon 13", "Tue 14", "Wed 15", "Thu 16"]);
    assert_eq!(window.history.len(), 90);
    assert_eq!(window.history.last(), window.days.last());
}

#[test]
fn a_holiday_joins_the_working_day_before_it() {
    let mut schedule = schedule(Tz::Europe__Berlin, "09:00");
    schedule.days_off = [date("2025-01-15"), date("2025-01-16")].into();
    let window = schedule.window_at(date("2025-01-17"));
    assert_eq!(dates(&window.days), ["Tue 14", "Wed 15 off", "Thu 16 off"]);
    // A day off has no occurrence: asked about one, the latest before it answers.
    assert_eq!(schedule.window_at(date("2025-01-16")), schedule.window_at(date("2025-01-14")));
}

#[test]
fn an_evening_window_runs_from_occurrence_to_occurrence() {
    let schedule = schedule(Tz::Europe__Berlin, "18:00");
    let wednesday = schedule.window_at(date("2025-01-15"));
    assert_eq!(reported(&wednesday), "2025-01-14T18:00:00+01:00 2025-01-15T18:00:00+01:00");
    assert_eq!(dates(&wednesday.days), ["Wed 15"]);

    let monday = schedule.window_at(date("2025-01-20"));
    assert_eq!(reported(&monday), "2025-01-17T18:00:00+01:00 2025-01-20T18:00:00+01:00");
    assert_eq!(dates(&monday.days), ["Sat 18 off", "Sun 19 off", "Mon 20"]);
    assert_eq!(dates(&monday.baseline), ["Sat 11 off", "Sun 12 off", "Mon 13", "Tue 14", "Wed 15", "Thu 16", "Fri 17"]);
    let last = monday.history.last().unwrap();
    assert_eq!((last.date, last.start), (date("2025-01-20"), instant("2025-01-19T23:00:00Z")));
    assert_eq!(last.end, instant("2025-01-20T17:00:00Z"));
}

#[test]
fn days_of_a_clock_change_have_23_and_25_hours() {
    let mut schedule = schedule(Tz::Europe__Berlin, "09:00");
    schedule.weekdays = crate::model::Weekdays::EVERY_DAY;
    for (covers, occurrence, hours) in [
        (Covers::Morning, "2025-03-31", 23),
        (Covers::Morning, "2025-10-27", 25),
        (Covers::Evening, "2025-03-30", 23),
        (Covers::Evening, "2025-10-26", 25),
        (Covers::Evening, "2025-10-27", 24),
    ] {
        schedule.covers = covers;
        let window = schedule.window_at(date(occurrence));
        let length = window.reported().end - window.reported().start;
        assert_eq!(length, TimeDelta::hours(hours), "{covers:?} {occurrence}");
    }
}

#[test]
fn a_time_in_the_gap_ends_one_window_and_begins_the_next_at_the_same_instant() {
    let mut schedule = schedule(Tz::America__Nuuk, "23:30");
    schedule.weekdays = crate::model::Weekdays::EVERY_DAY;
    // 23:00 on Saturday, March 29 leaps to 00:00 on Sunday.
    let saturday = schedule.window_at(date("2025-03-29"));
    assert_eq!(saturday.reported().end, instant("2025-03-30T01:00:00Z"));
    let sunday = schedule.window_at(date("2025-03-30"));
    assert_eq!(sunday.reported().start, saturday.reported().end);
    assert_eq!(dates(&sunday.days), ["Sun 30"]);
    assert_eq!(schedule.latest_occurrence(instant("2025-03-30T01:00:00Z")), date("2025-03-29"));
    assert_eq!(schedule.next_occurrence(instant("2025-03-30T00:59:59Z")), Some(instant("2025-03-30T01:00:00Z")));
}

#[test]
fn a_date_that_the_zone_skipped_is_no_day() {
    // 2011-12-30 was a Friday; Apia had none.
    let schedule = schedule(Tz::Pacific__Apia, "09:00");
    let window = schedule.window_at(date("2012-01-02"));
    assert_eq!(dates(&window.days), ["Thu 29", "Sat 31 off", "Sun 01 off"]);
    assert_eq!(window.baseline.len(), 7);
    let later = schedule.window_at(date("2012-01-04"));
    assert_eq!(dates(&later.baseline), ["Mon 26", "Tue 27", "Wed 28", "Thu 29", "Sat 31 off", "Sun 01 off", "Mon 02"]);
    assert_eq!(schedule.next_occurrence(instant("2011-12-29T20:00:00Z")), Some(instant("2012-01-01T19:00:00Z")));
}

#[test]
fn a_preview_covers_whole_days_back_to_a_working_day() {
    let schedule = schedule(Tz::Pacific__Kiritimati, "18:00");
    let wednesday = schedule.window_covering(date("2025-01-15"));
    assert_eq!(wednesday.covers, Covers::Morning);
    assert_eq!(reported(&wednesday), "2025-01-15T00:00:00+14:00 2025-01-16T00:00:00+14:00");
    let saturday = schedule.window_covering(date("2025-01-18"));
    assert_eq!(dates(&saturday.days), ["Fri 17", "Sat 18 off"]);
    assert_eq!(dates(&saturday.history[88..]), ["Fri 17", "Sat 18 off"]);
}

#[test]
fn the_latest_window_is_that_of_the_last_occurrence_that_was() {
    let schedule = schedule(Tz::Europe__Berlin, "09:00");
    for (now, occurrence) in [
        ("2025-01-15T08:00:00Z", "2025-01-15"),
        ("2025-01-15T07:59:59Z", "2025-01-14"),
        ("2025-01-19T12:00:00Z", "2025-01-17"),
        ("2025-01-20T07:59:59Z", "2025-01-17"),
    ] {
        assert_eq!(schedule.latest_window(instant(now)), schedule.window_at(date(occurrence)), "{now}");
    }
    assert_eq!(schedule.next_occurrence(instant("2025-01-17T08:00:00Z")), Some(instant("2025-01-20T08:00:00Z")));
}

#[test]
fn up_to_yesterday_is_what_a_morning_tells_before_its_hour_too() {
    let mut schedule = schedule(Tz::Europe__Berlin, "09:00");
    schedule.days_off = [date("2025-01-22")].into();
    for (now, days) in [
        // Wednesday, one minute before and at the hour.
        ("2025-01-15T07:59:00Z", "Tue 14"),
        ("2025-01-15T08:00:00Z", "Tue 14"),
        // The weekend, as far as it is over.
        ("2025-01-18T12:00:00Z", "Fri 17"),
        ("2025-01-19T12:00:00Z", "Fri 17, Sat 18 off"),
        // Monday begins in Berlin, and is long over in the hour before Tuesday does.
        ("2025-01-19T22:59:59Z", "Fri 17, Sat 18 off"),
        ("2025-01-19T23:00:00Z", "Fri 17, Sat 18 off, Sun 19 off"),
        ("2025-01-20T22:59:59Z", "Fri 17, Sat 18 off, Sun 19 off"),
        // A holiday, and the day after it.
        ("2025-01-22T12:00:00Z", "Tue 21"),
        ("2025-01-23T07:00:00Z", "Tue 21, Wed 22 off"),
    ] {
        assert_eq!(dates(&schedule.window_to_yesterday(instant(now)).days).join(", "), days, "{now}");
    }
    for (zone, days) in [(Tz::Pacific__Kiritimati, "Wed 15"), (Tz::Pacific__Pago_Pago, "Tue 14")] {
        let window = super::schedule(zone, "09:00").window_to_yesterday(instant("2025-01-16T09:00:00Z"));
        assert_eq!(dates(&window.days).join(", "), days, "{zone}");
    }
}

#[test]
fn an_evening_ends_on_its_own_day_so_up_to_yesterday_is_the_latest_one() {
    let schedule = schedule(Tz::Europe__Berlin, "18:00");
    for (now, end) in [
        ("2025-01-15T16:59:59Z", "2025-01-14T18:00:00+01:00"),
        ("2025-01-15T17:00:00Z", "2025-01-15T18:00:00+01:00"),
        ("2025-01-19T12:00:00Z", "2025-01-17T18:00:00+01:00"),
        ("2025-01-20T08:00:00Z", "2025-01-17T18:00:00+01:00"),
    ] {
        let window = schedule.window_to_yesterday(instant(now));
        assert_eq!(reported(&window).split(' ').nth(1), Some(end), "{now}");
    }
    // Who chose whole days for an evening hears of whole days.
    let whole = crate::schedule::DailySchedule { covers: Covers::Morning, ..schedule };
    let window = whole.window_to_yesterday(instant("2025-01-15T17:00:00Z"));
    assert_eq!(reported(&window), "2025-01-14T00:00:00+01:00 2025-01-15T00:00:00+01:00");
}

#[test]
fn a_day_so_far_is_read_with_the_week_before_it_as_its_digest_is() {
    let schedule = schedule(Tz::America__New_York, "09:00");
    let so_far = schedule.window_so_far(date("2025-01-14"), instant("2025-01-15T04:59:59Z"));
    let digest = schedule.window_at(date("2025-01-15"));
    assert_eq!((&so_far.baseline, so_far.span().start), (&digest.baseline, digest.span().start));
    assert_eq!(reported(&so_far), "2025-01-14T00:00:00-05:00 2025-01-14T23:59:59-05:00");
    assert_eq!(so_far.bounds_ms(), digest.bounds_ms());
}

proptest! {
    #[test]
    fn up_to_yesterday_is_the_window_of_a_morning_that_comes_today((schedule, from) in super::any_schedule(), minutes in 0_i64..600_000) {
        let now = from.and_time(chrono::NaiveTime::MIN).and_utc() + TimeDelta::minutes(minutes);
        let today = crate::schedule::date_at(schedule.zone, now);
        let window = schedule.window_to_yesterday(now);
        prop_assert!(window.reported().end <= now, "it is over");
        if schedule.covers == Covers::Morning && schedule.is_working(today) {
            prop_assert_eq!(window, schedule.window_at(today));
        }
    }
}

#[test]
fn bounds_and_spans_fit_together() {
    let window = schedule(Tz::Asia__Kathmandu, "18:00").window_at(date("2025-01-20"));
    let bounds = window.bounds_ms();
    assert_eq!(bounds.len(), 10);
    assert!(bounds.is_sorted_by(|a, b| a < b));
    assert_eq!(bounds[0], window.span().start.timestamp_millis());
    assert_eq!(bounds[7], window.reported().start.timestamp_millis());
    assert_eq!(window.span().end, window.reported().end);
    assert_eq!(window.history_bounds_ms()[0], window.history_span().start.timestamp_millis());
    assert_eq!(window.history_span().end, window.reported().end);
}

#[test]
fn dates_at_the_ends_of_time_do_not_panic() {
    for zone in [Tz::UTC, Tz::Pacific__Kiritimati, Tz::Pacific__Pago_Pago] {
        let schedule = schedule(zone, "18:00");
        for far in [chrono::NaiveDate::MIN, chrono::NaiveDate::MAX] {
            assert_eq!(schedule.window_at(far).history.len(), 90);
            assert!(!schedule.window_covering(far).days.is_empty());
        }
        for far in [chrono::DateTime::<chrono::Utc>::MIN_UTC, chrono::DateTime::<chrono::Utc>::MAX_UTC] {
            assert!(!schedule.latest_window(far).days.is_empty());
            assert!(!schedule.window_to_yesterday(far).days.is_empty());
            let next = schedule.next_occurrence(far);
            assert!(next.is_none_or(|next| next > far));
        }
    }
}
