//! Yes and no: each is a line of the record, with who, when, by which surface, and which words.

use super::{Numbers, PersonalError};
use crate::{model::MemberEmail, store::MemberRecord, workspace::Workspace};
use chrono::{DateTime, Utc};
use chrono_tz::Tz;

/// Where somebody said it; stands in the record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Surface {
    Command,
    Button,
    Home,
    Modal,
    Page,
    Api,
}

/// What follows from a yes.
#[derive(Debug, Clone, PartialEq)]
pub struct OptedIn {
    /// They had agreed before; nothing was recorded.
    pub already: bool,
    /// When the next digest comes, and in which zone they read it; none while personal digests are not enabled.
    pub next: Option<(DateTime<Utc>, Tz)>,
    /// Why none comes, where that is so: a reason as the planner writes it.
    pub held_by: Option<String>,
    pub named: bool,
    pub found: Found,
}

/// What was found of the member in the last 30 days.
#[derive(Debug, Clone, PartialEq)]
pub enum Found {
    /// The digest of the latest window.
    Usage(Box<Numbers>),
    /// Nothing under this address; whom to ask stands beside it.
    Nothing { looked_for: MemberEmail, ask: Vec<MemberEmail> },
    /// The warehouse does not answer now; the consent stands.
    Unknown,
}

/// Records that they want their daily digest, and looks for their usage.
///
/// # Errors
/// When the consent could not be recorded.
pub async fn opt_in(workspace: &Workspace, member: &MemberRecord, surface: Surface) -> Result<OptedIn, PersonalError> {
    let _ = (workspace, member, surface);
    todo!()
}

/// Records that they want no digest, nor to be named. What is planned and not sent yet is not sent any more.
/// False where that held before.
///
/// # Errors
/// When it could not be recorded.
pub async fn opt_out(workspace: &Workspace, member: &MemberRecord, surface: Surface) -> Result<bool, PersonalError> {
    let _ = (workspace, member, surface);
    todo!()
}

/// Records whether they are named in team summaries. False where that held before.
///
/// # Errors
/// When it could not be recorded.
pub async fn name_me(
    workspace: &Workspace,
    member: &MemberRecord,
    named: bool,
    surface: Surface,
) -> Result<bool, PersonalError> {
    let _ = (workspace, member, named, surface);
    todo!()
}

/// Deletes what Recap keeps of them, leaving the fact and a suppression.
///
/// # Errors
/// When the store does not answer.
pub async fn delete_data(workspace: &Workspace, member: &MemberRecord) -> Result<(), PersonalError> {
    let _ = (workspace, member);
    todo!()
}
