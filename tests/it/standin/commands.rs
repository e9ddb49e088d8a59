//! Commands and clicks as the app gets them, and what becomes of its answers.

use super::{Talk, noon};
use crate::support::pretend::{Pretend, SECRET};
use chrono::TimeDelta;
use recap::{
    clock::Clock,
    standin::{Choice, Failure, Unusable, signature},
};
use serde_json::{Value, json};
use std::time::Duration;

fn buttons(value: &str) -> Value {
    json!([
        { "type": "actions", "elements": [
            { "type": "button", "action_id": "yes", "value": value, "text": { "type": "plain_text", "text": "Yes" } },
            { "type": "overflow", "action_id": "more", "options": [
                { "text": { "type": "plain_text", "text": "Stop" }, "value": "stop" }] },
            { "type": "timepicker", "action_id": "time", "initial_time": "09:00" },
        ] },
    ])
}

#[tokio::test]
async fn a_command_is_signed_and_its_answer_is_for_the_eyes_of_who_typed_it() {
    let talk = Talk::begin().await;
    talk.slack.set_clock(Clock::fixed(noon()));
    let app = Pretend::start(&talk.slack, |_| async { (200, json!({ "text": "help" })) }).await;

    let outcome = talk.slack.command("U0ADA", "C0TEAM", " /usage  pause 1w ").await.unwrap();

    assert_eq!((outcome.status, outcome.failure), (Some(200), None));
    let shown = outcome.message.unwrap();
    assert_eq!(
        (shown.text.as_str(), shown.only_for.as_deref(), shown.channel.as_str()),
        ("help", Some("U0ADA"), "C0TEAM")
    );
    assert_eq!(talk.slack.messages_to("U0BEN"), []);
    let request = app.last();
    let timestamp: i64 = request.header("x-slack-request-timestamp").unwrap().parse().unwrap();
    assert_eq!(timestamp, noon().timestamp(), "by the stand-in's clock");
    assert_eq!(request.header("x-slack-signature").unwrap(), signature(&SECRET.into(), timestamp, &request.body));
    assert_eq!(request.path, "/slack/commands");
    let fields = request.fields();
    for (name, value) in [
        ("team_id", "T0TEST"),
        ("channel_id", "C0TEAM"),
        ("channel_name", "team"),
        ("user_id", "U0ADA"),
        ("command", "/usage"),
        ("text", "pause 1w"),
        ("trigger_id", &outcome.trigger_id),
        ("response_url", &outcome.response_url),
        ("is_enterprise_install", "false"),
    ] {
        assert_eq!(fields[name], value, "{name}");
    }

    let direct = talk.slack.command("ada@example.com", "U0ADA", "/usage").await.unwrap();
    assert_eq!(direct.message.unwrap().channel, "DU0ADA");
    assert_eq!(talk.slack.replay_last().await.status, Some(200));
    let received = app.received();
    assert_eq!(received[1].body, received[2].body, "the same request again");
    assert_eq!(received[1].header("x-slack-signature"), received[2].header("x-slack-signature"));
}

#[tokio::test]
async fn what_goes_wrong_with_a_command_is_said_as_slack_says_it() {
    let talk = Talk::begin().await;
    let unconnected = talk.slack.command("U0ADA", "C0TEAM", "/usage").await.unwrap();
    assert_eq!(unconnected.failure.unwrap(), "/usage failed with the error “dispatch_failed”");
    let app = Pretend::start(&talk.slack, |request| async move {
        match request.fields()["text"].as_str() {
            "late" => std::future::pending().await,
            "broken" => (500, Value::Null),
            "nothing" => (200, Value::Null),
            "long" => {
                let text = json!({ "type": "plain_text", "text": "x".repeat(151) });
                (200, json!({ "blocks": [{ "type": "header", "text": text }] }))
            }
            text => (200, json!(format!("you said {text}"))),
        }
    })
    .await;
    for (typed, failure) in [
        ("/usage late", "/usage failed because the app did not respond"),
        ("/usage broken", "/usage failed with the error “dispatch_failed”"),
        ("/usage long", "/usage failed with the error “invalid_blocks”"),
        ("/other", "/other is not a valid command."),
    ] {
        let patience = if typed.ends_with("late") { Duration::from_millis(100) } else { Duration::from_secs(30) };
        talk.slack.set_patience(patience);
        let outcome = talk.slack.command("U0ADA", "C0TEAM", typed).await.unwrap();
        assert_eq!((outcome.failure.as_deref(), outcome.message), (Some(failure), None), "{typed}");
    }
    let nothing = talk.slack.command("U0ADA", "C0TEAM", "/usage nothing").await.unwrap();
    assert_eq!((nothing.failure, nothing.message), (None, None));
    let plain = talk.slack.command("U0ADA", "C0TEAM", "/usage twice").await.unwrap();
    assert_eq!(plain.message.unwrap().text, "you said twice");
    assert_eq!(app.received().len(), 5, "the unknown command was not sent");
    for (user, channel) in [("U0NONE", "C0TEAM"), ("U0GONE", "C0TEAM"), ("U0ADA", "DU0BEN"), ("U0ADA", "C0OLD")] {
        assert!(talk.slack.command(user, channel, "/usage").await.is_err(), "{user} in {channel}");
    }
}

#[tokio::test]
async fn a_click_carries_the_message_and_its_answers_take_the_messages_place() {
    let talk = Talk::begin().await;
    let app = Pretend::start(&talk.slack, |_| async { (200, Value::Null) }).await;
    let message = json!({ "channel": "U0ADA", "text": "one", "blocks": buttons("7") });
    let ts = talk.call("chat.postMessage", message).await["ts"].as_str().unwrap().to_owned();
    let at = ("DU0ADA", ts.as_str());

    assert!(talk.slack.press("U0ADA", at, "yes", Choice::Press).await.unwrap().is_ok());
    let payload = app.last().json();
    assert_eq!((&payload["type"], &payload["user"]["id"]), (&json!("block_actions"), &json!("U0ADA")));
    assert_eq!(payload["container"]["message_ts"], ts);
    assert_eq!(payload["message"]["blocks"][0]["elements"][0]["action_id"], "yes");
    assert_eq!((&payload["actions"][0]["value"], &payload["actions"][0]["type"]), (&json!("7"), &json!("button")));
    talk.slack.press("U0ADA", at, "more", "stop").await.unwrap();
    assert_eq!(app.last().json()["actions"][0]["selected_option"]["value"], "stop");
    talk.slack.press("U0ADA", at, "time", "10:30").await.unwrap();
    let payload = app.last().json();
    assert_eq!(payload["actions"][0]["selected_time"], "10:30");
    let block = payload["actions"][0]["block_id"].as_str().unwrap();
    assert_eq!(payload["state"]["values"][block]["time"]["selected_time"], "10:30");

    let url = payload["response_url"].as_str().unwrap();
    let answer = |body: Value| talk.client.post(url).json(&body).send();
    assert_eq!(answer(json!({ "replace_original": true, "text": "two" })).await.unwrap().status(), 200);
    let now = talk.slack.messages_to("U0ADA").remove(0);
    assert_eq!((now.text.as_str(), now.blocks.len(), now.edited), ("two", 0, true));
    assert_eq!(talk.slack.versions_of(&ts).len(), 2);
    let gone = talk.slack.press("U0ADA", at, "yes", "7").await;
    assert_eq!(gone, Err(Unusable::Element("yes".to_owned())));
    let foreign = talk.slack.press("U0BEN", at, "yes", "7").await;
    assert_eq!(foreign, Err(Unusable::Conversation("DU0ADA".to_owned())));
}

#[tokio::test]
async fn a_response_url_is_good_five_times_within_half_an_hour() {
    let talk = Talk::begin().await;
    talk.slack.set_clock(Clock::fixed(noon()));
    let app =
        Pretend::start(&talk.slack, |_| async { (200, json!({ "text": "first", "blocks": buttons("x") })) }).await;
    let outcome = talk.slack.command("U0ADA", "C0TEAM", "/usage").await.unwrap();
    let ts = outcome.message.unwrap().ts;
    let post = async |url: &str, body: Value| {
        let answer = talk.client.post(url).json(&body).send().await.unwrap();
        (answer.status().as_u16(), answer.text().await.unwrap())
    };

    talk.slack.press("U0ADA", ("C0TEAM", &ts), "yes", "x").await.unwrap();
    let payload = app.last().json();
    assert_eq!((&payload["container"]["is_ephemeral"], payload.get("message")), (&json!(true), None));
    let url = payload["response_url"].as_str().unwrap().to_owned();
    assert!(talk.slack.press("U0BEN", ("C0TEAM", &ts), "yes", "x").await.is_err(), "others do not see it");

    assert_eq!(post(&url, json!({ "replace_original": true, "text": "second" })).await.0, 200);
    assert_eq!(talk.texts_to_ada(), ["second"]);
    assert_eq!(post(&url, json!({ "text": "also" })).await.0, 200);
    assert_eq!(post(&url, json!({ "response_type": "in_channel", "text": "all" })).await.0, 200);
    let all = talk.slack.messages_to("team");
    assert_eq!(all.last().map(|message| (message.text.as_str(), message.only_for.as_deref())), Some(("all", None)));
    assert_eq!(post(&url, json!({ "text": " " })).await, (400, r#"{"ok":false,"error":"no_text"}"#.to_owned()));
    assert_eq!(post(&url, json!({ "delete_original": true })).await.0, 200);
    assert!(talk.slack.messages_to("U0ADA")[0].deleted);
    assert_eq!(post(&url, json!({ "text": "x" })).await, (404, r#"{"ok":false,"error":"used_url"}"#.to_owned()));

    talk.slack.set_clock(Clock::fixed(noon() + TimeDelta::minutes(31)));
    let late = post(&outcome.response_url, json!({ "text": "x" })).await;
    assert_eq!(late, (404, r#"{"ok":false,"error":"expired_url"}"#.to_owned()));
}

#[tokio::test]
async fn an_app_that_is_not_there_is_unreachable() {
    let talk = Talk::begin().await;
    let app = Pretend::start(&talk.slack, |_| async { (200, Value::Null) }).await;
    let posted =
        talk.call("chat.postMessage", json!({ "channel": "U0ADA", "text": "x", "blocks": buttons("1") })).await;
    let ts = posted["ts"].as_str().unwrap();
    let (address, socket) = crate::support::relay::deserted();
    talk.slack.connect_app(recap::standin::AppEndpoint {
        base_url: address,
        signing_secret: SECRET.into(),
        command: "/usage".to_owned(),
    });
    let answered = talk.slack.press("U0ADA", ("DU0ADA", ts), "yes", "1").await.unwrap();
    assert_eq!((answered.status, answered.failure), (None, Some(Failure::Unreachable)));
    assert_eq!(app.received().len(), 0);
    drop(socket);
}
