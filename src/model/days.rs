//! Weekdays and wall-clock times as settings write them.

use super::ParseError;
use chrono::{NaiveTime, Timelike, Weekday};
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

/// A set of weekdays that is never empty, written `mon-fri`, `mon,wed` or `sat-mon`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Weekdays(u8);

const NAMES: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

impl Weekdays {
    /// Monday to Friday.
    pub const MON_FRI: Self = Self(0b001_1111);
    /// All seven days.
    pub const EVERY_DAY: Self = Self(0b111_1111);

    /// Whether `day` is in the set.
    pub fn contains(self, day: Weekday) -> bool {
        self.0 & (1 << day.num_days_from_monday()) != 0
    }

    /// The days of the set, Monday first.
    pub fn days(self) -> impl Iterator<Item = Weekday> {
        [Weekday::Mon, Weekday::Tue, Weekday::Wed, Weekday::Thu, Weekday::Fri, Weekday::Sat, Weekday::Sun]
            .into_iter()
            .filter(move |day| self.contains(*day))
    }

    /// The day of a set that has only one.
    pub fn only(self) -> Option<Weekday> {
        let mut days = self.days();
        days.next().filter(|_| days.next().is_none())
    }
}

impl From<Weekday> for Weekdays {
    fn from(day: Weekday) -> Self {
        Self(1 << day.num_days_from_monday())
    }
}

fn day_number(text: &str) -> Result<usize, ParseError> {
    let name = text.trim().to_lowercase();
    NAMES.iter().position(|short| name == *short || (name.len() > 3 && full_name(short) == name)).ok_or_else(|| {
        ParseError(format!(
            "`{}` is not a weekday: write mon, tue, wed, thu, fri, sat or sun",
            text.trim().escape_debug()
        ))
    })
}

fn full_name(short: &str) -> String {
    let rest = match short {
        "tue" => "s",
        "wed" => "nes",
        "thu" => "rs",
        "sat" => "ur",
        _ => "",
    };
    format!("{short}{rest}day")
}

impl FromStr for Weekdays {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        if text.trim().is_empty() {
            return Err(ParseError("no day is named: write days as mon-fri or mon,wed".to_owned()));
        }
        let mut mask = 0_u8;
        for part in text.split(',') {
            let (first, last) = match part.split_once('-') {
                Some((first, last)) => (day_number(first)?, day_number(last)?),
                None => (day_number(part)?, day_number(part)?),
            };
            let length = (last + 7 - first) % 7;
            for day in first..=first + length {
                mask |= 1 << (day % 7);
            }
        }
        Ok(Self(mask))
    }
}

impl TryFrom<String> for Weekdays {
    type Error = ParseError;

    fn try_from(text: String) -> Result<Self, ParseError> {
        text.parse()
    }
}

impl From<Weekdays> for String {
    fn from(days: Weekdays) -> Self {
        days.to_string()
    }
}

impl fmt::Display for Weekdays {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if *self == Self::MON_FRI {
            return formatter.write_str("mon-fri");
        }
        if *self == Self::EVERY_DAY {
            return formatter.write_str("mon-sun");
        }
        let names: Vec<_> = self.days().map(|day| NAMES[day.num_days_from_monday() as usize]).collect();
        formatter.write_str(&names.join(","))
    }
}

/// A wall-clock time of day to the minute, written `09:00`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct LocalTime(NaiveTime);

impl LocalTime {
    /// 00:00.
    pub const MIDNIGHT: Self = Self(NaiveTime::MIN);

    /// The minute that `time` is in.
    pub fn at(time: NaiveTime) -> Self {
        Self(NaiveTime::from_hms_opt(time.hour(), time.minute(), 0).unwrap_or(NaiveTime::MIN))
    }

    /// The time of day.
    pub fn time(self) -> NaiveTime {
        self.0
    }
}

impl FromStr for LocalTime {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        NaiveTime::parse_from_str(text.trim(), "%H:%M").map(Self).map_err(|_| {
            ParseError(format!("`{}` is not a time of day: write it as 09:00", text.trim().escape_debug()))
        })
    }
}

impl TryFrom<String> for LocalTime {
    type Error = ParseError;

    fn try_from(text: String) -> Result<Self, ParseError> {
        text.parse()
    }
}

impl From<LocalTime> for String {
    fn from(time: LocalTime) -> Self {
        time.to_string()
    }
}

impl fmt::Display for LocalTime {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}", self.0.format("%H:%M"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_ranges_or_lists() {
        for (text, shown) in [
            ("mon-fri", "mon-fri"),
            ("Mon - Sun", "mon-sun"),
            ("wed,mon", "mon,wed"),
            ("sat-mon", "mon,sat,sun"),
            ("tuesday", "tue"),
            ("mon-fri,sat", "mon,tue,wed,thu,fri,sat"),
        ] {
            assert_eq!(text.parse::<Weekdays>().unwrap().to_string(), shown, "{text}");
        }
        for text in ["", "mon-", "funday", "mon;tue", "0"] {
            assert!(text.parse::<Weekdays>().is_err(), "{text}");
        }
    }

    #[test]
    fn times_are_hours_and_minutes() {
        assert_eq!("9:05".parse::<LocalTime>().unwrap().to_string(), "09:05");
        for text in ["25:00", "09:60", "nine", "", "09:00:00"] {
            assert!(text.parse::<LocalTime>().is_err(), "{text}");
        }
    }
}
