//! `recap default-config`

use super::{Failure, answer};
use crate::config::DEFAULTS;

/// Print every setting with its default and what it means
#[derive(Debug, clap::Args)]
pub struct Arguments {}

/// Prints the embedded defaults.
#[expect(clippy::unused_async, reason = "all commands are awaited alike")]
pub async fn run(_: Arguments) -> Result<(), Failure> {
    answer(DEFAULTS)
}
