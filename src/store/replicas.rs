//! Which daemons work on this store. Each shows that it is alive by counting up; the others watch the count by their
//! own clocks, so the clocks need not agree.

use super::{Store, StoreError, cells::Cells};

impl Store {
    /// Joins, or counts one up.
    pub async fn beat(&self, replica: &str) -> Result<(), StoreError> {
        const BEAT: &str = "INSERT INTO replicas (workspace_id, replica, beats) VALUES ($1, $2, 1)
            ON CONFLICT (workspace_id, replica) DO UPDATE SET beats = replicas.beats + 1";
        self.write(|mut work| async move {
            work.run(self.sql(BEAT).bind(replica)).await?;
            work.done(()).await
        })
        .await
    }

    /// Every replica and its count.
    pub async fn beats(&self) -> Result<Vec<(String, i64)>, StoreError> {
        const BEATS: &str = "SELECT replica, beats FROM replicas WHERE workspace_id = $1 ORDER BY replica";
        let rows = self.read(|mut work| async move { work.rows(self.sql(BEATS)).await }).await?;
        rows.iter().map(|row| Ok((row.text("replica")?, row.number("beats")?))).collect()
    }

    /// Takes replicas off the list.
    pub async fn dismiss(&self, replicas: &[String]) -> Result<(), StoreError> {
        const DISMISS: &str = "DELETE FROM replicas WHERE workspace_id = $1 AND replica = $2";
        self.write(|mut work| async move {
            for replica in replicas {
                work.run(self.sql(DISMISS).bind(replica)).await?;
            }
            work.done(()).await
        })
        .await
    }

    /// Everybody who holds a claim, on the list or not.
    pub async fn holders(&self) -> Result<Vec<String>, StoreError> {
        const HOLDERS: &str = "SELECT DISTINCT holder FROM deliveries
            WHERE workspace_id = $1 AND holder IS NOT NULL ORDER BY holder";
        let rows = self.read(|mut work| async move { work.rows(self.sql(HOLDERS)).await }).await?;
        rows.iter().map(|row| row.text("holder")).collect()
    }
}
