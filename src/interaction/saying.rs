//! Short answers as messages.

use crate::message::Message;
use serde_json::json;

/// One plain sentence or a few; nothing in them is parsed.
pub(super) fn plain(words: &str) -> Message {
    let blocks = vec![json!({"type": "section", "text": {"type": "plain_text", "text": words, "emoji": false}})];
    Message { text: words.to_owned(), blocks }
}
