//! Elements that hold a choice, as form fields of a browser.

use super::blocks::data;
use crate::{
    message::html::escape,
    standin::{
        elements::{Element, Form, form},
        state::State,
    },
};
use serde_json::Value;
use std::fmt::Write;

/// The most people or channels that a menu lists.
const MOST_LISTED: usize = 200;

/// Whom and what menus of people and conversations list.
#[derive(Debug, Default)]
pub(super) struct Directory {
    people: Vec<(String, String)>,
    channels: Vec<(String, String)>,
}

impl Directory {
    pub fn of(state: &State) -> Self {
        let people = state.workspace().people.iter().filter(|person| !person.deleted && !person.is_bot);
        let mut people: Vec<_> = people.map(|person| (person.id.clone(), person.real_name.clone())).collect();
        people.sort_by(|a, b| a.1.cmp(&b.1));
        let channels = state.workspace().channels.iter().filter(|channel| !channel.is_archived);
        let channels = channels.map(|channel| (channel.id.clone(), format!("#{}", channel.name)));
        Self { people, channels: channels.take(MOST_LISTED).collect() }
    }
}

impl Form {
    /// Whether a browser shows it as a group of boxes.
    pub fn is_group(self, kind: &str) -> bool {
        kind == "radio_buttons" || matches!(self, Self::Options | Self::Ids)
    }
}

/// Draws an element with what it holds.
pub(super) fn field(html: &mut String, element: &Element, held: Option<&Value>, directory: &Directory, wrong: bool) {
    let Some((name, _, form)) = form(&element.kind) else { return };
    let held = held.map_or(&Value::Null, |held| &held[name]);
    let tells = if element.tells_at_once() { " data-tells" } else { "" };
    let _ = write!(html, "<div class=field data-field{}{tells}>", data(element));
    let attributes = attributes(element, wrong);
    match form {
        Form::Text => text(html, element, held, &attributes),
        Form::Date => control(html, "date", held.as_str().unwrap_or_default(), &attributes),
        Form::Time => control(html, "time", held.as_str().unwrap_or_default(), &attributes),
        Form::Instant => {
            let _ =
                write!(html, "<input type=datetime-local{attributes} data-instant=\"{}\">", escape(&held.to_string()));
        }
        Form::Option if element.kind == "external_select" => external(html, element, held, &attributes),
        _ => {
            let choices = choices(element, directory);
            let held = held_values(held);
            if form.is_group(&element.kind) {
                boxes(html, element, &choices, &held, wrong);
            } else {
                menu(html, element, &choices, &held, &attributes);
            }
        }
    }
    html.push_str("</div>");
}

/// The id, the name for screen readers where no label stands beside it, and what is wrong.
fn attributes(element: &Element, wrong: bool) -> String {
    let id = escape(&element.action_id);
    let mut attributes = format!(" id=\"f-{id}\"");
    if element.input.is_none() {
        let name = element.json["placeholder"]["text"].as_str().unwrap_or(&element.kind).replace('_', " ");
        let _ = write!(attributes, " aria-label=\"{}\"", escape(&name));
    }
    if element.is_required() {
        attributes.push_str(" aria-required=true");
    }
    let mut described = Vec::new();
    if wrong {
        attributes.push_str(" aria-invalid=true");
        described.push(format!("f-{id}-error"));
    }
    if element.input.as_ref().is_some_and(|block| block["hint"].is_object()) {
        described.push(format!("f-{id}-hint"));
    }
    if !described.is_empty() {
        let _ = write!(attributes, " aria-describedby=\"{}\"", described.join(" "));
    }
    if element.json["focus_on_load"] == true {
        attributes.push_str(" autofocus");
    }
    attributes
}

fn text(html: &mut String, element: &Element, held: &Value, attributes: &str) {
    let value = escape(held.as_str().unwrap_or_default());
    let hint = escape(element.json["placeholder"]["text"].as_str().unwrap_or_default());
    if element.json["multiline"] == true {
        let _ = write!(html, "<textarea rows=4 placeholder=\"{hint}\"{attributes}>\n{value}</textarea>");
    } else {
        let kind = match element.kind.as_str() {
            "email_text_input" => "email",
            "url_text_input" => "url",
            "number_input" => "number",
            _ => "text",
        };
        let _ =
            write!(html, "<input type={kind} autocomplete=off placeholder=\"{hint}\" value=\"{value}\"{attributes}>");
    }
}

fn control(html: &mut String, kind: &str, value: &str, attributes: &str) {
    let _ = write!(html, "<input type={kind} value=\"{}\"{attributes}>", escape(value));
}

/// A text field that asks the app for options while somebody types.
fn external(html: &mut String, element: &Element, held: &Value, attributes: &str) {
    let id = escape(&element.action_id);
    let hint = escape(element.json["placeholder"]["text"].as_str().unwrap_or("Type to search"));
    let least = element.json["min_query_length"].as_u64().unwrap_or(3);
    let _ = write!(
        html,
        "<input type=text role=combobox autocomplete=off aria-autocomplete=list aria-expanded=false \
         aria-controls=\"l-{id}\" placeholder=\"{hint}\" data-least={least} data-value=\"{}\" value=\"{}\"{attributes}>\
         <ul role=listbox id=\"l-{id}\" aria-label=Options hidden></ul>",
        escape(held["value"].as_str().unwrap_or_default()),
        escape(held["text"]["text"].as_str().unwrap_or_default()),
    );
}

/// A choice as the browser offers it: its value, its words, and what describes it.
struct Offered {
    value: String,
    label: String,
    about: String,
}

fn choices(element: &Element, directory: &Directory) -> Vec<Offered> {
    let listed = match element.kind.as_str() {
        kind if kind.contains("users") => &directory.people,
        kind if kind.contains("conversations") || kind.contains("channels") => &directory.channels,
        _ => {
            let words = |text: &Value| text["text"].as_str().unwrap_or_default().to_owned();
            let options = element.options().map(|option| Offered {
                value: option["value"].as_str().unwrap_or_default().to_owned(),
                label: words(&option["text"]),
                about: words(&option["description"]),
            });
            return options.collect();
        }
    };
    let offered =
        |(id, name): &(String, String)| Offered { value: id.clone(), label: name.clone(), about: String::new() };
    listed.iter().take(MOST_LISTED).map(offered).collect()
}

/// The values in what an element holds: of one option or several, or ids.
fn held_values(held: &Value) -> Vec<String> {
    let held = held.as_array().map_or(std::slice::from_ref(held), Vec::as_slice);
    held.iter().filter_map(|one| one.as_str().or_else(|| one["value"].as_str()).map(str::to_owned)).collect()
}

fn menu(html: &mut String, element: &Element, choices: &[Offered], held: &[String], attributes: &str) {
    let hint = escape(element.json["placeholder"]["text"].as_str().unwrap_or("Select an option"));
    let _ = write!(html, "<select{attributes}><option value=\"\">{hint}</option>");
    for choice in choices {
        let selected = if held.contains(&choice.value) { " selected" } else { "" };
        let (value, label) = (escape(&choice.value), escape(&choice.label));
        let _ = write!(html, "<option value=\"{value}\"{selected}>{label}</option>");
    }
    html.push_str("</select>");
}

fn boxes(html: &mut String, element: &Element, choices: &[Offered], held: &[String], wrong: bool) {
    let kind = if element.kind == "radio_buttons" { "radio" } else { "checkbox" };
    let name = escape(&element.action_id);
    let described = if wrong { format!(" aria-describedby=\"f-{name}-error\"") } else { String::new() };
    let long = if choices.len() > 10 { " long" } else { "" };
    let _ = write!(html, "<div class=\"boxes{long}\">");
    for choice in choices {
        let checked = if held.contains(&choice.value) { " checked" } else { "" };
        let (value, label, about) = (escape(&choice.value), escape(&choice.label), escape(&choice.about));
        let about = if about.is_empty() { String::new() } else { format!(" <span class=note>{about}</span>") };
        let _ = write!(
            html,
            "<label><input type={kind} name=\"{name}\" value=\"{value}\"{checked}{described}> <span>{label}{about}</span></label>"
        );
    }
    html.push_str("</div>");
}
