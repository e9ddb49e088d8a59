//! Rows told twice, named in every way, and at the very bounds of days.

use super::asking::{
    ADA, BOB, BOTH, NOON, activated, activity, all, morning, open, said, skills, told, used, wednesday,
};
use crate::support::{
    engine,
    events::{Tables, insert_rows, prompt, request},
};
use chrono::{NaiveDateTime, TimeDelta};
use chrono_tz::Tz;
use recap::warehouse::{People, Warehouse};
use serde_json::{Value, json};

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
    json!({"Timestamp": NOON, "ServiceName": "claude-code", "Body": body, "LogAttributes": log})
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
            let start = NaiveDateTime::parse_from_str(bound, "%Y-%m-%d %H:%M:%S").unwrap();
            let text = (start - TimeDelta::nanoseconds(1)).to_string();
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
        "event.name": "api_request", "user.email": ADA, "session.id": "s", "cost_usd": 0.123_456_789,
        "input_tokens": 12, "output_tokens": 3.0, "cache_read_tokens": 4_000_000_000_u64,
        "cache_creation_tokens": null, "event.sequence": 7,
        "event.timestamp": "2025-01-15T12:00:00.000Z", "user": {"id": 5},
    });
    let row = json!({"Timestamp": NOON, "ServiceName": "claude-code", "Body": "", "LogAttributes": log});
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
