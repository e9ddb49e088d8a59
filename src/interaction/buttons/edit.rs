//! A clicked message as it reads afterwards: the spent buttons give way to a line and what can be done next. Pure.

use crate::{
    interaction::{
        Action, Place,
        saying::{Button, actions, plain, with_buttons},
    },
    message::Message,
    personal::told,
    slack::Response,
};
use serde_json::{Value, json};

/// The line, and the buttons below it; of a second click they are replaced.
const LINE: &str = "recap_line";
const BUTTONS: &str = "recap_buttons";

/// The message that was clicked, with `line` and `buttons` in place of the block of the button. Where Slack did not show
/// its blocks, an answer that says the same.
pub(super) fn edited(action: &Action, line: &str, buttons: &[Button]) -> Response {
    let Place::Message { text, blocks, .. } = &action.place else {
        return Response::Ephemeral(with_buttons(plain(line), buttons));
    };
    if blocks.is_empty() {
        return Response::Ephemeral(with_buttons(plain(line), buttons));
    }
    Response::Replace(replaced(text, blocks, &action.block_id, line, buttons))
}

fn replaced(text: &str, blocks: &[Value], clicked: &str, line: &str, buttons: &[Button]) -> Message {
    let mut after = Vec::with_capacity(blocks.len() + 1);
    let mut state = vec![json!({"type": "section", "block_id": line_id(clicked),
        "text": {"type": "plain_text", "text": line, "emoji": false}})];
    if !buttons.is_empty() {
        state.push(actions(BUTTONS, buttons));
    }
    let mut before = None;
    for block in blocks {
        let id = block["block_id"].as_str().unwrap_or_default();
        if id == LINE && !state.is_empty() {
            before = block["text"]["text"].as_str();
        } else if id == clicked {
            after.append(&mut state);
        } else {
            after.push(block.clone());
        }
    }
    after.append(&mut state);
    // What an earlier click left there goes.
    let text = match before.map(told::escaped) {
        Some(before) => text.strip_suffix(&before).unwrap_or(text).trim_end(),
        None => text.trim_end(),
    };
    Message { text: format!("{text} {}", told::escaped(line)).trim_start().to_owned(), blocks: after }
}

/// Of a message with several such lines (a run report) each has its own.
fn line_id(clicked: &str) -> String {
    if clicked.starts_with("resolve") { format!("{LINE}_{clicked}") } else { LINE.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        interaction::saying::{RESUME, SETTINGS, START_AGAIN},
        message::{Templates, check, lint},
    };
    use proptest::prelude::*;

    fn digest() -> Message {
        let (_, sample) = check::samples_of("daily").into_iter().next().unwrap();
        Templates::embedded().render("daily", &sample).unwrap()
    }

    fn ids(message: &Message) -> Vec<&str> {
        message.blocks.iter().filter_map(|block| block["block_id"].as_str()).collect()
    }

    #[test]
    fn the_spent_buttons_give_way_to_a_line_and_the_rest_stays() {
        let before = digest();
        let after = replaced(&before.text, &before.blocks, "digest_actions", "Paused until Mon, Jan 20.", &[RESUME]);
        assert_eq!(lint::faults(&after), []);
        let rest = before.blocks.len() - 1;
        assert_eq!(after.blocks[..rest], before.blocks[..rest]);
        assert_eq!(after.blocks[rest]["text"]["text"], "Paused until Mon, Jan 20.");
        assert_eq!(after.blocks[rest + 1]["elements"][0]["action_id"], "usage_resume");
        assert_eq!(after.blocks.len(), rest + 2);
        assert_eq!(after.text, format!("{} Paused until Mon, Jan 20.", before.text));
    }

    #[test]
    fn a_later_click_replaces_what_an_earlier_one_left() {
        let before = digest();
        let paused = replaced(&before.text, &before.blocks, "digest_actions", "Paused <until> Monday.", &[RESUME]);
        let resumed = replaced(&paused.text, &paused.blocks, BUTTONS, "They go on.", &[SETTINGS]);
        assert_eq!(resumed.text, format!("{} They go on.", before.text));
        assert_eq!(ids(&resumed), [LINE, BUTTONS]);
        let stopped = replaced(&resumed.text, &resumed.blocks, BUTTONS, "No more.", &[START_AGAIN]);
        assert_eq!((stopped.blocks.len(), ids(&stopped)), (paused.blocks.len(), vec![LINE, BUTTONS]));
        assert_eq!(lint::faults(&stopped), []);
    }

    #[test]
    fn each_of_several_cases_has_a_line_of_its_own() {
        let (_, sample) = check::samples_of("run_report").into_iter().nth(1).unwrap();
        let mut message = Templates::embedded().render("run_report", &sample).unwrap();
        let cases: Vec<_> =
            ids(&message).iter().filter(|id| id.starts_with("resolve_")).map(|id| (*id).to_owned()).collect();
        assert!(cases.len() > 1);
        for case in &cases {
            message = replaced(&message.text, &message.blocks, case, "Recorded as arrived.", &[]);
            assert_eq!(lint::faults(&message), []);
        }
        let lines = message.blocks.iter().filter(|block| block["text"]["text"] == "Recorded as arrived.").count();
        assert_eq!(lines, cases.len());
    }

    proptest! {
        #[test]
        fn whatever_stood_there_the_line_is_told(text in any::<String>(), id in any::<String>(), line in "\\PC{1,50}") {
            let blocks = [json!({"block_id": id}), json!(null), json!([1]), json!({"block_id": 7, "text": "x"})];
            let after = replaced(&text, &blocks, "digest_actions", &line, &[RESUME]);
            prop_assert!(after.text.ends_with(told::escaped(&line).trim_start()));
            prop_assert!(after.blocks.iter().any(|block| block["text"]["text"] == line.as_str()));
        }
    }
}
