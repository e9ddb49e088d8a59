//! `recap serve`: the daemon.

use super::{Context, Failure};
use crate::daemon::serve;

/// Run the daemon until SIGTERM or Ctrl-C
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Answers `/healthz` on `http.listen` and `http.ops_listen`, `/readyz` and `/metrics` on the latter.
Keeps the embedded ClickHouse running where the settings want it.
This version keeps no schedule and sends nothing by itself: `recap send` sends now.")]
pub struct Arguments {}

/// Serves until told to stop; fails if it cannot listen or the embedded engine does not start.
pub async fn run(_: Arguments, context: &Context) -> Result<(), Failure> {
    serve(&context.settings, std::env::current_exe()?, &context.clock).await.map_err(|error| {
        let hint = error.hint();
        let failure = Failure::from(error);
        match hint {
            Some(hint) => failure.hint(hint),
            None => failure,
        }
    })
}
