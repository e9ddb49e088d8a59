//! What a week's rows say about a team: all that a summary is made from, kept so that it can be made again.

use crate::model::MemberEmail;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// The totals of one week.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct WeekTotals {
    /// Distinct sessions of each member, summed.
    pub sessions: u64,
    pub cost_nanos: i64,
    pub input_tokens: u64,
    pub output_tokens: u64,
    /// Members with a session.
    pub active: u64,
}

/// Those with the most, found among all active members.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Winners {
    /// All who are tied, ordered by address; none where nobody has more than zero.
    pub members: BTreeSet<MemberEmail>,
    pub figure: u64,
}

/// A number against the week before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trend {
    /// `up`, `down` or `level`.
    pub direction: Direction,
    /// Whole percent without sign, half away from zero, where the base is large enough.
    pub percent: Option<i64>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    Up,
    Down,
    Level,
}

/// One team's week.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct WeekFacts {
    pub week: WeekTotals,
    pub before: WeekTotals,
    /// Members at any time of the week, active or not.
    pub members: u64,
    /// Sessions by day, Monday to Sunday.
    pub days: Vec<(NaiveDate, u64)>,
    /// The skills used most, by uses, then name: name and uses; more than are shown.
    pub skills: Vec<(String, u64)>,
    pub more_skills: usize,
    pub most_sessions: Winners,
    pub most_skills: Winners,
    /// Used this week and not in the 28 days before: name and by how many members, at least two of them.
    pub new_skills: Vec<(String, u64)>,
    /// New ones that one member used.
    pub tried_by_one: usize,
    pub models: Vec<(String, u64)>,
    /// Requests whose cost or tokens cannot be, and count as 0.
    pub implausible: u64,
}

impl WeekFacts {
    /// Everybody who won something.
    pub fn winners(&self) -> impl Iterator<Item = &MemberEmail> {
        self.most_sessions.members.iter().chain(&self.most_skills.members)
    }
}
