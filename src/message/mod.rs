//! Templates in `blocks/` become Block Kit and fallback text; Slack's limits are checked before any send.

pub mod check;
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
pub struct Message {
    pub text: String,
    pub blocks: Vec<serde_json::Value>,
}
