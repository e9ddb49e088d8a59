//! What an app answers with a message: in the answer to a command, or later at a `response_url`.

use super::{
    app::Answered,
    fault::Fault,
    messages::Accepted,
    methods::limits,
    refusal::Refusal,
    server::Site,
    state::State,
    tickets::{Desk, Spent},
};
use axum::{
    body::Bytes,
    extract::{Path, State as Shared},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde_json::{Value, json};
use std::sync::Arc;

/// What a fault of these addresses is queued for, as that of a method is for its name.
const RESPONSE_URL: &str = "response_url";

/// `POST /response/{token}`: five times within half an hour, without a token of the app's.
pub(super) async fn respond(Shared(site): Shared<Arc<Site>>, Path(token): Path<String>, body: Bytes) -> Response {
    let mut state = site.lock();
    let (now, rate) = (state.now(), state.clock.rate());
    // Of the faults of methods this one says what there is to say here.
    if let Some(Fault::ServerError(status)) = state.faults.take_own(RESPONSE_URL) {
        return StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR).into_response();
    }
    let refused =
        |status: StatusCode, code: &str| (status, axum::Json(json!({ "ok": false, "error": code }))).into_response();
    let desk = match state.tickets.answer(&token, now, rate) {
        Ok(desk) => desk,
        Err(Spent::Used) => return refused(StatusCode::NOT_FOUND, "used_url"),
        Err(Spent::Unknown | Spent::Expired) => return refused(StatusCode::NOT_FOUND, "expired_url"),
    };
    let Ok(answer @ Value::Object(_)) = serde_json::from_slice::<Value>(&body) else {
        return refused(StatusCode::BAD_REQUEST, "invalid_payload");
    };
    match apply(&mut state, &desk, &answer) {
        Ok(_) => "ok".into_response(),
        Err(refusal) => (StatusCode::BAD_REQUEST, axum::Json(refusal.body())).into_response(),
    }
}

/// What a command's own answer shows; none where it says nothing.
pub(super) fn shown(
    state: &mut State,
    user: &str,
    channel: &str,
    answered: &Answered,
) -> Result<Option<Accepted>, Refusal> {
    let answer = match &answered.body {
        Value::Null => return Ok(None),
        Value::String(text) => json!({ "text": text }),
        Value::Object(fields) if fields.is_empty() => return Ok(None),
        answer => answer.clone(),
    };
    let desk = Desk::new(user, channel, None, state.now());
    apply(state, &desk, &answer)
}

/// Shows an answer, puts it in place of the message whose element was used, or takes that away.
fn apply(state: &mut State, desk: &Desk, answer: &Value) -> Result<Option<Accepted>, Refusal> {
    let now = state.now();
    let replaced = |why: super::messages::Unchanged| {
        tracing::debug!(?why, "an answer has no message to replace");
        Refusal::new("message_not_found")
    };
    if answer["delete_original"] == true {
        let ts = desk.ts.as_deref().ok_or_else(|| Refusal::new("message_not_found"))?;
        return state.messages.remove(&desk.channel, ts).map(Some).map_err(replaced);
    }
    let text = answer["text"].as_str().unwrap_or_default().to_owned();
    let blocks = match &answer["blocks"] {
        Value::Null => Vec::new(),
        Value::Array(blocks) => blocks.clone(),
        _ => return Err(Refusal::new("invalid_blocks_format")),
    };
    if text.trim().is_empty() && blocks.is_empty() {
        return Err(Refusal::new("no_text"));
    }
    limits::check(&text, &blocks)?;
    if answer["replace_original"] == true
        && let Some(ts) = desk.ts.as_deref()
    {
        let changed = state.messages.rewrite(&desk.channel, ts, now, |message| {
            (message.text, message.blocks) = (text, blocks);
        });
        return changed.map(Some).map_err(replaced);
    }
    let only_for = match answer["response_type"].as_str() {
        None | Some("ephemeral") => Some(desk.user.clone()),
        Some("in_channel") => None,
        Some(_) => return Err(Refusal::new("invalid_payload")),
    };
    let ts = state.messages.next_ts(now);
    let message = Accepted { text, blocks, only_for, ..Accepted::new(desk.channel.clone(), ts, now) };
    state.messages.push(message.clone());
    Ok(Some(message))
}
