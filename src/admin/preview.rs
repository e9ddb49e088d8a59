//! What the next one will look like, through the real path; that it was shown to somebody is remembered, for nothing can be
//! enabled unseen.

use super::{Actor, AdminError, Report, Scope};
use crate::{message::Message, workspace::Workspace};
use chrono::{DateTime, Utc};
use chrono_tz::Tz;

/// What is previewed.
#[derive(Debug, Clone, PartialEq)]
pub enum Subject {
    /// A personal digest: of the workspace's personal digests the actor's own numbers (a token has none, and sees sample
    /// numbers), of somebody else sample numbers.
    Daily {
        member: Option<String>,
    },
    Weekly {
        team: String,
    },
}

#[derive(Debug, Clone, PartialEq)]
pub struct Preview {
    pub message: Message,
    /// The next five times.
    pub next: Vec<DateTime<Utc>>,
    /// The zone of who would read it.
    pub zone: Tz,
    /// The numbers are made up.
    pub sample: bool,
    /// What else the person should know, as sentences: a channel that Recap is not in, a team without members.
    pub notes: Vec<String>,
}

/// Makes the preview, and remembers that `actor` was shown it.
///
/// # Errors
/// When `actor` may not see it, or something does not answer.
pub async fn preview(workspace: &Workspace, actor: &Actor, subject: &Subject) -> Result<Preview, AdminError> {
    let _ = (workspace, actor, subject);
    todo!()
}

/// Whether `actor` may enable it now: they were shown its preview.
///
/// # Errors
/// When the store does not answer.
pub async fn was_previewed(
    workspace: &Workspace,
    actor: &Actor,
    report: Report,
    scope: &Scope,
) -> Result<bool, AdminError> {
    let _ = (workspace, actor, report, scope);
    todo!()
}
