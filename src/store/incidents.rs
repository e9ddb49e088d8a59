//! What owners were alerted of: kept for the next summary, and so that nothing is told twice.

use super::{
    Store, StoreError,
    cells::{Cells, clean, micros},
};
use chrono::{DateTime, NaiveDate, Utc};
use sqlx::any::AnyRow;
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
    /// Where each team's judging stands, as JSON; a team that was never judged is absent. One query.
    pub async fn alert_states(&self) -> Result<BTreeMap<String, String>, StoreError> {
        const STATES: &str = "SELECT team, state FROM alert_states WHERE workspace_id = $1";
        let read = |row: &AnyRow| Ok((row.text("team")?, row.text("state")?));
        let states = self.read(|mut work| async move { work.each(self.sql(STATES), read).await }).await?;
        Ok(states.into_iter().collect())
    }

    /// Keeps incidents (one that is there already, by team, day, kind and subject, stays as it is) and the state after
    /// them, in one transaction. Nothing happens where the team's state is not `before` any more, and the answer is then
    /// false: somebody else judged, or this call did and its answer was lost.
    pub async fn judged(
        &self,
        team: &str,
        (before, after): (Option<&str>, &str),
        incidents: &[Incident],
    ) -> Result<bool, StoreError> {
        const FIRST: &str =
            "INSERT INTO alert_states (workspace_id, team, state) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING";
        const NEXT: &str = "UPDATE alert_states SET state = $3 WHERE workspace_id = $1 AND team = $2 AND state = $4";
        const KEEP: (&str, usize, &str) = (
            "INSERT INTO incidents (workspace_id, team, day, kind, subject, detail, at) VALUES",
            7,
            " ON CONFLICT DO NOTHING",
        );
        self.write(|mut work| async move {
            let sql = self.sql(if before.is_some() { NEXT } else { FIRST }).bind(team).bind(after);
            let sql = if let Some(before) = before { sql.bind(before) } else { sql };
            if work.run(sql).await? == 0 {
                return work.done(false).await;
            }
            work.run_for(KEEP, incidents, |sql, one| {
                let sql = sql.bind(self.workspace()).bind(&one.team).bind(one.day.to_string()).bind(&one.kind);
                sql.bind(clean(&one.subject)).bind(clean(&one.detail)).bind(micros(one.at))
            })
            .await?;
            work.done(true).await
        })
        .await
    }

    /// Incidents of these teams on the days from `first` to `last`, both included, by team, day, kind, subject. One query.
    pub async fn incidents(
        &self,
        teams: &BTreeSet<String>,
        first: NaiveDate,
        last: NaiveDate,
    ) -> Result<Vec<Incident>, StoreError> {
        const KEPT: &str = "SELECT * FROM incidents
            WHERE workspace_id = $1 AND team BETWEEN $2 AND $3 AND day BETWEEN $4 AND $5
            ORDER BY team, day, kind, subject";
        let (Some(from), Some(to)) = (teams.first(), teams.last()) else { return Ok(Vec::new()) };
        let sql = || self.sql(KEPT).bind(from).bind(to).bind(first.to_string()).bind(last.to_string());
        let mut kept = self.read(|mut work| async move { work.each(sql(), incident).await }).await?;
        kept.retain(|one| teams.contains(&one.team));
        Ok(kept)
    }
}

fn incident(row: &AnyRow) -> Result<Incident, StoreError> {
    Ok(Incident {
        team: row.text("team")?,
        kind: row.text("kind")?,
        day: row.parsed("day")?,
        subject: row.text("subject")?,
        detail: row.text("detail")?,
        at: row.instant("at")?,
    })
}
