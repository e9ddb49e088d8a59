//! Calendars: files that name days off, as a list of dates or as iCalendar (RFC 5545).

mod content;
mod event;
mod list;
mod moment;
mod recurrence;
#[cfg(test)]
mod tests;

use chrono::{Datelike, NaiveDate};
use std::{collections::BTreeSet, fmt::Display, ops::RangeInclusive};

/// A larger file is no calendar of days off.
pub const LARGEST_CALENDAR: usize = 1024 * 1024;
/// The years in which events that recur for ever are told.
pub const CALENDAR_YEARS: RangeInclusive<i32> = 2000..=2099;
/// Days that the events of one file may come to, repeated ones each time, and rules by which events recur. Far more than
/// a calendar of days off needs, and soon counted.
const MOST_DAYS: u32 = 100_000;
const MOST_RULES: u32 = 500;

/// Why a calendar cannot be used, as a clause without a full stop.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CalendarError {
    #[error("is larger than 1 MiB, too large for a calendar of days off")]
    TooLarge,
    #[error("line {line}: {reason}")]
    Line { line: usize, reason: String },
}

impl CalendarError {
    fn at(line: usize, reason: impl Display) -> Self {
        Self::Line { line, reason: reason.to_string() }
    }
}

/// The days off that `text` names: a date a line (`2026-12-25`, text after it and `#` comments allowed), or iCalendar.
///
/// Of iCalendar, every event that is not cancelled makes the dates that it touches days off, as they are written, in
/// whatever zone: all-day events up to the day before their end, others up to the moment before it. Of events only the
/// days in `years` are told; those that recur do so by their rule (RRULE), the added (RDATE) and the excluded dates
/// (EXDATE), and an instance that was moved (RECURRENCE-ID) counts where it was moved to.
///
/// # Errors
/// When a line cannot be read, an event recurs within a day or never, or all come to more days than a calendar has.
pub fn parse_calendar(text: &str, years: RangeInclusive<i32>) -> Result<BTreeSet<NaiveDate>, CalendarError> {
    if text.len() > LARGEST_CALENDAR {
        return Err(CalendarError::TooLarge);
    }
    let text = text.trim_start_matches('\u{feff}');
    let first = text.lines().map(str::trim).find(|line| !line.is_empty());
    if !first.is_some_and(|line| line.eq_ignore_ascii_case("BEGIN:VCALENDAR")) {
        return list::dates(text);
    }
    let events = content::events(text)?;
    let mut days = DaysOff { dates: BTreeSet::new(), years, days_left: MOST_DAYS, rules_left: MOST_RULES };
    event::add_all(&events, &mut days)?;
    Ok(days.dates)
}

/// The days found so far, and how many more may come.
#[derive(Debug)]
struct DaysOff {
    dates: BTreeSet<NaiveDate>,
    years: RangeInclusive<i32>,
    days_left: u32,
    rules_left: u32,
}

impl DaysOff {
    /// Adds the dates from `first` to `last` that are in the years asked for.
    fn add(&mut self, first: NaiveDate, last: NaiveDate) -> Result<(), String> {
        let earliest = NaiveDate::from_ymd_opt(*self.years.start(), 1, 1).unwrap_or(NaiveDate::MIN);
        for date in first.max(earliest).iter_days().take_while(|date| *date <= last) {
            if date.year() > *self.years.end() {
                break;
            }
            self.count_day()?;
            self.dates.insert(date);
        }
        Ok(())
    }

    fn count_day(&mut self) -> Result<(), String> {
        let left = self.days_left.checked_sub(1);
        self.days_left = left.ok_or_else(|| format!("the events come to more than {MOST_DAYS} days"))?;
        Ok(())
    }

    fn count_rule(&mut self) -> Result<(), String> {
        let left = self.rules_left.checked_sub(1);
        self.rules_left = left.ok_or_else(|| format!("more than {MOST_RULES} events recur"))?;
        Ok(())
    }
}

/// `text` as it may stand in a message: escaped, and cut where it is long.
fn shown(text: &str) -> String {
    const LONGEST: usize = 60;
    let mut cut: String = text.chars().take(LONGEST).collect();
    if cut.len() < text.len() {
        cut.push('…');
    }
    cut.escape_debug().to_string()
}
