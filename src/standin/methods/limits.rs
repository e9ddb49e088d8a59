//! What Slack refuses in a message's or a view's content: too long, malformed blocks, malformed metadata.

use crate::{message::lint, standin::refusal::Refusal};
use serde_json::Value;

/// Slack truncates longer texts; refused here, so that the loss is seen.
const LONGEST_TEXT: usize = 40_000;

/// A view's limits.
const MOST_BLOCKS: usize = 100;
const LARGEST_VIEW: usize = 250_000;
const LONGEST_TITLE: usize = 24;
const LONGEST_METADATA: usize = 3_000;
const LONGEST_ID: usize = 255;
/// What a view may hold, beside what only a modal may.
const OF_VIEWS: [&str; 5] = ["type", "blocks", "private_metadata", "callback_id", "external_id"];
const OF_MODALS: [&str; 6] = ["title", "close", "submit", "clear_on_close", "notify_on_close", "submit_disabled"];

pub(in crate::standin) fn check(text: &str, blocks: &[Value]) -> Result<(), Refusal> {
    if text.chars().count() > LONGEST_TEXT {
        return Err(Refusal::new("msg_too_long"));
    }
    let faults = lint::block_faults(blocks);
    if faults.is_empty() {
        return Ok(());
    }
    // The lint speaks of all blocks together; only their text has a code of its own.
    let too_long = faults.iter().all(|fault| fault.pointer == "/blocks" && fault.problem.starts_with("all text"));
    let refusal = Refusal::new(if too_long { "msg_blocks_too_long" } else { "invalid_blocks" });
    Err(faults.iter().fold(refusal, |refusal, fault| {
        refusal.message(format!("[ERROR] {} [json-pointer:{}]", fault.problem, fault.pointer))
    }))
}

/// A view of this kind: its blocks, and what stands around them.
pub(in crate::standin) fn check_view(view: &Value, kind: &str) -> Result<(), Refusal> {
    if view.to_string().len() > LARGEST_VIEW {
        return Err(Refusal::new("view_too_large"));
    }
    let mut faults = Vec::new();
    let mut fault =
        |problem: String, place: &str| faults.push(format!("[ERROR] {problem} [json-pointer:/view{place}]"));
    if view["type"] != kind {
        fault("must be a valid enum value".to_owned(), "/type");
    }
    let fields = view.as_object().into_iter().flatten();
    for (name, _) in fields.filter(|(name, _)| !OF_VIEWS.contains(&name.as_str())) {
        if kind != "modal" || !OF_MODALS.contains(&name.as_str()) {
            fault(format!("no such field: {name}"), &format!("/{name}"));
        }
    }
    for (name, most) in
        [("private_metadata", LONGEST_METADATA), ("callback_id", LONGEST_ID), ("external_id", LONGEST_ID)]
    {
        let fits = |value: &Value| value.as_str().is_some_and(|text| text.chars().count() <= most);
        if view.get(name).is_some_and(|value| !fits(value)) {
            fault(format!("must be a text of at most {most} characters"), &format!("/{name}"));
        }
    }
    for name in ["title", "close", "submit"] {
        match view.get(name).filter(|value| !value.is_null()) {
            None if name == "title" && kind == "modal" => fault("missing required field: title".to_owned(), ""),
            Some(text) if !is_title(text) => {
                fault(format!("must be plain_text of 1 to {LONGEST_TITLE} characters"), &format!("/{name}"));
            }
            _ => {}
        }
    }
    match view["blocks"].as_array() {
        Some(blocks) if blocks.len() <= MOST_BLOCKS => {
            // The lint counts blocks and characters as a message may have them.
            let of_messages = |fault: &lint::Fault| {
                fault.pointer == "/blocks"
                    && (fault.problem.starts_with("all text") || fault.problem.contains("blocks, not"))
            };
            for found in lint::block_faults(blocks).iter().filter(|fault| !of_messages(fault)) {
                fault(found.problem.clone(), &found.pointer);
            }
            let asks = blocks.iter().any(|block| block["type"] == "input");
            if kind == "modal" && asks && view["submit"].is_null() {
                fault("a modal with input blocks must have a submit button".to_owned(), "/submit");
            }
        }
        _ => fault(format!("no more than {MOST_BLOCKS} items allowed"), "/blocks"),
    }
    let refused = Refusal::new("invalid_arguments");
    if faults.is_empty() { Ok(()) } else { Err(faults.into_iter().fold(refused, Refusal::message)) }
}

fn is_title(text: &Value) -> bool {
    let length = text["text"].as_str().map_or(0, |text| text.chars().count());
    text["type"] == "plain_text" && (1..=LONGEST_TITLE).contains(&length)
}

/// Metadata is an event type and a flat object. Slack takes numbers too, but one of them breaks a whole page of history
/// in slack-morphism, so only texts pass.
pub(super) fn check_metadata(metadata: Option<&Value>) -> Result<(), Refusal> {
    let Some(metadata) = metadata else { return Ok(()) };
    let named = metadata["event_type"].as_str().is_some_and(|name| !name.is_empty());
    let texts = metadata["event_payload"].as_object().is_some_and(|payload| payload.values().all(Value::is_string));
    if named && texts { Ok(()) } else { Err(Refusal::new("invalid_metadata_format")) }
}
