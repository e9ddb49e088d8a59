//! Whether a channel can have a team's summary: found out when it is chosen, and not on Monday.

use super::AdminError;
use crate::{model::ChannelId, slack::ChannelInfo, store::ChannelRecord, workspace::Workspace};

/// With it Recap may post to public channels that it is not in.
const POST_ANYWHERE: &str = "chat:write.public";

/// Why a channel cannot be chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChannelFault {
    /// Or Recap may not see it.
    NotFound,
    Archived,
    /// With another workspace, whose people would read the numbers.
    Shared,
    /// Recap is not in it, and may not post without.
    NotInvited,
}

impl ChannelFault {
    /// What is wrong and what helps, as a sentence.
    pub fn words(self) -> &'static str {
        match self {
            Self::NotFound => "Recap cannot see this channel. Invite Recap there with /invite, or choose another one.",
            Self::Archived => "This channel is archived. Choose another one.",
            Self::Shared => "This channel is shared with another workspace, whose people would read the summary.",
            Self::NotInvited => "Recap is not in this channel. Invite it there with /invite, then choose it again.",
        }
    }
}

/// Looks at the channel in Slack.
///
/// # Errors
/// When Slack does not answer.
pub async fn check_channel(
    workspace: &Workspace,
    channel: &ChannelId,
) -> Result<Result<ChannelInfo, ChannelFault>, AdminError> {
    let Some(info) = workspace.client.channel_info(channel).await? else { return Ok(Err(ChannelFault::NotFound)) };
    let record = ChannelRecord {
        id: info.id.clone(),
        name: info.name.clone(),
        archived: info.archived,
        shared: info.shared,
        member: info.member,
        private: info.private,
        seen_at: workspace.now(),
    };
    workspace.store.learn_channel(&record).await?;
    if info.archived {
        return Ok(Err(ChannelFault::Archived));
    }
    if info.shared && !workspace.settings.weekly.shared_channels {
        return Ok(Err(ChannelFault::Shared));
    }
    if !info.member && (info.private || !workspace.client.is_granted(POST_ANYWHERE).await?) {
        return Ok(Err(ChannelFault::NotInvited));
    }
    Ok(Ok(info))
}
