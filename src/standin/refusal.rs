//! How a call is refused: Slack's error code and what stands beside it.

use serde_json::{Map, Value, json};

/// A refusal with its code, further fields and, where it is not 200, the HTTP status.
#[derive(Debug, Clone)]
pub(super) struct Refusal {
    pub code: String,
    pub retry_after: Option<u64>,
    fields: Vec<(&'static str, String)>,
    messages: Vec<String>,
}

/// What a method answers: the fields beside `"ok": true`, or a refusal.
pub(super) type Answer = Result<Value, Refusal>;

impl Refusal {
    pub fn new(code: impl Into<String>) -> Self {
        Self { code: code.into(), retry_after: None, fields: Vec::new(), messages: Vec::new() }
    }

    /// The 429 that asks to wait so many seconds.
    pub fn rate_limited(seconds: u64) -> Self {
        Self { retry_after: Some(seconds), ..Self::new("ratelimited") }
    }

    /// The refusal for want of a scope, as Slack words it.
    pub fn missing_scope(needed: &str, provided: &str) -> Self {
        let mut refusal = Self::new("missing_scope");
        refusal.fields = vec![("needed", needed.to_owned()), ("provided", provided.to_owned())];
        refusal
    }

    /// Adds a line to `response_metadata.messages`.
    pub fn message(mut self, message: impl Into<String>) -> Self {
        self.messages.push(message.into());
        self
    }

    /// The response body.
    pub fn body(&self) -> Value {
        let mut body = Map::new();
        body.insert("ok".to_owned(), json!(false));
        body.insert("error".to_owned(), json!(self.code));
        body.extend(self.fields.iter().map(|(name, value)| ((*name).to_owned(), json!(value))));
        if !self.messages.is_empty() {
            body.insert("response_metadata".to_owned(), json!({ "messages": self.messages }));
        }
        Value::Object(body)
    }
}
