//! Finding a delivery again, and posting what was stored.

use super::{Answer, Scripted, TOKEN, client, client_within, ok, refusal, text};
use chrono::{DateTime, TimeDelta, Utc};
use recap::{
    clock::Clock,
    model::{ChannelId, DeliveryId, MemberId},
    slack::{Client, PostError, SlackError},
    standin::{Channel, Person, Standin, Workspace},
};
use serde_json::{Value, json};
use std::time::Duration;

fn nine() -> DateTime<Utc> {
    "2026-09-14T09:00:00Z".parse().unwrap()
}

fn id(text: &str) -> DeliveryId {
    DeliveryId(text.to_owned())
}

/// Ada's direct conversation in a stand-in whose clock stands at nine.
async fn conversation() -> (Standin, Client, ChannelId) {
    let workspace = Workspace::new("T1", TOKEN)
        .person(Person::new("U1", "Ada Lovelace").email("ada@example.com"))
        .channel(Channel::new("C1", "team"));
    let slack = Standin::start(workspace).await.unwrap();
    slack.set_clock(Clock::fixed(nine()));
    let client = client_within(&slack.api_url(), Duration::from_secs(20));
    let dm = client.open_dm(&MemberId("U1".to_owned())).await.unwrap();
    (slack, client, dm)
}

fn snapshot(text: &str) -> String {
    let chart = json!({ "type": "data_visualization", "title": "Sessions", "chart": { "type": "pie", "segments": [
        { "label": "one", "value": 1 }, { "label": "two", "value": 2 } ] } });
    json!({ "text": text, "blocks": [chart] }).to_string()
}

#[tokio::test]
async fn a_delivery_is_found_behind_many_others_and_only_by_its_own_id() {
    let (slack, client, dm) = conversation().await;
    let posted = client.post_snapshot(&dm, &snapshot("mine"), true, &id("mine")).await.unwrap();
    for number in 0..40 {
        client.post_snapshot(&dm, &snapshot("other"), true, &id(&format!("other-{number}"))).await.unwrap();
    }

    let found = client.find_delivery(&dm, "mine", nine() - TimeDelta::minutes(1), 10).await.unwrap();
    let missing = client.find_delivery(&dm, "never", nine() - TimeDelta::minutes(1), 10).await.unwrap();
    let later = client.find_delivery(&dm, "mine", nine() + TimeDelta::minutes(1), 10).await.unwrap();
    let exactly = client.find_delivery(&dm, "mine", nine(), 10).await.unwrap();

    assert_eq!((found, missing, later, exactly), (Some(posted.clone()), None, None, Some(posted)));
    assert_eq!(slack.calls("conversations.history"), 3 + 3 + 1 + 3, "pages of 15");
    let asked = slack.requests().into_iter().find(|request| request.method == "conversations.history").unwrap();
    assert_eq!((&asked.arguments["limit"], &asked.arguments["inclusive"]), (&json!("15"), &json!("true")));
}

#[tokio::test]
async fn a_delivery_that_does_not_show_yet_is_not_found_yet() {
    let (slack, client, dm) = conversation().await;
    slack.delay_history(Duration::from_secs(30));
    client.post_snapshot(&dm, &snapshot("mine"), true, &id("mine")).await.unwrap();

    let at_once = client.find_delivery(&dm, "mine", nine(), 3).await.unwrap();
    slack.set_clock(Clock::fixed(nine() + TimeDelta::seconds(31)));
    let later = client.find_delivery(&dm, "mine", nine(), 3).await.unwrap();

    assert!(at_once.is_none() && later.is_some());
}

#[tokio::test]
async fn a_history_that_nobody_may_read_says_so_for_good() {
    let (slack, client, _) = conversation().await;
    let team = ChannelId("C1".to_owned());
    let error = client.find_delivery(&team, "a", nine(), 3).await.unwrap_err();
    assert!(matches!(&error, SlackError::Workspace { code, .. } if code == "missing_scope"), "{error:?}");
    assert!(error.is_for_good());

    slack.change(|workspace| {
        workspace.scopes.insert("channels:history".to_owned());
        workspace.channels[0].recap_is_member = false;
    });
    for (channel, code) in [("C1", "not_in_channel"), ("C9", "channel_not_found")] {
        let error = client.find_delivery(&ChannelId(channel.to_owned()), "a", nine(), 3).await.unwrap_err();
        assert!(error.is_for_good() && error.code() == code, "{error:?}");
    }
}

/// What a search at a server meets whose `n`th page is `page(n)`.
async fn search(page: impl Fn(u32) -> Answer + Send + 'static) -> Result<Option<String>, SlackError> {
    let mut pages = 0;
    let server = Scripted::start(move |_| {
        pages += 1;
        page(pages)
    })
    .await;
    let found = client(&server).find_delivery(&ChannelId("D1".to_owned()), "mine", nine(), 5).await;
    found.map(|posted| posted.map(|posted| posted.ts))
}

fn page(messages: &Value, next: &str) -> Answer {
    let metadata = json!({ "next_cursor": next });
    ok(json!({ "messages": messages, "has_more": !next.is_empty(), "response_metadata": metadata }))
}

fn message(ts: &str, delivery_id: &Value) -> Value {
    let payload = json!({ "delivery_id": delivery_id, "count": 7 });
    json!({ "ts": ts, "metadata": { "event_type": "recap_delivery", "event_payload": payload } })
}

#[tokio::test]
async fn odd_messages_hide_no_other() {
    let messages = json!([null, 7, { "ts": {} }, message("1.0", &json!(7)), message("2.0", &json!("mine"))]);

    assert_eq!(search(move |_| page(&messages, "")).await.unwrap().as_deref(), Some("2.0"));
}

#[tokio::test]
async fn pages_that_come_to_no_end_are_not_readable() {
    let nameless = || ok(json!({ "messages": [], "has_more": true }));
    for (server, what) in [
        (search(move |_| nameless()).await, "it does not name its next page"),
        (search(|_| page(&json!([]), "same")).await, "its pages go round in a circle"),
        (search(|number| page(&json!([]), &format!("page-{number}"))).await, "it has too many pages"),
    ] {
        let error = server.unwrap_err();
        assert!(error.is_for_good() && error.to_string().ends_with(what), "{error}");
    }
}

#[tokio::test]
async fn what_may_be_better_next_time_is_asked_again_later() {
    let answers: [fn() -> Answer; 5] = [
        || refusal("internal_error"),
        || text(200, "<html>Maintenance</html>"),
        || text(404, "no such page"),
        || text(429, "").header("retry-after", "7"),
        || Answer::Lost,
    ];
    for answer in answers {
        let error = search(move |_| answer()).await.unwrap_err();
        assert!(matches!(error, SlackError::Later { .. }) && !error.is_for_good(), "{error:?}");
    }
    assert!(!search(|_| refusal("token_revoked")).await.unwrap_err().is_for_good(), "the token is mended some day");
}

#[tokio::test]
async fn a_snapshot_is_posted_as_it_was_stored_or_plainly() {
    let (slack, client, dm) = conversation().await;

    client.post_snapshot(&dm, &snapshot("rich"), false, &id("1")).await.unwrap();
    client.post_snapshot(&dm, &snapshot("plain"), true, &id("2")).await.unwrap();
    let garbled = client.post_snapshot(&dm, "{\"text\":", false, &id("3")).await.unwrap_err();

    let messages = slack.messages_to("U1");
    let types: Vec<_> = messages.iter().map(|message| message.blocks[0]["type"].as_str().unwrap()).collect();
    assert_eq!(types[0], "data_visualization");
    assert_ne!(types[1], "data_visualization");
    assert_eq!(garbled, PostError::Content { code: "unreadable_snapshot".to_owned() });
    assert_eq!((messages.len(), slack.calls("chat.postMessage")), (2, 2));
}
