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
const LOGS_TABLES: [&str; 2] = ["otel_logs", "claude_code_logs"];
const PROMPTS_TABLE: &str = "ai_prompts";
const LOGS_COLUMNS: [&str; 5] = ["Timestamp", "ServiceName", "Body", "ResourceAttributes", "LogAttributes"];
const PROMPTS_COLUMNS: [&str; 7] =
    ["prompt_id", "session_id", "user_id", "user_email", "timestamp", "prompt_type", "invoked_name"];

#[derive(Debug, Deserialize, clickhouse::Row)]
struct Column {
    name: String,
    kind: String,
}

/// A table by its database and name.
#[derive(Debug, Clone)]
struct Table {
    database: String,
    name: String,
}

impl Table {
    fn of(text: &str, database: &str) -> Self {
        match text.split_once('.') {
            Some((database, name)) => Self { database: database.into(), name: name.into() },
            None => Self { database: database.into(), name: text.into() },
        }
    }

    /// Names come from settings, which hold identifiers to letters, digits and `_`.
    fn quoted(&self) -> String {
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
    let table = Table::of(candidates[0], &connection.database);
    Err(WarehouseError::NoTable { database: table.database, table: table.name })
}

async fn source(
    connection: &Connection,
    table: &Table,
    columns: &[Column],
    prompts: Option<&str>,
) -> Result<Source, WarehouseError> {
    require(table, columns, &LOGS_COLUMNS)?;
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
        None if logs.name == "claude_code_logs" => {
            Table { database: logs.database.clone(), name: PROMPTS_TABLE.into() }
        }
        None => return Ok(None),
    };
    let found = columns(connection, &table).await?;
    if found.is_empty() {
        return match named {
            Some(_) => Err(WarehouseError::NoTable { database: table.database, table: table.name }),
            None => Ok(None),
        };
    }
    require(&table, &found, &PROMPTS_COLUMNS)?;
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

fn require(table: &Table, columns: &[Column], required: &[&str]) -> Result<(), WarehouseError> {
    let missing: Vec<String> = required
        .iter()
        .filter(|name| !columns.iter().any(|column| column.name == **name))
        .map(|name| format!("`{name}`"))
        .collect();
    match missing.len() {
        0 => Ok(()),
        1 => Err(wrong(table, columns, format!("column {} is missing", missing[0]))),
        _ => Err(wrong(table, columns, format!("columns {} are missing", missing.join(", ")))),
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
