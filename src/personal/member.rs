//! Who is asking.

use super::PersonalError;
use crate::{model::MemberId, store::MemberRecord, workspace::Workspace};

/// The active, full member with this id; looked up in Slack and learned where the store does not know them yet.
///
/// # Errors
/// When they are none, or neither store nor Slack answers.
pub async fn member(workspace: &Workspace, id: &MemberId) -> Result<MemberRecord, PersonalError> {
    let _ = (workspace, id);
    todo!()
}
