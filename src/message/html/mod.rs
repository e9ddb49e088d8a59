//! A message as HTML that looks like Slack: no scripts, no requests, all foreign text escaped.

mod block;
mod chart;
mod element;

use super::{Message, mrkdwn};
use std::fmt::Write;

/// The style of a [`fragment`], light and dark; everything in it is scoped to `.slack-message`.
pub const STYLE: &str = include_str!("style.css");

const PAGE_STYLE: &str = include_str!("page.css");

/// A whole document that shows `message` as posted by the app; `title` stands where Slack shows the time.
pub fn page(message: &Message, title: &str) -> String {
    let title = escape(title);
    let fragment = fragment(message);
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n\
         <title>{title}</title>\n<style>\n{PAGE_STYLE}{STYLE}</style>\n</head>\n<body>\n<main class=\"post\">\n\
         <div class=\"avatar\" aria-hidden=\"true\">R</div>\n<div>\n\
         <div class=\"sender\">Recap <span class=\"tag\">APP</span> <span class=\"when\">{title}</span></div>\n\
         {fragment}</div>\n</main>\n</body>\n</html>\n"
    )
}

/// The message's blocks, or its text where it has none, as one `<div class="slack-message">`.
///
/// Buttons and menu entries carry `data-action-id`, `data-block-id` and `data-value`.
pub fn fragment(message: &Message) -> String {
    let mut out = String::with_capacity(4096);
    out.push_str("<div class=\"slack-message\">\n");
    if message.blocks.is_empty() {
        out.push_str("<p dir=\"auto\">");
        mrkdwn::html(&message.text, &mut out);
        out.push_str("</p>\n");
    }
    for block in &message.blocks {
        block::write(block, &mut out);
    }
    out.push_str("</div>\n");
    out
}

/// Text as HTML, in element content and in quoted attributes.
pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        let _ = match letter {
            '&' => out.write_str("&amp;"),
            '<' => out.write_str("&lt;"),
            '>' => out.write_str("&gt;"),
            '"' => out.write_str("&quot;"),
            '\'' => out.write_str("&#39;"),
            _ => out.write_char(letter),
        };
    }
    out
}

/// An address that a link may lead to; anything else (`javascript:`) is no link.
fn link(url: &str) -> Option<String> {
    let lower = url.trim().to_ascii_lowercase();
    let allowed = ["https://", "http://", "mailto:", "slack://"].iter().any(|scheme| lower.starts_with(scheme));
    allowed.then(|| escape(url.trim()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn foreign_text_is_escaped_wherever_it_stands() {
        let evil = "<script>alert('x')</script>\"&";
        let message = Message {
            text: String::new(),
            blocks: vec![
                json!({"type": "header", "text": {"type": "plain_text", "text": evil}}),
                json!({"type": "section", "text": {"type": "mrkdwn", "text": evil}}),
                json!({"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": [
                    {"type": "text", "text": evil, "style": {"code": true}},
                    {"type": "link", "url": "javascript:alert(1)", "text": evil}, {"type": "user", "user_id": evil}]}]}),
                json!({"type": "image", "image_url": "https://elsewhere/x.png", "alt_text": evil}),
                json!({"type": "actions", "block_id": evil, "elements": [
                    {"type": "button", "action_id": evil, "value": evil, "text": {"type": "plain_text", "text": evil}}]}),
                json!({"type": "data_table", "caption": evil, "rows": [[{"type": "raw_text", "text": evil}]]}),
                json!({"type": "data_visualization", "title": evil, "chart": {"type": "bar",
                    "series": [{"name": evil, "data": [{"label": evil, "value": 1}]}]}}),
                json!({"type": evil, "text": evil}),
            ],
        };
        let page = page(&message, evil);
        assert!(!page.contains("<script") && !page.contains("alert('x')"), "{page}");
        assert!(!page.contains("javascript:") && !page.contains("elsewhere"), "{page}");
        assert_eq!(page.matches("&lt;script&gt;").count(), 19);
    }

    #[test]
    fn a_message_without_blocks_shows_its_text() {
        let message = Message { text: "*12* sessions &lt;b&gt;".to_owned(), blocks: Vec::new() };
        assert_eq!(
            fragment(&message),
            "<div class=\"slack-message\">\n<p dir=\"auto\"><strong>12</strong> sessions &lt;b&gt;</p>\n</div>\n"
        );
    }
}
