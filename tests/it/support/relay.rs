//! A relay in front of ClickHouse that watches what passes, and breaks connections where a test wants it.

use std::sync::{
    Arc, Mutex,
    atomic::{AtomicU32, Ordering},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{
        TcpListener, TcpSocket, TcpStream,
        tcp::{OwnedReadHalf, OwnedWriteHalf},
    },
    task::JoinHandle,
};

/// What the relay breaks.
#[derive(Debug, Clone, Copy)]
pub enum Break {
    Nothing,
    /// So many connections are closed before anything is answered.
    FirstConnections(u32),
    /// Every answer to a query that holds this text ends after its head and so many bytes.
    AfterBytes(&'static str, usize),
    /// The same, after so many whole chunks.
    AfterChunks(&'static str, usize),
}

/// A running relay; it ends with the value.
#[derive(Debug)]
pub struct Relay {
    pub url: String,
    shared: Arc<Shared>,
    task: JoinHandle<()>,
}

#[derive(Debug)]
struct Shared {
    server: String,
    breaks: Break,
    refused: AtomicU32,
    requests: AtomicU32,
    heads: Mutex<Vec<String>>,
}

impl Relay {
    /// Starts in front of the server at `url`.
    pub async fn start(url: &str, breaks: Break) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let server = url.trim_start_matches("http://").trim_end_matches('/').to_owned();
        let (refused, requests) = (AtomicU32::new(0), AtomicU32::new(0));
        let shared = Arc::new(Shared { server, breaks, refused, requests, heads: Mutex::default() });
        let accepting = Arc::clone(&shared);
        let task = tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                tokio::spawn(pass(client, Arc::clone(&accepting)));
            }
        });
        Self { url: format!("http://{address}"), shared, task }
    }

    /// How many requests passed.
    pub fn requests(&self) -> u32 {
        self.shared.requests.load(Ordering::SeqCst)
    }

    /// How many connections were closed unanswered.
    pub fn refused(&self) -> u32 {
        self.shared.refused.load(Ordering::SeqCst)
    }

    /// The heads of the answers, in lower case.
    pub fn heads(&self) -> Vec<String> {
        self.shared.heads.lock().unwrap().clone()
    }
}

impl Drop for Relay {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn pass(client: TcpStream, shared: Arc<Shared>) {
    if let Break::FirstConnections(count) = shared.breaks
        && shared.refused.load(Ordering::SeqCst) < count
    {
        shared.refused.fetch_add(1, Ordering::SeqCst);
        return;
    }
    let server = TcpStream::connect(&shared.server).await.unwrap();
    let (from_client, to_client) = client.into_split();
    let (from_server, to_server) = server.into_split();
    let hit = Arc::new(Mutex::new(false));
    let asking = tokio::spawn(ask(from_client, to_server, Arc::clone(&shared), Arc::clone(&hit)));
    answer(from_server, to_client, &shared, &hit).await;
    asking.abort();
}

async fn ask(mut from: OwnedReadHalf, mut to: OwnedWriteHalf, shared: Arc<Shared>, hit: Arc<Mutex<bool>>) {
    let (mut buffer, mut seen) = (vec![0; 65_536], Vec::new());
    while let Ok(count @ 1..) = from.read(&mut buffer).await {
        seen.extend_from_slice(&buffer[..count]);
        let text = String::from_utf8_lossy(&seen).into_owned();
        shared.requests.fetch_add(u32::from(buffer[..count].starts_with(b"POST ")), Ordering::SeqCst);
        let needle = match shared.breaks {
            Break::AfterBytes(needle, _) | Break::AfterChunks(needle, _) => Some(needle),
            Break::Nothing | Break::FirstConnections(_) => None,
        };
        if needle.is_some_and(|needle| text.contains(needle)) {
            *hit.lock().unwrap() = true;
        }
        if to.write_all(&buffer[..count]).await.is_err() {
            return;
        }
    }
}

async fn answer(mut from: OwnedReadHalf, mut to: OwnedWriteHalf, shared: &Shared, hit: &Mutex<bool>) {
    let (mut buffer, mut kept, mut head) = (vec![0; 65_536], Vec::new(), Vec::new());
    while let Ok(count @ 1..) = from.read(&mut buffer).await {
        // A head may come in pieces.
        if !head.is_empty() || buffer.starts_with(b"HTTP/") {
            head.extend_from_slice(&buffer[..count]);
        }
        if let Some(end) = after_chunks(&head, 0) {
            shared.heads.lock().unwrap().push(String::from_utf8_lossy(&head[..end]).to_lowercase());
            head.clear();
        }
        let broken = *hit.lock().unwrap();
        if broken {
            kept.extend_from_slice(&buffer[..count]);
            let end = match shared.breaks {
                Break::AfterBytes(_, bytes) => {
                    after_chunks(&kept, 0).map(|head| head + bytes).filter(|end| kept.len() > *end)
                }
                Break::AfterChunks(_, chunks) => after_chunks(&kept, chunks),
                Break::Nothing | Break::FirstConnections(_) => None,
            };
            if let Some(end) = end {
                // The connection closes when both halves are dropped.
                let _ = to.write_all(&kept[..end]).await;
                return;
            }
        } else if to.write_all(&buffer[..count]).await.is_err() {
            return;
        }
    }
    let _ = to.write_all(&kept).await;
}

/// Where the head and `chunks` whole chunks end, once all of that is there.
fn after_chunks(answer: &[u8], chunks: usize) -> Option<usize> {
    let line_end = |from: usize| answer.get(from..)?.windows(2).position(|two| two == b"\r\n").map(|at| from + at);
    let mut end = answer.windows(4).position(|four| four == b"\r\n\r\n")? + 4;
    for _ in 0..chunks {
        let line = line_end(end)?;
        let size = usize::from_str_radix(std::str::from_utf8(&answer[end..line]).ok()?.trim(), 16).ok()?;
        end = line + 2 + size + 2;
    }
    (answer.len() >= end).then_some(end)
}

/// A server that accepts, and answers every request with `bytes`, or never where there are none.
pub async fn stubborn(bytes: Option<&'static [u8]>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        let mut silent = Vec::new();
        while let Ok((mut client, _)) = listener.accept().await {
            match bytes {
                None => silent.push(client),
                Some(bytes) => {
                    let _ = client.read(&mut vec![0; 65_536]).await;
                    let _ = client.write_all(bytes).await;
                }
            }
        }
    });
    format!("http://{address}")
}

/// An address that nobody listens at, and the socket that keeps everybody else from it.
pub fn deserted() -> (String, TcpSocket) {
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    (format!("http://{}", socket.local_addr().unwrap()), socket)
}
