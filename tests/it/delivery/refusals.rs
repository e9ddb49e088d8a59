//! Slack refuses one member for good: it is recorded, and after a few in a row the subscription is off, visibly.

use super::rendered;
use recap::{
    standin::{Fault, Times},
    store::Activity,
};

#[tokio::test]
async fn a_refusal_fails_that_delivery_and_a_few_in_a_row_switch_the_subscription_off() {
    let mut app = rendered().await;
    app.slack.fault("chat.postMessage", Fault::error("messages_tab_disabled"), Times::UNTIL_CLEARED);
    app.deliver_until_idle().await;
    assert_eq!(app.outcome("ada").await, ("failed".into(), Some("messages_tab_disabled".into())));

    for day in ["15", "16"] {
        app.session("ada", &format!("2026-09-{} 10:00:00", day.parse::<u32>().unwrap() - 1)).await;
        app.wind_to(&format!("2026-09-{day}T09:00:01Z"));
        app.tick().await;
        app.deliver_until_idle().await;
    }

    let subscription = app.store.subscription("daily", "U0ADA").await.unwrap().unwrap();
    assert_eq!(subscription.activity, Activity::Off("slack_messages_tab_disabled".into()));
    let entries = app.store.audited(Some("U0ADA"), 10).await.unwrap();
    assert!(entries.iter().any(|entry| entry.action == "subscription.off"), "{entries:?}");
    assert_eq!(app.slack.calls("chat.postMessage"), 3);
}

#[tokio::test]
async fn a_message_that_arrives_forgives_earlier_refusals() {
    let mut app = rendered().await;
    app.slack.fault("chat.postMessage", Fault::error("restricted_action"), Times(1));
    app.deliver_until_idle().await;
    app.session("ada", "2026-09-14 10:00:00").await;
    app.wind_to("2026-09-15T09:00:01Z");
    app.tick().await;
    app.deliver_until_idle().await;

    assert_eq!(app.outcome("ada").await.0, "sent");
    assert_eq!(app.store.subscription("daily", "U0ADA").await.unwrap().unwrap().refusals, 0);
}
