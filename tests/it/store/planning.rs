//! Planning: what is due, the deliveries of it, and how the subscriptions go on.

use crate::support::store::{Place, at, delivery, minutes, monday, put, rendered, subscription, unversioned};
use recap::{
    config::Settings,
    model::Covers,
    planner::{self, Rules},
    store::{Activity, Advance, NewDelivery, Planned, Subscription},
};

/// From Monday to Tuesday.
fn advance(of: &Subscription, first: &str, last: &str) -> Advance {
    Advance {
        key: of.due_key().unwrap(),
        first: first.to_owned(),
        last: last.to_owned(),
        next_due: Some(monday() + minutes(24 * 60)),
        last_period: "2026-03-09".parse().unwrap(),
        last_due: monday(),
        last_window_end: monday() - minutes(9 * 60),
        planned: true,
    }
}

async fn a_subscription_comes_back_and_keeps_its_counts(place: Place) {
    let store = place.store().await;
    let full = Subscription {
        team: "core".to_owned(),
        covers: Covers::Evening,
        calendar: "berlin".to_owned(),
        last_period: Some("2026-03-06".parse().unwrap()),
        last_due: Some(monday() - minutes(3 * 24 * 60)),
        last_window_end: Some(monday() - minutes(60)),
        resume_from: Some(monday() - minutes(30)),
        refusals: 2,
        greeted: true,
        ..subscription("U1")
    };
    put(&store, std::slice::from_ref(&full)).await;
    assert_eq!(unversioned(store.subscription("daily", "U1").await.unwrap()), Some(full.clone()));
    let again = Subscription { refusals: 0, greeted: false, team: "web".to_owned(), ..full.clone() };
    put(&store, &[again]).await;
    let kept = Subscription { team: "web".to_owned(), ..full };
    assert_eq!(unversioned(store.subscription("daily", "U1").await.unwrap()), Some(kept));
    assert_eq!(store.subscription("weekly", "U1").await.unwrap(), None);
}

async fn due_subscriptions_come_in_the_order_of_their_cohorts(place: Place) {
    let store = place.store().await;
    assert_eq!(store.next_due().await.unwrap(), None);
    let mut subscriptions = ["U3", "u1", "U2", "Ü1", "U9"].map(subscription);
    subscriptions[2].zone = chrono_tz::Tz::Africa__Lagos;
    subscriptions[4].next_due = Some(monday() + minutes(1));
    let off = Subscription { activity: Activity::Off("opted_out".to_owned()), ..subscription("U4") };
    put(&store, &subscriptions).await;
    put(&store, &[off]).await;
    let names = |due: Vec<Subscription>| due.into_iter().map(|one| one.recipient).collect::<Vec<_>>();

    assert!(store.due(monday() - minutes(1), 9).await.unwrap().is_empty());
    // By bytes, whatever the language of the database.
    assert_eq!(names(store.due(monday(), 9).await.unwrap()), ["U2", "U3", "u1", "Ü1"]);
    assert_eq!(names(store.due(monday(), 3).await.unwrap()), ["U2", "U3", "u1"]);
    assert_eq!(names(store.due(monday() + minutes(1), 9).await.unwrap()).len(), 5);
    assert_eq!(store.next_due().await.unwrap(), Some(monday()));
    assert_eq!(store.subscription("daily", "U4").await.unwrap().unwrap().next_due, None);
}

async fn a_plan_that_is_repeated_changes_nothing(place: Place) {
    let store = place.store().await;
    let mut moved = subscription("U2");
    moved.resume_from = Some(monday());
    put(&store, &[subscription("U1"), moved, subscription("U3")]).await;
    let deliveries = [
        delivery("U1"),
        NewDelivery { outcome: Planned::Skipped("holiday".to_owned()), ..delivery("U2") },
        rendered("U3"),
    ];
    let advances = [advance(&subscription("U1"), "U1", "U2")];
    assert_eq!(store.plan(&deliveries, &advances, monday()).await.unwrap(), 3);

    let again = [delivery("U1"), rendered("U2"), delivery("U3")];
    assert_eq!(store.plan(&again, &advances, monday()).await.unwrap(), 0);
    for (planned, state) in deliveries.iter().zip(["planned", "skipped", "rendered"]) {
        let record = store.delivery(&planned.id).await.unwrap().unwrap();
        assert_eq!((record.state.as_str(), record.recipient.as_str()), (state, planned.recipient.as_str()));
        assert_eq!(record.final_at.is_some(), state == "skipped");
    }
    assert_eq!(store.delivery(&again[0].id).await.unwrap(), None);

    let next = store.subscription("daily", "U2").await.unwrap().unwrap();
    assert_eq!(next.next_due, Some(monday() + minutes(24 * 60)));
    assert_eq!(next.last_period, Some("2026-03-09".parse().unwrap()));
    assert_eq!(next.last_due, Some(monday()));
    assert_eq!(next.last_window_end, Some(monday() - minutes(9 * 60)));
    assert_eq!(next.resume_from, None);
    let outside = store.subscription("daily", "U3").await.unwrap().unwrap();
    assert_eq!(unversioned(Some(outside)), Some(subscription("U3")));
}

async fn an_advance_spares_who_was_rescheduled_meanwhile(place: Place) {
    let store = place.store().await;
    let rescheduled = Subscription { time: "10:00".parse().unwrap(), ..subscription("U1") };
    put(&store, &[rescheduled.clone(), subscription("U2")]).await;
    let deliveries = [delivery("U1"), delivery("U2")];
    store.plan(&deliveries, &[advance(&subscription("U1"), "U1", "U9")], monday()).await.unwrap();
    assert_eq!(unversioned(store.subscription("daily", "U1").await.unwrap()), Some(rescheduled));
    let advanced = unversioned(store.subscription("daily", "U2").await.unwrap());
    assert_ne!(advanced, Some(subscription("U2")));
}

async fn many_are_planned_at_once(place: Place) {
    let store = place.store().await;
    let deliveries: Vec<_> = (0..1_500).map(|number| delivery(&format!("U{number:04}"))).collect();
    let subscriptions: Vec<_> = deliveries.iter().map(|one| subscription(&one.recipient)).collect();
    put(&store, &subscriptions).await;
    let advances = [advance(&subscriptions[0], "U0000", "U1499")];
    assert_eq!(store.plan(&deliveries, &advances, monday()).await.unwrap(), 1_500);
    assert!(store.due(monday(), 9).await.unwrap().is_empty());
    let claimed = store.claim_cohort("one", monday()).await.unwrap().unwrap();
    assert_eq!(claimed.deliveries.len(), 1_500);
}

async fn the_ledger_is_read_by_recipient(place: Place) {
    let store = place.store().await;
    let of = |period: &str| NewDelivery { period: period.to_owned(), ..delivery("U1") };
    let (monday_s, tuesday_s) = (of("2026-03-09"), of("2026-03-10"));
    store.plan(&[monday_s.clone(), tuesday_s, delivery("U2")], &[], monday()).await.unwrap();
    let periods = |records: Vec<recap::store::DeliveryRecord>| {
        records.into_iter().map(|record| record.period).collect::<Vec<_>>()
    };
    let all = store.deliveries_of("daily", "U1", None, 9).await.unwrap();
    assert_eq!(periods(all), ["2026-03-10", "2026-03-09"]);
    assert_eq!(periods(store.deliveries_of("daily", "U1", None, 1).await.unwrap()), ["2026-03-10"]);
    let one = store.deliveries_of("daily", "U1", Some("2026-03-09"), 9).await.unwrap();
    assert_eq!(one, [store.delivery(&monday_s.id).await.unwrap().unwrap()]);
    assert!(store.deliveries_of("weekly", "U1", None, 9).await.unwrap().is_empty());
    assert_eq!((one[0].zone, one[0].due, one[0].expires), (monday_s.zone, monday_s.due, monday_s.expires));
    assert_eq!((one[0].email.clone(), one[0].updated), (monday_s.email, monday()));
}

async fn a_tick_with_nothing_due_asks_once(place: Place) {
    let store = place.store().await;
    store.put_subscriptions(&["U1", "U2"].map(subscription)).await.unwrap();
    let settings = Settings::load(None, [("RECAP__DIGEST__ENABLED".to_owned(), "true".to_owned())]).unwrap();
    let rules = Rules::of(&settings, &store, monday()).await.unwrap();
    let asked = async |now| {
        let before = store.database().statements();
        let planned = planner::plan(&store, &rules, now).await.unwrap();
        (planned.due, store.database().statements() - before)
    };
    assert_eq!(asked(monday() - minutes(1)).await, (0, 1));
    // Twice the page, the calendar, the deliveries, the subscriptions.
    assert_eq!(asked(monday()).await, (2, 5));
    assert_eq!(asked(monday()).await, (0, 1));
}

async fn a_subscription_is_switched_off_visibly(place: Place) {
    let store = place.store().await;
    put(&store, &[subscription("U1")]).await;
    store.switch_off("daily", "U1", "slack_is_archived", at("2026-03-10T00:00:00Z")).await.unwrap();
    store.switch_off("daily", "U7", "slack_is_archived", at("2026-03-10T00:00:00Z")).await.unwrap();
    let off = store.subscription("daily", "U1").await.unwrap().unwrap();
    assert_eq!((off.activity, off.next_due), (Activity::Off("slack_is_archived".to_owned()), None));
    let entries = store.audited(None, 9).await.unwrap();
    assert_eq!(entries.len(), 1);
    assert_eq!((entries[0].action.as_str(), entries[0].subject.as_str()), ("subscription.off", "U1"));
    assert_eq!(entries[0].detail, "daily: slack_is_archived");
}

on_both!(
    a_subscription_comes_back_and_keeps_its_counts,
    due_subscriptions_come_in_the_order_of_their_cohorts,
    a_plan_that_is_repeated_changes_nothing,
    an_advance_spares_who_was_rescheduled_meanwhile,
    many_are_planned_at_once,
    the_ledger_is_read_by_recipient,
    a_tick_with_nothing_due_asks_once,
    a_subscription_is_switched_off_visibly,
);
