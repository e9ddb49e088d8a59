//! Why the embedded engine does not run, and what mends it.

use std::io;
use std::path::PathBuf;
use std::process::ExitStatus;
use std::time::Duration;

const MAKE_ENGINE: &str = "run `make engine`, or set `clickhouse.url` to a ClickHouse server";

/// What keeps the embedded engine from running.
#[derive(Debug, thiserror::Error)]
pub enum EngineError {
    /// The library was never fetched.
    #[error("the embedded ClickHouse is not installed: there is no `{}`", path.display())]
    Missing {
        /// The file looked for.
        path: PathBuf,
    },
    /// The library is there and cannot be used.
    #[error("the embedded ClickHouse is damaged: cannot load `{}`", path.display())]
    Damaged {
        /// The file tried.
        path: PathBuf,
        /// What the loader says.
        source: libloading::Error,
    },
    /// Another process holds the data directory.
    #[error("the data directory `{}` is in use by another Recap", path.display())]
    InUse {
        /// The directory.
        path: PathBuf,
    },
    /// The data directory cannot be made or written.
    #[error("cannot use the data directory `{}`", path.display())]
    DataDirectory {
        /// The directory.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// The users file cannot be used.
    #[error("cannot use the users file `{}`", path.display())]
    UsersConfig {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// There is no password for the account.
    #[error("there is no password for the embedded ClickHouse")]
    Password(#[source] io::Error),
    /// A path that cannot be handed to a C function.
    #[error("the path `{}` holds a NUL byte", path.display())]
    Path {
        /// The path.
        path: PathBuf,
    },
    /// The child could not be made.
    #[error("cannot start `{}`", executable.display())]
    Spawn {
        /// The binary that was to be the child.
        executable: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// No loopback port, or no HTTP client to ask it with.
    #[error("cannot use the loopback interface")]
    Loopback(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The child ended and said why.
    #[error("{reason}")]
    Refused {
        /// The child's own sentence.
        reason: String,
        /// The child's own hint.
        hint: Option<String>,
    },
    /// The child ended without a word of its own.
    #[error("the embedded ClickHouse `{}` ended at once ({status}){}", path.display(), said(tail))]
    Died {
        /// The engine's library.
        path: PathBuf,
        /// How it ended.
        status: ExitStatus,
        /// The last lines that it wrote.
        tail: String,
    },
    /// The engine's own refusal.
    #[error("the embedded ClickHouse ended{}", said(reason))]
    Ended {
        /// What the engine says.
        reason: String,
    },
    /// The child lives and does not answer.
    #[error("the embedded ClickHouse did not answer within {} s", after.as_secs())]
    Silent {
        /// How long it was waited for.
        after: Duration,
    },
}

fn said(what: &str) -> String {
    if what.is_empty() { String::new() } else { format!(": {what}") }
}

impl EngineError {
    /// What the reader can do about it.
    pub fn hint(&self) -> &str {
        match self {
            Self::Missing { .. } | Self::Damaged { .. } | Self::Died { .. } | Self::Silent { .. } => MAKE_ENGINE,
            Self::Refused { hint, .. } => hint.as_deref().unwrap_or(MAKE_ENGINE),
            Self::InUse { .. } => "stop the other one, or set `clickhouse.data_dir` to another directory",
            Self::DataDirectory { .. } | Self::Path { .. } => "set `clickhouse.data_dir` to a directory you may write",
            Self::UsersConfig { .. } => "name a readable file with `--users-config`",
            Self::Spawn { .. } => "start the installed `recap` binary itself",
            Self::Password(_) => "check that `/dev/urandom` can be read, or put the password on standard input",
            Self::Loopback(_) => "check that processes may listen on 127.0.0.1",
            Self::Ended { .. } => "choose another `--port`, or move the data directory away if it is damaged",
        }
    }
}
