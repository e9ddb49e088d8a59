//! Which form of window a daily digest covers.

use super::{LocalTime, ParseError};
use chrono::NaiveTime;
use std::{fmt, str::FromStr};

/// Before this time of day a digest is a morning one, unless its member chose otherwise.
const NOON: NaiveTime = match NaiveTime::from_hms_opt(12, 0, 0) {
    Some(noon) => noon,
    None => NaiveTime::MIN,
};

/// Which form of window a digest covers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Covers {
    /// Whole local days: from the start of the previous occurrence's day to the start of this one's.
    Morning,
    /// From the previous occurrence to this one, "up to 18:00".
    Evening,
}

impl Covers {
    /// The form for a digest at `time`: before 12:00 the whole days before it, else up to it.
    pub fn at(time: LocalTime) -> Self {
        if time.time() < NOON { Self::Morning } else { Self::Evening }
    }
}

impl fmt::Display for Covers {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Morning => "morning",
            Self::Evening => "evening",
        })
    }
}

impl FromStr for Covers {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        match text {
            "morning" => Ok(Self::Morning),
            "evening" => Ok(Self::Evening),
            _ => Err(ParseError(format!("`{}` is neither morning nor evening", text.escape_debug()))),
        }
    }
}
