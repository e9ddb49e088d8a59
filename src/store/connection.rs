//! The database behind a URL, and the store of one workspace in it.

use super::StoreError;
use crate::model::WorkspaceId;
use chrono::{DateTime, Utc};
use secrecy::SecretString;

/// Where the state is.
#[derive(Debug, Clone)]
pub struct StoreOptions {
    /// `sqlite:PATH`, `sqlite::memory:` for tests, or `postgres://…`.
    pub url: SecretString,
    /// The PostgreSQL schema.
    pub schema: String,
}

/// A database whose tables are up to date.
#[derive(Debug, Clone)]
pub struct Database {}

/// The state of one workspace; cheap to clone.
#[derive(Debug, Clone)]
pub struct Store {}

/// Held by the one daemon on a SQLite file for as long as it lives, and given back by the system when it dies.
#[derive(Debug)]
pub struct DaemonLock {}

impl Database {
    /// Connects, creating file, schema and tables where they are missing, and migrates forward.
    pub async fn open(options: &StoreOptions) -> Result<Self, StoreError> {
        todo!()
    }

    /// Takes the daemon's place on a SQLite file; nothing to take on PostgreSQL (`None`).
    ///
    /// # Errors
    /// [`StoreError::InUse`] where another daemon has it.
    pub fn lock_for_daemon(&self) -> Result<Option<DaemonLock>, StoreError> {
        todo!()
    }

    /// The workspace that the store belongs to, if any yet.
    pub async fn workspace(&self) -> Result<Option<WorkspaceId>, StoreError> {
        todo!()
    }

    /// The store of `workspace`; the first one that comes owns the store.
    ///
    /// # Errors
    /// [`StoreError::OtherWorkspace`] where it belongs to another.
    pub async fn of_workspace(&self, workspace: &WorkspaceId, now: DateTime<Utc>) -> Result<Store, StoreError> {
        todo!()
    }

    /// Whether several daemons may work on it.
    pub fn is_shared(&self) -> bool {
        todo!()
    }

    /// Asks it something, for readiness.
    pub async fn ping(&self) -> Result<(), StoreError> {
        todo!()
    }

    pub async fn close(&self) {
        todo!()
    }
}

impl Store {
    pub fn database(&self) -> &Database {
        todo!()
    }

    pub fn workspace_id(&self) -> &WorkspaceId {
        todo!()
    }
}
