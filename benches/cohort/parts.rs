//! What is measured, each part by itself.

use super::teams;
use chrono::{DateTime, NaiveDate, Utc};
use recap::{
    config,
    digest::{DailyOptions, Sections},
    message::Templates,
    model::{LocalTime, MemberEmail, Weekdays},
    report::{Cohort, DailyReports, Recipient},
    sample::{self, Options, Shape, Tables, Usage},
    schedule::{Covers, DailySchedule, DailyWindow},
    warehouse::{Answered, People, Rows, Warehouse, embedded::Access},
};
use secrecy::ExposeSecret;
use std::{
    fs::File,
    io::{BufRead, BufReader},
    ops::Range,
    path::Path,
    time::Instant,
};

/// The members that one query each is timed for.
pub const ALONE: u32 = 50;
const SEED: u64 = 7;
/// The sections of the defaults.
const SECTIONS: Sections = Sections { cache: false, chart: false, models: false, ..Sections::ALL };

/// The database of a run.
pub fn database(members: u32) -> String {
    format!("bench_{members}")
}

/// A Wednesday's digest: the window is one day, the baseline seven.
fn window() -> DailyWindow {
    let time: LocalTime = "09:00".parse().expect("a time");
    let zone = chrono_tz::Europe::Berlin;
    let schedule =
        DailySchedule { zone, time, weekdays: Weekdays::MON_FRI, days_off: [].into(), covers: Covers::Morning };
    schedule.window_covering(end().date_naive().pred_opt().expect("a day before"))
}

/// The sample's end: fixed, so that every run asks the same.
pub fn end() -> DateTime<Utc> {
    NaiveDate::from_ymd_opt(2026, 9, 17).and_then(|date| date.and_hms_opt(6, 0, 0)).expect("a date").and_utc()
}

/// Made-up usage up to `end`.
pub fn usage(members: u32, days: u32, events: u64, end: DateTime<Utc>) -> Usage {
    Usage::new(Options { members, days, seed: SEED, end, events_target: Some(events) })
}

/// Writes the sample.
pub async fn fill(access: &Access, database: &str, usage: Usage) {
    let client = clickhouse::Client::default().with_url(&access.url);
    let client = client.with_user(&access.user).with_password(access.password.expose_secret());
    let tables = Tables::of(Shape::Map, database, None, None);
    sample::write(&client, &tables, Shape::Map, usage, |_| {}).await.expect("the sample is written");
    // What a table looks like when it has been left alone for a while.
    client.query(&format!("OPTIMIZE TABLE {database}.otel_logs FINAL")).execute().await.expect("the parts are merged");
}

const ACCOUNT: [&str; 2] = ["RECAP__CLICKHOUSE__USER", "RECAP__CLICKHOUSE__PASSWORD"];

/// The variables that tell a part its account.
pub fn account(access: &Access) -> impl Iterator<Item = (&'static str, &str)> {
    ACCOUNT.into_iter().zip([access.user.as_str(), access.password.expose_secret()])
}

fn settings(url: &str, database: &str) -> config::ClickHouse {
    let environment =
        [("CLICKHOUSE__URL", url), ("CLICKHOUSE__DATABASE", database), ("CLICKHOUSE__MAX_EXECUTION_SECONDS", "300")];
    let environment = environment.map(|(key, value)| (format!("RECAP__{key}"), value.to_owned()));
    let account = ACCOUNT.map(|name| (name.to_owned(), std::env::var(name).expect("an account")));
    let environment = environment.into_iter().chain(account);
    config::Settings::load(None, environment).expect("settings").clickhouse
}

/// Writes the members' addresses to `file`, for the parts to read: making members up takes memory of its own.
pub fn write_addresses(file: &Path, members: u32) {
    let usage = usage(members, 1, 1, end());
    let addresses: Vec<String> = usage.members().into_iter().filter_map(|member| member.email).collect();
    std::fs::write(file, addresses.join("\n")).expect("the addresses are written");
}

pub fn addresses(file: &str) -> impl Iterator<Item = MemberEmail> {
    let lines = BufReader::new(File::open(file).expect("the addresses")).lines();
    lines.map(|line| line.expect("a line").parse().expect("an address"))
}

/// Measures `part` and answers `seconds peak_kib rows`.
pub async fn measure(part: &str, url: &str, database: &str, file: &str) -> String {
    let settings = settings(url, database);
    let warehouse = Warehouse::open(url, &settings).await.expect("the warehouse");
    let started = Instant::now();
    let rows = match part {
        "plain" => plain(url, &settings, include_str!("plain.sql"), window().span()).await,
        // The same with attributes read as Recap reads them.
        "plain-tuned" => plain(url, &settings, &tuned(include_str!("plain.sql")), window().span()).await,
        "teams-plain" => plain(url, &settings, include_str!("plain.sql"), teams::window().activity().span).await,
        "teams-queries" => teams::queries(&warehouse, file).await,
        "teams" => teams::summaries(&warehouse, file, teams::TEAMS).await,
        "teams-asked-1" => teams::asked(&warehouse, url, &settings, file, 1).await,
        "teams-asked-50" => teams::asked(&warehouse, url, &settings, file, 50).await,
        "teams-asked-500" => teams::asked(&warehouse, url, &settings, file, 500).await,
        "queries" => queries(&warehouse).await,
        "streak" => drain(warehouse.active_days(&window(), &People::everyone()).await.expect("an answer")).await,
        "with-streak" => {
            let streak =
                async { drain(warehouse.active_days(&window(), &People::everyone()).await.expect("an answer")).await };
            let (queries, streak) = tokio::join!(queries(&warehouse), streak);
            queries + streak
        }
        "digests" => digests(&warehouse, addresses(file)).await,
        "alone" => {
            let mut rows = 0;
            for address in addresses(file).take(ALONE as usize) {
                rows += alone(&warehouse, &address).await;
            }
            rows
        }
        other => panic!("there is no part `{other}`"),
    };
    format!("{} {} {rows}", started.elapsed().as_secs_f64(), peak_kib())
}

pub async fn drain<T: Answered>(mut rows: Rows<T>) -> u64 {
    let mut count = 0;
    while rows.next().await.expect("a row").is_some() {
        count += 1;
    }
    count
}

#[derive(serde::Deserialize, clickhouse::Row)]
#[expect(dead_code, reason = "they are read off the wire, which is what is timed")]
struct Plain {
    email: String,
    sessions: u64,
    cost: f64,
    input: f64,
    output: f64,
    cache_read: f64,
    cache_creation: f64,
}

/// `LogAttributes['k']` in a third of its time, as `src/warehouse/statements.rs` says.
fn tuned(sql: &str) -> String {
    sql.split("LogAttributes[").enumerate().fold(String::new(), |tuned, (nth, part)| match part.split_once(']') {
        Some((key, rest)) if nth > 0 => {
            format!("{tuned}mapValues(LogAttributes)[indexOf(mapKeys(LogAttributes), {key})]{rest}")
        }
        _ => tuned + part,
    })
}

/// A client of the account that Recap reads with.
pub fn client(url: &str, settings: &config::ClickHouse) -> clickhouse::Client {
    let client = clickhouse::Client::default().with_url(url).with_database(&settings.database);
    client.with_user(&settings.user).with_password(settings.password.expose_secret())
}

async fn plain(url: &str, settings: &config::ClickHouse, sql: &str, span: Range<DateTime<Utc>>) -> u64 {
    let client = client(url, settings);
    let query = client.query_raw(sql);
    let query = query.param("from", span.start.timestamp_millis()).param("to", span.end.timestamp_millis());
    let mut rows = query.fetch::<Plain>().expect("a query");
    let mut count = 0;
    while rows.next().await.expect("a row").is_some() {
        count += 1;
    }
    count
}

/// The cohort's queries, read to the end together as a report reads them.
async fn queries(warehouse: &Warehouse) -> u64 {
    let (window, people) = (window(), People::everyone());
    let activity = async { drain(warehouse.activity(&window, &people, false).await.expect("an answer")).await };
    let skills = async { drain(warehouse.skills(&window, &people).await.expect("an answer")).await };
    let (activity, skills) = tokio::join!(activity, skills);
    activity + skills
}

async fn alone(warehouse: &Warehouse, address: &MemberEmail) -> u64 {
    let (window, people) = (window(), People::of([address]));
    let activity = async { drain(warehouse.activity(&window, &people, false).await.expect("an answer")).await };
    let skills = async { drain(warehouse.skills(&window, &people).await.expect("an answer")).await };
    let (activity, skills) = tokio::join!(activity, skills);
    activity + skills
}

/// Every member's digest, rendered and linted.
async fn digests(warehouse: &Warehouse, addresses: impl Iterator<Item = MemberEmail>) -> u64 {
    let templates = Templates::embedded();
    let options = DailyOptions { sections: SECTIONS, first: false, next: None, opt_out: false };
    let recipients = addresses.map(|email| Recipient::new(email, options.clone())).collect();
    let mut reports =
        DailyReports::of(warehouse, &templates, Cohort { window: window(), recipients }).await.expect("answers");
    let mut count = 0;
    while let Some(report) = reports.next().await.expect("a digest") {
        assert!(!report.message.expect("a message").text.is_empty());
        count += 1;
    }
    count
}

/// The most memory this process ever had, in KiB (`VmHWM` of proc_pid_status(5)).
fn peak_kib() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmHWM:"));
    line.and_then(|line| line.split_whitespace().nth(1)?.parse().ok()).unwrap_or(0)
}
