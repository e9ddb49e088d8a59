//! Changing a message that was posted.

use super::{Client, DELIVERY_EVENT, SlackError, UNREADABLE_SNAPSHOT, error::CallError, post_error::is_about_content};
use crate::{
    message::Message,
    model::{ChannelId, DeliveryId},
};
use serde::de::IgnoredAny;
use serde_json::{Value, json};

const UPDATE: &str = "chat.update";

/// What became of an update. It says the same each time, so it may be repeated.
#[derive(Debug, Clone, PartialEq, Eq)]
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
        let Ok(message) = Message::from_json(snapshot) else {
            return Ok(Updated::Refused { code: UNREADABLE_SNAPSHOT.to_owned() });
        };
        if !plain {
            match self.update(channel, ts, &message, delivery).await? {
                Updated::Refused { code } if is_about_content(&code) => {
                    tracing::warn!(slack.code = code, delivery.id = %delivery, "Slack refused the form, updating in plain sections");
                }
                outcome => return Ok(outcome),
            }
        }
        let outcome = self.update(channel, ts, &message.without_rich_blocks(), delivery).await?;
        Ok(if matches!(outcome, Updated::Done { .. }) { Updated::Done { plain: true } } else { outcome })
    }

    async fn update(
        &self,
        channel: &ChannelId,
        ts: &str,
        message: &Message,
        delivery: &DeliveryId,
    ) -> Result<Updated, SlackError> {
        match self.write::<IgnoredAny>(UPDATE, &request(channel, ts, message, delivery)).await {
            Ok(_) => Ok(Updated::Done { plain: false }),
            Err(error) => refused(error).map(|code| Updated::Refused { code }),
        }
    }
}

/// The code with which Slack says no to this update for good.
fn refused(error: CallError) -> Result<String, SlackError> {
    match error {
        // Whatever came of it, the same update may be made again.
        CallError::Status(_) | CallError::Unreadable { .. } => {
            Err(SlackError::Later { method: UPDATE, what: error.to_string(), retry_after: None, limited: false })
        }
        error => match SlackError::of(UPDATE, error) {
            SlackError::Refused { code, .. } => Ok(code),
            error => Err(error),
        },
    }
}

/// What is left out stays as it was in Slack, so all is sent: an empty list of blocks too.
fn request(channel: &ChannelId, ts: &str, message: &Message, delivery: &DeliveryId) -> Value {
    json!({
        "channel": channel,
        "ts": ts,
        "text": message.text,
        "blocks": message.blocks,
        "metadata": { "event_type": DELIVERY_EVENT, "event_payload": { "delivery_id": delivery } },
        "link_names": false,
        "parse": "none",
        "unfurl_links": false,
        "unfurl_media": false,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_slacks_own_no_is_for_good() {
        let api = |code: &str| CallError::Api { code: code.to_owned(), needed: None };
        for code in [
            "message_not_found",
            "cant_update_message",
            "edit_window_closed",
            "channel_not_found",
            "is_archived",
            "is_inactive",
            "not_in_channel",
            "invalid_blocks",
            "unknown_method",
        ] {
            assert_eq!(refused(api(code)), Ok(code.to_owned()));
        }
        for error in [
            api("internal_error"),
            api("fatal_error"),
            CallError::Timeout,
            CallError::Broken("reset".into()),
            CallError::Connect("refused".into()),
            CallError::Status(404),
            CallError::Status(503),
            CallError::unreadable("HTML"),
            CallError::RateLimited { retry_after: None },
        ] {
            assert!(matches!(refused(error.clone()), Err(SlackError::Later { .. })), "{error}");
        }
        assert!(matches!(refused(api("token_revoked")), Err(SlackError::Workspace { .. })));
    }
}
