//! Messages that may still change after they were sent: a team's summary follows late rows, and a winner's wish.

use super::{Store, StoreError};
use crate::model::{ChannelId, DeliveryId, MemberId};
use chrono::{DateTime, Utc};

/// A weekly summary that was sent and is looked at again.
#[derive(Debug, Clone, PartialEq)]
pub struct Revision {
    pub id: DeliveryId,
    /// The team's name.
    pub recipient: String,
    /// The ISO week of the occurrence.
    pub period: String,
    pub zone: chrono_tz::Tz,
    /// The occurrence.
    pub due: DateTime<Utc>,
    pub sent_at: DateTime<Utc>,
    pub channel: ChannelId,
    pub ts: String,
    /// What stands in Slack now.
    pub message: String,
    /// What it was made from, as JSON.
    pub facts: String,
    /// It was sent in plain sections.
    pub degraded: bool,
}

impl Store {
    /// Sent weekly deliveries whose `revise_at` has come, at most `limit`, earliest first; each is not claimed again
    /// before `again`.
    pub async fn claim_revisions(
        &self,
        now: DateTime<Utc>,
        again: DateTime<Utc>,
        limit: u32,
    ) -> Result<Vec<Revision>, StoreError> {
        let _ = (now, again, limit);
        todo!()
    }

    /// Keeps what stands in Slack now (`None`: unchanged), and when to look next (`None`: never).
    pub async fn revised(
        &self,
        id: &DeliveryId,
        message_and_facts: Option<(&str, &str)>,
        next: Option<DateTime<Utc>>,
    ) -> Result<(), StoreError> {
        let _ = (id, message_and_facts, next);
        todo!()
    }

    /// `member` agreed to be named in this one message: noted and audited once, and the message is to be revised `now`. False where
    /// there is no such sent message whose facts are kept, or they agreed before.
    pub async fn reveal(&self, id: &DeliveryId, member: &MemberId, now: DateTime<Utc>) -> Result<bool, StoreError> {
        let _ = (id, member, now);
        todo!()
    }

    /// What a sent delivery was made from, as long as it is kept.
    pub async fn facts(&self, id: &DeliveryId) -> Result<Option<String>, StoreError> {
        let _ = id;
        todo!()
    }
}
