//! A message laid out as plain text, close to how Slack draws it: what a terminal shows.

use super::{Message, mrkdwn};
use serde_json::Value;
use std::fmt::Write;

/// Where the second column of fields begins.
const COLUMN: usize = 34;

/// The message as lines of text, ending in a line break.
pub fn render(message: &Message) -> String {
    let mut out = String::new();
    for block in &message.blocks {
        let lines = self::block(block);
        if !lines.is_empty() {
            out.push_str(&lines);
            out.push('\n');
        }
    }
    if out.is_empty() {
        out = format!("{}\n", mrkdwn::plain(&message.text));
    }
    out
}

/// One block as lines, without a last line break.
pub(super) fn block(block: &Value) -> String {
    match kind(block) {
        "section" => section(block),
        "context" => joined(block, " · "),
        "actions" => joined(block, "  "),
        "divider" => "---".to_owned(),
        "rich_text" => list(block, "elements").iter().map(rich_element).collect::<Vec<_>>().join("\n"),
        "image" => format!("[image: {}]", string(block, "alt_text")),
        "markdown" => mrkdwn::unescape(string(block, "text")),
        "table" | "data_table" => table(block),
        "data_visualization" => chart(block),
        "container" => {
            let children = list(block, "child_blocks").iter().map(self::block);
            [text_of(block.get("title"))].into_iter().chain(children).collect::<Vec<_>>().join("\n")
        }
        _ => text_of(block.get("text").or_else(|| block.get("title"))),
    }
}

fn section(block: &Value) -> String {
    let mut lines = Vec::new();
    if let Some(text) = block.get("text") {
        lines.push(text_of(Some(text)));
    }
    for pair in list(block, "fields").chunks(2) {
        let (left, right) = (text_of(pair.first()), text_of(pair.get(1)));
        let gap = COLUMN.saturating_sub(left.chars().count()).max(2);
        lines.push(if right.is_empty() { left } else { format!("{left}{:gap$}{right}", "") });
    }
    let mut out = lines.join("\n");
    if let Some(accessory) = block.get("accessory") {
        // It stands at the right of the text.
        let _ = write!(out, " {}", element(accessory));
    }
    out
}

fn joined(block: &Value, between: &str) -> String {
    list(block, "elements").iter().map(element).collect::<Vec<_>>().join(between)
}

fn element(element: &Value) -> String {
    match kind(element) {
        "button" | "workflow_button" => format!("[{}]", text_of(element.get("text"))),
        "overflow" => {
            let options: Vec<_> = list(element, "options").iter().map(|option| text_of(option.get("text"))).collect();
            format!("[⋯ {}]", options.join(" | "))
        }
        "image" => format!("[image: {}]", string(element, "alt_text")),
        "plain_text" | "mrkdwn" => text_of(Some(element)),
        _ => format!("[{} ▾]", text_of(element.get("placeholder"))),
    }
}

fn rich_element(element: &Value) -> String {
    match kind(element) {
        "rich_text_list" => {
            let ordered = string(element, "style") == "ordered";
            let lines = list(element, "elements").iter().enumerate().map(|(index, line)| {
                let mark = if ordered { format!("{}.", index + 1) } else { "-".to_owned() };
                format!("{mark} {}", inline(line))
            });
            lines.collect::<Vec<_>>().join("\n")
        }
        _ => inline(element),
    }
}

/// The letters of a rich text section.
pub(super) fn inline(section: &Value) -> String {
    list(section, "elements").iter().fold(String::new(), |mut out, part| {
        let _ = match kind(part) {
            "text" => write!(out, "{}", string(part, "text")),
            "link" if part.get("text").is_some() => write!(out, "{} ({})", string(part, "text"), string(part, "url")),
            "link" => write!(out, "{}", string(part, "url")),
            "emoji" => write!(out, ":{}:", string(part, "name")),
            "user" => write!(out, "@{}", string(part, "user_id")),
            "usergroup" => write!(out, "@{}", string(part, "usergroup_id")),
            "channel" => write!(out, "#{}", string(part, "channel_id")),
            "broadcast" => write!(out, "@{}", string(part, "range")),
            "date" => write!(out, "{}", string(part, "fallback")),
            _ => Ok(()),
        };
        out
    })
}

fn table(block: &Value) -> String {
    let caption = block.get("caption").and_then(Value::as_str).map(str::to_owned);
    let rows = list(block, "rows").iter().map(|row| {
        let cells: Vec<_> = row.as_array().into_iter().flatten().map(cell).collect();
        cells.join(" · ")
    });
    caption.into_iter().chain(rows).collect::<Vec<_>>().join("\n")
}

/// The letters of a cell.
pub(super) fn cell(cell: &Value) -> String {
    match kind(cell) {
        "rich_text" => list(cell, "elements").iter().map(inline).collect::<Vec<_>>().join(" "),
        "raw_number" if cell.get("text").is_none() => number(cell.get("value")),
        _ => string(cell, "text").to_owned(),
    }
}

fn chart(block: &Value) -> String {
    let title = string(block, "title");
    let Some(chart) = block.get("chart") else { return title.to_owned() };
    let points = |of: &[Value]| {
        let pairs = of.iter().map(|point| format!("{} {}", string(point, "label"), number(point.get("value"))));
        pairs.collect::<Vec<_>>().join(", ")
    };
    if kind(chart) == "pie" {
        return format!("{title}: {}", points(list(chart, "segments")));
    }
    match list(chart, "series") {
        [one] => format!("{title}: {}", points(list(one, "data"))),
        series => {
            let lines = series.iter().map(|one| format!("{}: {}", string(one, "name"), points(list(one, "data"))));
            [title.to_owned()].into_iter().chain(lines).collect::<Vec<_>>().join("\n")
        }
    }
}

/// A number as JSON has it.
pub(super) fn number(value: Option<&Value>) -> String {
    value.filter(|value| value.is_number()).map(Value::to_string).unwrap_or_default()
}

/// The letters of a text object, mrkdwn marks taken off.
pub(super) fn text_of(text: Option<&Value>) -> String {
    let Some(text) = text else { return String::new() };
    let letters = string(text, "text");
    if kind(text) == "mrkdwn" { mrkdwn::plain(letters) } else { letters.to_owned() }
}

/// The `type` of an object.
pub(super) fn kind(value: &Value) -> &str {
    string(value, "type")
}

/// A string field, or nothing.
pub(super) fn string<'a>(value: &'a Value, key: &str) -> &'a str {
    value.get(key).and_then(Value::as_str).unwrap_or_default()
}

/// A list field, or nothing.
pub(super) fn list<'a>(value: &'a Value, key: &str) -> &'a [Value] {
    value.get(key).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}
