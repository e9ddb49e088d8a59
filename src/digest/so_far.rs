//! What somebody reads who asks: today or this week so far, and up to when there is data.

use super::daily::DailyDigest;
use crate::schedule::date_at;
use chrono::{DateTime, NaiveDateTime, Utc};
use chrono_tz::Tz;
use serde::Serialize;

/// Up to when there is telemetry of anybody.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct DataTo {
    /// By the reader's clock.
    pub at: NaiveDateTime,
    /// On the day that it is for the reader now.
    pub today: bool,
}

impl DataTo {
    pub fn of(newest: DateTime<Utc>, zone: Tz, now: DateTime<Utc>) -> Self {
        Self { at: newest.with_timezone(&zone).naive_local(), today: date_at(zone, newest) == date_at(zone, now) }
    }
}

/// A digest of a window that is not over.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SoFar {
    #[serde(flatten)]
    pub digest: DailyDigest,
    /// The week rather than the day.
    pub week: bool,
    /// None where nothing came in 30 days.
    pub data_to: Option<DataTo>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn freshness_is_told_by_the_readers_clock() {
        let instant = |text: &str| text.parse::<DateTime<Utc>>().unwrap();
        for (zone, newest, shown, today) in [
            (Tz::UTC, "2025-01-15T14:32:10Z", "2025-01-15T14:32:10", true),
            (Tz::Asia__Kathmandu, "2025-01-15T14:32:10Z", "2025-01-15T20:17:10", true),
            (Tz::Asia__Tokyo, "2025-01-15T14:32:10Z", "2025-01-15T23:32:10", false),
            (Tz::UTC, "2025-01-14T23:59:59Z", "2025-01-14T23:59:59", false),
        ] {
            let data_to = DataTo::of(instant(newest), zone, instant("2025-01-15T15:00:00Z"));
            assert_eq!(data_to, DataTo { at: shown.parse().unwrap(), today }, "{zone} {newest}");
        }
    }
}
