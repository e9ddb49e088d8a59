//! What a command says when it fails: one sentence, and a hint on a line of its own.

use crate::config::Faults;
use std::{fmt, process::ExitCode};

/// A failed command: a clause without a full stop, and what the reader can do about it.
#[derive(Debug)]
pub struct Failure {
    error: anyhow::Error,
    hint: Option<String>,
    usage: bool,
}

impl Failure {
    /// A failure that says `message`.
    pub fn new(message: impl fmt::Display + fmt::Debug + Send + Sync + 'static) -> Self {
        Self { error: anyhow::Error::msg(message), hint: None, usage: false }
    }

    /// Wrong usage that shows only once all arguments are read.
    pub fn usage(message: impl fmt::Display + fmt::Debug + Send + Sync + 'static) -> Self {
        Self { usage: true, ..Self::new(message) }
    }

    /// A failure that tells `error`, its causes, and what the reader can do.
    pub fn of(error: impl std::error::Error + Send + Sync + 'static, hint: impl Into<String>) -> Self {
        Self { error: error.into(), hint: Some(hint.into()), usage: false }
    }

    /// Adds what the reader can do.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// The same as wrong usage.
    #[must_use]
    pub fn as_usage(mut self) -> Self {
        self.usage = true;
        self
    }

    /// The faults of the settings, where they are what went wrong.
    pub fn faults(&self) -> Option<&Faults> {
        self.error.downcast_ref()
    }

    /// What the process ends with: 2 for wrong usage, else 1.
    pub fn exit_code(&self) -> ExitCode {
        if self.usage { ExitCode::from(2) } else { ExitCode::FAILURE }
    }

    /// What went wrong, with its causes.
    pub fn reason(&self) -> String {
        format!("{:#}", self.error)
    }

    /// What the reader can do, where that is known.
    pub fn advice(&self) -> Option<&str> {
        self.hint.as_deref()
    }
}

impl<E: Into<anyhow::Error>> From<E> for Failure {
    fn from(error: E) -> Self {
        Self { error: error.into(), hint: None, usage: false }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "error: {:#}", self.error)?;
        match &self.hint {
            Some(hint) => write!(formatter, "\nhint: {hint}"),
            None => Ok(()),
        }
    }
}
