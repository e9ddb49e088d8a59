//! The questions about teams: each is one query for everyone in a span, whatever the number of teams.

use super::{
    MemberActivity, MemberSkills, MemberValues, People, Rows, Warehouse, WarehouseError,
    members::{SKILLS_OF_ONE, within},
};
use crate::schedule::Cut;
use chrono::{DateTime, TimeDelta, Utc};
use serde::Deserialize;
use std::collections::BTreeSet;

/// However short a span is, so many uses by piece of one person's skills are told: where a skill is told to be new, none
/// of the old ones may be left out.
const SKILLS_AT_LEAST: u64 = 4_000;

/// How far back arrivals are looked at: this week and the four before.
const ARRIVALS: TimeDelta = TimeDelta::weeks(5);

/// How telemetry arrives, told by whether anything is newer than an instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Arrivals {
    /// The newest event of anybody up to now.
    pub newest: Option<DateTime<Utc>>,
    /// Events at `end` or after it, of the last five weeks.
    pub since_end: u64,
    /// Of the four weeks before: how many have any event in their seven days up to the same instant of the week as now.
    pub weeks_with_events: u32,
    /// And how many of these have one in the same hours, from `end` to now some weeks earlier.
    pub weeks_with_events_since: u32,
}

#[derive(Debug, Deserialize, clickhouse::Row)]
struct ArrivalsRow {
    events: u64,
    newest_ms: i64,
    since_end: u64,
    weeks_with_events: u32,
    weeks_with_events_since: u32,
}

impl From<ArrivalsRow> for Arrivals {
    fn from(row: ArrivalsRow) -> Self {
        Self {
            newest: (row.events > 0).then(|| DateTime::from_timestamp_millis(row.newest_ms)).flatten(),
            since_end: row.since_end,
            weeks_with_events: row.weeks_with_events,
            weeks_with_events_since: row.weeks_with_events_since,
        }
    }
}

impl Warehouse {
    /// What each of `people` did in each piece of `cut`.
    pub async fn activity_in(
        &self,
        cut: &Cut,
        people: &People,
        with_models: bool,
    ) -> Result<Rows<MemberActivity>, WarehouseError> {
        self.activity_of(cut, &[], people, with_models).await
    }

    /// The skills that each of `people` used in each piece of `cut`, exact for all of them.
    pub async fn skills_in(&self, cut: &Cut, people: &People) -> Result<Rows<MemberSkills>, WarehouseError> {
        let pieces = u64::try_from(cut.starts_ms.len()).unwrap_or(u64::MAX);
        self.skills_of(cut, people, SKILLS_OF_ONE.saturating_mul(pieces).max(SKILLS_AT_LEAST)).await
    }

    /// Which values of a team attribute each person's events carried in each piece of `cut`: under each of `keys`, and
    /// (as key `""`) under the first of `clickhouse.team_attributes` that an event has.
    pub async fn team_values(&self, cut: &Cut, keys: &BTreeSet<String>) -> Result<Rows<MemberValues>, WarehouseError> {
        let statement = self.statements.team_values(keys).ok_or_else(|| WarehouseError::Refused {
            code: 0,
            message: "a key of a team attribute has other characters than letters, digits, `.`, `_` and `-`".into(),
        })?;
        self.ask(&statement, |query| within(query, &cut.span).param("days", &cut.starts_ms)).await
    }

    /// Whether anything arrived since `end`, and whether in earlier weeks anything had by then. Events that claim to be
    /// from after `now` count nowhere.
    pub async fn arrivals(&self, end: DateTime<Utc>, now: DateTime<Utc>) -> Result<Arrivals, WarehouseError> {
        // An event of this very moment counts.
        let span = now - ARRIVALS..now + TimeDelta::milliseconds(1);
        let mut rows = self
            .ask::<ArrivalsRow>(&self.statements.arrivals, |query| {
                within(query, &span).param("now", now.timestamp_millis()).param("end", end.timestamp_millis())
            })
            .await?;
        let nothing = Arrivals { newest: None, since_end: 0, weeks_with_events: 0, weeks_with_events_since: 0 };
        Ok(rows.next().await?.map_or(nothing, Arrivals::from))
    }
}
