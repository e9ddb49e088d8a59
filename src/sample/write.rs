//! Writes made-up usage to ClickHouse: one thread makes blocks while another sends them.

use super::{
    error::Error,
    logs_block::LogsBlock,
    prepare::{Target, empty, examine},
    prompts_block::PromptsBlock,
    shape::{PROMPTS, Plan, Shape, Table, Tables},
    usage::Usage,
};
use bytes::Bytes;
use clickhouse::{Client, insert_formatted::InsertFormatted};
use tokio::sync::mpsc;

/// Rows of a block. The server joins blocks to parts of a million rows itself.
const BLOCK_ROWS: usize = 32_768;
/// Blocks made ahead while the server is busy.
const BLOCKS_AHEAD: usize = 3;
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

/// A block on its way to the server.
enum Made {
    Logs { bytes: Vec<u8>, rows: u64 },
    Prompts { bytes: Vec<u8>, rows: u64 },
}

/// Writes `usage` to `tables`, which are created where missing; `progress` hears the rows written so far.
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
    let logs = examine(client, &tables.logs, shape.logs()).await?;
    let prompts = match shape {
        Shape::Zeude => Some(examine(client, &tables.prompts, PROMPTS).await?),
        _ => None,
    };
    for target in std::iter::once(&logs).chain(&prompts) {
        empty(client, target).await?;
    }
    let client = settings(client);
    let replaced = logs.replaces || prompts.as_ref().is_some_and(|target| target.replaces);
    let mut written = Written { rows: 0, prompts: 0, replaced };
    let (sender, mut made) = mpsc::channel(BLOCKS_AHEAD);
    let maker = tokio::task::spawn_blocking(move || make(usage, shape, &sender));
    let mut insert = insert_into(&client, &logs.table, shape.logs());
    while let Some(block) = made.recv().await {
        match block {
            Made::Logs { bytes, rows } => {
                send(&mut insert, bytes)
                    .await
                    .map_err(|source| Error::from_engine("fill", &logs.table.name, source))?;
                written.rows += rows;
                progress(written.rows);
            }
            Made::Prompts { bytes, rows } => {
                send_prompts(&client, prompts.as_ref(), bytes).await?;
                written.prompts += rows;
            }
        }
    }
    maker.await.map_err(|_| Error::Interrupted)?;
    insert.end().await.map_err(|source| Error::from_engine("fill", &logs.table.name, source))?;
    Ok(written)
}

/// Each row counts once it is answered for, and a block may reach over more days than a server allows by default.
fn settings(client: &Client) -> Client {
    client.clone().with_setting("async_insert", "0").with_setting("max_partitions_per_insert_block", "0")
}

async fn send_prompts(client: &Client, target: Option<&Target>, bytes: Vec<u8>) -> Result<(), Error> {
    let Some(target) = target else { return Ok(()) };
    let failed = |source| Error::from_engine("fill", &target.table.name, source);
    let mut insert = insert_into(client, &target.table, PROMPTS);
    send(&mut insert, bytes).await.map_err(failed)?;
    insert.end().await.map_err(failed)
}

fn insert_into(client: &Client, table: &Table, plan: Plan) -> InsertFormatted {
    let columns: Vec<_> = plan.columns.iter().map(|(name, _)| *name).collect();
    let (database, table) = (quoted(&table.database), quoted(&table.name));
    client.insert_formatted_with(format!("INSERT INTO {database}.{table} ({}) FORMAT Native", columns.join(", ")))
}

/// `name` as an identifier, for an `INSERT` with data takes no parameters.
fn quoted(name: &str) -> String {
    format!("`{}`", name.replace('\\', "\\\\").replace('`', "\\`"))
}

async fn send(insert: &mut InsertFormatted, bytes: Vec<u8>) -> Result<(), clickhouse::error::Error> {
    let mut rest = Bytes::from(bytes);
    while !rest.is_empty() {
        let chunk = rest.split_to(rest.len().min(CHUNK));
        insert.send(chunk).await?;
    }
    Ok(())
}

/// Turns usage into blocks until there is no more, or nobody takes them.
fn make(usage: Usage, shape: Shape, sender: &mpsc::Sender<Made>) {
    let mut logs = LogsBlock::new(shape);
    let mut prompts = PromptsBlock::default();
    for event in usage {
        logs.push(&event);
        if shape == Shape::Zeude {
            prompts.push(&event);
        }
        let sent = (logs.rows() < BLOCK_ROWS || hand_over_logs(&mut logs, sender))
            && (prompts.rows() < BLOCK_ROWS || hand_over_prompts(&mut prompts, sender));
        if !sent {
            return;
        }
    }
    if (logs.rows() == 0 || hand_over_logs(&mut logs, sender)) && prompts.rows() > 0 {
        hand_over_prompts(&mut prompts, sender);
    }
}

fn hand_over_logs(block: &mut LogsBlock, sender: &mpsc::Sender<Made>) -> bool {
    let rows = block.rows() as u64;
    sender.blocking_send(Made::Logs { bytes: block.take(), rows }).is_ok()
}

fn hand_over_prompts(block: &mut PromptsBlock, sender: &mpsc::Sender<Made>) -> bool {
    let rows = block.rows() as u64;
    sender.blocking_send(Made::Prompts { bytes: block.take(), rows }).is_ok()
}
