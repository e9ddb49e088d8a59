//! The invitation to a channel: what Recap is, and two buttons.

use super::{Actor, AdminError};
use crate::{
    message::Message,
    model::{ChannelId, DeliveryId},
    workspace::Workspace,
};

/// An invitation, as it would be posted.
#[derive(Debug, Clone, PartialEq)]
pub struct Invitation {
    pub channel: ChannelId,
    /// Foreign text.
    pub channel_name: String,
    pub message: Message,
    /// One stands in the channel already.
    pub posted: bool,
}

/// What would be posted to `channel`; looks at the channel.
///
/// # Errors
/// When the channel cannot have it, or `actor` is neither admin nor a team's owner.
pub async fn invitation(workspace: &Workspace, actor: &Actor, channel: &ChannelId) -> Result<Invitation, AdminError> {
    let _ = (workspace, actor, channel);
    todo!()
}

/// Posts it through the outbox, once per channel and day however often the button is pressed.
///
/// # Errors
/// As [`invitation`].
pub async fn invite(workspace: &Workspace, actor: &Actor, channel: &ChannelId) -> Result<DeliveryId, AdminError> {
    let _ = (workspace, actor, channel);
    todo!()
}
