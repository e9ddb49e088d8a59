//! What is forgotten: snapshots after 7 days, and with them what a summary was made from; deliveries after
//! `store.retention` days, who left a team after 400, incidents after 180. Consents and audit stay.

use super::{Store, StoreError, cells::micros};
use chrono::{DateTime, TimeDelta, Utc};

/// Days that a snapshot is kept after its final state.
const SNAPSHOT_DAYS: i64 = 7;
/// Days that a stay is kept after its end.
const STAY_DAYS: i64 = 400;
const INCIDENT_DAYS: i64 = 180;
/// Slack tries again for an hour at most; who asks under a key of their own, within a day.
const SEEN_DAYS: i64 = 2;
/// Rows of one transaction, so that none holds up a send.
const BATCH: i64 = 1_000;

impl Store {
    /// Forgets what is old enough, in batches, unheld and final only; answers (snapshots, deliveries).
    pub async fn prune(&self, now: DateTime<Utc>, retention_days: u32) -> Result<(u64, u64), StoreError> {
        let snapshots = self.forget(SNAPSHOTS, now - TimeDelta::days(SNAPSHOT_DAYS)).await?;
        let deliveries = self.forget(DELIVERIES, now - TimeDelta::days(retention_days.into())).await?;
        self.forget(STAYS, now - TimeDelta::days(STAY_DAYS)).await?;
        self.forget(INCIDENTS, now - TimeDelta::days(INCIDENT_DAYS)).await?;
        self.forget(SEEN, now - TimeDelta::days(SEEN_DAYS)).await?;
        self.forget(REQUESTS, now - TimeDelta::days(SEEN_DAYS)).await?;
        Ok((snapshots, deliveries))
    }

    async fn forget(&self, statement: &'static str, before: DateTime<Utc>) -> Result<u64, StoreError> {
        let mut forgotten = 0;
        loop {
            let batch = self
                .write(|mut work| async move {
                    let batch = work.run(self.sql(statement).bind(micros(before)).bind(BATCH)).await?;
                    work.done(batch).await
                })
                .await?;
            forgotten += batch;
            if batch < BATCH.unsigned_abs() {
                return Ok(forgotten);
            }
        }
    }
}

pub(super) const SNAPSHOTS: &str = "UPDATE deliveries SET message = NULL, facts = NULL, revise_at = NULL
    WHERE workspace_id = $1 AND delivery_id IN (SELECT delivery_id FROM deliveries
        WHERE workspace_id = $1 AND final_at IS NOT NULL AND message IS NOT NULL AND final_at <= $2 AND holder IS NULL
        LIMIT $3)";

/// A member is told once, so that row stays.
pub(super) const DELIVERIES: &str = "DELETE FROM deliveries
    WHERE workspace_id = $1 AND delivery_id IN (SELECT delivery_id FROM deliveries
        WHERE workspace_id = $1 AND final_at IS NOT NULL AND final_at <= $2 AND holder IS NULL
            AND report <> 'notice.no_identity' LIMIT $3)";

pub(super) const STAYS: &str = "DELETE FROM stays
    WHERE workspace_id = $1 AND (team, email, since) IN (SELECT team, email, since FROM stays
        WHERE workspace_id = $1 AND until IS NOT NULL AND until <= $2 LIMIT $3)";

pub(super) const INCIDENTS: &str = "DELETE FROM incidents
    WHERE workspace_id = $1 AND (team, day, kind, subject) IN (SELECT team, day, kind, subject FROM incidents
        WHERE workspace_id = $1 AND at <= $2 LIMIT $3)";

pub(super) const SEEN: &str = "DELETE FROM seen
    WHERE workspace_id = $1 AND request IN (SELECT request FROM seen WHERE workspace_id = $1 AND at <= $2 LIMIT $3)";

pub(super) const REQUESTS: &str = "DELETE FROM requests
    WHERE workspace_id = $1 AND (actor, key) IN (SELECT actor, key FROM requests
        WHERE workspace_id = $1 AND at <= $2 LIMIT $3)";
