//! Blocks with elements that can be used: as [`fragment`] draws them, but for what people press and fill in.

use super::inputs::{Directory, field};
use crate::{
    message::{
        Message,
        html::{escape, fragment},
    },
    standin::elements::{Element, Filled, all, form},
};
use serde_json::{Value, json};
use std::fmt::Write;

/// Where blocks stand: what was filled in there, and what the app said is wrong, by block.
pub(super) struct Sheet<'a> {
    pub filled: &'a Filled,
    pub errors: &'a dyn Fn(&str) -> Option<String>,
    pub directory: &'a Directory,
}

/// Draws blocks that have their ids.
pub(super) fn draw(html: &mut String, blocks: &[Value], sheet: &Sheet<'_>) {
    html.push_str("<div class=\"slack-message\">");
    for block in blocks {
        one(html, block, sheet);
    }
    html.push_str("</div>");
}

fn one(html: &mut String, block: &Value, sheet: &Sheet<'_>) {
    let elements = all(std::slice::from_ref(block));
    match block["type"].as_str() {
        Some("container") => {
            html.push_str("<div class=container><p><strong>");
            html.push_str(&escape(block["title"]["text"].as_str().unwrap_or_default()));
            html.push_str("</strong></p>");
            for child in block["child_blocks"].as_array().into_iter().flatten() {
                one(html, child, sheet);
            }
            html.push_str("</div>");
        }
        Some("actions") => {
            html.push_str("<div class=actions>");
            for element in &elements {
                use_of(html, element, sheet);
            }
            html.push_str("</div>");
        }
        Some("section") if !elements.is_empty() => {
            let mut text = block.clone();
            if let Value::Object(fields) = &mut text {
                fields.remove("accessory");
            }
            let _ = write!(html, "<div class=split><div>{}</div><div>", drawn(text));
            for element in &elements {
                use_of(html, element, sheet);
            }
            html.push_str("</div></div>");
        }
        Some("input") => {
            for element in &elements {
                input(html, block, element, sheet);
            }
        }
        _ => html.push_str(&drawn(block.clone())),
    }
}

fn drawn(block: Value) -> String {
    fragment(&Message { text: String::new(), blocks: vec![block] })
}

/// An input with its label, hint and what is wrong about it.
fn input(html: &mut String, block: &Value, element: &Element, sheet: &Sheet<'_>) {
    let id = format!("f-{}", escape(&element.action_id));
    let label = escape(block["label"]["text"].as_str().unwrap_or_default());
    let optional = if element.is_required() { "" } else { " <span class=note>(optional)</span>" };
    let problem = (sheet.errors)(&element.block_id);
    // A group of boxes has no one element that a label could be for.
    let group = matches!(form(&element.kind), Some((.., form)) if form.is_group(&element.kind));
    let (open, close) = if group { ("fieldset", "legend") } else { ("div", "label") };
    let described = if group { String::new() } else { format!(" for=\"{id}\"") };
    let _ = write!(html, "<{open} class=\"input{}\">", if problem.is_some() { " wrong" } else { "" });
    let _ = write!(html, "<{close}{described}>{label}{optional}</{close}>");
    field(html, element, sheet.filled.value(element), sheet.directory, problem.is_some());
    if let Some(hint) = block["hint"]["text"].as_str() {
        let _ = write!(html, "<p class=note id=\"{id}-hint\">{}</p>", escape(hint));
    }
    if let Some(problem) = problem {
        let _ = write!(html, "<p class=problem id=\"{id}-error\">{}</p>", escape(&problem));
    }
    let _ = write!(html, "</{open}>");
}

/// An element outside of an input: a button, a menu, or a field that tells the app at once.
fn use_of(html: &mut String, element: &Element, sheet: &Sheet<'_>) {
    let data = data(element);
    match element.kind.as_str() {
        "button" => {
            let style = match element.json["style"].as_str() {
                Some("primary") => " primary",
                Some("danger") => " danger",
                _ => "",
            };
            let value = escape(element.json["value"].as_str().unwrap_or_default());
            let label = escape(element.json["text"]["text"].as_str().unwrap_or_default());
            let aria = element.json["accessibility_label"].as_str();
            let aria = aria.map(|aria| format!(" aria-label=\"{}\"", escape(aria))).unwrap_or_default();
            let _ = write!(
                html,
                "<button type=button class=\"button{style}\"{data}{aria} data-value=\"{value}\">{label}</button>"
            );
        }
        "overflow" => {
            html.push_str("<details class=menu><summary class=button aria-label=\"More actions\">⋯</summary><ul>");
            for option in element.options() {
                let value = escape(option["value"].as_str().unwrap_or_default());
                let label = escape(option["text"]["text"].as_str().unwrap_or_default());
                let _ = write!(html, "<li><button type=button{data} data-value=\"{value}\">{label}</button></li>");
            }
            html.push_str("</ul></details>");
        }
        _ => field(html, element, sheet.filled.value(element), sheet.directory, false),
    }
}

/// What the script needs to know of an element.
pub(super) fn data(element: &Element) -> String {
    let mut data = format!(
        " data-action-id=\"{}\" data-block-id=\"{}\" data-kind=\"{}\"",
        escape(&element.action_id),
        escape(&element.block_id),
        escape(&element.kind)
    );
    if element.json["confirm"].is_object() {
        let part = |name: &str| element.json["confirm"][name]["text"].clone();
        let confirm =
            json!([part("title"), part("text"), part("confirm"), part("deny"), element.json["confirm"]["style"]]);
        let _ = write!(data, " data-confirm=\"{}\"", escape(&confirm.to_string()));
    }
    data
}
