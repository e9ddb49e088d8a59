//! Changing a message that was posted.

use super::{Client, SlackError};
use crate::model::{ChannelId, DeliveryId};

/// What became of an update. It says the same each time, so it may be repeated.
#[derive(Debug)]
pub enum Updated {
    /// It stands in Slack now; in plain sections where `plain`.
    Done { plain: bool },
    /// Never again: the message or its channel is gone, or may not be changed any more.
    Refused { code: String },
}

impl Client {
    /// Replaces the posted message by `snapshot`, metadata included; in plain sections where Slack refuses newer blocks, or
    /// `plain` says so.
    ///
    /// # Errors
    /// When it may be tried again later.
    pub async fn update_snapshot(
        &self,
        channel: &ChannelId,
        ts: &str,
        snapshot: &str,
        plain: bool,
        delivery: &DeliveryId,
    ) -> Result<Updated, SlackError> {
        let _ = (channel, ts, snapshot, plain, delivery);
        todo!()
    }
}
