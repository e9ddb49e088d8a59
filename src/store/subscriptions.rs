//! Subscriptions: each recipient's schedule as it follows from consent, preferences, directory and settings, with the
//! cached instant at which it is next due. Wall time and zone are the truth, `next_due` serves the index.

use super::{
    AuditEntry, Store, StoreError,
    cells::{Cells, micros},
    work::{Sql, Work},
};
use crate::model::{ChannelId, Covers, LocalTime, MemberEmail, Weekdays};
use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use sqlx::any::AnyRow;
use std::collections::BTreeMap;

/// Whether something may be planned and sent for a recipient.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Activity {
    On,
    /// Not, for this reason: `opted_out`, `deactivated`, `slack_channel_not_found`, …
    Off(String),
}

/// One recipient's schedule.
#[derive(Debug, Clone, PartialEq)]
pub struct Subscription {
    /// `daily` or `weekly`.
    pub report: String,
    /// A member's id or a team's name.
    pub recipient: String,
    pub email: Option<MemberEmail>,
    /// The team by which order is kept fair; empty for none.
    pub team: String,
    pub activity: Activity,
    /// Nothing is due before.
    pub since: DateTime<Utc>,
    pub zone: Tz,
    pub time: LocalTime,
    pub weekdays: Weekdays,
    pub covers: Covers,
    /// The key of its set of days off (`calendars`); empty for none.
    pub calendar: String,
    /// `None` where `Off`.
    pub next_due: Option<DateTime<Utc>>,
    /// The period (local date) of the latest occurrence that was planned, passed over or missed.
    pub last_period: Option<NaiveDate>,
    /// Its instant.
    pub last_due: Option<DateTime<Utc>>,
    /// Where its window ended.
    pub last_window_end: Option<DateTime<Utc>>,
    /// After a zone move: where the next window starts.
    pub resume_from: Option<DateTime<Utc>>,
    /// How many deliveries in a row Slack refused for good.
    pub refusals: u32,
    /// The first digest was sent.
    pub greeted: bool,
    /// How often it was changed when this was read; 0 for a new one.
    pub version: u32,
}

/// What recipients due together share; the order of a page of due subscriptions.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct DueKey {
    pub report: String,
    pub next_due: DateTime<Utc>,
    pub zone: Tz,
    pub time: LocalTime,
    pub weekdays: Weekdays,
    pub covers: Covers,
    pub calendar: String,
}

impl Subscription {
    /// What it shares with others that are due with it; `None` where nothing is due.
    pub fn due_key(&self) -> Option<DueKey> {
        Some(DueKey {
            report: self.report.clone(),
            next_due: self.next_due?,
            zone: self.zone,
            time: self.time,
            weekdays: self.weekdays,
            covers: self.covers,
            calendar: self.calendar.clone(),
        })
    }
}

impl Store {
    /// Inserts or replaces, by report and recipient; `refusals` and `greeted` of an existing one are kept. One that was
    /// changed since it was read stays as it is. Answers how many were written.
    pub async fn put_subscriptions(&self, subscriptions: &[Subscription]) -> Result<u64, StoreError> {
        const PUT: (&str, usize, &str) = (
            "INSERT INTO subscriptions (workspace_id, report, recipient, email, team, off_reason, since, zone,
                local_time, weekdays, covers, calendar, next_due, last_period, last_due, last_window_end, resume_from,
                refusals, greeted, version) VALUES",
            20,
            " ON CONFLICT (workspace_id, report, recipient) DO UPDATE SET email = excluded.email,
                team = excluded.team, off_reason = excluded.off_reason, since = excluded.since, zone = excluded.zone,
                local_time = excluded.local_time, weekdays = excluded.weekdays, covers = excluded.covers,
                calendar = excluded.calendar, next_due = excluded.next_due, last_period = excluded.last_period,
                last_due = excluded.last_due, last_window_end = excluded.last_window_end,
                resume_from = excluded.resume_from, version = excluded.version
            WHERE subscriptions.version = excluded.version - 1",
        );
        // One of each, and always in the same order: so two writers cannot wait for each other.
        let ordered = subscriptions.iter().map(|one| ((&one.report, &one.recipient), one)).collect::<BTreeMap<_, _>>();
        let ordered: Vec<_> = ordered.into_values().collect();
        let ordered = &ordered;
        self.write(|mut work| async move {
            let written = work.run_for(PUT, ordered, |sql, one| self.bind_subscription(sql, one)).await?;
            work.done(written).await
        })
        .await
    }

    fn bind_subscription(&self, sql: Sql, one: &Subscription) -> Sql {
        let (off_reason, next_due) = match &one.activity {
            Activity::On => (None, one.next_due),
            Activity::Off(reason) => (Some(reason.clone()), None),
        };
        let sql = sql.bind(self.workspace().to_owned()).bind(&one.report).bind(&one.recipient);
        let sql = sql.bind(one.email.clone().map(String::from)).bind(&one.team).bind(off_reason);
        let sql = sql.bind(micros(one.since)).bind(one.zone.name()).bind(one.time.to_string());
        let sql = sql.bind(one.weekdays.to_string()).bind(one.covers.to_string()).bind(&one.calendar);
        let sql = sql.bind(next_due.map(micros)).bind(one.last_period.map(|date| date.to_string()));
        let sql = sql.bind(one.last_due.map(micros)).bind(one.last_window_end.map(micros));
        let sql = sql.bind(one.resume_from.map(micros)).bind(i64::from(one.refusals)).bind(i64::from(one.greeted));
        sql.bind(i64::from(one.version) + 1)
    }

    pub async fn subscription(&self, report: &str, recipient: &str) -> Result<Option<Subscription>, StoreError> {
        const ONE: &str = "SELECT * FROM subscriptions WHERE workspace_id = $1 AND report = $2 AND recipient = $3";
        let sql = || self.sql(ONE).bind(report).bind(recipient);
        let row = self.read(|mut work| async move { work.row(sql()).await }).await?;
        row.as_ref().map(subscription).transpose()
    }

    /// All of one report, by recipient.
    pub async fn subscriptions_to(&self, report: &str) -> Result<Vec<Subscription>, StoreError> {
        const ALL: &str = "SELECT * FROM subscriptions WHERE workspace_id = $1 AND report = $2 ORDER BY recipient";
        let sql = || self.sql(ALL).bind(report);
        self.read(|mut work| async move { work.each(sql(), subscription).await }).await
    }

    /// The channels in which deliveries of `report` failed last, by recipient, of recipients who are off now.
    pub async fn refused_channels(&self, report: &str) -> Result<BTreeMap<String, ChannelId>, StoreError> {
        const REFUSED: &str = "SELECT d.recipient, d.channel FROM subscriptions s
            JOIN deliveries d ON d.workspace_id = s.workspace_id AND d.report = s.report AND d.recipient = s.recipient
            WHERE s.workspace_id = $1 AND s.report = $2 AND s.off_reason IS NOT NULL
                AND d.state = 'failed' AND d.channel IS NOT NULL
            ORDER BY d.period";
        let sql = || self.sql(REFUSED).bind(report);
        let read = |row: &AnyRow| Ok((row.text("recipient")?, ChannelId(row.text("channel")?)));
        // Of several the last one stays.
        Ok(self.read(|mut work| async move { work.each(sql(), read).await }).await?.into_iter().collect())
    }

    /// Active subscriptions with `next_due <= now`, ordered by due instant, then the rest of [`DueKey`], then
    /// recipient: at most `limit`. One indexed query.
    pub async fn due(&self, now: DateTime<Utc>, limit: u32) -> Result<Vec<Subscription>, StoreError> {
        let sql = || self.sql(DUE).bind(micros(now)).bind(i64::from(limit));
        self.read(|mut work| async move { work.each(sql(), subscription).await }).await
    }

    /// When the next one is due.
    pub async fn next_due(&self) -> Result<Option<DateTime<Utc>>, StoreError> {
        let row = self.read(|mut work| async move { work.row(self.sql(NEXT_DUE)).await }).await?;
        row.map_or(Ok(None), |row| row.instant_or_null("next_due"))
    }

    /// How many recipients of `report` get it and are not paused at `now`, and when the first of them is due.
    pub async fn awaiting(&self, report: &str, now: DateTime<Utc>) -> Result<(u64, Option<DateTime<Utc>>), StoreError> {
        const AWAITING: &str = "SELECT COUNT(*) AS count, CAST(MIN(s.next_due) AS BIGINT) AS next_due
            FROM subscriptions s
            LEFT JOIN preferences p
                ON s.report = 'daily' AND p.workspace_id = s.workspace_id AND p.member_id = s.recipient
            WHERE s.workspace_id = $1 AND s.report = $2 AND s.next_due IS NOT NULL
                AND (p.pause_until IS NULL OR p.pause_until <= $3)";
        let sql = || self.sql(AWAITING).bind(report).bind(micros(now));
        let row = self.read(|mut work| async move { work.row(sql()).await }).await?;
        let Some(row) = row else { return Ok((0, None)) };
        Ok((row.count("count")?, row.instant_or_null("next_due")?))
    }

    /// Switches a subscription off, visibly: audited. It has been off `since` then.
    pub async fn switch_off(
        &self,
        report: &str,
        recipient: &str,
        reason: &str,
        at: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        const OFF: &str = "UPDATE subscriptions SET off_reason = $4, next_due = NULL, since = $5, version = version + 1
            WHERE workspace_id = $1 AND report = $2 AND recipient = $3";
        self.write(|mut work| async move {
            if work.run(self.sql(OFF).bind(report).bind(recipient).bind(reason).bind(micros(at))).await? == 1 {
                let (actor, action) = ("recap".to_owned(), "subscription.off".to_owned());
                let (subject, detail) = (recipient.to_owned(), format!("{report}: {reason}"));
                self.note(&mut work, &AuditEntry { at, actor, action, subject, detail }).await?;
            }
            work.done(()).await
        })
        .await
    }

    /// Keeps a set of days off under `key`.
    pub async fn put_calendar(&self, key: &str, days_off: &[NaiveDate]) -> Result<(), StoreError> {
        const PUT: &str = "INSERT INTO calendars (workspace_id, calendar, days_off) VALUES ($1, $2, $3)
            ON CONFLICT (workspace_id, calendar) DO UPDATE SET days_off = excluded.days_off";
        let days_off = &serde_json::json!(days_off).to_string();
        self.write(|mut work| async move {
            work.run(self.sql(PUT).bind(key).bind(days_off)).await?;
            work.done(()).await
        })
        .await
    }

    /// The days off under `key`; none where there is no such set.
    pub async fn calendar(&self, key: &str) -> Result<Vec<NaiveDate>, StoreError> {
        const CALENDAR: &str = "SELECT days_off FROM calendars WHERE workspace_id = $1 AND calendar = $2";
        let row = self.read(|mut work: Work| async move { work.row(self.sql(CALENDAR).bind(key)).await }).await?;
        Ok(row.map_or(Ok(None), |row| row.list_or_null("days_off"))?.unwrap_or_default())
    }
}

/// Only who is on has a `next_due`, and the index has only these, in this order.
pub(super) const DUE: &str = "SELECT * FROM subscriptions WHERE workspace_id = $1 AND next_due <= $2
    ORDER BY next_due, report, zone, local_time, weekdays, covers, calendar, recipient LIMIT $3";

pub(super) const NEXT_DUE: &str = "SELECT CAST(MIN(next_due) AS BIGINT) AS next_due FROM subscriptions
    WHERE workspace_id = $1 AND next_due IS NOT NULL";

/// Reads a row of `subscriptions`.
pub(super) fn subscription(row: &AnyRow) -> Result<Subscription, StoreError> {
    Ok(Subscription {
        report: row.text("report")?,
        recipient: row.text("recipient")?,
        email: row.email()?,
        team: row.text("team")?,
        activity: row.text_or_null("off_reason")?.map_or(Activity::On, Activity::Off),
        since: row.instant("since")?,
        zone: row.parsed("zone")?,
        time: row.parsed("local_time")?,
        weekdays: row.parsed("weekdays")?,
        covers: row.parsed("covers")?,
        calendar: row.text("calendar")?,
        next_due: row.instant_or_null("next_due")?,
        last_period: row.parsed_or_null("last_period")?,
        last_due: row.instant_or_null("last_due")?,
        last_window_end: row.instant_or_null("last_window_end")?,
        resume_from: row.instant_or_null("resume_from")?,
        refusals: row.count("refusals")?,
        greeted: row.flag("greeted")?,
        version: row.count("version")?,
    })
}
