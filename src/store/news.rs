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
    /// Unknown deliveries whose conversation cannot be read and of which nobody was told, oldest first. A notice is told
    /// of by none: it would never end.
    pub async fn stuck(&self, limit: u32) -> Result<Vec<DeliveryRecord>, StoreError> {
        const STUCK: &str = "SELECT * FROM deliveries d
            WHERE workspace_id = $1 AND state = 'unknown' AND reason LIKE 'unreadable%' AND report NOT LIKE 'notice.%'
                AND NOT EXISTS (SELECT 1 FROM deliveries n WHERE n.workspace_id = d.workspace_id
                    AND n.report = 'notice.ops' AND n.period = 'unknown.' || d.delivery_id)
            ORDER BY due LIMIT $2";
        let sql = || self.sql(STUCK).bind(i64::from(limit));
        let rows = self.read(|mut work| async move { work.rows(sql()).await }).await?;
        rows.iter().map(record).collect()
    }

    /// What failed for good since `since`: report, period, code, how many; scheduled deliveries only.
    pub async fn refusals(&self, since: DateTime<Utc>) -> Result<Vec<(String, String, String, u64)>, StoreError> {
        const REFUSALS: &str = "SELECT report, period, reason, COUNT(*) AS count FROM deliveries
            WHERE workspace_id = $1 AND final_at >= $2 AND state = 'failed' AND report IN ('daily', 'weekly')
                AND reason IS NOT NULL
            GROUP BY report, period, reason ORDER BY report, period, reason LIMIT 50";
        let sql = || self.sql(REFUSALS).bind(micros(since));
        let rows = self.read(|mut work| async move { work.rows(sql()).await }).await?;
        let read = |row: &sqlx::any::AnyRow| {
            Ok((row.text("report")?, row.text("period")?, row.text("reason")?, row.count("count")?))
        };
        rows.iter().map(read).collect()
    }

    /// Subscriptions, of members and teams, that Slack's refusals switched off since `since`.
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
