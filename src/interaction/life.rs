//! The life of the workspace: tokens, channels, people.

use super::EventEnvelope;
use crate::workspace::Workspace;

/// Does what follows from an event; it may be told of twice.
pub(super) async fn happened(workspace: &Workspace, event: EventEnvelope) {
    let _ = (workspace, event);
    todo!()
}
