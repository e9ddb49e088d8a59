//! The shapes of table that usage can be written in.

use super::event::Event;
use std::fmt;

/// A shape that installations have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Shape {
    /// The exporter's Map schema up to v0.150.
    Map,
    /// The exporter's Map schema from v0.151 on.
    MapWithoutTime,
    /// The exporter's JSON schema.
    Json,
    /// zeude's two tables.
    Zeude,
}

/// A table and the database that it is in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    pub database: String,
    pub name: String,
}

impl Table {
    /// The table that `name` names, `table` or `database.table`.
    pub fn named(name: &str, database: &str) -> Self {
        let (database, name) = name.split_once('.').unwrap_or((database, name));
        Self { database: database.to_owned(), name: name.to_owned() }
    }
}

/// The tables to write.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tables {
    pub logs: Table,
    /// Used in the zeude shape only.
    pub prompts: Table,
}

impl Tables {
    /// In `database` under the names from settings, else those that `shape` goes by.
    pub fn of(shape: Shape, database: &str, logs: Option<&str>, prompts: Option<&str>) -> Self {
        let usual = if shape == Shape::Zeude { "claude_code_logs" } else { "otel_logs" };
        Self {
            logs: Table::named(logs.unwrap_or(usual), database),
            prompts: Table::named(prompts.unwrap_or("ai_prompts"), database),
        }
    }
}

/// What a table of some kind needs, and how it is made and examined.
#[derive(Debug, Clone, Copy)]
pub(super) struct Plan {
    /// Creates the table.
    pub create: &'static str,
    /// Tells whether it holds rows of others.
    pub foreign: &'static str,
    /// Columns to write, with their types.
    pub columns: &'static [(&'static str, &'static str)],
}

const MAP: &str = "Map(LowCardinality(String), String)";

static MAP_COLUMNS: [(&str, &str); 5] = [
    ("Timestamp", "DateTime64(9)"),
    ("ServiceName", "LowCardinality(String)"),
    ("Body", "String"),
    ("ResourceAttributes", MAP),
    ("LogAttributes", MAP),
];

static JSON_COLUMNS: [(&str, &str); 7] = [
    ("Timestamp", "DateTime64(9)"),
    ("ServiceName", "LowCardinality(String)"),
    ("Body", "String"),
    ("ResourceAttributes", "JSON"),
    ("ResourceAttributesKeys", "Array(LowCardinality(String))"),
    ("LogAttributes", "JSON"),
    ("LogAttributesKeys", "Array(LowCardinality(String))"),
];

pub(super) static PROMPT_COLUMNS: [(&str, &str); 12] = [
    ("prompt_id", "UUID"),
    ("session_id", "String"),
    ("user_id", "String"),
    ("user_email", "LowCardinality(String)"),
    ("team", "LowCardinality(String)"),
    ("timestamp", "DateTime64(3)"),
    ("prompt_text", "String"),
    ("prompt_length", "UInt32"),
    ("prompt_type", "LowCardinality(String)"),
    ("invoked_name", "String"),
    ("project_path", "String"),
    ("working_directory", "String"),
];

pub(super) static PROMPTS: Plan = Plan {
    create: include_str!("sql/ai_prompts.sql"),
    foreign: include_str!("sql/foreign_prompts.sql"),
    columns: &PROMPT_COLUMNS,
};

impl Shape {
    /// What a part is sorted by beside the instant: rows that arrive so need no sorting by the server.
    pub(super) fn leading(self, event: &Event) -> (i64, &'static str) {
        let service = event.session.agent.service();
        match self {
            Self::Map | Self::Zeude => (0, service),
            Self::MapWithoutTime | Self::Json => (event.at.timestamp().div_euclid(300), service),
        }
    }

    /// How the log table of this shape is made and examined.
    pub(super) fn logs(self) -> Plan {
        let foreign = include_str!("sql/foreign_map.sql");
        let map = |create| Plan { create, foreign, columns: &MAP_COLUMNS };
        match self {
            Self::Map => map(include_str!("sql/otel_logs_map.sql")),
            Self::MapWithoutTime => map(include_str!("sql/otel_logs_map_v0151.sql")),
            Self::Zeude => map(include_str!("sql/claude_code_logs.sql")),
            Self::Json => Plan {
                create: include_str!("sql/otel_logs_json.sql"),
                foreign: include_str!("sql/foreign_json.sql"),
                columns: &JSON_COLUMNS,
            },
        }
    }
}

impl fmt::Display for Shape {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Map | Self::MapWithoutTime => "map",
            Self::Json => "json",
            Self::Zeude => "zeude",
        })
    }
}
