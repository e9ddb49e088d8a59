//! The audit: who changed what, kept for ever.

use super::{
    Store, StoreError,
    cells::{Cells, clean, micros},
    fault::Fault,
    work::Work,
};
use chrono::{DateTime, Utc};
use sqlx::any::AnyRow;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditEntry {
    pub at: DateTime<Utc>,
    /// A member's id, a token's name, `cli` or `recap` itself.
    pub actor: String,
    /// `consent.opt_in`, `sending.halt`, `subscription.off`, …
    pub action: String,
    /// What it was done to.
    pub subject: String,
    pub detail: String,
}

impl Store {
    pub async fn audit(&self, entry: &AuditEntry) -> Result<(), StoreError> {
        self.write(|mut work| async move {
            self.note(&mut work, entry).await?;
            work.done(()).await
        })
        .await
    }

    /// Writes an entry in a transaction that does something: as its last step, for entries are written one by one.
    pub(super) async fn note(&self, work: &mut Work, entry: &AuditEntry) -> Result<(), Fault> {
        const NOTE: &str = "INSERT INTO audit (workspace_id, number, at, actor, action, subject, detail)
            SELECT $1, COALESCE(MAX(number), 0) + 1, $2, $3, $4, $5, $6 FROM audit WHERE workspace_id = $1";
        work.one_at_a_time(self.database().schema(), "audit").await?;
        let sql = self.sql(NOTE).bind(micros(entry.at)).bind(clean(&entry.actor)).bind(&entry.action);
        work.run(sql.bind(clean(&entry.subject)).bind(clean(&entry.detail))).await?;
        Ok(())
    }

    /// The latest entries, newest first; about `subject` where it is given.
    pub async fn audited(&self, subject: Option<&str>, limit: u32) -> Result<Vec<AuditEntry>, StoreError> {
        const LATEST: &str = "SELECT at, actor, action, subject, detail FROM audit
            WHERE workspace_id = $1 ORDER BY number DESC LIMIT $2";
        const ABOUT: &str = "SELECT at, actor, action, subject, detail FROM audit
            WHERE workspace_id = $1 AND subject = $3 ORDER BY number DESC LIMIT $2";
        let limit = i64::from(limit);
        let read = |mut work: Work| async move {
            match subject {
                Some(subject) => work.rows(self.sql(ABOUT).bind(limit).bind(subject)).await,
                None => work.rows(self.sql(LATEST).bind(limit)).await,
            }
        };
        let entry = |row: &AnyRow| {
            let (at, actor, action) = (row.instant("at")?, row.text("actor")?, row.text("action")?);
            Ok(AuditEntry { at, actor, action, subject: row.text("subject")?, detail: row.text("detail")? })
        };
        self.read(read).await?.iter().map(entry).collect()
    }
}
