//! Signed HTTP: what is believed, what is refused, and what is answered before anybody is there.

use super::{Scripted, hello, slack::Slack, within};
use crate::support::signature::sign;
use chrono::{DateTime, Utc};
use recap::{
    clock::Clock,
    http::{Inlet, public_router, run_apart},
    interaction::{Inbound, Reply, SigningSecret},
};
use serde_json::{Value, json};
use std::{
    io::{ErrorKind, Read, Write},
    net::SocketAddr,
    sync::Arc,
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::Notify,
    task::JoinHandle,
};
use tokio_util::sync::CancellationToken;

const SECRET: &str = "8f742231b10e8888abcd99yyyzzz85a5";
const ADDRESSES: [&str; 3] = ["commands", "interactions", "events"];
const COMMAND: &str = "team_id=T0HERE&channel_id=C0TEAM&user_id=U0ADA&command=%2Fusage&text=help&trigger_id=1.2";
const UNINSTALLED: &str =
    r#"{"type":"event_callback","event_id":"Ev1","team_id":"T0HERE","event":{"type":"app_uninstalled"}}"#;

fn now() -> DateTime<Utc> {
    "2026-09-14T07:00:00Z".parse().unwrap()
}

/// A daemon's public address.
struct Door {
    address: String,
    inlet: Inlet,
    http: reqwest::Client,
    server: JoinHandle<()>,
}

impl Drop for Door {
    fn drop(&mut self) {
        self.server.abort();
    }
}

/// A request that a test changes before it is sent.
struct Knock {
    address: &'static str,
    body: Vec<u8>,
    timestamp: Option<i64>,
    signature: Option<String>,
}

impl Door {
    async fn closed(secret: Option<&str>) -> Self {
        let secret = secret.and_then(|secret| SigningSecret::new(&secret.into()));
        let inlet = Inlet::new(secret, Clock::fixed(now()));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}/slack", listener.local_addr().unwrap());
        let router = public_router(inlet.clone());
        let server = tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        let http = reqwest::Client::builder().no_proxy().build().unwrap();
        Self { address, inlet, http, server }
    }

    async fn open(slack: &Slack, answers: &Arc<Scripted>) -> Self {
        let door = Self::closed(Some(SECRET)).await;
        door.inlet.open(slack.desk(Arc::clone(answers) as _));
        door
    }

    /// Status and body.
    async fn knock(&self, knock: Knock) -> (u16, String) {
        let mut request = self.http.post(format!("{}/{}", self.address, knock.address));
        if let Some(timestamp) = knock.timestamp {
            request = request.header("x-slack-request-timestamp", timestamp);
        }
        if let Some(signature) = knock.signature {
            request = request.header("x-slack-signature", signature);
        }
        let response = within("an answer", request.body(knock.body).send()).await.unwrap();
        (response.status().as_u16(), response.text().await.unwrap())
    }

    /// Sends so many chunks of a megabyte, so that nobody knows the length before; answers the status.
    async fn chunked(&self, address: &str, chunks: u32) -> u16 {
        let host = self.address.trim_start_matches("http://").trim_end_matches("/slack");
        let (mut answer, mut request) = TcpStream::connect(host).await.unwrap().into_split();
        let head = format!("POST /slack/{address} HTTP/1.1\r\nhost: {host}\r\ntransfer-encoding: chunked\r\n\r\n");
        let chunk = format!("{:x}\r\n{}\r\n", 1_000_000, "a".repeat(1_000_000));
        let sent = async {
            request.write_all(head.as_bytes()).await.unwrap();
            for _ in 0..chunks {
                request.write_all(chunk.as_bytes()).await.unwrap();
            }
            request.write_all(b"0\r\n\r\n").await.unwrap();
            let mut line = [0; 12];
            answer.read_exact(&mut line).await.unwrap();
            String::from_utf8_lossy(&line[9..]).parse().unwrap()
        };
        within("an answer", sent).await
    }

    async fn signed(&self, address: &'static str, body: impl Into<Vec<u8>>) -> (u16, String) {
        self.knock(signed(address, body, 0)).await
    }
}

type Change = fn(&mut Knock);

/// Signed `offset` seconds from now.
fn signed(address: &'static str, body: impl Into<Vec<u8>>, offset: i64) -> Knock {
    let (body, timestamp) = (body.into(), now().timestamp() + offset);
    let signature = sign(SECRET, timestamp, &body);
    Knock { address, body, timestamp: Some(timestamp), signature: Some(signature) }
}

fn nothing(status: u16) -> (u16, String) {
    (status, String::new())
}

fn payload(value: &Value) -> String {
    url::form_urlencoded::Serializer::new(String::new()).append_pair("payload", &value.to_string()).finish()
}

fn submission() -> Value {
    json!({ "type": "view_submission", "user": { "id": "U0ADA" }, "team": { "id": "T0HERE" }, "view": { "id": "V1" } })
}

#[tokio::test]
async fn a_signed_command_is_answered_with_json() {
    let (slack, answers) = (Slack::start().await, Scripted::saying(hello()));
    let door = Door::open(&slack, &answers).await;

    let (status, body) = door.signed("commands", COMMAND).await;

    let body: Value = serde_json::from_str(&body).unwrap();
    let expected = json!({ "response_type": "ephemeral", "text": "Hello, Ada", "blocks": [{ "type": "divider" }] });
    assert_eq!((status, body), (200, expected));
    let heard = answers.heard();
    let [Inbound::Command(command)] = heard.as_slice() else { panic!("{heard:?}") };
    assert_eq!((&*command.command, &*command.text, &*command.by.member.0), ("/usage", "help", "U0ADA"));
    assert!(command.by.request.starts_with("v0="), "the signature names the request");
}

#[tokio::test]
async fn what_slack_did_not_sign_gets_401_and_nothing_else() {
    let (slack, answers) = (Slack::start().await, Scripted::saying(hello()));
    let door = Door::open(&slack, &answers).await;
    for address in ADDRESSES {
        let body = if address == "events" { UNINSTALLED } else { COMMAND };
        let changes: [(&str, Change); 6] = [
            ("no signature", |knock| knock.signature = None),
            ("no time", |knock| knock.timestamp = None),
            ("another time", |knock| knock.timestamp = knock.timestamp.map(|time| time + 1)),
            ("another body", |knock| knock.body.push(b' ')),
            ("another signature", |knock| knock.signature = Some(format!("v0={}", "0".repeat(64)))),
            ("noise", |knock| knock.signature = Some("v0=zz".into())),
        ];
        for (what, change) in changes {
            let mut knock = signed(address, body, 0);
            change(&mut knock);
            assert_eq!(door.knock(knock).await, nothing(401), "{address}: {what}");
        }
        for offset in [-301, 301] {
            assert_eq!(door.knock(signed(address, body, offset)).await, nothing(401), "{address}: {offset} s");
        }
    }
    assert_eq!(answers.heard(), []);
    assert_eq!(door.knock(signed("commands", COMMAND, -300)).await.0, 200);
}

#[tokio::test]
async fn without_a_secret_nothing_is_believed() {
    let (slack, answers) = (Slack::start().await, Scripted::saying(hello()));
    let door = Door::closed(None).await;
    door.inlet.open(slack.desk(Arc::clone(&answers) as _));
    for address in ADDRESSES {
        assert_eq!(door.signed(address, COMMAND).await, nothing(401), "{address}");
    }
    assert_eq!(answers.heard(), []);
}

#[tokio::test]
async fn a_body_of_ten_megabytes_is_refused_however_it_comes() {
    let (slack, answers) = (Slack::start().await, Scripted::saying(hello()));
    let door = Door::open(&slack, &answers).await;
    for address in ADDRESSES {
        assert_eq!(door.signed(address, vec![b'a'; 10_000_000]).await, nothing(413), "{address}");
        assert_eq!(door.chunked(address, 10).await, 413, "{address}");
    }
    let largest = format!("{COMMAND}&x={}", "a".repeat(1024 * 1024 - COMMAND.len() - 3));
    assert_eq!(door.signed("commands", largest.clone()).await.0, 200);
    assert_eq!(door.signed("commands", largest + "a").await, nothing(413));
}

#[tokio::test]
async fn what_cannot_be_read_is_a_bad_request() {
    let (slack, answers) = (Slack::start().await, Scripted::saying(hello()));
    let door = Door::open(&slack, &answers).await;
    let deep = format!("payload={}", "[".repeat(100_000));
    for (address, body) in [
        ("commands", &b"command=%2Fusage&user_id=%zz"[..]),
        ("commands", b"command=%2Fusage&user_id=U1\xff"),
        ("commands", b"command=%2Fusage"),
        ("commands", b""),
        ("interactions", b"payload=%7B%22type"),
        ("interactions", b"no=payload"),
        ("interactions", deep.as_bytes()),
        ("events", b"{\"type\":"),
        ("events", b"{}"),
        ("events", b"\xff\xfe"),
    ] {
        assert_eq!(door.signed(address, body).await, nothing(400), "{address}: {:?}", &body[..body.len().min(40)]);
    }
    assert_eq!(answers.heard(), []);
}

#[tokio::test]
async fn slacks_looks_at_the_address_are_answered_by_the_door_itself() {
    let door = Door::closed(Some(SECRET)).await;
    for open in [false, true] {
        if open {
            door.inlet.open(Slack::start().await.desk(Scripted::saying(hello())));
        }
        // Slack's libraries answer this look without asking for a signature; a wrong one is refused all the same.
        let mut unsigned = signed("commands", "ssl_check=1&token=x", 0);
        (unsigned.signature, unsigned.timestamp) = (None, None);
        assert_eq!(door.knock(unsigned).await, nothing(200));
        let mut forged = signed("commands", "ssl_check=1&token=x", 0);
        forged.signature = Some(format!("v0={}", "0".repeat(64)));
        assert_eq!(door.knock(forged).await, nothing(401));
        assert_eq!(door.signed("commands", "ssl_check=1&token=x").await, nothing(200));
        assert_eq!(door.signed("interactions", "ssl_check=1").await, nothing(200));

        let look = r#"{"type":"url_verification","token":"x","challenge":"3eZbrw1a"}"#;
        assert_eq!(door.signed("events", look).await, (200, r#"{"challenge":"3eZbrw1a"}"#.to_owned()));
        let unsigned = Knock { address: "events", body: look.into(), timestamp: None, signature: None };
        assert_eq!(door.knock(unsigned).await, nothing(401));
    }
}

#[tokio::test]
async fn before_the_daemon_is_open_a_command_hears_that_it_starts() {
    let door = Door::closed(Some(SECRET)).await;
    let (status, body) = door.signed("commands", COMMAND).await;
    let said: Value = serde_json::from_str(&body).unwrap();
    assert_eq!(status, 200);
    assert_eq!(
        said,
        json!({ "response_type": "ephemeral", "text": "Recap is starting, please try again in a minute." })
    );
    assert_eq!(door.signed("interactions", payload(&submission())).await, nothing(503));
    assert_eq!(door.signed("events", UNINSTALLED).await, nothing(503));

    let (slack, answers) = (Slack::start().await, Scripted::saying(Reply::Nothing));
    door.inlet.open(slack.desk(Arc::clone(&answers) as _));
    assert_eq!(door.signed("events", UNINSTALLED).await, nothing(200));
    assert!(matches!(&answers.heard()[..], [Inbound::Event(event)] if event.id == "Ev1"));
}

#[tokio::test]
async fn an_event_that_comes_again_is_taken_as_the_first_was() {
    let (slack, answers) = (Slack::start().await, Scripted::saying(Reply::Nothing));
    let door = Door::open(&slack, &answers).await;
    for retry in ["", "1"] {
        let knock = signed("events", UNINSTALLED, 0);
        let request = door.http.post(format!("{}/events", door.address)).header("x-slack-retry-num", retry);
        let request = request.header("x-slack-request-timestamp", knock.timestamp.unwrap());
        let request = request.header("x-slack-signature", knock.signature.unwrap()).body(knock.body);
        assert_eq!(within("an answer", request.send()).await.unwrap().status(), 200);
    }
    let ids: Vec<_> = answers.heard().into_iter().map(|inbound| matches!(inbound, Inbound::Event(_))).collect();
    assert_eq!(ids, [true, true], "whether it is the first time is for who answers");
}

#[tokio::test]
async fn errors_of_a_modal_go_back_in_the_answer() {
    use recap::interaction::ModalReply;
    let errors = [("time".to_owned(), "Please choose a time".to_owned())].into();
    let answers = Scripted::saying(Reply::Modal(ModalReply::Errors(errors)));
    let slack = Slack::start().await;
    let door = Door::open(&slack, &answers).await;
    let (status, body) = door.signed("interactions", payload(&submission())).await;
    let body: Value = serde_json::from_str(&body).unwrap();
    assert_eq!(status, 200);
    assert_eq!(body, json!({ "response_action": "errors", "errors": { "time": "Please choose a time" } }));
}

#[tokio::test]
async fn a_fault_of_ours_is_told_to_who_typed_and_is_500_otherwise() {
    let (slack, answers) = (Slack::start().await, Scripted::of(async |_| panic!("a bug")));
    let door = Door::open(&slack, &answers).await;
    let (status, body) = door.signed("commands", COMMAND).await;
    assert!(status == 200 && body.contains("Something went wrong inside Recap"), "{status} {body}");
    assert_eq!(door.signed("interactions", payload(&submission())).await, nothing(500));
    assert_eq!(door.signed("events", UNINSTALLED).await, nothing(500));
}

#[tokio::test]
async fn work_goes_on_when_slack_no_longer_waits() {
    let (begun, go_on, done) = (Arc::new(Notify::new()), Arc::new(Notify::new()), Arc::new(Notify::new()));
    let (at, on, end) = (Arc::clone(&begun), Arc::clone(&go_on), Arc::clone(&done));
    let answers = Scripted::of(move |_| {
        let (at, on, end) = (Arc::clone(&at), Arc::clone(&on), Arc::clone(&end));
        async move {
            at.notify_one();
            on.notified().await;
            end.notify_one();
            Reply::Nothing
        }
    });
    let slack = Slack::start().await;
    let door = Door::open(&slack, &answers).await;
    tokio::select! {
        answer = door.signed("events", UNINSTALLED) => panic!("{answer:?}"),
        () = begun.notified() => {}
    }
    go_on.notify_one();
    within("the end of the work", done.notified()).await;
}

/// Writes a request on a connection of its own.
fn asked(address: SocketAddr, request: &str) -> std::net::TcpStream {
    let mut connection = std::net::TcpStream::connect(address).unwrap();
    connection.set_read_timeout(Some(super::PATIENCE)).unwrap();
    connection.write_all(request.as_bytes()).unwrap();
    connection
}

fn answer(mut connection: std::net::TcpStream) -> String {
    let mut answer = String::new();
    connection.read_to_string(&mut answer).unwrap();
    answer
}

#[tokio::test]
async fn a_door_apart_waits_for_nothing_that_is_computed_elsewhere_and_yet_tells_whether_all_lives() {
    let inlet = Inlet::new(SigningSecret::new(&SECRET.into()), Clock::fixed(now()));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let stop = CancellationToken::new();
    let mut server = Box::pin(run_apart(listener, public_router(inlet), stop.clone()));
    assert!(futures::poll!(&mut server).is_pending());
    let knock = signed("commands", COMMAND, 0);
    let command = format!(
        "POST /slack/commands HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\ncontent-length: {}\r\n\
         x-slack-request-timestamp: {}\r\nx-slack-signature: {}\r\n\r\n{COMMAND}",
        COMMAND.len(),
        knock.timestamp.unwrap(),
        knock.signature.unwrap(),
    );

    // The only thread of this runtime is blocked until the command's answer is there.
    let health = asked(address, &format!("GET /healthz HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n\r\n"));
    let told = answer(asked(address, &command));

    assert!(told.starts_with("HTTP/1.1 200") && told.contains("Recap is starting"), "{told}");
    health.set_nonblocking(true).unwrap();
    assert_eq!(health.peek(&mut [0]).unwrap_err().kind(), ErrorKind::WouldBlock);
    health.set_nonblocking(false).unwrap();
    let lives = within("its health", tokio::task::spawn_blocking(|| answer(health))).await.unwrap();
    assert!(lives.starts_with("HTTP/1.1 200"), "{lives}");
    stop.cancel();
    within("its end", server).await.unwrap();
}
