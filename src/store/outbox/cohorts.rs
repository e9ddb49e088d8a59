//! Cohorts: planned deliveries that are claimed together, computed, and stored with their snapshots.

use super::{ClaimedCohort, CohortKey, PlannedDelivery, Rendered, StreakState};
use crate::{
    model::{DeliveryId, MemberId},
    store::{
        Store, StoreError,
        cells::{Cells, micros},
        fault::Fault,
        work::Work,
    },
};
use chrono::{DateTime, Utc};
use sqlx::any::AnyRow;

impl Store {
    /// Claims every unheld `planned` delivery of the cohort that is due first (`due <= now < expires`, by priority,
    /// then due), whatever its size.
    pub async fn claim_cohort(&self, holder: &str, now: DateTime<Utc>) -> Result<Option<ClaimedCohort>, StoreError> {
        self.claiming("cohort", holder, |mut work, claim| async move {
            work.one_at_a_time(self.database().schema(), "cohort").await?;
            if let Some(claimed) = self.claimed_cohort(&mut work, holder, &claim).await? {
                return work.done(Some(claimed)).await;
            }
            let next = work.row(self.sql(NEXT_COHORT).bind(micros(now))).await?;
            let Some(key) = next.map(|row| key(&row)).transpose()? else { return work.done(None).await };
            let sql = self.sql(CLAIM_COHORT).bind(holder).bind(&claim).bind(micros(now)).bind(&key.report);
            let sql = sql.bind(&key.period).bind(micros(key.due)).bind(key.zone.name()).bind(key.time.to_string());
            let sql = sql.bind(key.weekdays.to_string()).bind(key.covers.to_string()).bind(&key.calendar);
            work.run(sql.bind(key.resume_from.map(micros))).await?;
            let claimed = self.claimed_cohort(&mut work, holder, &claim).await?;
            work.done(claimed).await
        })
        .await
    }

    /// Says that `holder` still works on a cohort, so that nobody takes the claim for forgotten.
    pub async fn keep_cohort(&self, holder: &str, key: &CohortKey, now: DateTime<Utc>) -> Result<(), StoreError> {
        const KEEP: &str = "UPDATE deliveries SET updated = $2 WHERE workspace_id = $1 AND holder = $3
            AND state = 'planned' AND report = $4 AND period = $5 AND due = $6";
        self.write(|mut work| async move {
            let sql = self.sql(KEEP).bind(micros(now)).bind(holder).bind(&key.report).bind(&key.period);
            work.run(sql.bind(micros(key.due))).await?;
            work.done(()).await
        })
        .await
    }

    /// What was claimed under this number.
    async fn claimed_cohort(&self, work: &mut Work, holder: &str, claim: &str) -> Result<Option<ClaimedCohort>, Fault> {
        const FIRST: &str =
            "SELECT * FROM deliveries WHERE workspace_id = $1 AND claim = $2 AND COALESCE(holder, '') = $3 LIMIT 1";
        const CLAIMED: &str =
            "SELECT d.delivery_id, d.report, d.recipient, d.email, p.sections, s.greeted, s.off_reason,
                s.recipient AS subscribed, k.days, k.at_least, k.through, k.until, m.last_usage
            FROM deliveries d
            LEFT JOIN preferences p
                ON d.report <> 'weekly' AND p.workspace_id = d.workspace_id AND p.member_id = d.recipient
            LEFT JOIN streaks k
                ON d.report <> 'weekly' AND k.workspace_id = d.workspace_id AND k.member_id = d.recipient
            LEFT JOIN members m
                ON d.report <> 'weekly' AND m.workspace_id = d.workspace_id AND m.member_id = d.recipient
            LEFT JOIN subscriptions s ON s.workspace_id = d.workspace_id AND s.recipient = d.recipient
                AND s.report = CASE d.report WHEN 'now' THEN 'daily' ELSE d.report END
            WHERE d.workspace_id = $1 AND d.claim = $2 AND COALESCE(d.holder, '') = $3
            ORDER BY d.turn, d.delivery_id";
        let Some(first) = work.row(self.sql(FIRST).bind(claim).bind(holder)).await? else { return Ok(None) };
        let deliveries = work.each(self.sql(CLAIMED).bind(claim).bind(holder), planned).await?;
        Ok(Some(ClaimedCohort { key: key(&first)?, deliveries }))
    }

    /// `planned` and held by us → `rendered`, unheld; saves streaks too, and what a team's summary is kept with. One
    /// transaction. A team's summary without that stays as it is: it would go nowhere.
    pub async fn rendered(&self, holder: &str, rendered: &[Rendered], now: DateTime<Utc>) -> Result<u64, StoreError> {
        let streaks = rendered.iter().filter_map(|one| one.streak.as_ref().map(|(id, streak)| (&one.id, id, streak)));
        let streaks: &Vec<(&DeliveryId, &MemberId, &StreakState)> = &streaks.collect();
        self.write(|mut work| async move {
            work.run_for(STREAKS, streaks, |sql, (id, member, streak)| {
                let sql = sql.bind(self.workspace()).bind(&id.0).bind(holder).bind(&member.0);
                let sql = sql.bind(i64::from(streak.days)).bind(i64::from(streak.at_least));
                sql.bind(streak.through.to_string()).bind(micros(streak.until))
            })
            .await?;
            let count = work.run_for(RENDERED, rendered, |sql, one| {
                let posting = one.posting.as_ref();
                let sql = sql.bind(self.workspace()).bind(&one.id.0).bind(holder).bind(&one.message).bind(micros(now));
                let sql =
                    sql.bind(posting.map(|posting| &posting.channel.0)).bind(posting.map(|posting| &posting.facts));
                sql.bind(posting.and_then(|posting| posting.revise_at).map(micros))
            });
            let count = count.await?;
            work.done(count).await
        })
        .await
    }

    /// `planned` and held by us → `skipped` with `reason`.
    pub async fn skip(
        &self,
        holder: &str,
        ids: &[DeliveryId],
        reason: &str,
        now: DateTime<Utc>,
    ) -> Result<u64, StoreError> {
        self.finish_planned(holder, ids, ("skipped", reason), now).await
    }

    /// `planned` and held by us → `failed` with `code`.
    pub async fn fail_planned(
        &self,
        holder: &str,
        ids: &[DeliveryId],
        code: &str,
        now: DateTime<Utc>,
    ) -> Result<u64, StoreError> {
        self.finish_planned(holder, ids, ("failed", code), now).await
    }

    async fn finish_planned(
        &self,
        holder: &str,
        ids: &[DeliveryId],
        (state, reason): (&str, &str),
        now: DateTime<Utc>,
    ) -> Result<u64, StoreError> {
        self.write(|mut work| async move {
            let count = work.run_for(FINISH, ids, |sql, id| {
                let sql = sql.bind(self.workspace()).bind(&id.0).bind(holder);
                sql.bind(state).bind(reason).bind(micros(now))
            });
            let count = count.await?;
            work.done(count).await
        })
        .await
    }

    /// Gives claims on `planned` deliveries back, not to be claimed before `again`, with a note that becomes the reason
    /// if they are missed.
    pub async fn release(
        &self,
        holder: &str,
        ids: &[DeliveryId],
        (note, again): (Option<&str>, DateTime<Utc>),
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        self.write(|mut work| async move {
            work.run_for(RELEASE, ids, |sql, id| {
                let sql = sql.bind(self.workspace()).bind(&id.0).bind(holder).bind(note);
                sql.bind(micros(now)).bind(micros(again))
            })
            .await?;
            work.done(()).await
        })
        .await
    }
}

pub(in crate::store) const NEXT_COHORT: &str = "SELECT * FROM deliveries
    WHERE workspace_id = $1 AND state = 'planned' AND holder IS NULL AND due <= $2 AND expires > $2
        AND (look_at IS NULL OR look_at <= $2)
    ORDER BY priority, due LIMIT 1";

pub(in crate::store) const CLAIM_COHORT: &str = "UPDATE deliveries SET holder = $2, claim = $3, updated = $4
    WHERE workspace_id = $1 AND state = 'planned' AND holder IS NULL AND expires > $4
        AND report = $5 AND period = $6 AND due = $7 AND zone = $8 AND local_time = $9 AND weekdays = $10
        AND covers = $11 AND calendar = $12 AND resume_from IS NOT DISTINCT FROM $13";

fn key(row: &AnyRow) -> Result<CohortKey, StoreError> {
    Ok(CohortKey {
        report: row.text("report")?,
        period: row.text("period")?,
        due: row.instant("due")?,
        zone: row.parsed("zone")?,
        time: row.parsed("local_time")?,
        weekdays: row.parsed("weekdays")?,
        covers: row.parsed("covers")?,
        calendar: row.text("calendar")?,
        resume_from: row.instant_or_null("resume_from")?,
    })
}

fn planned(row: &AnyRow) -> Result<PlannedDelivery, StoreError> {
    let subscribed = row.text_or_null("subscribed")?.is_some();
    let scheduled = matches!(row.text("report")?.as_str(), "daily" | "weekly");
    let streak = match row.number_or_null("days")? {
        None => None,
        Some(_) => Some(StreakState {
            days: row.count("days")?,
            at_least: row.flag("at_least")?,
            through: row.parsed("through")?,
            until: row.instant("until")?,
        }),
    };
    Ok(PlannedDelivery {
        id: DeliveryId(row.text("delivery_id")?),
        recipient: row.text("recipient")?,
        email: row.email()?,
        sections: row.list_or_null("sections")?,
        first: row.number_or_null("greeted")?.unwrap_or(0) == 0,
        streak,
        last_usage: row.instant_or_null("last_usage")?,
        unwanted: match row.text_or_null("off_reason")? {
            _ if !scheduled => None,
            None if !subscribed => Some("not_subscribed".to_owned()),
            off_reason => off_reason,
        },
    })
}

pub(in crate::store) const STREAKS: (&str, usize, &str) = (
    "WITH done (workspace_id, delivery_id, holder, member_id, days, at_least, through, until) AS (VALUES",
    8,
    ") INSERT INTO streaks (workspace_id, member_id, days, at_least, through, until)
    SELECT done.workspace_id, done.member_id, done.days, done.at_least, done.through, done.until FROM done
    JOIN deliveries d ON d.workspace_id = done.workspace_id AND d.delivery_id = done.delivery_id
    WHERE d.state = 'planned' AND COALESCE(d.holder, '') = done.holder
    ON CONFLICT (workspace_id, member_id) DO UPDATE SET days = excluded.days, at_least = excluded.at_least,
        through = excluded.through, until = excluded.until WHERE streaks.until <= excluded.until",
);

pub(in crate::store) const RENDERED: (&str, usize, &str) = (
    "WITH done (workspace_id, delivery_id, holder, message, at, channel, facts, revise_at) AS (VALUES",
    8,
    ") UPDATE deliveries SET state = 'rendered', reason = NULL, message = done.message, holder = NULL,
        claim = NULL, look_at = NULL, updated = done.at, channel = done.channel, facts = done.facts,
        revise_at = done.revise_at FROM done
    WHERE deliveries.workspace_id = done.workspace_id AND deliveries.delivery_id = done.delivery_id
        AND deliveries.state = 'planned' AND COALESCE(deliveries.holder, '') = done.holder
        AND (deliveries.report <> 'weekly' OR done.channel IS NOT NULL)",
);

pub(in crate::store) const FINISH: (&str, usize, &str) = (
    "WITH these (workspace_id, delivery_id, holder, state, reason, at) AS (VALUES",
    6,
    ") UPDATE deliveries SET state = these.state, reason = these.reason, holder = NULL, claim = NULL,
        updated = these.at, final_at = these.at FROM these
    WHERE deliveries.workspace_id = these.workspace_id AND deliveries.delivery_id = these.delivery_id
        AND deliveries.state = 'planned' AND COALESCE(deliveries.holder, '') = these.holder",
);

pub(in crate::store) const RELEASE: (&str, usize, &str) = (
    "WITH these (workspace_id, delivery_id, holder, note, at, again) AS (VALUES",
    6,
    ") UPDATE deliveries SET reason = COALESCE(these.note, deliveries.reason), holder = NULL, claim = NULL,
        updated = these.at, look_at = these.again FROM these
    WHERE deliveries.workspace_id = these.workspace_id AND deliveries.delivery_id = these.delivery_id
        AND deliveries.state = 'planned' AND COALESCE(deliveries.holder, '') = these.holder",
);
