//! Dates as people type them: `monday`, `yesterday`, `2026-12-01`. Pure.

use super::tokens::Word;
use chrono::{Datelike, Days, NaiveDate, Weekday};

/// A date that may depend on what day it is where somebody is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Date {
    Today,
    Tomorrow,
    Yesterday,
    Weekday(Weekday),
    On(NaiveDate),
}

const WEEKDAYS: [(&str, Weekday); 7] = [
    ("monday", Weekday::Mon),
    ("tuesday", Weekday::Tue),
    ("wednesday", Weekday::Wed),
    ("thursday", Weekday::Thu),
    ("friday", Weekday::Fri),
    ("saturday", Weekday::Sat),
    ("sunday", Weekday::Sun),
];

impl Date {
    /// The date that these words say; `next`, `last` and `on` before it say no more.
    pub fn of(words: &[Word]) -> Option<Self> {
        let words = match words {
            [first, rest @ ..] if ["next", "last", "on", "this", "not", "no"].contains(&first.plain()) => rest,
            words => words,
        };
        let [word] = words else { return None };
        match word.plain() {
            "today" => Some(Self::Today),
            "tomorrow" => Some(Self::Tomorrow),
            "yesterday" => Some(Self::Yesterday),
            name => {
                let day = WEEKDAYS.iter().find(|(full, _)| name.len() >= 3 && full.starts_with(name));
                day.map(|(_, day)| Self::Weekday(*day)).or_else(|| written(name).map(Self::On))
            }
        }
    }

    /// The date from `today` on: a weekday is the next one after today.
    pub fn ahead(self, today: NaiveDate) -> Option<NaiveDate> {
        let days = |weekday: Weekday| 7 - u64::from(today.weekday().days_since(weekday));
        self.beside(today, |weekday| today.checked_add_days(Days::new(days(weekday))))
    }

    /// The date up to `today`: a weekday is the latest one, today included.
    pub fn back(self, today: NaiveDate) -> Option<NaiveDate> {
        self.beside(today, |weekday| today.checked_sub_days(Days::new(today.weekday().days_since(weekday).into())))
    }

    fn beside(self, today: NaiveDate, weekday: impl Fn(Weekday) -> Option<NaiveDate>) -> Option<NaiveDate> {
        match self {
            Self::Today => Some(today),
            Self::Tomorrow => today.succ_opt(),
            Self::Yesterday => today.pred_opt(),
            Self::Weekday(day) => weekday(day),
            Self::On(date) => Some(date),
        }
    }
}

/// `2026-12-01`; a year of four digits, so that days and months cannot be confused.
fn written(text: &str) -> Option<NaiveDate> {
    let date = NaiveDate::parse_from_str(text, "%Y-%m-%d").ok()?;
    (1970..=9999).contains(&date.year()).then_some(date)
}
