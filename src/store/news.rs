//! What the installation's owners should hear of: outcomes that stay unknown, subscriptions that were switched off,
//! what fell through, and when the next occurrence of each zone comes.

use super::{
    DeliveryRecord, Store, StoreError, Subscription,
    cells::{Cells, micros},
    deliveries::record,
    subscriptions::subscription,
};
use crate::model::{DeliveryId, MemberEmail};
use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use sqlx::any::AnyRow;

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
        let read =
            |row: &AnyRow| Ok((row.text("report")?, row.text("period")?, row.text("reason")?, row.count("count")?));
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

    /// The next occurrence of `report` that is due in each zone.
    pub async fn next_due_by_zone(&self, report: &str) -> Result<Vec<(Tz, DateTime<Utc>)>, StoreError> {
        const NEXT: &str = "SELECT zone, MIN(next_due) AS next_due FROM subscriptions
            WHERE workspace_id = $1 AND next_due IS NOT NULL AND report = $2 GROUP BY zone";
        let sql = || self.sql(NEXT).bind(report);
        let rows = self.read(|mut work| async move { work.rows(sql()).await }).await?;
        rows.iter().map(|row| Ok((row.parsed("zone")?, row.instant("next_due")?))).collect()
    }

    /// Deliveries of one report and period whose outcome only a person can find out, told of or not, by recipient.
    pub async fn unreadable_of(&self, report: &str, period: &str, limit: u32) -> Result<Vec<Ended>, StoreError> {
        self.ended(UNREADABLE, report, period, limit).await
    }

    /// Deliveries of one report and period that were due and will not arrive, by recipient; not those that a day off, a
    /// quiet week or the settings left out.
    pub async fn fallen_through(&self, report: &str, period: &str, limit: u32) -> Result<Vec<Ended>, StoreError> {
        self.ended(FALLEN_THROUGH, report, period, limit).await
    }

    async fn ended(
        &self,
        text: &'static str,
        report: &str,
        period: &str,
        limit: u32,
    ) -> Result<Vec<Ended>, StoreError> {
        let sql = || self.sql(text).bind(report).bind(period).bind(i64::from(limit));
        let rows = self.read(|mut work| async move { work.rows(sql()).await }).await?;
        let ended = |row: &AnyRow| {
            Ok(Ended {
                id: DeliveryId(row.text("delivery_id")?),
                recipient: row.text("recipient")?,
                email: row.email()?,
                state: row.text("state")?,
                reason: row.text_or_null("reason")?,
            })
        };
        rows.iter().map(ended).collect()
    }
}

/// A delivery as a run report names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ended {
    pub id: DeliveryId,
    /// A member's id or a team's name.
    pub recipient: String,
    pub email: Option<MemberEmail>,
    pub state: String,
    pub reason: Option<String>,
}

/// Ordered by more than the column alone, so that the period is looked up, and not all periods of each recipient.
pub(super) const UNREADABLE: &str = "SELECT delivery_id, recipient, email, state, reason FROM deliveries
    WHERE workspace_id = $1 AND report = $2 AND period = $3 AND state = 'unknown' AND reason LIKE 'unreadable%'
    ORDER BY COALESCE(recipient, ''), delivery_id LIMIT $4";

pub(super) const FALLEN_THROUGH: &str = "SELECT delivery_id, recipient, email, state, reason FROM deliveries
    WHERE workspace_id = $1 AND report = $2 AND period = $3 AND state IN ('failed', 'missed', 'skipped')
        AND COALESCE(reason, '') NOT IN ('holiday', 'no_activity', 'not_enabled', 'not_subscribed')
    ORDER BY COALESCE(recipient, ''), delivery_id LIMIT $4";
