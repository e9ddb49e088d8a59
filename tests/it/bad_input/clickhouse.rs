//! ClickHouse as it should not be.

use super::{PREVIEW, SEND, both_fail, database};
use crate::support::{
    engine::{self, GRANTED, READER, SETTER},
    events::Tables,
    installation::Installation,
    relay::{Break, Relay, deserted, stubborn},
};

const PAGE: &[u8] =
    b"HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: 25\r\n\r\n<html>Please log in</html";
const REFUSAL: &[u8] = b"HTTP/1.1 502 Bad Gateway\r\ncontent-length: 26\r\n\r\n<html>no backend</html>....";

#[tokio::test]
async fn a_server_that_is_down() {
    let (url, _kept) = deserted();
    let installation = Installation::with("default").await.set("CLICKHOUSE__URL", url);
    both_fail(&installation, "cannot be reached", "`clickhouse.url`").await;
}

#[tokio::test]
async fn a_server_that_comes_up_late_is_waited_for() {
    let relay = Relay::start(&engine::url().await, Break::FirstConnections(2)).await;
    let installation = Installation::with(&database().await).await.set("CLICKHOUSE__URL", &relay.url);
    let ran = installation.run(&[&PREVIEW[..], &["--date", "2025-01-15"]].concat()).await;
    assert_eq!((ran.code, relay.refused()), (Some(0), 2), "{ran:?}");
    assert!(ran.stdout.contains("Sessions: 1"), "{ran:?}");
}

#[tokio::test]
async fn a_wrong_password_or_account() {
    let database = database().await;
    for account in [(READER.0, "wrong-password"), ("nobody-here", "wrong-password")] {
        let installation = Installation::with(&database).await.account(account);
        both_fail(&installation, &format!("refused the account `{}`", account.0), "`clickhouse.password`").await;
    }
}

#[tokio::test]
async fn an_account_without_rights() {
    let installation = Installation::with(&database().await).await.account(GRANTED);
    both_fail(&installation, "the account `granted` may not read what Recap needs", "`recap grants`").await;
}

#[tokio::test]
async fn no_such_database() {
    let installation = Installation::with("no_such_database").await;
    both_fail(&installation, "there is no database `no_such_database`", "`clickhouse.database`").await;
}

#[tokio::test]
async fn no_such_table() {
    let empty = engine::database().await;
    let sentence = format!("there is no table `otel_logs` in database `{empty}`");
    both_fail(&Installation::with(&empty).await, &sentence, "`clickhouse.logs_table`").await;
    let named = Installation::with(&empty).await.set("CLICKHOUSE__LOGS_TABLE", "elsewhere.events");
    both_fail(&named, "there is no table `events` in database `elsewhere`", "`clickhouse.logs_table`").await;
}

#[tokio::test]
async fn a_table_of_another_shape() {
    let database = engine::database().await;
    let sql = format!(
        "CREATE TABLE {database}.claude_code_logs (Timestamp DateTime64(9), session_id String, user_email String,
         Body String) ENGINE = MergeTree ORDER BY Timestamp"
    );
    engine::client().await.query(&sql).execute().await.unwrap();
    let sentence = format!(
        "table `{database}.claude_code_logs` is not a table of Claude Code events: columns \
                            `ServiceName`, `ResourceAttributes`, `LogAttributes` are missing"
    );
    both_fail(&Installation::with(&database).await, &sentence, "this one has `Timestamp`, `session_id`").await;
}

#[tokio::test]
async fn accounts_that_may_only_read_are_fully_usable() {
    for account in [READER, SETTER] {
        let installation = Installation::with(&database().await).await.account(account);
        let preview = installation.run(&[&PREVIEW[..], &["--date", "2025-01-15"]].concat()).await;
        assert!(preview.code == Some(0) && preview.stdout.contains("Sessions: 1"), "{preview:?}");
        let sent = installation.run(&SEND).await;
        assert_eq!((sent.code, installation.slack.messages_to("ada@example.com").len()), (Some(0), 1), "{sent:?}");
    }
}

#[tokio::test]
async fn an_answer_that_does_not_come() {
    let url = stubborn(None).await;
    let installation =
        Installation::with("default").await.set("CLICKHOUSE__URL", url).set("CLICKHOUSE__MAX_EXECUTION_SECONDS", "1");
    both_fail(&installation, "did not answer within 2 s", "`clickhouse.max_execution_seconds`").await;
}

#[tokio::test]
async fn an_answer_cut_in_mid_stream() {
    let database = database().await;
    for breaks in [Break::AfterBytes("sessions_ending", 40), Break::AfterChunks("sessions_ending", 1)] {
        let relay = Relay::start(&engine::url().await, breaks).await;
        let installation = Installation::with(&database).await.set("CLICKHOUSE__URL", &relay.url);
        both_fail(&installation, "the answer of ClickHouse was cut off", "run the command again").await;
    }
}

#[tokio::test]
async fn something_that_is_not_clickhouse() {
    for (bytes, sentence) in [(PAGE, "cannot be read"), (REFUSAL, "cannot be read")] {
        let url = stubborn(Some(bytes)).await;
        let installation = Installation::with("default").await.set("CLICKHOUSE__URL", url);
        both_fail(&installation, sentence, "`clickhouse.url` is the HTTP interface").await;
    }
}

#[tokio::test]
async fn zeudes_prompts_named_and_absent() {
    let database = Tables::Map.create().await;
    let installation = Installation::with(&database).await.set("CLICKHOUSE__PROMPTS_TABLE", "asked");
    both_fail(&installation, &format!("there is no table `asked` in database `{database}`"), "hint: ").await;
}
