//! Small values by key: whether sending is halted, the tzdb release, when the directory was read.

use super::{Store, StoreError, cells::Cells};
use sqlx::any::AnyRow;
use std::collections::BTreeMap;

impl Store {
    pub async fn value(&self, key: &str) -> Result<Option<String>, StoreError> {
        const VALUE: &str = "SELECT value FROM key_values WHERE workspace_id = $1 AND key = $2";
        let row = self.read(|mut work| async move { work.row(self.sql(VALUE).bind(key)).await }).await?;
        row.map(|row| row.text("value")).transpose()
    }

    /// All whose keys begin with `prefix`, by the rest of the key.
    pub async fn values_under(&self, prefix: &str) -> Result<BTreeMap<String, String>, StoreError> {
        const UNDER: &str = "SELECT key, value FROM key_values
            WHERE workspace_id = $1 AND SUBSTR(key, 1, LENGTH(CAST($2 AS TEXT))) = $2";
        let sql = || self.sql(UNDER).bind(prefix);
        let read = |row: &AnyRow| {
            let key = row.text("key")?;
            Ok((key.strip_prefix(prefix).unwrap_or(&key).to_owned(), row.text("value")?))
        };
        Ok(self.read(|mut work| async move { work.each(sql(), read).await }).await?.into_iter().collect())
    }

    /// Sets each of these pairs of key and value whose key is not set.
    pub async fn set_missing(&self, values: &[(String, String)]) -> Result<(), StoreError> {
        const NEW: (&str, usize, &str) =
            ("INSERT INTO key_values (workspace_id, key, value) VALUES", 3, " ON CONFLICT DO NOTHING");
        // Always in the same order: so two writers cannot wait for each other.
        let mut ordered: Vec<_> = values.iter().collect();
        ordered.sort();
        let ordered = &ordered;
        self.write(|mut work| async move {
            work.run_for(NEW, ordered, |sql, (key, value)| sql.bind(self.workspace().to_owned()).bind(key).bind(value))
                .await?;
            work.done(()).await
        })
        .await
    }

    pub async fn set_value(&self, key: &str, value: Option<&str>) -> Result<(), StoreError> {
        const SET: &str = "INSERT INTO key_values (workspace_id, key, value) VALUES ($1, $2, $3)
            ON CONFLICT (workspace_id, key) DO UPDATE SET value = excluded.value";
        const UNSET: &str = "DELETE FROM key_values WHERE workspace_id = $1 AND key = $2";
        self.write(|mut work| async move {
            match value {
                Some(value) => work.run(self.sql(SET).bind(key).bind(value)).await?,
                None => work.run(self.sql(UNSET).bind(key)).await?,
            };
            work.done(()).await
        })
        .await
    }

    /// Sets it only where it stands at `from` (`None`: not set); says whether it did. Of several replicas one wins.
    pub async fn swap_value(&self, key: &str, from: Option<&str>, to: Option<&str>) -> Result<bool, StoreError> {
        const NEW: &str =
            "INSERT INTO key_values (workspace_id, key, value) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING";
        const CHANGED: &str = "UPDATE key_values SET value = $3 WHERE workspace_id = $1 AND key = $2 AND value = $4";
        const GONE: &str = "DELETE FROM key_values WHERE workspace_id = $1 AND key = $2 AND value = $3";
        if (from, to) == (None, None) {
            return Ok(self.value(key).await?.is_none());
        }
        self.write(|mut work| async move {
            let swapped = match (from, to) {
                (None, None) => 0,
                (None, Some(to)) => work.run(self.sql(NEW).bind(key).bind(to)).await?,
                (Some(from), Some(to)) => work.run(self.sql(CHANGED).bind(key).bind(to).bind(from)).await?,
                (Some(from), None) => work.run(self.sql(GONE).bind(key).bind(from)).await?,
            };
            work.done(swapped == 1).await
        })
        .await
    }
}

/// Set while sending is halted: who halted it.
pub const HALTED: &str = "halted";
/// Set while the workspace's token is refused: Slack's code.
pub const STOPPED: &str = "stopped";
