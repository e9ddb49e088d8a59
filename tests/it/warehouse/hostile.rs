//! Rows that somebody could send to break the numbers, or everybody's answer.

use crate::support::{
    engine,
    events::{Event, Tables, event, insert, insert_rows, prompt, request},
};
use chrono::NaiveDate;
use chrono_tz::Tz;
use recap::{
    config,
    model::Weekdays,
    schedule::{Covers, DailySchedule, DailyWindow},
    warehouse::{Answered, MemberActivity, MemberSkills, People, Rows, Warehouse},
};
use serde_json::{Value, json};
use std::fmt::Write as _;

const ADA: &str = "ada@example.com";
const BOB: &str = "bob@example.com";
const NOON: &str = "2025-01-15 12:00:00";
const BOTH: [Tables; 2] = [Tables::Map, Tables::Json];

/// The window of the digest in the morning of `date`.
fn morning(date: &str, zone: Tz) -> DailyWindow {
    let date: NaiveDate = date.parse().unwrap();
    let time = "09:00".parse().unwrap();
    let (weekdays, days_off) = (Weekdays::MON_FRI, [].into());
    DailySchedule { zone, time, weekdays, days_off, covers: Covers::Morning }.window_at(date)
}

/// Wednesday, January 15, 2025.
fn wednesday() -> DailyWindow {
    morning("2025-01-16", Tz::UTC)
}

async fn open(tables: Tables, events: &[Event]) -> Warehouse {
    open_with(tables, events, |_| ()).await
}

async fn open_with(tables: Tables, events: &[Event], set: impl FnOnce(&mut config::ClickHouse)) -> Warehouse {
    let database = tables.create().await;
    insert(tables, &database, events).await;
    let mut settings = engine::settings(&database).await;
    set(&mut settings);
    Warehouse::open(&engine::url().await, &settings).await.unwrap()
}

async fn all<T: Answered>(mut rows: Rows<T>) -> Vec<T> {
    let mut all = Vec::new();
    while let Some(row) = rows.next().await.unwrap() {
        all.push(row);
    }
    all
}

async fn activity(warehouse: &Warehouse, window: &DailyWindow) -> Vec<MemberActivity> {
    all(warehouse.activity(window, &People::everyone(), true).await.unwrap()).await
}

async fn skills(warehouse: &Warehouse, window: &DailyWindow) -> Vec<MemberSkills> {
    all(warehouse.skills(window, &People::everyone()).await.unwrap()).await
}

/// Each person's distinct sessions and cost in cents, in the window.
fn told(rows: &[MemberActivity], window: &DailyWindow) -> Vec<(String, u64, i64)> {
    let of = |row: &MemberActivity| {
        let days = || row.days.iter().filter(|day| day.day_ms >= window.days[0].start_ms());
        let sessions = days().map(|day| day.sessions_ending).sum();
        let cost: i64 = days().map(|day| day.cost_nanos).sum();
        (row.email.clone(), sessions, cost / 10_000_000)
    };
    rows.iter().map(of).filter(|(_, sessions, cost)| *sessions > 0 || *cost > 0).collect()
}

/// What `told` says of these people: address, sessions, cents.
fn said(people: &[(&str, u64, i64)]) -> Vec<(String, u64, i64)> {
    people.iter().map(|(email, sessions, cents)| ((*email).to_owned(), *sessions, *cents)).collect()
}

fn used(rows: &[MemberSkills]) -> Vec<(&str, &str, u64)> {
    rows.iter()
        .flat_map(|row| row.skills.iter().map(|skill| (row.email.as_str(), skill.name.as_str(), skill.uses)))
        .collect()
}

fn activated(at: &str, session: &str, prompt_id: &str, name: &str) -> Event {
    event("skill_activated", at)
        .set("user.email", ADA)
        .set("session.id", session)
        .set("prompt.id", prompt_id)
        .set("skill.name", name)
}

#[tokio::test]
async fn a_session_of_two_people_counts_for_each_and_names_nobody_else() {
    for tables in BOTH {
        let rows = [
            request(NOON, ADA, "shared", "r1", "1"),
            request(NOON, BOB, "shared", "r2", "2"),
            // Either could have been it.
            request(NOON, "", "shared", "r3", "4"),
            prompt("2025-01-14 12:00:00", ADA, "shared"),
        ];
        let (warehouse, window) = (open(tables, &rows).await, wednesday());
        let found = activity(&warehouse, &window).await;
        assert_eq!(told(&found, &window), said(&[(ADA, 1, 100), (BOB, 1, 200)]), "{tables:?}");
    }
}

#[tokio::test]
async fn a_request_told_again_is_one_request_of_the_one_who_made_it() {
    for tables in BOTH {
        let rows = [
            request(NOON, ADA, "s1", "same", "1").set("user.account_uuid", "A"),
            // Copies that lost the address, and the session with it.
            request(NOON, "", "s1", "same", "1").set("user.account_uuid", "A"),
            request(NOON, "", "", "same", "1"),
            // The same in another session: the money was spent once.
            request(NOON, ADA, "s2", "same", "1").set("user.account_uuid", "A"),
            prompt(NOON, ADA, "s1"),
            prompt(NOON, ADA, "s2"),
        ];
        let (warehouse, window) = (open(tables, &rows).await, wednesday());
        assert_eq!(told(&activity(&warehouse, &window).await, &window), said(&[(ADA, 2, 100)]), "{tables:?}");
    }
}

#[tokio::test]
async fn a_request_that_two_people_tell_is_paid_once() {
    for tables in BOTH {
        let rows = [request(NOON, BOB, "s1", "same", "1"), request(NOON, ADA, "s2", "same", "1")];
        let (warehouse, window) = (open(tables, &rows).await, wednesday());
        let found = told(&activity(&warehouse, &window).await, &window);
        assert_eq!(found.iter().map(|(.., cents)| cents).sum::<i64>(), 100, "{tables:?}: {found:?}");
    }
}

#[tokio::test]
async fn a_use_of_a_skill_told_again_without_the_address_is_one_use() {
    for tables in BOTH {
        let rows = [
            activated(NOON, "s", "", "commit").set("user.account_uuid", "A"),
            activated(NOON, "s", "", "commit").set("user.account_uuid", "A").set("user.email", ""),
            activated(NOON, "s", "", "commit").set("user.email", ""),
            activated(NOON, "s", "p", "fix"),
            activated(NOON, "s", "p", "fix").set("user.email", ""),
        ];
        let warehouse = open(tables, &rows).await;
        let found = skills(&warehouse, &wednesday()).await;
        assert_eq!(used(&found), [(ADA, "commit", 1), (ADA, "fix", 1)], "{tables:?}");
    }
}

fn row(body: &str, name: Option<&str>, session: &str) -> Value {
    let mut log = json!({"user.email": ADA, "session.id": session, "skill.name": "fix", "prompt.id": session});
    if let Some(name) = name {
        log["event.name"] = json!(name);
    }
    json!({"Timestamp": NOON, "ServiceName": "claude-code", "Body": body, "ResourceAttributes": {}, "LogAttributes": log})
}

#[tokio::test]
async fn an_event_is_known_by_its_name_with_and_without_prefix_or_by_its_body_alone() {
    for tables in BOTH {
        let database = tables.create().await;
        let rows = [
            row("", Some("api_request"), "1"),
            row("", Some("claude_code.api_request"), "2"),
            row("claude_code.api_request", None, "3"),
            row("claude_code.skill_activated", None, "4"),
            row("", Some("claude_code.skill_activated"), "5"),
            row("claude_code.user_prompt", None, "6"),
            // None of these is an event that counts.
            row("", None, "7"),
            row("api_request", None, "8"),
            row("claude_code.api_request_retry", None, "9"),
        ];
        insert_rows(&database, tables.logs(), &rows).await;
        let warehouse = Warehouse::open(&engine::url().await, &engine::settings(&database).await).await.unwrap();
        let window = wednesday();
        assert_eq!(told(&activity(&warehouse, &window).await, &window), said(&[(ADA, 4, 0)]), "{tables:?}");
        assert_eq!(used(&skills(&warehouse, &window).await), [(ADA, "fix", 5)], "{tables:?}");
    }
}

#[tokio::test]
async fn rows_without_a_session_bring_their_cost_and_no_session() {
    for tables in BOTH {
        let rows = [
            request(NOON, ADA, "", "r1", "1"),
            request(NOON, BOB, "", "r2", "2"),
            // No session may link these to anybody.
            request(NOON, "", "", "r3", "4"),
            prompt(NOON, ADA, ""),
        ];
        let (warehouse, window) = (open(tables, &rows).await, wednesday());
        let found = activity(&warehouse, &window).await;
        assert_eq!(told(&found, &window), said(&[(ADA, 0, 100), (BOB, 0, 200)]), "{tables:?}");
        let active = all(warehouse.active_days(&window, &People::everyone()).await.unwrap()).await;
        assert!(active.is_empty(), "{tables:?}: {active:?}");
    }
}

#[tokio::test]
async fn any_text_in_any_attribute_is_only_text() {
    let long = "x".repeat(10_000);
    let odd = [
        "it's",
        "back\\slash",
        "\\'",
        "nul\0inside",
        "what?",
        "{people:Array(String)}",
        "{{ table }}",
        "🚀👩‍🚀",
        "new\nline\ttab",
        "'; DROP TABLE otel_logs; --",
        "\"",
        "`",
        "]}",
        "\\N",
        "NULL",
        "\u{202e}",
        &long,
    ];
    for tables in BOTH {
        let mut rows = Vec::new();
        for (number, text) in odd.iter().enumerate() {
            let id = format!("{number}{text}");
            rows.push(
                request(NOON, ADA, &id, &id, "0.01")
                    .set("model", text)
                    .set("input_tokens", text)
                    .set("user.account_uuid", text)
                    .set("event.timestamp", text)
                    .resource("service.version", text),
            );
            rows.push(activated(NOON, text, &id, &id));
            rows.push(event("tool_result", NOON).set("tool_name", "Skill").set("tool_parameters", text));
            rows.push(prompt(NOON, &format!("{text}@example.com"), text));
        }
        let (warehouse, window) = (open(tables, &rows).await, wednesday());
        let found = activity(&warehouse, &window).await;
        let ada = found.iter().find(|row| row.email == ADA).unwrap();
        let day = ada.days[0];
        assert_eq!((day.sessions, day.cost_nanos), (17, 170_000_000), "{tables:?}");
        assert_eq!(ada.models.len(), odd.len(), "{tables:?}");
        assert!(ada.models.iter().any(|model| model.model == "nul\0inside"), "{tables:?}");
        assert_eq!(found.len(), odd.len() + 1, "{tables:?}");
        let found = skills(&warehouse, &window).await;
        let of_ada: Vec<_> = used(&found).into_iter().filter(|(email, ..)| *email == ADA).collect();
        assert_eq!(of_ada.len(), odd.len(), "{tables:?}");
        assert!(of_ada.contains(&(ADA, "1back\\slash", 1)), "{tables:?}: {of_ada:?}");
    }
}

#[tokio::test]
async fn text_that_is_no_unicode_spoils_nobody_s_answer() {
    for tables in [Tables::Map, Tables::MapWithoutTime, Tables::Zeude] {
        let database = tables.create().await;
        insert(tables, &database, &[request(NOON, "zoe@example.com", "fine", "r", "1")]).await;
        let broken = format!(
            "INSERT INTO {database}.{} (Timestamp, ServiceName, Body, LogAttributes) VALUES \
             ('{NOON}', 'claude-code', 'claude_code.api_request', \
              map('user.email', concat('a', unhex('ff'), '@example.com'), 'session.id', unhex('fe'), 'request_id', unhex('fd'), \
                  'model', concat('m', unhex('ff')), 'skill.name', concat('s', unhex('ff')), 'prompt.id', 'p'))",
            tables.logs()
        );
        let client = engine::client().await;
        client.query_raw(&broken).execute().await.unwrap();
        if tables == Tables::Zeude {
            let prompts = format!(
                "INSERT INTO {database}.ai_prompts (user_email, timestamp, prompt_type, invoked_name) VALUES \
                 (concat('a', unhex('ff'), '@example.com'), '{NOON}', 'skill', concat('s', unhex('ff')))"
            );
            client.query_raw(&prompts).execute().await.unwrap();
        }
        let warehouse = Warehouse::open(&engine::url().await, &engine::settings(&database).await).await.unwrap();
        let window = wednesday();
        let found = activity(&warehouse, &window).await;
        assert_eq!(
            told(&found, &window),
            said(&[("a\u{fffd}@example.com", 1, 0), ("zoe@example.com", 1, 100)]),
            "{tables:?}"
        );
        assert_eq!(found[0].models[0].model, "m\u{fffd}", "{tables:?}");
        assert_eq!(used(&skills(&warehouse, &window).await), [("a\u{fffd}@example.com", "s\u{fffd}", 1)], "{tables:?}");
        let active = all(warehouse.active_days(&window, &People::everyone()).await.unwrap()).await;
        assert_eq!(active.len(), 2, "{tables:?}");
        let (from, to) = (window.reported().start, window.reported().end);
        assert_eq!(all(warehouse.facts().people(from, to).await.unwrap()).await.len(), 2, "{tables:?}");
    }
}

#[tokio::test]
async fn an_address_is_trimmed_of_every_blank_and_read_in_any_case() {
    for tables in BOTH {
        let rows = [
            prompt(NOON, "\tADA@Example.com\r\n", "1"),
            prompt(NOON, " Ada@example.com", "2"),
            prompt(NOON, "ÉVA@example.com", "3"),
        ];
        let (warehouse, window) = (open(tables, &rows).await, wednesday());
        let found = activity(&warehouse, &window).await;
        assert_eq!(told(&found, &window), said(&[(ADA, 2, 0), ("éva@example.com", 1, 0)]), "{tables:?}");
    }
}

#[tokio::test]
async fn a_session_of_thousands_of_prompts_people_and_skills_is_counted_whole() {
    const MANY: u64 = 5_000;
    let mut rows = Vec::new();
    for number in 0..MANY {
        let minute = format!("2025-01-15 {:02}:{:02}:00", number / 60 % 24, number % 60);
        rows.push(request(&minute, &format!("m{number:04}@example.com"), "crowd", &format!("c{number}"), "0.01"));
        rows.push(activated(&minute, "long", &format!("p{number}"), &format!("skill-{}", number % 7)));
        rows.push(prompt(&minute, ADA, "long"));
    }
    let (warehouse, window) = (open(Tables::Map, &rows).await, wednesday());
    let found = told(&activity(&warehouse, &window).await, &window);
    assert_eq!(found.len() as u64, MANY + 1);
    assert!(found.iter().all(|(email, sessions, cents)| *sessions == 1 && *cents == i64::from(email != ADA)));
    let found = skills(&warehouse, &window).await;
    assert_eq!(used(&found).len(), 7);
    assert_eq!(used(&found).iter().map(|(.., uses)| uses).sum::<u64>(), MANY);
}

#[tokio::test]
async fn aliases_people_and_services_with_quotes_are_bound_as_they_are() {
    let strange =
        ["o'brien@example.com", "back\\slash@example.com", "{people:string}@example.com", "what?\"`@example.com"];
    for tables in BOTH {
        let mut rows: Vec<_> = strange.iter().map(|email| prompt(NOON, email, email)).collect();
        rows.push(prompt(NOON, "old'\\@example.com", "old").sent_by("it's\\claude ?"));
        rows.push(prompt(NOON, ADA, "prefix").sent_by("claude-code-desktop"));
        rows.push(prompt(NOON, ADA, "other").sent_by("not-claude-code"));
        let warehouse = open_with(tables, &rows, |settings| {
            settings.services = vec!["claude-code".into(), "it's\\".into(), "{from:Int64}".into()];
            settings.aliases.insert("old'\\@example.com".parse().unwrap(), strange[0].parse().unwrap());
            settings.aliases.insert("{tz:string}'@example.com".parse().unwrap(), ADA.parse().unwrap());
        })
        .await;
        let window = wednesday();
        let mut expected = said(&[(strange[0], 2, 0), (ADA, 1, 0)]);
        expected.extend(said(&strange[1..].iter().map(|email| (*email, 1, 0)).collect::<Vec<_>>()));
        expected.sort();
        assert_eq!(told(&activity(&warehouse, &window).await, &window), expected, "{tables:?}");
        for (email, sessions, _) in &expected {
            let wanted = People::of([&email.parse().unwrap()]);
            let found = all(warehouse.activity(&window, &wanted, false).await.unwrap()).await;
            assert_eq!(told(&found, &window), said(&[(email.as_str(), *sessions, 0)]), "{tables:?}");
        }
    }
}

#[tokio::test]
async fn the_order_of_identity_is_the_settings_own() {
    let rows = [
        prompt(NOON, ADA, "1").set("enduser.id", BOB).set("user.account_uuid", "A").set("user.id", "D1"),
        prompt(NOON, BOB, "2").set("user.account_uuid", "B").set("user.id", "D2"),
        // The account says Bob or nobody, the device Ada, the session Bob.
        prompt(NOON, "", "3").set("user.account_uuid", "B").set("user.id", "D1"),
        prompt(NOON, "", "2").set("user.id", "D1"),
    ];
    for tables in BOTH {
        for (identity, expected) in [
            ("user.email enduser.id user.account_uuid user.id session.id", [(ADA, 2), (BOB, 2)]),
            ("user.email enduser.id user.id user.account_uuid session.id", [(ADA, 3), (BOB, 1)]),
            ("enduser.id user.email user.account_uuid user.id session.id", [(BOB, 3), ("", 0)]),
            ("user.email", [(ADA, 1), (BOB, 1)]),
            ("user.email session.id user.id", [(ADA, 2), (BOB, 1)]),
            ("user.email user.account_uuid session.id user.id", [(ADA, 1), (BOB, 2)]),
        ] {
            let warehouse = open_with(tables, &rows, |settings| {
                settings.identity = identity.split(' ').map(Into::into).collect();
            })
            .await;
            let window = wednesday();
            let expected: Vec<_> = expected
                .iter()
                .filter(|(email, _)| !email.is_empty())
                .map(|(email, count)| (*email, *count, 0))
                .collect();
            assert_eq!(told(&activity(&warehouse, &window).await, &window), said(&expected), "{tables:?}: {identity}");
        }
    }
}

#[tokio::test]
async fn who_somebody_is_may_be_told_in_the_baseline_alone() {
    for tables in BOTH {
        let mut rows = vec![
            prompt("2025-01-08 00:00:00", ADA, "before").set("user.account_uuid", "A"),
            request(NOON, "", "now", "r", "1").set("user.account_uuid", "A"),
            activated(NOON, "now", "p", "commit").set("user.email", "").set("user.account_uuid", "A"),
        ];
        let window = wednesday();
        let warehouse = open(tables, &rows).await;
        assert_eq!(told(&activity(&warehouse, &window).await, &window), said(&[(ADA, 1, 100)]), "{tables:?}");
        assert_eq!(used(&skills(&warehouse, &window).await), [(ADA, "commit", 1)], "{tables:?}");
        // A moment earlier it is outside the queried span.
        rows[0] = prompt("2025-01-07 23:59:59.999", ADA, "before").set("user.account_uuid", "A");
        let warehouse = open(tables, &rows).await;
        assert!(activity(&warehouse, &window).await.is_empty(), "{tables:?}");
    }
}

#[tokio::test]
async fn days_are_half_open_to_the_nanosecond_also_where_clocks_change() {
    // In New York March 9, 2025 has 23 hours and November 2 has 25; both are Sundays.
    let zone = Tz::America__New_York;
    for (monday, bounds) in [
        ("2025-03-10", ["2025-03-07 05:00:00", "2025-03-08 05:00:00", "2025-03-09 05:00:00", "2025-03-10 04:00:00"]),
        ("2025-11-03", ["2025-10-31 04:00:00", "2025-11-01 04:00:00", "2025-11-02 04:00:00", "2025-11-03 05:00:00"]),
    ] {
        let window = morning(monday, zone);
        let mut rows = Vec::new();
        for (number, bound) in bounds.iter().enumerate() {
            let start: chrono::NaiveDateTime = bound.parse::<chrono::DateTime<chrono::Utc>>().map_or_else(
                |_| chrono::NaiveDateTime::parse_from_str(bound, "%Y-%m-%d %H:%M:%S").unwrap(),
                |at| at.naive_utc(),
            );
            let last = start - chrono::TimeDelta::nanoseconds(1);
            let mut text = String::new();
            write!(text, "{}", last.format("%Y-%m-%d %H:%M:%S%.9f")).unwrap();
            rows.push(prompt(bound, ADA, &format!("first {number}")));
            rows.push(prompt(&text, ADA, &format!("last {number}")));
            rows.push(prompt(&text, ADA, "through"));
        }
        for tables in BOTH {
            let warehouse = open(tables, &rows).await;
            let found = activity(&warehouse, &window).await;
            let days: Vec<_> = found[0].days.iter().map(|day| (day.sessions, day.sessions_ending)).collect();
            // The day before, then Friday to Sunday: the last instant of each is another's first but one.
            assert_eq!(days, [(2, 1), (3, 2), (3, 2), (3, 3)], "{tables:?} {monday}");
            assert_eq!(told(&found, &window), said(&[(ADA, 7, 0)]), "{tables:?} {monday}");
            let active = all(warehouse.active_days(&window, &People::everyone()).await.unwrap()).await;
            assert_eq!(active[0].days.len(), 4, "{tables:?} {monday}");
        }
    }
}

#[tokio::test]
async fn json_may_hold_numbers_where_a_map_holds_text() {
    let database = Tables::Json.create().await;
    let log = json!({
        "event.name": "api_request", "user.email": ADA, "session.id": "s", "cost_usd": 0.123_456_789, "input_tokens": 12,
        "output_tokens": 3.0, "cache_read_tokens": 4_000_000_000_u64, "cache_creation_tokens": null, "event.sequence": 7,
        "event.timestamp": "2025-01-15T12:00:00.000Z", "user": {"id": 5},
    });
    let row = json!({"Timestamp": NOON, "ServiceName": "claude-code", "Body": "", "ResourceAttributes": {}, "LogAttributes": log});
    insert_rows(&database, "otel_logs", &[row.clone(), row]).await;
    let warehouse = Warehouse::open(&engine::url().await, &engine::settings(&database).await).await.unwrap();
    let day = activity(&warehouse, &wednesday()).await[0].days[0];
    assert_eq!((day.sessions, day.cost_nanos, day.input_tokens, day.output_tokens), (1, 123_456_789, 12, 3));
    assert_eq!((day.cache_read_tokens, day.cache_creation_tokens), (4_000_000_000, 0));
}

#[tokio::test]
async fn zeude_s_mistaken_names_are_dropped_with_and_without_a_slash() {
    let database = Tables::Zeude.create().await;
    let row = |number: u32, name: &str| {
        json!({"prompt_id": format!("00000000-0000-0000-0000-{number:012}"), "session_id": "s", "user_id": "u",
               "user_email": ADA, "timestamp": NOON, "prompt_type": "command", "invoked_name": name})
    };
    let names =
        ["Users", "/Users", "users", "/zeude", "rate-limit-options", "/rate-limit-options", "/commit", "custom"];
    let rows: Vec<_> = (0..).zip(names).map(|(number, name)| row(number, name)).collect();
    insert_rows(&database, "ai_prompts", &rows).await;
    let warehouse = Warehouse::open(&engine::url().await, &engine::settings(&database).await).await.unwrap();
    assert_eq!(used(&skills(&warehouse, &wednesday()).await), [(ADA, "commit", 1)]);
}
