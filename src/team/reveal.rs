//! "Show my name": a winner, and nobody else, has their name put into the summary that they stand in unnamed.

use super::Kept;
use crate::{
    model::{DeliveryId, MemberId},
    store::{MemberStatus, Store, StoreError},
};
use chrono::{DateTime, Utc};

/// What became of the wish.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Revealed {
    /// The message is updated within seconds.
    Yes,
    /// They had said so before.
    Already,
    /// They did not win anything in this summary. Nobody is told who did.
    NotTheirs,
    /// What the summary was made from is no longer kept, or there is no such summary.
    TooLate,
}

/// Notes that `member` wants their name in the summary `delivery`, if they won there.
///
/// # Errors
/// When the store does not answer.
pub async fn reveal(
    store: &Store,
    delivery: &DeliveryId,
    member: &MemberId,
    now: DateTime<Utc>,
) -> Result<Revealed, StoreError> {
    let kept = store.facts(delivery).await?.and_then(|facts| Kept::from_json(&facts).ok());
    let Some(kept) = kept else { return Ok(Revealed::TooLate) };
    let member_email = store.member(member).await?.filter(|known| known.status == MemberStatus::Active);
    let Some(email) = member_email.and_then(|known| known.email) else { return Ok(Revealed::NotTheirs) };
    if !kept.facts.winners().any(|winner| *winner == email) {
        return Ok(Revealed::NotTheirs);
    }
    Ok(if store.reveal(delivery, member, now).await? { Revealed::Yes } else { Revealed::Already })
}
