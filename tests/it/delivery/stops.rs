//! Sending stands still: by command, or because the token is dead. Nothing is lost meanwhile.

use super::rendered;
use recap::{
    delivery::revive,
    standin::{Fault, Times},
    store::{HALTED, STOPPED},
};

#[tokio::test]
async fn nothing_is_sent_while_sending_is_halted() {
    let mut app = rendered().await;
    app.store.set_value(HALTED, Some("test")).await.unwrap();
    app.relay.drain().await.unwrap();
    assert_eq!(app.slack.calls("chat.postMessage"), 0);

    app.store.set_value(HALTED, None).await.unwrap();
    app.deliver_until_idle().await;

    assert_eq!(app.slack.messages().len(), 1);
}

#[tokio::test]
async fn a_dead_token_stops_the_workspace_and_not_its_members() {
    let mut app = rendered().await;
    app.slack.fault("*", Fault::error("token_revoked"), Times::UNTIL_CLEARED);
    app.relay.drain().await.unwrap();
    assert_eq!(app.store.value(STOPPED).await.unwrap().as_deref(), Some("token_revoked"));
    let posts = app.slack.calls("chat.postMessage");
    app.relay.drain().await.unwrap();
    assert_eq!(app.slack.calls("chat.postMessage"), posts);
    let still = revive(&app.store, &app.client, app.clock.now()).await.unwrap();
    assert_eq!(still.as_deref(), Some("token_revoked"));

    app.slack.clear_faults();
    assert_eq!(revive(&app.store, &app.client, app.clock.now()).await.unwrap(), None);
    app.deliver_until_idle().await;

    assert_eq!((app.outcome("ada").await.0.as_str(), app.slack.messages().len()), ("sent", 1));
    assert_eq!(app.store.subscription("daily", "U0ADA").await.unwrap().unwrap().refusals, 0);
}

#[tokio::test]
async fn what_waited_too_long_for_the_token_is_missed() {
    let mut app = rendered().await;
    app.slack.fault("*", Fault::error("invalid_auth"), Times::UNTIL_CLEARED);
    app.relay.drain().await.unwrap();
    app.wind_to("2026-09-14T13:00:02Z");
    app.deliver_until_idle().await;
    assert_eq!(app.outcome("ada").await, ("missed".into(), Some("invalid_auth".into())));
}
