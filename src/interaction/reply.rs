//! What goes back in the answer to Slack's own request, over either transport.

use crate::message::Message;
use bytes::Bytes;
use serde::Serialize;
use serde_json::{Value, json};
use std::{collections::BTreeMap, sync::Arc};

/// The answer to one request.
#[derive(Debug, Clone, Default, PartialEq)]
pub enum Reply {
    /// Only that it has arrived.
    #[default]
    Nothing,
    /// For the eyes of who asked alone.
    Say(Message),
    /// The same words to everybody, written once.
    Written(Written),
    /// What becomes of a modal that was sent off.
    Modal(ModalReply),
    /// The options of an external select.
    Options(Vec<Choice>),
}

/// A message and the body that says it. Cheap to clone.
#[derive(Debug, Clone, PartialEq)]
pub struct Written {
    message: Arc<Message>,
    body: Bytes,
}

/// What becomes of a modal that was sent off; with [`Reply::Nothing`] it closes.
#[derive(Debug, Clone, PartialEq)]
pub enum ModalReply {
    /// It stays, with what is wrong beside each block; by block id.
    Errors(BTreeMap<String, String>),
    Update(Value),
    Push(Value),
    /// All modals close.
    Clear,
}

/// An option of a select.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    pub text: String,
    pub value: String,
}

#[derive(Serialize)]
struct Said<'a> {
    response_type: &'static str,
    text: &'a str,
    blocks: &'a [Value],
}

impl Written {
    pub fn new(message: Message) -> Self {
        Self { body: said(&message), message: Arc::new(message) }
    }
}

/// The body that says `message`, without a copy of its blocks.
fn said(Message { text, blocks }: &Message) -> Bytes {
    serde_json::to_vec(&Said { response_type: "ephemeral", text, blocks }).unwrap_or_default().into()
}

impl Reply {
    /// What is said, if it is words.
    pub fn words(&self) -> Option<&Message> {
        match self {
            Self::Say(message) => Some(message),
            Self::Written(Written { message, .. }) => Some(message),
            _ => None,
        }
    }

    /// [`body`](Self::body) as bytes.
    pub fn to_json(&self) -> Option<Bytes> {
        match self {
            Self::Written(written) => Some(written.body.clone()),
            Self::Say(message) => Some(said(message)),
            _ => self.body().map(|body| body.to_string().into()),
        }
    }

    /// The body of the answer; none for an empty one.
    pub fn body(&self) -> Option<Value> {
        match self {
            Self::Nothing => None,
            Self::Say(_) | Self::Written(_) => self
                .words()
                .map(|Message { text, blocks }| json!({"response_type": "ephemeral", "text": text, "blocks": blocks})),
            Self::Modal(ModalReply::Errors(errors)) => Some(json!({"response_action": "errors", "errors": errors})),
            Self::Modal(ModalReply::Update(view)) => Some(json!({"response_action": "update", "view": view})),
            Self::Modal(ModalReply::Push(view)) => Some(json!({"response_action": "push", "view": view})),
            Self::Modal(ModalReply::Clear) => Some(json!({"response_action": "clear"})),
            Self::Options(options) => Some(json!({ "options": options.iter().map(Choice::json).collect::<Vec<_>>() })),
        }
    }
}

impl Choice {
    /// As Block Kit writes it.
    pub fn json(&self) -> Value {
        json!({"text": {"type": "plain_text", "text": self.text}, "value": self.value})
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_say_what_the_body_says() {
        let message = Message { text: "Hello".into(), blocks: vec![json!({ "type": "divider" })] };
        let errors = BTreeMap::from([("time".to_owned(), "Please choose a time".to_owned())]);
        for reply in [
            Reply::Nothing,
            Reply::Say(message.clone()),
            Reply::Written(Written::new(message)),
            Reply::Modal(ModalReply::Errors(errors)),
            Reply::Modal(ModalReply::Clear),
            Reply::Options(vec![Choice { text: "Berlin".into(), value: "Europe/Berlin".into() }]),
        ] {
            let bytes = reply.to_json();
            let read = bytes.map(|bytes| serde_json::from_slice::<Value>(&bytes).unwrap());
            assert_eq!(read, reply.body(), "{reply:?}");
        }
    }
}
