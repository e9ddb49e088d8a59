//! Changes what is configured, in the store's `zeude_report_configs`.

use super::{Actor, AdminError, Change};
use crate::workspace::Workspace;
use chrono::{DateTime, Utc};

/// What holds after a change.
#[derive(Debug, Clone, PartialEq)]
pub struct Configured {
    pub enabled: bool,
    pub next: Vec<DateTime<Utc>>,
    pub version: i64,
    /// What else the person should know, as sentences.
    pub notes: Vec<String>,
}

/// Makes the change, or none of it: checks who asks, all fields, the channel in Slack, the preview and the consent; writes,
/// audits, and brings subscriptions in step.
///
/// # Errors
/// When it is refused, or something does not answer.
pub async fn configure(workspace: &Workspace, actor: &Actor, change: &Change) -> Result<Configured, AdminError> {
    let _ = (workspace, actor, change);
    todo!()
}

/// Removes a team that was made in Slack, on the page or through the API.
///
/// # Errors
/// When the settings file has it, or `actor` is no admin.
pub async fn remove_team(workspace: &Workspace, actor: &Actor, team: &str) -> Result<(), AdminError> {
    let _ = (workspace, actor, team);
    todo!()
}
