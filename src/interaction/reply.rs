//! What goes back in the answer to Slack's own request, over either transport.

use crate::message::Message;
use serde::Serialize;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// The answer to one request.
#[derive(Debug, Clone, Default, PartialEq)]
pub enum Reply {
    /// Only that it has arrived.
    #[default]
    Nothing,
    /// For the eyes of who asked alone.
    Say(Message),
    /// What becomes of a modal that was sent off.
    Modal(ModalReply),
    /// The options of an external select.
    Options(Vec<Choice>),
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

impl Reply {
    /// [`body`](Self::body) as bytes, without a copy of its blocks.
    pub fn to_json(&self) -> Option<Vec<u8>> {
        let Self::Say(Message { text, blocks }) = self else { return self.body().map(|body| body.to_string().into()) };
        serde_json::to_vec(&Said { response_type: "ephemeral", text, blocks }).ok()
    }

    /// The body of the answer; none for an empty one.
    pub fn body(&self) -> Option<Value> {
        match self {
            Self::Nothing => None,
            Self::Say(Message { text, blocks }) => {
                Some(json!({"response_type": "ephemeral", "text": text, "blocks": blocks}))
            }
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
            Reply::Say(message),
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
