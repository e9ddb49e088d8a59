//! What a tick costs: 50,000 members due, and nobody due.

use super::{figures::Report, people};
use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::{TZ_VARIANTS, Tz};
use recap::{
    config::Settings,
    planner::{self, Rules},
    schedule::DailySchedule,
    store::Store,
};
use sqlx::{AssertSqlSafe, Connection, Executor, SqliteConnection};
use std::{collections::BTreeMap, collections::BTreeSet, time::Instant};

const MEMBERS: u32 = 50_000;
/// What planning them may take, in seconds.
const LIMIT: f64 = 3.0;
const RUNS: usize = 3;
const IDLE_TICKS: u32 = 500;

/// Measures planning, and a tick with nothing due among as many subscriptions.
pub async fn measure(report: &mut Report) {
    for (what, zones) in [("one zone", vec![Tz::Europe__Berlin]), ("24 zones", zones_of_the_world())] {
        let mut seconds = Vec::new();
        for _ in 0..RUNS {
            seconds.push(plan(&zones).await);
        }
        seconds.sort_by(f64::total_cmp);
        let median = seconds[RUNS / 2];
        report.tell(format!(
            "planning {MEMBERS} members of {what}: {median:.2} s, {:.0} a second",
            f64::from(MEMBERS) / median
        ));
        report.at_most(format!("planning {MEMBERS} members of {what}, in seconds"), median, LIMIT);
    }
    report.tell(format!("inserting as many rows in a bare loop: {:.2} s", bare_inserts().await));
    idle(report).await;
}

async fn rules(store: &Store, now: DateTime<Utc>) -> Rules {
    let settings = Settings::load(None, [("RECAP__DIGEST__ENABLED".to_owned(), "true".to_owned())]);
    Rules::of(&settings.expect("settings"), store, now).await.expect("rules")
}

/// One zone for each whole hour of the world's.
fn zones_of_the_world() -> Vec<Tz> {
    let mut zones = BTreeMap::new();
    for zone in TZ_VARIANTS {
        zones.entry(due(zone)).or_insert(zone);
    }
    let whole = zones.into_iter().filter(|(due, _)| due.timestamp() % 3_600 == 0);
    whole.map(|(_, zone)| zone).take(24).collect()
}

/// 09:00 of the Monday there.
fn due(zone: Tz) -> DateTime<Utc> {
    let schedule = DailySchedule {
        zone,
        time: "09:00".parse().expect("a time"),
        weekdays: recap::model::Weekdays::MON_FRI,
        days_off: BTreeSet::new(),
        covers: recap::model::Covers::Morning,
    };
    schedule.next_occurrence(people::monday() - TimeDelta::days(1)).expect("an occurrence")
}

async fn subscribed(store: &Store, zones: &[Tz]) {
    let each = MEMBERS / u32::try_from(zones.len()).expect("a few zones");
    for (zone, first) in zones.iter().zip((0..MEMBERS).step_by(each as usize)) {
        let count = if *zone == zones[zones.len() - 1] { MEMBERS - first } else { each };
        people::subscribe(store, first, count, *zone, due(*zone)).await;
    }
}

/// How long it takes when all are due at once, in seconds.
async fn plan(zones: &[Tz]) -> f64 {
    let files = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("a folder");
    let store = people::store(files.path(), people::monday()).await;
    subscribed(&store, zones).await;
    let now = zones.iter().map(|zone| due(*zone)).max().expect("a zone") + TimeDelta::seconds(1);
    let rules = rules(&store, now).await;
    let started = Instant::now();
    let planned = planner::plan(&store, &rules, now).await.expect("planned");
    let seconds = started.elapsed().as_secs_f64();
    assert_eq!((planned.due, planned.written), (u64::from(MEMBERS), u64::from(MEMBERS)));
    store.database().close().await;
    seconds
}

/// A tick with nothing due.
async fn idle(report: &mut Report) {
    let files = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("a folder");
    let store = people::store(files.path(), people::monday()).await;
    subscribed(&store, &[Tz::Europe__Berlin]).await;
    let now = due(Tz::Europe__Berlin) - TimeDelta::seconds(1);
    let rules = rules(&store, now).await;
    let (before, started) = (store.database().statements(), Instant::now());
    for _ in 0..IDLE_TICKS {
        let planned = planner::plan(&store, &rules, now).await.expect("planned");
        assert_eq!(planned.due, 0);
    }
    let microseconds = started.elapsed().as_secs_f64() * 1e6 / f64::from(IDLE_TICKS);
    let statements = (store.database().statements() - before) as f64 / f64::from(IDLE_TICKS);
    report.tell(format!("a tick with none of {MEMBERS} due: {microseconds:.0} µs"));
    report.at_most(format!("a tick with none of {MEMBERS} due, in statements"), statements, 1.0);
    store.database().close().await;
}

/// The same rows into the same table, in as large transactions, with nothing around: in seconds.
async fn bare_inserts() -> f64 {
    const AT_ONCE: usize = 64;
    const PAGE: usize = 2_000;
    const COLUMNS: [&str; 20] = [
        "workspace_id",
        "delivery_id",
        "report",
        "recipient",
        "period",
        "email",
        "priority",
        "turn",
        "state",
        "due",
        "send_at",
        "ready_at",
        "expires",
        "zone",
        "local_time",
        "weekdays",
        "covers",
        "calendar",
        "attempt",
        "updated",
    ];
    let files = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("a folder");
    people::store(files.path(), people::monday()).await.database().close().await;
    let url = people::url(files.path()).replace("sqlite:", "sqlite://");
    let mut connection = SqliteConnection::connect(&url).await.expect("a connection");
    connection.execute("PRAGMA journal_mode = WAL").await.expect("a pragma");
    connection.execute("PRAGMA synchronous = FULL").await.expect("a pragma");
    let numbers: Vec<u32> = (0..MEMBERS).collect();
    let due = people::monday().timestamp_micros();
    let started = Instant::now();
    for page in numbers.chunks(PAGE) {
        let mut transaction = connection.begin().await.expect("a transaction");
        for rows in page.chunks(AT_ONCE) {
            let tuple = format!("({})", ["?"; COLUMNS.len()].join(","));
            let tuples = vec![tuple; rows.len()].join(",");
            let text = format!("INSERT INTO deliveries ({}) VALUES {tuples}", COLUMNS.join(","));
            let sql = rows.iter().fold(sqlx::query(AssertSqlSafe(text)), |sql, number| {
                let sql = sql.bind(people::WORKSPACE).bind(format!("{:032x}", rand::random::<u128>())).bind("daily");
                let sql = sql.bind(people::id(*number)).bind("2026-09-14").bind(people::email(*number).to_string());
                let sql = sql.bind(1).bind(i64::from(*number)).bind("planned").bind(due).bind(due).bind(due).bind(due);
                let sql = sql.bind("Europe/Berlin").bind("09:00").bind("mon-fri").bind("morning").bind("");
                sql.bind(0).bind(due)
            });
            sql.execute(&mut *transaction).await.expect("rows");
        }
        transaction.commit().await.expect("a commit");
    }
    let seconds = started.elapsed().as_secs_f64();
    connection.close().await.expect("closed");
    seconds
}
