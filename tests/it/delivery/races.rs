//! Two things at once: what was decided from an older reading never beats what somebody said since.

use super::{monday, rendered};
use chrono::TimeDelta;
use recap::{
    model::MemberId,
    planner,
    store::{Activity, Consent, ConsentKind, MemberStatus, Preferences, Subscription},
};

fn ada() -> MemberId {
    MemberId("U0ADA".into())
}

fn opt_out(at: chrono::DateTime<chrono::Utc>) -> Consent {
    Consent {
        member: ada(),
        kind: ConsentKind::OptOut,
        at,
        surface: "slack".into(),
        actor: "U0ADA".into(),
        wording: "no digest".into(),
    }
}

#[tokio::test]
async fn an_opt_out_counts_before_anything_follows_from_it() {
    let mut app = rendered().await;
    // The process ended before the subscription followed.
    app.store.record_consent(&opt_out(app.clock.now())).await.unwrap();

    app.deliver_until_idle().await;

    assert_eq!(app.outcome("ada").await, ("skipped".into(), Some("opted_out".into())));
    assert_eq!(app.slack.messages().len(), 0);
}

#[tokio::test]
async fn a_status_counts_before_anything_follows_from_it() {
    let mut app = rendered().await;
    let mut member = app.store.member(&ada()).await.unwrap().unwrap();
    member.status = MemberStatus::Guest;
    app.store.learn_members(&[member], app.clock.now()).await.unwrap();

    app.deliver_until_idle().await;

    assert_eq!(app.outcome("ada").await, ("skipped".into(), Some("guest".into())));
}

#[tokio::test]
async fn a_pause_counts_at_once_and_can_be_lifted_early() {
    let mut app = rendered().await;
    let now = app.clock.now();
    let paused = Preferences { pause_until: Some(now + TimeDelta::days(30)), ..Preferences::default() };
    app.store.set_preferences(&ada(), &paused, now, "U0ADA").await.unwrap();
    app.deliver_until_idle().await;
    assert_eq!(app.outcome("ada").await, ("skipped".into(), Some("paused".into())));
    app.refresh().await;

    app.store.set_preferences(&ada(), &Preferences::default(), now, "U0ADA").await.unwrap();
    app.refresh().await;

    let next = app.store.subscription("daily", "U0ADA").await.unwrap().unwrap().next_due;
    assert_eq!(next, Some("2026-09-15T09:00:00Z".parse().unwrap()));
}

#[tokio::test]
async fn a_subscription_that_was_changed_since_it_was_read_is_not_written_over() {
    let app = monday().await;
    let read = app.store.subscription("daily", "U0ADA").await.unwrap().unwrap();
    app.store.switch_off("daily", "U0ADA", "slack_is_archived", app.clock.now()).await.unwrap();

    let written = app.store.put_subscriptions(&[Subscription { team: "web".into(), ..read }]).await.unwrap();

    assert_eq!(written, 0);
    let there = app.store.subscription("daily", "U0ADA").await.unwrap().unwrap();
    assert_eq!(there.activity, Activity::Off("slack_is_archived".into()));
    assert_eq!(app.store.switched_off(app.clock.now() - TimeDelta::hours(1)).await.unwrap().len(), 1);
}

#[tokio::test]
async fn who_joins_a_cohort_while_it_is_planned_is_planned_next() {
    let mut app = monday().await;
    let read = app.store.subscription("daily", "U0ADA").await.unwrap().unwrap();
    app.wind_to("2026-09-14T09:00:01Z");
    let now = app.clock.now();
    assert_eq!(app.store.due(now, 10).await.unwrap().len(), 1);
    // Bob's row comes between the reading of who is due and the writing of deliveries.
    let bob = Subscription { recipient: "U0AAA".into(), email: None, version: 0, ..read };
    let late = Subscription { recipient: "U0ZZZ".into(), ..bob.clone() };
    app.store.put_subscriptions(&[bob, late]).await.unwrap();
    let rules = app.rules().await;
    let planned = planner::plan(&app.store, &rules, now).await.unwrap();

    assert_eq!(planned.written, 3);
    for recipient in ["U0ADA", "U0AAA", "U0ZZZ"] {
        assert_eq!(app.store.deliveries_of("daily", recipient, None, 9).await.unwrap().len(), 1, "{recipient}");
    }
    app.sync().await;
}

#[tokio::test]
async fn a_claim_that_nobody_works_on_is_free_again() {
    let mut app = rendered().await;
    let claimed = app.store.claim_sendable("one", app.clock.now(), 1).await.unwrap();
    assert_eq!(claimed.len(), 1);
    app.relay.drain().await.unwrap();
    assert_eq!(app.slack.messages().len(), 0);

    app.clock.step(TimeDelta::minutes(40));
    let now = app.clock.now();
    let released = app.store.release_claims_before(now - TimeDelta::minutes(30), now, now).await.unwrap();
    app.deliver_until_idle().await;

    assert_eq!((released, app.slack.messages().len()), ((0, 1), 1));
    // Who claimed it first comes too late.
    assert_eq!(app.store.begin("one", &claimed[0], now).await.unwrap(), recap::store::Begin::Lost);
}

#[tokio::test]
async fn a_cohort_that_is_worked_on_stays_with_its_holder_however_long_it_takes() {
    let app = monday().await;
    app.wind_to("2026-09-14T09:00:01Z");
    let rules = app.rules().await;
    planner::plan(&app.store, &rules, app.clock.now()).await.unwrap();
    let cohort = app.store.claim_cohort("one", app.clock.now()).await.unwrap().unwrap();
    let forgotten = |now| app.store.release_claims_before(now - TimeDelta::minutes(30), now, now);
    app.clock.step(TimeDelta::minutes(40));
    app.store.keep_cohort("one", &cohort.key, app.clock.now()).await.unwrap();
    app.clock.step(TimeDelta::minutes(20));
    assert_eq!(forgotten(app.clock.now()).await.unwrap(), (0, 0));

    app.clock.step(TimeDelta::minutes(20));

    assert_eq!(forgotten(app.clock.now()).await.unwrap(), (0, 1));
}
