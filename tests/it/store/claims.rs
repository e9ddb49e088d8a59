//! Cohorts: claimed whole, computed, stored, given back.

use crate::support::store::{Place, delivery, member, minutes, monday, put, rendered, subscription};
use recap::{
    model::{DeliveryId, MemberId},
    store::{
        Activity, ClaimedCohort, MemberRecord, NewDelivery, Planned, Preferences, Priority, Rendered, Store,
        StreakState, Subscription,
    },
};

async fn claimed(store: &Store, holder: &str) -> Option<ClaimedCohort> {
    store.claim_cohort(holder, monday()).await.unwrap()
}

async fn state_of(store: &Store, id: &DeliveryId) -> (String, Option<String>) {
    let record = store.delivery(id).await.unwrap().unwrap();
    (record.state, record.reason)
}

fn streak() -> StreakState {
    let through = "2026-03-06".parse().unwrap();
    StreakState { days: 4, at_least: true, through, until: monday() - minutes(9 * 60) }
}

async fn a_cohort_is_claimed_once_with_all_that_it_takes(place: Place) {
    let store = place.store().await;
    store.learn_members(&[MemberRecord { last_usage: Some(monday()), ..member("U1") }], monday()).await.unwrap();
    let chosen = Preferences { sections: Some(vec!["usage".to_owned()]), ..Preferences::default() };
    store.set_preferences(&MemberId("U1".to_owned()), &chosen, monday(), "U1").await.unwrap();
    let greeted = Subscription { greeted: true, ..subscription("U1") };
    let off = Subscription { activity: Activity::Off("opted_out".to_owned()), ..subscription("U2") };
    put(&store, &[greeted, off]).await;
    let turn = |recipient: &str, turn| NewDelivery { turn, ..delivery(recipient) };
    let planned = [turn("U3", 3), turn("U1", 1), turn("U2", 2)];
    store.plan(&planned, &[], monday()).await.unwrap();

    let cohort = claimed(&store, "one").await.unwrap();
    assert_eq!((cohort.key.period.as_str(), cohort.key.due), ("2026-03-09", monday()));
    assert_eq!((cohort.key.zone, cohort.key.resume_from), (planned[0].zone, None));
    let [first, second, third] = cohort.deliveries.try_into().unwrap();
    assert_eq!((first.recipient.as_str(), first.sections, first.first), ("U1", chosen.sections, false));
    assert_eq!((first.last_usage, first.unwanted, first.streak), (Some(monday()), None, None));
    assert_eq!((second.recipient.as_str(), second.first, second.unwanted.as_deref()), ("U2", true, Some("opted_out")));
    // Who has no subscription wants nothing.
    assert_eq!(
        (third.recipient.as_str(), third.sections, third.unwanted.as_deref()),
        ("U3", None, Some("not_subscribed"))
    );
    assert_eq!(claimed(&store, "two").await, None);
}

async fn cohorts_differ_in_all_that_their_queries_depend_on(place: Place) {
    let store = place.store().await;
    let others = [
        delivery("U1"),
        NewDelivery { calendar: "berlin".to_owned(), ..delivery("U2") },
        NewDelivery { resume_from: Some(monday() - minutes(99)), ..delivery("U3") },
        NewDelivery { due: monday() - minutes(1), ..delivery("U4") },
        NewDelivery { priority: Priority::Notice, report: "now".to_owned(), ..delivery("U5") },
        NewDelivery { due: monday() + minutes(1), ..delivery("U6") },
        NewDelivery { expires: monday(), ..delivery("U7") },
    ];
    store.plan(&others, &[], monday()).await.unwrap();
    let mut recipients = Vec::new();
    while let Some(cohort) = claimed(&store, "one").await {
        assert_eq!(cohort.deliveries.len(), 1);
        recipients.push(cohort.deliveries[0].recipient.clone());
    }
    assert_eq!(recipients[..2], ["U5", "U4"]);
    recipients.sort();
    assert_eq!(recipients, ["U1", "U2", "U3", "U4", "U5"]);
}

async fn what_is_sent_now_needs_no_subscription(place: Place) {
    let store = place.store().await;
    put(&store, &[Subscription { greeted: true, ..subscription("U1") }]).await;
    let now = |recipient: &str| NewDelivery { report: "now".to_owned(), ..delivery(recipient) };
    store.plan(&[now("U1"), now("U2")], &[], monday()).await.unwrap();
    let mut deliveries = claimed(&store, "one").await.unwrap().deliveries;
    deliveries.sort_by(|a, b| a.recipient.cmp(&b.recipient));
    assert_eq!(
        deliveries.iter().map(|one| (one.unwanted.is_none(), one.first)).collect::<Vec<_>>(),
        [(true, false), (true, true)]
    );
}

async fn only_the_holder_of_a_claim_changes_anything(place: Place) {
    let store = place.store().await;
    let planned = ["U1", "U2", "U3", "U4"].map(delivery);
    store.plan(&planned, &[], monday()).await.unwrap();
    claimed(&store, "one").await.unwrap();
    let ids = planned.each_ref().map(|one| one.id.clone());
    let done = |id: &DeliveryId, streak| Rendered { id: id.clone(), message: "{}".to_owned(), streak, posting: None };
    let all: Vec<_> = ids.iter().map(|id| done(id, Some((MemberId("U1".to_owned()), streak())))).collect();

    assert_eq!(store.rendered("two", &all, monday()).await.unwrap(), 0);
    assert_eq!(store.skip("two", &ids, "no_activity", monday()).await.unwrap(), 0);
    assert_eq!(store.fail_planned("two", &ids, "render", monday()).await.unwrap(), 0);
    store.release("two", &ids, (Some("query_failed"), monday()), monday()).await.unwrap();
    for id in &ids {
        assert_eq!(state_of(&store, id).await, ("planned".to_owned(), None));
    }
    assert_eq!(store.rendered("one", &all[..1], monday()).await.unwrap(), 1);
    assert_eq!(store.rendered("one", &all[..1], monday()).await.unwrap(), 0);
    assert_eq!(store.skip("one", &ids[..2], "no_activity", monday()).await.unwrap(), 1);
    assert_eq!(store.fail_planned("one", &ids[1..3], "render", monday()).await.unwrap(), 1);
    store.release("one", &ids, (Some("query_failed"), monday()), monday()).await.unwrap();
    let states = ["rendered", "skipped", "failed", "planned"];
    let reasons = [None, Some("no_activity"), Some("render"), Some("query_failed")];
    for ((id, state), reason) in ids.iter().zip(states).zip(reasons) {
        assert_eq!(state_of(&store, id).await, (state.to_owned(), reason.map(str::to_owned)));
    }
    assert!(store.holders().await.unwrap().is_empty());
    assert_eq!(claimed(&store, "two").await.unwrap().deliveries.len(), 1);
}

async fn a_streak_is_saved_with_its_digest_and_never_goes_back(place: Place) {
    let store = place.store().await;
    let next = NewDelivery { period: "2026-03-10".to_owned(), ..delivery("U1") };
    store.plan(&[delivery("U1"), next], &[], monday()).await.unwrap();
    let first = claimed(&store, "one").await.unwrap();
    let id = first.deliveries[0].id.clone();
    let saved = (MemberId("U1".to_owned()), streak());
    let stranger = Rendered { id: id.clone(), message: "{}".to_owned(), streak: Some(saved.clone()), posting: None };
    store.rendered("two", std::slice::from_ref(&stranger), monday()).await.unwrap();
    store.rendered("one", &[stranger], monday()).await.unwrap();

    let second = claimed(&store, "one").await.unwrap().deliveries.remove(0);
    assert_eq!(second.streak, Some(streak()));
    let older = StreakState { days: 9, until: streak().until - minutes(1), ..streak() };
    let done = Rendered { id: second.id, message: "{}".to_owned(), streak: Some((saved.0, older)), posting: None };
    store.rendered("one", &[done], monday()).await.unwrap();
    let third = NewDelivery { period: "2026-03-11".to_owned(), ..delivery("U1") };
    store.plan(&[third], &[], monday()).await.unwrap();
    assert_eq!(claimed(&store, "one").await.unwrap().deliveries[0].streak, Some(streak()));
}

async fn what_is_too_late_is_missed_for_the_reason_that_was_noted(place: Place) {
    let store = place.store().await;
    let planned = ["U1", "U2", "U3"].map(delivery);
    let later = NewDelivery { expires: monday() + minutes(600), ..rendered("U4") };
    store.plan(&planned, &[], monday()).await.unwrap();
    claimed(&store, "one").await.unwrap();
    store.release("one", &[planned[0].id.clone()], (Some("clickhouse_unreachable"), monday()), monday()).await.unwrap();
    store.release("one", &[planned[1].id.clone()], (None, monday()), monday()).await.unwrap();
    store.plan(&[rendered("U5"), later.clone()], &[], monday()).await.unwrap();

    let late = monday() + minutes(4 * 60);
    assert!(store.expire(late - minutes(1)).await.unwrap().is_empty());
    let expected = [("clickhouse_unreachable", 1), ("too_late", 2)]
        .map(|(reason, count)| ("daily".to_owned(), reason.to_owned(), count));
    assert_eq!(store.expire(late).await.unwrap(), expected);
    assert!(store.expire(late).await.unwrap().is_empty());
    assert_eq!(state_of(&store, &planned[2].id).await.0, "planned", "it is held");
    assert_eq!(state_of(&store, &later.id).await.0, "rendered");
    let missed = store.delivery(&planned[1].id).await.unwrap().unwrap();
    assert_eq!((missed.state.as_str(), missed.final_at), ("missed", Some(late)));
    assert_eq!(claimed(&store, "two").await, None);
}

async fn a_plan_may_say_that_it_was_missed(place: Place) {
    let store = place.store().await;
    let missed = NewDelivery { outcome: Planned::Missed("too_late".to_owned()), ..delivery("U1") };
    store.plan(std::slice::from_ref(&missed), &[], monday()).await.unwrap();
    assert_eq!(state_of(&store, &missed.id).await, ("missed".to_owned(), Some("too_late".to_owned())));
    assert_eq!(claimed(&store, "one").await, None);
}

on_both!(
    a_cohort_is_claimed_once_with_all_that_it_takes,
    cohorts_differ_in_all_that_their_queries_depend_on,
    what_is_sent_now_needs_no_subscription,
    only_the_holder_of_a_claim_changes_anything,
    a_streak_is_saved_with_its_digest_and_never_goes_back,
    what_is_too_late_is_missed_for_the_reason_that_was_noted,
    a_plan_may_say_that_it_was_missed,
);
