//! Rows as the exporter would have written them, said briefly.

use super::engine;
use serde_json::{Map, Value, json};

/// The tables of an installation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tables {
    Map,
    MapWithoutTime,
    Json,
    Zeude,
}

pub const EVERY_SHAPE: [Tables; 4] = [Tables::Map, Tables::MapWithoutTime, Tables::Json, Tables::Zeude];

impl Tables {
    pub fn logs(self) -> &'static str {
        if self == Self::Zeude { "claude_code_logs" } else { "otel_logs" }
    }

    fn statements(self) -> Vec<(&'static str, &'static str)> {
        match self {
            Self::Map => vec![("otel_logs", include_str!("../../../src/sample/sql/otel_logs_map.sql"))],
            Self::MapWithoutTime => {
                vec![("otel_logs", include_str!("../../../src/sample/sql/otel_logs_map_v0151.sql"))]
            }
            Self::Json => vec![("otel_logs", include_str!("../../../src/sample/sql/otel_logs_json.sql"))],
            Self::Zeude => vec![
                ("claude_code_logs", include_str!("../../../src/sample/sql/claude_code_logs.sql")),
                ("ai_prompts", include_str!("../../../src/sample/sql/ai_prompts.sql")),
            ],
        }
    }

    /// Makes the tables in a database of their own and gives its name.
    pub async fn create(self) -> String {
        let database = engine::database().await;
        self.create_in(&database).await;
        database
    }

    /// Makes the tables in `database`.
    pub async fn create_in(self, database: &str) {
        for (table, statement) in self.statements() {
            let client = engine::client().await;
            client.query_raw(statement).param("database", database).param("table", table).execute().await.unwrap();
        }
    }
}

/// One row of the log table.
#[derive(Debug, Clone)]
pub struct Event {
    at: String,
    name: String,
    service: String,
    log: Map<String, Value>,
    resource: Map<String, Value>,
}

/// An event of `name` (without `claude_code.`) at `at`, such as `2025-01-15 10:00:00` (UTC).
pub fn event(name: &str, at: &str) -> Event {
    let mut event = Event {
        at: at.into(),
        name: name.into(),
        service: "claude-code".into(),
        log: Map::new(),
        resource: Map::new(),
    };
    event.log.insert("event.name".into(), json!(name));
    event
}

/// A prompt of `email` in `session`.
pub fn prompt(at: &str, email: &str, session: &str) -> Event {
    event("user_prompt", at).set("user.email", email).set("session.id", session)
}

/// A request of `email` in `session` that cost `dollars`.
pub fn request(at: &str, email: &str, session: &str, id: &str, dollars: &str) -> Event {
    event("api_request", at)
        .set("user.email", email)
        .set("session.id", session)
        .set("request_id", id)
        .set("cost_usd", dollars)
        .set("model", "claude-sonnet-4-5-20250929")
        .set("input_tokens", "100")
        .set("output_tokens", "10")
        .set("cache_read_tokens", "1000")
        .set("cache_creation_tokens", "50")
}

impl Event {
    /// Sets a log attribute; an empty value leaves it out, as a client does.
    pub fn set(mut self, key: &str, value: &str) -> Self {
        if value.is_empty() {
            self.log.remove(key);
        } else {
            self.log.insert(key.into(), json!(value));
        }
        self
    }

    /// Sets a resource attribute.
    pub fn resource(mut self, key: &str, value: &str) -> Self {
        self.resource.insert(key.into(), json!(value));
        self
    }

    /// Sent by another service.
    pub fn sent_by(mut self, service: &str) -> Self {
        service.clone_into(&mut self.service);
        self
    }

    fn row(&self) -> Value {
        json!({
            "Timestamp": self.at, "ServiceName": self.service, "Body": format!("claude_code.{}", self.name),
            "ResourceAttributes": self.resource, "LogAttributes": self.log,
        })
    }
}

/// Inserts `events` into `database`.
pub async fn insert(tables: Tables, database: &str, events: &[Event]) {
    let rows: Vec<Value> = events.iter().map(Event::row).collect();
    insert_rows(database, tables.logs(), &rows).await;
}

/// Inserts `rows` into a table.
pub async fn insert_rows(database: &str, table: &str, rows: &[Value]) {
    if rows.is_empty() {
        return;
    }
    let body = rows.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n");
    let url = format!(
        "{}/?query=INSERT%20INTO%20{database}.{table}%20FORMAT%20JSONEachRow",
        engine::url().await.trim_end_matches('/')
    );
    let response = reqwest::Client::new().post(url).body(body).send().await.unwrap();
    assert!(response.status().is_success(), "{}", response.text().await.unwrap());
}
