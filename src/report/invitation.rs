//! The invitation to a channel.

use super::error::{MessageError, message};
use crate::message::{Message, Templates};
use serde::Serialize;

#[derive(Serialize)]
struct Context<'a> {
    command: &'a str,
    cost: bool,
}

/// The invitation, ready to post; `command` is the slash command's own name, and `cost` whether digests show costs.
///
/// # Errors
/// When its template fails or a limit of Slack is broken.
pub fn invitation(templates: &Templates, command: &str, cost: bool) -> Result<Message, MessageError> {
    message(templates, "invitation", &Context { command, cost })
}
