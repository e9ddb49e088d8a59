//! A server in Slack's place that a test leads by hand: connections of Socket Mode, and what was said to `response_url`s.

use super::within;
use axum::{
    Json, Router,
    extract::State,
    routing::{any, post},
};
use futures::{SinkExt, StreamExt};
use recap::{
    interaction::{Answers, Desk},
    slack::{Client, ClientOptions},
};
use serde_json::{Value, json};
use std::{
    sync::{Arc, Mutex},
    time::Duration,
};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::{Mutex as Waiting, mpsc},
    task::JoinSet,
};
use tokio_tungstenite::{WebSocketStream, tungstenite::Message};
use tokio_util::task::TaskTracker;

/// What `apps.connections.open` answers in place of the address.
type Refusal = Arc<Mutex<Option<Value>>>;

pub struct Slack {
    pub api_url: String,
    sockets: Waiting<mpsc::UnboundedReceiver<WebSocketStream<TcpStream>>>,
    responses: Waiting<mpsc::UnboundedReceiver<Value>>,
    opened: Arc<Mutex<usize>>,
    refusal: Refusal,
    _tasks: JoinSet<()>,
}

#[derive(Clone)]
struct Told {
    socket_url: String,
    opened: Arc<Mutex<usize>>,
    refusal: Refusal,
    response: mpsc::UnboundedSender<Value>,
}

impl Slack {
    pub async fn start() -> Self {
        let (http, wire) = (TcpListener::bind("127.0.0.1:0"), TcpListener::bind("127.0.0.1:0"));
        let (http, wire) = (http.await.unwrap(), wire.await.unwrap());
        let api_url = format!("http://{}/api", http.local_addr().unwrap());
        let (response, responses) = mpsc::unbounded_channel();
        let told = Told {
            socket_url: format!("ws://{}/link?ticket=secret", wire.local_addr().unwrap()),
            opened: Arc::default(),
            refusal: Arc::default(),
            response,
        };
        let (opened, refusal) = (Arc::clone(&told.opened), Arc::clone(&told.refusal));
        let router = Router::new()
            .route("/api/apps.connections.open", post(open))
            .route("/api/auth.test", any(who_we_are))
            .route("/respond", post(respond))
            .with_state(told);
        let (accepted, sockets) = mpsc::unbounded_channel();
        let mut tasks = JoinSet::new();
        tasks.spawn(async move { axum::serve(http, router).await.unwrap() });
        tasks.spawn(async move {
            while let Ok((stream, _)) = wire.accept().await {
                if let Ok(socket) = tokio_tungstenite::accept_async(stream).await {
                    let _ = accepted.send(socket);
                }
            }
        });
        let (sockets, responses) = (Waiting::new(sockets), Waiting::new(responses));
        Self { api_url, sockets, responses, opened, refusal, _tasks: tasks }
    }

    pub fn client(&self) -> Client {
        let options = ClientOptions {
            api_url: self.api_url.clone(),
            token: "xapp-1".into(),
            timeout: Duration::from_secs(20),
            gate: None,
        };
        Client::new(&options).unwrap()
    }

    pub fn desk(&self, answers: Arc<dyn Answers>) -> Desk {
        Desk::new(answers, self.client(), TaskTracker::new())
    }

    /// An address to answer at.
    pub fn response_url(&self) -> String {
        self.api_url.replace("/api", "/respond")
    }

    /// `apps.connections.open` answers so until it is told otherwise; without an answer, as it should.
    pub fn refuse(&self, answer: Option<Value>) {
        *self.refusal.lock().unwrap() = answer;
    }

    /// How often a connection was asked for.
    pub fn opened(&self) -> usize {
        *self.opened.lock().unwrap()
    }

    /// The next connection, after Slack's greeting.
    pub async fn socket(&self) -> Socket {
        let mut socket = self.silent_socket().await;
        socket.say(&json!({ "type": "hello", "num_connections": 1 })).await;
        socket
    }

    /// The next connection.
    pub async fn silent_socket(&self) -> Socket {
        Socket(within("a connection", async { self.sockets.lock().await.recv().await }).await.unwrap())
    }

    /// What was said next to a `response_url`.
    pub async fn response(&self) -> Value {
        within("a later answer", async { self.responses.lock().await.recv().await }).await.unwrap()
    }
}

async fn open(State(told): State<Told>) -> Json<Value> {
    *told.opened.lock().unwrap() += 1;
    let refused = told.refusal.lock().unwrap().clone();
    Json(refused.unwrap_or_else(|| json!({ "ok": true, "url": told.socket_url })))
}

async fn who_we_are() -> Json<Value> {
    Json(json!({
        "ok": true, "url": "https://here.slack.com/", "team": "Here", "user": "recap", "team_id": "T0HERE",
        "user_id": "U0BOT", "bot_id": "B0BOT",
    }))
}

async fn respond(State(told): State<Told>, Json(body): Json<Value>) -> &'static str {
    told.response.send(body).unwrap();
    "ok"
}

/// Slack's end of a connection.
pub struct Socket(WebSocketStream<TcpStream>);

impl Socket {
    pub async fn say(&mut self, frame: &Value) {
        self.send(Message::text(frame.to_string())).await;
    }

    pub async fn send(&mut self, message: Message) {
        self.0.send(message).await.unwrap();
    }

    /// An envelope with this payload.
    pub async fn envelope(&mut self, kind: &str, id: &str, accepts: bool, payload: &Value) {
        let frame = json!({
            "type": kind, "envelope_id": id, "accepts_response_payload": accepts, "payload": payload,
            "retry_attempt": 0, "retry_reason": "",
        });
        self.say(&frame).await;
    }

    /// The next acknowledgement; none once the connection is closed.
    pub async fn acknowledged(&mut self) -> Option<Value> {
        loop {
            match within("an acknowledgement", self.0.next()).await {
                Some(Ok(Message::Text(text))) => return Some(serde_json::from_str(&text).unwrap()),
                Some(Ok(Message::Ping(_) | Message::Pong(_))) => {}
                Some(Ok(_) | Err(_)) | None => return None,
            }
        }
    }

    /// The next frame as it is.
    pub async fn frame(&mut self) -> Option<Message> {
        within("a frame", self.0.next()).await?.ok()
    }
}
