//! What Slack refuses in a message's content: too long, malformed blocks, malformed metadata.

use crate::standin::refusal::Refusal;
use serde_json::Value;

/// Slack truncates longer texts; refused here, so that the loss is seen.
const LONGEST_TEXT: usize = 40_000;
const MOST_BLOCKS: usize = 50;

pub(super) fn check(text: &str, blocks: &[Value]) -> Result<(), Refusal> {
    if text.chars().count() > LONGEST_TEXT {
        return Err(Refusal::new("msg_too_long"));
    }
    if blocks.len() > MOST_BLOCKS {
        let line = format!("[ERROR] no more than {MOST_BLOCKS} items allowed [json-pointer:/blocks]");
        return Err(Refusal::new("invalid_blocks").message(line));
    }
    Ok(())
}

/// Metadata is an event type and a flat object. Slack takes numbers too, but one of them breaks a whole page of history
/// in slack-morphism, so only texts pass.
pub(super) fn check_metadata(metadata: Option<&Value>) -> Result<(), Refusal> {
    let Some(metadata) = metadata else { return Ok(()) };
    let named = metadata["event_type"].as_str().is_some_and(|name| !name.is_empty());
    let texts = metadata["event_payload"].as_object().is_some_and(|payload| payload.values().all(Value::is_string));
    if named && texts { Ok(()) } else { Err(Refusal::new("invalid_metadata_format")) }
}
