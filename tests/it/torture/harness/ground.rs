//! What every world stands on: the binary, one ClickHouse with everybody's usage, and places for the ledger.

use super::clock::working_day;
use chrono::{Days, NaiveDate};
use std::path::PathBuf;

/// How long before the first working day there is usage.
const BEFORE: Days = Days::new(10);

/// The binary, and a ClickHouse with usage.
#[derive(Debug, Clone)]
pub struct Ground {
    pub recap: PathBuf,
    pub url: String,
    pub user: String,
    pub password: String,
    pub database: String,
    /// Of everybody.
    pub people: u32,
    pub seed: u64,
}

/// Where a ledger is kept.
#[derive(Debug, Clone)]
pub enum Place {
    /// A SQLite file of the world's own.
    File,
    /// A schema of a PostgreSQL server.
    Postgres { url: String, schema: String },
}

impl Place {
    pub fn name(&self) -> &'static str {
        match self {
            Self::File => "SQLite",
            Self::Postgres { .. } => "PostgreSQL",
        }
    }

    /// How many daemons a ledger there takes.
    pub fn replicas(&self) -> usize {
        match self {
            Self::File => 1,
            Self::Postgres { .. } => 2,
        }
    }
}

pub fn email(person: u32) -> String {
    format!("p{person:05}@example.com")
}

impl Ground {
    /// Writes one prompt of everybody on each day, for so many working days.
    pub async fn sow(&self, working_days: u32) {
        let client = clickhouse::Client::default().with_url(&self.url);
        let client = client.with_user(&self.user).with_password(&self.password);
        let Self { database, people, .. } = self;
        client.query(&format!("CREATE DATABASE IF NOT EXISTS {database}")).execute().await.unwrap();
        let table = include_str!("../../../../src/sample/sql/otel_logs_map.sql");
        client.query_raw(table).param("database", database).param("table", "otel_logs").execute().await.unwrap();
        let first: NaiveDate = working_day(0) - BEFORE;
        let days = (working_day(working_days) - first).num_days() + 1;
        let insert = format!(
            "INSERT INTO {database}.otel_logs (Timestamp, ServiceName, Body, LogAttributes)
             SELECT toDateTime64('{first} 10:00:00', 9, 'UTC') + toIntervalDay(intDiv(number, {people})) AS at,
                 'claude-code', 'claude_code.user_prompt',
                 map('event.name', 'user_prompt', 'user.email', email, 'session.id', concat(toString(at), email))
             FROM (SELECT number, concat('p', leftPad(toString(number % {people}), 5, '0'), '@example.com') AS email
                   FROM numbers({people} * {days}))
             SETTINGS max_partitions_per_insert_block = 0"
        );
        client.query(&insert).execute().await.unwrap();
    }
}
