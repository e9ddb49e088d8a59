//! Blocks of plain text: what is foreign is never parsed.

use serde_json::{Value, json};

/// The longest text of a section.
const SECTION: usize = 3_000;
const FIELD: usize = 2_000;
const HEADER: usize = 150;

/// A `plain_text` object of at most `most` characters; Slack refuses an empty one.
pub(in crate::interaction) fn plain(text: &str, most: usize) -> Value {
    json!({ "type": "plain_text", "text": cut(text, most), "emoji": false })
}

/// At most `most` characters, never none.
pub(super) fn cut(text: &str, most: usize) -> String {
    if text.trim().is_empty() {
        return "–".to_owned();
    }
    if text.chars().count() <= most {
        return text.to_owned();
    }
    text.chars().take(most.saturating_sub(1)).chain(['…']).collect()
}

pub(in crate::interaction) fn header(text: &str) -> Value {
    json!({ "type": "header", "text": plain(text, HEADER) })
}

pub(in crate::interaction) fn section(text: &str) -> Value {
    json!({ "type": "section", "text": plain(text, SECTION) })
}

/// Small print.
pub(in crate::interaction) fn context(text: &str) -> Value {
    json!({ "type": "context", "elements": [plain(text, FIELD)] })
}

pub(in crate::interaction) fn divider() -> Value {
    json!({ "type": "divider" })
}

/// A row of buttons.
pub(in crate::interaction) fn actions(elements: Vec<Value>) -> Value {
    let mut block = json!({ "type": "actions" });
    block["elements"] = Value::Array(elements);
    block
}

/// A question; its block has the id of its element's action, so that each value has one name.
pub(in crate::interaction) fn input(id: &str, label: &str, element: Value) -> Value {
    let mut element = element;
    element["action_id"] = json!(id);
    json!({ "type": "input", "block_id": id, "label": plain(label, FIELD), "element": element })
}

/// A question that may be left open.
pub(in crate::interaction) fn optional(mut input: Value) -> Value {
    input["optional"] = json!(true);
    input
}

pub(in crate::interaction) fn hinted(mut input: Value, hint: &str) -> Value {
    input["hint"] = plain(hint, FIELD);
    input
}

/// A question whose choice is told at once, not only when the modal is sent off.
pub(in crate::interaction) fn listening(mut input: Value) -> Value {
    input["dispatch_action"] = json!(true);
    input
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_cut_by_characters_and_never_empty() {
        assert_eq!(plain("", 10)["text"], "–");
        assert_eq!(plain(" \n", 10)["text"], "–");
        assert_eq!(plain("éééé", 4)["text"], "éééé");
        assert_eq!(plain("ééééé", 4)["text"], "ééé…");
    }
}
