//! The life of connections: renewed before they end, replaced when they are lost, and two at a time.

use super::{
    Scripted,
    slack::Slack,
    socket::{link, link_by},
    within,
};
use crate::engine::eventually;
use recap::{
    clock::Clock,
    interaction::{Inbound, Reply},
};
use serde_json::{Value, json};
use std::time::Duration;
use tokio_tungstenite::tungstenite::Message;

fn event(id: &str) -> Value {
    json!({ "type": "event_callback", "event_id": id, "team_id": "T0HERE", "event": { "type": "app_uninstalled" } })
}

#[tokio::test]
async fn a_connection_that_slack_will_close_is_replaced_before_and_heard_to_its_end() {
    let (slack, answers) = (Slack::start().await, Scripted::saying(Reply::Nothing));
    let link = link(&slack, &answers, 10.0);
    for reason in ["warning", "refresh_requested"] {
        let mut old = slack.socket().await;
        old.say(&json!({ "type": "disconnect", "reason": reason })).await;
        let mut new = slack.socket().await;
        for (socket, id) in [(&mut old, "Ev1"), (&mut new, "Ev2")] {
            socket.envelope("events_api", id, false, &event(id)).await;
            assert_eq!(socket.acknowledged().await, Some(json!({ "envelope_id": id })), "{reason}");
        }
        assert_eq!(link.standing.judge(), Ok(()));
        old.send(Message::Close(None)).await;
        new.send(Message::Close(None)).await;
    }
    let heard = answers.heard();
    assert!(heard.len() == 4 && heard.iter().all(|inbound| matches!(inbound, Inbound::Event(_))), "{heard:?}");
}

#[tokio::test]
async fn a_lost_connection_is_opened_again() {
    let (slack, answers) = (Slack::start().await, Scripted::saying(Reply::Nothing));
    let link = link(&slack, &answers, 10.0);
    let mut socket = slack.socket().await;
    socket.send(Message::Close(None)).await;
    drop(slack.socket().await);
    let mut socket = slack.socket().await;
    socket.send(Message::text("a".repeat(2 * 1024 * 1024))).await;
    let mut socket = slack.socket().await;
    socket.envelope("events_api", "e-1", false, &event("Ev1")).await;
    assert_eq!(socket.acknowledged().await, Some(json!({ "envelope_id": "e-1" })));
    assert_eq!((slack.opened(), link.standing.judge()), (4, Ok(())));
}

#[tokio::test]
async fn a_silent_connection_is_asked_and_then_given_up() {
    let (slack, answers) = (Slack::start().await, Scripted::saying(Reply::Nothing));
    let link = link(&slack, &answers, 2_000.0);
    // Who does not read does not answer pings.
    let silent = slack.silent_socket().await;
    let next = slack.silent_socket().await;
    let why = eventually("it is known why", async || link.standing.judge().err().filter(|why| why.contains("silent")));
    assert_eq!(why.await, "Slack fell silent");
    drop((silent, next));
}

#[tokio::test]
async fn a_quiet_connection_that_answers_stays() {
    let (slack, answers) = (Slack::start().await, Scripted::saying(Reply::Nothing));
    let link = link(&slack, &answers, 20.0);
    let mut socket = slack.socket().await;
    // Three questions take a minute, after which it would be given up.
    for _ in 0..3 {
        assert!(matches!(socket.frame().await, Some(Message::Ping(_))));
    }
    assert_eq!((slack.opened(), link.standing.judge()), (1, Ok(())));
}

#[tokio::test]
async fn where_socket_mode_is_switched_off_it_is_looked_seldom_whether_it_is_on_again() {
    let (slack, answers) = (Slack::start().await, Scripted::saying(Reply::Nothing));
    let clock = Clock::running("2026-09-14T07:00:00Z".parse().unwrap(), 600.0);
    let mut link = link_by(&slack, &answers, clock.clone());
    let mut socket = slack.socket().await;
    let switched_off = clock.elapsed();
    socket.say(&json!({ "type": "disconnect", "reason": "link_disabled" })).await;
    let told =
        eventually("it is told", async || link.standing.judge().err().filter(|why| why.contains("switched off")));
    told.await;
    let mut socket = slack.socket().await;
    let pause = clock.elapsed().saturating_sub(switched_off);
    assert!(pause >= Duration::from_secs(150), "{pause:?}");
    eventually("it stands", async || link.standing.judge().ok()).await;
    socket.envelope("events_api", "Ev1", false, &event("Ev1")).await;
    assert_eq!(socket.acknowledged().await, Some(json!({ "envelope_id": "Ev1" })));

    // Switched off again, the end need not wait for the next look.
    socket.say(&json!({ "type": "disconnect", "reason": "link_disabled" })).await;
    eventually("it is told", async || link.standing.judge().err()).await;
    link.stop.cancel();
    within("the end", &mut link.task).await.unwrap().unwrap();
    assert_eq!(slack.opened(), 2);
}

#[tokio::test]
async fn what_keeps_a_connection_from_standing_is_named_until_one_stands() {
    let (slack, answers) = (Slack::start().await, Scripted::saying(Reply::Nothing));
    slack.refuse(Some(json!({ "ok": false, "error": "invalid_auth" })));
    let link = link(&slack, &answers, 100.0);
    // Somebody listens there who speaks no TLS.
    let no_tls = slack.api_url.replace("http://", "wss://");
    for (refusal, why) in [
        (json!({ "ok": false, "error": "invalid_auth" }), "Slack refuses `slack.app_token` (`invalid_auth`)"),
        (json!({ "ok": true, "url": "http://127.0.0.1:1/link" }), "its address is none of a safe connection"),
        (json!({ "ok": true, "url": "ws://127.0.0.1:1/link" }), "the connection to Slack's socket broke"),
        (json!({ "ok": true }), "it lacks what was asked for"),
        (json!({ "ok": true, "url": no_tls }), "the connection to Slack's socket broke"),
        (json!({ "ok": true, "url": slack.api_url.replace("http://", "ws://") }), "refuses the connection"),
    ] {
        slack.refuse(Some(refusal));
        eventually(why, async || link.standing.judge().err().filter(|told| told.contains(why))).await;
    }
    slack.refuse(None);
    let _socket = slack.socket().await;
    eventually("it stands", async || link.standing.judge().ok()).await;
}

#[tokio::test]
async fn two_connections_work_side_by_side_and_one_is_enough() {
    let (slack, answers) = (Slack::start().await, Scripted::saying(Reply::Nothing));
    let (_one, _other) = (link(&slack, &answers, 10.0), link(&slack, &answers, 10.0));
    let (mut first, mut second) = (slack.socket().await, slack.socket().await);
    for (socket, id) in [(&mut first, "Ev1"), (&mut second, "Ev2")] {
        socket.envelope("events_api", id, false, &event(id)).await;
        assert_eq!(socket.acknowledged().await, Some(json!({ "envelope_id": id })));
    }
    drop(first);
    second.envelope("events_api", "e-3", false, &event("Ev3")).await;
    assert_eq!(second.acknowledged().await, Some(json!({ "envelope_id": "e-3" })));
    let _third = slack.socket().await;
}

#[tokio::test]
async fn at_the_end_answers_under_way_still_go_out() {
    let slack = Slack::start().await;
    let (begun, go_on) =
        (std::sync::Arc::new(tokio::sync::Notify::new()), std::sync::Arc::new(tokio::sync::Notify::new()));
    let (at, on) = (begun.clone(), go_on.clone());
    let answers = Scripted::of(move |_| {
        let (at, on) = (at.clone(), on.clone());
        async move {
            at.notify_one();
            on.notified().await;
            super::hello()
        }
    });
    let mut link = link(&slack, &answers, 10.0);
    let mut socket = slack.socket().await;
    let command = json!({ "user_id": "U0ADA", "command": "/usage" });
    socket.envelope("slash_commands", "e-1", true, &command).await;
    within("the work", begun.notified()).await;
    link.stop.cancel();
    go_on.notify_one();
    assert_eq!(socket.acknowledged().await.unwrap()["payload"]["text"], "Hello, Ada");
    assert_eq!(socket.acknowledged().await, None);
    within("the end", &mut link.task).await.unwrap().unwrap();
}
