//! Slash commands: a form over HTTP, an object with the same fields over Socket Mode.

use super::{By, Command, Malformed, reading};
use crate::{
    model::{ChannelId, MemberId, WorkspaceId},
    slack::Client,
};

/// Reads the fields that `field` finds; one that is empty is none.
///
/// # Errors
/// When something is lacking, or an id is none of Slack's.
pub(super) fn read<'a>(
    field: impl Fn(&str) -> Option<&'a str>,
    request: &str,
    client: &Client,
) -> Result<Command, Malformed> {
    let id = |name: &'static str| field(name).map(|text| reading::checked(text, name)).transpose();
    let by = By {
        member: MemberId(id("user_id")?.ok_or(Malformed::Lacks("user_id"))?.to_owned()),
        // A command's workspace is the one of who typed it.
        member_of: None,
        workspace: id("team_id")?.map(|id| WorkspaceId(id.to_owned())),
        enterprise: id("enterprise_id")?.map(str::to_owned),
        trigger: reading::trigger(field("trigger_id")),
        request: request.to_owned(),
    };
    Ok(Command {
        by,
        channel: id("channel_id")?.map(|id| ChannelId(id.to_owned())),
        command: field("command").ok_or(Malformed::Lacks("command"))?.to_owned(),
        text: field("text").unwrap_or_default().to_owned(),
        respond: field("response_url").and_then(|text| client.response_url(text)),
    })
}
