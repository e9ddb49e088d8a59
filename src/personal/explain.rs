//! Why a digest came or did not, for the member themselves.

use super::PersonalError;
use crate::{message::Message, store::MemberRecord, workspace::Workspace};
use chrono::NaiveDate;

/// Why the digest of `date` (a local date on which one was due; none: the latest) was sent or was not.
///
/// # Errors
/// When the store does not answer.
pub async fn why(
    workspace: &Workspace,
    member: &MemberRecord,
    date: Option<NaiveDate>,
) -> Result<Message, PersonalError> {
    let _ = (workspace, member, date);
    todo!()
}
