//! Who the token is and what it may do.

use super::{Client, SlackError};
use crate::model::WorkspaceId;
use serde::Deserialize;
use std::collections::BTreeSet;

/// The bot scopes without which no digest can be sent, or none whose answer was lost be found again.
pub const NEEDED_SCOPES: [&str; 5] = ["chat:write", "im:write", "im:history", "users:read", "users:read.email"];

/// The bot scopes with which Recap looks at the channels and user groups of teams.
pub const TEAM_SCOPES: [&str; 3] = ["usergroups:read", "channels:read", "groups:read"];

/// Every bot scope that Recap ever asks for; the app manifest names exactly these.
pub const EVERY_SCOPE: [&str; 10] = [
    "chat:write",
    "commands",
    "im:write",
    "im:history",
    "users:read",
    "users:read.email",
    "usergroups:read",
    "team:read",
    "channels:read",
    "groups:read",
];

/// What `auth.test` says about the token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    pub team_id: WorkspaceId,
    /// The organisation, in an Enterprise Grid.
    pub enterprise_id: Option<String>,
    /// The workspace's name; its id where Slack names none.
    pub team: String,
    pub user_id: String,
    /// Absent for a token that is not a bot's.
    pub bot_id: Option<String>,
    pub url: Option<String>,
    /// The token's scopes; `None` where the answer did not carry the header that lists them.
    pub scopes: Option<BTreeSet<String>>,
}

/// What `recap check` reports about Slack.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Access {
    /// `None` where what answers has no `auth.test`, as a stand-in for Slack may not.
    pub identity: Option<Identity>,
    /// Those of [`NEEDED_SCOPES`] that the token lacks; empty where Slack did not list its scopes.
    pub missing: Vec<&'static str>,
    /// Those of [`TEAM_SCOPES`] that it lacks, likewise.
    pub missing_for_teams: Vec<&'static str>,
}

/// The workspace that `identity` names. What answers without saying who it is, as a stand-in may, is the one that was
/// `known` before, or has no name of its own.
pub fn workspace_of(identity: Option<&Identity>, known: Option<WorkspaceId>) -> WorkspaceId {
    let named = identity.map(|identity| identity.team_id.clone());
    named.or(known).unwrap_or_else(|| WorkspaceId("T0UNNAMED".to_owned()))
}

/// Lenient where slack-morphism's model wants every field.
#[derive(Deserialize)]
struct AuthTest {
    team_id: String,
    enterprise_id: Option<String>,
    team: Option<String>,
    user_id: String,
    bot_id: Option<String>,
    url: Option<String>,
}

impl Client {
    /// Asks Slack who the token is (`auth.test`); `None` where what answers has no such method.
    pub async fn auth(&self) -> Result<Option<Identity>, SlackError> {
        let answer: Option<AuthTest> = self.read_if_offered("auth.test", &[]).await?;
        Ok(answer.map(|answer| Identity {
            team: answer.team.unwrap_or_else(|| answer.team_id.clone()),
            team_id: WorkspaceId(answer.team_id),
            enterprise_id: answer.enterprise_id,
            user_id: answer.user_id,
            bot_id: answer.bot_id,
            url: answer.url,
            scopes: self.transport().scopes(),
        }))
    }

    /// Whether the token was granted `scope`, as Slack said when it was asked first.
    pub async fn is_granted(&self, scope: &str) -> Result<bool, SlackError> {
        let granted = self.identity().await?.and_then(|identity| identity.scopes.as_ref());
        Ok(granted.is_some_and(|granted| granted.contains(scope)))
    }

    /// Whether the token works, and which of [`NEEDED_SCOPES`] it lacks.
    pub async fn access(&self) -> Result<Access, SlackError> {
        let identity = self.auth().await?;
        let granted = identity.as_ref().and_then(|identity| identity.scopes.as_ref());
        let (missing, missing_for_teams) = (missing(granted, &NEEDED_SCOPES), missing(granted, &TEAM_SCOPES));
        Ok(Access { identity, missing, missing_for_teams })
    }
}

fn missing(granted: Option<&BTreeSet<String>>, needed: &[&'static str]) -> Vec<&'static str> {
    let Some(granted) = granted else { return Vec::new() };
    needed.iter().copied().filter(|scope| !granted.contains(*scope)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scopes_that_slack_did_not_list_are_not_called_missing() {
        assert!(missing(None, &NEEDED_SCOPES).is_empty());
        assert_eq!(missing(Some(&BTreeSet::new()), &NEEDED_SCOPES), NEEDED_SCOPES);
        let granted = BTreeSet::from(["chat:write".to_owned(), "users:read".to_owned()]);
        assert_eq!(missing(Some(&granted), &TEAM_SCOPES), TEAM_SCOPES);
        assert_eq!(missing(Some(&granted), &NEEDED_SCOPES), ["im:write", "im:history", "users:read.email"]);
    }

    #[test]
    fn what_is_needed_is_asked_for() {
        assert!(NEEDED_SCOPES.iter().chain(&TEAM_SCOPES).all(|scope| EVERY_SCOPE.contains(scope)));
    }
}
