//! The shapes of modals and App Homes.

use super::{
    blocks::VIEW_BLOCK,
    shape::{Field, Kind, Shape, may, need, shape},
    walk::{Place, Walk},
};
use serde_json::{Map, Value};

/// What `views.open`, `views.push`, `views.update` and `views.publish` take.
pub(super) static VIEW: Kind = Kind::Choice(&[("modal", &MODAL), ("home", &HOME)]);

// How many there are is told for the view as a whole.
const BLOCKS: Field = need("blocks", Kind::List(0, usize::MAX, &VIEW_BLOCK));
const CALLBACK_ID: Field = may("callback_id", Kind::Name(255));
const EXTERNAL_ID: Field = may("external_id", Kind::Name(255));
const PRIVATE_METADATA: Field = may("private_metadata", Kind::Note(3_000));

static MODAL: Shape = Shape {
    fields: &[
        BLOCKS,
        CALLBACK_ID,
        EXTERNAL_ID,
        PRIVATE_METADATA,
        need("title", Kind::Plain(24)),
        may("submit", Kind::Plain(24)),
        may("close", Kind::Plain(24)),
        may("submit_disabled", Kind::Flag),
        may("clear_on_close", Kind::Flag),
        may("notify_on_close", Kind::Flag),
    ],
    also: Some(can_be_sent),
};

static HOME: Shape = shape(&[BLOCKS, CALLBACK_ID, EXTERNAL_ID, PRIVATE_METADATA]);

fn can_be_sent(walk: &mut Walk, modal: &Map<String, Value>, place: &Place<'_>) {
    let blocks = modal.get("blocks").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let asks = blocks.iter().any(|block| block.get("type").and_then(Value::as_str) == Some("input"));
    walk.expect(!asks || modal.contains_key("submit"), place, "a modal with `input` blocks must have `submit`");
}

#[cfg(test)]
mod tests {
    use crate::message::lint::view_faults;
    use serde_json::{Value, json};

    fn plain(length: usize) -> Value {
        json!({"type": "plain_text", "text": "é".repeat(length)})
    }

    fn modal(key: &str, value: Value) -> Value {
        let mut modal = json!({"type": "modal", "title": plain(1), "blocks": []});
        modal[key] = value;
        modal
    }

    #[test]
    fn every_limit_of_a_view_holds_exactly() {
        type Sized = (&'static str, usize, fn(usize) -> Value);
        let limits: [Sized; 8] = [
            ("title", 24, |n| modal("title", plain(n))),
            ("submit", 24, |n| modal("submit", plain(n))),
            ("close", 24, |n| modal("close", plain(n))),
            ("callback_id", 255, |n| modal("callback_id", json!("c".repeat(n)))),
            ("private_metadata", 3_000, |n| modal("private_metadata", json!("m".repeat(n)))),
            ("blocks", 100, |n| modal("blocks", json!(vec![json!({"type": "divider"}); n]))),
            ("blocks of a home", 100, |n| json!({"type": "home", "blocks": vec![json!({"type": "divider"}); n]})),
            ("label", 2_000, |n| {
                let input = json!({"type": "input", "label": plain(n), "element": {"type": "plain_text_input"}});
                let mut modal = modal("submit", plain(1));
                modal["blocks"] = json!([input]);
                modal
            }),
        ];
        for (name, limit, view) in limits {
            assert_eq!(view_faults(&view(limit)), [], "{name} at {limit}");
            assert_ne!(view_faults(&view(limit + 1)), [], "{name} at {}", limit + 1);
        }
    }

    #[test]
    fn a_view_may_say_more_than_a_message_and_has_a_limit_of_its_own() {
        let section = json!({"type": "section", "text": plain(3_000)});
        let home = |count: usize| json!({"type": "home", "blocks": vec![section.clone(); count]});
        assert_eq!(view_faults(&home(40)), []);
        assert!(view_faults(&home(42))[0].problem.starts_with("a view has at most 250000 bytes"));
    }

    #[test]
    fn what_a_view_cannot_hold_is_a_fault_at_its_place() {
        let input = json!({"type": "input", "label": plain(1), "element": {"type": "plain_text_input"}});
        for (view, pointer, problem) in [
            (json!({"type": "modal", "blocks": []}), "/view", "`title` is missing"),
            (json!({"type": "home"}), "/view", "`blocks` is missing"),
            (json!({"type": "page", "blocks": []}), "/view/type", "`page` is not one of"),
            (json!({"type": "home", "blocks": [], "title": plain(1)}), "/view/title", "is not known here"),
            (modal("blocks", json!([{"type": "markdown", "text": "x"}])), "/view/blocks/0/type", "`markdown`"),
            (modal("blocks", json!([input])), "/view", "must have `submit`"),
        ] {
            let faults = view_faults(&view);
            let found = faults.iter().any(|fault| fault.pointer == pointer && fault.problem.contains(problem));
            assert!(found, "{pointer} {problem}: {faults:?}");
        }
    }
}
