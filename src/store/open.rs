//! Opens a SQLite file or a PostgreSQL database by its URL.

use super::{StoreError, StoreOptions, fault::Fault, work::Backend};
use secrecy::ExposeSecret;
use sqlx::{
    AnyConnection, AnyPool, ConnectOptions, Connection, Executor,
    any::{AnyConnectOptions, AnyPoolOptions},
};
use std::{
    fs::{self, File, OpenOptions},
    io,
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
    str::FromStr,
    sync::{Arc, atomic::AtomicU64},
    time::Duration,
};

/// How long a transaction waits for a connection.
const ACQUIRE: Duration = Duration::from_secs(5);
/// `sending` must be on the disk before a request goes out: hence `FULL`.
const SETTINGS: &str = "PRAGMA busy_timeout = 5000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
    PRAGMA foreign_keys = ON";
/// Kilobytes, for deliveries are written in the order of random ids; a reader does with less.
const WRITER_CACHE: &str = "PRAGMA cache_size = -16000";
const READER_CACHE: &str = "PRAGMA cache_size = -2000";
const READERS: u32 = 4;
const SHARED: u32 = 8;

/// An open database.
pub(super) struct Opened {
    pub(super) backend: Backend,
    /// SQLite has one writer, so those of one process queue for a connection and not for the file.
    pub(super) writer: AnyPool,
    pub(super) reader: AnyPool,
    pub(super) begin_write: String,
    pub(super) begin_read: String,
    pub(super) schema: String,
    /// Of SQLite, unless it is in memory.
    pub(super) file: Option<PathBuf>,
    pub(super) statements: Arc<AtomicU64>,
}

pub(super) async fn open(options: &StoreOptions) -> Result<Opened, StoreError> {
    sqlx::any::install_default_drivers();
    let url = options.url.expose_secret();
    match url.strip_prefix("sqlite:") {
        Some(":memory:") => in_memory().await,
        Some(path) => in_file(path.strip_prefix("//").unwrap_or(path)).await,
        None => on_server(url, &options.schema).await,
    }
    .map_err(|fault| fault.error)
}

fn quiet(url: &str) -> Result<AnyConnectOptions, Fault> {
    // Statements are logged by none but the code that knows what they are for.
    let options = AnyConnectOptions::from_str(url)?;
    Ok(options.disable_statement_logging())
}

fn pool(connections: u32) -> AnyPoolOptions {
    AnyPoolOptions::new().max_connections(connections).acquire_timeout(ACQUIRE)
}

fn sqlite_pool(connections: u32, cache: &'static str) -> AnyPoolOptions {
    let pool = pool(connections).test_before_acquire(false).idle_timeout(None).max_lifetime(None);
    let pool = pool.after_connect(move |connection, _| {
        Box::pin(async move {
            connection.execute(sqlx::raw_sql(SETTINGS)).await?;
            connection.execute(sqlx::raw_sql(cache)).await.map(drop)
        })
    });
    // On a full disk SQLite rolls back by itself, and sqlx's own rollback then fails: it would think for ever that it is
    // inside of a transaction. The ping waits for that rollback.
    pool.after_release(|connection, _| {
        Box::pin(async move {
            connection.ping().await?;
            Ok(!connection.is_in_transaction())
        })
    })
}

async fn in_memory() -> Result<Opened, Fault> {
    let only = sqlite_pool(1, WRITER_CACHE).min_connections(1).connect_with(quiet("sqlite::memory:")?).await?;
    Ok(Opened::sqlite(only.clone(), only, None))
}

async fn in_file(path: &str) -> Result<Opened, Fault> {
    if path.is_empty() || path.contains('?') {
        let what = "`store.url` holds no plain path of a SQLite file".to_owned();
        return Err(
            StoreError::Unusable { what, hint: "write it as `sqlite:PATH`, without parameters".to_owned() }.into()
        );
    }
    let path = prepared(Path::new(path)).map_err(|error| StoreError::Unusable {
        what: format!("the store's file cannot be opened: {}", error.kind()),
        hint: "look at the path in `store.url` and at the rights of its folder".to_owned(),
    })?;
    let unusual = |()| StoreError::Unusable {
        what: "the store's path cannot be written as a URL".to_owned(),
        hint: "use another path in `store.url`".to_owned(),
    };
    let url = url::Url::from_file_path(&path).map_err(unusual)?;
    let options = quiet(&format!("sqlite://{}?mode=rw", url.path()))?;
    let mut probe = connected(&options).await?;
    probe.execute(sqlx::raw_sql(SETTINGS)).await?;
    probe.close().await?;
    let writer = sqlite_pool(1, WRITER_CACHE).connect_lazy_with(options.clone());
    let reader = sqlite_pool(READERS, READER_CACHE).connect_lazy_with(options);
    Ok(Opened::sqlite(writer, reader, Some(path)))
}

/// Makes folder and file, and answers the path without links.
fn prepared(path: &Path) -> io::Result<PathBuf> {
    let path = std::path::absolute(path)?;
    let (Some(folder), Some(_)) = (path.parent(), path.file_name()) else {
        return Err(io::ErrorKind::InvalidInput.into());
    };
    fs::create_dir_all(folder)?;
    private_file(&path)?;
    path.canonicalize()
}

/// Opens a file for its owner alone, made where it is missing.
pub(super) fn private_file(path: &Path) -> io::Result<File> {
    OpenOptions::new().read(true).write(true).create(true).truncate(false).mode(0o600).open(path)
}

async fn on_server(url: &str, schema: &str) -> Result<Opened, Fault> {
    let options = quiet(url)?;
    connected(&options).await?.close().await?;
    let pool = pool(SHARED).connect_lazy_with(options);
    let path = format!("SET LOCAL search_path TO {}", quoted(schema));
    Ok(Opened {
        backend: Backend::Postgres,
        writer: pool.clone(),
        reader: pool,
        begin_write: format!("BEGIN; {path}"),
        begin_read: format!("BEGIN READ ONLY; {path}"),
        schema: schema.to_owned(),
        file: None,
        statements: Arc::default(),
    })
}

/// One connection before the pool, which would hide why it cannot connect, and go on trying.
async fn connected(options: &AnyConnectOptions) -> Result<AnyConnection, Fault> {
    let late = |_| StoreError::Unavailable { what: "it did not answer in time".to_owned() };
    Ok(tokio::time::timeout(ACQUIRE, AnyConnection::connect_with(options)).await.map_err(late)??)
}

/// A name as PostgreSQL takes it.
pub(super) fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

impl Opened {
    fn sqlite(writer: AnyPool, reader: AnyPool, file: Option<PathBuf>) -> Self {
        let begin_read = "BEGIN DEFERRED".to_owned();
        let begin_write = "BEGIN IMMEDIATE".to_owned();
        let (schema, statements) = (String::new(), Arc::default());
        Self { backend: Backend::Sqlite, writer, reader, begin_write, begin_read, schema, file, statements }
    }
}
