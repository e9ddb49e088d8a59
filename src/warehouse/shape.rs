//! Which of the known shapes the telemetry has, by `system.columns` alone.

use super::{Connection, WarehouseError};
use serde::Deserialize;

/// How events are stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// The exporter's Map schema.
    Map,
    /// The exporter's JSON schema (`json: true`).
    Json,
    /// The Map schema with zeude's table of prompts beside it.
    Zeude,
}

/// Where events are, and how.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    pub shape: Shape,
    /// Quoted, with its database.
    pub logs: String,
    /// Quoted, with its database; where zeude's prompts are.
    pub prompts: Option<String>,
}

/// The tables that are looked for, in this order, where settings name none.
pub(super) const LOGS_TABLES: [&str; 2] = ["otel_logs", ZEUDE_LOGS_TABLE];
/// Where zeude keeps events; its prompts are beside them.
pub(super) const ZEUDE_LOGS_TABLE: &str = "claude_code_logs";
pub(super) const PROMPTS_TABLE: &str = "ai_prompts";
/// All that is ever read of a table of events.
pub(super) const LOGS_COLUMNS: [&str; 5] = ["Timestamp", "ServiceName", "Body", "ResourceAttributes", "LogAttributes"];
/// All that is ever read of zeude's prompts.
pub(super) const PROMPTS_COLUMNS: [&str; 7] =
    ["prompt_id", "session_id", "user_id", "user_email", "timestamp", "prompt_type", "invoked_name"];

#[derive(Debug, Deserialize, clickhouse::Row)]
struct Column {
    name: String,
    kind: String,
}

/// A table by its database and name.
#[derive(Debug, Clone)]
pub(super) struct Table {
    pub(super) database: String,
    pub(super) name: String,
}

impl Table {
    pub(super) fn of(text: &str, database: &str) -> Self {
        match text.split_once('.') {
            Some((database, name)) => Self { database: database.into(), name: name.into() },
            None => Self { database: database.into(), name: text.into() },
        }
    }

    /// Names come from settings, which hold identifiers to letters, digits and `_`.
    pub(super) fn quoted(&self) -> String {
        format!("`{}`.`{}`", self.database, self.name)
    }
}

/// Finds the table of events, named or by the first known name, and checks its columns.
pub(super) async fn detect(
    connection: &Connection,
    logs: Option<&str>,
    prompts: Option<&str>,
) -> Result<Source, WarehouseError> {
    let candidates: Vec<&str> = logs.map_or(LOGS_TABLES.to_vec(), |table| vec![table]);
    for candidate in &candidates {
        let table = Table::of(candidate, &connection.database);
        let columns = columns(connection, &table).await?;
        if !columns.is_empty() {
            return source(connection, &table, &columns, prompts).await;
        }
    }
    // Nothing is shown of a table that the account may not read.
    for candidate in &candidates {
        readable(connection, &Table::of(candidate, &connection.database), &[]).await?;
    }
    let table = Table::of(candidates[0], &connection.database);
    Err(WarehouseError::NoTable { database: table.database, table: table.name })
}

async fn source(
    connection: &Connection,
    table: &Table,
    columns: &[Column],
    prompts: Option<&str>,
) -> Result<Source, WarehouseError> {
    require(connection, table, columns, &LOGS_COLUMNS).await?;
    let kind = |name: &str| columns.iter().find(|column| column.name == name).map_or("", |column| column.kind.as_str());
    let json = kind("LogAttributes").starts_with("JSON");
    for attributes in ["LogAttributes", "ResourceAttributes"] {
        let expected = if json { "JSON" } else { "Map(" };
        if !kind(attributes).starts_with(expected) {
            let missing = format!(
                "column `{attributes}` is `{}`, not `Map(LowCardinality(String), String)` or `JSON`",
                kind(attributes)
            );
            return Err(wrong(table, columns, missing));
        }
    }
    if !kind("Timestamp").starts_with("DateTime64") {
        return Err(wrong(
            table,
            columns,
            format!("column `Timestamp` is `{}`, not `DateTime64(9)`", kind("Timestamp")),
        ));
    }
    let logs = table.quoted();
    if json {
        return Ok(Source { shape: Shape::Json, logs, prompts: None });
    }
    let prompts = prompts_beside(connection, table, prompts).await?;
    let shape = if prompts.is_some() { Shape::Zeude } else { Shape::Map };
    Ok(Source { shape, logs, prompts })
}

/// zeude's prompts, where settings name them or the events are in a table of zeude's name.
async fn prompts_beside(
    connection: &Connection,
    logs: &Table,
    named: Option<&str>,
) -> Result<Option<String>, WarehouseError> {
    let table = match named {
        Some(named) => Table::of(named, &connection.database),
        None if logs.name == ZEUDE_LOGS_TABLE => Table { database: logs.database.clone(), name: PROMPTS_TABLE.into() },
        None => return Ok(None),
    };
    let found = columns(connection, &table).await?;
    if found.is_empty() {
        if named.is_none() {
            return Ok(None);
        }
        readable(connection, &table, &[]).await?;
        return Err(WarehouseError::NoTable { database: table.database, table: table.name });
    }
    require(connection, &table, &found, &PROMPTS_COLUMNS).await?;
    Ok(Some(table.quoted()))
}

async fn columns(connection: &Connection, table: &Table) -> Result<Vec<Column>, WarehouseError> {
    let mut rows = connection
        .rows::<Column>(|client| {
            client
                .query_raw(include_str!("sql/columns.sql"))
                .param("database", &table.database)
                .param("table", &table.name)
        })
        .await?;
    let mut columns = Vec::new();
    while let Some(column) = rows.next().await? {
        columns.push(column);
    }
    Ok(columns)
}

/// Whether a table has what is read of it; columns that the account may not read are not shown, and not missing.
async fn require(
    connection: &Connection,
    table: &Table,
    columns: &[Column],
    required: &[&str],
) -> Result<(), WarehouseError> {
    let missing: Vec<String> = required
        .iter()
        .filter(|name| !columns.iter().any(|column| column.name == **name))
        .map(|name| format!("`{name}`"))
        .collect();
    if missing.is_empty() {
        return Ok(());
    }
    readable(connection, table, required).await?;
    Err(wrong(
        table,
        columns,
        match missing.as_slice() {
            [only] => format!("column {only} is missing"),
            several => format!("columns {} are missing", several.join(", ")),
        },
    ))
}

/// Fails where the account lacks the right to read `columns`, or any column where none is named; a table or column
/// that does not exist is no failure.
async fn readable(connection: &Connection, table: &Table, columns: &[&str]) -> Result<(), WarehouseError> {
    let columns: Vec<String> = columns.iter().map(|name| format!("any({name})")).collect();
    let sql =
        include_str!("sql/readable.sql").replace("COLUMNS", &columns.join(", ")).replace("TABLE_NAME", &table.quoted());
    match connection.only::<u8>(&sql).await {
        Ok(_) | Err(WarehouseError::Refused { .. } | WarehouseError::NoDatabase { .. }) => Ok(()),
        Err(error) => Err(error),
    }
}

fn wrong(table: &Table, columns: &[Column], missing: String) -> WarehouseError {
    const SHOWN: usize = 8;
    let mut names: Vec<String> = columns.iter().take(SHOWN).map(|column| format!("`{}`", column.name)).collect();
    if columns.len() > SHOWN {
        names.push(format!("and {} more columns", columns.len() - SHOWN));
    }
    let table = format!("{}.{}", table.database, table.name);
    WarehouseError::WrongShape { table, missing, found: names.join(", ") }
}
