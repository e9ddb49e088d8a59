//! What ClickHouse itself saw: which columns were read, within which bounds, how often, and in which form.

use super::questions::{ask_everything, wednesday};
use crate::support::{
    engine::{self, SETTER},
    events::{EVERY_SHAPE, Tables, insert, insert_rows, prompt},
    relay::{Break, Relay},
};
use chrono::{Datelike, NaiveDate, TimeDelta};
use clickhouse::Row;
use recap::{
    digest::{DailyOptions, Sections, StreakState},
    message::Templates,
    model::{MemberEmail, Weekdays},
    report::{Cohort, DailyReports, Recipient},
    schedule::{Covers, DailySchedule, WeeklyWindow},
    warehouse::{Grant, People, Warehouse, grants},
};
use serde::Deserialize;
use serde_json::json;
use std::time::Duration;
use tokio::time::{interval, timeout};

/// How long the engine may take to write its log.
const PATIENCE: Duration = Duration::from_secs(20);

#[derive(Debug, Deserialize, Row)]
struct Logged {
    query: String,
    columns: Vec<String>,
    limit: String,
}

/// The finished queries on the tables of `database` by `user`, once there are at least `count`.
async fn logged(database: &str, user: &str, count: usize) -> Vec<Logged> {
    let client = engine::client().await;
    let mut tick = interval(Duration::from_millis(50));
    timeout(PATIENCE, async {
        loop {
            tick.tick().await;
            client.query("SYSTEM FLUSH LOGS").execute().await.unwrap();
            let rows: Vec<Logged> = client
                .query_raw(
                    "SELECT query, columns, Settings['max_execution_time'] AS limit FROM system.query_log
                     WHERE type = 'QueryFinish' AND query_kind = 'Select' AND user = {user:String}
                       AND has(databases, {database:String}) ORDER BY event_time_microseconds",
                )
                .param("user", user)
                .param("database", database)
                .fetch_all()
                .await
                .unwrap();
            if rows.len() >= count {
                return rows;
            }
        }
    })
    .await
    .unwrap()
}

async fn filled(tables: Tables) -> String {
    let database = tables.create().await;
    insert(tables, &database, &[prompt("2025-01-15 10:00:00", "ada@example.com", "s").set("prompt", "secret")]).await;
    if tables == Tables::Zeude {
        let row = json!({"prompt_id": "00000000-0000-0000-0000-000000000001", "session_id": "s", "user_id": "u",
            "user_email": "ada@example.com", "timestamp": "2025-01-15 10:00:00", "prompt_type": "skill",
            "invoked_name": "commit", "prompt_text": "secret"});
        insert_rows(&database, "ai_prompts", &[row]).await;
    }
    database
}

async fn as_setter(url: &str, database: &str) -> Warehouse {
    Warehouse::open(url, &engine::settings_of(SETTER, database).await).await.unwrap()
}

#[tokio::test]
async fn a_day_so_far_is_one_query_and_freshness_another_for_everybody() {
    let database = filled(Tables::Map).await;
    let warehouse = as_setter(&engine::url().await, &database).await;
    let before = logged(&database, SETTER.0, 0).await.len();
    let now = "2025-01-15T14:30:00Z".parse().unwrap();
    let sections = Sections { skills: false, streak: false, ..Sections::ALL };
    let options = DailyOptions { sections, first: false, next: None, opt_out: false };
    let (zone, time) = (chrono_tz::UTC, "09:00".parse().unwrap());
    let schedule =
        DailySchedule { zone, time, weekdays: Weekdays::MON_FRI, days_off: [].into(), covers: Covers::Morning };
    for _ in 0..3 {
        let window = schedule.window_so_far("2025-01-15".parse().unwrap(), now);
        let recipient = Recipient::new("ada@example.com".parse().unwrap(), options.clone());
        let cohort = Cohort { window, recipients: vec![Recipient { looks_back: false, ..recipient }] };
        let templates = Templates::embedded();
        let mut reports = DailyReports::of(&warehouse, &templates, cohort).await.unwrap();
        let report = reports.next().await.unwrap().unwrap();
        assert_eq!((report.digest.sessions.total, report.usage.is_some()), (1, true));
        let newest = warehouse.data_to(now + TimeDelta::seconds(5)).await.unwrap();
        assert_eq!(newest, Some("2025-01-15T10:00:00Z".parse().unwrap()));
    }
    // Later it is asked again, and of what claims to come later nothing is believed.
    insert(Tables::Map, &database, &[prompt("2025-01-15 18:00:00", "ada@example.com", "s2")]).await;
    let newest = warehouse.data_to(now + TimeDelta::seconds(60)).await.unwrap();
    assert_eq!(newest, Some("2025-01-15T10:00:00Z".parse().unwrap()));
    assert_eq!(warehouse.data_to(now + TimeDelta::days(60)).await.unwrap(), None);
    // Three days, two looks, and two more where nothing came for long.
    assert_eq!(logged(&database, SETTER.0, before + 7).await.len() - before, 7);
}

/// Makes the digests of `count` people, of whom the first `new` come without a streak, and gives how many.
async fn digests(warehouse: &Warehouse, count: usize, new: usize) -> usize {
    let options = DailyOptions { sections: Sections::ALL, first: false, next: None, opt_out: false };
    let email = |number: usize| format!("person{number}@example.com").parse().unwrap();
    let window = wednesday(chrono_tz::UTC);
    let (through, until) = (window.baseline[6].date, window.reported().start);
    let streak = StreakState { days: 3, at_least: false, through, until };
    let kept = |number| (number >= new).then_some(streak);
    let recipients =
        (0..count).map(|number| Recipient { streak: kept(number), ..Recipient::new(email(number), options.clone()) });
    let cohort = Cohort { recipients: recipients.collect(), window };
    let templates = Templates::embedded();
    let mut reports = DailyReports::of(warehouse, &templates, cohort).await.unwrap();
    let mut made = 0;
    while reports.next().await.unwrap().is_some() {
        made += 1;
    }
    made
}

#[tokio::test]
async fn no_query_touches_the_text_of_a_prompt_or_goes_without_bounds_of_time() {
    for tables in EVERY_SHAPE {
        let database = filled(tables).await;
        let warehouse = as_setter(&engine::url().await, &database).await;
        let asked = ask_everything(&warehouse, &wednesday(chrono_tz::UTC)).await.unwrap().len();
        assert_eq!(digests(&warehouse, 2, 1).await, 2);

        let queries = logged(&database, SETTER.0, asked + 3).await;

        assert_eq!(queries.len(), asked + 3, "{tables:?}");
        let allowed: Vec<String> = columns_of_grants(&database).await;
        for Logged { query, columns, limit } in queries {
            for text in ["prompt_text", "'prompt'", "`prompt`"] {
                assert!(!query.contains(text), "{tables:?}: {text}: {query}");
            }
            for column in columns.iter().map(|column| column.replace('`', "")).filter(|one| one.starts_with(&database))
            {
                // A key of a map is `LogAttributes.key_…`, one of JSON `LogAttributes.…`.
                let granted = allowed.iter().any(|one| column == *one || column.starts_with(&format!("{one}.")));
                assert!(granted, "{tables:?}: {column} is not among the grants: {query}");
                assert!(
                    !column.ends_with("Attributes.key_prompt") && !column.ends_with("Attributes.prompt"),
                    "{column}"
                );
            }
            let time = if query.contains("ai_prompts") { "timestamp" } else { "Timestamp" };
            for bound in [">= fromUnixTimestamp64Milli", "< fromUnixTimestamp64Milli"] {
                assert!(query.contains(&format!("{time} {bound}")), "{tables:?}: {bound}: {query}");
            }
            assert_eq!(limit, "60", "{tables:?}: a time limit goes with every query");
        }
    }
}

/// `database.table.column` of everything that `recap grants` allows.
async fn columns_of_grants(database: &str) -> Vec<String> {
    let grants = grants(&engine::settings(database).await);
    let columns = |grant: &Grant| {
        let table = grant.table.replace('`', "");
        grant.columns.iter().map(|column| format!("{table}.{column}")).collect::<Vec<_>>()
    };
    grants.iter().flat_map(columns).collect()
}

#[tokio::test]
async fn a_cohort_costs_as_many_compressed_queries_as_one_member() {
    let database = filled(Tables::Map).await;
    let mut asked = Vec::new();
    // A look back is asked for only where somebody needs it.
    for (count, new) in [(1, 1), (300, 300), (300, 1), (1, 0), (300, 0)] {
        let relay = Relay::start(&engine::url().await, Break::Nothing).await;
        let warehouse = as_setter(&relay.url, &database).await;
        let before = relay.requests();
        assert_eq!(digests(&warehouse, count, new).await, count);
        asked.push(relay.requests() - before);
        for head in relay.heads() {
            assert!(head.contains("content-encoding: lz4"), "{head}");
        }
    }
    assert_eq!(asked, [3, 3, 3, 2, 2]);
    assert_eq!(logged(&database, SETTER.0, 13).await.len(), 13);
}

/// Asks what is asked for summaries, about `people` with `keys`.
async fn asked_about_teams(warehouse: &Warehouse, people: &People, keys: u32) {
    let window = WeeklyWindow::of(chrono_tz::UTC, NaiveDate::parse_from_str("2025-01-15", "%F").unwrap().iso_week());
    let keys = (0..keys).map(|key| format!("key-{key}")).collect();
    let mut activity = warehouse.activity_in(&window.activity(), people, true).await.unwrap();
    while activity.next().await.unwrap().is_some() {}
    let mut skills = warehouse.skills_in(&window.skills(), people).await.unwrap();
    while skills.next().await.unwrap().is_some() {}
    let mut values = warehouse.team_values(&window.membership(), &keys).await.unwrap();
    while values.next().await.unwrap().is_some() {}
    let end = window.reported().end;
    warehouse.arrivals(end, end + TimeDelta::hours(9)).await.unwrap();
}

#[tokio::test]
async fn questions_about_teams_are_as_many_for_everyone_as_for_one() {
    let database = filled(Tables::Map).await;
    let crowd: Vec<MemberEmail> =
        (0..300).map(|number| format!("person{number}@example.com").parse().unwrap()).collect();
    let mut asked = Vec::new();
    for (people, keys) in [(People::of(&crowd[..1]), 0), (People::of(&crowd), 30), (People::everyone(), 1)] {
        let relay = Relay::start(&engine::url().await, Break::Nothing).await;
        let warehouse = as_setter(&relay.url, &database).await;
        let before = relay.requests();
        asked_about_teams(&warehouse, &people, keys).await;
        asked.push(relay.requests() - before);
    }
    assert_eq!(asked, [4, 4, 4]);
    let arrivals: Vec<_> =
        logged(&database, SETTER.0, 12).await.into_iter().filter(|one| one.query.contains("newest_ms")).collect();
    assert_eq!(arrivals.len(), 3);
    for Logged { columns, .. } in arrivals {
        let names: Vec<_> = columns.iter().filter_map(|column| column.rsplit('.').next()).collect();
        assert_eq!(names, ["ServiceName", "Timestamp"], "{columns:?}");
    }
}
