//! What Slack says over Socket Mode, and the words that acknowledge it.

use serde::Deserialize;
use serde_json::{Value, json};

/// Slack's are 36 letters.
const LONGEST_ID: usize = 128;

/// One message of Slack's.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Frame {
    /// The connection stands.
    Hello,
    /// Slack will close it, and another should be opened before.
    Renew,
    /// Socket Mode is switched off for the app.
    Disabled,
    Envelope(Envelope),
    /// Nothing that must be acknowledged, or nothing of Slack's at all.
    Other,
}

/// Something to be acknowledged, and then worked on.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Envelope {
    pub id: String,
    /// Fit to be logged.
    pub kind: String,
    /// Whether the acknowledgement may carry the answer.
    pub accepts_answer: bool,
    pub payload: Value,
}

#[derive(Deserialize)]
struct Raw {
    #[serde(default, rename = "type")]
    kind: Value,
    #[serde(default)]
    envelope_id: Value,
    #[serde(default)]
    accepts_response_payload: Value,
    #[serde(default)]
    reason: Value,
    #[serde(default)]
    payload: Value,
}

impl Frame {
    pub(super) fn read(text: &str) -> Self {
        let Ok(raw) = serde_json::from_str::<Raw>(text) else { return Self::Other };
        match (raw.kind.as_str(), raw.envelope_id.as_str()) {
            (Some("hello"), _) => Self::Hello,
            (Some("disconnect"), _) if raw.reason == "link_disabled" => Self::Disabled,
            (Some("disconnect"), _) => Self::Renew,
            (kind, Some(id)) if is_id(id) => Self::Envelope(Envelope {
                id: id.to_owned(),
                kind: kind.filter(|kind| is_word(kind)).unwrap_or("odd").to_owned(),
                accepts_answer: raw.accepts_response_payload == true,
                payload: raw.payload,
            }),
            _ => Self::Other,
        }
    }
}

/// What acknowledges the envelope `id`, with an answer where there is one.
pub(super) fn acknowledgement(id: &str, answer: Option<Value>) -> String {
    match answer {
        Some(answer) => json!({ "envelope_id": id, "payload": answer }).to_string(),
        None => json!({ "envelope_id": id }).to_string(),
    }
}

fn is_word(text: &str) -> bool {
    let fits = |letter: u8| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == b'_';
    (1..=64).contains(&text.len()) && text.bytes().all(fits)
}

fn is_id(text: &str) -> bool {
    (1..=LONGEST_ID).contains(&text.len()) && text.bytes().all(|letter| letter.is_ascii_graphic())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn slacks_frames_are_told_apart() {
        for (text, expected) in [
            (r#"{"type":"hello","num_connections":1,"connection_info":{"app_id":"A1"}}"#, Frame::Hello),
            (r#"{"type":"disconnect","reason":"warning","debug_info":{}}"#, Frame::Renew),
            (r#"{"type":"disconnect","reason":"refresh_requested"}"#, Frame::Renew),
            (r#"{"type":"disconnect","reason":"too_many_websockets"}"#, Frame::Renew),
            (r#"{"type":"disconnect","reason":"link_disabled"}"#, Frame::Disabled),
            (r#"{"type":"events_api"}"#, Frame::Other),
            (r#"{"type":"events_api","envelope_id":7}"#, Frame::Other),
            (r#"{"type":"events_api","envelope_id":"a b"}"#, Frame::Other),
            ("[]", Frame::Other),
            ("Ping from applink-7fc4fdbb64-4x5xq", Frame::Other),
            ("", Frame::Other),
        ] {
            assert_eq!(Frame::read(text), expected, "{text}");
        }
        let text =
            r#"{"type":"of_tomorrow","envelope_id":"dbdd0ef3","accepts_response_payload":true,"payload":{"a":1}}"#;
        let expected = Envelope {
            id: "dbdd0ef3".into(),
            kind: "of_tomorrow".into(),
            accepts_answer: true,
            payload: json!({ "a": 1 }),
        };
        assert_eq!(Frame::read(text), Frame::Envelope(expected));
    }

    #[test]
    fn nesting_without_end_is_no_frame() {
        let deep = format!(r#"{{"type":"events_api","envelope_id":"a","payload":{}"#, "[".repeat(500_000));
        assert_eq!(Frame::read(&deep), Frame::Other);
    }

    proptest! {
        #[test]
        fn hostile_text_is_read_or_passed_over(text in "\\PC*", id in "\\PC{0,200}", kind: String) {
            let _ = Frame::read(&text);
            let read = Frame::read(&json!({ "type": kind, "envelope_id": id }).to_string());
            if let Frame::Envelope(envelope) = read {
                prop_assert!(is_id(&envelope.id) && is_word(&envelope.kind));
            }
        }
    }
}
