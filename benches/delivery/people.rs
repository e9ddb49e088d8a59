//! Members, subscriptions and deliveries to measure with.

use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Tz;
use recap::{
    message::{Templates, check::samples_of},
    model::{ChannelId, Covers, DeliveryId, MemberEmail, MemberId, Weekdays, WorkspaceId},
    store::{
        Activity, Database, MemberRecord, MemberStatus, NewDelivery, Planned, Priority, Store, StoreOptions,
        Subscription,
    },
};
use std::path::Path;

pub const WORKSPACE: &str = "T0BENCH";
/// Rows written at once.
const PAGE: usize = 2_000;

/// A Monday, 09:00 in Berlin.
pub fn monday() -> DateTime<Utc> {
    "2026-09-14T07:00:00Z".parse().expect("an instant")
}

pub fn id(number: u32) -> String {
    format!("U{number:06}")
}

pub fn email(number: u32) -> MemberEmail {
    MemberEmail::parse(&format!("member{number:06}@example.com")).expect("an address")
}

/// The address of a store in `folder`.
pub fn url(folder: &Path) -> String {
    format!("sqlite:{}", folder.join("recap.sqlite").display())
}

/// A new store in `folder`.
pub async fn store(folder: &Path, now: DateTime<Utc>) -> Store {
    let options = StoreOptions { url: url(folder).into(), schema: "recap".to_owned() };
    let database = Database::open(&options).await.expect("a database");
    database.of_workspace(&WorkspaceId(WORKSPACE.to_owned()), now).await.expect("a store")
}

/// Learns so many active members of `zone`, whose conversations are known or not.
pub async fn learn(store: &Store, count: u32, zone: Tz, known: bool, now: DateTime<Utc>) {
    let members: Vec<_> = (0..count).map(|number| member(number, zone, known)).collect();
    for page in members.chunks(PAGE) {
        store.learn_members(page, now).await.expect("members");
    }
}

fn member(number: u32, zone: Tz, known: bool) -> MemberRecord {
    MemberRecord {
        id: MemberId(id(number)),
        email: Some(email(number)),
        name: format!("Member {number}"),
        zone: Some(zone),
        status: MemberStatus::Active,
        // As the stand-in names it.
        dm: known.then(|| ChannelId(format!("D{}", id(number)))),
        last_usage: None,
    }
}

/// Subscribes so many members, from number `first` on, for `next_due` at 09:00 in `zone`.
pub async fn subscribe(store: &Store, first: u32, count: u32, zone: Tz, next_due: DateTime<Utc>) {
    let subscriptions: Vec<_> = (first..first + count).map(|number| subscription(number, zone, next_due)).collect();
    for page in subscriptions.chunks(PAGE) {
        store.put_subscriptions(page).await.expect("subscriptions");
    }
}

fn subscription(number: u32, zone: Tz, next_due: DateTime<Utc>) -> Subscription {
    Subscription {
        report: "daily".to_owned(),
        recipient: id(number),
        email: Some(email(number)),
        team: format!("team{}", number % 40),
        activity: Activity::On,
        since: next_due - TimeDelta::days(7),
        zone,
        time: "09:00".parse().expect("a time"),
        weekdays: Weekdays::MON_FRI,
        covers: Covers::Morning,
        calendar: String::new(),
        next_due: Some(next_due),
        last_period: None,
        last_due: None,
        last_window_end: None,
        resume_from: None,
        refusals: 0,
        greeted: false,
        version: 0,
    }
}

/// A message as long as a usual digest.
pub fn snapshot() -> String {
    let samples = samples_of("daily");
    let (_, typical) = samples.iter().find(|(name, _)| *name == "typical").expect("a sample");
    Templates::embedded().render("daily", typical).expect("a message").to_json()
}

/// Plans one computed delivery to each of so many members, due at `now`.
pub async fn plan_rendered(store: &Store, count: u32, now: DateTime<Utc>) {
    let snapshot = snapshot();
    let deliveries: Vec<_> = (0..count).map(|number| rendered(number, &snapshot, now)).collect();
    for page in deliveries.chunks(PAGE) {
        store.plan(page, &[], now).await.expect("deliveries");
    }
}

fn rendered(number: u32, snapshot: &str, now: DateTime<Utc>) -> NewDelivery {
    NewDelivery {
        id: DeliveryId::new(),
        report: "daily".to_owned(),
        recipient: id(number),
        period: now.date_naive().to_string(),
        email: Some(email(number)),
        priority: Priority::Scheduled,
        turn: i64::from(number),
        outcome: Planned::Rendered(snapshot.to_owned()),
        due: now,
        send_at: now,
        expires: now + TimeDelta::hours(4),
        zone: Tz::Europe__Berlin,
        time: "09:00".parse().expect("a time"),
        weekdays: Weekdays::MON_FRI,
        covers: Covers::Morning,
        calendar: String::new(),
        resume_from: None,
    }
}
