//! Buttons in messages: of digests, summaries, invitations, notices and answers.

use super::{Action, Reply};
use crate::workspace::Workspace;

/// How the action ids begin that are answered here.
pub(super) const PREFIXES: [&str; 5] = ["digest_", "weekly_", "resolve_", "usage_", "invite_"];

/// Acts, and updates the message.
pub(super) async fn act(workspace: &Workspace, action: Action) -> Reply {
    let _ = (workspace, action);
    todo!()
}
