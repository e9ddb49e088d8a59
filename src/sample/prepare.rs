//! Makes the tables ready: created where missing, emptied where they hold only made-up rows.

use super::{
    error::Error,
    shape::{Plan, Table},
};
use clickhouse::Client;

/// One table, ready to be written.
#[derive(Debug)]
pub(super) struct Target {
    pub table: Table,
    /// Whether rows of an earlier sample stand in it, to be replaced.
    pub replaces: bool,
}

/// Creates `table` if it is missing and examines it; changes nothing in a table that exists.
pub(super) async fn examine(client: &Client, table: &Table, plan: Plan) -> Result<Target, Error> {
    let failed = |action| move |source| Error::from_engine(action, &table.name, source);
    let columns = columns(client, table).await.map_err(failed("look at"))?;
    if columns.is_empty() {
        client
            .query("CREATE DATABASE IF NOT EXISTS {database:Identifier}")
            .param("database", &table.database)
            .execute()
            .await
            .map_err(failed("create the database for"))?;
        statement(client, plan.create, table).execute().await.map_err(failed("create"))?;
        return Ok(Target { table: table.clone(), replaces: false });
    }
    let missing = missing(plan, &columns);
    if !missing.is_empty() {
        return Err(Error::WrongShape { table: table.name.clone(), missing });
    }
    let foreign: u64 = statement(client, plan.foreign, table).fetch_one().await.map_err(failed("look at"))?;
    if foreign > 0 {
        return Err(Error::Foreign { table: table.name.clone() });
    }
    let rows = "SELECT count() FROM {database:Identifier}.{table:Identifier}";
    let rows: u64 = statement(client, rows, table).fetch_one().await.map_err(failed("look at"))?;
    Ok(Target { table: table.clone(), replaces: rows > 0 })
}

/// Removes the rows of an earlier sample.
pub(super) async fn empty(client: &Client, target: &Target) -> Result<(), Error> {
    if target.replaces {
        let truncate = "TRUNCATE TABLE {database:Identifier}.{table:Identifier}";
        let emptied = statement(client, truncate, &target.table).execute().await;
        emptied.map_err(|source| Error::from_engine("empty", &target.table.name, source))?;
    }
    Ok(())
}

fn statement(client: &Client, sql: &str, table: &Table) -> clickhouse::query::Query {
    client.query(sql).param("database", &table.database).param("table", &table.name)
}

async fn columns(client: &Client, table: &Table) -> Result<Vec<(String, String)>, clickhouse::error::Error> {
    statement(client, include_str!("sql/columns.sql"), table).fetch_all().await
}

/// The planned columns that are not there or hold another kind of value.
fn missing(plan: Plan, columns: &[(String, String)]) -> Vec<String> {
    let family = |kind: &str| kind.split('(').next().unwrap_or_default().to_owned();
    plan.columns
        .iter()
        .filter(|(name, kind)| {
            let found = columns.iter().find(|(column, _)| column == name);
            // A name in a dictionary or in plain text is the same to an insert.
            found.is_none_or(|(_, found)| family(kind) != family(found) && !kind.contains("LowCardinality(String)"))
        })
        .map(|(name, kind)| format!("`{name} {kind}`"))
        .collect()
}
