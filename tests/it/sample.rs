//! Made-up usage in real tables of each shape.
#![expect(clippy::unwrap_used, reason = "a test ends at the first surprise")]

use crate::support::engine::{READER, SETTER, client, url};
use chrono::{DateTime, Utc};
use clickhouse::Client;
use recap::sample::{Agent, Error, Event, Kind, Options, Shape, Tables, Usage, Written, write};
use std::collections::HashSet;

const SHAPES: [Shape; 4] = [Shape::Map, Shape::MapWithoutTime, Shape::Json, Shape::Zeude];
const SPAN_DAYS: u32 = 12;

fn usage(seed: u64) -> Usage {
    let end: DateTime<Utc> = "2026-03-13T15:30:00Z".parse().unwrap();
    Usage::new(Options { members: 12, days: SPAN_DAYS, seed, end, events_target: None })
}

/// A database of a test's own, made by the first `write`.
struct Database {
    client: Client,
    name: String,
    shape: Shape,
}

impl Database {
    async fn new(test: &str, shape: Shape) -> Self {
        let name = format!("sample_{test}_{shape:?}").to_lowercase();
        Self { client: client().await, name, shape }
    }

    fn tables(&self) -> Tables {
        Tables::of(self.shape, &self.name, None, None)
    }

    async fn write(&self, usage: Usage) -> Result<Written, Error> {
        write(&self.client, &self.tables(), self.shape, usage, |_| {}).await
    }

    /// `sql` with the names of this database's tables, and its way to an attribute.
    fn sql(&self, sql: &str) -> String {
        let tables = self.tables();
        let sql = sql
            .replace("LOGS", &format!("{}.{}", self.name, tables.logs.name))
            .replace("PROMPTS", &format!("{}.{}", self.name, tables.prompts.name));
        match self.shape {
            Shape::Json => sql.replace("log['", "toString(LogAttributes.`").replace("']", "`)"),
            _ => sql.replace("log[", "LogAttributes["),
        }
    }

    async fn number(&self, sql: &str) -> u64 {
        let sql = self.sql(sql);
        self.client.query(&sql).fetch_one().await.unwrap_or_else(|error| panic!("{sql}: {error}"))
    }

    async fn execute(&self, sql: &str) {
        self.client.query(&self.sql(sql)).execute().await.unwrap();
    }
}

fn nanos(event: &Event) -> u64 {
    match &event.kind {
        Kind::ApiRequest(request) => request.cost_nanos(),
        _ => 0,
    }
}

#[tokio::test]
async fn each_shape_holds_every_row_that_was_made_up() {
    for shape in SHAPES {
        let database = Database::new("whole", shape).await;
        let written = database.write(usage(1)).await.unwrap();
        let events: Vec<_> = usage(1).collect();
        let own = || events.iter().filter(|event| event.session.agent == Agent::ClaudeCode);

        assert_eq!((written.rows, written.replaced), (events.len() as u64, false), "{shape:?}");
        assert_eq!(database.number("SELECT count() FROM LOGS").await, written.rows, "{shape:?}");
        let sessions: HashSet<_> = own().map(|event| &event.session.id).collect();
        let found = "SELECT uniqExact(log['session.id']) FROM LOGS WHERE ServiceName = 'claude-code'";
        assert_eq!(database.number(found).await, sessions.len() as u64, "{shape:?}");
        let spent = "SELECT toUInt64(sum(toDecimal64OrZero(log['cost_usd'], 9)) * 1000000000) FROM LOGS";
        assert_eq!(database.number(spent).await, own().map(nanos).sum::<u64>(), "{shape:?}");
        let milliseconds: i64 = events.iter().map(|event| event.at.timestamp_millis()).sum();
        let found = "SELECT toUInt64(sum(toUnixTimestamp64Milli(Timestamp))) FROM LOGS";
        assert_eq!(database.number(found).await, u64::try_from(milliseconds).unwrap(), "{shape:?}");
        let bodies: HashSet<_> =
            events.iter().map(|event| (event.session.agent.service(), event.kind.name())).collect();
        let found = "SELECT uniqExact(ServiceName, Body) FROM LOGS WHERE endsWith(Body, log['event.name'])";
        assert_eq!(database.number(found).await, bodies.len() as u64, "{shape:?}");
    }
}

#[tokio::test]
async fn every_address_is_in_each_shape_but_the_api_keys() {
    for shape in SHAPES {
        let database = Database::new("addresses", shape).await;
        database.write(usage(2)).await.unwrap();
        let active: HashSet<_> = usage(2).filter_map(|event| event.session.member.email.clone()).collect();
        let found = "SELECT uniqExact(log['user.email']) FROM LOGS WHERE log['user.email'] LIKE '%@%'";
        assert_eq!(database.number(found).await, active.len() as u64, "{shape:?}");
        let found =
            "SELECT count() FROM LOGS WHERE ifNull(log['user.account_uuid'], '') = '' AND log['user.email'] LIKE '%@%'";
        assert_eq!(database.number(found).await, 0, "{shape:?}");
    }
    let zeude = Database::new("addresses", Shape::Zeude).await;
    let found =
        "SELECT countIf(ResourceAttributes['zeude.user.email'] = '') FROM LOGS WHERE log['user.account_uuid'] != ''";
    assert_eq!(zeude.number(found).await, 0);
}

#[tokio::test]
async fn a_second_sample_replaces_the_first() {
    for shape in SHAPES {
        let database = Database::new("again", shape).await;
        database.write(usage(3)).await.unwrap();
        let written = database.write(usage(4)).await.unwrap();
        assert_eq!((written.rows, written.replaced), (usage(4).count() as u64, true), "{shape:?}");
        assert_eq!(database.number("SELECT count() FROM LOGS").await, written.rows, "{shape:?}");
        if shape == Shape::Zeude {
            assert_eq!(database.number("SELECT count() FROM PROMPTS").await, written.prompts);
        }
    }
}

#[tokio::test]
async fn a_table_with_a_row_of_others_is_left_as_it_is() {
    for shape in SHAPES {
        let database = Database::new("foreign", shape).await;
        let written = database.write(usage(5)).await.unwrap();
        database
            .execute("INSERT INTO LOGS (Timestamp, ServiceName) VALUES ('2026-03-01 10:00:00', 'claude-code')")
            .await;
        let refused = database.write(usage(5)).await.unwrap_err();
        assert!(matches!(&refused, Error::Foreign { table } if *table == database.tables().logs.name), "{refused}");
        assert!(refused.hint().contains("clickhouse.database"));
        assert_eq!(database.number("SELECT count() FROM LOGS").await, written.rows + 1, "{shape:?}");
    }
}

#[tokio::test]
async fn a_foreign_prompt_keeps_both_zeude_tables_as_they_are() {
    let database = Database::new("foreign_prompt", Shape::Zeude).await;
    let written = database.write(usage(6)).await.unwrap();
    database.execute("INSERT INTO PROMPTS (session_id, timestamp) VALUES ('x', '2026-03-01 10:00:00')").await;
    let refused = database.write(usage(7)).await.unwrap_err();
    assert_eq!(refused.to_string(), "the table `ai_prompts` holds rows that `recap sample` did not write");
    assert_eq!(database.number("SELECT count() FROM LOGS").await, written.rows);
    assert_eq!(database.number("SELECT count() FROM PROMPTS").await, written.prompts + 1);
}

#[tokio::test]
async fn zeude_prompts_come_twice_on_update_and_say_what_was_invoked() {
    let database = Database::new("prompts", Shape::Zeude).await;
    let written = database.write(usage(8)).await.unwrap();
    let own = usage(8).filter(|event| event.session.agent == Agent::ClaudeCode);
    let prompts: HashSet<_> =
        own.filter(|event| matches!(event.kind, Kind::UserPrompt { .. })).map(|event| event.prompt).collect();
    assert_eq!(database.number("SELECT count() FROM PROMPTS").await, written.prompts);
    assert_eq!(database.number("SELECT uniqExact(prompt_id) FROM PROMPTS").await, prompts.len() as u64);
    assert!(written.prompts > prompts.len() as u64 * 5 / 4);
    let joined =
        "SELECT uniqExact(prompt_id) FROM PROMPTS WHERE toString(prompt_id) IN (SELECT log['prompt.id'] FROM LOGS)";
    let old_client = "SELECT uniqExact(prompt_id) FROM PROMPTS WHERE user_email = 'fatima.zahra@example.com'";
    assert_eq!(database.number(joined).await + database.number(old_client).await, prompts.len() as u64);
    assert!(
        database.number("SELECT countIf(invoked_name = 'commit' AND prompt_type = 'skill') FROM PROMPTS").await > 10
    );
    assert_eq!(database.number("SELECT countIf(prompt_text = '') FROM PROMPTS").await, 0);
}

#[tokio::test]
async fn a_table_of_another_shape_is_refused_with_what_it_lacks() {
    let map = Database::new("other_shape", Shape::Map).await;
    map.write(usage(9)).await.unwrap();
    let json = Database { shape: Shape::Json, ..Database::new("other_shape", Shape::Map).await };
    let refused = json.write(usage(9)).await.unwrap_err();
    let Error::WrongShape { table, missing } = &refused else { panic!("{refused}") };
    assert_eq!((table.as_str(), missing[0].as_str()), ("otel_logs", "`ResourceAttributes JSON`"));
    assert!(refused.hint().contains("--shape"));
}

#[tokio::test]
async fn an_account_that_may_only_read_gets_a_clear_error() {
    let database = Database::new("read_only", Shape::Map).await;
    let account = async |(user, password): (&str, &str)| {
        let client = database.client.clone().with_user(user).with_password(password);
        let refused = write(&client, &database.tables(), Shape::Map, usage(10), |_| {}).await.unwrap_err();
        assert_eq!(refused.to_string(), "the ClickHouse account may not write to `otel_logs`", "{user}");
    };
    account(READER).await;
    account(SETTER).await;
    let written = database.write(usage(10)).await.unwrap();
    account(READER).await;
    account(SETTER).await;
    assert_eq!(database.number("SELECT count() FROM LOGS").await, written.rows);
}

#[tokio::test]
async fn a_wrong_password_is_one_clause_with_a_hint() {
    let client = Client::default().with_url(url().await).with_user("default").with_password("wrong");
    let tables = Tables::of(Shape::Map, "sample_password", None, None);
    let refused = write(&client, &tables, Shape::Map, usage(1), |_| {}).await.unwrap_err();
    assert_eq!(refused.to_string(), "ClickHouse refused the account or its password");
    assert!(refused.hint().contains("clickhouse.password"));
}

#[tokio::test]
async fn a_span_of_more_days_than_a_server_takes_in_one_block_is_written() {
    let database = Database::new("long", Shape::Map).await;
    let end = "2026-03-13T15:30:00Z".parse().unwrap();
    let long = Usage::new(Options { members: 1, days: 160, seed: 1, end, events_target: None });
    let written = database.write(long).await.unwrap();
    assert_eq!(database.number("SELECT count() FROM LOGS").await, written.rows);
    assert!(database.number("SELECT uniqExact(toDate(Timestamp)) FROM LOGS").await > 100);
}

#[tokio::test]
async fn an_engine_that_is_not_there_is_one_clause_with_a_hint() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);
    let client = Client::default().with_url(format!("http://{address}"));
    let tables = Tables::of(Shape::Map, "default", None, None);
    let refused = write(&client, &tables, Shape::Map, usage(11), |_| {}).await.unwrap_err();
    assert_eq!(refused.to_string(), "ClickHouse did not answer");
    assert!(refused.hint().contains("clickhouse.url"));
}
