//! Dates, times and lengths as iCalendar writes them.

use super::shown;
use chrono::{Datelike, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, TimeZone};
use chrono_tz::Tz;

/// A date, or a date and time, as written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Moment {
    pub(super) date: NaiveDate,
    /// None in an all-day event.
    pub(super) time: Option<NaiveTime>,
    utc: bool,
}

impl Moment {
    /// Reads `20261225`, `20261225T090000` or `20261225T090000Z`; of a period, its start.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let refused = || format!("`{}` is not a date or time of iCalendar, as in 20261225", shown(text));
        let text = text.split('/').next().unwrap_or_default();
        let (rest, utc) = text.strip_suffix(['Z', 'z']).map_or((text, false), |rest| (rest, true));
        let (date, time) = rest.split_once(['T', 't']).map_or((rest, None), |(date, time)| (date, Some(time)));
        let is_digits = |part: &str, length| part.len() == length && part.bytes().all(|byte| byte.is_ascii_digit());
        if !is_digits(date, 8) || time.is_some_and(|time| !is_digits(time, 6)) || (utc && time.is_none()) {
            return Err(refused());
        }
        let date = NaiveDate::parse_from_str(date, "%Y%m%d").ok().filter(|date| date.year() > 0);
        let time = time.map(|time| NaiveTime::parse_from_str(time, "%H%M%S")).transpose().map_err(|_| refused())?;
        Ok(Self { date: date.ok_or_else(refused)?, time, utc })
    }

    /// As written; midnight where there is no time.
    pub(super) fn written(self) -> NaiveDateTime {
        self.date.and_time(self.time.unwrap_or(NaiveTime::MIN))
    }

    /// As it is written in `zone`, if that is known; a UTC time is converted.
    pub(super) fn written_in(self, zone: Option<Tz>) -> NaiveDateTime {
        match zone {
            Some(zone) if self.utc => zone.from_utc_datetime(&self.written()).naive_local(),
            _ => self.written(),
        }
    }
}

/// Reads a length such as `P1D`, `PT8H30M` or `P2W`.
pub(super) fn length(text: &str) -> Result<TimeDelta, String> {
    let refused = || format!("`{}` is not a length of time, as in P1D", shown(text));
    let mut rest =
        text.trim_start_matches('+').strip_prefix('P').filter(|rest| !rest.is_empty()).ok_or_else(refused)?;
    let (mut total, mut in_time) = (TimeDelta::zero(), false);
    while !rest.is_empty() {
        if let (Some(time), false) = (rest.strip_prefix('T'), in_time) {
            (rest, in_time) = (time, true);
        }
        let end = rest.find(|letter: char| !letter.is_ascii_digit()).ok_or_else(refused)?;
        let (digits, tail) = rest.split_at(end);
        let unit = tail.chars().next().ok_or_else(refused)?;
        let seconds = match (unit, in_time) {
            ('W', false) => 7 * 86_400,
            ('D', false) => 86_400,
            ('H', true) => 3_600,
            ('M', true) => 60,
            ('S', true) => 1,
            _ => return Err(refused()),
        };
        let number: i64 = digits.parse().map_err(|_| refused())?;
        let part = number.checked_mul(seconds).and_then(TimeDelta::try_seconds);
        total = part.and_then(|part| total.checked_add(&part)).ok_or_else(refused)?;
        rest = tail.strip_prefix(unit).unwrap_or_default();
    }
    Ok(total)
}
