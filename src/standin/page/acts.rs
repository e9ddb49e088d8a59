//! What people do on the page: each as JSON to an address of its own, so that no other page's form can.

use crate::standin::{
    elements::{Choice, Unusable},
    events, interact,
    messages::Accepted,
    modals::{self, SubmitOutcome},
    server::Site,
};
use axum::{Json, Router, extract::State, routing::post};
use serde::Deserialize;
use serde_json::{Value, json};
use std::{collections::BTreeMap, sync::Arc};

/// What was done; which fields count depends on where.
#[derive(Debug, Deserialize)]
struct Act {
    user: String,
    #[serde(default)]
    channel: String,
    #[serde(default)]
    ts: String,
    #[serde(default)]
    view: String,
    #[serde(default)]
    action: String,
    #[serde(default)]
    value: Value,
    #[serde(default)]
    text: String,
    /// What else is filled in, by action.
    #[serde(default)]
    values: BTreeMap<String, Value>,
}

pub(super) fn routes() -> Router<Arc<Site>> {
    Router::new()
        .route("/do/say", post(say))
        .route("/do/press", post(press))
        .route("/do/submit", post(submit))
        .route("/do/close", post(close))
        .route("/do/suggest", post(suggest))
        .route("/do/home", post(home))
}

fn choice(value: &Value) -> Choice {
    match value {
        Value::String(value) => Choice::One(value.clone()),
        Value::Array(values) => Choice::Many(values.iter().filter_map(Value::as_str).map(str::to_owned).collect()),
        _ => Choice::Press,
    }
}

fn problem(said: Option<String>) -> Json<Value> {
    let said = said.map_or(Value::Null, Value::String);
    Json(json!({ "problem": said }))
}

fn unusable(why: &Unusable) -> Json<Value> {
    problem(Some(why.to_string()))
}

const TROUBLE: &str = "We had some trouble connecting. Try again?";

/// A command where it begins with `/`, else a message to the conversation.
async fn say(State(site): State<Arc<Site>>, Json(act): Json<Act>) -> Json<Value> {
    if act.text.trim().starts_with('/') {
        let outcome = interact::command(&site, &act.user, &act.channel, &act.text).await;
        return outcome.map_or_else(|why| unusable(&why), |outcome| problem(outcome.failure));
    }
    let mut state = site.lock();
    let placed = state.somebody(&act.user).map(|person| person.id.clone());
    let placed = placed.and_then(|person| Ok((state.place(&person, &act.channel)?.0, person)));
    match placed {
        Ok((channel, person)) => {
            let now = state.now();
            let ts = state.messages.next_ts(now);
            let said = Accepted { by: Some(person), text: act.text, ..Accepted::new(channel, ts, now) };
            state.messages.push(said);
            problem(None)
        }
        Err(why) => unusable(&why),
    }
}

async fn press(State(site): State<Arc<Site>>, Json(act): Json<Act>) -> Json<Value> {
    let chosen = choice(&act.value);
    let answered = if act.view.is_empty() {
        interact::press(&site, &act.user, (&act.channel, &act.ts), &act.action, chosen).await
    } else {
        keep(&site, &act);
        modals::press(&site, &act.user, &act.view, &act.action, chosen).await
    };
    match answered {
        Ok(answered) => problem((!answered.is_ok()).then(|| TROUBLE.to_owned())),
        Err(Unusable::Silent(_)) => problem(None),
        Err(why) => unusable(&why),
    }
}

/// Keeps what is filled in so far; what the page shows and the app has since replaced counts for nothing.
fn keep(site: &Site, act: &Act) {
    let mut state = site.lock();
    for (action, value) in &act.values {
        if let Err(why) = modals::fill(&mut state, &act.user, &act.view, action, &choice(value)) {
            tracing::debug!(%why, "a field of the page is left as it was");
        }
    }
}

async fn submit(State(site): State<Arc<Site>>, Json(act): Json<Act>) -> Json<Value> {
    keep(&site, &act);
    match modals::submit(&site, &act.user, &act.view, &[]).await {
        Ok(SubmitOutcome::Failed(why)) => {
            tracing::debug!(why, "the answer to a modal cannot be used");
            problem(Some(TROUBLE.to_owned()))
        }
        Ok(_) => {
            site.lock().messages.changed();
            problem(None)
        }
        Err(why) => unusable(&why),
    }
}

async fn close(State(site): State<Arc<Site>>, Json(act): Json<Act>) -> Json<Value> {
    let closed = modals::close(&site, &act.user, &act.view).await;
    closed.map_or_else(|why| unusable(&why), |_| problem(None))
}

async fn suggest(State(site): State<Arc<Site>>, Json(act): Json<Act>) -> Json<Value> {
    let options = modals::suggest(&site, &act.user, &act.view, &act.action, &act.text).await;
    Json(json!({ "options": options.unwrap_or_default() }))
}

async fn home(State(site): State<Arc<Site>>, Json(act): Json<Act>) -> Json<Value> {
    let told = events::open_home(&site, &act.user).await;
    told.map_or_else(|why| unusable(&why), |_| problem(None))
}
