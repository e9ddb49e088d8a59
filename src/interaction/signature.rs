//! Whether a request came from Slack: its signature and its time, judged before a byte of it is read as anything else.

use chrono::{DateTime, Utc};
use ring::hmac;
use secrecy::{ExposeSecret, SecretString};
use std::fmt;

/// How far the time of a request may be from ours, in seconds, either way: what Slack advises.
const WINDOW: u64 = 300;
/// Slack signs in this version.
const VERSION: &str = "v0=";

/// What Slack signs its requests with.
#[derive(Clone)]
pub struct SigningSecret(hmac::Key);

/// Why a request is not believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SignatureFault {
    #[error("it has no signature")]
    Missing,
    #[error("its time is more than {WINDOW} s off")]
    Stale,
    #[error("its signature is wrong")]
    Wrong,
}

impl SigningSecret {
    /// None of an empty secret, with which anybody could sign.
    pub fn new(secret: &SecretString) -> Option<Self> {
        let secret = secret.expose_secret().trim();
        (!secret.is_empty()).then(|| Self(hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes())))
    }

    /// Judges `body` with the headers `x-slack-request-timestamp` and `x-slack-signature`, at `now`. The signatures are
    /// compared in constant time.
    ///
    /// # Errors
    /// When the request is not from Slack, or not of now.
    pub fn verify(
        &self,
        timestamp: Option<&str>,
        signature: Option<&str>,
        body: &[u8],
        now: DateTime<Utc>,
    ) -> Result<(), SignatureFault> {
        let (Some(timestamp), Some(signature)) = (timestamp, signature) else { return Err(SignatureFault::Missing) };
        let seconds = whole_seconds(timestamp).ok_or(SignatureFault::Stale)?;
        if now.timestamp().abs_diff(seconds) > WINDOW {
            return Err(SignatureFault::Stale);
        }
        let claimed = signature.strip_prefix(VERSION).and_then(unhex).ok_or(SignatureFault::Wrong)?;
        let ours = self.sign(timestamp, body);
        if bool::from(subtle::ConstantTimeEq::ct_eq(ours.as_ref(), claimed.as_slice())) {
            Ok(())
        } else {
            Err(SignatureFault::Wrong)
        }
    }

    fn sign(&self, timestamp: &str, body: &[u8]) -> hmac::Tag {
        let mut context = hmac::Context::with_key(&self.0);
        for part in [b"v0:", timestamp.as_bytes(), b":", body] {
            context.update(part);
        }
        context.sign()
    }
}

impl fmt::Debug for SigningSecret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("SigningSecret(…)")
    }
}

/// Digits alone, as Slack writes it: no sign and no blanks.
fn whole_seconds(text: &str) -> Option<i64> {
    let digits = (1..=15).contains(&text.len()) && text.bytes().all(|letter| letter.is_ascii_digit());
    digits.then(|| text.parse().ok()).flatten()
}

/// 64 hexadecimal digits as 32 bytes; small ones alone, so that a request that comes again cannot look like another.
fn unhex(text: &str) -> Option<[u8; 32]> {
    let mut bytes = [0; 32];
    if text.len() != 2 * bytes.len() {
        return None;
    }
    for (byte, pair) in bytes.iter_mut().zip(text.as_bytes().chunks_exact(2)) {
        *byte = digit(pair[0])? << 4 | digit(pair[1])?;
    }
    Some(bytes)
}

fn digit(letter: u8) -> Option<u8> {
    match letter {
        b'0'..=b'9' => Some(letter - b'0'),
        b'a'..=b'f' => Some(letter - b'a' + 10),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Slack's published example.
    const BODY: &str = "token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c";
    const TIME: &str = "1531420618";
    const SIGNATURE: &str = "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503";

    fn secret() -> SigningSecret {
        SigningSecret::new(&"8f742231b10e8888abcd99yyyzzz85a5".into()).unwrap()
    }

    fn at(offset: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_531_420_618 + offset, 0).unwrap()
    }

    #[test]
    fn slacks_own_example_is_believed() {
        assert_eq!(secret().verify(Some(TIME), Some(SIGNATURE), BODY.as_bytes(), at(0)), Ok(()));
    }

    #[test]
    fn the_window_is_300_seconds_both_ways() {
        for (offset, expected) in
            [(300, Ok(())), (-300, Ok(())), (301, Err(SignatureFault::Stale)), (-301, Err(SignatureFault::Stale))]
        {
            assert_eq!(secret().verify(Some(TIME), Some(SIGNATURE), BODY.as_bytes(), at(offset)), expected, "{offset}");
        }
    }

    #[test]
    fn anything_but_the_signature_of_this_body_and_time_is_refused() {
        let (missing, stale, wrong) = (SignatureFault::Missing, SignatureFault::Stale, SignatureFault::Wrong);
        let last_changed = format!("{}4", &SIGNATURE[..66]);
        let shouted = format!("v0={}", SIGNATURE[3..].to_uppercase());
        for (time, signature, body, fault) in [
            (None, Some(SIGNATURE), BODY, missing),
            (Some(TIME), None, BODY, missing),
            (Some("1531420619"), Some(SIGNATURE), BODY, wrong),
            (Some(TIME), Some(SIGNATURE), "", wrong),
            (Some(TIME), Some(&*last_changed), BODY, wrong),
            (Some(TIME), Some(&*shouted), BODY, wrong),
            (Some(TIME), Some(&SIGNATURE[3..]), BODY, wrong),
            (Some(TIME), Some(&SIGNATURE[..66]), BODY, wrong),
            (Some(TIME), Some("v0="), BODY, wrong),
            (Some(TIME), Some(""), BODY, wrong),
            (Some("+1531420618"), Some(SIGNATURE), BODY, stale),
            (Some("1531420618.0"), Some(SIGNATURE), BODY, stale),
            (Some("-9223372036854775808"), Some(SIGNATURE), BODY, stale),
            (Some("999999999999999"), Some(SIGNATURE), BODY, stale),
            (Some(""), Some(SIGNATURE), BODY, stale),
        ] {
            assert_eq!(
                secret().verify(time, signature, body.as_bytes(), at(0)),
                Err(fault),
                "{time:?} {signature:?} {body:.10}"
            );
        }
        assert_eq!(
            SigningSecret::new(&"another".into()).unwrap().verify(Some(TIME), Some(SIGNATURE), BODY.as_bytes(), at(0)),
            Err(wrong)
        );
    }

    #[test]
    fn an_empty_secret_is_none_and_no_secret_is_shown() {
        assert!(SigningSecret::new(&" ".into()).is_none());
        assert_eq!(format!("{:?}", secret()), "SigningSecret(…)");
    }

    proptest! {
        #[test]
        fn hostile_headers_and_bodies_are_refused(
            time in "\\PC{0,24}", signature in "(v0=)?[0-9a-fé]{0,70}", body: Vec<u8>
        ) {
            prop_assert!(secret().verify(Some(&time), Some(&signature), &body, at(0)).is_err());
        }
    }
}
