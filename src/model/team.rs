//! Who belongs to a team, and since when: what somebody did counts for the teams that they were on that day.

use super::MemberEmail;
use chrono::{DateTime, Utc};
use std::collections::BTreeMap;

/// A span in which somebody was on a team; open ends reach as far as anybody looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Stay {
    pub since: Option<DateTime<Utc>>,
    pub until: Option<DateTime<Utc>>,
}

impl Stay {
    /// Since ever, and still.
    pub const ALWAYS: Self = Self { since: None, until: None };

    /// Whether it holds anywhere in `[start, end)`.
    pub fn touches(self, start: DateTime<Utc>, end: DateTime<Utc>) -> bool {
        self.since.is_none_or(|since| since < end) && self.until.is_none_or(|until| until > start)
    }
}

/// A team's people by address, leavers included; each with one stay or more.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Roster(pub BTreeMap<MemberEmail, Vec<Stay>>);

impl Roster {
    /// These people, always.
    pub fn of(members: impl IntoIterator<Item = MemberEmail>) -> Self {
        Self(members.into_iter().map(|member| (member, vec![Stay::ALWAYS])).collect())
    }
}
