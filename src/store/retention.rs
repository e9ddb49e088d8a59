//! What is forgotten: snapshots after 7 days, deliveries after `store.retention` days. Consents and audit stay.

use super::{Store, StoreError, cells::micros};
use chrono::{DateTime, TimeDelta, Utc};

/// Days that a snapshot is kept after its final state.
const SNAPSHOT_DAYS: i64 = 7;
/// Rows of one transaction, so that none holds up a send.
const BATCH: i64 = 1_000;

impl Store {
    /// Forgets what is old enough, in batches, unheld and final only; answers (snapshots, deliveries).
    pub async fn prune(&self, now: DateTime<Utc>, retention_days: u32) -> Result<(u64, u64), StoreError> {
        let snapshots = self.forget(SNAPSHOTS, now - TimeDelta::days(SNAPSHOT_DAYS)).await?;
        let deliveries = self.forget(DELIVERIES, now - TimeDelta::days(retention_days.into())).await?;
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

pub(super) const SNAPSHOTS: &str = "UPDATE deliveries SET message = NULL
    WHERE workspace_id = $1 AND delivery_id IN (SELECT delivery_id FROM deliveries
        WHERE workspace_id = $1 AND final_at IS NOT NULL AND message IS NOT NULL AND final_at <= $2 AND holder IS NULL
        LIMIT $3)";

/// A member is told once, so that row stays.
pub(super) const DELIVERIES: &str = "DELETE FROM deliveries
    WHERE workspace_id = $1 AND delivery_id IN (SELECT delivery_id FROM deliveries
        WHERE workspace_id = $1 AND final_at IS NOT NULL AND final_at <= $2 AND holder IS NULL
            AND report <> 'notice.no_identity' LIMIT $3)";
