//! Events: signed, told again where they are not taken, and sent by what happens to the workspace.

use super::{Talk, noon, workspace};
use crate::support::pretend::Pretend;
use recap::standin::{Channel, Person};
use serde_json::{Value, json};
use std::{
    sync::atomic::{AtomicU32, Ordering},
    time::Duration,
};

#[tokio::test]
async fn an_event_that_is_not_taken_comes_again_three_times_with_the_same_id() {
    let talk = Talk::begin().await;
    talk.slack.set_clock(recap::clock::Clock::fixed(noon()));
    let calls = AtomicU32::new(0);
    // Only the one that is not answered is waited for in vain.
    let (slack, long, short) = (talk.slack.clone(), Duration::from_secs(30), Duration::from_millis(100));
    slack.set_patience(long);
    let app = Pretend::start(&talk.slack, move |_| {
        let call = calls.fetch_add(1, Ordering::SeqCst);
        slack.set_patience(if call == 0 { short } else { long });
        async move {
            match call {
                0 => (503, Value::Null),
                1 => std::future::pending().await,
                _ => (200, Value::Null),
            }
        }
    })
    .await;

    let answers = talk.slack.event(json!({ "type": "channel_created" })).await;

    assert_eq!(answers.iter().map(|answer| answer.status).collect::<Vec<_>>(), [Some(503), None, Some(200)]);
    let received = app.received();
    let seen: Vec<_> = received
        .iter()
        .map(|request| (request.header("x-slack-retry-num"), request.header("x-slack-retry-reason")))
        .collect();
    assert_eq!(seen, [(None, None), (Some("1"), Some("http_error")), (Some("2"), Some("http_timeout"))]);
    let ids: Vec<_> = received.iter().map(|request| request.json()["event_id"].clone()).collect();
    assert!(ids[0].as_str().unwrap().starts_with("Ev") && ids.iter().all(|id| *id == ids[0]), "{ids:?}");
    assert_eq!(received[0].json()["type"], "event_callback");
    assert_eq!(received[0].json()["event_time"], noon().timestamp());
}

#[tokio::test]
async fn the_address_is_verified_by_its_challenge() {
    let talk = Talk::begin().await;
    assert!(!talk.slack.verify_url().await, "nobody is there");
    let app = Pretend::start(&talk.slack, |request| async move {
        match request.path.as_str() {
            "/slack/events" => (200, json!({ "challenge": request.json()["challenge"] })),
            _ => (200, Value::Null),
        }
    })
    .await;
    assert!(talk.slack.verify_url().await);
    assert_eq!(app.last().json()["type"], "url_verification");
    assert_eq!(talk.slack.check_ssl().await.status, Some(200));
    assert_eq!(app.last().fields()["ssl_check"], "1");
}

#[tokio::test]
async fn what_happens_to_the_workspace_changes_it_and_is_told() {
    let talk = Talk::with(workspace().channel(Channel::new("G0SECRET", "secret").private())).await;
    let app = Pretend::start(&talk.slack, |_| async { (200, Value::Null) }).await;
    let event = || app.last().json()["event"].clone();

    talk.slack.archives("team").await;
    assert_eq!((&event()["type"], &event()["channel"]), (&json!("channel_archive"), &json!("C0TEAM")));
    let post = json!({ "channel": "C0TEAM", "text": "x" });
    assert_eq!(talk.refusal("chat.postMessage", post).await, "is_archived");
    talk.slack.unarchives("C0TEAM").await;
    talk.slack.renames("C0TEAM", "crew").await;
    assert_eq!(event()["channel"]["name"], "crew");
    assert_eq!(talk.get("conversations.info", &[("channel", "C0TEAM")]).await["channel"]["name"], "crew");
    talk.slack.shares("crew").await;
    assert_eq!((&event()["type"], &event()["connected_team_id"]), (&json!("channel_shared"), &json!("T0OTHER")));
    talk.slack.archives("secret").await;
    assert_eq!(event()["type"], "group_archive");
    talk.slack.removes_recap("C0TEAM").await;
    assert_eq!((&event()["type"], &event()["user"]), (&json!("member_left_channel"), &json!("U0RECAPBOT")));

    talk.slack.deactivates("U0BEN").await;
    assert_eq!((&event()["type"], &event()["user"]["deleted"]), (&json!("user_change"), &json!(true)));
    talk.slack.joins(Person::new("U0NEW", "New").email("new@example.com").admin()).await;
    assert_eq!((&event()["type"], &event()["user"]["is_admin"]), (&json!("team_join"), &json!(true)));
    assert_eq!(talk.get("users.info", &[("user", "U0NEW")]).await["user"]["is_owner"], false);

    assert_eq!(talk.slack.uninstalls().await.len(), 2);
    assert_eq!(event()["type"], "app_uninstalled");
    assert_eq!(talk.refusal("auth.test", json!({})).await, "account_inactive");
}
