//! The invitation to a channel: what Recap is, and two buttons.

use super::{
    Actor, AdminError,
    actor::rights,
    channel::{ChannelFault, check_channel},
    configure::{entry, invalid, note_refusal},
    trigger::{Triggered, by_hand, refuse_while_halted},
};
use crate::{
    config::channel_id,
    message::Message,
    model::{ChannelId, DeliveryId},
    report,
    schedule::date_at,
    slack::ChannelInfo,
    store::{NewDelivery, Planned},
    workspace::Workspace,
};

/// Its deliveries go to the channel, as those of all notices do.
const INVITATION: &str = "notice.invitation";
/// So many of a channel are looked at, the latest ones.
const LOOKED_AT: u32 = 50;
/// The states of one that did not come to anything.
const IN_VAIN: [&str; 3] = ["failed", "missed", "skipped"];

/// An invitation, as it would be posted.
#[derive(Debug, Clone, PartialEq)]
pub struct Invitation {
    pub channel: ChannelId,
    /// Foreign text.
    pub channel_name: String,
    pub message: Message,
    /// One stands in the channel already.
    pub posted: bool,
    /// It was posted today, and is not posted again before tomorrow.
    pub posted_today: bool,
}

/// What would be posted to `channel`; looks at the channel.
///
/// # Errors
/// When the channel cannot have it, or `actor` is neither admin nor a team's owner.
pub async fn invitation(workspace: &Workspace, actor: &Actor, channel: &ChannelId) -> Result<Invitation, AdminError> {
    let info = may_invite(workspace, actor, channel).await?;
    let settings = &workspace.settings;
    let message = report::invitation(&workspace.templates, &settings.slack.command, settings.digest.show_cost)?;
    let before = workspace.store.deliveries_of(INVITATION, &channel.0, None, LOOKED_AT).await?;
    let today = today(workspace);
    Ok(Invitation {
        posted_today: before.iter().any(|one| one.state == "sent" && one.period.starts_with(&today)),
        channel: channel.clone(),
        channel_name: info.name,
        message,
        posted: before.iter().any(|one| one.state == "sent"),
    })
}

/// Posts it through the outbox, once per channel and day however often the button is pressed.
///
/// # Errors
/// As [`invitation`].
pub async fn invite(workspace: &Workspace, actor: &Actor, channel: &ChannelId) -> Result<Triggered, AdminError> {
    let invitation = invitation(workspace, actor, channel).await?;
    refuse_while_halted(workspace).await?;
    let (now, store, today) = (workspace.now(), &workspace.store, today(workspace));
    let before = store.deliveries_of(INVITATION, &channel.0, None, LOOKED_AT).await?;
    let of_today = before.iter().filter(|one| one.period.starts_with(&today));
    let (in_vain, standing): (Vec<_>, Vec<_>) = of_today.partition(|one| IN_VAIN.contains(&one.state.as_str()));
    if let Some(standing) = standing.first() {
        return Ok(Triggered { delivery: standing.id.clone(), again: true });
    }
    // What Slack refused may be tried again, once its reason is out of the way.
    let period = if in_vain.is_empty() { today } else { format!("{today}.{}", in_vain.len()) };
    let planned = NewDelivery {
        report: INVITATION.to_owned(),
        recipient: channel.0.clone(),
        period: period.clone(),
        ..by_hand(DeliveryId::new(), Planned::Rendered(invitation.message.to_json()), now)
    };
    store.audit(&entry(workspace, actor, "invitation.post", &channel.0, &planned.id.0)).await?;
    store.plan(std::slice::from_ref(&planned), &[], now).await?;
    workspace.planned.notify_one();
    // Of two who press at once, the other one's may be there.
    let there =
        store.deliveries_of(INVITATION, &channel.0, Some(&period), 1).await.ok().and_then(|mut there| there.pop());
    let delivery = there.map_or_else(|| planned.id.clone(), |there| there.id);
    Ok(Triggered { again: delivery != planned.id, delivery })
}

/// As the periods of invitations begin.
fn today(workspace: &Workspace) -> String {
    date_at(workspace.settings.digest.default_zone, workspace.now()).to_string()
}

async fn may_invite(workspace: &Workspace, actor: &Actor, channel: &ChannelId) -> Result<ChannelInfo, AdminError> {
    let rights = rights(workspace, actor).await?;
    if !rights.admin && rights.owns.is_empty() {
        let refused = "only an admin of this workspace or an owner of a team may post an invitation";
        let refused = AdminError::NotAllowed(refused.to_owned());
        note_refusal(workspace, actor, &channel.0, &refused).await?;
        return Err(refused);
    }
    let Ok(id) = channel_id(&channel.0) else {
        return Err(invalid("channel", ChannelFault::NotFound.words()));
    };
    check_channel(workspace, &ChannelId(id)).await?.map_err(|fault| invalid("channel", fault.words()))
}
