//! Sends one now, without consuming the scheduled one.

use super::{Actor, AdminError, Subject};
use crate::{model::DeliveryId, workspace::Workspace};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Triggered {
    pub delivery: DeliveryId,
    /// The key was used before for the same: nothing more is sent.
    pub again: bool,
}

/// Plans a delivery that goes out at once; with `key`, one at most.
///
/// # Errors
/// When it may not be sent: no consent, no channel, sending is halted; or something does not answer.
pub async fn trigger(
    workspace: &Workspace,
    actor: &Actor,
    subject: &Subject,
    key: Option<&str>,
) -> Result<Triggered, AdminError> {
    let _ = (workspace, actor, subject, key);
    todo!()
}
