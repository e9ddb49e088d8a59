//! The database behind a URL, and the store of one workspace in it.

use super::{
    StoreError,
    cells::{Cells, micros},
    fault::Fault,
    open::{self, Opened},
    outbox::Doubt,
    work::{Backend, Work},
};
use crate::model::WorkspaceId;
use chrono::{DateTime, Utc};
use secrecy::SecretString;
use sqlx::AssertSqlSafe;
use std::{
    fmt,
    fs::{File, TryLockError},
    sync::{Arc, Mutex, atomic::Ordering},
};

/// Where the state is.
#[derive(Debug, Clone)]
pub struct StoreOptions {
    /// `sqlite:PATH`, `sqlite::memory:` for tests, or `postgres://…`.
    pub url: SecretString,
    /// The PostgreSQL schema.
    pub schema: String,
}

/// A database whose tables are up to date.
#[derive(Clone)]
pub struct Database(Arc<Opened>);

/// The state of one workspace; cheap to clone.
#[derive(Debug, Clone)]
pub struct Store {
    database: Database,
    workspace: WorkspaceId,
    /// Claims of which nobody knows whether they were committed.
    pub(super) doubts: Arc<Mutex<Vec<Doubt>>>,
}

/// Held by the one daemon on a SQLite file for as long as it lives, and given back by the system when it dies.
#[derive(Debug)]
pub struct DaemonLock {
    _file: File,
}

impl fmt::Debug for Database {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Database").field("backend", &self.0.backend).finish_non_exhaustive()
    }
}

impl Database {
    /// Connects, creating file, schema and tables where they are missing, and migrates forward.
    pub async fn open(options: &StoreOptions) -> Result<Self, StoreError> {
        let database = Self(Arc::new(open::open(options).await?));
        database.migrate().await?;
        Ok(database)
    }

    /// Takes the daemon's place on a SQLite file; nothing to take on PostgreSQL (`None`).
    ///
    /// # Errors
    /// [`StoreError::InUse`] where another daemon has it.
    pub fn lock_for_daemon(&self) -> Result<Option<DaemonLock>, StoreError> {
        let Some(path) = &self.0.file else { return Ok(None) };
        let mut path = path.clone().into_os_string();
        path.push(".lock");
        let unusable = |_| StoreError::Unusable {
            what: "the lock file beside the store cannot be written".to_owned(),
            hint: "let Recap write to the folder of `store.url`".to_owned(),
        };
        let file = open::private_file(path.as_ref()).map_err(unusable)?;
        match file.try_lock() {
            Ok(()) => Ok(Some(DaemonLock { _file: file })),
            Err(TryLockError::WouldBlock) => Err(StoreError::InUse),
            Err(TryLockError::Error(error)) => Err(unusable(error)),
        }
    }

    /// The workspace that the store belongs to, if any yet.
    pub async fn workspace(&self) -> Result<Option<WorkspaceId>, StoreError> {
        self.read(|mut work| async move { owner(&mut work).await }).await
    }

    /// The store of `workspace`; the first one that comes owns the store.
    ///
    /// # Errors
    /// [`StoreError::OtherWorkspace`] where it belongs to another.
    pub async fn of_workspace(&self, workspace: &WorkspaceId, now: DateTime<Utc>) -> Result<Store, StoreError> {
        const OWN: &str = "INSERT INTO workspaces (workspace_id, created) VALUES ($1, $2)";
        let taken = |mut work: Work| async move {
            work.one_at_a_time(&self.0.schema, "workspace").await?;
            let owner = owner(&mut work).await?;
            if owner.is_none() {
                work.run(sqlx::query(OWN).bind(&workspace.0).bind(micros(now))).await?;
            }
            work.done(owner).await
        };
        match self.write(taken).await? {
            Some(stored) if stored != *workspace => {
                Err(StoreError::OtherWorkspace { stored: stored.0, given: workspace.0.clone() })
            }
            _ => Ok(Store { database: self.clone(), workspace: workspace.clone(), doubts: Arc::default() }),
        }
    }

    /// Whether several daemons may work on it.
    pub fn is_shared(&self) -> bool {
        self.0.backend == Backend::Postgres
    }

    /// Asks it something, for readiness.
    pub async fn ping(&self) -> Result<(), StoreError> {
        self.workspace().await.map(drop)
    }

    /// How many statements were asked so far, the beginnings and ends of transactions left out.
    pub fn statements(&self) -> u64 {
        self.0.statements.load(Ordering::Relaxed)
    }

    pub async fn close(&self) {
        self.0.reader.close().await;
        self.0.writer.close().await;
    }

    #[cfg(test)]
    pub(super) fn writer(&self) -> &sqlx::AnyPool {
        &self.0.writer
    }

    pub(super) fn schema(&self) -> &str {
        &self.0.schema
    }

    /// The one place where a transaction begins that may write.
    pub(super) async fn begin_write(&self) -> Result<Work, Fault> {
        let transaction = self.0.writer.begin_with(AssertSqlSafe(self.0.begin_write.clone())).await?;
        Ok(Work::new(transaction, self.0.backend, Arc::clone(&self.0.statements)))
    }

    /// The same for one that only reads.
    pub(super) async fn begin_read(&self) -> Result<Work, Fault> {
        let transaction = self.0.reader.begin_with(AssertSqlSafe(self.0.begin_read.clone())).await?;
        Ok(Work::new(transaction, self.0.backend, Arc::clone(&self.0.statements)))
    }
}

async fn owner(work: &mut Work) -> Result<Option<WorkspaceId>, Fault> {
    const OWNER: &str = "SELECT workspace_id FROM workspaces ORDER BY created, workspace_id LIMIT 1";
    let row = work.row(sqlx::query(OWNER)).await?;
    Ok(row.map(|row| row.text("workspace_id")).transpose()?.map(WorkspaceId))
}

impl Store {
    pub fn database(&self) -> &Database {
        &self.database
    }

    pub fn workspace_id(&self) -> &WorkspaceId {
        &self.workspace
    }

    pub(super) fn workspace(&self) -> &str {
        &self.workspace.0
    }
}
