//! Messages that may still change after they were sent: a team's summary follows late rows, and a winner's wish.

use super::{
    AuditEntry, Store, StoreError,
    cells::{Cells, micros},
};
use crate::model::{ChannelId, DeliveryId, MemberId};
use chrono::{DateTime, TimeDelta, Utc};
use sqlx::any::AnyRow;
use std::collections::BTreeMap;

/// A weekly summary that was sent and is looked at again.
#[derive(Debug, Clone, PartialEq)]
pub struct Revision {
    pub id: DeliveryId,
    /// The team's name.
    pub recipient: String,
    /// The ISO week of the occurrence; of one sent by hand, with more behind it.
    pub period: String,
    pub zone: chrono_tz::Tz,
    /// The occurrence.
    pub due: DateTime<Utc>,
    pub sent_at: DateTime<Utc>,
    pub channel: ChannelId,
    pub ts: String,
    /// What stands in Slack now.
    pub message: String,
    /// What it was made from, as JSON.
    pub facts: String,
    /// It was sent in plain sections.
    pub degraded: bool,
}

/// What stands in Slack now, in place of what `was` claimed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Changed<'a> {
    pub was: &'a str,
    pub message: &'a str,
    pub facts: &'a str,
}

/// A summary is sent within so many days after it is due.
const DUE_BEFORE: i64 = 14;

impl Store {
    /// Sent summaries whose `revise_at` has come, at most `limit`, earliest first; each is not claimed again
    /// before `again`, unless somebody agrees to be named meanwhile. One of which nobody knows the place in Slack, or whose
    /// facts are not kept, is none of them. With nothing due this is one indexed query.
    pub async fn claim_revisions(
        &self,
        now: DateTime<Utc>,
        again: DateTime<Utc>,
        limit: u32,
    ) -> Result<Vec<Revision>, StoreError> {
        self.write(|mut work| async move {
            let sql = self.sql_of(REVISABLE.replace("{lock}", work.lock_free_rows()));
            let due = work.each(sql.bind(micros(now)).bind(i64::from(limit)), revision).await?;
            work.run_for(CLAIM, &due, |sql, one| sql.bind(self.workspace()).bind(&one.id.0).bind(micros(again)))
                .await?;
            work.done(due).await
        })
        .await
    }

    /// Keeps what stands in Slack now (`None`: unchanged), and when to look next (`None`: never) – unless somebody agreed
    /// to be named since the claim: then the next look comes at once. What was forgotten meanwhile stays so. Where somebody
    /// else changed the message since it was claimed as `was`, nobody knows what stands in Slack: it is made again at once.
    pub async fn revised(
        &self,
        id: &DeliveryId,
        changed: Option<Changed<'_>>,
        next: Option<DateTime<Utc>>,
    ) -> Result<(), StoreError> {
        const REVISED: &str = "UPDATE deliveries SET message = COALESCE($3, message), facts = COALESCE($4, facts),
                revise_at = CASE WHEN revising = 1 THEN $5 ELSE revise_at END, revising = 0
            WHERE workspace_id = $1 AND delivery_id = $2 AND state = 'sent' AND facts IS NOT NULL
                AND message = COALESCE($6, message)";
        const AGAIN: &str = "UPDATE deliveries SET message = '', revise_at = updated, revising = 0
            WHERE workspace_id = $1 AND delivery_id = $2 AND state = 'sent' AND facts IS NOT NULL";
        self.write(|mut work| async move {
            let sql = self.sql(REVISED).bind(&id.0).bind(changed.map(|changed| changed.message));
            let sql = sql.bind(changed.map(|changed| changed.facts)).bind(next.map(micros));
            if work.run(sql.bind(changed.map(|changed| changed.was))).await? == 0 && changed.is_some() {
                work.run(self.sql(AGAIN).bind(&id.0)).await?;
            }
            work.done(()).await
        })
        .await
    }

    /// Summaries that were computed and not sent go back to be computed again, where their team's channel is another by
    /// now, or where they waited since before `before` without an attempt: a channel may have been shared meanwhile. `channels`
    /// are all teams'. Answers how many. What was sent by hand to another channel is not sent any more.
    pub async fn recall(
        &self,
        channels: &BTreeMap<String, Option<ChannelId>>,
        before: DateTime<Utc>,
        now: DateTime<Utc>,
    ) -> Result<u64, StoreError> {
        const WAITING: &str = "SELECT delivery_id, recipient, channel, attempt, updated FROM deliveries
            WHERE workspace_id = $1 AND report = 'weekly' AND state IN ('rendered', 'retry') AND holder IS NULL
                AND final_at IS NULL";
        const RECALL: (&str, usize, &str) = (
            "WITH these (workspace_id, delivery_id) AS (VALUES",
            2,
            ") UPDATE deliveries SET state = 'planned', message = NULL, facts = NULL, channel = NULL, revise_at = NULL,
                claim = NULL, look_at = NULL FROM these
            WHERE deliveries.workspace_id = these.workspace_id AND deliveries.delivery_id = these.delivery_id
                AND deliveries.state IN ('rendered', 'retry') AND deliveries.holder IS NULL",
        );
        self.write(|mut work| async move {
            let mut stale = Vec::new();
            for row in work.rows(self.sql(WAITING)).await? {
                let channel = channels.get(&row.text("recipient")?).cloned().flatten();
                let moved = row.text_or_null("channel")? != channel.map(|channel| channel.0);
                let waited = row.count::<u32>("attempt")? == 0 && row.instant("updated")? < before;
                if moved || waited {
                    stale.push(row.text("delivery_id")?);
                }
            }
            self.withdrawn_from_others(&mut work, channels, now).await?;
            let recalled = work.run_for(RECALL, &stale, |sql, id| sql.bind(self.workspace()).bind(id)).await?;
            work.done(recalled).await
        })
        .await
    }

    /// `member` agreed to be named in this one message: noted and audited once, and the message is to be revised `now`.
    /// False where there is no such sent message that can be made again, or they agreed before and did not say `unnamed`
    /// since.
    pub async fn reveal(&self, id: &DeliveryId, member: &MemberId, now: DateTime<Utc>) -> Result<bool, StoreError> {
        const AGREE: &str = "INSERT INTO reveals (workspace_id, delivery_id, member_id, at)
            SELECT d.workspace_id, d.delivery_id, $3, $4 FROM deliveries d
            WHERE d.workspace_id = $1 AND d.delivery_id = $2 AND d.state = 'sent'
                AND d.facts IS NOT NULL AND d.ts IS NOT NULL
            ON CONFLICT (workspace_id, delivery_id, member_id) DO UPDATE SET at = excluded.at
                WHERE EXISTS (SELECT 1 FROM consents c WHERE c.workspace_id = excluded.workspace_id
                    AND c.member_id = excluded.member_id AND c.kind = 'unnamed' AND c.at > reveals.at)";
        const REVISE: &str = "UPDATE deliveries SET revise_at = $3, revising = 0
            WHERE workspace_id = $1 AND delivery_id = $2";
        self.write(|mut work| async move {
            if work.run(self.sql(AGREE).bind(&id.0).bind(&member.0).bind(micros(now))).await? == 0 {
                return work.done(false).await;
            }
            work.run(self.sql(REVISE).bind(&id.0).bind(micros(now))).await?;
            let (actor, action, subject) = (member.0.clone(), "consent.reveal".to_owned(), member.0.clone());
            self.note(&mut work, &AuditEntry { at: now, actor, action, subject, detail: id.0.clone() }).await?;
            work.done(true).await
        })
        .await
    }

    /// The summary that was posted to `channel` as `ts`, which says when.
    pub async fn summary_at(&self, channel: &ChannelId, ts: &str) -> Result<Option<DeliveryId>, StoreError> {
        // It was due not long before: so few rows of the index are looked at.
        const AT: &str = "SELECT delivery_id FROM deliveries
            WHERE workspace_id = $1 AND report IN ('weekly', 'now.weekly') AND report <> 'daily' AND attempt >= 0
                AND due BETWEEN $2 AND $3 AND channel = $4 AND ts = $5 AND state = 'sent'";
        let seconds = ts.split('.').next().and_then(|seconds| seconds.parse::<i64>().ok());
        let Some(posted) = seconds.and_then(|seconds| DateTime::from_timestamp(seconds, 0)) else { return Ok(None) };
        let within = |days| TimeDelta::days(days).num_microseconds().unwrap_or_default();
        let from = micros(posted).saturating_sub(within(DUE_BEFORE));
        let to = micros(posted).saturating_add(within(1));
        let row = self
            .read(|mut work| async move { work.row(self.sql(AT).bind(from).bind(to).bind(&channel.0).bind(ts)).await });
        row.await?.map(|row| row.text("delivery_id").map(DeliveryId)).transpose()
    }

    /// What a sent delivery was made from, as long as it is kept.
    pub async fn facts(&self, id: &DeliveryId) -> Result<Option<String>, StoreError> {
        const FACTS: &str =
            "SELECT facts FROM deliveries WHERE workspace_id = $1 AND delivery_id = $2 AND state = 'sent'";
        let row = self.read(|mut work| async move { work.row(self.sql(FACTS).bind(&id.0)).await }).await?;
        row.map_or(Ok(None), |row| row.text_or_null("facts"))
    }
}

pub(super) const REVISABLE: &str = "SELECT * FROM deliveries
    WHERE workspace_id = $1 AND state = 'sent' AND revise_at <= $2
        AND channel IS NOT NULL AND ts IS NOT NULL AND message IS NOT NULL AND facts IS NOT NULL
    ORDER BY revise_at, delivery_id LIMIT $3{lock}";

pub(super) const CLAIM: (&str, usize, &str) = (
    "WITH these (workspace_id, delivery_id, again) AS (VALUES",
    3,
    ") UPDATE deliveries SET revise_at = these.again, revising = 1 FROM these
    WHERE deliveries.workspace_id = these.workspace_id AND deliveries.delivery_id = these.delivery_id",
);

fn revision(row: &AnyRow) -> Result<Revision, StoreError> {
    Ok(Revision {
        id: DeliveryId(row.text("delivery_id")?),
        recipient: row.text("recipient")?,
        period: row.text("period")?,
        zone: row.parsed("zone")?,
        due: row.instant("due")?,
        sent_at: row.instant("final_at")?,
        channel: ChannelId(row.text("channel")?),
        ts: row.text("ts")?,
        message: row.text("message")?,
        facts: row.text("facts")?,
        degraded: row.flag("degraded")?,
    })
}
