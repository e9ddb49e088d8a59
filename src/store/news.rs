//! What the installation's owners should hear of: outcomes that stay unknown, subscriptions that were switched off, and
//! when the next occurrence of each zone comes.

use super::{
    DeliveryRecord, Store, StoreError, Subscription,
    cells::{Cells, micros},
    deliveries::record,
    subscriptions::subscription,
};
use chrono::{DateTime, Utc};
use chrono_tz::Tz;

impl Store {
    /// Unknown deliveries whose conversation cannot be read, oldest first.
    pub async fn stuck(&self, limit: u32) -> Result<Vec<DeliveryRecord>, StoreError> {
        const STUCK: &str = "SELECT * FROM deliveries
            WHERE workspace_id = $1 AND state = 'unknown' AND reason LIKE 'unreadable%' ORDER BY due LIMIT $2";
        let sql = || self.sql(STUCK).bind(i64::from(limit));
        let rows = self.read(|mut work| async move { work.rows(sql()).await }).await?;
        rows.iter().map(record).collect()
    }

    /// Daily subscriptions that Slack's refusals switched off since `since`.
    pub async fn switched_off(&self, since: DateTime<Utc>) -> Result<Vec<Subscription>, StoreError> {
        const OFF: &str = "SELECT * FROM subscriptions
            WHERE workspace_id = $1 AND off_reason LIKE 'slack%' AND since >= $2 ORDER BY since LIMIT 100";
        let sql = || self.sql(OFF).bind(micros(since));
        let rows = self.read(|mut work| async move { work.rows(sql()).await }).await?;
        rows.iter().map(subscription).collect()
    }

    /// The next occurrence that is due in each zone.
    pub async fn next_due_by_zone(&self) -> Result<Vec<(Tz, DateTime<Utc>)>, StoreError> {
        const NEXT: &str = "SELECT zone, MIN(next_due) AS next_due FROM subscriptions
            WHERE workspace_id = $1 AND next_due IS NOT NULL GROUP BY zone";
        let sql = || self.sql(NEXT);
        let rows = self.read(|mut work| async move { work.rows(sql()).await }).await?;
        rows.iter().map(|row| Ok((row.parsed("zone")?, row.instant("next_due")?))).collect()
    }
}
