//! Modals: preferences, "My week", and what admins and owners decide.

use super::{Action, Reply, Submission, Suggestion};
use crate::{store::MemberRecord, workspace::Workspace};

/// How the action ids begin that are answered here.
pub(super) const PREFIXES: [&str; 3] = ["preferences_", "week_", "admin_"];

/// A click or choice in a modal, or a button that opens one.
pub(super) async fn act(workspace: &Workspace, action: Action) -> Reply {
    let _ = (workspace, action);
    todo!()
}

/// A modal was sent off.
pub(super) async fn submit(workspace: &Workspace, submission: Submission) -> Reply {
    let _ = (workspace, submission);
    todo!()
}

/// Options for what was typed.
pub(super) async fn suggest(workspace: &Workspace, suggestion: Suggestion) -> Reply {
    let _ = (workspace, suggestion);
    todo!()
}

/// Opens the preferences; false where the trigger had expired.
pub(super) async fn open_preferences(workspace: &Workspace, member: &MemberRecord, trigger: &str) -> bool {
    let _ = (workspace, member, trigger);
    todo!()
}

/// Opens "My week": at once with a word that it is being counted, then with the numbers; false where the trigger had
/// expired.
pub(super) async fn open_week(workspace: &Workspace, member: &MemberRecord, trigger: &str) -> bool {
    let _ = (workspace, member, trigger);
    todo!()
}
