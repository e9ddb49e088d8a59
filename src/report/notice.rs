//! Notices and run reports as messages.

use super::error::{MessageError, message};
use crate::{
    digest::{Notice, RunReport},
    message::{Message, Templates},
};

/// A notice, ready to post.
///
/// # Errors
/// When its template fails or a limit of Slack is broken.
pub fn notice(templates: &Templates, notice: &Notice) -> Result<Message, MessageError> {
    message(templates, "notice", notice)
}

/// A run report, ready to post.
///
/// # Errors
/// When its template fails or a limit of Slack is broken.
pub fn run_report(templates: &Templates, report: &RunReport) -> Result<Message, MessageError> {
    message(templates, "run_report", report)
}
