//! Slack's limits and shapes, checked before anything is sent.
//!
//! The limits are those of Slack's reference pages for Block Kit; where copies of them differ, the smaller one.

mod blocks;
mod data;
mod elements;
mod rich_text;
mod shape;
mod views;
mod walk;

#[cfg(test)]
mod tests;

use super::Message;
use serde::Serialize;
use serde_json::Value;
use std::fmt;

/// Something about a message that Slack would refuse, cut, or read badly.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Fault {
    /// JSON pointer into the message: `/blocks/2/fields/0/text`.
    pub pointer: String,
    /// A clause without a full stop.
    pub problem: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "`{}`: {}", self.pointer, self.problem)
    }
}

/// Slack advises a top-level text of at most this length.
const TEXT_ADVISED: usize = 4_000;

/// Slack cuts a top-level text after this length.
const TEXT_CUT: usize = 40_000;

/// Everything that is wrong with `message`, in its order.
pub fn faults(message: &Message) -> Vec<Fault> {
    let mut faults = text_faults(&message.text);
    faults.extend(block_faults(&message.blocks));
    faults
}

fn text_faults(text: &str) -> Vec<Fault> {
    let length = text.chars().count();
    let problem = if text.trim().is_empty() {
        "is empty, and a screen reader reads nothing else".to_owned()
    } else if length > TEXT_CUT {
        format!("has {length} characters, and Slack cuts after {TEXT_CUT}")
    } else if length > TEXT_ADVISED {
        format!("has {length} characters, and Slack advises at most {TEXT_ADVISED}")
    } else {
        return Vec::new();
    };
    vec![Fault { pointer: "/text".to_owned(), problem }]
}

/// What Slack would answer with `invalid_blocks` or `msg_blocks_too_long`.
pub fn block_faults(blocks: &[Value]) -> Vec<Fault> {
    let mut walk = walk::Walk::default();
    walk.message(blocks);
    walk.faults
}

/// What Slack would refuse of a modal or an App Home.
pub fn view_faults(view: &Value) -> Vec<Fault> {
    let mut walk = walk::Walk::default();
    walk.view(view);
    walk.faults
}
