//! What is forgotten: snapshots after 7 days, deliveries after `store.retention` days. Consents and audit stay.

use super::{Store, StoreError};
use chrono::{DateTime, Utc};

impl Store {
    /// Forgets what is old enough, in batches, unheld and final only; answers (snapshots, deliveries).
    pub async fn prune(&self, now: DateTime<Utc>, retention_days: u32) -> Result<(u64, u64), StoreError> {
        todo!()
    }
}
