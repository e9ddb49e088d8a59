//! `recap clickhouse`: hosts the embedded engine in this process.

use std::{io::Write, path::PathBuf};

use tokio::sync::oneshot;

use super::Failure;
use crate::warehouse::embedded::{HostOptions, Users, spawn_host};

/// Host the embedded ClickHouse on a loopback port
#[derive(Debug, clap::Args)]
#[command(after_help = "\
With `clickhouse.url = \"embedded\"` other commands do this by themselves.
By hand it is for looking into the data, as the user `recap`, whose password is new at each start and stands in the
file `engine.password` of the data directory.

Example:
  recap clickhouse --path data/clickhouse --port 8123
  curl -u \"recap:$(cat data/clickhouse/engine.password)\" localhost:8123 -d 'SHOW TABLES'")]
pub struct Arguments {
    /// Directory of the tables, made if missing
    #[arg(long, value_name = "DIR")]
    path: PathBuf,
    /// Port of the HTTP interface on 127.0.0.1
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    port: u16,
    /// Where `make engine` unpacked the engine
    #[arg(long, value_name = "DIR", default_value = ".engine")]
    engine_dir: PathBuf,
    /// ClickHouse `users_config` file, in place of the user `recap`; it needs a `default` without a password
    #[arg(long, value_name = "FILE")]
    users_config: Option<PathBuf>,
    /// Take the password of the user `recap` from the first line of standard input
    #[arg(long, conflicts_with = "users_config")]
    password_stdin: bool,
    /// Keep `system.query_log`
    #[arg(long)]
    query_log: bool,
    /// End when standard input does, so that no orphan outlives its parent
    #[arg(long)]
    exit_with_parent: bool,
}

/// Blocks until the engine ends, which is always a failure, or until the process is ended.
pub async fn run(arguments: Arguments) -> Result<(), Failure> {
    let users = match (arguments.users_config, arguments.password_stdin) {
        (Some(file), _) => Users::File(file),
        (None, true) => Users::PasswordFromInput,
        (None, false) => {
            let file = arguments.path.join("engine.password");
            // That nobody reads it is no failure.
            let _ = writeln!(std::io::stderr(), "the user is `recap`, with the password in `{}`", file.display());
            Users::NewPassword
        }
    };
    let options = HostOptions {
        data_dir: arguments.path,
        port: arguments.port,
        engine_dir: arguments.engine_dir,
        users,
        query_log: arguments.query_log,
        exit_with_parent: arguments.exit_with_parent,
    };
    let (ended, end) = oneshot::channel();
    let thread = spawn_host(options, move |outcome| {
        // Nobody listens any more only if the process is already on its way out.
        let _ = ended.send(outcome);
    })?;
    let outcome = match end.await {
        Ok(outcome) => outcome,
        Err(_) if thread.join().is_err() => return Err(Failure::new("the thread of the engine panicked")),
        Err(_) => Ok(()),
    };
    outcome.map_err(|error| {
        let hint = error.hint().to_owned();
        Failure::from(error).hint(hint)
    })
}
