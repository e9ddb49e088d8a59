//! What people do in views: fill in, use an element, search an external menu, submit, close.

use super::{
    Standin,
    app::{self, Answered, Failure, Outgoing},
    elements::{Choice, Element, Unusable, all, find, with_ids},
    methods::limits::check_view,
    server::Site,
    state::State,
    views::{MOST_STACKED, View},
};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// What became of a modal that was submitted.
#[derive(Debug, Clone, PartialEq)]
pub enum SubmitOutcome {
    /// It is closed; one below it shows again.
    Closed,
    /// Every modal is closed.
    Cleared,
    /// It stays, with what the app said is wrong, by block.
    Errors(BTreeMap<String, String>),
    /// Slack itself does not submit it: what is missing or malformed, by block.
    NotSent(BTreeMap<String, String>),
    /// It shows something else now.
    Updated(View),
    /// Another one lies on top of it.
    Pushed(View),
    /// The app did not answer as it must, and Slack says that it had trouble.
    Failed(String),
}

/// The answer to a search in an external menu.
const MOST_OPTIONS: usize = 100;
const LONGEST_OPTION: usize = 75;

impl Standin {
    /// The topmost modal of a person.
    pub fn modal_of(&self, user: &str) -> Option<View> {
        let state = self.site.lock();
        let person = state.somebody(user).ok()?;
        state.views.top(&person.id).cloned()
    }

    /// Somebody fills an input in; the app hears nothing of it.
    ///
    /// # Errors
    /// When they do not see such a view, element or option.
    pub fn fill(&self, user: &str, view_id: &str, action_id: &str, choice: impl Into<Choice>) -> Result<(), Unusable> {
        fill(&mut self.site.lock(), user, view_id, action_id, &choice.into()).map(drop)
    }

    /// Somebody uses an element of a modal, or of their App Home.
    ///
    /// # Errors
    /// As [`Standin::fill`], and where the app hears of the element only when the modal is submitted.
    pub async fn press_in_view(
        &self,
        user: &str,
        view_id: &str,
        action_id: &str,
        choice: impl Into<Choice>,
    ) -> Result<Answered, Unusable> {
        press(&self.site, user, view_id, action_id, choice.into()).await
    }

    /// Somebody fills these in, by their action, and submits the modal.
    ///
    /// # Errors
    /// As [`Standin::fill`].
    pub async fn submit(
        &self,
        user: &str,
        view_id: &str,
        values: &[(&str, Choice)],
    ) -> Result<SubmitOutcome, Unusable> {
        submit(&self.site, user, view_id, values).await
    }

    /// Somebody closes the topmost modal. Answers what the app said where it wants to hear of it.
    ///
    /// # Errors
    /// When it is not the topmost.
    pub async fn close(&self, user: &str, view_id: &str) -> Result<Option<Answered>, Unusable> {
        close(&self.site, user, view_id).await
    }

    /// Somebody types into an external menu. Answers the options; none where the app gave none that Slack takes.
    ///
    /// # Errors
    /// As [`Standin::fill`].
    pub async fn suggest(
        &self,
        user: &str,
        view_id: &str,
        action_id: &str,
        typed: &str,
    ) -> Result<Vec<Value>, Unusable> {
        suggest(&self.site, user, view_id, action_id, typed).await
    }
}

/// The view, where `user` sees it.
fn seen(state: &mut State, user: &str, view_id: &str) -> Result<View, Unusable> {
    let person = state.somebody(user)?.id.clone();
    let found = state.views.usable(&person, view_id).cloned();
    found.ok_or_else(|| Unusable::View(view_id.to_owned()))
}

pub(super) fn fill(
    state: &mut State,
    user: &str,
    view_id: &str,
    action_id: &str,
    choice: &Choice,
) -> Result<Element, Unusable> {
    let view = seen(state, user, view_id)?;
    let element = find(&with_ids(&view.view["blocks"]), action_id, choice)?;
    let value = state.chosen(&element, choice)?;
    if let Some(view) = state.views.find(view_id) {
        view.filled.set(&element, value);
    }
    Ok(element)
}

pub(super) async fn press(
    site: &Site,
    user: &str,
    view_id: &str,
    action_id: &str,
    choice: Choice,
) -> Result<Answered, Unusable> {
    let payload = {
        let mut state = site.lock();
        let person = state.somebody(user)?.clone();
        let view = seen(&mut state, user, view_id)?;
        let element = find(&with_ids(&view.view["blocks"]), action_id, &choice)?;
        let action = state.acted(&element, &choice)?;
        if super::elements::form(&element.kind).is_some() {
            fill(&mut state, user, view_id, action_id, &choice)?;
        }
        if !element.tells_at_once() {
            return Err(Unusable::Silent(action_id.to_owned()));
        }
        let view = seen(&mut state, user, view_id)?;
        let mut payload = state.interaction("block_actions", &person);
        payload["container"] = json!({ "type": "view", "view_id": view.id });
        payload["trigger_id"] = json!(state.trigger(&person.id, Some(&view.id)));
        payload["view"] = state.view_shown(&view);
        payload["actions"] = json!([action]);
        payload
    };
    Ok(app::send(site, &Outgoing::Interaction(payload), None).await)
}

pub(super) async fn suggest(
    site: &Site,
    user: &str,
    view_id: &str,
    action_id: &str,
    typed: &str,
) -> Result<Vec<Value>, Unusable> {
    let payload = {
        let mut state = site.lock();
        let person = state.somebody(user)?.clone();
        let view = seen(&mut state, user, view_id)?;
        let element = find(&with_ids(&view.view["blocks"]), action_id, &Choice::Press)?;
        let mut payload = state.interaction("block_suggestion", &person);
        payload["container"] = json!({ "type": "view", "view_id": view.id });
        payload["action_id"] = json!(element.action_id);
        payload["block_id"] = json!(element.block_id);
        payload["value"] = json!(typed);
        payload["view"] = state.view_shown(&view);
        payload
    };
    let answered = app::send(site, &Outgoing::Interaction(payload), None).await;
    let options = answered.is_ok().then(|| suggested(&answered.body)).flatten().unwrap_or_default();
    let mut state = site.lock();
    let known = state.suggested.entry(action_id.to_owned()).or_default();
    known.extend(options.iter().filter(|option| !known.contains(option)).cloned().collect::<Vec<_>>());
    Ok(options)
}

/// The options of an answer that Slack takes.
fn suggested(body: &Value) -> Option<Vec<Value>> {
    let groups = body["option_groups"].as_array().into_iter().flatten();
    let grouped = groups.flat_map(|group| group["options"].as_array().into_iter().flatten());
    let options: Vec<_> = body["options"].as_array().into_iter().flatten().chain(grouped).cloned().collect();
    let fits = |text: &Value| text.as_str().is_some_and(|text| (1..=LONGEST_OPTION).contains(&text.chars().count()));
    let good = |option: &Value| fits(&option["text"]["text"]) && fits(&option["value"]);
    (options.len() <= MOST_OPTIONS && options.iter().all(good)).then_some(options)
}

pub(super) async fn submit(
    site: &Site,
    user: &str,
    view_id: &str,
    values: &[(&str, Choice)],
) -> Result<SubmitOutcome, Unusable> {
    let (payload, person) = {
        let mut state = site.lock();
        let person = state.somebody(user)?.clone();
        for (action_id, choice) in values {
            fill(&mut state, user, view_id, action_id, choice)?;
        }
        let view = seen(&mut state, user, view_id)?;
        if !view.is_modal() {
            return Err(Unusable::View(view_id.to_owned()));
        }
        let faults = incomplete(&view);
        if !faults.is_empty() {
            show_errors(&mut state, view_id, faults.clone());
            return Ok(SubmitOutcome::NotSent(faults));
        }
        let mut payload = state.interaction("view_submission", &person);
        payload["trigger_id"] = json!(state.trigger(&person.id, Some(view_id)));
        payload["view"] = state.view_shown(&view);
        payload["response_urls"] = json!([]);
        (payload, person.id)
    };
    let answered = app::send(site, &Outgoing::Interaction(payload), None).await;
    let outcome = settle(&mut site.lock(), &person, view_id, &answered);
    site.lock().messages.changed();
    Ok(outcome)
}

/// What Slack does not let pass, by block.
fn incomplete(view: &View) -> BTreeMap<String, String> {
    let mut faults = BTreeMap::new();
    for element in all(&with_ids(&view.view["blocks"])).into_iter().filter(|element| element.input.is_some()) {
        let held = view.filled.value(&element).and_then(|held| held.as_object()?.values().nth(1).cloned());
        let held = held.unwrap_or_default();
        let length = held.as_str().map_or(0, |text| text.trim().chars().count());
        let empty = held.is_null() || held.as_array().is_some_and(Vec::is_empty) || (held.is_string() && length == 0);
        let limit = |name: &str| element.json[name].as_u64().and_then(|limit| usize::try_from(limit).ok());
        let problem = match (limit("min_length"), limit("max_length")) {
            _ if empty && element.is_required() => "Please complete this required field.".to_owned(),
            (Some(least), _) if !empty && length < least => format!("Please enter at least {least} characters."),
            (_, Some(most)) if !empty && length > most => format!("Please enter at most {most} characters."),
            _ => continue,
        };
        faults.insert(element.block_id, problem);
    }
    faults
}

fn show_errors(state: &mut State, view_id: &str, errors: BTreeMap<String, String>) {
    if let Some(view) = state.views.find(view_id) {
        view.errors = errors;
    }
}

/// Lets the app's answer to a submission take its effect.
fn settle(state: &mut State, person: &str, view_id: &str, answered: &Answered) -> SubmitOutcome {
    show_errors(state, view_id, BTreeMap::new());
    let failed = |why: &str| SubmitOutcome::Failed(why.to_owned());
    match answered.failure {
        None => {}
        Some(Failure::TimedOut) => return failed("the app did not respond"),
        Some(_) => return failed("the app could not be reached, or did not answer 200"),
    }
    let answer = &answered.body;
    let checked = || check_view(&answer["view"], "modal").map_err(|refusal| refusal.body().to_string());
    match answer["response_action"].as_str() {
        None if answer.is_null() || answer.as_object().is_some_and(serde_json::Map::is_empty) => {
            state.views.pop(person);
            SubmitOutcome::Closed
        }
        Some("clear") => {
            state.views.clear(person);
            SubmitOutcome::Cleared
        }
        Some("errors") => errors(state, view_id, &answer["errors"]),
        Some("update") => match checked() {
            Ok(()) => match state.views.update(view_id, answer["view"].clone()) {
                Some(view) => SubmitOutcome::Updated(view),
                None => failed("the view is gone"),
            },
            Err(faults) => SubmitOutcome::Failed(faults),
        },
        Some("push") if state.views.depth(person) >= MOST_STACKED => failed("push_limit_reached"),
        Some("push") => match checked() {
            Ok(()) => SubmitOutcome::Pushed(state.views.push(person, String::new(), answer["view"].clone())),
            Err(faults) => SubmitOutcome::Failed(faults),
        },
        _ => failed("the answer is none that Slack knows"),
    }
}

/// Errors name input blocks of the view, and nothing else.
fn errors(state: &mut State, view_id: &str, errors: &Value) -> SubmitOutcome {
    let inputs: Vec<_> = state.views.find(view_id).map_or_else(Vec::new, |view| {
        let elements = all(&with_ids(&view.view["blocks"])).into_iter();
        elements.filter(|element| element.input.is_some()).map(|element| element.block_id).collect()
    });
    let named = errors.as_object().into_iter().flatten();
    let named: BTreeMap<_, _> =
        named.filter_map(|(block, error)| Some((block.clone(), error.as_str()?.to_owned()))).collect();
    if named.is_empty() || !named.keys().all(|block| inputs.contains(block)) {
        return SubmitOutcome::Failed("the errors name no input block of the view".to_owned());
    }
    show_errors(state, view_id, named.clone());
    SubmitOutcome::Errors(named)
}

pub(super) async fn close(site: &Site, user: &str, view_id: &str) -> Result<Option<Answered>, Unusable> {
    let told: Vec<_> = {
        let mut state = site.lock();
        let view = seen(&mut state, user, view_id)?;
        let person = state.somebody(user)?.clone();
        if !view.is_modal() {
            return Err(Unusable::View(view_id.to_owned()));
        }
        let cleared = view.view["clear_on_close"] == true;
        let closed =
            if cleared { state.views.clear(&person.id) } else { state.views.pop(&person.id).into_iter().collect() };
        state.messages.changed();
        let told = closed.into_iter().filter(|view| view.view["notify_on_close"] == true);
        told.map(|view| {
            let mut payload = state.interaction("view_closed", &person);
            payload["view"] = state.view_shown(&view);
            payload["is_cleared"] = json!(cleared);
            payload
        })
        .collect()
    };
    let mut answered = None;
    for payload in told {
        answered = Some(app::send(site, &Outgoing::Interaction(payload), None).await);
    }
    Ok(answered)
}
