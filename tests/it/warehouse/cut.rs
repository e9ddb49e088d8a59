//! Answers that end too early are errors, never short answers.

use super::{asking::OPTIONS, questions::wednesday};
use crate::support::{
    engine,
    events::{Tables, insert, prompt},
    relay::{Break, Relay, stubborn},
};
use recap::{
    message::Templates,
    report::{Cohort, DailyReports, Recipient},
    warehouse::{People, Warehouse, WarehouseError},
};

/// A part of the activity's statement alone.
const ACTIVITY: &str = "sessions_ending";
/// So many people's answer takes several chunks.
const PEOPLE: u32 = 40_000;

async fn crowd() -> String {
    let database = Tables::Map.create().await;
    let rows = format!(
        "INSERT INTO {database}.otel_logs (Timestamp, ServiceName, Body, LogAttributes)
         SELECT '2025-01-15 10:00:00', 'claude-code', 'claude_code.user_prompt',
                map('user.email', concat(hex(sipHash128(number)), '@example.com'), 'session.id', toString(number))
         FROM numbers({PEOPLE})"
    );
    engine::client().await.query(&rows).execute().await.unwrap();
    database
}

/// How many rows were read, and how the answer ended.
async fn read(database: &str, breaks: Break) -> (u32, Result<(), WarehouseError>) {
    let relay = Relay::start(&engine::url().await, breaks).await;
    let warehouse = Warehouse::open(&relay.url, &engine::settings(database).await).await.unwrap();
    let mut rows = match warehouse.activity(&wednesday(chrono_tz::UTC), &People::everyone(), false).await {
        Ok(rows) => rows,
        Err(error) => return (0, Err(error)),
    };
    let mut count = 0;
    loop {
        match rows.next().await {
            Ok(Some(_)) => count += 1,
            Ok(None) => return (count, Ok(())),
            Err(error) => return (count, Err(error)),
        }
    }
}

#[tokio::test]
async fn an_answer_cut_in_mid_stream_is_an_error_after_the_rows_that_came() {
    let database = crowd().await;
    let (whole, outcome) = read(&database, Break::Nothing).await;
    assert!(outcome.is_ok() && whole == PEOPLE, "{whole} {outcome:?}");
    for breaks in [Break::AfterBytes(ACTIVITY, 400_000), Break::AfterChunks(ACTIVITY, 1)] {
        let (count, outcome) = read(&database, breaks).await;
        assert!((1..PEOPLE).contains(&count), "{breaks:?}: {count}");
        assert!(matches!(outcome, Err(WarehouseError::CutOff(_))), "{breaks:?}: {outcome:?}");
    }
}

#[tokio::test]
async fn a_cohort_ends_with_its_answer() {
    let database = crowd().await;
    let relay = Relay::start(&engine::url().await, Break::AfterBytes(ACTIVITY, 400_000)).await;
    let warehouse = Warehouse::open(&relay.url, &engine::settings(&database).await).await.unwrap();
    // Too many to be named to ClickHouse, and the last of all: the whole answer is read to find them.
    let recipient = |number: u32| Recipient::new(format!("z{number:05}@example.com").parse().unwrap(), OPTIONS);
    let cohort = Cohort { window: wednesday(chrono_tz::UTC), recipients: (0..4_000).map(recipient).collect() };
    let templates = Templates::embedded();
    let mut reports = DailyReports::of(&warehouse, &templates, cohort).await.unwrap();

    let error = reports.next().await.unwrap_err();

    assert!(matches!(error, WarehouseError::CutOff(_)), "{error:?}");
    assert!(reports.next().await.unwrap().is_none());
}

#[tokio::test]
async fn an_answer_cut_before_its_first_row_is_asked_for_again_and_then_an_error() {
    let database = Tables::Map.create().await;
    insert(Tables::Map, &database, &[prompt("2025-01-15 10:00:00", "ada@example.com", "s")]).await;
    for breaks in [Break::AfterBytes(ACTIVITY, 0), Break::AfterBytes(ACTIVITY, 40)] {
        let (count, outcome) = read(&database, breaks).await;
        let error = outcome.unwrap_err();
        assert_eq!(count, 0, "{breaks:?}");
        assert!(matches!(error, WarehouseError::CutOff(_)), "{breaks:?}: {error:?}");
    }
}

#[tokio::test]
async fn a_server_that_refuses_first_and_answers_later_is_asked_again() {
    let database = Tables::Map.create().await;
    let relay = Relay::start(&engine::url().await, Break::FirstConnections(3)).await;
    Warehouse::open(&relay.url, &engine::settings(&database).await).await.unwrap();
    assert_eq!(relay.refused(), 3);
}

#[tokio::test]
async fn a_server_that_never_answers_is_given_up_at_the_deadline() {
    let url = stubborn(None).await;
    let mut settings = engine::settings("default").await;
    settings.max_execution_seconds = 1;
    let error = Warehouse::open(&url, &settings).await.unwrap_err();
    assert!(matches!(error, WarehouseError::Deadline(_)), "{error:?}");
    assert_eq!(error.to_string(), "ClickHouse did not answer within 2 s");
}
