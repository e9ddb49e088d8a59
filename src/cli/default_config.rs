//! `recap default-config`

use super::{Failure, answer};
use crate::config::DEFAULTS;

/// There is nothing to choose.
#[derive(Debug, clap::Args)]
pub struct Arguments {}

/// Prints the embedded defaults.
#[expect(clippy::unused_async, reason = "all commands are awaited alike")]
pub async fn run(_: Arguments) -> Result<(), Failure> {
    answer(DEFAULTS)
}
