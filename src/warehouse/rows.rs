//! One row type per question. Rows arrive ordered by e-mail, one per person.

use super::model_name::model_name;
use serde::Deserialize;

/// What one person did, by day. Answers `member_activity.sql`.
#[derive(Debug, Clone, PartialEq, Deserialize, clickhouse::Row)]
pub struct MemberActivity {
    /// In lower case, after aliases.
    pub email: String,
    /// Days with a qualifying event, oldest first.
    pub days: Vec<DayActivity>,
    /// Requests by day and model, ordered by day, then model.
    pub models: Vec<ModelUse>,
    /// Of each session that was there on several days the starts of these, in milliseconds since the epoch: with the
    /// days' own sessions they give the distinct sessions of any of the days.
    pub spread: Vec<Vec<i64>>,
}

/// One person's day.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(from = "(i64, u64, u64, i64, u64, u64, u64, u64, u64, u8)")]
pub struct DayActivity {
    /// The day's start, in milliseconds since the epoch: one of the bounds that were asked for.
    pub day_ms: i64,
    /// Distinct sessions on this day.
    pub sessions: u64,
    /// Of these, the ones whose last day before the end of the queried span this is: summed over any days
    /// up to the span's end they give the distinct sessions of those days.
    pub sessions_ending: u64,
    /// Estimated cost in billionths of a US dollar, as the client reported it.
    pub cost_nanos: i64,
    pub input_tokens: u64,
    pub output_tokens: u64,
    pub cache_read_tokens: u64,
    pub cache_creation_tokens: u64,
    /// A session before the first local midnight inside of the day, or anywhere in a day without one.
    pub before_midnight: bool,
    /// A session at or after it: in an evening's day.
    pub after_midnight: bool,
    /// Requests whose cost or tokens cannot be (negative, no number, absurd) and count as 0, every copy of them.
    pub implausible: u64,
}

/// Requests of one person to one model on one day.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(from = "(i64, String, u64)")]
pub struct ModelUse {
    pub day_ms: i64,
    /// Without vendor prefix, date and version suffixes.
    pub model: String,
    pub requests: u64,
}

/// The skills one person used. Answers `member_skills.sql`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, clickhouse::Row)]
pub struct MemberSkills {
    pub email: String,
    /// Ordered by day, then name. Hidden names are left out.
    pub skills: Vec<SkillUse>,
}

/// Uses of one skill by one person on one day.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(from = "(i64, String, u64)")]
pub struct SkillUse {
    pub day_ms: i64,
    /// Without the leading `/`; foreign text.
    pub name: String,
    pub uses: u64,
}

/// The values of team attributes that one person's events carried. Answers `team_values.sql`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, clickhouse::Row)]
pub struct MemberValues {
    pub email: String,
    /// Ordered by day, key, value.
    pub values: Vec<TeamValue>,
}

/// One value on one day.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(from = "(i64, String, String)")]
pub struct TeamValue {
    pub day_ms: i64,
    /// The attribute's key; empty for the first of `clickhouse.team_attributes` that the event had.
    pub key: String,
    /// Foreign text, without spaces around it, never empty.
    pub value: String,
}

/// The local days on which one person had a session. Answers `active_days.sql`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, clickhouse::Row)]
pub struct ActiveDays {
    pub email: String,
    /// Starts of local days in milliseconds since the epoch, oldest first.
    pub days: Vec<i64>,
}

// ClickHouse's tuples arrive by position.

impl From<(i64, u64, u64, i64, u64, u64, u64, u64, u64, u8)> for DayActivity {
    fn from(row: (i64, u64, u64, i64, u64, u64, u64, u64, u64, u8)) -> Self {
        let (day_ms, sessions, sessions_ending, cost_nanos, ..) = row;
        let (.., input_tokens, output_tokens, cache_read_tokens, cache_creation_tokens, implausible, halves) = row;
        Self {
            day_ms,
            sessions,
            sessions_ending,
            cost_nanos,
            input_tokens,
            output_tokens,
            cache_read_tokens,
            cache_creation_tokens,
            before_midnight: halves & 1 != 0,
            after_midnight: halves & 2 != 0,
            implausible,
        }
    }
}

impl From<(i64, String, String)> for TeamValue {
    fn from((day_ms, key, value): (i64, String, String)) -> Self {
        Self { day_ms, key, value }
    }
}

impl From<(i64, String, u64)> for ModelUse {
    fn from((day_ms, name, requests): (i64, String, u64)) -> Self {
        Self { day_ms, model: model_name(&name), requests }
    }
}

impl From<(i64, String, u64)> for SkillUse {
    fn from((day_ms, name, uses): (i64, String, u64)) -> Self {
        Self { day_ms, name, uses }
    }
}
