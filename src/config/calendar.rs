//! Calendars that settings and commands name: files of days off.

use crate::schedule::{CALENDAR_YEARS, CalendarError, LARGEST_CALENDAR, parse_calendar};
use chrono::NaiveDate;
use std::{
    collections::BTreeSet,
    fs::File,
    io::{self, Read},
    ops::RangeInclusive,
    path::{Path, PathBuf},
};

/// A file that is no calendar, as a clause without a full stop.
#[derive(Debug, thiserror::Error)]
pub enum CalendarFileError {
    #[error("the calendar `{}` cannot be read", .path.display())]
    Unreadable { path: PathBuf, source: io::Error },
    #[error("the calendar `{}` cannot be used", .path.display())]
    Faulty { path: PathBuf, source: CalendarError },
}

/// The days off in the file at `path`; see [`parse_calendar`] for its form and for `years`.
pub fn load_calendar(path: &Path, years: RangeInclusive<i32>) -> Result<BTreeSet<NaiveDate>, CalendarFileError> {
    let text = read(path).map_err(|source| CalendarFileError::Unreadable { path: path.to_owned(), source })?;
    parse_calendar(&text, years).map_err(|source| CalendarFileError::Faulty { path: path.to_owned(), source })
}

/// As `load_calendar`, with its fault as one clause.
pub(super) fn days_off(path: &Path) -> Result<BTreeSet<NaiveDate>, String> {
    load_calendar(path, CALENDAR_YEARS).map_err(|error| format!("{:#}", anyhow::Error::new(error)))
}

/// The text at `path`, up to a byte more than a calendar can have.
fn read(path: &Path) -> io::Result<String> {
    let most = u64::try_from(LARGEST_CALENDAR).unwrap_or(u64::MAX).saturating_add(1);
    let mut text = Vec::new();
    File::open(path)?.take(most).read_to_end(&mut text)?;
    // A character may be cut where the file is too large, which is told by its length.
    Ok(String::from_utf8_lossy(&text).into_owned())
}
