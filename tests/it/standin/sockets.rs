//! Socket Mode: the same test calls go over the app's sockets where it has some.

use super::Talk;
use crate::support::pretend::Pretend;
use futures::{SinkExt, StreamExt};
use recap::standin::{Failure, Standin};
use serde_json::{Value, json};
use std::time::Duration;
use tokio::net::TcpStream;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async, tungstenite::Message};

struct Socket(WebSocketStream<MaybeTlsStream<TcpStream>>);

impl Socket {
    async fn open(talk: &Talk, more: &str) -> Self {
        let url = address(talk).await;
        let (socket, _) = connect_async(format!("{url}{more}")).await.unwrap();
        Self(socket)
    }

    /// The next message; none at the end.
    async fn next(&mut self) -> Option<Value> {
        loop {
            match self.0.next().await? {
                Ok(Message::Text(text)) => return serde_json::from_str(text.as_str()).ok(),
                Ok(Message::Close(_)) | Err(_) => return None,
                Ok(_) => {}
            }
        }
    }

    async fn acknowledge(&mut self, envelope: &Value, payload: Value) {
        let mut message = json!({ "envelope_id": envelope["envelope_id"] });
        if !payload.is_null() {
            message["payload"] = payload;
        }
        self.0.send(Message::text(message.to_string())).await.unwrap();
    }
}

async fn address(talk: &Talk) -> String {
    let open = talk.client.post(talk.url("apps.connections.open")).bearer_auth("xapp-T0TEST");
    let answer: Value = open.send().await.unwrap().json().await.unwrap();
    answer["url"].as_str().unwrap().to_owned()
}

fn command(slack: &Standin) -> tokio::task::JoinHandle<recap::standin::CommandOutcome> {
    let slack = slack.clone();
    tokio::spawn(async move { slack.command("U0ADA", "C0TEAM", "/usage week").await.unwrap() })
}

#[tokio::test]
async fn a_socket_is_opened_with_the_apps_own_token_and_greets() {
    let talk = Talk::begin().await;
    assert_eq!(talk.refusal("apps.connections.open", json!({})).await, "not_allowed_token_type");
    let wrong = talk.client.post(talk.url("auth.test")).bearer_auth("xapp-T0TEST").send().await.unwrap();
    assert_eq!(wrong.json::<Value>().await.unwrap()["error"], "not_allowed_token_type");
    let url = address(&talk).await;
    let (socket, _) = connect_async(&url).await.unwrap();
    let mut first = Socket(socket);
    let hello = first.next().await.unwrap();
    assert_eq!((&hello["type"], &hello["num_connections"]), (&json!("hello"), &json!(1)));
    assert!(connect_async(&url).await.is_err(), "an address is good once");
    let mut second = Socket::open(&talk, "&debug_reconnects=true").await;
    let hello = second.next().await.unwrap();
    assert_eq!(hello["num_connections"], 2);
    assert_eq!(hello["debug_info"]["approximate_connection_time"], 360);
    assert_eq!(talk.slack.sockets(), 2);
}

#[tokio::test]
async fn a_command_goes_over_the_socket_and_its_answer_comes_with_the_acknowledgement() {
    let talk = Talk::begin().await;
    let app = Pretend::start(&talk.slack, |_| async { (200, Value::Null) }).await;
    let mut socket = Socket::open(&talk, "").await;
    socket.next().await.unwrap();

    let typed = command(&talk.slack);
    let envelope = socket.next().await.unwrap();
    assert_eq!((&envelope["type"], &envelope["payload"]["text"]), (&json!("slash_commands"), &json!("week")));
    assert_eq!(envelope["accepts_response_payload"], true);
    socket.acknowledge(&envelope, json!({ "text": "your week" })).await;
    let outcome = typed.await.unwrap();
    assert_eq!((outcome.status, outcome.message.unwrap().text.as_str()), (Some(200), "your week"));
    assert_eq!(app.received().len(), 0, "nothing goes over HTTP as well");
}

#[tokio::test]
async fn what_is_not_acknowledged_is_too_late_and_events_come_again_over_another_socket() {
    let talk = Talk::begin().await;
    let mut one = Socket::open(&talk, "").await;
    one.next().await.unwrap();
    talk.slack.set_patience(Duration::from_millis(300));
    let outcome = command(&talk.slack).await.unwrap();
    assert_eq!(outcome.failure.as_deref(), Some("/usage failed because the app did not respond"));

    let mut other = Socket::open(&talk, "").await;
    other.next().await.unwrap();
    one.next().await.unwrap();
    talk.slack.set_patience(Duration::from_secs(30));
    let slack = talk.slack.clone();
    let told = tokio::spawn(async move { slack.event(json!({ "type": "team_join" })).await });
    let (mut first, mut again) = (Vec::new(), None);
    // The first to get it breaks off, and the other one acknowledges.
    tokio::select! {
        envelope = one.next() => { first.extend(envelope); drop(one); again = other.next().await }
        envelope = other.next() => { first.extend(envelope); drop(other); again.clone_from(&one.next().await);
            one.acknowledge(again.as_ref().unwrap(), Value::Null).await; assert_eq!(told.await.unwrap().len(), 2);
            return check(&first[0], &again.unwrap()) }
    }
    other.acknowledge(again.as_ref().unwrap(), Value::Null).await;
    assert_eq!(told.await.unwrap().len(), 2);
    check(&first[0], &again.unwrap());
}

fn check(first: &Value, again: &Value) {
    assert_eq!((&first["type"], &first["retry_attempt"]), (&json!("events_api"), &json!(0)));
    assert_eq!(again["retry_attempt"], 1);
    assert_eq!(first["payload"]["event_id"], again["payload"]["event_id"]);
}

#[tokio::test]
async fn sockets_are_told_to_go_or_break_off() {
    let talk = Talk::begin().await;
    let mut socket = Socket::open(&talk, "").await;
    socket.next().await.unwrap();
    talk.slack.disconnect("warning");
    assert_eq!(socket.next().await.unwrap()["reason"], "warning");
    assert_eq!(talk.slack.sockets(), 1, "it is still good");
    talk.slack.disconnect("refresh_requested");
    assert_eq!(socket.next().await.unwrap()["reason"], "refresh_requested");
    assert_eq!(socket.next().await, None);

    let mut socket = Socket::open(&talk, "").await;
    socket.next().await.unwrap();
    talk.slack.cut_sockets();
    assert_eq!(socket.next().await, None);
    let posted = talk.call("chat.postMessage", json!({ "channel": "U0ADA", "text": "x" })).await;
    assert_eq!(posted["ok"], true);
    let nobody = talk.slack.event(json!({ "type": "x" })).await;
    assert!(nobody.iter().all(|answer| answer.failure == Some(Failure::NotConnected)), "{nobody:?}");
}
