//! One finding of `recap check`, and how a list of them is shown.

use crate::cli::Failure;
use serde::Serialize;
use std::fmt::Write;

/// How bad a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    Ok,
    Warning,
    Error,
}

impl Status {
    fn word(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

/// What was found in one matter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Line {
    /// The matter, in `snake_case`; scripts rely on it.
    pub check: &'static str,
    pub status: Status,
    pub message: String,
    /// What the reader can do.
    pub hint: Option<String>,
}

impl Line {
    /// All is well.
    pub fn ok(check: &'static str, message: impl Into<String>) -> Self {
        Self::new(check, Status::Ok, &message.into(), None)
    }

    /// Recap works, but not as well as it could.
    pub fn warning(check: &'static str, message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self::new(check, Status::Warning, &message.into(), Some(&hint.into()))
    }

    /// Recap cannot work like this.
    pub fn error(check: &'static str, message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self::new(check, Status::Error, &message.into(), Some(&hint.into()))
    }

    /// Tells a failure.
    pub fn failed(check: &'static str, failure: &Failure) -> Self {
        Self::new(check, Status::Error, &failure.reason(), failure.advice())
    }

    /// Could not be looked into, because of `reason`.
    pub fn skipped(check: &'static str, reason: &str) -> Self {
        Self::warning(check, format!("skipped: {reason}"), "mend that first, then run `recap check` again")
    }

    /// Much of a message is foreign, so no control character stays in it.
    fn new(check: &'static str, status: Status, message: &str, hint: Option<&str>) -> Self {
        let one_line = |text: &str| text.trim().replace(char::is_control, "\u{fffd}");
        Self { check, status, message: one_line(message), hint: hint.map(one_line) }
    }
}

/// The lines for people, a hint below what needs one.
pub fn text(lines: &[Line]) -> String {
    lines.iter().fold(String::new(), |mut out, line| {
        // Writing to a string does not fail.
        let _ = writeln!(out, "{:<7}  {}: {}", line.status.word(), line.check, line.message);
        if let Some(hint) = &line.hint {
            let _ = writeln!(out, "         hint: {hint}");
        }
        out
    })
}

/// Whether Recap can work: an error among the lines is a failure.
pub fn verdict(lines: &[Line]) -> Result<(), Failure> {
    let errors = lines.iter().filter(|line| line.status == Status::Error).count();
    match errors {
        0 => Ok(()),
        1 => Err(Failure::new("one check found an error")),
        _ => Err(Failure::new(format!("{errors} checks found errors"))),
    }
    .map_err(|failure: Failure| failure.hint("each error stands above with what mends it"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn warnings_are_allowed_and_errors_are_counted() {
        let mut lines = vec![Line::ok("a", "fine"), Line::warning("b", "old", "renew it")];
        assert!(verdict(&lines).is_ok());
        assert_eq!(text(&lines), "ok       a: fine\nwarning  b: old\n         hint: renew it\n");
        lines.push(Line::failed("c", &Failure::new("it broke").hint("mend it")));
        lines.push(Line::error("d", "so did this", "mend it too"));
        let told = verdict(&lines).unwrap_err().to_string();
        assert!(told.starts_with("error: 2 checks found errors\nhint: "), "{told}");
    }

    #[test]
    fn foreign_text_cannot_break_out_of_its_line() {
        let line = Line::ok("people", "eve\u{1b}[2J\nok  people: all well");
        assert_eq!(text(&[line]).lines().count(), 1);
    }
}
