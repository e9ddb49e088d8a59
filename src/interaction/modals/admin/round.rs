//! Slack keeps what stands in a question as long as its block keeps its id: a form that is to show something else asks with
//! other ids, those of its next round. Pure.

use crate::interaction::{State, View};
use serde_json::{Value, json};
use std::collections::BTreeMap;

const MARK: char = '~';

/// `view` with the ids of this round; the first has none of its own.
pub(super) fn marked(mut view: Value, round: Option<i64>) -> Value {
    let blocks = view["blocks"].as_array_mut().into_iter().flatten();
    for block in blocks.filter(|block| block["type"] == "input") {
        if let (Some(round), Some(id)) = (round, block["block_id"].as_str()) {
            block["block_id"] = json!(format!("{id}{MARK}{round}"));
        }
    }
    view
}

/// `view` with the ids of the first round, whichever it is of.
pub(super) fn unmarked(view: &View) -> View {
    let blocks = view.state.0.iter().map(|(id, values)| (plain(id).to_owned(), values.clone()));
    View { state: State(blocks.collect()), ..view.clone() }
}

/// What is wrong, by the ids that `view` has.
pub(super) fn beside(errors: BTreeMap<String, String>, view: &View) -> BTreeMap<String, String> {
    let own = |id: &str| view.state.0.keys().find(|own| plain(own) == id).cloned();
    errors.into_iter().map(|(id, words)| (own(&id).unwrap_or(id), words)).collect()
}

fn plain(id: &str) -> &str {
    id.split_once(MARK).map_or(id, |(plain, _)| plain)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::interaction::Chosen;

    #[test]
    fn the_ids_of_a_round_come_back_as_those_of_the_first() {
        let form = json!({"blocks": [{"type": "input", "block_id": "admin_a"}, {"type": "actions", "block_id": "b"}]});
        assert_eq!(marked(form.clone(), None), form);
        let second = marked(form, Some(3));
        assert_eq!(
            (&second["blocks"][0]["block_id"], &second["blocks"][1]["block_id"]),
            (&json!("admin_a~3"), &json!("b"))
        );
        let values = BTreeMap::from([("admin_a".to_owned(), Chosen::Nothing)]);
        let view = View {
            id: "V1".into(),
            hash: String::new(),
            callback_id: String::new(),
            private_metadata: String::new(),
            state: State(BTreeMap::from([("admin_a~3".to_owned(), values)])),
            kind: "modal".into(),
        };
        assert!(unmarked(&view).state.0.contains_key("admin_a"));
        let errors = BTreeMap::from([("admin_a".to_owned(), "no".to_owned())]);
        assert!(beside(errors, &view).contains_key("admin_a~3"));
    }
}
