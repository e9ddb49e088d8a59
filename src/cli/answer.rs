//! What a command answers, on stdout.

use super::Failure;
use anyhow::Context as _;
use std::io::{self, ErrorKind, Write};

/// Writes `text` to stdout as it is. A reader that went away, as `head` does, is no failure.
///
/// # Errors
/// When stdout cannot be written for another reason, a full disk for example.
pub fn answer(text: &str) -> Result<(), Failure> {
    let mut stdout = io::stdout().lock();
    match stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(error).context("cannot write the answer")?,
        _ => Ok(()),
    }
}
