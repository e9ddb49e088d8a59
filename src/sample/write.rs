//! Writes made-up usage to ClickHouse: one thread makes blocks while others send them.

use super::{
    error::Error,
    make::{Made, MadeFor, make},
    prepare::{empty, examine},
    shape::{PROMPTS, Plan, Shape, Table, Tables},
    usage::Usage,
};
use bytes::Bytes;
use clickhouse::Client;
use futures::{StreamExt, TryStreamExt};
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;

/// Blocks made ahead while the server is busy.
const BLOCKS_AHEAD: usize = 2;
/// Inserts under way at a time, for the server gives each of them one core.
const INSERTS: usize = 2;
/// Bytes handed to the connection at a time, and compressed together.
const CHUNK: usize = 1 << 20;

/// What was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Written {
    /// Rows in the log table, repeated ones included.
    pub rows: u64,
    /// Rows in zeude's prompts.
    pub prompts: u64,
    /// Whether an earlier sample was replaced.
    pub replaced: bool,
}

/// Writes `usage` to `tables`, which are created where missing; `progress` hears the rows written so far.
///
/// `client` names no database, for that may be missing yet.
///
/// # Errors
/// When a table exists in another shape or holds rows that are not made up (then nothing was changed), or
/// ClickHouse does not take the rows.
pub async fn write(
    client: &Client,
    tables: &Tables,
    shape: Shape,
    usage: Usage,
    mut progress: impl FnMut(u64),
) -> Result<Written, Error> {
    let mut written = Written { rows: 0, prompts: 0, replaced: prepare(client, tables, shape).await? };
    let client = settings(client);
    let (sender, made) = mpsc::channel(BLOCKS_AHEAD);
    let maker = tokio::task::spawn_blocking(move || make(usage, shape, &sender));
    let mut sent =
        ReceiverStream::new(made).map(|block| insert(&client, tables, shape, block)).buffer_unordered(INSERTS);
    while let Some((table, rows)) = sent.try_next().await? {
        match table {
            MadeFor::Logs => written.rows += rows,
            MadeFor::Prompts => written.prompts += rows,
        }
        progress(written.rows);
    }
    maker.await.map_err(|_| Error::Interrupted)?;
    Ok(written)
}

/// Makes the tables ready, all or none of them; tells whether an earlier sample was removed.
async fn prepare(client: &Client, tables: &Tables, shape: Shape) -> Result<bool, Error> {
    let mut targets = vec![examine(client, &tables.logs, shape.logs()).await?];
    if shape == Shape::Zeude {
        targets.push(examine(client, &tables.prompts, PROMPTS).await?);
    }
    for target in &targets {
        empty(client, target).await?;
    }
    Ok(targets.iter().any(|target| target.replaces))
}

/// Each row counts once it is answered for; prompts of one block may reach over more days than a server
/// allows by default.
fn settings(client: &Client) -> Client {
    client
        .clone()
        .with_setting("async_insert", "0")
        .with_setting("insert_deduplicate", "0")
        .with_setting("max_partitions_per_insert_block", "0")
}

async fn insert(client: &Client, tables: &Tables, shape: Shape, block: Made) -> Result<(MadeFor, u64), Error> {
    let (table, plan) = match block.table {
        MadeFor::Logs => (&tables.logs, shape.logs()),
        MadeFor::Prompts => (&tables.prompts, PROMPTS),
    };
    let sent = send(client, table, plan, block.bytes).await;
    sent.map_err(|source| Error::from_engine("fill", &table.name, source))?;
    Ok((block.table, block.rows))
}

async fn send(client: &Client, table: &Table, plan: Plan, bytes: Vec<u8>) -> Result<(), clickhouse::error::Error> {
    let columns: Vec<_> = plan.columns.iter().map(|(name, _)| *name).collect();
    let (database, name) = (quoted(&table.database), quoted(&table.name));
    let statement = format!("INSERT INTO {database}.{name} ({}) FORMAT Native", columns.join(", "));
    let mut insert = client.insert_formatted_with(statement);
    let mut rest = Bytes::from(bytes);
    while !rest.is_empty() {
        let chunk = rest.split_to(rest.len().min(CHUNK));
        insert.send(chunk).await?;
    }
    insert.end().await
}

/// `name` as an identifier, for an `INSERT` with data takes no parameters.
fn quoted(name: &str) -> String {
    format!("`{}`", name.replace('\\', "\\\\").replace('`', "\\`"))
}
