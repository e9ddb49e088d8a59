//! What Slack knows of channels and user groups.

use super::{Client, SlackError};
use crate::model::{ChannelId, MemberId};

/// A channel, as `conversations.info` describes it.
#[derive(Debug, Clone, PartialEq, Eq)]
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

impl Client {
    /// The channel; none where there is none that Recap may see.
    pub async fn channel_info(&self, channel: &ChannelId) -> Result<Option<ChannelInfo>, SlackError> {
        let _ = channel;
        todo!()
    }

    /// Who is in a user group; none where there is no such group, or it is switched off.
    pub async fn usergroup_members(&self, usergroup: &str) -> Result<Option<Vec<MemberId>>, SlackError> {
        let _ = usergroup;
        todo!()
    }
}
