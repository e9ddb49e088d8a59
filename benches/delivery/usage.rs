//! A day's usage of many members in the embedded ClickHouse, one session each.

use super::people;
use chrono::{DateTime, Utc};
use recap::{
    sample::{self, Options, Shape, Tables, Usage},
    warehouse::embedded::Access,
};
use secrecy::ExposeSecret;

pub const DATABASE: &str = "bench_delivery";

/// Makes the table and writes a prompt and a request of each of so many members at `at`.
pub async fn write(access: &Access, members: u32, at: DateTime<Utc>) {
    const ROWS: &str = "INSERT INTO bench_delivery.otel_logs (Timestamp, ServiceName, Body, LogAttributes)
        SELECT fromUnixTimestamp64Milli({at:Int64}), 'claude-code', 'claude_code.' || name,
            map('event.name', name, 'session.id', 'session' || toString(number),
                'user.email', 'member' || leftPad(toString(number), 6, '0') || '@example.com',
                'request_id', name = 'api_request' ? 'request' || toString(number) : '',
                'model', 'claude-sonnet-4-5-20250929', 'cost_usd', '0.25', 'input_tokens', '1200',
                'output_tokens', '340', 'cache_read_tokens', '9000', 'cache_creation_tokens', '500')
        FROM numbers({members:UInt64}) ARRAY JOIN ['user_prompt', 'api_request'] AS name";
    assert_eq!(people::email(7).as_str(), "member000007@example.com", "as the statement writes it");
    let client = clickhouse::Client::default().with_url(&access.url);
    let client = client.with_user(&access.user).with_password(access.password.expose_secret());
    let tables = Tables::of(Shape::Map, DATABASE, None, None);
    // A few people's usage of a month, for the table and for the look at its shape.
    let usage = Usage::new(Options { members: 20, days: 30, seed: 7, end: at, events_target: Some(20_000) });
    sample::write(&client, &tables, Shape::Map, usage, |_| {}).await.expect("the sample is written");
    let rows = client.query_raw(ROWS).param("at", at.timestamp_millis()).param("members", members);
    rows.execute().await.expect("the day is written");
}
