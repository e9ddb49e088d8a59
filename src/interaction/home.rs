//! App Home: today's and this week's numbers, the next digest, toggles, and (for admins and owners) teams.

use super::{Action, Reply};
use crate::{model::MemberId, workspace::Workspace};

/// How the action ids begin that are answered here.
pub(super) const PREFIX: &str = "home_";

/// A click in App Home.
pub(super) async fn act(workspace: &Workspace, action: Action) -> Reply {
    let _ = (workspace, action);
    todo!()
}

/// Publishes somebody's App Home as things stand now; `hash` is the one that they look at. Errors are logged.
pub(super) async fn publish(workspace: &Workspace, member: &MemberId, hash: Option<&str>) {
    let _ = (workspace, member, hash);
    todo!()
}
