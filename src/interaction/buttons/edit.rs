//! A clicked message as it reads afterwards: the spent buttons give way to a line and what can be done next. Pure.

use crate::{
    interaction::{Action, Place, saying::plain},
    message::Message,
    personal::told,
    slack::Response,
};
use serde_json::{Value, json};

/// The line, and the buttons below it; of a second click they are replaced.
const LINE: &str = "recap_line";
pub(super) const BUTTONS: &str = "recap_buttons";

/// The message that was clicked, with `line` and what is offered in place of the block of the button. An answer for one
/// pair of eyes gives way to it as a whole. Where Slack did not show a message's blocks, an answer that says the same.
pub(super) fn edited(action: &Action, line: &str, offers: &[Value]) -> Response {
    let alone = || {
        let Message { text, mut blocks } = plain(line);
        blocks.extend(offered(offers));
        Message { text, blocks }
    };
    match &action.place {
        Place::Message { ephemeral: true, .. } => Response::Replace(alone()),
        Place::Message { text, blocks, .. } if !blocks.is_empty() => {
            Response::Replace(replaced(text, blocks, &action.block_id, line, offers))
        }
        _ => Response::Ephemeral(alone()),
    }
}

fn offered(offers: &[Value]) -> Option<Value> {
    (!offers.is_empty()).then(|| json!({"type": "actions", "block_id": BUTTONS, "elements": offers}))
}

fn replaced(text: &str, blocks: &[Value], clicked: &str, line: &str, offers: &[Value]) -> Message {
    let mut after = Vec::with_capacity(blocks.len() + 1);
    let mut state = vec![json!({"type": "section", "block_id": line_id(clicked),
        "text": {"type": "plain_text", "text": line, "emoji": false}})];
    state.extend(offered(offers));
    let (mut before, offers) = (None, state.len() > 1);
    for block in blocks {
        let id = block["block_id"].as_str().unwrap_or_default();
        // A run report says nothing of anybody's digests.
        if id == LINE && offers {
            before = block["text"]["text"].as_str();
        } else if id == clicked || id == BUTTONS && offers {
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
    use crate::message::{Templates, check, lint};
    use proptest::prelude::*;

    fn digest() -> Message {
        let (_, sample) = check::samples_of("daily").into_iter().next().unwrap();
        Templates::embedded().render("daily", &sample).unwrap()
    }

    fn offer(action: &str) -> Vec<Value> {
        vec![json!({"type": "button", "action_id": action, "text": {"type": "plain_text", "text": "Press"}})]
    }

    fn ids(message: &Message) -> Vec<&str> {
        message.blocks.iter().filter_map(|block| block["block_id"].as_str()).collect()
    }

    #[test]
    fn the_spent_buttons_give_way_to_a_line_and_the_rest_stays() {
        let before = digest();
        let after = replaced(
            &before.text,
            &before.blocks,
            "digest_actions",
            "Paused until Mon, Jan 20.",
            &offer("usage_resume"),
        );
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
        let paused =
            replaced(&before.text, &before.blocks, "digest_actions", "Paused <until> Monday.", &offer("usage_resume"));
        let resumed = replaced(&paused.text, &paused.blocks, BUTTONS, "They go on.", &offer("usage_settings"));
        assert_eq!(resumed.text, format!("{} They go on.", before.text));
        assert_eq!(ids(&resumed), [LINE, BUTTONS]);
        let stopped = replaced(&resumed.text, &resumed.blocks, BUTTONS, "No more.", &offer("usage_get_digest"));
        assert_eq!((stopped.blocks.len(), ids(&stopped)), (paused.blocks.len(), vec![LINE, BUTTONS]));
        assert_eq!(lint::faults(&stopped), []);
    }

    #[test]
    fn what_a_first_digest_says_of_the_next_one_gives_way() {
        let samples = check::samples_of("daily").into_iter();
        let first = samples.map(|(_, sample)| Templates::embedded().render("daily", &sample).unwrap());
        let first: Vec<_> = first.filter(|digest| ids(digest).contains(&LINE)).collect();
        assert!(!first.is_empty());
        for before in first {
            assert!(before.text.contains("The next one comes on"), "{}", before.text);
            let after =
                replaced(&before.text, &before.blocks, "digest_actions", "No more.", &offer("usage_get_digest"));
            assert!(after.text.ends_with(" No more.") && !after.text.contains("next one"), "{}", after.text);
            assert!(!json!(after.blocks).to_string().contains("next one"));
            assert_eq!(ids(&after), [LINE, BUTTONS]);
        }
    }

    #[test]
    fn a_click_on_what_was_spent_leaves_one_line_and_one_row_of_buttons() {
        let before = digest();
        let paused = replaced(&before.text, &before.blocks, "digest_actions", "Paused.", &offer("usage_resume"));
        // Slack shows how the message stands by now, and who clicked saw it as it was.
        let stopped = replaced(&paused.text, &paused.blocks, "digest_actions", "No more.", &offer("usage_get_digest"));
        assert_eq!((ids(&stopped), stopped.blocks.len()), (vec![LINE, BUTTONS], paused.blocks.len()));
        assert_eq!(stopped.text, format!("{} No more.", before.text));
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
            let after = replaced(&text, &blocks, "digest_actions", &line, &offer("usage_resume"));
            prop_assert!(after.text.ends_with(told::escaped(&line).trim_start()));
            prop_assert!(after.blocks.iter().any(|block| block["text"]["text"] == line.as_str()));
        }
    }
}
