//! Instants of a local calendar: where a day begins and when a wall clock shows a time, clock changes included.

use chrono::{DateTime, Days, LocalResult, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, TimeZone, Utc};
use chrono_tz::Tz;

/// No zone was ever further from UTC than Manila's 15:56 before 1844.
const FURTHEST_OFFSET: TimeDelta = TimeDelta::hours(24);

/// The first instant of `date`, also where midnight does not exist. Where a zone skipped the whole date, the
/// first instant after it.
pub fn start_of_day(zone: Tz, date: NaiveDate) -> DateTime<Utc> {
    instant_of(zone, date, NaiveTime::MIN)
}

/// When the wall clock of `zone` shows `time` on `date`: the first of two where clocks go back over it, the first
/// valid instant after it where they leap over it.
pub fn instant_of(zone: Tz, date: NaiveDate, time: NaiveTime) -> DateTime<Utc> {
    let local = date.and_time(time);
    match zone.from_local_datetime(&local) {
        LocalResult::Single(instant) => instant.to_utc(),
        LocalResult::Ambiguous(one, other) => one.min(other).to_utc(),
        LocalResult::None => end_of_gap(zone, local),
    }
}

/// The local date at `instant`.
pub fn date_at(zone: Tz, instant: DateTime<Utc>) -> NaiveDate {
    instant.with_timezone(&zone).date_naive()
}

/// Whether `zone` had `date` at all: Pacific/Apia went from 2011-12-29 to 2011-12-31.
pub fn has_date(zone: Tz, date: NaiveDate) -> bool {
    date_at(zone, start_of_day(zone, date)) == date
}

/// `date` if the zone had it, and the dates before it that the zone had, latest first.
pub fn dates_back_from(zone: Tz, date: NaiveDate) -> impl Iterator<Item = NaiveDate> {
    std::iter::successors(Some(date), NaiveDate::pred_opt).filter(move |date| has_date(zone, *date))
}

/// The day after `date`, by the calendar.
pub fn day_after(date: NaiveDate) -> NaiveDate {
    date.checked_add_days(Days::new(1)).unwrap_or(date)
}

/// The instant at which the clock leapt over `local`, to the second.
fn end_of_gap(zone: Tz, local: NaiveDateTime) -> DateTime<Utc> {
    let mut before = local.and_utc() - FURTHEST_OFFSET;
    let mut after = local.and_utc() + FURTHEST_OFFSET;
    while after - before > TimeDelta::seconds(1) {
        let middle = before + TimeDelta::seconds((after - before).num_seconds() / 2);
        if middle.with_timezone(&zone).naive_local() < local {
            before = middle;
        } else {
            after = middle;
        }
    }
    after
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono_tz::TZ_VARIANTS;
    use proptest::prelude::*;

    fn date(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn instant(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    #[test]
    fn a_day_begins_at_its_first_instant_in_every_zone() {
        for (zone, day, begins) in [
            (Tz::UTC, "2025-01-15", "2025-01-15T00:00:00Z"),
            (Tz::Europe__Berlin, "2025-01-15", "2025-01-14T23:00:00Z"),
            (Tz::Asia__Kathmandu, "2025-01-15", "2025-01-14T18:15:00Z"),
            (Tz::Pacific__Kiritimati, "2025-01-15", "2025-01-14T10:00:00Z"),
            (Tz::Pacific__Apia, "2025-01-15", "2025-01-14T11:00:00Z"),
            // Clocks leap from 24:00 to 01:00: there is no midnight.
            (Tz::Africa__Cairo, "2024-04-26", "2024-04-25T22:00:00Z"),
            (Tz::America__Santiago, "2024-09-08", "2024-09-08T04:00:00Z"),
            // Clocks go back from 24:00 to 23:00, so the day before has 25 hours.
            (Tz::America__Santiago, "2024-04-07", "2024-04-07T04:00:00Z"),
            // Clocks go back from 01:00 to 00:00: midnight comes twice, the first counts.
            (Tz::America__Havana, "2024-11-03", "2024-11-03T04:00:00Z"),
            // Clocks went back from 00:01 to 23:01: the day began, and then the day before returned.
            (Tz::America__St_Johns, "2010-11-07", "2010-11-07T02:30:00Z"),
            // The whole date was skipped.
            (Tz::Pacific__Apia, "2011-12-30", "2011-12-30T10:00:00Z"),
            (Tz::Pacific__Apia, "2011-12-31", "2011-12-30T10:00:00Z"),
        ] {
            assert_eq!(start_of_day(zone, date(day)), instant(begins), "{zone} {day}");
        }
    }

    #[test]
    fn a_time_in_a_gap_is_the_first_instant_after_it_and_in_an_overlap_the_first_of_two() {
        for (zone, day, time, expected) in [
            (Tz::Europe__Berlin, "2025-03-30", "02:30:00", "2025-03-30T01:00:00Z"),
            (Tz::Europe__Berlin, "2025-10-26", "02:30:00", "2025-10-26T00:30:00Z"),
            (Tz::Australia__Lord_Howe, "2024-10-06", "02:15:00", "2024-10-05T15:30:00Z"),
            (Tz::Australia__Lord_Howe, "2025-04-06", "01:45:00", "2025-04-05T14:45:00Z"),
            (Tz::Africa__Cairo, "2024-04-26", "00:15:00", "2024-04-25T22:00:00Z"),
            // Clocks leap from 23:00 on Saturday to 00:00 on Sunday.
            (Tz::America__Nuuk, "2025-03-29", "23:30:00", "2025-03-30T01:00:00Z"),
            (Tz::Pacific__Apia, "2011-12-30", "18:00:00", "2011-12-30T10:00:00Z"),
        ] {
            let found = instant_of(zone, date(day), time.parse().unwrap());
            assert_eq!(found, instant(expected), "{zone} {day} {time}");
        }
    }

    #[test]
    fn a_skipped_date_is_no_date() {
        assert!(!has_date(Tz::Pacific__Apia, date("2011-12-30")));
        assert!(!has_date(Tz::Pacific__Kwajalein, date("1993-08-21")));
        let dates: Vec<_> = dates_back_from(Tz::Pacific__Apia, date("2011-12-31")).take(2).collect();
        assert_eq!(dates, [date("2011-12-31"), date("2011-12-29")]);
    }

    /// The same answer by looking at every minute around.
    fn first_minute_of(zone: Tz, date: NaiveDate) -> Option<DateTime<Utc>> {
        let midnight = date.and_time(NaiveTime::MIN).and_utc();
        (-16 * 60..=40 * 60)
            .map(|minute| midnight + TimeDelta::minutes(minute))
            .find(|instant| date_at(zone, *instant) == date)
    }

    proptest! {
        #[test]
        fn start_of_day_is_the_first_instant_of_its_date(
            zone in proptest::sample::select(TZ_VARIANTS.to_vec()),
            day in 0_u64..22_000,
        ) {
            let date = date("1975-01-01") + Days::new(day);
            match first_minute_of(zone, date) {
                Some(minute) => prop_assert_eq!(start_of_day(zone, date), minute),
                None => prop_assert!(!has_date(zone, date)),
            }
        }
    }
}
