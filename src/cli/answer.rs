//! What a command answers, on stdout.

use super::Failure;
use anyhow::Context as _;
use std::io::{self, BufWriter, ErrorKind, Write};

/// Writes `text` to stdout as it is. A reader that went away, as `head` does, is no failure.
///
/// # Errors
/// When stdout cannot be written for another reason, a full disk for example.
pub fn answer(text: &str) -> Result<(), Failure> {
    answered(io::stdout().lock().write_all(text.as_bytes()).and_then(|()| io::stdout().flush()))
}

/// As `answer`, each of `lines` on one of its own, written as they come.
pub fn answer_lines(lines: impl IntoIterator<Item = String>) -> Result<(), Failure> {
    let mut stdout = BufWriter::new(io::stdout().lock());
    let written = lines.into_iter().try_for_each(|line| writeln!(stdout, "{line}"));
    answered(written.and_then(|()| stdout.flush()))
}

fn answered(written: io::Result<()>) -> Result<(), Failure> {
    match written {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(error).context("cannot write the answer")?,
        _ => Ok(()),
    }
}
