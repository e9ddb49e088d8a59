//! The same numbers without new kinds of blocks, for when Slack answers `invalid_blocks`.

use super::{Message, text};
use serde_json::{Value, json};

/// Slack's limit for the text of a section.
const LONGEST: usize = 3_000;

/// How many blocks a message may have.
const MOST_BLOCKS: usize = 50;

/// Blocks that every workspace has drawn for years.
const SETTLED: [&str; 5] = ["section", "header", "context", "actions", "divider"];

impl Message {
    /// The message with every block but sections, headers, context, actions and dividers written out as plain
    /// sections that carry the same words and numbers.
    #[must_use]
    pub fn without_rich_blocks(&self) -> Self {
        let mut blocks = Vec::with_capacity(self.blocks.len());
        for block in &self.blocks {
            settle(block, &mut blocks);
        }
        if blocks.len() > MOST_BLOCKS {
            blocks.truncate(MOST_BLOCKS - 1);
            blocks.push(section("…"));
        }
        Self { text: self.text.clone(), blocks }
    }

    /// Whether anything in it is drawn differently by [`without_rich_blocks`](Self::without_rich_blocks).
    pub fn has_rich_blocks(&self) -> bool {
        self.blocks.iter().any(|block| !is_settled(block))
    }
}

fn is_settled(block: &Value) -> bool {
    block.get("type").and_then(Value::as_str).is_some_and(|kind| SETTLED.contains(&kind))
}

fn settle(block: &Value, out: &mut Vec<Value>) {
    if is_settled(block) {
        return out.push(block.clone());
    }
    if let Some(children) = block.get("child_blocks").and_then(Value::as_array) {
        if let Some(title) = block.get("title") {
            out.push(json!({"type": "section", "text": title}));
        }
        for child in children {
            settle(child, out);
        }
        return;
    }
    let mut chunk = String::new();
    let mut length = 0;
    for line in text::block(block).lines().flat_map(pieces) {
        let characters = line.chars().count();
        if length > 0 && length + 1 + characters > LONGEST {
            out.push(section(&chunk));
            chunk.clear();
            length = 0;
        }
        if length > 0 {
            chunk.push('\n');
            length += 1;
        }
        chunk.push_str(&line);
        length += characters;
    }
    if !chunk.trim().is_empty() {
        out.push(section(&chunk));
    }
}

/// A line in pieces that each fit a section.
fn pieces(line: &str) -> Vec<String> {
    let letters: Vec<char> = line.chars().collect();
    letters.chunks(LONGEST).map(|piece| piece.iter().collect()).collect()
}

fn section(text: &str) -> Value {
    json!({"type": "section", "text": {"type": "plain_text", "text": text, "emoji": false}})
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::message::lint;

    #[test]
    fn charts_and_tables_keep_their_numbers_in_sections() {
        let message = Message {
            text: "The week.".to_owned(),
            blocks: vec![
                json!({"type": "header", "text": {"type": "plain_text", "text": "Week"}}),
                json!({"type": "data_visualization", "title": "Sessions by day", "chart": {"type": "bar",
                    "series": [{"name": "sessions", "data": [{"label": "Mon", "value": 10}, {"label": "Tue", "value": 12.5}]}],
                    "axis_config": {"categories": ["Mon", "Tue"]}}}),
                json!({"type": "container", "title": {"type": "plain_text", "text": "More"}, "child_blocks": [
                    {"type": "table", "rows": [[{"type": "raw_text", "text": "/commit"}, {"type": "raw_text", "text": "8"}]]}]}),
                json!({"type": "data_table", "caption": "Top skills", "rows": [
                    [{"type": "raw_text", "text": "Skill"}, {"type": "raw_text", "text": "Uses"}],
                    [{"type": "raw_text", "text": "<!channel>"}, {"type": "raw_number", "value": 8, "text": "8"}]]}),
            ],
        };
        let plain = message.without_rich_blocks();
        assert!(message.has_rich_blocks() && !plain.has_rich_blocks());
        assert_eq!(lint::faults(&plain), []);
        let texts: Vec<_> = plain.blocks.iter().map(|block| block["text"]["text"].as_str().unwrap()).collect();
        assert_eq!(
            texts,
            [
                "Week",
                "Sessions by day: Mon 10, Tue 12.5",
                "More",
                "/commit · 8",
                "Top skills\nSkill · Uses\n<!channel> · 8"
            ]
        );
    }

    #[test]
    fn long_tables_become_several_sections() {
        let row = json!([{"type": "raw_text", "text": "x".repeat(100)}]);
        let table = json!({"type": "table", "rows": vec![row; 90]});
        let plain = Message { text: "A table.".to_owned(), blocks: vec![table] }.without_rich_blocks();
        assert_eq!(lint::faults(&plain), []);
        assert_eq!(plain.blocks.len(), 4);
    }
}
