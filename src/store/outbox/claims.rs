//! Claims for sending: taken, given back, taken away from the dead; and what is too late.

use super::{Claimed, Target};
use crate::{
    model::DeliveryId,
    store::{
        Store, StoreError,
        cells::{Cells, micros},
        fault::Fault,
        work::Work,
    },
};
use chrono::{DateTime, Utc};
use sqlx::any::AnyRow;
use std::{collections::BTreeMap, sync::PoisonError};

/// Whose claim of what nobody knows the outcome of: kind, holder, number.
pub(in crate::store) type Doubt = (&'static str, String, String);

impl Store {
    /// Runs `work` under a claim's number. Where the answer was lost, the next claim of the kind takes the same number
    /// and so finds what the lost one took: a holder that is alive never holds what it does not know of.
    pub(in crate::store) async fn claiming<T, F>(
        &self,
        kind: &'static str,
        holder: &str,
        mut work: impl FnMut(Work, String) -> F,
    ) -> Result<T, StoreError>
    where
        F: Future<Output = Result<T, Fault>>,
    {
        let claim = self.doubt_of(kind, holder).unwrap_or_else(|| format!("{:016x}", rand::random::<u64>()));
        let answer = self.write(|transaction| work(transaction, claim.clone())).await;
        if answer.is_err() {
            let mut doubts = self.doubts.lock().unwrap_or_else(PoisonError::into_inner);
            doubts.push((kind, holder.to_owned(), claim));
        }
        answer
    }

    fn doubt_of(&self, kind: &str, holder: &str) -> Option<String> {
        let mut doubts = self.doubts.lock().unwrap_or_else(PoisonError::into_inner);
        let place = doubts.iter().position(|(of, by, _)| *of == kind && by == holder)?;
        Some(doubts.swap_remove(place).2)
    }

    /// Claims unheld `rendered` and `retry` deliveries with `send_at <= now < expires`, by priority, due, turn, id; the
    /// attempt number of each goes up by one. None while sending is halted or the workspace is stopped. A team's summary
    /// of which nobody knows the channel is left to expire.
    pub async fn claim_sendable(
        &self,
        holder: &str,
        now: DateTime<Utc>,
        limit: u32,
    ) -> Result<Vec<Claimed>, StoreError> {
        const CLAIMED: &str = "SELECT d.*, m.dm FROM deliveries d
            LEFT JOIN members m ON m.workspace_id = d.workspace_id AND m.member_id = d.recipient
            WHERE d.workspace_id = $1 AND d.claim = $2 AND COALESCE(d.holder, '') = $3 AND d.state IN ('rendered', 'retry')
            ORDER BY d.priority, d.due, d.turn, d.delivery_id";
        let rows = self
            .claiming("sendable", holder, |mut work, claim| async move {
                // After an answer that was lost: what was claimed under this number, and no more.
                let rows = work.rows(self.sql(CLAIMED).bind(claim.clone()).bind(holder)).await?;
                if !rows.is_empty() {
                    return work.done(rows).await;
                }
                let sql = self.sql_of(CLAIM_SENDABLE.replace("{lock}", work.lock_free_rows()));
                work.run(sql.bind(holder).bind(&claim).bind(micros(now)).bind(i64::from(limit))).await?;
                let rows = work.rows(self.sql(CLAIMED).bind(claim).bind(holder)).await?;
                work.done(rows).await
            })
            .await?;
        rows.iter().map(claimed).collect()
    }

    /// When the next unheld one may be sent or looked for.
    pub async fn next_sendable(&self) -> Result<Option<DateTime<Utc>>, StoreError> {
        let read = |mut work: Work| async move {
            let ready = work.row(self.sql(NEXT_READY)).await?;
            Ok::<_, Fault>((ready, work.row(self.sql(NEXT_LOOK)).await?))
        };
        let (ready, look) = self.read(read).await?;
        let at = |row: Option<AnyRow>| row.map_or(Ok(None), |row| row.instant_or_null("at"));
        Ok([at(ready)?, at(look)?].into_iter().flatten().min())
    }

    /// Gives a claim for sending back, unsent: to `retry` from `at` on if given, else as it was. The caller knows that
    /// no request went out, so it may have begun.
    pub async fn release_sendable(
        &self,
        holder: &str,
        claimed: &Claimed,
        at: Option<(DateTime<Utc>, &str)>,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        const UNBEGIN: &str = "DELETE FROM attempts WHERE workspace_id = $1 AND delivery_id = $2 AND attempt = $3
            AND EXISTS (SELECT 1 FROM deliveries d WHERE d.workspace_id = $1 AND d.delivery_id = $2
                AND COALESCE(d.holder, '') = $4 AND d.attempt = $3 AND d.state = 'sending')";
        const RELEASE: &str = "UPDATE deliveries SET holder = NULL, claim = NULL, updated = $5,
                state = CASE WHEN $6 IS NULL AND state = 'rendered' THEN 'rendered' ELSE 'retry' END,
                ready_at = COALESCE($6, ready_at), reason = COALESCE($7, reason)
            WHERE workspace_id = $1 AND delivery_id = $2 AND attempt = $3 AND COALESCE(holder, '') = $4
                AND state IN ('rendered', 'retry', 'sending')";
        self.write(|mut work| async move {
            let attempt = i64::from(claimed.attempt);
            work.run(self.sql(UNBEGIN).bind(&claimed.id.0).bind(attempt).bind(holder)).await?;
            let sql = self.sql(RELEASE).bind(&claimed.id.0).bind(attempt).bind(holder).bind(micros(now));
            work.run(sql.bind(at.map(|(at, _)| micros(at))).bind(at.map(|(_, code)| code))).await?;
            work.done(()).await
        })
        .await
    }

    /// Unheld `planned`, `rendered` and `retry` deliveries with `expires <= now` → `missed`, for the reason that was
    /// noted, else `too_late`. Never an `unknown` one. Answers how many by report and reason.
    pub async fn expire(&self, now: DateTime<Utc>) -> Result<Vec<(String, String, u64)>, StoreError> {
        let read = |row: &AnyRow| Ok((row.text("report")?, row.text("reason")?));
        let missed = self
            .write(|mut work| async move {
                let missed = work.each(self.sql(EXPIRE).bind(micros(now)), read).await?;
                work.done(missed).await
            })
            .await?;
        let mut counts = BTreeMap::new();
        for one in missed {
            *counts.entry(one).or_insert(0) += 1;
        }
        Ok(counts.into_iter().map(|((report, reason), count)| (report, reason, count)).collect())
    }

    /// Takes claims away that were made before `before`, whoever holds them, as [`Store::release_claims_of`] does. A
    /// holder that is alive and lost sight of one is helped like this; one that works on it still is fenced off.
    pub async fn release_claims_before(
        &self,
        before: DateTime<Utc>,
        look_at: DateTime<Utc>,
        now: DateTime<Utc>,
    ) -> Result<(u64, u64), StoreError> {
        const STALE: &str =
            "UPDATE deliveries SET holder = $2 WHERE workspace_id = $1 AND holder IS NOT NULL AND updated < $3";
        let nobody = format!("nobody.{:016x}", rand::random::<u64>());
        let stale = self
            .write(|mut work| {
                let nobody = nobody.clone();
                async move {
                    let stale = work.run(self.sql(STALE).bind(nobody).bind(micros(before))).await?;
                    work.done(stale).await
                }
            })
            .await?;
        if stale == 0 { Ok((0, 0)) } else { self.release_claims_of(&[nobody], look_at, now).await }
    }

    /// Takes the claims of `holders` away: `sending` → `unknown` (to be looked for at `look_at`), all others back as
    /// they were. Answers how many of each (`unknown`, released).
    pub async fn release_claims_of(
        &self,
        holders: &[String],
        look_at: DateTime<Utc>,
        now: DateTime<Utc>,
    ) -> Result<(u64, u64), StoreError> {
        const UNDER_WAY: &str = "UPDATE attempts SET ended = $3, outcome = 'unknown', code = 'replica_lost'
            WHERE workspace_id = $1 AND outcome IS NULL AND EXISTS (SELECT 1 FROM deliveries d
                WHERE d.workspace_id = $1 AND d.delivery_id = attempts.delivery_id AND d.attempt = attempts.attempt
                    AND d.holder = $2 AND d.state = 'sending')
            AND delivery_id IN (SELECT delivery_id FROM deliveries WHERE workspace_id = $1 AND holder = $2)";
        const DOUBT: &str =
            "UPDATE deliveries SET state = 'unknown', reason = 'replica_lost', look_at = $3, checks = 0,
                holder = NULL, claim = NULL, updated = $4
            WHERE workspace_id = $1 AND holder = $2 AND state = 'sending'";
        const RELEASE: &str = "UPDATE deliveries SET holder = NULL, claim = NULL, updated = $3
            WHERE workspace_id = $1 AND holder = $2 AND state <> 'sending'";
        self.write(|mut work| async move {
            let (mut unknown, mut released) = (0, 0);
            for holder in holders {
                work.run(self.sql(UNDER_WAY).bind(holder).bind(micros(now))).await?;
                let doubt = self.sql(DOUBT).bind(holder).bind(micros(look_at)).bind(micros(now));
                unknown += work.run(doubt).await?;
                released += work.run(self.sql(RELEASE).bind(holder).bind(micros(now))).await?;
            }
            work.done((unknown, released)).await
        })
        .await
    }
}

pub(in crate::store) const CLAIM_SENDABLE: &str = "WITH picked AS MATERIALIZED (SELECT delivery_id FROM deliveries
        WHERE workspace_id = $1 AND state IN ('rendered', 'retry') AND holder IS NULL
            AND ready_at <= $4 AND expires > $4 AND (report <> 'weekly' OR channel IS NOT NULL)
            AND NOT EXISTS (SELECT 1 FROM key_values WHERE workspace_id = $1 AND key IN ('halted', 'stopped'))
        ORDER BY priority, due, turn, delivery_id LIMIT $5{lock})
    UPDATE deliveries SET holder = $2, claim = $3, attempt = attempt + 1, updated = $4
    WHERE workspace_id = $1 AND delivery_id IN (SELECT delivery_id FROM picked)";

pub(in crate::store) const NEXT_READY: &str = "SELECT CAST(MIN(ready_at) AS BIGINT) AS at FROM deliveries
    WHERE workspace_id = $1 AND state IN ('rendered', 'retry') AND holder IS NULL AND final_at IS NULL
        AND (report <> 'weekly' OR channel IS NOT NULL)";

pub(in crate::store) const NEXT_LOOK: &str = "SELECT CAST(MIN(look_at) AS BIGINT) AS at FROM deliveries
    WHERE workspace_id = $1 AND state = 'unknown' AND holder IS NULL";

pub(in crate::store) const EXPIRE: &str = "UPDATE deliveries
    SET state = 'missed', reason = COALESCE(reason, 'too_late'), updated = $2, final_at = $2
    WHERE workspace_id = $1 AND state IN ('planned', 'rendered', 'retry') AND holder IS NULL AND final_at IS NULL
        AND expires <= $2
    RETURNING report, reason";

fn claimed(row: &AnyRow) -> Result<Claimed, StoreError> {
    Ok(Claimed {
        id: DeliveryId(row.text("delivery_id")?),
        report: row.text("report")?,
        recipient: row.text("recipient")?,
        period: row.text("period")?,
        target: Target::of(row)?,
        attempt: row.count("attempt")?,
        message: row.text("message")?,
        degraded: row.flag("degraded")?,
        due: row.instant("due")?,
        send_at: row.instant("send_at")?,
        expires: row.instant("expires")?,
    })
}
