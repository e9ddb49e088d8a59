//! Blocks as HTML.

use super::{chart, element, escape};
use crate::message::text::{cell, kind, list, number, string};
use serde_json::Value;
use std::fmt::Write;

/// Appends `block`.
pub(super) fn write(block: &Value, out: &mut String) {
    match kind(block) {
        "header" => {
            out.push_str("<h2 dir=\"auto\">");
            element::text(block.get("text"), out);
            out.push_str("</h2>\n");
        }
        "section" => section(block, out),
        "context" => {
            out.push_str("<div class=\"context\">");
            for part in list(block, "elements") {
                out.push_str("<span dir=\"auto\">");
                element::write(part, "", out);
                out.push_str("</span>");
            }
            out.push_str("</div>\n");
        }
        "actions" => {
            out.push_str("<div class=\"actions\">");
            for part in list(block, "elements") {
                element::write(part, string(block, "block_id"), out);
            }
            out.push_str("</div>\n");
        }
        "divider" => out.push_str("<hr>\n"),
        "rich_text" => {
            for part in list(block, "elements") {
                element::rich(part, out);
            }
        }
        "image" | "video" => picture(block, out),
        "table" | "data_table" => table(block, out),
        "data_visualization" => chart::write(block, out),
        "container" => {
            out.push_str("<div class=\"container\"><p><strong>");
            element::text(block.get("title"), out);
            out.push_str("</strong></p>\n");
            for child in list(block, "child_blocks") {
                write(child, out);
            }
            out.push_str("</div>\n");
        }
        _ => {
            let text = block.get("text").map_or("", |text| text.as_str().unwrap_or_else(|| string(text, "text")));
            let _ = writeln!(out, "<p dir=\"auto\">{}</p>", escape(text));
        }
    }
}

fn section(block: &Value, out: &mut String) {
    let accessory = block.get("accessory");
    if accessory.is_some() {
        out.push_str("<div class=\"split\"><div>");
    }
    if let Some(text) = block.get("text") {
        out.push_str("<p dir=\"auto\">");
        element::text(Some(text), out);
        out.push_str("</p>\n");
    }
    let fields = list(block, "fields");
    if !fields.is_empty() {
        out.push_str("<div class=\"fields\">\n");
        for field in fields {
            out.push_str("<p dir=\"auto\">");
            element::text(Some(field), out);
            out.push_str("</p>\n");
        }
        out.push_str("</div>\n");
    }
    if let Some(accessory) = accessory {
        out.push_str("</div><div>");
        element::write(accessory, string(block, "block_id"), out);
        out.push_str("</div></div>\n");
    }
}

fn picture(block: &Value, out: &mut String) {
    let _ = writeln!(out, "<div class=\"picture\" role=\"img\">{}</div>", escape(string(block, "alt_text")));
}

fn table(block: &Value, out: &mut String) {
    out.push_str("<table>");
    if let Some(caption) = block.get("caption").and_then(Value::as_str) {
        let _ = write!(out, "<caption>{}</caption>", escape(caption));
    }
    out.push('\n');
    let row_header = block.get("row_header_column_index").and_then(Value::as_u64);
    for (index, row) in list(block, "rows").iter().enumerate() {
        out.push_str("<tr>");
        for (column, value) in row.as_array().into_iter().flatten().enumerate() {
            let is_number = kind(value) == "raw_number";
            let letters =
                if is_number && value.get("text").is_none() { number(value.get("value")) } else { cell(value) };
            let letters = escape(&letters);
            let _ = match (index, row_header) {
                (0, _) => write!(out, "<th scope=\"col\" dir=\"auto\">{letters}</th>"),
                (_, Some(header)) if header == column as u64 => {
                    write!(out, "<th scope=\"row\" dir=\"auto\">{letters}</th>")
                }
                _ if is_number => write!(out, "<td class=\"number\">{letters}</td>"),
                _ => write!(out, "<td dir=\"auto\">{letters}</td>"),
            };
        }
        out.push_str("</tr>\n");
    }
    out.push_str("</table>\n");
}
