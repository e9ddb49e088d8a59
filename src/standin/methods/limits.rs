//! What Slack refuses in a message's or a view's content: too long, malformed blocks, malformed metadata.

use crate::{message::lint, standin::refusal::Refusal};
use serde_json::Value;

/// Slack truncates longer texts; refused here, so that the loss is seen.
const LONGEST_TEXT: usize = 40_000;

/// The largest view; the lint knows the limit too, and Slack has a code of its own for it.
const LARGEST_VIEW: usize = 250_000;

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
    if view["type"] != kind {
        let line = "[ERROR] must be a valid enum value [json-pointer:/view/type]";
        return Err(Refusal::new("invalid_arguments").message(line));
    }
    let faults = lint::view_faults(view);
    if faults.is_empty() {
        return Ok(());
    }
    Err(faults.iter().fold(Refusal::new("invalid_arguments"), |refusal, fault| {
        refusal.message(format!("[ERROR] {} [json-pointer:{}]", fault.problem, fault.pointer))
    }))
}

/// Metadata is an event type and a flat object. Slack takes numbers too, but one of them breaks a whole page of history
/// in slack-morphism, so only texts pass.
pub(super) fn check_metadata(metadata: Option<&Value>) -> Result<(), Refusal> {
    let Some(metadata) = metadata else { return Ok(()) };
    let named = metadata["event_type"].as_str().is_some_and(|name| !name.is_empty());
    let texts = metadata["event_payload"].as_object().is_some_and(|payload| payload.values().all(Value::is_string));
    if named && texts { Ok(()) } else { Err(Refusal::new("invalid_metadata_format")) }
}
