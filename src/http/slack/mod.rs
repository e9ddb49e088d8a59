//! What Slack calls: commands, interactions and events, each believed only once its signature was checked.

mod body;

use crate::{
    clock::Clock,
    interaction::{
        ANSWER_WITHIN, Answered, Body as Read, Desk, Reply, Route, SignatureFault, SigningSecret, challenge_of,
        is_ssl_check,
    },
    telemetry::metrics::{self, RequestOutcome},
};
use axum::{
    Router,
    body::Body,
    extract::{Request, State},
    http::{HeaderMap, HeaderValue, StatusCode, header::CONTENT_TYPE},
    response::{IntoResponse, Response},
    routing::post,
};
use body::BodyFault;
use bytes::Bytes;
use serde_json::json;
use std::sync::{Arc, OnceLock};

/// When Slack signed a request, in epoch seconds.
const TIMESTAMP: &str = "x-slack-request-timestamp";
const SIGNATURE: &str = "x-slack-signature";

/// Where requests arrive from the first moment on, and wait for nobody: until a desk is opened they hear that Recap is
/// starting. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Inlet(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    secret: Option<SigningSecret>,
    clock: Clock,
    desk: OnceLock<Desk>,
}

impl Inlet {
    /// Without a secret nothing is believed.
    pub fn new(secret: Option<SigningSecret>, clock: Clock) -> Self {
        Self(Arc::new(Shared { secret, clock, desk: OnceLock::new() }))
    }

    /// From now on `desk` answers; the first one stays.
    pub fn open(&self, desk: Desk) {
        let _ = self.0.desk.set(desk);
    }

    /// Answers one request.
    async fn take(&self, route: Route, request: Request) -> Response {
        let (head, body) = request.into_parts();
        let body = match body::read(body).await {
            Ok(body) => body,
            Err(BodyFault::TooLarge) => {
                return refused(route, RequestOutcome::TooLarge, StatusCode::PAYLOAD_TOO_LARGE);
            }
            Err(BodyFault::Broken) => return refused(route, RequestOutcome::Malformed, StatusCode::BAD_REQUEST),
            Err(BodyFault::TooSlow) => return refused(route, RequestOutcome::Malformed, StatusCode::REQUEST_TIMEOUT),
        };
        if let Err(fault) = self.believe(&head.headers, &body) {
            if fault == SignatureFault::Missing && route != Route::Events && is_ssl_check(&body) {
                return StatusCode::OK.into_response();
            }
            tracing::debug!(fault = %fault, "a request that Slack did not sign was refused");
            return refused(route, RequestOutcome::Unsigned, StatusCode::UNAUTHORIZED);
        }
        match self.0.desk.get() {
            Some(desk) => answer(desk, route, &body, signature_of(&head.headers).unwrap_or_default()).await,
            None => starting(route, &body),
        }
    }

    fn believe(&self, headers: &HeaderMap, body: &[u8]) -> Result<(), SignatureFault> {
        let (timestamp, signature) = (text_of(headers, TIMESTAMP), signature_of(headers));
        match &self.0.secret {
            Some(secret) => secret.verify(timestamp, signature, body, self.0.clock.now()),
            None if signature.is_none() => Err(SignatureFault::Missing),
            None => Err(SignatureFault::Wrong),
        }
    }
}

/// The three addresses.
pub(super) fn router(inlet: Inlet) -> Router {
    let at = |route: Route| {
        post(move |State(inlet): State<Inlet>, request: Request| async move { inlet.take(route, request).await })
    };
    Router::new()
        .route("/slack/commands", at(Route::Commands))
        .route("/slack/interactions", at(Route::Interactions))
        .route("/slack/events", at(Route::Events))
        .with_state(inlet)
}

async fn answer(desk: &Desk, route: Route, body: &[u8], request: &str) -> Response {
    match route.read(body, request, desk.client()) {
        Ok(Read::Inbound(inbound)) => match desk.answer(route, inbound, ANSWER_WITHIN).await {
            Answered::Failed(Reply::Nothing) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
            Answered::Reply(reply) | Answered::Failed(reply) => said(&reply),
            Answered::Later => StatusCode::OK.into_response(),
        },
        Ok(Read::SslCheck) => StatusCode::OK.into_response(),
        Ok(Read::Challenge(challenge)) => json_of(json!({ "challenge": challenge }).to_string()),
        Err(fault) => {
            tracing::warn!(fault = %fault, route = ?route, "what Slack sent cannot be read");
            refused(route, RequestOutcome::Malformed, StatusCode::BAD_REQUEST)
        }
    }
}

/// Before there is anybody to answer: who types a command is told, the rest comes again by itself or is pressed again.
fn starting(route: Route, body: &[u8]) -> Response {
    if route == Route::Events
        && let Some(challenge) = challenge_of(body)
    {
        return json_of(json!({ "challenge": challenge }).to_string());
    }
    if route != Route::Events && is_ssl_check(body) {
        return StatusCode::OK.into_response();
    }
    if route == Route::Commands {
        metrics::request(route.label(), RequestOutcome::NotOpen);
        return json_of(json!({ "response_type": "ephemeral", "text": STARTING }).to_string());
    }
    refused(route, RequestOutcome::NotOpen, StatusCode::SERVICE_UNAVAILABLE)
}

fn said(reply: &Reply) -> Response {
    reply.to_json().map_or_else(|| StatusCode::OK.into_response(), json_of)
}

fn json_of(body: impl Into<Bytes>) -> Response {
    let mut response = Response::new(Body::from(body.into()));
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json; charset=utf-8"));
    response
}

/// Nothing but a status: who is refused learns nothing.
fn refused(route: Route, outcome: RequestOutcome, status: StatusCode) -> Response {
    metrics::request(route.label(), outcome);
    status.into_response()
}

fn signature_of(headers: &HeaderMap) -> Option<&str> {
    text_of(headers, SIGNATURE)
}

fn text_of<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

/// To who asks before there is an answer.
const STARTING: &str = "Recap is starting, please try again in a minute.";
