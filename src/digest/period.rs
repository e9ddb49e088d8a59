//! The dates that a digest is titled with.

use crate::schedule::{Covers, DailyWindow, date_at};
use chrono::NaiveDate;
use serde::Serialize;

/// The window in words' terms.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Period {
    pub first: NaiveDate,
    pub last: NaiveDate,
    /// More than one date.
    pub several_days: bool,
    /// `18:00` of an evening window.
    pub up_to: Option<String>,
    /// The IANA zone's name.
    pub zone: String,
}

impl Period {
    /// Titles `window`: an evening after days off begins on the date of its first instant, which is that of the
    /// occurrence before it.
    pub(super) fn of(window: &DailyWindow) -> Self {
        let evening = window.covers == Covers::Evening;
        let last = window.days.last().map_or_else(|| window.reported().end.date_naive(), |day| day.date);
        let first = match window.days.as_slice() {
            [first, _, ..] if evening => date_at(window.zone, first.start).min(first.date),
            [first, ..] => first.date,
            [] => last,
        };
        Self {
            first,
            last,
            several_days: first != last,
            up_to: evening.then(|| window.time.to_string()),
            zone: window.zone.name().to_owned(),
        }
    }
}
