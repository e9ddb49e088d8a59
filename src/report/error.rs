//! Why a report could not be made: everybody's trouble, or one message's.

use crate::{
    message::{Message, RenderError, Templates, lint},
    warehouse::WarehouseError,
};
use serde::Serialize;

/// A message that cannot be sent; of a cohort it fails one member and nobody else.
#[derive(Debug, thiserror::Error)]
pub enum MessageError {
    #[error(transparent)]
    Render(#[from] RenderError),
    #[error("the message breaks a limit of Slack: {0}")]
    Limit(String),
}

/// A report that could not be made.
#[derive(Debug, thiserror::Error)]
pub enum ReportError {
    #[error(transparent)]
    Warehouse(#[from] WarehouseError),
    #[error(transparent)]
    Message(#[from] MessageError),
}

impl MessageError {
    /// A word for the ledger.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Render(_) => "template_failed",
            Self::Limit(_) => "over_limit",
        }
    }
}

impl ReportError {
    /// What the reader can do.
    pub fn hint(&self) -> String {
        match self {
            Self::Warehouse(error) => error.hint(),
            Self::Message(_) => {
                "`recap template check DIR` shows where in the templates of `messages.templates_dir`".into()
            }
        }
    }
}

/// Template `name` over `context`, within Slack's limits.
pub(super) fn message(
    templates: &Templates,
    name: &'static str,
    context: &impl Serialize,
) -> Result<Message, MessageError> {
    linted(templates.render(name, context)?)
}

/// The message, if it is within Slack's limits.
pub(super) fn linted(message: Message) -> Result<Message, MessageError> {
    match lint::faults(&message).first() {
        Some(fault) => Err(MessageError::Limit(fault.to_string())),
        None => Ok(message),
    }
}
