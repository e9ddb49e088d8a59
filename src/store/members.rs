//! Members as the directory shows them, and what was learned about reaching them.

use super::{Consents, Preferences, Store, StoreError, Subscription};
use crate::model::{ChannelId, MemberEmail, MemberId};
use chrono::{DateTime, Utc};
use chrono_tz::Tz;

/// Whether somebody may be written to: only who is `Active`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum MemberStatus {
    Active,
    Deactivated,
    Bot,
    Guest,
    OtherWorkspace,
    /// Was in the directory and no longer is.
    Gone,
}

/// A person of the directory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MemberRecord {
    pub id: MemberId,
    pub email: Option<MemberEmail>,
    /// Foreign text.
    pub name: String,
    /// `None` where Slack has no zone that the tz database knows.
    pub zone: Option<Tz>,
    pub status: MemberStatus,
    /// The direct conversation, once it is known: it never changes.
    pub dm: Option<ChannelId>,
    /// The latest instant at which usage under the address was seen, if it was looked for and found.
    pub last_usage: Option<DateTime<Utc>>,
}

/// All that decides about one member's daily digest.
#[derive(Debug, Clone, PartialEq)]
pub struct RosterEntry {
    pub member: MemberRecord,
    pub consents: Consents,
    pub preferences: Preferences,
    /// The daily subscription as it stands, if there is one.
    pub subscription: Option<Subscription>,
}

impl Store {
    /// Learns people from the directory: inserts or updates, keeping `dm` and `last_usage` where `None` is given.
    /// Answers how many were new or changed.
    pub async fn learn_members(&self, members: &[MemberRecord], seen_at: DateTime<Utc>) -> Result<u64, StoreError> {
        todo!()
    }

    /// After a whole reading of the directory that began at `began`: who was not seen since then is `Gone`.
    pub async fn forget_unseen(&self, began: DateTime<Utc>) -> Result<u64, StoreError> {
        todo!()
    }

    pub async fn member(&self, id: &MemberId) -> Result<Option<MemberRecord>, StoreError> {
        todo!()
    }

    /// The member with this address; of several an active one, then the one seen last.
    pub async fn member_by_email(&self, email: &MemberEmail) -> Result<Option<MemberRecord>, StoreError> {
        todo!()
    }

    pub async fn learn_dm(&self, id: &MemberId, channel: &ChannelId) -> Result<(), StoreError> {
        todo!()
    }

    /// Members with an active subscription whose direct conversation is unknown, next due first.
    pub async fn without_dm(&self, limit: u32) -> Result<Vec<MemberId>, StoreError> {
        todo!()
    }

    /// Notes that usage under these addresses was seen, at these instants; only ever moves forward.
    pub async fn learn_usage(&self, seen: &[(MemberEmail, DateTime<Utc>)]) -> Result<(), StoreError> {
        todo!()
    }

    /// Everybody who may need a subscription, ordered by id, after `after`: members with a consent, a subscription,
    /// or (`with_usage`) active ones with any usage. For 50,000 members this is asked page by page.
    pub async fn roster(
        &self,
        after: Option<&MemberId>,
        with_usage: bool,
        limit: u32,
    ) -> Result<Vec<RosterEntry>, StoreError> {
        todo!()
    }

    /// The same for one member.
    pub async fn roster_entry(&self, id: &MemberId) -> Result<Option<RosterEntry>, StoreError> {
        todo!()
    }

    /// Of how many members the directory gave no zone that is known (active ones only).
    pub async fn without_zone(&self) -> Result<u64, StoreError> {
        todo!()
    }
}
