//! Stores of a test's own, on either backend, and rows to put into them.

use super::postgres;
use chrono::{DateTime, TimeDelta, Utc};
use recap::{
    model::{ChannelId, Covers, DeliveryId, MemberEmail, MemberId, Weekdays, WorkspaceId},
    store::{
        Activity, AuditEntry, Begin, Database, MemberRecord, MemberStatus, NewDelivery, Planned, Posting, Priority,
        Rendered, ReportConfig, Settlement, Store, StoreOptions, Subscription,
    },
};
use secrecy::SecretString;
use std::{
    path::PathBuf,
    sync::atomic::{AtomicU32, Ordering},
};
use tempfile::TempDir;

/// Where a store is; several may be opened on it.
pub struct Place {
    pub options: StoreOptions,
    folder: Option<TempDir>,
}

impl Place {
    pub fn sqlite() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite:{}", folder.path().join("recap.sqlite").display());
        Self {
            options: StoreOptions { url: SecretString::from(url), schema: "recap".to_owned() },
            folder: Some(folder),
        }
    }

    pub async fn postgres() -> Self {
        Self::in_schema(postgres::url().await)
    }

    /// PostgreSQL behind a pooler in transaction mode.
    pub async fn pooled() -> Self {
        Self::in_schema(postgres::pooled_url().await)
    }

    fn in_schema(url: String) -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(1);
        let schema = format!("test {}", NEXT.fetch_add(1, Ordering::Relaxed));
        Self { options: StoreOptions { url: SecretString::from(url), schema }, folder: None }
    }

    /// The SQLite file.
    pub fn file(&self) -> Option<PathBuf> {
        self.folder.as_ref().map(|folder| folder.path().join("recap.sqlite"))
    }

    pub async fn database(&self) -> Database {
        Database::open(&self.options).await.unwrap()
    }

    pub async fn store(&self) -> Store {
        self.database().await.of_workspace(&WorkspaceId("T1".to_owned()), at("2026-01-01T00:00:00Z")).await.unwrap()
    }
}

pub fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

/// Monday, 09:00 in Berlin.
pub fn monday() -> DateTime<Utc> {
    at("2026-03-09T08:00:00Z")
}

pub fn minutes(count: i64) -> TimeDelta {
    TimeDelta::minutes(count)
}

pub fn member(id: &str) -> MemberRecord {
    MemberRecord {
        id: MemberId(id.to_owned()),
        email: Some(email(id)),
        name: format!("Name of {id}"),
        zone: Some(chrono_tz::Tz::Europe__Berlin),
        status: MemberStatus::Active,
        dm: None,
        last_usage: None,
    }
}

pub fn email(id: &str) -> MemberEmail {
    MemberEmail::parse(&format!("{id}@example.com")).unwrap()
}

/// A daily one that is due on [`monday`].
pub fn subscription(recipient: &str) -> Subscription {
    Subscription {
        report: "daily".to_owned(),
        recipient: recipient.to_owned(),
        email: Some(email(recipient)),
        team: String::new(),
        activity: Activity::On,
        since: at("2026-03-01T00:00:00Z"),
        zone: chrono_tz::Tz::Europe__Berlin,
        time: "09:00".parse().unwrap(),
        weekdays: Weekdays::MON_FRI,
        covers: Covers::Morning,
        calendar: String::new(),
        next_due: Some(monday()),
        last_period: None,
        last_due: None,
        last_window_end: None,
        resume_from: None,
        refusals: 0,
        greeted: false,
        version: 0,
    }
}

/// A subscription as it was written first.
pub fn unversioned(subscription: Option<Subscription>) -> Option<Subscription> {
    subscription.map(|subscription| Subscription { version: 0, ..subscription })
}

/// Writes subscriptions whatever is there, as somebody does who has just read it.
pub async fn put(store: &Store, subscriptions: &[Subscription]) {
    for one in subscriptions {
        let there = store.subscription(&one.report, &one.recipient).await.unwrap();
        let version = there.map_or(0, |there| there.version);
        let written = store.put_subscriptions(&[Subscription { version, ..one.clone() }]).await.unwrap();
        assert_eq!(written, 1);
    }
}

/// The delivery that such a subscription leads to.
pub fn delivery(recipient: &str) -> NewDelivery {
    NewDelivery {
        id: DeliveryId::new(),
        report: "daily".to_owned(),
        recipient: recipient.to_owned(),
        period: "2026-03-09".to_owned(),
        email: Some(email(recipient)),
        priority: Priority::Scheduled,
        turn: 0,
        outcome: Planned::Due,
        due: monday(),
        send_at: monday(),
        expires: monday() + TimeDelta::hours(4),
        zone: chrono_tz::Tz::Europe__Berlin,
        time: "09:00".parse().unwrap(),
        weekdays: Weekdays::MON_FRI,
        covers: Covers::Morning,
        calendar: String::new(),
        resume_from: None,
    }
}

/// One that is computed already.
pub fn rendered(recipient: &str) -> NewDelivery {
    NewDelivery { outcome: Planned::Rendered(r#"{"text": "hello"}"#.to_owned()), ..delivery(recipient) }
}

/// A weekly one of a team, due on [`monday`].
pub fn weekly_subscription(team: &str) -> Subscription {
    let weekdays = "mon".parse().unwrap();
    let (report, recipient) = ("weekly".to_owned(), team.to_owned());
    Subscription { report, recipient, email: None, weekdays, ..subscription("team") }
}

/// The delivery that such a subscription leads to.
pub fn weekly(team: &str) -> NewDelivery {
    NewDelivery {
        report: "weekly".to_owned(),
        recipient: team.to_owned(),
        period: "2026-W11".to_owned(),
        email: None,
        weekdays: "mon".parse().unwrap(),
        ..delivery("team")
    }
}

/// What a summary is kept with.
pub fn posting(channel: &str, revise_at: Option<DateTime<Utc>>) -> Posting {
    Posting { channel: ChannelId(channel.to_owned()), facts: r#"{"sessions": 7}"#.to_owned(), revise_at }
}

/// Plans a team's summary and computes it; it is not sent yet.
pub async fn summarized(store: &Store, team: &str, posting: Posting) -> DeliveryId {
    put(store, &[weekly_subscription(team)]).await;
    store.plan(&[weekly(team)], &[], monday()).await.unwrap();
    let claimed = store.claim_cohort("one", monday()).await.unwrap().unwrap();
    let id = claimed.deliveries[0].id.clone();
    let message = r#"{"text": "hello"}"#.to_owned();
    let done = Rendered { id: id.clone(), message, streak: None, posting: Some(posting) };
    assert_eq!(store.rendered("one", &[done], monday()).await.unwrap(), 1);
    id
}

/// A team's summary that was sent on [`monday`].
pub async fn summary_sent(store: &Store, team: &str, revise_at: Option<DateTime<Utc>>) -> DeliveryId {
    let id = summarized(store, team, posting("C1", revise_at)).await;
    let claimed = store.claim_sendable("one", monday(), 1).await.unwrap().remove(0);
    assert_eq!(store.begin("one", &claimed, monday()).await.unwrap(), Begin::Go);
    let sent = Settlement::Sent { channel: ChannelId("C1".to_owned()), ts: "1.5".to_owned() };
    assert!(store.settle(&id, 1, &sent, monday()).await.unwrap());
    id
}

/// Configures a report as somebody does who has just read what stands there.
pub async fn configure(store: &Store, config: &ReportConfig, now: DateTime<Utc>) {
    let standing = store.report_config(&config.report, &config.scope).await.unwrap();
    let version = standing.map_or(0, |standing| standing.version);
    let entry = AuditEntry {
        at: now,
        actor: "admin".to_owned(),
        action: "report.configure".to_owned(),
        subject: config.scope.clone(),
        detail: String::new(),
    };
    assert!(store.put_report_config(&ReportConfig { version, ..config.clone() }, &entry).await.unwrap());
}
