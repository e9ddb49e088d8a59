//! `recap serve`: the daemon.

use super::{Context, Failure};
use crate::daemon::serve;

/// There is nothing to choose.
#[derive(Debug, clap::Args)]
pub struct Arguments {}

/// Serves until told to stop; fails if it cannot listen or the embedded engine does not start.
pub async fn run(_: Arguments, context: &Context) -> Result<(), Failure> {
    serve(&context.settings, std::env::current_exe()?).await.map_err(|error| {
        let hint = error.hint();
        let failure = Failure::from(error);
        match hint {
            Some(hint) => failure.hint(hint),
            None => failure,
        }
    })
}
