//! What goes back in the answer to Slack's own request, over either transport.

use crate::message::Message;
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

impl Reply {
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
