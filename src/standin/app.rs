//! The app's side as Slack reaches it: signed requests over HTTP, or envelopes over the app's own sockets.

use super::{server::Site, socket};
use hmac::{Hmac, KeyInit, Mac};
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Value, json};
use sha2::Sha256;
use std::{
    fmt::Write,
    time::{Duration, Instant},
};

/// How long Slack waits for an answer, and how long a trigger lives.
pub(super) const PATIENCE: Duration = Duration::from_secs(3);
/// The most of an answer that is read.
const LARGEST_ANSWER: usize = 1 << 20;

/// Where the app takes Slack's requests.
#[derive(Debug, Clone)]
pub struct AppEndpoint {
    /// `http://127.0.0.1:8080`; `/slack/commands` and its like are added.
    pub base_url: String,
    pub signing_secret: SecretString,
    /// The command's name, as `/usage`.
    pub command: String,
}

/// What is known of the app, and what it was sent last.
#[derive(Debug)]
pub(super) struct App {
    pub endpoint: Option<AppEndpoint>,
    pub patience: Duration,
    pub last: Option<Sent>,
    client: reqwest::Client,
}

impl Default for App {
    fn default() -> Self {
        let client = reqwest::Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none()).build();
        Self { endpoint: None, patience: PATIENCE, last: None, client: client.unwrap_or_default() }
    }
}

/// A request as it was sent, to be sent again.
#[derive(Debug, Clone)]
pub(super) struct Sent {
    url: String,
    headers: Vec<(&'static str, String)>,
    body: String,
}

/// What Slack sends.
#[derive(Debug, Clone)]
pub(super) enum Outgoing {
    Command(Vec<(&'static str, String)>),
    Interaction(Value),
    Event(Value),
}

/// What came of a request.
#[derive(Debug, Clone, PartialEq)]
pub struct Answered {
    /// The HTTP status; 200 for what was acknowledged over a socket, none where no answer came.
    pub status: Option<u16>,
    /// The answer: JSON, other text as a string, or null.
    pub body: Value,
    pub elapsed: Duration,
    pub failure: Option<Failure>,
}

/// Why a request has no answer to go by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Failure {
    /// No app is connected.
    NotConnected,
    /// It could not be reached, or broke off.
    Unreachable,
    TimedOut,
    /// Its status was not 200.
    Refused,
}

impl Answered {
    pub(super) fn failed(failure: Failure, elapsed: Duration) -> Self {
        Self { status: None, body: Value::Null, elapsed, failure: Some(failure) }
    }

    /// Whether the app answered 200 in time.
    pub fn is_ok(&self) -> bool {
        self.failure.is_none()
    }

    /// What a retry gives as its reason.
    pub(super) fn reason(&self) -> &'static str {
        match self.failure {
            Some(Failure::TimedOut) => "http_timeout",
            Some(Failure::Refused) => "http_error",
            _ => "connection_failed",
        }
    }
}

/// Slack's signature of a body that is sent at `timestamp` (seconds).
pub fn signature(secret: &SecretString, timestamp: i64, body: &str) -> String {
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret.expose_secret().as_bytes()) else { return String::new() };
    mac.update(format!("v0:{timestamp}:{body}").as_bytes());
    mac.finalize().into_bytes().iter().fold("v0=".to_owned(), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

/// Sends to the app, by socket where it has one open; `again` is the number of the retry and why there is one.
pub(super) async fn send(site: &Site, outgoing: &Outgoing, again: Option<(u32, &str)>) -> Answered {
    if site.lock().sockets.is_open() {
        return socket::send(site, outgoing, again).await;
    }
    let Some(request) = signed(site, outgoing, again) else {
        return Answered::failed(Failure::NotConnected, Duration::ZERO);
    };
    site.lock().app.last = Some(request.clone());
    post(site, request).await
}

/// Sends the last request once more, with its old signature.
pub(super) async fn replay(site: &Site) -> Answered {
    let last = site.lock().app.last.clone();
    match last {
        Some(request) => post(site, request).await,
        None => Answered::failed(Failure::NotConnected, Duration::ZERO),
    }
}

fn signed(site: &Site, outgoing: &Outgoing, again: Option<(u32, &str)>) -> Option<Sent> {
    let state = site.lock();
    let endpoint = state.app.endpoint.as_ref()?;
    let form = |pairs: &[(&str, String)]| -> String {
        url::form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish()
    };
    let (path, kind, body) = match outgoing {
        Outgoing::Command(fields) => ("commands", "application/x-www-form-urlencoded", form(fields)),
        Outgoing::Interaction(payload) => {
            ("interactions", "application/x-www-form-urlencoded", form(&[("payload", payload.to_string())]))
        }
        Outgoing::Event(event) => ("events", "application/json", event.to_string()),
    };
    let timestamp = state.now().timestamp();
    let mut headers = vec![
        ("content-type", kind.to_owned()),
        ("user-agent", "Slackbot 1.0 (+https://api.slack.com/robots)".to_owned()),
        ("x-slack-request-timestamp", timestamp.to_string()),
        ("x-slack-signature", signature(&endpoint.signing_secret, timestamp, &body)),
    ];
    if let Some((number, reason)) = again {
        headers.extend([("x-slack-retry-num", number.to_string()), ("x-slack-retry-reason", reason.to_owned())]);
    }
    Some(Sent { url: format!("{}/slack/{path}", endpoint.base_url.trim_end_matches('/')), headers, body })
}

async fn post(site: &Site, sent: Sent) -> Answered {
    let (client, patience) = {
        let state = site.lock();
        (state.app.client.clone(), state.app.patience)
    };
    let begun = Instant::now();
    let request =
        sent.headers.iter().fold(client.post(&sent.url), |request, (name, value)| request.header(*name, value));
    let answer = async {
        let answer = request.body(sent.body).send().await.ok()?;
        let status = answer.status().as_u16();
        let is_json = answer.headers().get("content-type").and_then(|kind| kind.to_str().ok());
        let is_json = is_json.is_some_and(|kind| kind.starts_with("application/json"));
        let body = answer.bytes().await.ok().filter(|body| body.len() <= LARGEST_ANSWER)?;
        Some((status, read(&body, is_json)?))
    };
    match tokio::time::timeout(patience, answer).await {
        Err(_) => Answered::failed(Failure::TimedOut, begun.elapsed()),
        Ok(None) => Answered::failed(Failure::Unreachable, begun.elapsed()),
        Ok(Some((status, body))) => {
            let failure = (status != 200).then_some(Failure::Refused);
            Answered { status: Some(status), body, elapsed: begun.elapsed(), failure }
        }
    }
}

/// An empty body is null, JSON is read where it is called so, and the rest is text.
fn read(body: &[u8], is_json: bool) -> Option<Value> {
    if body.iter().all(u8::is_ascii_whitespace) {
        return Some(Value::Null);
    }
    if is_json { serde_json::from_slice(body).ok() } else { Some(json!(String::from_utf8_lossy(body))) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_signature_is_that_of_slacks_own_example() {
        let body = "token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&\
                    channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&\
                    response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&\
                    trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c";
        let signature = signature(&"8f742231b10e8888abcd99yyyzzz85a5".into(), 1_531_420_618, body);
        assert_eq!(signature, "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503");
    }
}
