//! Consents: an append-only record of who agreed to what, and the suppression that outlives deletion.

use super::{Store, StoreError};
use crate::model::MemberId;
use chrono::{DateTime, Utc};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ConsentKind {
    /// "Send me the daily digest."
    OptIn,
    OptOut,
    /// "Name me in team summaries."
    Named,
    Unnamed,
}

/// One line of the record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Consent {
    pub member: MemberId,
    pub kind: ConsentKind,
    pub at: DateTime<Utc>,
    /// Where it was given: `cli`, `slack`, `page`.
    pub surface: String,
    /// Who gave it: the member's own id, or the name of who recorded it.
    pub actor: String,
    /// The words that were agreed to.
    pub wording: String,
}

impl Consent {
    /// Whether the member gave it themselves.
    pub fn is_own(&self) -> bool {
        self.actor == self.member.0
    }
}

/// What holds for a member now.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Consents {
    /// The latest opt-in or opt-out.
    pub digest: Option<Consent>,
    /// Agreed to be named.
    pub named: bool,
    /// Deleted their data: never subscribed by enrollment again.
    pub suppressed: bool,
}

impl Store {
    /// Appends to the record, and to the audit, in one transaction. An opt-in by the member lifts a suppression.
    pub async fn record_consent(&self, consent: &Consent) -> Result<(), StoreError> {
        todo!()
    }

    pub async fn consents_of(&self, member: &MemberId) -> Result<Consents, StoreError> {
        todo!()
    }

    /// Deletes the member's preferences, subscription, deliveries, streak and consents, and leaves a bare suppression
    /// and the fact of deletion in the audit.
    pub async fn delete_member_data(
        &self,
        member: &MemberId,
        at: DateTime<Utc>,
        actor: &str,
    ) -> Result<(), StoreError> {
        todo!()
    }
}
