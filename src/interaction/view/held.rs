//! A message shown inside of a view: as it would be posted, but for what a view cannot hold and what must not be pressed.

use super::block::context;
use crate::message::{Message, text};
use serde_json::Value;

/// Blocks that messages and views draw alike.
const ALIKE: [&str; 6] = ["section", "header", "context", "divider", "image", "rich_text"];

/// At most so many of a message's blocks are shown.
const MOST: usize = 60;

/// The blocks of `message`; its buttons are written out.
pub(in crate::interaction) fn held(message: &Message) -> Vec<Value> {
    message.blocks.iter().flat_map(block).take(MOST).collect()
}

fn block(block: &Value) -> Vec<Value> {
    let one = Message { text: String::new(), blocks: vec![block.clone()] };
    let kind = block.get("type").and_then(Value::as_str).unwrap_or_default();
    // A button of the message would act, and look like one of the view.
    if kind == "actions" || block.get("accessory").is_some() {
        return text::render(&one).lines().filter(|line| !line.trim().is_empty()).map(context).collect();
    }
    let mut blocks = if ALIKE.contains(&kind) { one.blocks } else { one.without_rich_blocks().blocks };
    for block in &mut blocks {
        if let Some(block) = block.as_object_mut() {
            // Ids are unique in the view, not in what it shows.
            block.remove("block_id");
        }
    }
    blocks
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::message::lint;
    use serde_json::json;

    #[test]
    fn a_message_in_a_view_keeps_its_words_and_numbers_and_loses_its_buttons() {
        let message = Message {
            text: "The week.".to_owned(),
            blocks: vec![
                json!({"type": "header", "block_id": "same", "text": {"type": "plain_text", "text": "Week"}}),
                json!({"type": "section", "text": {"type": "plain_text", "text": "Is it you?"}, "accessory":
                    {"type": "button", "action_id": "weekly_show_name_1", "text": {"type": "plain_text", "text": "Show my name"}}}),
                json!({"type": "data_visualization", "title": "Sessions by day", "chart": {"type": "pie",
                    "segments": [{"label": "Mon", "value": 3}]}}),
                json!({"type": "actions", "block_id": "same", "elements": [
                    {"type": "button", "action_id": "digest_my_week", "text": {"type": "plain_text", "text": "My week"}}]}),
            ],
        };
        let blocks = held(&message);
        let shown = text::render(&Message { text: String::new(), blocks: blocks.clone() });
        insta::assert_snapshot!(shown, @r"
        Week
        Is it you? [Show my name]
        Sessions by day: Mon 3
        [My week]
        ");
        assert!(!json!(blocks).to_string().contains("action_id"));
        assert_eq!(lint::view_faults(&json!({"type": "home", "blocks": blocks})), []);
    }
}
