//! Slack's side goes wrong: nothing is lost, nothing comes twice.

use super::rendered;
use recap::standin::{Fault, Times};

const POST: &str = "chat.postMessage";

#[tokio::test]
async fn a_lost_reply_is_reconciled_before_it_is_repeated() {
    let mut app = rendered().await;
    app.slack.fault(POST, Fault::LoseReply, Times(1));

    app.deliver_until_idle().await;

    assert_eq!(app.slack.messages_to("ada@example.com").len(), 1);
    assert_eq!(app.slack.calls(POST), 1);
    assert_eq!(app.outcome("ada").await.0, "sent");
}

#[tokio::test]
async fn whatever_slack_accepted_without_saying_so_is_found_and_not_repeated() {
    for fault in [
        Fault::ServerErrorAfterAccepting(502),
        Fault::NotJsonAfterAccepting,
        Fault::ErrorAfterAccepting("internal_error".into()),
        Fault::ErrorAfterAccepting("fatal_error".into()),
        Fault::SlowReply(std::time::Duration::from_mins(1)),
    ] {
        let mut app = rendered().await;
        app.slack.fault(POST, fault.clone(), Times(1));

        app.deliver_until_idle().await;

        assert_eq!(app.messages_by_delivery().into_values().collect::<Vec<_>>(), [1], "{fault:?}");
        assert_eq!((app.slack.calls(POST), app.outcome("ada").await.0.as_str()), (1, "sent"), "{fault:?}");
    }
}

#[tokio::test]
async fn whatever_slack_did_not_accept_is_repeated_after_two_looks() {
    for fault in [Fault::Reset, Fault::ServerError(503), Fault::NotJson, Fault::error("internal_error")] {
        let mut app = rendered().await;
        app.slack.fault(POST, fault.clone(), Times(1));

        app.deliver_until_idle().await;

        assert_eq!(app.messages_by_delivery().into_values().collect::<Vec<_>>(), [1], "{fault:?}");
        assert_eq!((app.slack.calls(POST), app.slack.calls("conversations.history")), (2, 2), "{fault:?}");
        let delivery = app.latest("ada").await.unwrap();
        assert_eq!((delivery.state.as_str(), delivery.attempt), ("sent", 2), "{fault:?}");
    }
}

#[tokio::test]
async fn a_429_is_waited_out() {
    let mut app = rendered().await;
    let before = app.clock.now();
    app.slack.fault(POST, Fault::RateLimited { seconds: 30 }, Times(2));

    app.deliver_until_idle().await;

    assert_eq!((app.slack.messages().len(), app.slack.calls(POST)), (1, 3));
    assert!(app.clock.now() - before >= chrono::TimeDelta::seconds(60));
}

#[tokio::test]
async fn a_history_that_cannot_be_read_leaves_the_outcome_to_a_person() {
    let mut app = rendered().await;
    app.slack.fault(POST, Fault::LoseReply, Times(1));
    app.slack.fault("conversations.history", Fault::MissingScope("im:history".into()), Times::UNTIL_CLEARED);
    for _ in 0..3 {
        app.relay.drain().await.unwrap();
        app.clock.step(chrono::TimeDelta::minutes(5));
        app.clock.sleep_until(app.clock.now() + chrono::TimeDelta::seconds(30)).await;
        app.reconciler.step().await.unwrap();
    }
    let delivery = app.latest("ada").await.unwrap();
    assert_eq!(delivery.state, "unknown");
    assert_eq!(delivery.reason.as_deref(), Some("unreadable_missing_scope"));
    assert_eq!(app.slack.calls(POST), 1);

    assert!(app.store.resolve(&delivery.id, true, "cli", app.clock.now()).await.unwrap());
    app.deliver_until_idle().await;
    assert_eq!((app.outcome("ada").await.0.as_str(), app.slack.messages().len()), ("sent", 1));
}

#[tokio::test]
async fn newer_blocks_that_slack_refuses_go_out_once_in_plain_sections() {
    let mut app = rendered().await;
    app.slack.fault(POST, Fault::error("invalid_blocks"), Times(1));

    app.deliver_until_idle().await;

    let delivery = app.latest("ada").await.unwrap();
    assert_eq!((delivery.state.as_str(), delivery.degraded, app.slack.messages().len()), ("sent", true, 1));

    let mut app = rendered().await;
    app.slack.fault(POST, Fault::error("invalid_blocks"), Times::UNTIL_CLEARED);
    app.deliver_until_idle().await;
    assert_eq!(app.outcome("ada").await, ("failed".into(), Some("invalid_blocks".into())));
    assert_eq!(app.slack.calls(POST), 2);
}
