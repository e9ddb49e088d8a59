//! Asks a warehouse of the test's own rows, and says the answers briefly.

use crate::support::{
    engine,
    events::{Event, Tables, event, insert},
};
use chrono::NaiveDate;
use chrono_tz::Tz;
use recap::{
    config,
    digest::{DailyOptions, Sections},
    model::Weekdays,
    schedule::{Covers, DailySchedule, DailyWindow},
    warehouse::{Answered, MemberActivity, MemberSkills, People, Rows, Warehouse},
};

pub const ADA: &str = "ada@example.com";
pub const BOB: &str = "bob@example.com";
pub const NOON: &str = "2025-01-15 12:00:00";
/// Everything, to somebody who chose nothing.
pub const OPTIONS: DailyOptions = DailyOptions { sections: Sections::ALL, first: false, next: None, opt_out: false };
pub const BOTH: [Tables; 2] = [Tables::Map, Tables::Json];

/// The window of the digest in the morning of `date`.
pub fn morning(date: &str, zone: Tz) -> DailyWindow {
    let date: NaiveDate = date.parse().unwrap();
    let time = "09:00".parse().unwrap();
    let (weekdays, days_off) = (Weekdays::MON_FRI, [].into());
    DailySchedule { zone, time, weekdays, days_off, covers: Covers::Morning }.window_at(date)
}

/// Wednesday, January 15, 2025.
pub fn wednesday() -> DailyWindow {
    morning("2025-01-16", Tz::UTC)
}

pub async fn open(tables: Tables, events: &[Event]) -> Warehouse {
    open_with(tables, events, |_| ()).await
}

pub async fn open_with(tables: Tables, events: &[Event], set: impl FnOnce(&mut config::ClickHouse)) -> Warehouse {
    let database = tables.create().await;
    insert(tables, &database, events).await;
    let mut settings = engine::settings(&database).await;
    set(&mut settings);
    Warehouse::open(&engine::url().await, &settings).await.unwrap()
}

pub async fn all<T: Answered>(mut rows: Rows<T>) -> Vec<T> {
    let mut all = Vec::new();
    while let Some(row) = rows.next().await.unwrap() {
        all.push(row);
    }
    all
}

pub async fn activity(warehouse: &Warehouse, window: &DailyWindow) -> Vec<MemberActivity> {
    all(warehouse.activity(window, &People::everyone(), true).await.unwrap()).await
}

pub async fn skills(warehouse: &Warehouse, window: &DailyWindow) -> Vec<MemberSkills> {
    all(warehouse.skills(window, &People::everyone()).await.unwrap()).await
}

/// Each person's distinct sessions and cost in cents, in the window.
pub fn told(rows: &[MemberActivity], window: &DailyWindow) -> Vec<(String, u64, i64)> {
    let of = |row: &MemberActivity| {
        let days = || row.days.iter().filter(|day| day.day_ms >= window.days[0].start_ms());
        let sessions = days().map(|day| day.sessions_ending).sum();
        let cost: i64 = days().map(|day| day.cost_nanos).sum();
        (row.email.clone(), sessions, cost / 10_000_000)
    };
    rows.iter().map(of).filter(|(_, sessions, cost)| *sessions > 0 || *cost > 0).collect()
}

/// What `told` says of these people: address, sessions, cents.
pub fn said(people: &[(&str, u64, i64)]) -> Vec<(String, u64, i64)> {
    people.iter().map(|(email, sessions, cents)| ((*email).to_owned(), *sessions, *cents)).collect()
}

pub fn used(rows: &[MemberSkills]) -> Vec<(&str, &str, u64)> {
    rows.iter()
        .flat_map(|row| row.skills.iter().map(|skill| (row.email.as_str(), skill.name.as_str(), skill.uses)))
        .collect()
}

pub fn activated(at: &str, session: &str, prompt_id: &str, name: &str) -> Event {
    event("skill_activated", at)
        .set("user.email", ADA)
        .set("session.id", session)
        .set("prompt.id", prompt_id)
        .set("skill.name", name)
}
