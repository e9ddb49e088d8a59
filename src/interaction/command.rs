//! `/usage` and its words.

use super::{Command, Reply};
use crate::workspace::Workspace;

/// Answers the command: what the store knows at once, what the warehouse must be asked for through `response_url`.
pub(super) async fn answer(workspace: &Workspace, command: Command) -> Reply {
    let _ = (workspace, command);
    todo!()
}
