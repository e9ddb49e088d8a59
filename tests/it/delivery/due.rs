//! What is due, and what is recorded where nothing is sent.

use super::monday;
use crate::support::app::App;
use recap::store::ConsentKind;

#[tokio::test]
async fn a_digest_is_sent_once_at_its_time() {
    let mut app = monday().await;

    app.wind_to("2026-09-14T08:59:00Z");
    assert_eq!(app.tick().await.due, 0);
    app.wind_to("2026-09-14T09:00:00Z");
    assert_eq!(app.tick().await.written, 1);
    assert_eq!(app.tick().await.written, 0);
    app.deliver_until_idle().await;

    let messages = app.slack.messages_to("ada@example.com");
    assert_eq!(messages.len(), 1);
    assert!(messages[0].text.starts_with("Your Claude Code Daily Digest for "), "{}", messages[0].text);
    assert_eq!(app.outcome("ada").await, ("sent".into(), None));
    let delivery = app.latest("ada").await.unwrap();
    assert_eq!((delivery.period.as_str(), delivery.attempt), ("2026-09-14", 1));
    assert_eq!(delivery.ts.as_deref(), Some(messages[0].ts.as_str()));
}

#[tokio::test]
async fn nothing_is_due_from_before_consent_or_without_it() {
    let mut app = App::at("2026-09-14T08:00:00Z").await;
    app.session("ada", "2026-09-11 10:00:00").await;
    app.wind_to("2026-09-14T09:00:30Z");
    assert_eq!(app.tick().await.due, 0);

    app.wind_to("2026-09-14T10:00:00Z");
    app.opts_in("ada").await;
    assert_eq!(app.tick().await.due, 0);
    app.deliver_until_idle().await;

    assert_eq!(app.slack.messages().len(), 0);
    assert_eq!(app.latest("ada").await, None);
}

#[tokio::test]
async fn an_opt_out_between_planning_and_sending_stops_that_delivery() {
    let mut app = super::rendered().await;

    app.consents("ada", ConsentKind::OptOut).await;
    app.deliver_until_idle().await;

    assert_eq!(app.slack.messages().len(), 0);
    assert_eq!(app.outcome("ada").await, ("skipped".into(), Some("opted_out".into())));
}

#[tokio::test]
async fn no_activity_and_no_identity_are_told_apart() {
    let mut app = monday().await;
    app.wind_to("2026-09-14T09:00:01Z");
    app.tick().await;
    app.deliver_until_idle().await;
    app.wind_to("2026-09-15T09:00:01Z");
    app.tick().await;
    assert_eq!(app.outcome("ada").await, ("skipped".into(), Some("no_activity".into())));

    app.wind_to("2026-10-20T09:00:01Z");
    app.tick().await;
    assert_eq!(app.outcome("ada").await, ("skipped".into(), Some("no_identity".into())));
    assert_eq!(app.slack.messages().len(), 1);
}

#[tokio::test]
async fn what_is_too_late_is_missed_and_only_the_latest_is_caught_up() {
    let mut app = monday().await;
    app.session("ada", "2026-09-16 10:00:00").await;
    // Nobody ran on Monday, Tuesday and Wednesday; on Thursday at 11:00 the digest of 09:00 is two hours late.
    app.wind_to("2026-09-17T11:00:00Z");
    let planned = app.tick().await;
    app.deliver_until_idle().await;

    assert_eq!((planned.due, planned.written, planned.missed), (1, 4, 3));
    assert_eq!(app.slack.messages_to("ada@example.com").len(), 1);
    assert_eq!(app.outcome("ada").await, ("sent".into(), None));

    app.wind_to("2026-09-18T13:30:00Z");
    assert_eq!(app.tick().await.missed, 1);
    assert_eq!(app.outcome("ada").await, ("missed".into(), Some("not_running".into())));
    assert_eq!(app.slack.messages().len(), 1);
}

#[tokio::test]
async fn a_step_of_the_clock_repeats_nothing() {
    let mut app = super::rendered().await;
    app.deliver_until_idle().await;

    for instant in ["2026-09-14T08:00:00Z", "2026-09-14T09:00:00Z", "2026-09-14T10:00:00Z", "2026-09-14T08:59:59Z"] {
        app.wind_to(instant);
        app.tick().await;
        app.deliver_until_idle().await;
    }

    assert_eq!(app.slack.messages().len(), 1);
}
