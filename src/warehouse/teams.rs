//! The questions about teams: each is one query for everyone in a span, whatever the number of teams.

use super::{MemberActivity, MemberSkills, MemberValues, People, Rows, Warehouse, WarehouseError};
use crate::schedule::Cut;
use chrono::{DateTime, Utc};
use std::collections::BTreeSet;

/// How telemetry arrives, told by whether anything is newer than an instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Arrivals {
    /// The newest event of anybody up to now.
    pub newest: Option<DateTime<Utc>>,
    /// Events after `end`.
    pub since_end: u64,
    /// Of the four weeks before: how many have any event in their seven days up to the same instant of the week as now.
    pub weeks_with_events: u32,
    /// And how many of these have one in the same hours, from `end` to now some weeks earlier.
    pub weeks_with_events_since: u32,
}

impl Warehouse {
    /// What each of `people` did in each piece of `cut`.
    pub async fn activity_in(
        &self,
        cut: &Cut,
        people: &People,
        with_models: bool,
    ) -> Result<Rows<MemberActivity>, WarehouseError> {
        let _ = (cut, people, with_models);
        todo!()
    }

    /// The skills that each of `people` used in each piece of `cut`, exact for all of them.
    pub async fn skills_in(&self, cut: &Cut, people: &People) -> Result<Rows<MemberSkills>, WarehouseError> {
        let _ = (cut, people);
        todo!()
    }

    /// Which values of a team attribute each person's events carried in each piece of `cut`: under each of `keys`, and
    /// (as key `""`) under the first of `clickhouse.team_attributes` that an event has.
    pub async fn team_values(&self, cut: &Cut, keys: &BTreeSet<String>) -> Result<Rows<MemberValues>, WarehouseError> {
        let _ = (cut, keys);
        todo!()
    }

    /// Whether anything arrived since `end`, and whether in earlier weeks anything had by then. Events that claim to be
    /// from after `now` count nowhere.
    pub async fn arrivals(&self, end: DateTime<Utc>, now: DateTime<Utc>) -> Result<Arrivals, WarehouseError> {
        let _ = (end, now);
        todo!()
    }
}
