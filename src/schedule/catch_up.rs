//! Catching up: until when a late delivery is still sent.

use super::local::{day_after, instant_of, start_of_day};
use crate::model::LocalTime;
use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, Utc};
use chrono_tz::Tz;

/// Within this much nothing counts as late (scheduling-and-delivery.md, section 2).
const PUNCTUAL: TimeDelta = TimeDelta::minutes(15);
/// A late local time is caught up for this long beyond `latest_local_hour`, to the end of its date.
const AFTER_LOCAL_TIME: TimeDelta = TimeDelta::hours(1);

/// The limits of catching up, from the settings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CatchUp {
    /// How late at most.
    pub hours: u32,
    /// The local hour from which nothing late is sent any more; from 24 on the end of the date.
    pub latest_local_hour: u32,
}

impl CatchUp {
    /// The instant from which the delivery of the occurrence on `date` at `time` is no longer sent. `send_at` is the
    /// occurrence with its jitter.
    pub fn expires(&self, zone: Tz, time: LocalTime, date: NaiveDate, send_at: DateTime<Utc>) -> DateTime<Utc> {
        let end_of_date = start_of_day(zone, day_after(date));
        let evening = NaiveTime::from_hms_opt(self.latest_local_hour, 0, 0)
            .map_or(end_of_date, |hour| instant_of(zone, date, hour));
        let after_time = later(instant_of(zone, date, time.time()), AFTER_LOCAL_TIME);
        let too_late = later(send_at, TimeDelta::hours(self.hours.into()));
        let limit = too_late.min(end_of_date).min(evening.max(after_time));
        // A jitter can carry `send_at` over each of these limits.
        limit.max(later(send_at, PUNCTUAL))
    }
}

/// `instant` and `more`, up to the end of time.
fn later(instant: DateTime<Utc>, more: TimeDelta) -> DateTime<Utc> {
    instant.checked_add_signed(more).unwrap_or(DateTime::<Utc>::MAX_UTC)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schedule::jitter;
    use chrono_tz::TZ_VARIANTS;
    use proptest::{prelude::*, sample::select};

    const DEFAULT: CatchUp = CatchUp { hours: 4, latest_local_hour: 17 };

    fn expires(limits: CatchUp, zone: Tz, date: &str, time: &str, jitter_minutes: i64) -> String {
        let (date, time): (NaiveDate, LocalTime) = (date.parse().unwrap(), time.parse().unwrap());
        let send_at = instant_of(zone, date, time.time()) + TimeDelta::minutes(jitter_minutes);
        let expires = limits.expires(zone, time, date, send_at).with_timezone(&zone);
        expires.format("%m-%d %H:%M").to_string()
    }

    #[test]
    fn the_limits_are_hours_the_evening_and_the_end_of_the_date() {
        let unlimited = CatchUp { latest_local_hour: 24, ..DEFAULT };
        let strict = CatchUp { hours: 0, latest_local_hour: 0 };
        for (limits, time, jitter_minutes, expected) in [
            (DEFAULT, "09:00", 0, "01-15 13:00"),
            (DEFAULT, "09:00", 20, "01-15 13:20"),
            (DEFAULT, "15:00", 0, "01-15 17:00"),
            // The later of 17:00 and an hour after the local time.
            (DEFAULT, "16:30", 0, "01-15 17:30"),
            (DEFAULT, "18:00", 0, "01-15 19:00"),
            (DEFAULT, "23:30", 0, "01-16 00:00"),
            // Within 15 minutes nothing is late, over midnight too.
            (DEFAULT, "23:55", 0, "01-16 00:10"),
            (DEFAULT, "23:30", 45, "01-16 00:30"),
            (DEFAULT, "18:00", 90, "01-15 19:45"),
            (DEFAULT, "00:15", 0, "01-15 04:15"),
            (unlimited, "18:00", 0, "01-15 22:00"),
            (unlimited, "21:00", 0, "01-16 00:00"),
            (strict, "09:00", 0, "01-15 09:15"),
            (CatchUp { hours: 1, latest_local_hour: 0 }, "09:00", 0, "01-15 10:00"),
            (CatchUp { hours: u32::MAX, latest_local_hour: u32::MAX }, "09:00", 0, "01-16 00:00"),
        ] {
            let found = expires(limits, Tz::Europe__Berlin, "2025-01-15", time, jitter_minutes);
            assert_eq!(found, expected, "{limits:?} {time} + {jitter_minutes}");
        }
    }

    #[test]
    fn hours_are_hours_when_clocks_change() {
        for (zone, date, time, expected) in [
            // 02:00 leaps to 03:00: 01:00 and four hours is 06:00.
            (Tz::Europe__Berlin, "2025-03-30", "01:00", "03-30 06:00"),
            (Tz::Europe__Berlin, "2025-10-26", "01:00", "10-26 04:00"),
            // The occurrence itself leapt over midnight, so its date is over.
            (Tz::America__Nuuk, "2025-03-29", "23:30", "03-30 00:15"),
            // The date after was skipped.
            (Tz::Pacific__Apia, "2011-12-29", "23:30", "12-31 00:00"),
        ] {
            assert_eq!(expires(DEFAULT, zone, date, time, 0), expected, "{zone} {date} {time}");
        }
    }

    proptest! {
        #[test]
        fn nothing_is_late_within_15_minutes_nor_sent_after_the_limits(
            zone in select(TZ_VARIANTS.to_vec()),
            day in 0_u64..30_000,
            minute in 0..24 * 60,
            hours in 0_u32..30,
            latest_local_hour in 0_u32..26,
            recipient in "U[A-Z0-9]{8}",
            jitter_minutes in 0_u32..200,
        ) {
            let date = NaiveDate::from_ymd_opt(1970, 1, 1).unwrap() + chrono::Days::new(day);
            let time: LocalTime = format!("{:02}:{:02}", minute / 60, minute % 60).parse().unwrap();
            let send_at = instant_of(zone, date, time.time()) + jitter(&recipient, jitter_minutes);
            let expires = CatchUp { hours, latest_local_hour }.expires(zone, time, date, send_at);
            prop_assert!(expires >= send_at + PUNCTUAL);
            if expires > send_at + PUNCTUAL {
                prop_assert!(expires <= send_at + TimeDelta::hours(hours.into()));
                prop_assert!(expires <= start_of_day(zone, day_after(date)));
                let hour = (expires - TimeDelta::seconds(1)).with_timezone(&zone).naive_local();
                let in_time = latest_local_hour > 23
                    || hour < date.and_hms_opt(latest_local_hour, 0, 0).unwrap() + TimeDelta::hours(1)
                    || expires <= instant_of(zone, date, time.time()) + AFTER_LOCAL_TIME;
                prop_assert!(in_time, "{} {}", expires, hour);
            }
        }
    }
}
