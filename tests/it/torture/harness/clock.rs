//! The clock that daemons, stand-in and judge share, and the working days that it shows.

use chrono::{DateTime, Datelike, Days, NaiveDate, NaiveTime, TimeDelta, Utc, Weekday};
use recap::clock::Clock;
use std::time::Duration;

/// When a day's digests are due, in UTC.
const DUE: NaiveTime = NaiveTime::from_hms_opt(9, 0, 0).unwrap();
/// A Monday.
const FIRST: NaiveDate = NaiveDate::from_ymd_opt(2026, 1, 5).unwrap();

/// One working day, on a clock that runs `rate` times as fast as the machine's.
#[derive(Debug, Clone)]
pub struct Day {
    pub date: NaiveDate,
    pub rate: f64,
    since: DateTime<Utc>,
    start: DateTime<Utc>,
    clock: Clock,
}

impl Day {
    /// The working day of this number, now; digests are due after `lead` of the machine's time.
    pub fn dawn(number: u32, rate: f64, lead: Duration) -> Self {
        let date = working_day(number);
        let lead = TimeDelta::from_std(lead.mul_f64(rate)).unwrap();
        let (since, start) = (Clock::system().now(), date.and_time(DUE).and_utc() - lead);
        Self { date, rate, since, start, clock: Clock::running_since(since, start, rate) }
    }

    pub fn due(&self) -> DateTime<Utc> {
        self.date.and_time(DUE).and_utc()
    }

    pub fn period(&self) -> String {
        self.date.to_string()
    }

    /// The value of `RECAP_TEST_CLOCK`.
    pub fn variable(&self) -> String {
        format!("{},{},{}", self.since.timestamp_micros(), self.start.timestamp_micros(), self.rate)
    }

    pub fn clock(&self) -> &Clock {
        &self.clock
    }

    pub fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    /// So many seconds of the machine's.
    pub fn machine_seconds(&self, span: TimeDelta) -> f64 {
        span.as_seconds_f64() / self.rate
    }
}

/// The working day of this number, Monday to Friday.
pub fn working_day(number: u32) -> NaiveDate {
    let day = FIRST + Days::new(u64::from(number / 5 * 7 + number % 5));
    assert!(!matches!(day.weekday(), Weekday::Sat | Weekday::Sun), "{day}");
    day
}

/// An instant before everything: consents and settings are from then.
pub fn before_all() -> DateTime<Utc> {
    (FIRST - Days::new(1)).and_time(DUE).and_utc()
}

/// Asks `done` at short intervals; false where that took longer than `patience`.
pub async fn wait_until(patience: Duration, mut done: impl AsyncFnMut() -> bool) -> bool {
    let mut moments = tokio::time::interval(Duration::from_millis(20));
    moments.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    let asking = async {
        loop {
            moments.tick().await;
            if done().await {
                return;
            }
        }
    };
    tokio::time::timeout(patience, asking).await.is_ok()
}
