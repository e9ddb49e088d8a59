//! Events of the Events API.

use super::{Event, EventEnvelope, Inbound, Malformed, reading};
use crate::model::{ChannelId, WorkspaceId};
use serde_json::Value;

/// Reads what `event_callback` carries; what is of another type is unknown.
///
/// # Errors
/// When something is lacking, or an id is none of Slack's.
pub(super) fn read(mut payload: Value) -> Result<Inbound, Malformed> {
    let kind = reading::kind(&payload["type"])?;
    if kind != "event_callback" {
        return Ok(Inbound::Unknown(kind));
    }
    let event = payload["event"].take();
    Ok(Inbound::Event(EventEnvelope {
        id: reading::opaque(&payload["event_id"], "event_id")?.ok_or(Malformed::Lacks("event_id"))?,
        workspace: workspace(&payload)?,
        enterprise: reading::id(&payload["enterprise_id"], "enterprise_id")?.map(str::to_owned),
        event: read_event(event)?,
    }))
}

/// The installation that the event is for. `team_id` is where it happened: with shared channels that may be elsewhere.
fn workspace(payload: &Value) -> Result<Option<WorkspaceId>, Malformed> {
    match payload["authorizations"].as_array().and_then(|all| all.first()) {
        Some(installed) if installed.is_object() => reading::workspace(&installed["team_id"], "team_id"),
        _ => reading::workspace(&payload["team_id"], "team_id"),
    }
}

fn read_event(mut event: Value) -> Result<Event, Malformed> {
    let kind = reading::kind(&event["type"])?;
    Ok(match kind.as_str() {
        "app_home_opened" => Event::AppHomeOpened {
            member: reading::member(&event["user"], "user")?,
            channel: reading::channel(&event["channel"], "channel")?,
            tab: event["tab"].as_str().unwrap_or("home").to_owned(),
            hash: reading::text(&event["view"]["hash"]).map(str::to_owned),
        },
        "tokens_revoked" if is_of_people_alone(&event["tokens"]) => Event::Unknown(kind),
        "tokens_revoked" => Event::TokensRevoked,
        "app_uninstalled" => Event::AppUninstalled,
        "channel_archive" | "channel_unarchive" | "channel_rename" | "channel_deleted" | "channel_shared"
        | "channel_unshared" | "group_archive" | "group_unarchive" | "group_rename" | "group_deleted"
        | "channel_left" | "group_left" => Event::ChannelChanged { channel: channel(&event["channel"])? },
        "member_left_channel" => {
            Event::MemberLeft { channel: channel(&event["channel"])?, member: reading::member(&event["user"], "user")? }
        }
        "user_change" | "team_join" => {
            reading::member(&event["user"]["id"], "user")?;
            Event::UserChanged(event["user"].take())
        }
        "subteam_members_changed" => Event::UserGroupChanged { group: group(&event["subteam_id"])? },
        "subteam_updated" => Event::UserGroupChanged { group: group(&event["subteam"]["id"])? },
        _ => Event::Unknown(kind),
    })
}

/// Whether tokens of people were revoked, and none of a bot: Recap has none of the former.
fn is_of_people_alone(tokens: &Value) -> bool {
    let count = |kind: &str| tokens[kind].as_array().map(Vec::len);
    count("bot") == Some(0) && count("oauth").is_some_and(|count| count > 0)
}

/// A channel by its id, or as an object with its name.
fn channel(value: &Value) -> Result<ChannelId, Malformed> {
    let value = if value.is_object() { &value["id"] } else { value };
    reading::channel(value, "channel")?.ok_or(Malformed::Lacks("channel"))
}

fn group(value: &Value) -> Result<String, Malformed> {
    Ok(reading::id(value, "subteam")?.ok_or(Malformed::Lacks("subteam"))?.to_owned())
}
