//! Interactive elements: where they stand, what is chosen to begin with, and what a choice makes of them.

use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// What somebody does with an element.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Choice {
    /// A button is pressed; any other element is emptied.
    Press,
    /// A button's value, an option's value, a text, a time (`09:30`), a date, a person or a channel.
    One(String),
    /// The values of check boxes and of menus that take several.
    Many(Vec<String>),
}

impl From<&str> for Choice {
    fn from(value: &str) -> Self {
        Self::One(value.to_owned())
    }
}

impl<const N: usize> From<[&str; N]> for Choice {
    fn from(values: [&str; N]) -> Self {
        Self::Many(values.map(str::to_owned).into())
    }
}

/// Why somebody cannot do that, as no client of Slack's would let them.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unusable {
    #[error("`{0}` is nobody here")]
    Person(String),
    #[error("`{0}` is no conversation of this person's")]
    Conversation(String),
    #[error("`{0}` is no message that this person sees")]
    Message(String),
    #[error("`{0}` is no view that this person sees on top")]
    View(String),
    #[error("there is no element `{0}`")]
    Element(String),
    #[error("`{value}` cannot be chosen in `{action_id}`")]
    Value { action_id: String, value: String },
    #[error("`{0}` tells the app nothing before the modal is submitted")]
    Silent(String),
}

/// How an element's choice is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    Text,
    Option,
    Options,
    Id,
    Ids,
    Date,
    Time,
    Instant,
}

/// The field of an element's choice, where its beginning stands, and its form; none of what keeps no choice.
pub(super) fn form(kind: &str) -> Option<(&'static str, &'static str, Form)> {
    Some(match kind {
        "plain_text_input" | "email_text_input" | "url_text_input" | "number_input" => {
            ("value", "initial_value", Form::Text)
        }
        "static_select" | "external_select" | "radio_buttons" => ("selected_option", "initial_option", Form::Option),
        "checkboxes" | "multi_static_select" | "multi_external_select" => {
            ("selected_options", "initial_options", Form::Options)
        }
        "users_select" => ("selected_user", "initial_user", Form::Id),
        "conversations_select" => ("selected_conversation", "initial_conversation", Form::Id),
        "channels_select" => ("selected_channel", "initial_channel", Form::Id),
        "multi_users_select" => ("selected_users", "initial_users", Form::Ids),
        "multi_conversations_select" => ("selected_conversations", "initial_conversations", Form::Ids),
        "multi_channels_select" => ("selected_channels", "initial_channels", Form::Ids),
        "datepicker" => ("selected_date", "initial_date", Form::Date),
        "timepicker" => ("selected_time", "initial_time", Form::Time),
        "datetimepicker" => ("selected_date_time", "initial_date_time", Form::Instant),
        _ => return None,
    })
}

/// An element with its block.
#[derive(Debug, Clone)]
pub(super) struct Element {
    pub block_id: String,
    pub action_id: String,
    pub kind: String,
    pub json: Value,
    /// The block, where that is an input.
    pub input: Option<Value>,
}

impl Element {
    /// Whether the app hears of a choice at once.
    pub fn tells_at_once(&self) -> bool {
        self.input.as_ref().is_none_or(|block| block["dispatch_action"] == true)
    }

    /// Whether a modal cannot be submitted without it.
    pub fn is_required(&self) -> bool {
        self.input.as_ref().is_some_and(|block| block["optional"] != true)
    }

    /// What is chosen to begin with; none of what keeps no choice.
    pub fn beginning(&self) -> Option<Value> {
        let (field, initial, form) = form(&self.kind)?;
        let empty = if matches!(form, Form::Options | Form::Ids) { json!([]) } else { Value::Null };
        let value = self.json.get(initial).cloned().unwrap_or(empty);
        Some(json!({ "type": self.kind, field: value }))
    }

    /// Every option that it offers by itself.
    pub fn options(&self) -> impl Iterator<Item = &Value> {
        let grouped = self.json["option_groups"].as_array().into_iter().flatten();
        let groups = grouped.flat_map(|group| group["options"].as_array().into_iter().flatten());
        self.json["options"].as_array().into_iter().flatten().chain(groups)
    }
}

/// The blocks as Slack keeps them: with a `block_id` and `action_id` for each that came without.
pub(super) fn with_ids(blocks: &Value) -> Vec<Value> {
    let mut blocks = blocks.as_array().cloned().unwrap_or_default();
    for (index, block) in blocks.iter_mut().enumerate() {
        give_ids(block, &format!("b{index}"));
    }
    blocks
}

fn give_ids(block: &mut Value, name: &str) {
    let Value::Object(fields) = block else { return };
    fields.entry("block_id").or_insert_with(|| json!(name));
    for (key, value) in fields.iter_mut() {
        match (key.as_str(), value) {
            ("accessory" | "element", element) => give_action(element, &format!("{name}.a")),
            ("elements", Value::Array(elements)) => {
                for (index, element) in elements.iter_mut().enumerate() {
                    give_action(element, &format!("{name}.a{index}"));
                }
            }
            ("child_blocks", Value::Array(children)) => {
                for (index, child) in children.iter_mut().enumerate() {
                    give_ids(child, &format!("{name}.b{index}"));
                }
            }
            _ => {}
        }
    }
}

fn give_action(element: &mut Value, name: &str) {
    let kind = element["type"].as_str().unwrap_or_default();
    if (form(kind).is_some() || matches!(kind, "button" | "overflow"))
        && let Value::Object(fields) = element
    {
        fields.entry("action_id").or_insert_with(|| json!(name));
    }
}

/// Every interactive element of blocks that have their ids.
pub(super) fn all(blocks: &[Value]) -> Vec<Element> {
    let mut found = Vec::new();
    for block in blocks {
        let input = (block["type"] == "input").then(|| block.clone());
        let block_id = block["block_id"].as_str().unwrap_or_default();
        let inside = block["elements"].as_array().into_iter().flatten();
        for element in block.get("accessory").into_iter().chain(block.get("element")).chain(inside) {
            let Some(action_id) = element["action_id"].as_str() else { continue };
            found.push(Element {
                block_id: block_id.to_owned(),
                action_id: action_id.to_owned(),
                kind: element["type"].as_str().unwrap_or_default().to_owned(),
                json: element.clone(),
                input: input.clone(),
            });
        }
        found.extend(all(block["child_blocks"].as_array().map_or(&[], Vec::as_slice)));
    }
    found
}

/// What is filled in, by block and action.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Filled(BTreeMap<String, BTreeMap<String, Value>>);

impl Filled {
    /// What blocks begin with; what was filled in before stays where block, action and kind are the same.
    pub fn of(blocks: &[Value], before: &Self) -> Self {
        let mut filled = Self::default();
        for element in all(blocks) {
            let kept = before.value(&element).filter(|value| value["type"] == *element.kind).cloned();
            if let Some(value) = kept.or_else(|| element.beginning()) {
                filled.set(&element, value);
            }
        }
        filled
    }

    pub fn value(&self, element: &Element) -> Option<&Value> {
        self.0.get(&element.block_id)?.get(&element.action_id)
    }

    pub fn set(&mut self, element: &Element, value: Value) {
        self.0.entry(element.block_id.clone()).or_default().insert(element.action_id.clone(), value);
    }

    /// `{"values": …}`, as payloads carry it.
    pub fn state(&self) -> Value {
        json!({ "values": self.0 })
    }
}

/// Whom and what a choice may name.
pub(super) struct Offer<'a> {
    pub is_person: &'a dyn Fn(&str) -> bool,
    pub is_conversation: &'a dyn Fn(&str) -> bool,
    /// What the app suggested for an external menu.
    pub suggested: &'a [Value],
}

/// What an element holds after a choice.
pub(super) fn chosen(element: &Element, choice: &Choice, offer: &Offer<'_>) -> Result<Value, Unusable> {
    let unusable = |value: &str| Unusable::Value { action_id: element.action_id.clone(), value: value.to_owned() };
    let Some((field, _, form)) = form(&element.kind) else { return Err(unusable(&element.kind)) };
    let option = |value: &String| {
        let begun = ["initial_option", "initial_options"].map(|name| &element.json[name]);
        let begun =
            begun.into_iter().flat_map(|begun| begun.as_array().map_or(std::slice::from_ref(begun), Vec::as_slice));
        let external = element.kind.contains("external").then_some(begun.chain(offer.suggested));
        let mut options = element.options().chain(external.into_iter().flatten());
        options.find(|option| option["value"] == **value).cloned().ok_or_else(|| unusable(value))
    };
    let known = |value: &String| {
        let is_user = element.kind.contains("users");
        let known = if is_user { (offer.is_person)(value) } else { (offer.is_conversation)(value) };
        if known { Ok(json!(value)) } else { Err(unusable(value)) }
    };
    let value = match (form, choice) {
        (Form::Options | Form::Ids, Choice::Press) => json!([]),
        (_, Choice::Press) => Value::Null,
        (Form::Option, Choice::One(value)) => option(value)?,
        (Form::Options, Choice::One(value)) => json!([option(value)?]),
        (Form::Options, Choice::Many(values)) => values.iter().map(option).collect::<Result<Vec<_>, _>>()?.into(),
        (Form::Id, Choice::One(value)) => known(value)?,
        (Form::Ids, Choice::One(value)) => json!([known(value)?]),
        (Form::Ids, Choice::Many(values)) => values.iter().map(known).collect::<Result<Vec<_>, _>>()?.into(),
        (_, Choice::Many(values)) => return Err(unusable(&values.join(", "))),
        (_, Choice::One(value)) if value.is_empty() => Value::Null,
        (_, Choice::One(value)) => scalar(form, value).ok_or_else(|| unusable(value))?,
    };
    Ok(json!({ "type": element.kind, field: value }))
}

/// A text, date, time or instant as Slack's pickers give it.
fn scalar(form: Form, value: &str) -> Option<Value> {
    match form {
        Form::Date => chrono::NaiveDate::parse_from_str(value, "%Y-%m-%d").ok().map(|_| json!(value)),
        Form::Time => {
            let time = chrono::NaiveTime::parse_from_str(value, "%H:%M").ok()?;
            (value.len() == 5).then(|| json!(time.format("%H:%M").to_string()))
        }
        Form::Instant => value.parse::<i64>().ok().map(|instant| json!(instant)),
        _ => Some(json!(value)),
    }
}

/// An entry of `actions`: the element's ids with what was done.
pub(super) fn action(
    element: &Element,
    choice: &Choice,
    offer: &Offer<'_>,
    action_ts: &str,
) -> Result<Value, Unusable> {
    let mut action = Map::new();
    let mut put = |name: &str, value: Value| _ = action.insert(name.to_owned(), value);
    put("type", json!(element.kind));
    put("action_id", json!(element.action_id));
    put("block_id", json!(element.block_id));
    put("action_ts", json!(action_ts));
    match element.kind.as_str() {
        "button" => {
            for name in ["text", "value", "style", "url"] {
                if let Some(value) = element.json.get(name) {
                    put(name, value.clone());
                }
            }
        }
        "overflow" => {
            let Choice::One(wanted) = choice else { return Err(Unusable::Element(element.action_id.clone())) };
            let option = element.options().find(|option| option["value"] == **wanted).cloned();
            let none = || Unusable::Value { action_id: element.action_id.clone(), value: wanted.clone() };
            put("selected_option", option.ok_or_else(none)?);
        }
        _ => {
            if let Value::Object(held) = chosen(element, choice, offer)? {
                action.extend(held);
            }
        }
    }
    Ok(Value::Object(action))
}

/// The element of this action, of those that a button's value picks where several share an id.
pub(super) fn find(blocks: &[Value], action_id: &str, choice: &Choice) -> Result<Element, Unusable> {
    let mut with_id = all(blocks).into_iter().filter(|element| element.action_id == action_id).peekable();
    with_id.peek().ok_or_else(|| Unusable::Element(action_id.to_owned()))?;
    let fits = |element: &Element| match choice {
        Choice::One(value) if element.kind == "button" => element.json["value"] == **value,
        _ => true,
    };
    let value = if let Choice::One(value) = choice { value.clone() } else { String::new() };
    with_id.find(fits).ok_or(Unusable::Value { action_id: action_id.to_owned(), value })
}
