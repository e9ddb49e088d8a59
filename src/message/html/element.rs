//! Text objects, buttons, menus and rich text as HTML.

use super::{escape, link};
use crate::message::{
    mrkdwn,
    text::{kind, list, string, text_of},
};
use serde_json::Value;
use std::fmt::Write;

/// Appends a text object.
pub(super) fn text(text: Option<&Value>, out: &mut String) {
    let Some(text) = text else { return };
    if kind(text) == "mrkdwn" {
        mrkdwn::html(string(text, "text"), out);
    } else {
        out.push_str(&escape(string(text, "text")));
    }
}

/// Appends an element of a context or actions block.
pub(super) fn write(element: &Value, block_id: &str, out: &mut String) {
    match kind(element) {
        "plain_text" | "mrkdwn" => text(Some(element), out),
        "button" | "workflow_button" => button(element, block_id, out),
        "overflow" => overflow(element, block_id, out),
        "image" => {
            let _ = write!(out, "<span role=\"img\">[{}]</span>", escape(string(element, "alt_text")));
        }
        _ => {
            let label = escape(&text_of(element.get("placeholder")));
            let label = if label.is_empty() { escape(kind(element)) } else { label };
            let _ =
                write!(out, "<button type=\"button\" class=\"button\"{}>{label} ▾</button>", data(element, block_id));
        }
    }
}

fn button(element: &Value, block_id: &str, out: &mut String) {
    let style = match string(element, "style") {
        "primary" => " primary",
        "danger" => " danger",
        _ => "",
    };
    let label = escape(&text_of(element.get("text")));
    let data = data(element, block_id);
    let _ = match link(string(element, "url")) {
        Some(url) => write!(
            out,
            "<a class=\"button{style}\" href=\"{url}\" rel=\"noopener noreferrer\" target=\"_blank\"{data}>{label}</a>"
        ),
        None => write!(out, "<button type=\"button\" class=\"button{style}\"{data}>{label}</button>"),
    };
}

fn overflow(element: &Value, block_id: &str, out: &mut String) {
    out.push_str("<details class=\"menu\"><summary class=\"button\" aria-label=\"More actions\">⋯</summary><ul>");
    for option in list(element, "options") {
        let label = escape(&text_of(option.get("text")));
        let action = escape(string(element, "action_id"));
        let (block, value) = (escape(block_id), escape(string(option, "value")));
        let _ = write!(
            out,
            "<li><button type=\"button\" data-action-id=\"{action}\" data-block-id=\"{block}\" \
             data-value=\"{value}\" data-kind=\"overflow\">{label}</button></li>"
        );
    }
    out.push_str("</ul></details>");
}

fn data(element: &Value, block_id: &str) -> String {
    let (action, block) = (escape(string(element, "action_id")), escape(block_id));
    let (value, kind) = (escape(string(element, "value")), escape(kind(element)));
    format!(" data-action-id=\"{action}\" data-block-id=\"{block}\" data-value=\"{value}\" data-kind=\"{kind}\"")
}

/// Appends an element of a rich text block.
pub(super) fn rich(element: &Value, out: &mut String) {
    match kind(element) {
        "rich_text_list" => {
            let tag = if string(element, "style") == "ordered" { "ol" } else { "ul" };
            let _ = write!(out, "<{tag}>");
            for line in list(element, "elements") {
                out.push_str("<li dir=\"auto\">");
                inlines(line, out);
                out.push_str("</li>");
            }
            let _ = writeln!(out, "</{tag}>");
        }
        "rich_text_preformatted" => wrapped("pre", element, out),
        "rich_text_quote" => wrapped("blockquote", element, out),
        _ => wrapped("p", element, out),
    }
}

fn wrapped(tag: &str, element: &Value, out: &mut String) {
    let _ = write!(out, "<{tag}>");
    inlines(element, out);
    let _ = writeln!(out, "</{tag}>");
}

fn inlines(section: &Value, out: &mut String) {
    for part in list(section, "elements") {
        let letters = match kind(part) {
            "text" => escape(string(part, "text")),
            "link" => anchor(part),
            "emoji" => escape(&format!(":{}:", string(part, "name"))),
            "user" => mention('@', string(part, "user_id")),
            "usergroup" => mention('@', string(part, "usergroup_id")),
            "channel" => mention('#', string(part, "channel_id")),
            "broadcast" => mention('@', string(part, "range")),
            "date" => escape(string(part, "fallback")),
            _ => String::new(),
        };
        out.push_str(&styled(part, letters));
    }
}

fn anchor(part: &Value) -> String {
    let url = string(part, "url");
    let shown = part.get("text").and_then(Value::as_str).unwrap_or(url);
    match link(url) {
        Some(href) => {
            format!("<a href=\"{href}\" rel=\"noopener noreferrer\" target=\"_blank\">{}</a>", escape(shown))
        }
        None => escape(shown),
    }
}

fn mention(sign: char, id: &str) -> String {
    format!("<span class=\"mention\">{sign}{}</span>", escape(id))
}

fn styled(part: &Value, letters: String) -> String {
    let Some(style) = part.get("style") else { return letters };
    [("code", "code"), ("strike", "s"), ("underline", "u"), ("italic", "em"), ("bold", "strong")]
        .into_iter()
        .filter(|(name, _)| style.get(*name).and_then(Value::as_bool) == Some(true))
        .fold(letters, |inner, (_, tag)| format!("<{tag}>{inner}</{tag}>"))
}
