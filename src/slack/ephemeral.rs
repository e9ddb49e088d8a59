//! Telling one member something in a conversation, for their eyes alone.

use super::{Client, SlackError};
use crate::{
    message::Message,
    model::{ChannelId, MemberId},
};
use serde::de::IgnoredAny;
use serde_json::json;

const METHOD: &str = "chat.postEphemeral";

impl Client {
    /// Shows `message` to `member` in `channel`, until they reload. Nobody else sees it.
    ///
    /// # Errors
    /// When Slack does not take it: either is not in the channel, for example.
    pub async fn tell_alone(
        &self,
        channel: &ChannelId,
        member: &MemberId,
        message: &Message,
    ) -> Result<(), SlackError> {
        let request = json!({
            "channel": channel,
            "user": member,
            "text": message.text,
            "blocks": message.blocks,
            "parse": "none",
            "link_names": false,
        });
        let told = self.write::<IgnoredAny>(METHOD, &request).await;
        told.map(drop).map_err(|error| SlackError::of(METHOD, error))
    }
}
