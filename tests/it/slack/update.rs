//! Changing a message that stands in Slack: the same each time it is asked for.

use super::{Answer, Scripted, TOKEN, client, client_within, ok, refusal, text};
use recap::{
    clock::Clock,
    delivery::Limiter,
    model::{ChannelId, DeliveryId},
    slack::{Client, ClientOptions, SlackError, Updated},
    standin::{Channel, Fault, Person, RateLimits, Standin, Times, Workspace},
};
use serde_json::{Value, json};
use std::{sync::Arc, time::Duration};

const TS: &str = "1758000000.000100";

fn team() -> ChannelId {
    ChannelId("C0TEAM".to_owned())
}

fn id() -> DeliveryId {
    DeliveryId("an-id".to_owned())
}

fn chart(text: &str) -> Value {
    json!({ "text": text, "blocks": [
        { "type": "section", "text": { "type": "plain_text", "text": text } },
        { "type": "data_visualization", "title": "Sessions", "chart": { "type": "pie", "segments": [
            { "label": "one", "value": 1 }, { "label": "two", "value": 2 } ] } },
    ] })
}

async fn update(client: &Client, ts: &str, text: &str, plain: bool) -> Result<Updated, SlackError> {
    client.update_snapshot(&team(), ts, &chart(text).to_string(), plain, &id()).await
}

/// What an update meets at a server that answers `answer`, and how often it was asked.
async fn outcome(answer: impl Fn(usize) -> Answer + Send + 'static) -> (Result<Updated, SlackError>, usize) {
    let mut calls = 0;
    let server = Scripted::start(move |_| {
        calls += 1;
        answer(calls)
    })
    .await;
    let outcome = update(&client(&server), TS, "late rows", false).await;
    (outcome, server.calls("chat.update").len())
}

/// A stand-in with a message in the team's channel.
async fn posted() -> (Standin, Client, String) {
    let workspace = Workspace::new("T1", TOKEN)
        .person(Person::new("U1", "Ada"))
        .channels([Channel::new("C0TEAM", "team"), Channel::new("C0ELSE", "else").without_recap()]);
    let slack = Standin::start(workspace).await.unwrap();
    let client = client_within(&slack.api_url(), Duration::from_secs(20));
    let posted = client.post_snapshot(&team(), &chart("first").to_string(), false, &id()).await.unwrap();
    (slack, client, posted.ts)
}

#[tokio::test]
async fn everything_of_a_message_is_replaced() {
    let server = Scripted::start(|_| ok(json!({ "channel": "C0TEAM", "ts": TS, "text": 7, "message": [] }))).await;

    let done = update(&client(&server), TS, "late rows", false).await.unwrap();

    assert_eq!(done, Updated::Done { plain: false });
    let metadata = json!({ "event_type": "recap_delivery", "event_payload": { "delivery_id": "an-id" } });
    let snapshot = chart("late rows");
    assert_eq!(
        server.calls("chat.update")[0].body,
        json!({
            "channel": "C0TEAM", "ts": TS, "text": "late rows", "blocks": snapshot["blocks"], "metadata": metadata,
            "link_names": false, "parse": "none", "unfurl_links": false, "unfurl_media": false,
        })
    );
}

#[tokio::test]
async fn an_updated_message_keeps_its_place_and_its_delivery() {
    let (slack, client, ts) = posted().await;

    assert_eq!(update(&client, &ts, "second", false).await, Ok(Updated::Done { plain: false }));
    assert_eq!(update(&client, &ts, "third", true).await, Ok(Updated::Done { plain: true }));
    assert_eq!(update(&client, &ts, "third", true).await, Ok(Updated::Done { plain: true }));

    let messages = slack.messages_in("C0TEAM");
    assert_eq!((messages.len(), messages[0].text.as_str(), messages[0].edited), (1, "third", true));
    assert_eq!(messages[0].metadata.as_ref().unwrap()["event_payload"]["delivery_id"], "an-id");
    let said: Vec<_> = slack.versions_of(&ts).into_iter().map(|version| version.text).collect();
    assert_eq!(said, ["first", "second", "third", "third"]);
    assert!(messages[0].blocks.iter().all(|block| block["type"] == "section"), "in plain sections");
}

#[tokio::test]
async fn a_refused_form_is_degraded_once() {
    for code in ["invalid_blocks", "msg_too_long", "msg_blocks_too_long"] {
        let (done, calls) = outcome(move |call| if call == 1 { refusal(code) } else { ok(json!({})) }).await;
        assert_eq!((done, calls), (Ok(Updated::Done { plain: true }), 2), "{code}");
        let (refused, calls) = outcome(move |_| refusal(code)).await;
        assert_eq!((refused, calls), (Ok(Updated::Refused { code: code.to_owned() }), 2), "{code}");
    }
    let server = Scripted::start(|_| refusal("invalid_blocks")).await;
    let plain = update(&client(&server), TS, "plain already", true).await;
    assert_eq!(plain, Ok(Updated::Refused { code: "invalid_blocks".to_owned() }));
    assert_eq!(server.calls("chat.update").len(), 1);
}

#[tokio::test]
async fn what_cannot_be_changed_any_more_is_refused_for_good() {
    for code in [
        "message_not_found",
        "cant_update_message",
        "edit_window_closed",
        "channel_not_found",
        "is_archived",
        "is_inactive",
        "not_in_channel",
    ] {
        let (refused, calls) = outcome(move |_| refusal(code)).await;
        assert_eq!((refused, calls), (Ok(Updated::Refused { code: code.to_owned() }), 1));
    }
    let server = Scripted::start(|_| ok(json!({}))).await;
    let garbled = client(&server).update_snapshot(&team(), TS, "{", false, &id()).await;
    assert_eq!(garbled, Ok(Updated::Refused { code: "unreadable_snapshot".to_owned() }));
    assert!(server.calls("chat.update").is_empty());
}

#[tokio::test]
async fn an_unclear_answer_is_tried_again_later() {
    let answers: [fn(usize) -> Answer; 8] = [
        |_| Answer::Lost,
        |_| text(200, "<html>Maintenance</html>"),
        |_| text(200, r#"{"ok":true,"#),
        |_| text(404, "no such page"),
        |_| text(503, ""),
        |_| refusal("internal_error"),
        |_| refusal("fatal_error"),
        |_| text(429, "").header("retry-after", "7"),
    ];
    for answer in answers {
        let (error, calls) = outcome(answer).await;
        assert!(matches!(error, Err(SlackError::Later { .. })), "{error:?}");
        assert_eq!(calls, 1, "the caller decides when");
    }
    let (revoked, _) = outcome(|_| refusal("token_revoked")).await;
    assert!(matches!(revoked, Err(SlackError::Workspace { .. })), "{revoked:?}");
    let server = Scripted::start(|_| Answer::Silence).await;
    let late = update(&client_within(&server.api_url, Duration::from_secs(1)), TS, "late", false).await;
    assert!(matches!(late, Err(SlackError::Later { .. })), "{late:?}");
}

#[tokio::test]
async fn an_update_whose_answer_was_lost_is_made_again_and_nothing_is_posted() {
    let (slack, client, ts) = posted().await;
    for fault in [Fault::LoseReply, Fault::ServerErrorAfterAccepting(502), Fault::NotJsonAfterAccepting] {
        slack.fault("chat.update", fault, Times(1));
        assert!(matches!(update(&client, &ts, "second", false).await, Err(SlackError::Later { .. })));
        assert_eq!(update(&client, &ts, "second", false).await, Ok(Updated::Done { plain: false }));
    }
    assert_eq!((slack.messages().len(), slack.messages_in("team")[0].text.as_str()), (1, "second"));
}

#[tokio::test]
async fn a_channel_that_is_gone_or_archived_refuses_it() {
    let (slack, client, ts) = posted().await;
    let theirs = slack.say("C0TEAM", "U1", "nice").unwrap();
    let code = |outcome: Result<Updated, SlackError>| match outcome {
        Ok(Updated::Refused { code }) => code,
        other => panic!("{other:?}"),
    };
    assert_eq!(code(update(&client, "1.000001", "x", false).await), "message_not_found");
    assert_eq!(code(update(&client, &theirs, "x", false).await), "cant_update_message");
    slack.archive("C0TEAM");
    assert_eq!(code(update(&client, &ts, "x", false).await), "is_inactive");
    slack.delete_channel("C0TEAM");
    assert_eq!(code(update(&client, &ts, "x", false).await), "channel_not_found");
}

#[tokio::test]
async fn the_gate_paces_these_calls_below_slacks_tiers() {
    let (slack, _, ts) = posted().await;
    let clock = Clock::running("2026-09-14T09:00:00Z".parse().unwrap(), 600.0);
    slack.set_clock(clock.clone());
    slack.limit_rates(RateLimits { tiers: true, ..RateLimits::OFF });
    let options = ClientOptions {
        api_url: slack.api_url(),
        token: TOKEN.into(),
        timeout: Duration::from_secs(20),
        gate: Some(Arc::new(Limiter::new(clock, 300))),
    };
    let client = Client::new(&options).unwrap();
    for call in 0..60 {
        assert_eq!(update(&client, &ts, "again", false).await, Ok(Updated::Done { plain: false }), "{call}");
        assert!(client.channel_info(&team()).await.unwrap().is_some(), "{call}");
    }
    assert_eq!((slack.limited("chat.update"), slack.limited("conversations.info")), (0, 0));
}
