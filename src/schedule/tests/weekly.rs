//! Weekly occurrences: one in each ISO week that has a day for it.

use super::{HARD_ZONES, date, instant};
use crate::schedule::{Occurrence, WeeklySchedule};
use chrono::{DateTime, Datelike, Days, NaiveDate, TimeDelta, Utc, Weekday};
use chrono_tz::{TZ_VARIANTS, Tz};
use proptest::{prelude::*, sample::select};

fn weekly(zone: Tz, day: Weekday, days_off: &[&str]) -> WeeklySchedule {
    let days_off = days_off.iter().map(|day| date(day)).collect();
    WeeklySchedule { zone, time: "09:00".parse().unwrap(), day, days_off }
}

#[test]
fn a_day_off_moves_it_on_within_its_week() {
    // 2026-03-09 is a Monday.
    for (day, days_off, expected) in [
        (Weekday::Mon, vec![], Some("2026-03-09")),
        (Weekday::Mon, vec!["2026-03-09"], Some("2026-03-10")),
        (Weekday::Mon, vec!["2026-03-09", "2026-03-10", "2026-03-11", "2026-03-12"], Some("2026-03-13")),
        (Weekday::Mon, vec!["2026-03-09", "2026-03-10", "2026-03-11", "2026-03-12", "2026-03-13"], None),
        (Weekday::Thu, vec!["2026-03-12"], Some("2026-03-13")),
        (Weekday::Fri, vec!["2026-03-13"], None),
        (Weekday::Sat, vec![], Some("2026-03-14")),
        (Weekday::Sat, vec!["2026-03-14"], None),
        (Weekday::Sun, vec!["2026-03-14"], Some("2026-03-15")),
    ] {
        let schedule = weekly(Tz::Europe__Berlin, day, &days_off);
        let found = schedule.occurrence_in(date("2026-03-11").iso_week());
        assert_eq!(found.map(|found| found.date), expected.map(date), "{day} {days_off:?}");
        assert_eq!(schedule.usual_in(date("2026-03-11").iso_week()).unwrap().date.weekday(), day);
    }
    // Friday the 30th was not, so there was nothing to move to.
    let apia = weekly(Tz::Pacific__Apia, Weekday::Fri, &[]);
    assert_eq!(apia.occurrence_in(date("2011-12-30").iso_week()), None);
}

#[test]
fn the_next_one_keeps_its_wall_time_and_passes_over_holidays() {
    let schedule = weekly(Tz::America__New_York, Weekday::Fri, &["2026-03-13"]);
    for (after, next) in [
        ("2026-03-06T13:59:59Z", ("2026-03-06", "2026-03-06T14:00:00Z")),
        ("2026-03-06T14:00:00Z", ("2026-03-20", "2026-03-20T13:00:00Z")),
        ("2026-03-18T00:00:00Z", ("2026-03-20", "2026-03-20T13:00:00Z")),
    ] {
        let expected = Occurrence { date: date(next.0), at: instant(next.1) };
        assert_eq!(schedule.next_after(instant(after)), Some(expected), "{after}");
    }
    for far in [DateTime::<Utc>::MIN_UTC, DateTime::<Utc>::MAX_UTC] {
        assert!(schedule.next_after(far).is_none_or(|next| next.at > far));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn each_week_has_one_occurrence_or_no_day_left(
        zone in prop_oneof![select(HARD_ZONES.to_vec()), select(TZ_VARIANTS.to_vec())],
        day in 0_u8..7,
        minute in 0..24 * 60,
        from in 0_u64..20_000,
        off in prop::collection::btree_set(0_u64..400, 0..120),
    ) {
        let from: NaiveDate = date("1971-01-04") + Days::new(from / 7 * 7);
        let time = format!("{:02}:{:02}", minute / 60, minute % 60);
        let schedule = WeeklySchedule {
            time: time.parse().unwrap(),
            days_off: off.into_iter().map(|day| from + Days::new(day)).collect(),
            ..weekly(zone, Weekday::try_from(day).unwrap(), &[])
        };
        let weeks: Vec<_> = (0..56).map(|week| (from + Days::new(week * 7)).iso_week()).collect();
        let by_week: Vec<_> = weeks.iter().filter_map(|week| schedule.occurrence_in(*week)).collect();
        for (week, occurrence) in weeks.iter().filter_map(|week| Some((week, schedule.occurrence_in(*week)?))) {
            prop_assert_eq!(occurrence.date.iso_week(), *week);
            prop_assert!(!schedule.days_off.contains(&occurrence.date));
            let moved = occurrence.date.weekday() != schedule.day;
            prop_assert!(!moved || occurrence.date.weekday().num_days_from_monday() < 5);
        }
        let start = schedule.usual_in(weeks[0]).unwrap().at - TimeDelta::seconds(1);
        let mut after = start;
        for expected in by_week {
            let next = schedule.next_after(after).unwrap();
            prop_assert_eq!(next, expected);
            after = next.at;
        }
    }
}
