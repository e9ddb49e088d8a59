//! Whom an alert goes to: the team's owners by DM, and its channel where that was chosen.

use super::Alerts;
use crate::{model::ChannelId, planner::TeamWeekly, store::MemberStatus};

/// A conversation that hears of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Target {
    /// A member's or a channel's id.
    pub recipient: String,
    pub is_owner: bool,
}

impl Alerts {
    /// Owners who are full, active members of this workspace, and the channel.
    pub(super) async fn targets(&self, team: &str, weekly: &TeamWeekly) -> anyhow::Result<Vec<Target>> {
        let mut targets = Vec::new();
        for owner in &weekly.owners {
            let member = self.store.member_by_email(owner).await?;
            if let Some(member) = member.filter(|member| member.status == MemberStatus::Active) {
                targets.push(Target { recipient: member.id.0, is_owner: true });
            } else {
                tracing::debug!(team, "an owner of the team is not in the directory (yet)");
            }
        }
        if self.settings.alerts.to_channel
            && let Some(channel) = &weekly.channel
        {
            if self.may_tell(channel).await? {
                targets.push(Target { recipient: channel.0.clone(), is_owner: false });
            } else {
                tracing::warn!(
                    team,
                    "the team's channel is, or may be, shared with another workspace: it hears of no alert"
                );
            }
        }
        if targets.is_empty() {
            tracing::warn!(team, "something is unusual, and nobody in the directory is an owner of the team");
        }
        Ok(targets)
    }

    /// Whether a channel may hear of a team's numbers: where nobody can say, it may not.
    async fn may_tell(&self, channel: &ChannelId) -> anyhow::Result<bool> {
        if self.settings.weekly.shared_channels {
            return Ok(true);
        }
        match self.client.channel_info(channel).await {
            // One that cannot be seen refuses the message, which the ledger then explains.
            Ok(info) => Ok(info.is_none_or(|info| !info.shared)),
            Err(error) => {
                tracing::debug!(
                    error = &error as &dyn std::error::Error,
                    "Slack does not say whether a channel is shared"
                );
                Ok(self.store.channel(channel).await?.is_some_and(|known| !known.shared))
            }
        }
    }
}
