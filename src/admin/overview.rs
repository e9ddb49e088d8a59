//! How things stand: what is enabled, what is due next, what was sent and why not.

use super::{Actor, AdminError};
use crate::{
    model::DeliveryId,
    planner::TeamWeekly,
    store::{AttemptRecord, DeliveryRecord},
    workspace::Workspace,
};
use chrono::{DateTime, Utc};

/// Personal digests of the whole workspace.
#[derive(Debug, Clone, PartialEq)]
pub struct WorkspaceOverview {
    pub enabled: bool,
    /// As it stands: `09:00`, `mon-fri`, the default zone, names of sections.
    pub time: String,
    pub days: String,
    pub zone: String,
    pub sections: Vec<String>,
    /// Opted in, and not paused or held.
    pub subscribed: u64,
    /// When the next digest of anybody is due.
    pub next: Option<DateTime<Utc>>,
    pub halted: bool,
    /// Slack's code, where the token is refused.
    pub stopped: Option<String>,
    pub version: i64,
}

/// One team.
#[derive(Debug, Clone)]
pub struct TeamOverview {
    pub name: String,
    pub weekly: TeamWeekly,
    /// Foreign text; none where nobody looked yet.
    pub channel_name: Option<String>,
    /// As far as a list or user group says.
    pub members: Option<usize>,
    pub next: Vec<DateTime<Utc>>,
    /// The latest summary's delivery.
    pub last: Option<DeliveryRecord>,
    /// The settings file has it, so it cannot be removed.
    pub in_file: bool,
    /// Whether `actor` was shown its preview, and so may enable it.
    pub previewed: bool,
    pub version: i64,
}

/// Somebody in the telemetry who matched nobody in Slack.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unmatched {
    /// Foreign text: an address, or what else the telemetry has.
    pub who: String,
    pub sessions: u64,
}

/// # Errors
/// When the store does not answer.
pub async fn overview(workspace: &Workspace) -> Result<WorkspaceOverview, AdminError> {
    let _ = workspace;
    todo!()
}

/// The teams that `actor` may edit, by name.
///
/// # Errors
/// When store or Slack do not answer.
pub async fn team_overview(workspace: &Workspace, actor: &Actor) -> Result<Vec<TeamOverview>, AdminError> {
    let _ = (workspace, actor);
    todo!()
}

/// Whose usage of the last 30 days matched nobody; for admins, at most 20 and how many there are in all.
///
/// # Errors
/// When the warehouse does not answer.
pub async fn unmatched(workspace: &Workspace) -> Result<(Vec<Unmatched>, u64), AdminError> {
    let _ = workspace;
    todo!()
}

/// The ledger, latest first: at most `limit` that come after `before` in that order, of one report or recipient if given.
///
/// # Errors
/// When the store does not answer.
pub async fn deliveries(
    workspace: &Workspace,
    report: Option<&str>,
    recipient: Option<&str>,
    before: Option<&DeliveryId>,
    limit: u32,
) -> Result<Vec<DeliveryRecord>, AdminError> {
    let _ = (workspace, report, recipient, before, limit);
    todo!()
}

/// One delivery with its attempts.
///
/// # Errors
/// When the store does not answer.
pub async fn delivery(
    workspace: &Workspace,
    id: &DeliveryId,
) -> Result<Option<(DeliveryRecord, Vec<AttemptRecord>)>, AdminError> {
    let _ = (workspace, id);
    todo!()
}
