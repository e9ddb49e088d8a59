//! Who is asking.

use super::PersonalError;
use crate::{
    model::MemberId,
    slack,
    store::{MemberRecord, MemberStatus},
    workspace::Workspace,
};

/// The active, full member with this id; looked up in Slack and learned where the store does not know them yet, or knows
/// them as somebody who left.
///
/// # Errors
/// When they are none, or neither store nor Slack answers.
pub async fn member(workspace: &Workspace, id: &MemberId) -> Result<MemberRecord, PersonalError> {
    let known = workspace.store.member(id).await?;
    match known.as_ref().map(|known| known.status) {
        Some(MemberStatus::Active) => return known.ok_or(PersonalError::NotAMember),
        // Whoever clicks is there: a new one, or one who came back.
        None | Some(MemberStatus::Deactivated | MemberStatus::Gone) => {}
        Some(MemberStatus::Bot | MemberStatus::Guest | MemberStatus::OtherWorkspace) => {
            return Err(PersonalError::NotAMember);
        }
    }
    let found = workspace.client.user(id).await?.ok_or(PersonalError::NotAMember)?;
    if found.id != *id {
        return Err(PersonalError::NotAMember);
    }
    let learned = slack::learn_member(&workspace.store, found, workspace.now()).await?;
    if learned.status == MemberStatus::Active { Ok(learned) } else { Err(PersonalError::NotAMember) }
}
