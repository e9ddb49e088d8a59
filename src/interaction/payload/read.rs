//! The ways in: a body over HTTP, or the `payload` of an envelope over Socket Mode.

use super::{Inbound, Malformed, command, event, form::Form, interaction};
use crate::{slack::Client, telemetry::metrics::RequestKind};
use serde_json::Value;

/// What an address of ours, or a type of envelope, receives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Route {
    Commands,
    Interactions,
    Events,
}

/// What came over HTTP.
#[derive(Debug, Clone, PartialEq)]
pub enum Body {
    /// To be answered by whoever knows the workspace.
    Inbound(Vec<Inbound>),
    /// Slack looks whether our certificate holds.
    SslCheck,
    /// Slack looks whether the address is ours, and wants these words back.
    Challenge(String),
}

impl Route {
    /// As metrics call it.
    pub fn label(self) -> RequestKind {
        match self {
            Self::Commands => RequestKind::Command,
            Self::Interactions => RequestKind::Interaction,
            Self::Events => RequestKind::Event,
        }
    }

    /// Reads a body whose signature was found right; `request` is the same when it comes again.
    ///
    /// # Errors
    /// When it is not as Slack's are.
    pub fn read(self, body: &[u8], request: &str, client: &Client) -> Result<Body, Malformed> {
        match self {
            Self::Commands => {
                let form = Form::read(body)?;
                if asks_for_nothing(&form) {
                    return Ok(Body::SslCheck);
                }
                let command = command::read(|name| form.field(name), request, client)?;
                Ok(Body::Inbound(vec![Inbound::Command(command)]))
            }
            Self::Interactions => {
                let form = Form::read(body)?;
                if asks_for_nothing(&form) {
                    return Ok(Body::SslCheck);
                }
                let payload = form.field("payload").ok_or(Malformed::Lacks("payload"))?;
                let payload = serde_json::from_str(payload).map_err(|_| Malformed::Form)?;
                interaction::read(&payload, request, client).map(Body::Inbound)
            }
            Self::Events => {
                let payload: Value = serde_json::from_slice(body).map_err(|_| Malformed::Form)?;
                match challenge(&payload) {
                    Some(challenge) => Ok(Body::Challenge(challenge?)),
                    None => Ok(Body::Inbound(vec![event::read(payload)?])),
                }
            }
        }
    }

    /// Reads the `payload` of an envelope whose id is `request`.
    ///
    /// # Errors
    /// When it is not as Slack's are.
    pub fn read_payload(self, payload: Value, request: &str, client: &Client) -> Result<Vec<Inbound>, Malformed> {
        match self {
            Self::Commands => {
                let field = |name: &str| payload[name].as_str().filter(|text| !text.is_empty());
                Ok(vec![Inbound::Command(command::read(field, request, client)?)])
            }
            Self::Interactions => interaction::read(&payload, request, client),
            Self::Events => Ok(vec![event::read(payload)?]),
        }
    }
}

/// The words that Slack wants back, where a body asks for them: to be answered before there is anybody to answer the rest.
pub fn challenge_of(body: &[u8]) -> Option<String> {
    challenge(&serde_json::from_slice(body).ok()?)?.ok()
}

/// Whether a form is Slack's look at our certificate. Its own libraries answer that before they look for a signature, and
/// nothing follows from it.
pub fn is_ssl_check(body: &[u8]) -> bool {
    body.split(|letter| *letter == b'&').any(|pair| pair == b"ssl_check=1")
}

fn asks_for_nothing(form: &Form<'_>) -> bool {
    form.field("ssl_check") == Some("1")
}

fn challenge(payload: &Value) -> Option<Result<String, Malformed>> {
    (payload["type"] == "url_verification")
        .then(|| payload["challenge"].as_str().map(str::to_owned).ok_or(Malformed::Lacks("challenge")))
}
