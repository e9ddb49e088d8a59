//! `recap serve`: the daemon.

use super::{Context, Failure};
use crate::daemon::serve;
use tokio_util::sync::CancellationToken;

/// Run the daemon until SIGTERM or Ctrl-C
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Answers `/healthz` on `http.listen` and `http.ops_listen`, `/readyz` and `/metrics` on the latter.
Plans what is due each minute and sends it once, to who agreed. Keeps the embedded ClickHouse running where the
settings want it. Begins before Slack, the store or ClickHouse answer, and waits for them; `/readyz` says for which.

Nobody gets anything before `digest.enabled` is true and they opted in; `recap simulate` shows when,
`recap explain EMAIL` why or why not.")]
pub struct Arguments {}

/// Serves until told to stop; fails if it cannot listen or the embedded engine does not start.
pub async fn run(_: Arguments, context: &Context) -> Result<(), Failure> {
    serve(&context.settings, std::env::current_exe()?, &context.clock, CancellationToken::new()).await.map_err(
        |error| {
            let hint = error.hint();
            let failure = Failure::from(error);
            match hint {
                Some(hint) => failure.hint(hint),
                None => failure,
            }
        },
    )
}
