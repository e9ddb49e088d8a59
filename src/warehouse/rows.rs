//! One row type per question. Rows arrive ordered by e-mail, one per person.

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
}

/// One person's day.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
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
}

/// Requests of one person to one model on one day.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
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
pub struct SkillUse {
    pub day_ms: i64,
    /// Without the leading `/`; foreign text.
    pub name: String,
    pub uses: u64,
}

/// The local days on which one person had a session. Answers `active_days.sql`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, clickhouse::Row)]
pub struct ActiveDays {
    pub email: String,
    /// Starts of local days in milliseconds since the epoch, oldest first.
    pub days: Vec<i64>,
}
