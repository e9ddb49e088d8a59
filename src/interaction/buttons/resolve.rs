//! "It arrived" and "Send it again": an owner of the installation, or an admin, settles an unknown outcome.

use super::edited;
use crate::{
    admin::{Actor, note_refused, rights},
    interaction::{Action, saying::Trouble},
    model::DeliveryId,
    slack::Response,
    store::{ByHand, MemberRecord},
    workspace::Workspace,
};

/// An id is this long at most.
const LONGEST: usize = 64;

/// Settles the delivery that the button names.
pub(super) async fn settle(
    workspace: &Workspace,
    member: MemberRecord,
    action: &Action,
    arrived: bool,
) -> Result<Option<Response>, Trouble> {
    let actor = member.id.0.clone();
    let is_id = |id: &&str| id.len() <= LONGEST && id.bytes().all(|byte| byte.is_ascii_alphanumeric());
    let id = action.chosen.one().filter(is_id);
    if !may(workspace, member.clone()).await? {
        let why = "only owners of the installation and admins settle a delivery";
        note_refused(workspace, &Actor::Member(member), id.unwrap_or("delivery"), why).await?;
        let words = "Only the owners of this installation and admins of the workspace settle this.";
        return Err(Trouble::Refused(words.to_owned()));
    }
    let Some(id) = id else { return Ok(None) };
    let id = DeliveryId(id.to_owned());
    let line = match workspace.store.settle_by_hand(&id, arrived, &actor, workspace.now()).await? {
        ByHand::Done if arrived => "Recorded as arrived.".to_owned(),
        ByHand::Done => {
            workspace.planned.notify_one();
            "It is sent again.".to_owned()
        }
        ByHand::NotUnknown(state) => {
            format!("Nothing is left to settle: this delivery is {} by now.", state_word(&state))
        }
        ByHand::NoSuch => "Recap has no record of this delivery any more.".to_owned(),
    };
    Ok(Some(edited(action, &line, &[])))
}

fn state_word(state: &str) -> String {
    crate::digest::reasons::explain(state, None)
}

async fn may(workspace: &Workspace, member: MemberRecord) -> Result<bool, Trouble> {
    let owners = &workspace.settings.ops.owners;
    if member.email.as_ref().is_some_and(|email| owners.contains(email)) {
        return Ok(true);
    }
    Ok(rights(workspace, &Actor::Member(member)).await?.admin)
}
