//! Who decides, and about what they may.

use super::AdminError;
use crate::{
    planner::TeamRules,
    slack::Status,
    store::{MemberRecord, MemberStatus},
    workspace::Workspace,
};
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
    let Actor::Member(member) = actor else { return Ok(Rights { admin: true, ..Rights::default() }) };
    let listed = &workspace.settings.ops.admins;
    let (email, admin) = if listed.is_empty() {
        let Some(told) = workspace.client.user(&member.id).await? else { return Ok(Rights::default()) };
        if told.status != Status::Active {
            return Ok(Rights::default());
        }
        (told.email, told.admin)
    } else {
        let known = workspace.store.member(&member.id).await?;
        let known = known.filter(|known| known.status == MemberStatus::Active);
        let Some(known) = known else { return Ok(Rights::default()) };
        let admin = known.email.as_ref().is_some_and(|email| listed.contains(email));
        (known.email, admin)
    };
    let Some(email) = email else { return Ok(Rights { admin, ..Rights::default() }) };
    let rules = workspace.rules().await?;
    let teams = |is: &dyn Fn(&TeamRules) -> bool| {
        let teams = rules.teams.iter().filter(|(_, team)| is(team));
        teams.map(|(name, _)| name.clone()).collect()
    };
    Ok(Rights {
        admin,
        owns: teams(&|team| team.weekly.owners.contains(&email)),
        on: teams(&|team| team.members.contains(&email)),
    })
}

/// As [`rights`], for what only admins may do.
pub(super) async fn admins_only(workspace: &Workspace, actor: &Actor, what: &str) -> Result<(), AdminError> {
    if rights(workspace, actor).await?.admin {
        return Ok(());
    }
    Err(AdminError::NotAllowed(format!("only an admin of this workspace may {what}")))
}
