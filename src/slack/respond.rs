//! Answers through a `response_url`: five within half an hour, without a token.

use super::{Client, SlackError};
use crate::message::Message;

/// Where a command or a click is answered later; Slack's hosts only. Whoever has it may post, so it is never shown.
#[derive(Clone, PartialEq, Eq)]
pub struct ResponseUrl(pub(super) String);

impl std::fmt::Debug for ResponseUrl {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("ResponseUrl(…)")
    }
}

/// What becomes of the message that was clicked, or where the answer stands.
#[derive(Debug, Clone, PartialEq)]
pub enum Response {
    /// For the eyes of who asked alone.
    Ephemeral(Message),
    /// In place of the message whose button was pressed.
    Replace(Message),
    /// The (ephemeral) message whose button was pressed goes away.
    Delete,
}

impl Client {
    /// The address as it came with a request; none where it does not lead to Slack (`https://hooks.slack.com`, or the host of
    /// `slack.api_url`).
    pub fn response_url(&self, text: &str) -> Option<ResponseUrl> {
        let _ = text;
        todo!()
    }

    /// # Errors
    /// When Slack does not take it.
    pub async fn respond(&self, to: &ResponseUrl, response: &Response) -> Result<(), SlackError> {
        let _ = (to, response);
        todo!()
    }
}
