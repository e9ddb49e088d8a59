//! Templates in `blocks/` become Block Kit and fallback text; Slack's limits are checked before any send.

pub mod check;
pub mod figures;
pub mod html;
pub mod lint;
mod mrkdwn;
mod plain;
mod template;
#[cfg(test)]
mod tests;
pub mod text;

use serde::{Deserialize, Serialize};
pub use template::{RenderError, TemplateError, Templates};

/// A message as it is posted: the whole of it as sentences, and its blocks.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Message {
    pub text: String,
    pub blocks: Vec<serde_json::Value>,
}

impl Message {
    /// Exactly `{"text": …, "blocks": […]}`: the snapshot that is kept until it is posted.
    pub fn to_json(&self) -> String {
        serde_json::json!({"text": self.text, "blocks": self.blocks}).to_string()
    }

    /// Reads what [`to_json`](Self::to_json) wrote.
    ///
    /// # Errors
    /// When it is anything else.
    pub fn from_json(json: &str) -> Result<Self, serde_json::Error> {
        serde_json::from_str(json)
    }
}
