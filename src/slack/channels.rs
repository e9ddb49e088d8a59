//! What Slack knows of channels and user groups.

use super::{Client, SlackError};
use crate::model::{ChannelId, MemberId};
use serde::Deserialize;
use serde_json::Value;

const INFO: &str = "conversations.info";
const GROUP: &str = "usergroups.users.list";

/// Slack's words for a user group that is not there, or is switched off.
const NO_GROUP: [&str; 4] = ["no_such_subteam", "subteam_not_found", "subteam_disabled", "usergroup_disabled"];

/// A channel, as `conversations.info` describes it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "these are Slack's own flags")]
pub struct ChannelInfo {
    pub id: ChannelId,
    /// Foreign text.
    pub name: String,
    pub archived: bool,
    /// Shared with another workspace, or about to be.
    pub shared: bool,
    /// Recap's bot is in it.
    pub member: bool,
    pub private: bool,
}

/// What was asked for stays raw: one odd field must not hide the others.
#[derive(Deserialize)]
struct Info {
    #[serde(default)]
    channel: Value,
}

#[derive(Deserialize)]
struct Group {
    #[serde(default)]
    users: Value,
}

impl Client {
    /// The channel; none where there is none that Recap may see. Of a server that does not know `conversations.info`, as
    /// a stand-in for Slack may not, a channel is taken to be as it should be: a post tells what is wrong with it.
    ///
    /// # Errors
    /// When Slack does not answer, or refuses to.
    pub async fn channel_info(&self, channel: &ChannelId) -> Result<Option<ChannelInfo>, SlackError> {
        match self.read_if_offered::<Info>(INFO, &[("channel", &channel.0)]).await {
            Ok(Some(info)) => match ChannelInfo::parse(channel, &info.channel) {
                Some(info) => Ok(Some(info)),
                None => Err(unreadable(INFO, "its `channel` is not one")),
            },
            Ok(None) => Ok(ChannelInfo::parse(channel, &serde_json::json!({}))),
            Err(SlackError::Refused { code, .. }) if code == "channel_not_found" => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Who is in a user group; none where there is no such group, or it is switched off.
    ///
    /// # Errors
    /// When Slack does not answer, or refuses to.
    pub async fn usergroup_members(&self, usergroup: &str) -> Result<Option<Vec<MemberId>>, SlackError> {
        let group: Group = match self.read(GROUP, &[("usergroup", usergroup)]).await {
            Ok(group) => group,
            Err(SlackError::Refused { code, .. }) if NO_GROUP.contains(&code.as_str()) => return Ok(None),
            Err(error) => return Err(error),
        };
        let Value::Array(users) = group.users else { return Err(unreadable(GROUP, "its `users` is no list")) };
        let entries = users.len();
        let members: Vec<_> = users.iter().filter_map(member_id).collect();
        if members.len() < entries {
            tracing::warn!(skipped = entries - members.len(), "some entries of a user group could not be read");
        }
        Ok(Some(members))
    }
}

impl ChannelInfo {
    /// Reads `channel` as the description of `id`; `None` where it is none.
    fn parse(id: &ChannelId, channel: &Value) -> Option<Self> {
        let channel = channel.as_object()?;
        let field = |name: &str| channel.get(name).unwrap_or(&Value::Null);
        let text = |name: &str| field(name).as_str().filter(|text| !text.trim().is_empty());
        let is = |name: &str| *field(name) == Value::Bool(true);
        let shared = ["is_ext_shared", "is_pending_ext_shared", "pending_shared", "pending_connected_team_ids"];
        Some(Self {
            id: ChannelId(text("id").unwrap_or(&id.0).to_owned()),
            name: ["name", "name_normalized"].into_iter().find_map(text).unwrap_or(&id.0).to_owned(),
            archived: is("is_archived"),
            shared: shared.into_iter().any(|name| !says_no(field(name))),
            // Where nothing is said, a post will tell.
            member: *field("is_member") != Value::Bool(false),
            private: is("is_private") || is("is_group"),
        })
    }
}

/// Whether a field about sharing is absent, false or empty. What is odd counts as shared: numbers that stay at home
/// harm nobody.
fn says_no(field: &Value) -> bool {
    match field {
        Value::Null | Value::Bool(false) => true,
        Value::Array(entries) => entries.is_empty(),
        _ => false,
    }
}

fn member_id(user: &Value) -> Option<MemberId> {
    let id = user.as_str()?;
    let fits = !id.is_empty() && id.chars().all(|letter| letter.is_ascii_alphanumeric());
    fits.then(|| MemberId(id.to_owned()))
}

fn unreadable(method: &'static str, what: &str) -> SlackError {
    SlackError::Unreadable { method, what: what.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn parse(channel: &Value) -> Option<ChannelInfo> {
        ChannelInfo::parse(&ChannelId("C1".into()), channel)
    }

    #[test]
    fn a_channel_is_shared_as_soon_as_anything_says_so() {
        for (channel, shared) in [
            (json!({}), false),
            (json!({ "is_shared": true, "is_org_shared": true }), false),
            (json!({ "is_ext_shared": false, "is_pending_ext_shared": null, "pending_shared": [] }), false),
            (json!({ "is_ext_shared": true }), true),
            (json!({ "is_pending_ext_shared": true }), true),
            (json!({ "pending_shared": ["T2"] }), true),
            (json!({ "pending_connected_team_ids": ["T2"] }), true),
            (json!({ "is_ext_shared": "perhaps" }), true),
        ] {
            assert_eq!(parse(&channel).unwrap().shared, shared, "{channel}");
        }
    }

    #[test]
    fn odd_fields_hide_no_others() {
        let odd = json!({ "id": 7, "name": null, "name_normalized": "team", "is_archived": true, "topic": "none",
            "is_member": "yes", "is_private": {}, "previous_names": 4 });
        let expected = ChannelInfo {
            id: ChannelId("C1".into()),
            name: "team".into(),
            archived: true,
            shared: false,
            member: true,
            private: false,
        };
        assert_eq!(parse(&odd), Some(expected));
        assert_eq!(
            parse(&json!({ "is_member": false })).map(|channel| (channel.member, channel.name)),
            Some((false, "C1".into()))
        );
        for none in [json!(null), json!([]), json!("C1")] {
            assert_eq!(parse(&none), None, "{none}");
        }
    }
}
