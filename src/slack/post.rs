//! Posting: a conversation is opened, a message goes into it once.

use super::{Client, PostError, SlackError, error::CallError};
use crate::{
    message::Message,
    model::{ChannelId, DeliveryId, MemberId},
};
use serde::{Deserialize, Serialize};
use slack_morphism::{
    SlackBasicChannelInfo, SlackChannelId, SlackMessageContent, SlackMessageMetadata,
    api::{SlackApiChatPostMessageRequest, SlackApiConversationsOpenResponse},
    blocks::SlackBlock,
};
use std::collections::HashMap;

/// The `event_type` of the metadata by which a message is found again after a lost answer.
pub const DELIVERY_EVENT: &str = "recap_delivery";

const OPEN: &str = "conversations.open";
const POST: &str = "chat.postMessage";

/// An accepted message: Slack's own word for where it stands.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Posted {
    pub channel: ChannelId,
    pub ts: String,
}

/// slack-morphism's request lacks `mrkdwn`.
#[derive(Serialize)]
struct Request {
    #[serde(flatten)]
    request: SlackApiChatPostMessageRequest,
    mrkdwn: bool,
}

impl Client {
    /// The direct conversation with a member, opened if need be; may be called again.
    pub async fn open_dm(&self, member: &MemberId) -> Result<ChannelId, SlackError> {
        // Slack's documentation wants `users` as one string; slack-morphism's request sends a list.
        let request = serde_json::json!({ "users": member });
        let answer: SlackApiConversationsOpenResponse<SlackBasicChannelInfo> =
            self.write(OPEN, &request).await.map_err(|error| SlackError::of(OPEN, error))?;
        Ok(ChannelId(answer.channel.id.0))
    }

    /// Posts `message`, marked with the opaque `delivery_id`, which every app in the workspace can read.
    ///
    /// Never repeats the request: see [`PostError`] for what each failure leaves open. Does not wait at the gate: its
    /// caller asks for its turn before it commits to posting.
    pub async fn post(&self, channel: &ChannelId, message: &Message, delivery_id: &str) -> Result<Posted, PostError> {
        let request = request(channel, message, delivery_id);
        let posted: Posted = self.write_admitted(POST, &request).await.map_err(PostError::of)?;
        if posted.channel.0.is_empty() || posted.ts.is_empty() {
            return Err(PostError::of(CallError::unreadable("it does not say where the message stands")));
        }
        Ok(posted)
    }

    /// Posts a stored message, JSON `{"text", "blocks"}`; `plain` where Slack refused its form before. See
    /// [`Client::post`].
    ///
    /// # Errors
    /// [`PostError::Content`] with the code `unreadable_snapshot` where `snapshot` is no message; nothing was sent then.
    pub async fn post_snapshot(
        &self,
        channel: &ChannelId,
        snapshot: &str,
        plain: bool,
        delivery_id: &DeliveryId,
    ) -> Result<Posted, PostError> {
        let message: Message = serde_json::from_str(snapshot).map_err(|_| PostError::unreadable_snapshot())?;
        let message = if plain { message.without_rich_blocks() } else { message };
        self.post(channel, &message, &delivery_id.0).await
    }
}

fn request(channel: &ChannelId, message: &Message, delivery_id: &str) -> Request {
    let metadata = SlackMessageMetadata::new(DELIVERY_EVENT.to_owned())
        .with_event_payload(HashMap::from([("delivery_id".to_owned(), delivery_id.to_owned())]));
    // Blocks go out as they were checked: the typed ones drop what they do not know.
    let blocks = message.blocks.iter().cloned().map(SlackBlock::Unknown).collect();
    let content =
        SlackMessageContent::new().with_text(message.text.clone()).with_blocks(blocks).with_metadata(metadata);
    let request = SlackApiChatPostMessageRequest::new(SlackChannelId(channel.0.clone()), content)
        .with_unfurl_links(false)
        .with_unfurl_media(false)
        .with_link_names(false)
        .with_parse("none".to_owned());
    // The text is plain sentences with foreign names in them: an underscore there is a letter, not italics.
    Request { request, mrkdwn: false }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_message_goes_out_as_it_was_checked_with_strings_only_in_its_metadata() {
        let block = json!({"type": "section", "text": {"type": "plain_text", "text": "hi"}, "of_tomorrow": 1});
        let message = Message { text: "hi".to_owned(), blocks: vec![block.clone()] };
        let sent = serde_json::to_value(request(&ChannelId("D1".into()), &message, "abc")).unwrap();
        assert_eq!(
            sent,
            json!({
                "channel": "D1", "text": "hi", "blocks": [block],
                "metadata": {"event_type": "recap_delivery", "event_payload": {"delivery_id": "abc"}},
                "link_names": false, "parse": "none", "unfurl_links": false, "unfurl_media": false, "mrkdwn": false,
            })
        );
    }
}
