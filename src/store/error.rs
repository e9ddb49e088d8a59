//! What can go wrong with the store.

/// Why the store did not do what it was asked for.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// It cannot be reached or is busy, full or read-only just now: try again later. `what` never holds an address,
    /// a password or a row.
    #[error("the store is unavailable: {what}")]
    Unavailable { what: String },
    /// A newer Recap has written it.
    #[error("the store has version {found}, this Recap knows versions up to {known}")]
    Newer { found: i64, known: i64 },
    /// The bot token is for another workspace than the store's.
    #[error("the store belongs to workspace `{stored}`, the bot token to `{given}`")]
    OtherWorkspace { stored: String, given: String },
    /// Another daemon runs on this SQLite file.
    #[error("another Recap daemon runs on this store")]
    InUse,
    /// Nothing that can be retried: a wrong address, a refused password, a pooler that cannot serve.
    #[error("{what}")]
    Unusable { what: String, hint: String },
    /// A row that cannot be read.
    #[error("the store holds something unreadable: {what}")]
    Corrupt { what: String },
}

impl StoreError {
    /// What the reader can do.
    pub fn hint(&self) -> String {
        let hint = match self {
            Self::Unavailable { .. } => "look at the database of `store.url` and its disk, and try again",
            Self::Newer { .. } => "run the Recap that wrote it, or a later one",
            Self::OtherWorkspace { .. } => "use the token of that workspace, or another store in `store.url`",
            Self::InUse => "stop the other one, or use PostgreSQL, which serves several",
            Self::Unusable { hint, .. } => hint,
            Self::Corrupt { .. } => "somebody else may have written to it: restore a copy",
        };
        hint.to_owned()
    }

    /// Whether the same call may succeed later.
    pub fn is_transient(&self) -> bool {
        matches!(self, Self::Unavailable { .. })
    }
}
