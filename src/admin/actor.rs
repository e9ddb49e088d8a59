//! Who decides, and about what they may.

use super::AdminError;
use crate::{store::MemberRecord, workspace::Workspace};
use std::collections::BTreeSet;

/// Who acts; stands in the audit.
#[derive(Debug, Clone, PartialEq)]
pub enum Actor {
    /// Somebody in Slack.
    Member(MemberRecord),
    /// The holder of the admin token of this name, through the page or the API.
    Token(String),
}

impl Actor {
    /// As the audit names them: a member's id, or `token:<name>`.
    pub fn name(&self) -> String {
        match self {
            Self::Member(member) => member.id.0.clone(),
            Self::Token(name) => format!("token:{name}"),
        }
    }
}

/// What somebody may decide about.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Rights {
    /// About everything: an admin of the workspace, or on the list of `ops.admins` where there is one.
    pub admin: bool,
    /// About these teams' schedule, sections, pause and enabling.
    pub owns: BTreeSet<String>,
    /// On these teams by list or user group: they may see their summary.
    pub on: BTreeSet<String>,
}

impl Rights {
    pub fn may_edit(&self, team: &str) -> bool {
        self.admin || self.owns.contains(team)
    }

    pub fn may_see(&self, team: &str) -> bool {
        self.may_edit(team) || self.on.contains(team)
    }
}

/// What `actor` may do now. Whether a member is an admin is asked of Slack each time (`users.info`), unless settings list
/// the admins.
///
/// # Errors
/// When Slack or the store do not answer: then nobody is an admin.
pub async fn rights(workspace: &Workspace, actor: &Actor) -> Result<Rights, AdminError> {
    let _ = (workspace, actor);
    todo!()
}
