//! Small values by key: whether sending is halted, the tzdb release, when the directory was read.

use super::{Store, StoreError, cells::Cells};

impl Store {
    pub async fn value(&self, key: &str) -> Result<Option<String>, StoreError> {
        const VALUE: &str = "SELECT value FROM key_values WHERE workspace_id = $1 AND key = $2";
        let row = self.read(|mut work| async move { work.row(self.sql(VALUE).bind(key)).await }).await?;
        row.map(|row| row.text("value")).transpose()
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
