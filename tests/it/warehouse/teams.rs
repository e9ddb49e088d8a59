//! The questions about teams, in every shape.

mod arriving;
mod numbers;
mod skills;
mod values;

use super::asking::{ADA, BOB, all, open, open_with};
use chrono::{DateTime, Datelike, NaiveDate, Utc};
use chrono_tz::Tz;
use recap::schedule::WeeklyWindow;

const CARA: &str = "cara@example.com";

/// The week of Monday, January 13, 2025; the 28 days before it begin on December 16.
fn week() -> WeeklyWindow {
    WeeklyWindow::of(Tz::UTC, "2025-01-13".parse::<NaiveDate>().unwrap().iso_week())
}

fn instant(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

/// A piece by the date that it begins on, such as `01-15`.
fn date(start_ms: i64) -> String {
    DateTime::from_timestamp_millis(start_ms).unwrap().format("%m-%d").to_string()
}
