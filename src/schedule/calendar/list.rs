//! A list of dates, one a line.

use super::{CalendarError, shown};
use chrono::{Datelike, NaiveDate};
use std::collections::BTreeSet;

/// The dates of `text`.
pub(super) fn dates(text: &str) -> Result<BTreeSet<NaiveDate>, CalendarError> {
    let lines = text.lines().map(|line| line.split('#').next().unwrap_or_default().trim());
    let filled = lines.enumerate().filter(|(_, line)| !line.is_empty());
    filled.map(|(index, line)| date(line).map_err(|reason| CalendarError::at(index + 1, reason))).collect()
}

/// The date at the beginning of `line`; what it is called may stand after it.
fn date(line: &str) -> Result<NaiveDate, String> {
    let word = line.split(|letter: char| letter.is_whitespace() || ",;".contains(letter)).next().unwrap_or_default();
    let digits = word.split('-').map(str::len).eq([4, 2, 2]);
    let date = word.parse().ok().filter(|date: &NaiveDate| digits && date.year() > 0);
    date.ok_or_else(|| format!("`{}` is not a date: write it as 2026-12-25", shown(word)))
}
