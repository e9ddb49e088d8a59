//! The audit: who changed what, kept for ever.

use super::{Store, StoreError};
use chrono::{DateTime, Utc};

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
        todo!()
    }

    /// The latest entries, newest first; about `subject` where it is given.
    pub async fn audited(&self, subject: Option<&str>, limit: u32) -> Result<Vec<AuditEntry>, StoreError> {
        todo!()
    }
}
