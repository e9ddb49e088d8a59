//! What owners were alerted of: kept for the next summary, and so that nothing is told twice.

use super::{Store, StoreError};
use chrono::{DateTime, NaiveDate, Utc};
use std::collections::{BTreeMap, BTreeSet};

/// One thing that was unusual about a team's day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Incident {
    pub team: String,
    /// `cost_spike`, `cost_recovered`, `usage_drop`, `usage_recovered`, `new_skill`.
    pub kind: String,
    pub day: NaiveDate,
    /// A skill's name; empty for the others.
    pub subject: String,
    /// As the alert told it, as JSON.
    pub detail: String,
    pub at: DateTime<Utc>,
}

impl Store {
    /// Where each team's judging stands, as JSON; a team that was never judged is absent.
    pub async fn alert_states(&self) -> Result<BTreeMap<String, String>, StoreError> {
        todo!()
    }

    /// Keeps incidents (one that is there already stays as it is) and the state after them, in one transaction; nothing happens
    /// where the team's state is not `before` any more, and the answer is then false.
    pub async fn judged(
        &self,
        team: &str,
        (before, after): (Option<&str>, &str),
        incidents: &[Incident],
    ) -> Result<bool, StoreError> {
        let _ = (team, before, after, incidents);
        todo!()
    }

    /// Incidents of these teams on the days from `first` to `last`, both included, by team, day, kind, subject.
    pub async fn incidents(
        &self,
        teams: &BTreeSet<String>,
        first: NaiveDate,
        last: NaiveDate,
    ) -> Result<Vec<Incident>, StoreError> {
        let _ = (teams, first, last);
        todo!()
    }
}
