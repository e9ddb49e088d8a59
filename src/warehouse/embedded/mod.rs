//! The embedded ClickHouse: the real engine in a child process, for tests, the demo and small installations.
//!
//! [`spawn_host`] makes the child (`recap clickhouse`): it loads the engine's library and serves ClickHouse's own HTTP
//! interface on the loopback. [`Engine`] is the parent's side: it starts the child, waits until it answers,
//! restarts it when it dies and stops it. A crash of the engine never takes the daemon.

mod access;
mod address;
mod ask;
mod child;
mod error;
mod host;
mod library;
mod lock;
mod reach;
mod supervisor;

use std::path::PathBuf;

pub use access::Access;
pub use error::EngineError;
pub use host::{HostOptions, Users, spawn as spawn_host};
pub use reach::{Reached, reach};
pub use supervisor::Engine;

/// How [`Engine::start`] runs its child.
#[derive(Debug, Clone)]
pub struct EngineOptions {
    /// Where `make engine` unpacked the engine.
    pub engine_dir: PathBuf,
    /// Where tables live; made if missing, readable by its owner only.
    pub data_dir: PathBuf,
    /// The `recap` binary, whose `clickhouse` command is the child.
    pub executable: PathBuf,
    /// ClickHouse's `users_config`, in place of an account of Recap's own; `default` must be in it, without a
    /// password, as [`Engine`] asks with it whether the child is ready.
    pub users_config: Option<PathBuf>,
    /// Whether the engine keeps `system.query_log`.
    pub query_log: bool,
}

impl EngineOptions {
    /// Options for tables in `data_dir`, with an account of Recap's own.
    pub fn new(engine_dir: impl Into<PathBuf>, data_dir: impl Into<PathBuf>, executable: impl Into<PathBuf>) -> Self {
        Self {
            engine_dir: engine_dir.into(),
            data_dir: data_dir.into(),
            executable: executable.into(),
            users_config: None,
            query_log: false,
        }
    }
}
