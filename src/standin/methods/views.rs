//! Modals and App Homes.

use super::limits::check_view;
use crate::standin::{
    call::Call,
    refusal::{Answer, Refusal},
    state::State,
    tickets::{Spent, Trigger},
    views::{MOST_STACKED, View},
    workspace::{APP_ID, BOT_ID},
};
use serde_json::{Value, json};

pub(super) fn open(state: &mut State, call: &Call) -> Answer {
    let view = new_modal(state, call)?;
    let (id, trigger) = redeem(state, call)?;
    let opened = state.views.open(&trigger.user, id, view);
    state.messages.changed();
    Ok(shown(state, &opened))
}

/// On top of the modal whose element gave the trigger.
pub(super) fn push(state: &mut State, call: &Call) -> Answer {
    let view = new_modal(state, call)?;
    let (id, trigger) = redeem(state, call)?;
    let top = state.views.top(&trigger.user).map(|top| top.id.clone());
    if trigger.view.is_none() || trigger.view != top {
        return Err(Refusal::new("not_found"));
    }
    if state.views.depth(&trigger.user) >= MOST_STACKED {
        return Err(Refusal::new("push_limit_reached"));
    }
    let pushed = state.views.push(&trigger.user, id, view);
    state.messages.changed();
    Ok(shown(state, &pushed))
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
    state.messages.changed();
    Ok(shown(state, &published))
}

pub(super) fn update(state: &mut State, call: &Call) -> Answer {
    let id = call.text("view_id").or_else(|| call.text("external_id"));
    let id = id.ok_or_else(|| Refusal::new("invalid_arguments"))?;
    let known = state.views.find(&id).map(|found| (found.view["type"].clone(), found.hash.clone()));
    let (kind, hash) = known.ok_or_else(|| Refusal::new("not_found"))?;
    let view = read(call, kind.as_str().unwrap_or_default())?;
    if call.text("hash").is_some_and(|named| named != hash) {
        return Err(Refusal::new("hash_conflict"));
    }
    let updated = state.views.update(&id, view).ok_or_else(|| Refusal::new("not_found"))?;
    state.messages.changed();
    Ok(shown(state, &updated))
}

fn new_modal(state: &mut State, call: &Call) -> Result<Value, Refusal> {
    call.required("trigger_id", "invalid_arguments")?;
    let view = read(call, "modal")?;
    let external = view["external_id"].as_str().filter(|id| !id.is_empty());
    if external.is_some_and(|id| state.views.find(id).is_some()) {
        return Err(Refusal::new("duplicate_external_id"));
    }
    Ok(view)
}

fn redeem(state: &mut State, call: &Call) -> Result<(String, Trigger), Refusal> {
    let id = call.required("trigger_id", "invalid_arguments")?;
    let trigger = state.redeem(&id).map_err(|spent| {
        Refusal::new(match spent {
            Spent::Unknown => "invalid_trigger_id",
            Spent::Used => "exchanged_trigger_id",
            Spent::Expired => "expired_trigger_id",
        })
    })?;
    Ok((id, trigger))
}

fn shown(state: &State, view: &View) -> Value {
    json!({ "view": view.shown(&state.workspace().team_id, APP_ID, BOT_ID) })
}

fn read(call: &Call, kind: &str) -> Result<Value, Refusal> {
    let view = call.json("view", "invalid_arguments")?;
    let missing =
        || Refusal::new("invalid_arguments").message("[ERROR] missing required field: view [json-pointer:/view]");
    let view = view.ok_or_else(missing)?;
    check_view(&view, kind)?;
    Ok(view)
}
