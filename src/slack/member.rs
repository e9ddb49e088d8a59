//! A person as the directory shows them, and whether they may be written to.

use super::Identity;
use crate::model::{MemberEmail, MemberId};
use chrono_tz::Tz;
use serde::Deserialize;
use serde_json::Value;

/// Slack's own bot, which says of itself that it is none.
const SLACKBOT: &str = "USLACKBOT";

/// A member of the directory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    pub id: MemberId,
    pub email: Option<MemberEmail>,
    /// The name that Slack shows. Foreign text.
    pub name: String,
    /// `None` where Slack gives no zone, or one that the tz database lacks.
    pub zone: Option<Tz>,
    pub status: Status,
    /// An admin or owner of the workspace. What the directory says is a day old: it is asked for again where it decides.
    pub admin: bool,
}

/// Whether a member may be written to: only who is `Active`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Status {
    Active,
    Deactivated,
    Bot,
    /// A guest of one or several channels.
    Guest,
    /// Somebody of another workspace, seen through a shared channel.
    OtherWorkspace,
}

/// `user` of Slack's API; slack-morphism's model fails as a whole on one odd field, and lacks some of these.
#[derive(Deserialize)]
struct Entry {
    id: String,
    team_id: Option<String>,
    name: Option<String>,
    real_name: Option<String>,
    tz: Option<String>,
    deleted: Option<bool>,
    is_bot: Option<bool>,
    is_workflow_bot: Option<bool>,
    is_restricted: Option<bool>,
    is_ultra_restricted: Option<bool>,
    is_stranger: Option<bool>,
    is_admin: Option<bool>,
    is_owner: Option<bool>,
    is_primary_owner: Option<bool>,
    #[serde(default)]
    profile: Option<Profile>,
    #[serde(default)]
    enterprise_user: Option<EnterpriseUser>,
}

#[derive(Default, Deserialize)]
struct Profile {
    email: Option<String>,
    display_name: Option<String>,
    real_name: Option<String>,
}

#[derive(Deserialize)]
struct EnterpriseUser {
    #[serde(default)]
    teams: Vec<String>,
}

impl Member {
    /// Reads one `user`, as somebody of `home` sees them; `None` where it is not one. Without a known `home` only who
    /// Slack calls a stranger is one.
    pub(super) fn parse(user: Value, home: Option<&Identity>) -> Option<Self> {
        let user: Entry = serde_json::from_value(user).ok()?;
        if user.id.is_empty() || !user.id.chars().all(|letter| letter.is_ascii_alphanumeric() || "_-".contains(letter))
        {
            return None;
        }
        let status = user.status(home);
        let admin = [user.is_admin, user.is_owner, user.is_primary_owner].contains(&Some(true));
        let profile = user.profile.unwrap_or_default();
        let names = [profile.display_name, profile.real_name, user.real_name, user.name];
        Some(Self {
            name: names.into_iter().flatten().find(|name| !name.trim().is_empty()).unwrap_or_else(|| user.id.clone()),
            id: MemberId(user.id),
            email: profile.email.and_then(|address| MemberEmail::parse(&address).ok()),
            zone: user.tz.and_then(|zone| zone.parse().ok()),
            status,
            admin,
        })
    }
}

impl Entry {
    fn status(&self, home: Option<&Identity>) -> Status {
        let is = |flag: Option<bool>| flag == Some(true);
        if is(self.deleted) {
            Status::Deactivated
        } else if is(self.is_bot) || is(self.is_workflow_bot) || self.id == SLACKBOT {
            Status::Bot
        } else if is(self.is_stranger) || !self.belongs_to(home) {
            Status::OtherWorkspace
        } else if is(self.is_restricted) || is(self.is_ultra_restricted) {
            Status::Guest
        } else {
            Status::Active
        }
    }

    /// In an Enterprise Grid a person has one home and several workspaces.
    fn belongs_to(&self, home: Option<&Identity>) -> bool {
        let (Some(team), Some(home)) = (&self.team_id, home) else { return true };
        let elsewhere = self.enterprise_user.as_ref().map_or(&[][..], |user| &user.teams);
        *team == home.team_id.0 || Some(team) == home.enterprise_id.as_ref() || elsewhere.contains(&home.team_id.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::WorkspaceId;
    use serde_json::json;

    fn parse(user: Value) -> Option<Member> {
        let home = Identity {
            team_id: WorkspaceId("T1".into()),
            enterprise_id: None,
            team: "Home".into(),
            user_id: "UBOT".into(),
            bot_id: None,
            url: None,
            scopes: None,
        };
        Member::parse(user, Some(&home))
    }

    #[test]
    fn a_member_is_read_with_zone_and_address() {
        let member = parse(json!({
            "id": "U1", "team_id": "T1", "name": "ada", "real_name": "Ada Lovelace", "tz": "Asia/Kathmandu",
            "profile": {"email": "Ada@Example.com", "display_name": "", "title": 7}, "updated": "never",
        }))
        .unwrap();
        assert_eq!(
            (member.name.as_str(), member.email.unwrap().as_str(), member.zone, member.status),
            ("Ada Lovelace", "ada@example.com", Some(Tz::Asia__Kathmandu), Status::Active)
        );
    }

    #[test]
    fn only_full_members_of_this_workspace_are_active() {
        for (user, status) in [
            (json!({"id": "U1"}), Status::Active),
            (json!({"id": "U1", "team_id": "T1", "is_bot": null}), Status::Active),
            (json!({"id": "U1", "team_id": "E1", "enterprise_user": {"teams": ["T9", "T1"]}}), Status::Active),
            (json!({"id": "U1", "deleted": true, "is_bot": true}), Status::Deactivated),
            (json!({"id": "USLACKBOT", "is_bot": false}), Status::Bot),
            (json!({"id": "U1", "is_bot": true}), Status::Bot),
            (json!({"id": "U1", "is_restricted": true}), Status::Guest),
            (json!({"id": "U1", "is_ultra_restricted": true}), Status::Guest),
            (json!({"id": "U1", "team_id": "T2"}), Status::OtherWorkspace),
            (json!({"id": "U1", "team_id": "T2", "is_restricted": true}), Status::OtherWorkspace),
            (json!({"id": "U1", "team_id": "T1", "is_stranger": true}), Status::OtherWorkspace),
        ] {
            assert_eq!(parse(user.clone()).unwrap().status, status, "{user}");
        }
    }

    #[test]
    fn an_admin_is_who_slack_calls_one() {
        for (user, admin) in [
            (json!({"id": "U1"}), false),
            (json!({"id": "U1", "is_admin": null, "is_owner": false}), false),
            (json!({"id": "U1", "is_admin": true}), true),
            (json!({"id": "U1", "is_admin": false, "is_owner": true}), true),
            (json!({"id": "U1", "is_primary_owner": true}), true),
        ] {
            assert_eq!(parse(user.clone()).unwrap().admin, admin, "{user}");
        }
    }

    #[test]
    fn a_zone_or_address_that_nobody_knows_is_left_out() {
        let member = parse(json!({"id": "U1", "tz": "Mars/Olympus", "profile": {"email": "nobody"}})).unwrap();
        assert_eq!((member.zone, member.email, member.name.as_str()), (None, None, "U1"));
        assert_eq!(parse(json!({"id": "U1", "tz": null, "profile": null})).unwrap().zone, None);
    }

    #[test]
    fn what_is_no_member_is_not_read() {
        for user in [json!(null), json!("U1"), json!({}), json!({"id": 7}), json!({"id": ""}), json!({"id": "U1/../x"})]
        {
            assert_eq!(parse(user.clone()), None, "{user}");
        }
    }
}
