//! A made-up app behind the addresses that Slack sends to, which keeps what it gets.

use axum::{
    Router,
    body::{Body, Bytes},
    extract::State,
    http::{HeaderMap, Uri},
    response::Response,
};
use recap::standin::{AppEndpoint, Standin};
use serde_json::Value;
use std::{
    collections::HashMap,
    future::Future,
    pin::Pin,
    sync::{Arc, Mutex},
};
use tokio_util::{sync::CancellationToken, sync::DropGuard};

pub const SECRET: &str = "8f742231b10e8888abcd99yyyzzz85a5";

/// A request as it came.
#[derive(Debug, Clone)]
pub struct Received {
    pub path: String,
    pub headers: HeaderMap,
    pub body: String,
}

impl Received {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// The form's fields.
    pub fn fields(&self) -> HashMap<String, String> {
        url::form_urlencoded::parse(self.body.as_bytes()).into_owned().collect()
    }

    /// The payload of an interaction, or the body of an event.
    pub fn json(&self) -> Value {
        let payload = self.fields().remove("payload");
        serde_json::from_str(payload.as_deref().unwrap_or(&self.body)).unwrap_or_default()
    }
}

/// What the app answers: a status and a body; a null body is empty.
pub type Answer = (u16, Value);
type Answering = Pin<Box<dyn Future<Output = Answer> + Send>>;
type Handler = Arc<dyn Fn(Received) -> Answering + Send + Sync>;

#[derive(Clone)]
struct Shared {
    received: Arc<Mutex<Vec<Received>>>,
    handler: Handler,
}

/// The app; it ends with its handle.
pub struct Pretend {
    received: Arc<Mutex<Vec<Received>>>,
    _stop: DropGuard,
}

impl Pretend {
    /// Answers each request with what `handler` makes of it, and is connected to `slack` as `/usage`.
    pub async fn start<F, A>(slack: &Standin, handler: F) -> Self
    where
        F: Fn(Received) -> A + Send + Sync + 'static,
        A: Future<Output = Answer> + Send + 'static,
    {
        let handler: Handler = Arc::new(move |request| Box::pin(handler(request)));
        let shared = Shared { received: Arc::default(), handler };
        let received = Arc::clone(&shared.received);
        let router = Router::new().fallback(take).with_state(shared);
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let stop = CancellationToken::new();
        let stopped = stop.clone().cancelled_owned();
        tokio::spawn(async move { axum::serve(listener, router).with_graceful_shutdown(stopped).await });
        slack.connect_app(AppEndpoint { base_url: url, signing_secret: SECRET.into(), command: "/usage".to_owned() });
        Self { received, _stop: stop.drop_guard() }
    }

    pub fn received(&self) -> Vec<Received> {
        self.received.lock().unwrap().clone()
    }

    pub fn last(&self) -> Received {
        self.received().pop().unwrap()
    }
}

async fn take(State(shared): State<Shared>, uri: Uri, headers: HeaderMap, body: Bytes) -> Response {
    let request = Received { path: uri.path().to_owned(), headers, body: String::from_utf8(body.to_vec()).unwrap() };
    shared.received.lock().unwrap().push(request.clone());
    let (status, body) = (shared.handler)(request).await;
    let response = Response::builder().status(status);
    match body {
        Value::Null => response.body(Body::empty()),
        Value::String(text) => response.header("content-type", "text/plain").body(Body::from(text)),
        json => response.header("content-type", "application/json").body(Body::from(json.to_string())),
    }
    .unwrap()
}
