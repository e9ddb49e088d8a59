//! What is known of the channels that teams chose: whether they may be written to.

use super::{Store, StoreError};
use crate::model::ChannelId;
use chrono::{DateTime, Utc};

/// A channel as Slack described it last.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChannelRecord {
    pub id: ChannelId,
    /// Foreign text.
    pub name: String,
    pub archived: bool,
    /// With another workspace, or about to be.
    pub shared: bool,
    /// Recap's bot is in it.
    pub member: bool,
    pub private: bool,
    pub seen_at: DateTime<Utc>,
}

impl Store {
    /// Inserts or replaces.
    pub async fn learn_channel(&self, channel: &ChannelRecord) -> Result<(), StoreError> {
        let _ = channel;
        todo!()
    }

    pub async fn channel(&self, id: &ChannelId) -> Result<Option<ChannelRecord>, StoreError> {
        let _ = id;
        todo!()
    }
}
