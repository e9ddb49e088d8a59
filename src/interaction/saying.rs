//! Short answers as messages, and how they reach who asked.

mod digests;
mod give;
mod trouble;

pub(super) use digests::{
    Did, data_to, line, not_found, offers, opted_in, opted_out, paused, resumed, stands, status, with_time,
};
pub(super) use give::{Destination, Pace, deliver, give};
pub(super) use trouble::Trouble;

use crate::{message::Message, personal::told};
use serde_json::{Value, json};

/// A button below an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Button {
    pub(super) action: &'static str,
    pub(super) label: &'static str,
}

pub(super) const GET_DIGEST: Button = Button { action: "usage_get_digest", label: "Send me this daily" };
pub(super) const START_AGAIN: Button = Button { action: "usage_get_digest", label: "Start again" };
pub(super) const NAME_ME: Button = Button { action: "usage_name_me", label: "Name me as MVP" };
pub(super) const RESUME: Button = Button { action: "usage_resume", label: "Resume" };
pub(super) const SETTINGS: Button = Button { action: "usage_settings", label: "Settings" };
const STOP: Button = Button { action: "usage_stop", label: "Stop these messages" };
pub(super) const MY_WEEK: Button = Button { action: "digest_my_week", label: "My week" };

impl Button {
    /// As Block Kit writes it.
    fn json(&self) -> Value {
        let text = json!({"type": "plain_text", "text": self.label, "emoji": false});
        json!({"type": "button", "action_id": self.action, "text": text})
    }
}

/// One plain sentence or a few; nothing in them is parsed.
pub(super) fn plain(words: &str) -> Message {
    told::paragraphs(&[words.to_owned()])
}

/// The message with buttons below it.
pub(super) fn with_buttons(mut message: Message, buttons: &[Button]) -> Message {
    if !buttons.is_empty() {
        message.blocks.push(actions("usage_actions", buttons));
    }
    message
}

/// A block of buttons.
pub(super) fn actions(block_id: &str, buttons: &[Button]) -> Value {
    json!({"type": "actions", "block_id": block_id, "elements": buttons.iter().map(Button::json).collect::<Vec<_>>()})
}

/// `intro`, then what `message` says but for its own buttons.
pub(super) fn introduced(intro: &[String], message: Message) -> Message {
    let Message { text, mut blocks } = told::paragraphs(intro);
    blocks.extend(message.blocks.into_iter().filter(|block| block["type"] != "actions").map(without_button));
    Message { text: format!("{text} {}", message.text), blocks }
}

/// What stands before "Show my name": without that button it asks for nothing.
const ASKED: [&str; 2] = [" Is it you?", " Are you one of them?"];

/// A section without the button beside it, and without what it asks.
fn without_button(mut block: Value) -> Value {
    let Some(button) = block.as_object_mut().and_then(|fields| fields.remove("accessory")) else { return block };
    let shows_name = button["action_id"].as_str().is_some_and(|id| id.starts_with("weekly_show_name_"));
    if let Some(text) = block["text"]["text"].as_str().filter(|_| shows_name) {
        let asked = ASKED.iter().find_map(|asked| text.strip_suffix(asked));
        block["text"]["text"] = Value::from(asked.unwrap_or(text));
    }
    block
}

/// A line in small letters.
pub(super) fn context(words: &str) -> Value {
    json!({"type": "context", "elements": [{"type": "plain_text", "text": words, "emoji": false}]})
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_cannot_press_show_my_name_is_not_asked_who_won() {
        let mvp = |text: &str, action: &str| {
            json!({"type": "section", "text": {"type": "plain_text", "text": text},
                "accessory": {"type": "button", "action_id": action}})
        };
        for (action, text, left) in [
            ("weekly_show_name_skills", "MVP: a teammate (9). Is it you?", "MVP: a teammate (9)."),
            ("weekly_show_name_sessions", "MVP: two teammates. Are you one of them?", "MVP: two teammates."),
            ("weekly_show_name_sessions", "MVP: Ada (9)", "MVP: Ada (9)"),
            ("another", "Is it you?", "Is it you?"),
        ] {
            let message = Message { text: "Last week.".to_owned(), blocks: vec![mvp(text, action)] };
            let shown = introduced(&[], message);
            assert_eq!(shown.blocks, [json!({"type": "section", "text": {"type": "plain_text", "text": left}})]);
        }
    }
}
