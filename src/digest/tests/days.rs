//! Which day a session falls on, and how the dates are titled.

use super::{EVERYTHING, Tz, berlin, date, schedule, usage};
use crate::digest::{DailyOptions, Period};

fn titled(period: &Period) -> String {
    let up_to = period.up_to.as_ref().map(|time| format!(" up to {time}")).unwrap_or_default();
    assert_eq!(period.several_days, period.first != period.last);
    format!("{} - {}{up_to} {}", period.first.format("%a %d"), period.last.format("%a %d"), period.zone)
}

#[test]
fn windows_are_titled_by_their_dates() {
    for (time, occurrence, title) in [
        ("09:00", "2025-01-16", "Wed 15 - Wed 15 Europe/Berlin"),
        ("09:00", "2025-01-20", "Fri 17 - Sun 19 Europe/Berlin"),
        ("18:00", "2025-01-15", "Wed 15 - Wed 15 up to 18:00 Europe/Berlin"),
        ("18:00", "2025-01-20", "Fri 17 - Mon 20 up to 18:00 Europe/Berlin"),
    ] {
        let digest = usage(Tz::Europe__Berlin).digest(&berlin(time, occurrence));
        assert_eq!(titled(&digest.period), title, "{time} {occurrence}");
    }
    let preview = schedule(Tz::Europe__Berlin, "18:00").window_covering(date("2025-01-18"));
    let digest = usage(Tz::Europe__Berlin).digest(&preview);
    assert_eq!(titled(&digest.period), "Fri 17 - Sat 18 Europe/Berlin");
}

#[test]
fn a_window_after_a_move_is_titled_from_its_first_instant() {
    for (time, start, title) in [
        ("09:00", "2025-01-13T17:00:00Z", "Mon 13 - Tue 14 Europe/Berlin"),
        ("09:00", "2025-01-14T04:00:00Z", "Tue 14 - Tue 14 Europe/Berlin"),
        ("18:00", "2025-01-14T02:00:00Z", "Tue 14 - Wed 15 up to 18:00 Europe/Berlin"),
        ("18:00", "2025-01-15T02:00:00Z", "Wed 15 - Wed 15 up to 18:00 Europe/Berlin"),
    ] {
        let window = schedule(Tz::Europe__Berlin, time).window_from(date("2025-01-15"), start.parse().unwrap());
        assert_eq!(titled(&usage(Tz::Europe__Berlin).digest(&window).period), title, "{time} {start}");
    }
}

#[test]
fn a_window_of_three_days_counts_a_session_once() {
    let usage = usage(Tz::Europe__Berlin)
        .session("weekend", &["2025-01-17T16:00", "2025-01-18T11:00", "2025-01-19T22:00"])
        .session("friday", &["2025-01-17T09:00"])
        .session("sunday", &["2025-01-19T09:00"])
        .session("before", &["2025-01-16T23:59"])
        .session("after", &["2025-01-20T00:00"]);
    let digest = usage.digest(&berlin("09:00", "2025-01-20"));
    assert_eq!(digest.sessions.total, 3);
    let chart: Vec<_> = digest.chart.iter().map(|day| (day.date.to_string(), day.sessions)).collect();
    let expected = [("13", 0), ("14", 0), ("15", 0), ("16", 1), ("17", 2), ("18", 1), ("19", 2)];
    assert_eq!(chart, expected.map(|(day, sessions)| (format!("2025-01-{day}"), sessions)));
}

#[test]
fn a_session_across_midnight_counts_on_both_days() {
    let usage = usage(Tz::Europe__Berlin).session("night", &["2025-01-14T23:50", "2025-01-15T00:10"]);
    for occurrence in ["2025-01-15", "2025-01-16"] {
        let digest = usage.digest(&berlin("09:00", occurrence));
        assert_eq!(digest.sessions.total, 1, "{occurrence}");
    }
    assert!(usage.digest(&berlin("09:00", "2025-01-17")).empty);
    // Another zone's midnight lies elsewhere.
    let kathmandu = schedule(Tz::Asia__Kathmandu, "09:00");
    assert!(usage.digest(&kathmandu.window_at(date("2025-01-15"))).empty);
    assert_eq!(usage.digest(&kathmandu.window_at(date("2025-01-16"))).sessions.total, 1);
}

#[test]
fn an_evening_window_begins_and_ends_on_the_minute() {
    let usage = usage(Tz::Europe__Berlin)
        .session("too early", &["2025-01-14T17:59"])
        .session("first", &["2025-01-14T18:00"])
        .session("last", &["2025-01-15T17:59"])
        .session("too late", &["2025-01-15T18:00"]);
    assert_eq!(usage.digest(&berlin("18:00", "2025-01-15")).sessions.total, 2);
}

#[test]
fn days_of_23_and_25_hours_keep_their_first_and_last_minutes() {
    for (day, next) in [("2025-03-30", "2025-03-31"), ("2025-10-26", "2025-10-27")] {
        let usage = usage(Tz::Europe__Berlin)
            .session("first", &[&format!("{day}T00:00")])
            .session("changed", &[&format!("{day}T02:30")])
            .session("last", &[&format!("{day}T23:59")])
            .session("next", &[&format!("{next}T00:00")]);
        let mut schedule = schedule(Tz::Europe__Berlin, "09:00");
        schedule.weekdays = crate::model::Weekdays::EVERY_DAY;
        let digest = usage.digest(&schedule.window_at(date(next)));
        assert_eq!(digest.sessions.total, 3, "{day}");
        assert_eq!(digest.chart.last().map(|last| (last.date, last.sessions)), Some((date(day), 3)));
    }
}

#[test]
fn a_zone_east_of_utc_plus_12_has_its_own_dates() {
    for zone in [Tz::Pacific__Kiritimati, Tz::Pacific__Apia, Tz::Pacific__Chatham] {
        let usage = usage(zone)
            .session("first", &["2025-01-15T00:00"])
            .session("last", &["2025-01-15T23:59"])
            .session("next", &["2025-01-16T00:00"]);
        let digest = usage.digest(&schedule(zone, "09:00").window_at(date("2025-01-16")));
        assert_eq!(digest.sessions.total, 2, "{zone}");
        assert_eq!(digest.period.first, date("2025-01-15"));
    }
}

#[test]
fn a_window_over_a_skipped_date_has_no_such_day() {
    let usage =
        usage(Tz::Pacific__Apia).session("thursday", &["2011-12-29T23:59"]).session("saturday", &["2011-12-31T00:00"]);
    let digest = usage.digest(&schedule(Tz::Pacific__Apia, "09:00").window_at(date("2012-01-02")));
    assert_eq!((digest.sessions.total, titled(&digest.period)), (2, "Thu 29 - Sun 01 Pacific/Apia".to_owned()));
    assert!(digest.chart.iter().all(|day| day.date != date("2011-12-30")));
}

#[test]
fn the_first_digest_ever_says_so_and_when_the_next_one_comes() {
    let schedule = schedule(Tz::Europe__Berlin, "09:00");
    let next = schedule.next_occurrence("2025-03-28T12:00:00Z".parse().unwrap());
    let options = DailyOptions { first: true, opt_out: true, next, ..EVERYTHING };
    let usage = usage(Tz::Europe__Berlin).session("a", &["2025-03-27T10:00"]);
    let digest = usage.digest_with(&schedule.window_at(date("2025-03-28")), &options);
    assert!(digest.first && digest.opt_out && !digest.empty);
    assert_eq!(digest.next.unwrap().to_string(), "2025-03-31 09:00:00");
    assert_eq!((digest.sessions.total, digest.sessions.change), (1, None));
    assert_eq!(digest.streak.unwrap().days, 1);
}
