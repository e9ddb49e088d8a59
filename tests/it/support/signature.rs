//! Slack's signature, as a test makes it.

use ring::hmac;
use std::fmt::Write;

/// What Slack sends as `x-slack-signature` with this body at this time, in epoch seconds.
pub fn sign(secret: &str, timestamp: i64, body: &[u8]) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes());
    let tag = hmac::sign(&key, &[format!("v0:{timestamp}:").as_bytes(), body].concat());
    tag.as_ref().iter().fold("v0=".to_owned(), |mut text, byte| {
        write!(text, "{byte:02x}").unwrap();
        text
    })
}
