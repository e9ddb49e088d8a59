//! Deliveries: the unique row of each intended message, planned together with the advance of its subscription.

use super::{
    DueKey, Posting, Store, StoreError,
    cells::{Cells, micros},
    work::{Sql, Work},
};
use crate::model::{Covers, DeliveryId, LocalTime, MemberEmail, Weekdays};
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use chrono_tz::Tz;
use sqlx::any::AnyRow;

/// Which deliveries go first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Priority {
    /// A person waits for it, or it says that something is wrong.
    Notice = 0,
    Scheduled = 1,
}

/// The outcome with which a delivery is planned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Planned {
    /// To be computed and sent.
    Due,
    /// Computed already: the snapshot, as JSON `{"text", "blocks"}`. Not of a `weekly`, which goes nowhere without the
    /// channel that [`Store::rendered`] keeps with it.
    Rendered(String),
    /// A team's summary that is sent by hand, computed already.
    Summarized(String, Posting),
    Skipped(String),
    Missed(String),
}

/// A delivery to be written; `(report, recipient, period)` is unique, and one that is there already stays as it is.
#[derive(Debug, Clone, PartialEq)]
pub struct NewDelivery {
    pub id: DeliveryId,
    /// `daily`, `weekly`, `notice.<kind>`, or, outside of any schedule, `now.daily` and `now.weekly`.
    pub report: String,
    /// A member's id, a team's name, or (of notices) a member's or channel's id.
    pub recipient: String,
    /// A local date, an ISO week, or what makes a notice one of its kind.
    pub period: String,
    pub email: Option<MemberEmail>,
    pub priority: Priority,
    /// Its place in the order within a cohort: round robin over teams.
    pub turn: i64,
    pub outcome: Planned,
    /// The occurrence.
    pub due: DateTime<Utc>,
    /// From when on it may be sent: the occurrence and its jitter.
    pub send_at: DateTime<Utc>,
    /// From when on it is `missed`.
    pub expires: DateTime<Utc>,
    /// Of a scheduled one: the schedule that its window follows from.
    pub zone: Tz,
    pub time: LocalTime,
    pub weekdays: Weekdays,
    pub covers: Covers,
    pub calendar: String,
    /// After a zone move: where its window starts.
    pub resume_from: Option<DateTime<Utc>>,
}

/// A notice that could not be sent for a day is no news any more.
const NEWS_FOR: TimeDelta = TimeDelta::days(1);

impl NewDelivery {
    /// One outside of any schedule, computed already: `message` is the snapshot, `target` a member's or channel's id.
    pub fn notice(report: &str, target: &str, period: &str, message: String, now: DateTime<Utc>) -> Self {
        Self {
            id: DeliveryId::new(),
            report: report.to_owned(),
            recipient: target.to_owned(),
            period: period.to_owned(),
            email: None,
            priority: Priority::Notice,
            turn: 0,
            outcome: Planned::Rendered(message),
            due: now,
            send_at: now,
            expires: now + NEWS_FOR,
            zone: Tz::UTC,
            time: LocalTime::MIDNIGHT,
            weekdays: Weekdays::EVERY_DAY,
            covers: Covers::Morning,
            calendar: String::new(),
            resume_from: None,
        }
    }
}

/// How the subscriptions of one cohort go on; applies to those of `key` from recipient `first` to `last`.
#[derive(Debug, Clone, PartialEq)]
pub struct Advance {
    pub key: DueKey,
    pub first: String,
    pub last: String,
    pub next_due: Option<DateTime<Utc>>,
    pub last_period: NaiveDate,
    pub last_due: DateTime<Utc>,
    pub last_window_end: DateTime<Utc>,
    /// Each of them has a delivery of `last_period`; one that has none came in between, and stays as it is.
    pub planned: bool,
}

/// A delivery as the ledger tells it.
#[derive(Debug, Clone, PartialEq)]
pub struct DeliveryRecord {
    pub id: DeliveryId,
    pub report: String,
    pub recipient: String,
    pub period: String,
    /// `planned`, `rendered`, `sending`, `retry`, `unknown`, `sent`, `failed`, `skipped`, `missed`.
    pub state: String,
    /// Why, where the state says not all: a reason or one of Slack's codes.
    pub reason: Option<String>,
    pub email: Option<MemberEmail>,
    pub zone: Tz,
    pub due: DateTime<Utc>,
    pub send_at: DateTime<Utc>,
    pub expires: DateTime<Utc>,
    pub attempt: u32,
    pub channel: Option<String>,
    pub ts: Option<String>,
    pub degraded: bool,
    /// How often an unknown outcome was looked for in vain.
    pub checks: u32,
    pub updated: DateTime<Utc>,
    pub final_at: Option<DateTime<Utc>>,
    /// The snapshot, as long as it is kept.
    pub message: Option<String>,
}

/// One attempt of a delivery.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AttemptRecord {
    pub attempt: u32,
    pub started: DateTime<Utc>,
    pub ended: Option<DateTime<Utc>>,
    /// `sent`, `retry`, `unknown`, `failed`; none while it is under way.
    pub outcome: Option<String>,
    pub code: Option<String>,
}

impl Store {
    /// Writes deliveries and advances their subscriptions (setting `resume_from` to null), in one transaction; safe to
    /// repeat and to run twice at once. An advance changes only subscriptions that still stand at `key`. Answers how
    /// many deliveries were new.
    pub async fn plan(
        &self,
        deliveries: &[NewDelivery],
        advances: &[Advance],
        now: DateTime<Utc>,
    ) -> Result<u64, StoreError> {
        const PLAN: (&str, usize, &str) = (
            "INSERT INTO deliveries (workspace_id, delivery_id, report, recipient, period, email, priority, turn, state,
                reason, message, due, send_at, ready_at, expires, zone, local_time, weekdays, covers, calendar,
                resume_from, updated, final_at, channel, facts, revise_at) VALUES",
            26,
            " ON CONFLICT DO NOTHING",
        );
        // Always in the same order: so two planners cannot wait for each other.
        let mut ordered: Vec<_> = deliveries.iter().collect();
        ordered.sort_by(|a, b| (&a.report, &a.recipient, &a.period).cmp(&(&b.report, &b.recipient, &b.period)));
        let ordered = &ordered;
        self.write(|mut work| async move {
            let planned = work.run_for(PLAN, ordered, |sql, one| self.bind_delivery(sql, one, now)).await?;
            for advance in advances {
                work.run(self.advance(advance)).await?;
            }
            work.done(planned).await
        })
        .await
    }

    fn bind_delivery(&self, sql: Sql, one: &NewDelivery, now: DateTime<Utc>) -> Sql {
        let (state, reason, message) = match &one.outcome {
            Planned::Due => ("planned", None, None),
            Planned::Rendered(message) | Planned::Summarized(message, _) => ("rendered", None, Some(message.clone())),
            Planned::Skipped(reason) => ("skipped", Some(reason.clone()), None),
            Planned::Missed(reason) => ("missed", Some(reason.clone()), None),
        };
        let posting = if let Planned::Summarized(_, posting) = &one.outcome { Some(posting) } else { None };
        let final_at = matches!(one.outcome, Planned::Skipped(_) | Planned::Missed(_)).then_some(micros(now));
        let sql = sql.bind(self.workspace().to_owned()).bind(&one.id.0).bind(&one.report);
        let sql = sql.bind(&one.recipient).bind(&one.period).bind(one.email.clone().map(String::from));
        let sql = sql.bind(one.priority as i64).bind(one.turn).bind(state).bind(reason).bind(message);
        let sql = sql.bind(micros(one.due)).bind(micros(one.send_at)).bind(micros(one.send_at));
        let sql = sql.bind(micros(one.expires)).bind(one.zone.name()).bind(one.time.to_string());
        let sql = sql.bind(one.weekdays.to_string()).bind(one.covers.to_string()).bind(&one.calendar);
        let sql = sql.bind(one.resume_from.map(micros)).bind(micros(now)).bind(final_at);
        let sql = sql.bind(posting.map(|posting| posting.channel.0.clone())).bind(posting.map(|one| one.facts.clone()));
        sql.bind(posting.and_then(|posting| posting.revise_at).map(micros))
    }

    fn advance(&self, advance: &Advance) -> Sql {
        let DueKey { report, next_due, zone, time, weekdays, covers, calendar } = &advance.key;
        let sql = self.sql(ADVANCE).bind(report).bind(micros(*next_due)).bind(zone.name());
        let sql = sql.bind(time.to_string()).bind(weekdays.to_string()).bind(covers.to_string());
        let sql = sql.bind(calendar).bind(&advance.first).bind(&advance.last);
        let sql = sql.bind(advance.next_due.map(micros)).bind(advance.last_period.to_string());
        let sql = sql.bind(micros(advance.last_due)).bind(micros(advance.last_window_end));
        sql.bind(i64::from(advance.planned))
    }

    pub async fn delivery(&self, id: &DeliveryId) -> Result<Option<DeliveryRecord>, StoreError> {
        const ONE: &str = "SELECT * FROM deliveries WHERE workspace_id = $1 AND delivery_id = $2";
        let row = self.read(|mut work| async move { work.row(self.sql(ONE).bind(&id.0)).await }).await?;
        row.as_ref().map(record).transpose()
    }

    /// A recipient's deliveries of one report, latest period first; of one `period` where it is given.
    pub async fn deliveries_of(
        &self,
        report: &str,
        recipient: &str,
        period: Option<&str>,
        limit: u32,
    ) -> Result<Vec<DeliveryRecord>, StoreError> {
        const ALL: &str = "SELECT * FROM deliveries WHERE workspace_id = $1 AND report = $2 AND recipient = $3
            ORDER BY period DESC LIMIT $4";
        const OF_PERIOD: &str = "SELECT * FROM deliveries
            WHERE workspace_id = $1 AND report = $2 AND recipient = $3 AND period = $5 LIMIT $4";
        let limit = i64::from(limit);
        let read = |mut work: Work| async move {
            let sql = self.sql(if period.is_some() { OF_PERIOD } else { ALL });
            let sql = sql.bind(report).bind(recipient).bind(limit);
            work.rows(if let Some(period) = period { sql.bind(period) } else { sql }).await
        };
        self.read(read).await?.iter().map(record).collect()
    }

    pub async fn attempts(&self, id: &DeliveryId) -> Result<Vec<AttemptRecord>, StoreError> {
        const ATTEMPTS: &str = "SELECT * FROM attempts WHERE workspace_id = $1 AND delivery_id = $2 ORDER BY attempt";
        let rows = self.read(|mut work| async move { work.rows(self.sql(ATTEMPTS).bind(&id.0)).await }).await?;
        let attempt = |row: &AnyRow| {
            Ok(AttemptRecord {
                attempt: row.count("attempt")?,
                started: row.instant("started")?,
                ended: row.instant_or_null("ended")?,
                outcome: row.text_or_null("outcome")?,
                code: row.text_or_null("code")?,
            })
        };
        rows.iter().map(attempt).collect()
    }
}

pub(super) const ADVANCE: &str = "UPDATE subscriptions
    SET next_due = $11, last_period = $12, last_due = $13, last_window_end = $14, resume_from = NULL,
        version = version + 1
    WHERE workspace_id = $1 AND report = $2 AND next_due = $3 AND zone = $4 AND local_time = $5 AND weekdays = $6
        AND covers = $7 AND calendar = $8 AND recipient BETWEEN $9 AND $10
        AND ($15 = 0 OR EXISTS (SELECT 1 FROM deliveries d WHERE d.workspace_id = $1 AND d.report = $2
            AND d.recipient = subscriptions.recipient AND d.period = $12))";

pub(super) fn record(row: &AnyRow) -> Result<DeliveryRecord, StoreError> {
    Ok(DeliveryRecord {
        id: DeliveryId(row.text("delivery_id")?),
        report: row.text("report")?,
        recipient: row.text("recipient")?,
        period: row.text("period")?,
        state: row.text("state")?,
        reason: row.text_or_null("reason")?,
        email: row.email()?,
        zone: row.parsed("zone")?,
        due: row.instant("due")?,
        send_at: row.instant("ready_at")?,
        expires: row.instant("expires")?,
        attempt: row.count("attempt")?,
        channel: row.text_or_null("channel")?,
        ts: row.text_or_null("ts")?,
        degraded: row.flag("degraded")?,
        checks: row.count("checks")?,
        updated: row.instant("updated")?,
        final_at: row.instant_or_null("final_at")?,
        message: row.text_or_null("message")?,
    })
}
