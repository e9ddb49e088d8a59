//! The personal daily digest.

use crate::{
    schedule::DailyWindow,
    warehouse::{ActiveDays, MemberActivity, MemberSkills},
};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

/// Which parts of a daily digest are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch that a member flips by itself")]
pub struct Sections {
    pub sessions: bool,
    pub cost: bool,
    pub tokens: bool,
    pub skills: bool,
    pub streak: bool,
    pub comparison: bool,
    pub cache: bool,
    pub chart: bool,
    pub models: bool,
}

/// What somebody chose about their digest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DailyOptions {
    /// After `digest.show_cost` was applied.
    pub sections: Sections,
    /// The first digest that this member gets.
    pub first: bool,
    /// The occurrence after this one, where it is known.
    pub next: Option<DateTime<Utc>>,
    /// Where members are subscribed unless they opt out, the first digest says how to stop.
    pub opt_out: bool,
}

/// The rows that one member's digest is made from; an absent row means nothing was found.
#[derive(Debug, Clone, Copy, Default)]
pub struct DailyFacts<'a> {
    pub activity: Option<&'a MemberActivity>,
    pub skills: Option<&'a MemberSkills>,
    pub active_days: Option<&'a ActiveDays>,
}

/// One member's daily digest.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct DailyDigest {
    pub period: Period,
    /// No session in the window.
    pub empty: bool,
    pub sections: Sections,
    /// Distinct sessions in the window, compared with the 7-day average.
    pub sessions: Measure<i64>,
    /// Estimated cost in US dollars, exact to a billionth before formatting.
    pub cost: Measure<f64>,
    pub input_tokens: u64,
    pub output_tokens: u64,
    pub cache_read_tokens: u64,
    pub cache_creation_tokens: u64,
    /// Whole percent, half away from zero; none without any input.
    pub cache_hit_percent: Option<i64>,
    /// The most used, most first, at most 3.
    pub top_skills: Vec<Ranked>,
    /// How many more skills were used than are listed.
    pub more_skills: usize,
    /// The models by requests, most first, at most 5.
    pub models: Vec<ModelShare>,
    pub more_models: usize,
    pub streak: Option<Streak>,
    /// The last 7 days up to the window's end.
    pub chart: Vec<ChartDay>,
    pub first: bool,
    pub opt_out: bool,
    /// Local date and time of the next digest.
    pub next: Option<chrono::NaiveDateTime>,
}

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

/// A number and how it compares.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Measure<T> {
    pub total: T,
    /// Against the average, where one can be told.
    pub change: Option<Change<T>>,
}

/// A difference from the average.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Change<T> {
    /// Rounded as it is shown (sessions: whole; cost: cents), half away from zero.
    pub difference: T,
    /// Where the base is at least 3 sessions or $1.
    pub percent: Option<i64>,
}

/// A foreign name made safe to show: control and bidirectional characters gone, at most 40 characters.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct Label(pub String);

/// A skill in the ranking.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Ranked {
    pub rank: usize,
    pub name: Label,
    pub uses: u64,
}

/// A model's share of the requests.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ModelShare {
    pub name: Label,
    pub requests: u64,
    pub percent: i64,
}

/// Working days in a row with a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Streak {
    pub days: u32,
    /// The history ended before the streak did: it is at least this long.
    pub at_least: bool,
}

/// One bar of the chart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct ChartDay {
    pub date: NaiveDate,
    pub sessions: u64,
}

/// The 7-day average behind the comparisons.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Average {
    pub sessions: f64,
    pub cost: f64,
}

impl DailyDigest {
    /// Decides what `facts` say about `window`.
    pub fn of(window: &DailyWindow, facts: DailyFacts<'_>, options: &DailyOptions) -> Self {
        let _ = (window, facts, options);
        unreachable!("built by the digest branch")
    }
}
