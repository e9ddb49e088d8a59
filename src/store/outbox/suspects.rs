//! Suspects: deliveries of unknown outcome, looked for, and settled by hand where looking does not help.

use super::{Suspect, Target};
use crate::{
    model::DeliveryId,
    store::{
        AuditEntry, Store, StoreError,
        cells::{Cells, micros},
    },
};
use chrono::{DateTime, TimeDelta, Utc};
use sqlx::any::AnyRow;

/// Who says "send it again" means it, however late: it has at least this long.
const RESEND_WITHIN: TimeDelta = TimeDelta::hours(1);

impl Store {
    /// Claims `unknown` deliveries whose `look_at <= now`.
    pub async fn claim_suspects(
        &self,
        holder: &str,
        now: DateTime<Utc>,
        limit: u32,
    ) -> Result<Vec<Suspect>, StoreError> {
        const CLAIMED: &str = "SELECT d.*, m.dm, a.started FROM deliveries d
            LEFT JOIN members m ON m.workspace_id = d.workspace_id AND m.member_id = d.recipient
            LEFT JOIN attempts a
                ON a.workspace_id = d.workspace_id AND a.delivery_id = d.delivery_id AND a.attempt = d.attempt
            WHERE d.workspace_id = $1 AND d.claim = $2 AND COALESCE(d.holder, '') = $3 AND d.state = 'unknown'
            ORDER BY d.look_at, d.delivery_id";
        let rows = self
            .claiming("suspects", holder, |mut work, claim| async move {
                // As for sending: after a lost answer, only what it told.
                let rows = work.rows(self.sql(CLAIMED).bind(claim.clone()).bind(holder)).await?;
                if !rows.is_empty() {
                    return work.done(rows).await;
                }
                let sql = self.sql_of(CLAIM_SUSPECTS.replace("{lock}", work.lock_free_rows()));
                work.run(sql.bind(holder).bind(&claim).bind(micros(now)).bind(i64::from(limit))).await?;
                let rows = work.rows(self.sql(CLAIMED).bind(claim).bind(holder)).await?;
                work.done(rows).await
            })
            .await?;
        rows.iter().map(suspect).collect()
    }

    /// An unknown delivery was looked for: it stays `unknown`, one check more (`found_nothing`) or not, to be looked
    /// for again at `again`, or by hand only.
    pub async fn still_unknown(
        &self,
        holder: &str,
        id: &DeliveryId,
        found_nothing: bool,
        again: Option<DateTime<Utc>>,
        reason: &str,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        const STILL: &str = "UPDATE deliveries SET checks = checks + $4, look_at = $5, reason = $6, updated = $7,
                holder = NULL, claim = NULL
            WHERE workspace_id = $1 AND delivery_id = $2 AND COALESCE(holder, '') = $3 AND state = 'unknown'";
        self.write(|mut work| async move {
            let sql = self.sql(STILL).bind(&id.0).bind(holder).bind(i64::from(found_nothing));
            work.run(sql.bind(again.map(micros)).bind(reason).bind(micros(now))).await?;
            work.done(()).await
        })
        .await
    }

    /// As [`resolve`](Self::resolve), and why not where it is not done.
    pub async fn settle_by_hand(
        &self,
        id: &DeliveryId,
        arrived: bool,
        actor: &str,
        now: DateTime<Utc>,
    ) -> Result<ByHand, StoreError> {
        if self.resolve(id, arrived, actor, now).await? {
            return Ok(ByHand::Done);
        }
        Ok(self.delivery(id).await?.map_or(ByHand::NoSuch, |delivery| ByHand::NotUnknown(delivery.state)))
    }

    /// Settles an unknown one by hand: `arrived` → `sent`, else → `retry` at once. False where it is not unknown.
    /// Audited.
    pub async fn resolve(
        &self,
        id: &DeliveryId,
        arrived: bool,
        actor: &str,
        now: DateTime<Utc>,
    ) -> Result<bool, StoreError> {
        const ARRIVED: &str = "UPDATE deliveries SET state = 'sent', reason = 'resolved', holder = NULL, claim = NULL,
                updated = $3, final_at = $3, look_at = NULL
            WHERE workspace_id = $1 AND delivery_id = $2 AND state = 'unknown'";
        const RESEND: &str = "UPDATE deliveries SET state = 'retry', reason = 'resolved', holder = NULL, claim = NULL,
                updated = $3, ready_at = $3, look_at = NULL, checks = 0,
                expires = CASE WHEN expires < $4 THEN $4 ELSE expires END
            WHERE workspace_id = $1 AND delivery_id = $2 AND state = 'unknown'";
        const GREETED: &str = "UPDATE subscriptions SET refusals = 0, greeted = 1 WHERE workspace_id = $1
            AND EXISTS (SELECT 1 FROM deliveries d WHERE d.workspace_id = $1 AND d.delivery_id = $2
                AND CASE d.report WHEN 'now.daily' THEN 'daily' ELSE d.report END = subscriptions.report
                AND d.recipient = subscriptions.recipient)";
        self.write(|mut work| async move {
            let sql = self.sql(if arrived { ARRIVED } else { RESEND }).bind(&id.0).bind(micros(now));
            let sql = if arrived { sql } else { sql.bind(micros(now + RESEND_WITHIN)) };
            if work.run(sql).await? == 0 {
                return work.done(false).await;
            }
            if arrived {
                work.run(self.sql(GREETED).bind(&id.0)).await?;
            }
            let detail = if arrived { "arrived" } else { "resend" }.to_owned();
            let (actor, action) = (actor.to_owned(), "delivery.resolve".to_owned());
            self.note(&mut work, &AuditEntry { at: now, actor, action, subject: id.0.clone(), detail }).await?;
            work.done(true).await
        })
        .await
    }
}

/// What became of settling a delivery by hand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ByHand {
    Done,
    /// It is in this state: only an unknown outcome is settled by hand.
    NotUnknown(String),
    NoSuch,
}

pub(in crate::store) const CLAIM_SUSPECTS: &str = "WITH picked AS MATERIALIZED (SELECT delivery_id FROM deliveries
        WHERE workspace_id = $1 AND state = 'unknown' AND holder IS NULL AND look_at <= $4
        ORDER BY look_at, delivery_id LIMIT $5{lock})
    UPDATE deliveries SET holder = $2, claim = $3, updated = $4
    WHERE workspace_id = $1 AND delivery_id IN (SELECT delivery_id FROM picked)";

fn suspect(row: &AnyRow) -> Result<Suspect, StoreError> {
    Ok(Suspect {
        id: DeliveryId(row.text("delivery_id")?),
        report: row.text("report")?,
        recipient: row.text("recipient")?,
        attempt: row.count("attempt")?,
        started: row.instant("started")?,
        target: Target::of(row)?,
        checks: row.count("checks")?,
        degraded: row.flag("degraded")?,
    })
}
