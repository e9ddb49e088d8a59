//! What telemetry says about who is on which team.

use super::{ADA, BOB, CARA, all, date, open, open_with, week};
use crate::support::{
    engine,
    events::{EVERY_SHAPE, Event, Tables, event, insert, prompt, request},
};
use recap::warehouse::{Warehouse, WarehouseError};
use std::collections::BTreeSet;

const WEDNESDAY: &str = "2025-01-15 12:00:00";

/// Person, piece, key and value.
type Told = (String, String, String, String);

async fn values(warehouse: &Warehouse, keys: &[&str]) -> Vec<Told> {
    let keys: BTreeSet<String> = keys.iter().map(|key| (*key).to_owned()).collect();
    let rows = all(warehouse.team_values(&week().membership(), &keys).await.unwrap()).await;
    rows.into_iter()
        .flat_map(|row| {
            row.values.into_iter().map(move |told| (row.email.clone(), date(told.day_ms), told.key, told.value))
        })
        .collect()
}

fn told(expected: &[(&str, &str, &str, &str)]) -> Vec<Told> {
    let owned = |(email, day, key, value): &(&str, &str, &str, &str)| {
        ((*email).to_owned(), (*day).to_owned(), (*key).to_owned(), (*value).to_owned())
    };
    expected.iter().map(owned).collect()
}

#[tokio::test]
async fn a_key_s_value_is_the_resource_s_before_the_event_s_and_the_usual_one_the_first_that_there_is() {
    let rows = [
        prompt(WEDNESDAY, ADA, "1").resource("department", "sales").resource("team.id", "data").set("squad", "blue"),
        request(WEDNESDAY, BOB, "2", "r", "1").set("team", "\t web \n").resource("squad", "red").set("squad", "blue"),
        prompt("2025-01-16 12:00:00", BOB, "3").resource("zeude.team", "z").resource("department", "ops"),
        // Blanks are none.
        prompt("2025-01-17 12:00:00", BOB, "4").resource("team.id", "  ").set("team.id", "later").set("squad", " "),
        // Nothing is told, by nobody, by no event that counts, by another agent, and outside of the span.
        prompt(WEDNESDAY, CARA, "5"),
        prompt(WEDNESDAY, "", "6").resource("team", "lost"),
        event("api_error", WEDNESDAY).set("user.email", CARA).set("session.id", "5").resource("team", "error"),
        prompt(WEDNESDAY, CARA, "7").resource("team", "codex").sent_by("codex"),
        prompt("2024-12-15 23:59:59.999", CARA, "8").resource("team", "early"),
        prompt("2025-01-20 00:00:00", CARA, "9").resource("team", "late"),
    ];
    for tables in EVERY_SHAPE {
        let warehouse = open(tables, &rows).await;
        let third = if tables == Tables::Zeude { "z" } else { "ops" };
        let expected = [
            (ADA, "01-15", "", "data"),
            (ADA, "01-15", "squad", "blue"),
            (BOB, "01-15", "", "web"),
            (BOB, "01-15", "squad", "red"),
            (BOB, "01-16", "", third),
            (BOB, "01-16", "zeude.team", "z"),
            (BOB, "01-17", "", "later"),
        ];
        assert_eq!(values(&warehouse, &["squad", "zeude.team"]).await, told(&expected), "{tables:?}");
        let usual: Vec<_> = expected.into_iter().filter(|(_, _, key, _)| key.is_empty()).collect();
        assert_eq!(values(&warehouse, &[]).await, told(&usual), "{tables:?}");
    }
}

#[tokio::test]
async fn somebody_who_moves_is_on_each_team_on_the_days_that_say_so() {
    let on = |at: &str, team: &str| prompt(at, ADA, at).resource("team", team);
    let rows = [
        on("2024-12-16 00:00:00", "old"),
        on("2025-01-05 23:59:59.999", "old"),
        on("2025-01-12 12:00:00", "data"),
        on("2025-01-13 00:00:00", "data"),
        on("2025-01-15 09:00:00", "data"),
        on("2025-01-15 10:00:00", "web"),
        on("2025-01-15 11:00:00", "web"),
        on("2025-01-19 23:59:59.999", "web"),
    ];
    for tables in EVERY_SHAPE {
        let expected = [
            (ADA, "12-16", "", "old"),
            (ADA, "01-12", "", "data"),
            (ADA, "01-13", "", "data"),
            (ADA, "01-15", "", "data"),
            (ADA, "01-15", "", "web"),
            (ADA, "01-19", "", "web"),
        ];
        assert_eq!(values(&open(tables, &rows).await, &[]).await, told(&expected), "{tables:?}");
    }
}

#[tokio::test]
async fn who_a_value_belongs_to_is_found_like_everything_else() {
    let rows = [
        prompt("2024-12-20 12:00:00", " Ada@Example.com ", "1").set("user.account_uuid", "A"),
        prompt(WEDNESDAY, "", "2").set("user.account_uuid", "A").resource("team", "data"),
        // By the session alone.
        prompt("2025-01-16 12:00:00", "", "1").resource("team", "web"),
        // Two people on one account: nobody's.
        prompt(WEDNESDAY, BOB, "3").set("user.account_uuid", "shared"),
        prompt(WEDNESDAY, CARA, "4").set("user.account_uuid", "shared"),
        prompt(WEDNESDAY, "", "5").set("user.account_uuid", "shared").resource("team", "nobody's"),
        // Without a session, under an address of old.
        prompt(WEDNESDAY, "bob@old.example", "").resource("team", "ops"),
    ];
    for tables in EVERY_SHAPE {
        let warehouse = open_with(tables, &rows, |settings| {
            settings.aliases.insert("bob@old.example".parse().unwrap(), BOB.parse().unwrap());
        })
        .await;
        let expected = [(ADA, "01-15", "", "data"), (ADA, "01-16", "", "web"), (BOB, "01-15", "", "ops")];
        assert_eq!(values(&warehouse, &[]).await, told(&expected), "{tables:?}");
    }
}

#[tokio::test]
async fn a_value_is_foreign_text_and_no_longer_than_two_hundred_characters() {
    let odd = [
        "it's",
        "back\\slash",
        "nul\0inside",
        "{days:Array(Int64)}",
        "/*READ*/",
        "/*FOUND*/",
        "'; DROP TABLE x; --",
        "🚀 é",
    ];
    let long = format!("{} {}", "é".repeat(199), "x".repeat(10_000));
    for tables in EVERY_SHAPE {
        let mut rows: Vec<_> = odd.iter().map(|text| prompt(WEDNESDAY, ADA, text).resource("team", text)).collect();
        rows.push(prompt(WEDNESDAY, BOB, "long").resource("team", &long));
        let warehouse = open(tables, &rows).await;
        let found = values(&warehouse, &[]).await;
        let of_ada: BTreeSet<_> = found.iter().filter(|(email, ..)| email == ADA).map(|told| told.3.as_str()).collect();
        assert_eq!(of_ada, BTreeSet::from(odd), "{tables:?}");
        assert_eq!(found.last().unwrap().3, "é".repeat(199), "{tables:?}: cut, and without a blank at its end");
    }
}

#[tokio::test]
async fn bytes_that_are_no_text_spoil_nobody_s_answer() {
    for tables in [Tables::Map, Tables::MapWithoutTime, Tables::Zeude] {
        let database = tables.create().await;
        insert(tables, &database, &[prompt(WEDNESDAY, BOB, "fine").resource("team", "web")]).await;
        let broken = format!(
            "INSERT INTO {database}.{} (Timestamp, ServiceName, Body, LogAttributes) VALUES ('{WEDNESDAY}', \
             'claude-code', 'claude_code.user_prompt', map('user.email', '{ADA}', 'team', concat('a', unhex('ff'))))",
            tables.logs()
        );
        engine::client().await.query_raw(&broken).execute().await.unwrap();
        let warehouse = Warehouse::open(&engine::url().await, &engine::settings(&database).await).await.unwrap();
        let expected = [(ADA, "01-15", "", "a\u{fffd}"), (BOB, "01-15", "", "web")];
        assert_eq!(values(&warehouse, &[]).await, told(&expected), "{tables:?}");
    }
}

#[tokio::test]
async fn a_flood_of_values_holds_up_nobody_and_hides_none_that_is_told_more_often() {
    let on = |email: &str, session: &str, team: &str| prompt(WEDNESDAY, email, session).resource("team", team);
    let mut rows: Vec<Event> = (0..1_200).map(|number| on(ADA, "s", &format!("forged-{number:04}"))).collect();
    rows.extend([on(ADA, "s", "true"), on(ADA, "t", "true"), on(BOB, "u", "web")]);
    rows.push(prompt("2025-01-16 12:00:00", ADA, "v").resource("team", "next day"));
    let found = values(&open(Tables::Map, &rows).await, &[]).await;
    let of_ada: Vec<_> = found.iter().filter(|(email, ..)| email == ADA).map(|told| told.3.as_str()).collect();
    assert_eq!(of_ada.len(), 101);
    assert!(of_ada.contains(&"true") && of_ada.contains(&"next day"));
    assert_eq!(found.last().unwrap(), &told(&[(BOB, "01-15", "", "web")])[0]);
}

#[tokio::test]
async fn a_key_that_could_break_out_of_the_statement_is_refused_and_none_at_all_is_an_answer() {
    let rows = [prompt(WEDNESDAY, ADA, "1").resource("team", "data").resource("e-2_e.x", "odd")];
    for tables in [Tables::Map, Tables::Json] {
        let warehouse = open_with(tables, &rows, |settings| settings.team_attributes = vec![]).await;
        assert_eq!(values(&warehouse, &[]).await, [], "{tables:?}");
        assert_eq!(values(&warehouse, &["e-2_e.x"]).await, told(&[(ADA, "01-15", "e-2_e.x", "odd")]), "{tables:?}");
        for key in ["", "a'b", "a`b", "a b", "é"] {
            let asked = warehouse.team_values(&week().membership(), &[key.to_owned()].into()).await;
            assert!(matches!(asked, Err(WarehouseError::Refused { code: 0, .. })), "{tables:?}: {key}: {asked:?}");
        }
    }
}
