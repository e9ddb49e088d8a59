//! Modals and App Homes.

use crate::standin::{
    call::Call,
    refusal::{Answer, Refusal},
    state::State,
    views::View,
    workspace::{APP_ID, BOT_ID},
};
use serde_json::{Value, json};

const MOST_BLOCKS: usize = 100;
const LONGEST_VIEW: usize = 250_000;

pub(super) fn open(state: &mut State, call: &Call) -> Answer {
    let trigger = call.required("trigger_id", "invalid_arguments")?;
    let view = read(call, "modal")?;
    let opened = state.views.open(trigger, view);
    Ok(shown(state, &opened))
}

pub(super) fn publish(state: &mut State, call: &Call) -> Answer {
    let user = call.required("user_id", "invalid_arguments")?;
    let view = read(call, "home")?;
    let person = state.person(&user).ok_or_else(|| Refusal::new("user_not_found"))?;
    if person.deleted || person.is_bot {
        return Err(Refusal::new("not_enabled"));
    }
    let published = state.views.publish(&user, view, call.text("hash").as_deref());
    let published = published.ok_or_else(|| Refusal::new("hash_conflict"))?;
    Ok(shown(state, &published))
}

pub(super) fn update(state: &mut State, call: &Call) -> Answer {
    let id = call.text("view_id").or_else(|| call.text("external_id"));
    let id = id.ok_or_else(|| Refusal::new("invalid_arguments"))?;
    let kind = state.views.find(&id).and_then(|found| found.view["type"].as_str().map(str::to_owned));
    let view = read(call, kind.as_deref().ok_or_else(|| Refusal::new("not_found"))?)?;
    let hash = state.views.next_hash();
    let found = state.views.find(&id).ok_or_else(|| Refusal::new("not_found"))?;
    if call.text("hash").is_some_and(|hash| hash != found.hash) {
        return Err(Refusal::new("hash_conflict"));
    }
    found.view = view;
    found.hash = hash;
    let updated = found.clone();
    Ok(shown(state, &updated))
}

fn shown(state: &State, view: &View) -> Value {
    json!({ "view": view.shown(&state.workspace().team_id, APP_ID, BOT_ID) })
}

fn read(call: &Call, kind: &str) -> Result<Value, Refusal> {
    let refused = |line: &str| Refusal::new("invalid_arguments").message(line);
    let view = call.json("view", "invalid_arguments")?;
    let view = view.ok_or_else(|| refused("[ERROR] missing required field: view [json-pointer:/view]"))?;
    if view["type"] != kind {
        return Err(refused("[ERROR] must be a valid enum value [json-pointer:/view/type]"));
    }
    let blocks = view["blocks"].as_array().map(Vec::len);
    if blocks.is_none_or(|blocks| blocks > MOST_BLOCKS) {
        return Err(refused("[ERROR] no more than 100 items allowed [json-pointer:/view/blocks]"));
    }
    if view.to_string().len() > LONGEST_VIEW {
        return Err(Refusal::new("view_too_large"));
    }
    Ok(view)
}
