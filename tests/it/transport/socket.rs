//! Socket Mode: each envelope is acknowledged first, with the answer where somebody waits for one.

use super::{
    Scripted, hello,
    slack::{Slack, Socket},
    within,
};
use recap::{
    clock::Clock,
    interaction::{Inbound, Link, ModalReply, Reply, SocketStanding},
};
use serde_json::{Value, json};
use std::sync::Arc;
use tokio::{sync::Notify, task::JoinHandle};
use tokio_tungstenite::tungstenite::Message;
use tokio_util::sync::CancellationToken;

/// A link at work; it stops when dropped.
pub(super) struct Running {
    pub standing: SocketStanding,
    pub stop: CancellationToken,
    pub task: JoinHandle<anyhow::Result<()>>,
}

impl Drop for Running {
    fn drop(&mut self) {
        self.stop.cancel();
        self.task.abort();
    }
}

/// A link to `slack` whose clock runs `rate` times as fast as the machine's.
pub(super) fn link(slack: &Slack, answers: &Arc<Scripted>, rate: f64) -> Running {
    link_by(slack, answers, Clock::running("2026-09-14T07:00:00Z".parse().unwrap(), rate))
}

/// A link to `slack` by this clock.
pub(super) fn link_by(slack: &Slack, answers: &Arc<Scripted>, clock: Clock) -> Running {
    let standing = SocketStanding::default();
    let link =
        Link { client: slack.client(), desk: slack.desk(Arc::clone(answers) as _), clock, standing: standing.clone() };
    let stop = CancellationToken::new();
    Running { standing, stop: stop.clone(), task: tokio::spawn(link.run(stop)) }
}

async fn connected(reply: Reply) -> (Slack, Arc<Scripted>, Running, Socket) {
    let (slack, answers) = (Slack::start().await, Scripted::saying(reply));
    let running = link(&slack, &answers, 10.0);
    let socket = slack.socket().await;
    (slack, answers, running, socket)
}

fn command(slack: &Slack) -> Value {
    json!({
        "token": "x", "team_id": "T0HERE", "channel_id": "C0TEAM", "user_id": "U0ADA", "command": "/usage",
        "text": "help", "response_url": slack.response_url(), "trigger_id": "1.2",
    })
}

fn event(id: &str) -> Value {
    json!({ "type": "event_callback", "event_id": id, "team_id": "T0HERE", "event": { "type": "app_uninstalled" } })
}

/// An acknowledgement without an answer.
fn bare(id: &str) -> Value {
    json!({ "envelope_id": id })
}

#[tokio::test]
async fn an_event_is_acknowledged_before_it_is_worked_on() {
    let slack = Slack::start().await;
    let (go_on, done) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
    let (on, end) = (Arc::clone(&go_on), Arc::clone(&done));
    let answers = Scripted::of(move |_| {
        let (on, end) = (Arc::clone(&on), Arc::clone(&end));
        async move {
            on.notified().await;
            end.notify_one();
            Reply::Nothing
        }
    });
    let _link = link(&slack, &answers, 10.0);
    let mut socket = slack.socket().await;
    socket.envelope("events_api", "e-1", false, &event("Ev1")).await;
    assert_eq!(socket.acknowledged().await, Some(bare("e-1")));
    go_on.notify_one();
    within("the work", done.notified()).await;
}

#[tokio::test]
async fn a_command_is_answered_in_its_acknowledgement() {
    let (slack, answers, _link, mut socket) = connected(hello()).await;
    socket.envelope("slash_commands", "e-1", true, &command(&slack)).await;
    let payload = json!({ "response_type": "ephemeral", "text": "Hello, Ada", "blocks": [{ "type": "divider" }] });
    assert_eq!(socket.acknowledged().await, Some(json!({ "envelope_id": "e-1", "payload": payload })));
    let heard = answers.heard();
    let [Inbound::Command(command)] = heard.as_slice() else { panic!("{heard:?}") };
    assert_eq!((&*command.text, &*command.by.request), ("help", "e-1"));
}

#[tokio::test]
async fn where_the_acknowledgement_carries_nothing_the_answer_follows() {
    let (slack, _answers, _link, mut socket) = connected(hello()).await;
    socket.envelope("slash_commands", "e-1", false, &command(&slack)).await;
    assert_eq!(socket.acknowledged().await, Some(bare("e-1")));
    assert_eq!(slack.response().await["text"], "Hello, Ada");
}

#[tokio::test]
async fn a_modal_hears_what_is_wrong_with_it() {
    let errors = [("time".to_owned(), "Please choose a time".to_owned())].into();
    let (_slack, _answers, _link, mut socket) = connected(Reply::Modal(ModalReply::Errors(errors))).await;
    let sent = json!({ "type": "view_submission", "user": { "id": "U0ADA" }, "view": { "id": "V1" } });
    socket.envelope("interactive", "e-1", true, &sent).await;
    let payload = json!({ "response_action": "errors", "errors": { "time": "Please choose a time" } });
    assert_eq!(socket.acknowledged().await, Some(json!({ "envelope_id": "e-1", "payload": payload })));
}

#[tokio::test]
async fn a_click_waits_for_nobody_and_its_answer_follows() {
    let (slack, _answers, _link, mut socket) = connected(hello()).await;
    let click = json!({
        "type": "block_actions", "user": { "id": "U0ADA" }, "channel": { "id": "D1" }, "message": { "ts": "1.2" },
        "actions": [{ "type": "button", "action_id": "digest_my_week", "block_id": "b" }],
        "response_url": slack.response_url(),
    });
    socket.envelope("interactive", "e-1", true, &click).await;
    assert_eq!(socket.acknowledged().await, Some(bare("e-1")));
    assert_eq!(slack.response().await["text"], "Hello, Ada");
}

#[tokio::test]
async fn a_command_that_breaks_something_is_told_so() {
    let (slack, answers) = (Slack::start().await, Scripted::of(async |_| panic!("a bug")));
    let _link = link(&slack, &answers, 10.0);
    let mut socket = slack.socket().await;
    socket.envelope("slash_commands", "e-1", true, &command(&slack)).await;
    let said = socket.acknowledged().await.unwrap();
    assert!(said["payload"]["text"].as_str().unwrap().contains("Something went wrong inside Recap"), "{said}");
}

#[tokio::test]
async fn noise_is_passed_over_and_what_has_an_id_is_acknowledged() {
    let (_slack, answers, _link, mut socket) = connected(Reply::Nothing).await;
    for noise in ["", "Ping from applink", "{", "[1]", r#"{"type":"events_api"}"#, r#"{"envelope_id":7}"#] {
        socket.send(Message::text(noise)).await;
    }
    socket.send(Message::text("[".repeat(200_000))).await;
    socket.send(Message::binary(vec![0xff; 1_000])).await;
    socket.send(Message::Ping("are you there".into())).await;
    for (kind, id, payload) in [
        ("of_tomorrow", "e-1", json!({ "a": 1 })),
        ("events_api", "e-2", json!("no event")),
        ("slash_commands", "e-3", json!({ "user_id": "<!channel>", "command": "/usage" })),
        ("interactive", "e-4", Value::Null),
    ] {
        socket.envelope(kind, id, true, &payload).await;
        assert_eq!(socket.acknowledged().await, Some(bare(id)), "{kind}");
    }
    assert_eq!(answers.heard(), []);
    socket.envelope("events_api", "e-5", false, &event("Ev1")).await;
    assert_eq!(socket.acknowledged().await, Some(bare("e-5")));
}

#[tokio::test]
async fn a_ping_is_answered() {
    let (_slack, _answers, _link, mut socket) = connected(Reply::Nothing).await;
    socket.send(Message::Ping("are you there".into())).await;
    assert_eq!(socket.frame().await, Some(Message::Pong("are you there".into())));
}
