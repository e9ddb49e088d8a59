//! What `recap grants` prints is enough, and an account with less is told what it lacks.

use super::questions::{ask_everything, wednesday};
use crate::support::{
    engine::{self, GRANTED, GRANTED_DATABASES, PARTIAL, READER},
    events::{Tables, insert, prompt, request},
};
use recap::warehouse::{Warehouse, WarehouseError};

async fn open_as(account: (&str, &str), database: &str) -> Result<Warehouse, WarehouseError> {
    Warehouse::open(&engine::url().await, &engine::settings_of(account, database).await).await
}

#[tokio::test]
async fn the_printed_grants_are_enough_for_every_question_in_every_shape() {
    let events = [
        prompt("2025-01-15 10:00:00", "ada@example.com", "s").resource("team", "data"),
        request("2025-01-15 10:01:00", "ada@example.com", "s", "r", "0.5").set("skill.name", "commit"),
    ];
    for (tables, database) in [Tables::Map, Tables::Json, Tables::Zeude].into_iter().zip(GRANTED_DATABASES) {
        engine::create_database(database).await;
        tables.create_in(database).await;
        insert(tables, database, &events).await;
        let window = wednesday(chrono_tz::UTC);

        let granted = ask_everything(&open_as(GRANTED, database).await.unwrap(), &window).await.unwrap();

        assert!(granted.iter().all(|answer| !answer.is_empty()) || tables == Tables::Zeude, "{granted:?}");
        let all = ask_everything(&open_as(READER, database).await.unwrap(), &window).await.unwrap();
        assert_eq!(granted, all, "{tables:?}");
        if tables == Tables::Map {
            assert_lacks_a_right(open_as(PARTIAL, database).await.map(drop));
        }
    }
}

#[tokio::test]
async fn an_account_without_rights_is_not_told_that_there_is_no_table() {
    for tables in [Tables::Map, Tables::Zeude] {
        let database = tables.create().await;
        assert_lacks_a_right(open_as(GRANTED, &database).await.map(drop));
    }
}

#[tokio::test]
async fn what_is_not_there_is_told_as_such_to_an_account_with_few_rights() {
    let empty = engine::database().await;
    assert!(matches!(open_as(GRANTED, &empty).await, Err(WarehouseError::NoTable { .. })));
    assert!(matches!(open_as(GRANTED, "no_such").await, Err(WarehouseError::NoDatabase { .. })));
    let database = GRANTED_DATABASES[3];
    engine::create_database(database).await;
    let table = format!("CREATE TABLE {database}.otel_logs (Timestamp DateTime64(9), Body String, session_id String)");
    engine::client().await.query(&format!("{table} ENGINE = MergeTree ORDER BY Timestamp")).execute().await.unwrap();
    let error = open_as(GRANTED, database).await.unwrap_err();
    let WarehouseError::WrongShape { missing, .. } = &error else { panic!("{error:?}") };
    assert_eq!(missing, "columns `ServiceName`, `ResourceAttributes`, `LogAttributes` are missing");
}

fn assert_lacks_a_right(outcome: Result<(), WarehouseError>) {
    let error = outcome.unwrap_err();
    assert!(matches!(error, WarehouseError::NotGranted { .. }), "{error:?}");
    assert!(error.to_string().contains("grant SELECT"), "{error}");
    assert!(error.hint().contains("`recap grants`"), "{}", error.hint());
}
