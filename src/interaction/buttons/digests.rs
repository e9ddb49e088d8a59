//! Stop, pause and go on from below a message, which then shows how things stand.

use super::{BUTTONS, edited};
use crate::{
    interaction::{
        Action, Place,
        saying::{self, Destination, Did, GET_DIGEST, Trouble, deliver},
    },
    personal::{self, Pause, Standing, Surface},
    slack::Response,
    store::MemberRecord,
    workspace::Workspace,
};

/// So often a message is brought up to date after one click: Slack takes no more answers to it.
const MOST: u32 = 4;

/// Whether this was clicked below a digest, which shows what follows.
pub(super) fn is_below(action: &Action) -> bool {
    match &action.place {
        Place::Message { ephemeral: false, delivery, .. } => delivery.is_some() || action.block_id == BUTTONS,
        _ => false,
    }
}

/// Does it, and has the message show how things stand. Another click may have been answered meanwhile, or its answer
/// overtaken by this one: so it is looked once more whether what the message shows is true.
pub(super) async fn change(
    workspace: &Workspace,
    member: &MemberRecord,
    action: &Action,
    to: &Destination,
) -> Result<Option<Response>, Trouble> {
    let Some(mut did) = done(workspace, member, action).await? else { return Ok(None) };
    let mut standing = personal::standing(workspace, member).await?;
    for _ in 0..MOST {
        let response = edited(action, &saying::line(&standing, did), &saying::offers(&standing));
        if let Response::Ephemeral(_) = response {
            return Ok(Some(response));
        }
        deliver(workspace, to, response).await;
        // It is done and shown by now.
        let Ok(now) = personal::standing(workspace, member).await else { break };
        if same(&now, &standing) {
            break;
        }
        (standing, did) = (now, Did::Nothing);
    }
    if action.action_id != GET_DIGEST.action {
        return Ok(None);
    }
    // The message shows the yes by now, however long this takes.
    let found = personal::look_for(workspace, member).await;
    Ok(saying::not_found(&found).map(Response::Ephemeral))
}

/// Whether a message would show the same of both.
fn same(one: &Standing, other: &Standing) -> bool {
    let shown = |standing: &Standing| (saying::status(standing), saying::offers(standing));
    shown(one) == shown(other)
}

/// What was clicked, once it is done; nothing where it is no choice of ours.
async fn done(workspace: &Workspace, member: &MemberRecord, action: &Action) -> Result<Option<Did>, Trouble> {
    let surface = Surface::Button;
    let pause = match (action.action_id.as_str(), action.chosen.one()) {
        ("digest_more", Some("pause_until_monday")) => Pause::UntilMonday,
        ("digest_more", Some("pause_week")) => Pause::Weeks(1),
        ("digest_more", Some("stop")) | ("usage_stop", _) => {
            personal::opt_out(workspace, member, surface).await?;
            return Ok(Some(Did::Stop));
        }
        ("usage_resume", _) => {
            personal::resume(workspace, member, surface).await?;
            return Ok(Some(Did::GoOn));
        }
        ("usage_get_digest", _) => {
            personal::opt_in(workspace, member, surface).await?;
            return Ok(Some(Did::GoOn));
        }
        _ => return Ok(None),
    };
    if personal::standing(workspace, member).await?.subscribed {
        personal::pause(workspace, member, pause, surface).await?;
    }
    Ok(Some(Did::Pause))
}
