//! A server that answers each call as a test's script says, broken connections included, and keeps what it was asked.

use serde_json::{Value, json};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    task::JoinHandle,
};

/// The bot token that the tests use.
pub const TOKEN: &str = "xoxb-1111-secret";

/// One request as it arrived.
#[derive(Debug, Clone)]
pub struct Call {
    pub path: String,
    pub method: String,
    pub query: HashMap<String, String>,
    pub body: Value,
    pub authorization: String,
}

/// What the script answers.
pub enum Answer {
    Http {
        status: u16,
        headers: Vec<(&'static str, String)>,
        body: String,
    },
    /// The connection is closed without a word.
    Lost,
    /// No answer ever comes.
    Silence,
}

/// `{"ok": true}` with `fields`.
#[expect(clippy::needless_pass_by_value, reason = "tests pass a literal")]
pub fn ok(fields: Value) -> Answer {
    let mut body = json!({ "ok": true });
    body.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
    text(200, &body.to_string()).header("content-type", "application/json; charset=utf-8")
}

/// `{"ok": false}` with `code`.
pub fn refusal(code: &str) -> Answer {
    text(200, &json!({ "ok": false, "error": code, "echo": TOKEN }).to_string())
}

/// A bare HTTP answer.
pub fn text(status: u16, body: &str) -> Answer {
    Answer::Http { status, headers: Vec::new(), body: body.to_owned() }
}

/// `auth.test` of the workspace `T1`.
pub fn auth() -> Answer {
    ok(json!({ "team_id": "T1", "team": "Home", "user_id": "UBOT", "bot_id": "B1", "url": "https://home.slack.com/" }))
}

impl Answer {
    pub fn header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        if let Self::Http { headers, .. } = &mut self {
            headers.push((name, value.into()));
        }
        self
    }
}

/// A running server; it stops when dropped.
pub struct Scripted {
    pub api_url: String,
    calls: Arc<Mutex<Vec<Call>>>,
    task: JoinHandle<()>,
}

impl Drop for Scripted {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Scripted {
    pub async fn start(script: impl FnMut(&Call) -> Answer + Send + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let api_url = format!("http://{}/proxied/api/", listener.local_addr().unwrap());
        let calls = Arc::new(Mutex::new(Vec::new()));
        let (kept, script) = (Arc::clone(&calls), Arc::new(Mutex::new(script)));
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (kept, script) = (Arc::clone(&kept), Arc::clone(&script));
                tokio::spawn(async move {
                    let mut stream = stream;
                    let Some(call) = read_call(&mut stream).await else { return };
                    let answer = (script.lock().unwrap())(&call);
                    kept.lock().unwrap().push(call);
                    write_answer(&mut stream, answer).await;
                });
            }
        });
        Self { api_url, calls, task }
    }

    /// The calls of one method, in order.
    pub fn calls(&self, method: &str) -> Vec<Call> {
        self.calls.lock().unwrap().iter().filter(|call| call.method == method).cloned().collect()
    }
}

async fn read_call(stream: &mut TcpStream) -> Option<Call> {
    let mut bytes = Vec::new();
    let head = loop {
        if let Some(end) = bytes.windows(4).position(|window| window == b"\r\n\r\n") {
            break end;
        }
        if stream.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
    };
    let text = String::from_utf8(bytes[..head].to_vec()).unwrap();
    let header = |name: &str| {
        text.lines()
            .filter_map(|line| line.split_once(": "))
            .find(|(key, _)| key.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.to_owned())
    };
    let length: usize = header("content-length").map_or(0, |length| length.parse().unwrap());
    while bytes.len() < head + 4 + length {
        if stream.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
    }
    let target = text.split_whitespace().nth(1)?;
    let url = url::Url::parse("http://server").unwrap().join(target).unwrap();
    Some(Call {
        path: url.path().to_owned(),
        method: url.path_segments()?.next_back()?.to_owned(),
        query: url.query_pairs().into_owned().collect(),
        body: serde_json::from_slice(&bytes[head + 4..]).unwrap_or_default(),
        authorization: header("authorization").unwrap_or_default(),
    })
}

async fn write_answer(stream: &mut TcpStream, answer: Answer) {
    match answer {
        Answer::Lost => {}
        Answer::Silence => std::future::pending().await,
        Answer::Http { status, headers, body } => {
            let headers: Vec<_> = headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
            let length = body.len();
            let text = format!(
                "HTTP/1.1 {status} -\r\n{}content-length: {length}\r\nconnection: close\r\n\r\n{body}",
                headers.concat()
            );
            // The client may have given up by now.
            let _ = stream.write_all(text.as_bytes()).await;
        }
    }
}
