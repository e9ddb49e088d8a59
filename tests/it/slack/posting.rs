//! Sending to a person: what is refused beforehand, and what each outcome of a post means.

use super::{Answer, Scripted, auth, client, client_within, deserted, ok, refusal, text};
use recap::{
    message::Message,
    model::{ChannelId, MemberEmail},
    slack::{PostError, SendError, Status, send_to_member},
};
use serde_json::{Value, json};
use std::time::Duration;

fn message(text: &str) -> Message {
    Message { text: text.to_owned(), blocks: vec![json!({ "type": "data_visualization", "title": text })] }
}

fn dm() -> ChannelId {
    ChannelId("D1".to_owned())
}

fn ada() -> MemberEmail {
    MemberEmail::parse("ada@example.com").unwrap()
}

/// A workspace where everything works but `user` is as given and posting answers `post(n)` to the `n`th.
async fn workspace(user: Value, post: impl Fn(u32) -> Answer + Send + 'static) -> Scripted {
    let mut posts = 0;
    Scripted::start(move |call| match call.method.as_str() {
        "auth.test" => auth(),
        "users.lookupByEmail" => ok(json!({ "user": user })),
        "conversations.open" => ok(json!({ "channel": { "id": "D1" } })),
        _ => {
            posts += 1;
            post(posts)
        }
    })
    .await
}

fn accepted() -> Answer {
    // Slack sends the message back; one odd field in it must not make an accepted post look lost.
    ok(json!({ "channel": "D1", "ts": "1758000000.000100", "message": { "ts": 7 } }))
}

/// What the post of one message met, at a server that answers `answer`.
async fn outcome(answer: fn() -> Answer) -> PostError {
    let server = Scripted::start(move |_| answer()).await;
    let error = client(&server).post(&dm(), &message("hello"), "id").await.unwrap_err();
    assert_eq!(server.calls("chat.postMessage").len(), 1, "a post is never repeated by the client");
    error
}

#[tokio::test]
async fn a_message_reaches_a_member_with_its_delivery_id() {
    let server = workspace(json!({ "id": "U1" }), |_| accepted()).await;

    let sent = send_to_member(&client(&server), &ada(), &message("hello"), None).await.unwrap();

    assert_eq!((sent.posted.channel.0.as_str(), sent.posted.ts.as_str()), ("D1", "1758000000.000100"));
    assert_eq!(server.calls("conversations.open")[0].body, json!({ "users": "U1" }));
    let body = &server.calls("chat.postMessage")[0].body;
    assert_eq!(
        body["metadata"],
        json!({ "event_type": "recap_delivery", "event_payload": { "delivery_id": sent.delivery_id } })
    );
    assert_eq!((&body["blocks"], &body["text"]), (&json!(message("hello").blocks), &json!("hello")));
    assert_eq!((&body["unfurl_links"], &body["unfurl_media"]), (&json!(false), &json!(false)));
}

#[tokio::test]
async fn only_an_active_full_member_is_written_to() {
    for (user, status, words) in [
        (json!({ "id": "U1", "deleted": true }), Status::Deactivated, "`ada@example.com` is deactivated in Slack"),
        (json!({ "id": "U1", "is_restricted": true }), Status::Guest, "`ada@example.com` is a guest"),
        (json!({ "id": "U1", "is_bot": true }), Status::Bot, "`ada@example.com` is a bot"),
        (json!({ "id": "U1", "team_id": "T2" }), Status::OtherWorkspace, "belongs to another workspace"),
    ] {
        let server = workspace(user, |_| accepted()).await;

        let error = send_to_member(&client(&server), &ada(), &message("hello"), None).await.unwrap_err();

        assert_eq!(error, SendError::NotAddressable { email: ada(), status });
        assert!(error.to_string().contains(words), "{error}");
        assert!(server.calls("conversations.open").is_empty() && server.calls("chat.postMessage").is_empty());
    }
}

#[tokio::test]
async fn an_unknown_member_is_one_sentence_with_a_hint() {
    let server =
        Scripted::start(|call| if call.method == "auth.test" { auth() } else { refusal("users_not_found") }).await;

    let error = send_to_member(&client(&server), &ada(), &message("hello"), None).await.unwrap_err();

    assert_eq!(error.to_string(), "nobody in the Slack workspace has the address `ada@example.com`");
    assert!(error.hint().contains("spelling"), "{}", error.hint());
    assert!(server.calls("chat.postMessage").is_empty());
}

#[tokio::test]
async fn a_refused_form_is_degraded_once() {
    let server =
        workspace(json!({ "id": "U1" }), |n| if n == 1 { refusal("invalid_blocks") } else { accepted() }).await;

    let sent = send_to_member(&client(&server), &ada(), &message("chart"), Some(&message("plain"))).await.unwrap();

    let posts = server.calls("chat.postMessage");
    assert!(sent.degraded && posts.len() == 2);
    assert_eq!((&posts[0].body["text"], &posts[1].body["text"]), (&json!("chart"), &json!("plain")));
    assert_eq!(posts[0].body["metadata"], posts[1].body["metadata"], "it is one delivery");
}

#[tokio::test]
async fn a_form_that_is_refused_twice_fails_loudly() {
    let server = workspace(json!({ "id": "U1" }), |_| refusal("msg_blocks_too_long")).await;

    let error = send_to_member(&client(&server), &ada(), &message("chart"), Some(&message("plain"))).await.unwrap_err();

    assert_eq!(error, SendError::Post(PostError::Content { code: "msg_blocks_too_long".to_owned() }));
    assert_eq!(server.calls("chat.postMessage").len(), 2);
}

#[tokio::test]
async fn nothing_but_a_refused_form_is_tried_with_the_fallback() {
    for answer in [|| refusal("is_archived"), || Answer::Lost, || text(429, "")] {
        let server = workspace(json!({ "id": "U1" }), move |_| answer()).await;

        let outcome = send_to_member(&client(&server), &ada(), &message("chart"), Some(&message("plain"))).await;

        assert!(outcome.is_err());
        assert_eq!(server.calls("chat.postMessage").len(), 1);
    }
}

#[tokio::test]
async fn slowing_down_is_not_sent_and_says_when_to_come_back() {
    for answer in [
        || text(429, "").header("retry-after", "7"),
        || text(429, "slow down").header("retry-after", "7").header("content-type", "application/json"),
        || refusal("rate_limited").header("retry-after", "7"),
    ] {
        let error = outcome(answer).await;
        assert!(
            matches!(error, PostError::NotSent { retry_after: Some(wait), .. } if wait.as_secs() == 7),
            "{error:?}"
        );
    }
    assert!(matches!(outcome(|| text(429, "")).await, PostError::NotSent { retry_after: None, .. }));
}

#[tokio::test]
async fn a_lost_garbled_or_failing_answer_leaves_the_outcome_unknown() {
    for answer in [
        || Answer::Lost,
        || text(200, r#"{"ok":true,"channel":"D1","#),
        || text(200, "<html>"),
        || text(200, "{}"),
        || text(200, r#"{"ok":true}"#),
        || text(200, r#"{"ok":true,"channel":"","ts":""}"#),
        || text(200, "OK").header("content-type", "text/html"),
        || text(500, r#"{"ok":false,"error":"is_archived"}"#),
        || text(503, ""),
        || refusal("internal_error"),
        || refusal("fatal_error"),
    ] {
        let error = outcome(answer).await;
        assert!(matches!(error, PostError::Unknown { .. }), "{error:?}");
    }
}

#[tokio::test]
async fn a_timeout_after_writing_is_unknown() {
    let server = Scripted::start(|_| Answer::Silence).await;

    let error = client_within(&server.api_url, Duration::from_secs(1)).post(&dm(), &message("hello"), "id").await;

    assert_eq!(error, Err(PostError::Unknown { what: "no answer in time".to_owned() }));
}

#[tokio::test]
async fn a_refused_connection_is_not_sent() {
    let (nowhere, _kept) = deserted();
    let client = client_within(&nowhere, Duration::from_secs(20));

    let error = client.post(&dm(), &message("hello"), "id").await.unwrap_err();

    assert!(matches!(&error, PostError::NotSent { retry_after: None, .. }), "{error:?}");
    assert!(error.to_string().starts_with("the message was not sent: no connection: "), "{error}");
}

#[tokio::test]
async fn a_handshake_that_hangs_is_not_sent() {
    let server = Scripted::start(|_| accepted()).await;
    let client = client_within(&server.api_url.replace("http:", "https:"), Duration::from_secs(1));

    let error = client.post(&dm(), &message("hello"), "id").await.unwrap_err();

    assert!(matches!(error, PostError::NotSent { .. }), "{error:?}");
}

#[tokio::test]
async fn sending_can_be_left_to_a_task_of_its_own() {
    let server = workspace(json!({ "id": "U1" }), |_| accepted()).await;
    let client = client(&server);

    let task = tokio::spawn(async move { send_to_member(&client, &ada(), &message("hello"), None).await });

    assert!(!task.await.unwrap().unwrap().degraded);
}
