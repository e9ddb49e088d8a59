//! Socket Mode: the app's sockets, what goes out over them, and what is acknowledged.

use super::{
    app::{Answered, Failure, Outgoing},
    server::Site,
    workspace::APP_ID,
};
use futures::{SinkExt, StreamExt};
use serde_json::{Value, json};
use std::{
    collections::HashMap,
    sync::Arc,
    time::{Duration, Instant},
};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::{mpsc, oneshot},
};
use tokio_tungstenite::{
    accept_hdr_async,
    tungstenite::{
        Message,
        handshake::server::{ErrorResponse, Request, Response},
        http::StatusCode,
    },
};

/// How many sockets an app may have open.
const MOST_SOCKETS: usize = 10;
/// How long a socket lives, as its greeting says; with `debug_reconnects` it is closed after the shorter time.
const LIVES_FOR: u64 = 18_060;
const LIVES_FOR_WHEN_DEBUGGED: u64 = 360;

/// The open sockets, and what was sent over them and not acknowledged yet.
#[derive(Debug, Default)]
pub(super) struct Sockets {
    /// Where they are opened, as `ws://127.0.0.1:PORT`.
    pub url: String,
    open: Vec<Socket>,
    tickets: Vec<String>,
    waiting: HashMap<String, (u64, oneshot::Sender<Value>)>,
    /// Goes round, so that each socket gets its share.
    turn: usize,
    count: u64,
}

#[derive(Debug)]
struct Socket {
    number: u64,
    out: mpsc::UnboundedSender<Option<Value>>,
}

impl Sockets {
    pub fn is_open(&self) -> bool {
        !self.open.is_empty()
    }

    pub fn count(&self) -> usize {
        self.open.len()
    }

    /// An address at which one socket can be opened.
    pub fn address(&mut self) -> String {
        let ticket = format!("{:032x}", rand::random::<u128>());
        let address = format!("{}/link/?ticket={ticket}&app_id={APP_ID}", self.url);
        self.tickets.push(ticket);
        address
    }

    fn admit(&mut self, ticket: &str) -> bool {
        let place = self.tickets.iter().position(|known| known == ticket);
        place.map(|place| self.tickets.swap_remove(place)).is_some()
    }

    fn join(&mut self, out: mpsc::UnboundedSender<Option<Value>>) -> u64 {
        self.count += 1;
        self.open.push(Socket { number: self.count, out });
        self.count
    }

    /// Forgets a socket, and everything that was to be acknowledged over it.
    fn leave(&mut self, number: u64) {
        self.open.retain(|socket| socket.number != number);
        self.waiting.retain(|_, (over, _)| *over != number);
    }

    fn send(&mut self, envelope: Value, id: &str) -> Option<oneshot::Receiver<Value>> {
        self.turn += 1;
        let socket = self.open.get(self.turn % self.open.len().max(1))?;
        socket.out.send(Some(envelope)).ok()?;
        let (acknowledge, acknowledged) = oneshot::channel();
        self.waiting.insert(id.to_owned(), (socket.number, acknowledge));
        Some(acknowledged)
    }

    /// Tells every socket to go; all but a warning closes them.
    pub fn disconnect(&mut self, reason: &str) {
        for socket in &self.open {
            // Whoever has left already needs no telling.
            let _ = socket.out.send(Some(farewell(reason)));
            if reason != "warning" {
                let _ = socket.out.send(None);
            }
        }
        if reason != "warning" {
            self.cut();
        }
    }

    /// Lets every socket break off without a word.
    pub fn cut(&mut self) {
        self.open.clear();
        self.waiting.clear();
    }
}

fn farewell(reason: &str) -> Value {
    json!({ "type": "disconnect", "reason": reason, "debug_info": { "host": "standin" } })
}

/// Sends over one of the sockets, and waits for it to be acknowledged.
pub(super) async fn send(site: &Site, outgoing: &Outgoing, again: Option<(u32, &str)>) -> Answered {
    let id = format!("{:032x}", rand::random::<u128>());
    let (kind, payload, takes_answer) = match outgoing {
        Outgoing::Command(fields) => {
            let fields = fields.iter().map(|(name, value)| ((*name).to_owned(), json!(value)));
            ("slash_commands", Value::Object(fields.collect()), true)
        }
        Outgoing::Interaction(payload) => {
            let answered = payload["type"] == "view_submission" || payload["type"] == "block_suggestion";
            ("interactive", payload.clone(), answered)
        }
        Outgoing::Event(event) => ("events_api", event.clone(), false),
    };
    let mut envelope =
        json!({ "envelope_id": id, "type": kind, "accepts_response_payload": takes_answer, "payload": payload });
    if kind == "events_api" {
        let (number, reason) = again.map_or((0, ""), |(number, _)| (number, "timeout"));
        envelope["retry_attempt"] = json!(number);
        envelope["retry_reason"] = json!(reason);
    }
    let begun = Instant::now();
    let (acknowledged, patience) = {
        let mut state = site.lock();
        (state.sockets.send(envelope, &id), state.app.patience)
    };
    let Some(acknowledged) = acknowledged else { return Answered::failed(Failure::Unreachable, begun.elapsed()) };
    let outcome = tokio::time::timeout(patience, acknowledged).await;
    site.lock().sockets.waiting.remove(&id);
    match outcome {
        Err(_) => Answered::failed(Failure::TimedOut, begun.elapsed()),
        Ok(Err(_)) => Answered::failed(Failure::Unreachable, begun.elapsed()),
        Ok(Ok(payload)) => {
            let body = if takes_answer { payload } else { Value::Null };
            Answered { status: Some(200), body, elapsed: begun.elapsed(), failure: None }
        }
    }
}

/// Takes sockets until the stand-in stops.
pub(super) async fn listen(listener: TcpListener, site: Arc<Site>) {
    let stop = site.stop.clone();
    while let Some(Ok((stream, _))) = stop.run_until_cancelled(listener.accept()).await {
        let site = Arc::clone(&site);
        tokio::spawn(async move {
            let stop = site.stop.clone();
            stop.run_until_cancelled(serve(stream, &site)).await;
        });
    }
}

async fn serve(stream: TcpStream, site: &Site) {
    let mut debugged = false;
    #[expect(clippy::result_large_err, reason = "the callback's signature is the library's")]
    let admit = |request: &Request, response: Response| {
        let query = request.uri().query().unwrap_or_default();
        let parameter = |name: &str| {
            let mut pairs = url::form_urlencoded::parse(query.as_bytes());
            pairs.find(|(key, _)| key == name).map(|(_, value)| value.into_owned()).unwrap_or_default()
        };
        debugged = parameter("debug_reconnects") == "true";
        if site.lock().sockets.admit(&parameter("ticket")) {
            return Ok(response);
        }
        let mut refusal = ErrorResponse::new(None);
        *refusal.status_mut() = StatusCode::FORBIDDEN;
        Err(refusal)
    };
    let Ok(socket) = accept_hdr_async(stream, admit).await else { return };
    let (mut sink, mut source) = socket.split();
    if site.lock().sockets.count() >= MOST_SOCKETS {
        let _ = sink.send(Message::text(farewell("too_many_websockets").to_string())).await;
        return;
    }
    let (out, mut outgoing) = mpsc::unbounded_channel();
    let number = site.lock().sockets.join(out);
    let lifetime = if debugged { LIVES_FOR_WHEN_DEBUGGED } else { LIVES_FOR };
    let end = tokio::time::sleep(Duration::from_secs(lifetime));
    tokio::pin!(end);
    let mut next = Some(hello(site.lock().sockets.count(), lifetime));
    loop {
        if let Some(message) = next.take()
            && sink.send(Message::text(message.to_string())).await.is_err()
        {
            break;
        }
        tokio::select! {
            message = outgoing.recv() => match message {
                Some(Some(message)) => next = Some(message),
                // An orderly end is said; where the sender is gone without one, the connection just breaks.
                Some(None) => { let _ = sink.close().await; break }
                None => break,
            },
            message = source.next() => match message {
                Some(Ok(Message::Text(text))) => acknowledge(site, number, text.as_str()),
                Some(Ok(Message::Close(_)) | Err(_)) | None => break,
                Some(Ok(_)) => {}
            },
            () = &mut end => {
                let _ = sink.send(Message::text(farewell("refresh_requested").to_string())).await;
                let _ = sink.close().await;
                break;
            }
        }
    }
    site.lock().sockets.leave(number);
}

fn hello(count: usize, lifetime: u64) -> Value {
    json!({
        "type": "hello",
        "num_connections": count,
        "connection_info": { "app_id": APP_ID },
        "debug_info": {
            "host": "standin",
            "started": "2026-01-01 00:00:00.000",
            "build_number": 1,
            "approximate_connection_time": lifetime,
        },
    })
}

/// Takes `{"envelope_id": …, "payload": …}`; what nobody waits for comes too late, and counts for nothing.
fn acknowledge(site: &Site, number: u64, text: &str) {
    let Ok(mut message) = serde_json::from_str::<Value>(text) else { return };
    let Some(id) = message["envelope_id"].as_str().map(str::to_owned) else { return };
    let mut state = site.lock();
    if state.sockets.waiting.get(&id).is_some_and(|(over, _)| *over == number)
        && let Some((_, acknowledge)) = state.sockets.waiting.remove(&id)
    {
        let _ = acknowledge.send(message["payload"].take());
    }
}
