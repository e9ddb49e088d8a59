//! Buttons, menus, pickers and text fields.

use super::block::{cut, plain};
use crate::{interaction::Choice, model::LocalTime};
use chrono::NaiveDate;
use serde_json::{Value, json};

const BUTTON: usize = 75;
const OPTION: usize = 75;
const MOST_OPTIONS: usize = 100;

pub(in crate::interaction) fn button(action: &str, text: &str) -> Value {
    json!({ "type": "button", "action_id": action, "text": plain(text, BUTTON) })
}

/// A button that tells which of its like was pressed.
pub(in crate::interaction) fn valued(mut button: Value, value: &str) -> Value {
    button["value"] = json!(value);
    button
}

pub(in crate::interaction) fn primary(mut button: Value) -> Value {
    button["style"] = json!("primary");
    button
}

pub(in crate::interaction) fn danger(mut button: Value) -> Value {
    button["style"] = json!("danger");
    button
}

/// A button that asks once more.
pub(in crate::interaction) fn confirmed(mut button: Value, title: &str, text: &str, yes: &str) -> Value {
    button["confirm"] = json!({ "title": plain(title, 100), "text": plain(text, 300), "confirm": plain(yes, 30),
        "deny": plain("Cancel", 30) });
    button
}

/// A choice with the value `value`.
pub(in crate::interaction) fn option(text: &str, value: &str) -> Choice {
    Choice { text: cut(text, OPTION), value: value.to_owned() }
}

pub(in crate::interaction) fn radio(options: &[Choice], initial: Option<&str>) -> Value {
    let mut radio = json!({ "type": "radio_buttons", "options": list(options) });
    chosen(&mut radio, options, initial);
    radio
}

pub(in crate::interaction) fn select(options: &[Choice], initial: Option<&str>) -> Value {
    let mut select = json!({ "type": "static_select", "options": list(options) });
    chosen(&mut select, options, initial);
    select
}

pub(in crate::interaction) fn checkboxes<T: AsRef<str>>(options: &[Choice], initial: &[T]) -> Value {
    let mut boxes = json!({ "type": "checkboxes", "options": list(options) });
    let is_on = |option: &&Choice| initial.iter().any(|value| value.as_ref() == option.value);
    let on: Vec<_> = options.iter().filter(is_on).map(Choice::json).collect();
    // Slack refuses an empty list.
    if !on.is_empty() {
        boxes["initial_options"] = json!(on);
    }
    boxes
}

/// A menu whose options are asked for as somebody types.
pub(in crate::interaction) fn external(placeholder: &str, initial: Option<&Choice>) -> Value {
    let mut select =
        json!({ "type": "external_select", "min_query_length": 1, "placeholder": plain(placeholder, 150) });
    if let Some(initial) = initial {
        select["initial_option"] = initial.json();
    }
    select
}

pub(in crate::interaction) fn time(initial: Option<LocalTime>) -> Value {
    let mut picker = json!({ "type": "timepicker" });
    if let Some(time) = initial {
        picker["initial_time"] = json!(time.to_string());
    }
    picker
}

pub(in crate::interaction) fn date(initial: Option<NaiveDate>) -> Value {
    let mut picker = json!({ "type": "datepicker" });
    if let Some(date) = initial {
        picker["initial_date"] = json!(date.format("%Y-%m-%d").to_string());
    }
    picker
}

/// People of the workspace, by their ids.
pub(in crate::interaction) fn people(initial: &[String]) -> Value {
    let mut select = json!({ "type": "multi_users_select", "max_selected_items": 100 });
    if !initial.is_empty() {
        select["initial_users"] = json!(initial.iter().take(100).collect::<Vec<_>>());
    }
    select
}

/// A channel of the workspace alone.
pub(in crate::interaction) fn channels(initial: Option<&str>) -> Value {
    let mut select = json!({ "type": "conversations_select", "filter": { "include": ["public", "private"],
        "exclude_external_shared_channels": true, "exclude_bot_users": true } });
    if let Some(channel) = initial {
        select["initial_conversation"] = json!(channel);
    }
    select
}

/// A line, or several, of at most `most` characters.
pub(in crate::interaction) fn text(initial: &str, most: usize, multiline: bool) -> Value {
    let mut field = json!({ "type": "plain_text_input", "multiline": multiline, "max_length": most });
    if !initial.trim().is_empty() {
        field["initial_value"] = json!(cut(initial, most));
    }
    field
}

fn list(options: &[Choice]) -> Vec<Value> {
    options.iter().take(MOST_OPTIONS).map(Choice::json).collect()
}

fn chosen(element: &mut Value, options: &[Choice], initial: Option<&str>) {
    if let Some(option) = options.iter().find(|option| Some(option.value.as_str()) == initial) {
        element["initial_option"] = option.json();
    }
}
