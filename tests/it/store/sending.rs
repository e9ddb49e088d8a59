//! Sending: claimed, begun, settled; fenced by the number of the attempt.

use crate::support::store::{Place, member, minutes, monday, put, rendered, subscription};
use recap::{
    model::{ChannelId, MemberId},
    store::{Begin, Claimed, HALTED, NewDelivery, Priority, STOPPED, Settlement, Store, Subscription, Target},
};

/// A store with subscriptions and rendered deliveries of these members.
async fn with_rendered(place: &Place, recipients: &[&str]) -> Store {
    let store = place.store().await;
    let members: Vec<_> = recipients.iter().map(|id| member(id)).collect();
    store.learn_members(&members, monday()).await.unwrap();
    let subscriptions: Vec<_> = recipients.iter().map(|id| subscription(id)).collect();
    put(&store, &subscriptions).await;
    let deliveries: Vec<_> = recipients.iter().map(|id| rendered(id)).collect();
    store.plan(&deliveries, &[], monday()).await.unwrap();
    store
}

async fn claim(store: &Store, holder: &str) -> Claimed {
    store.claim_sendable(holder, monday(), 1).await.unwrap().remove(0)
}

async fn state_of(store: &Store, claimed: &Claimed) -> (String, Option<String>) {
    let record = store.delivery(&claimed.id).await.unwrap().unwrap();
    (record.state, record.reason)
}

fn sent() -> Settlement {
    Settlement::Sent { channel: ChannelId("D1".to_owned()), ts: "1.5".to_owned() }
}

fn retry(plain: bool) -> Settlement {
    Settlement::Retry { at: monday() + minutes(3), code: "ratelimited".to_owned(), plain }
}

async fn what_may_be_sent_comes_in_fair_order(place: Place) {
    let store = place.store().await;
    let turn = |recipient: &str, turn| NewDelivery { turn, ..rendered(recipient) };
    let notice = NewDelivery { report: "notice.silence".to_owned(), priority: Priority::Notice, ..rendered("C1") };
    let early = NewDelivery { due: monday() - minutes(9), ..rendered("U3") };
    let jittered = NewDelivery { send_at: monday() + minutes(7), ..rendered("U4") };
    let late = NewDelivery { expires: monday(), ..rendered("U5") };
    let deliveries = [turn("U1", 2), turn("U2", 1), notice, early, jittered, late];
    store.plan(&deliveries, &[], monday()).await.unwrap();
    store.learn_members(&[member("U2")], monday()).await.unwrap();
    store.learn_dm(&MemberId("U2".to_owned()), &ChannelId("D2".to_owned())).await.unwrap();

    assert_eq!(store.next_sendable().await.unwrap(), Some(monday()));
    let first = store.claim_sendable("one", monday(), 3).await.unwrap();
    assert_eq!(first.iter().map(|one| one.recipient.as_str()).collect::<Vec<_>>(), ["C1", "U3", "U2"]);
    assert_eq!(first[0].target, Target::Channel(ChannelId("C1".to_owned())));
    assert_eq!(first[1].target, Target::Member { id: MemberId("U3".to_owned()), dm: None });
    let dm = Some(ChannelId("D2".to_owned()));
    assert_eq!(first[2].target, Target::Member { id: MemberId("U2".to_owned()), dm });
    assert_eq!((first[0].attempt, first[0].message.as_str(), first[0].degraded), (1, r#"{"text": "hello"}"#, false));
    let second = store.claim_sendable("two", monday(), 9).await.unwrap();
    assert_eq!(second.iter().map(|one| one.recipient.as_str()).collect::<Vec<_>>(), ["U1"]);
    assert_eq!(store.claim_sendable("one", monday() + minutes(7), 9).await.unwrap().len(), 1);
    assert_eq!(store.holders().await.unwrap(), ["one", "two"]);
}

async fn a_delivery_is_sent_once(place: Place) {
    let store = with_rendered(&place, &["U1"]).await;
    let claimed = claim(&store, "one").await;
    assert_eq!(store.begin("two", &claimed, monday()).await.unwrap(), Begin::Lost);
    assert_eq!(store.begin("one", &claimed, monday()).await.unwrap(), Begin::Go);
    assert_eq!(state_of(&store, &claimed).await, ("sending".to_owned(), None));
    assert_eq!(store.begin("one", &claimed, monday()).await.unwrap(), Begin::Go, "the answer was not heard");
    assert!(store.claim_sendable("two", monday(), 9).await.unwrap().is_empty());
    assert!(store.expire(monday() + minutes(600)).await.unwrap().is_empty());

    let settled = monday() + minutes(1);
    assert!(store.settle(&claimed.id, 1, &sent(), settled).await.unwrap());
    assert!(store.settle(&claimed.id, 1, &sent(), settled).await.unwrap(), "the same changes nothing");
    assert!(!store.settle(&claimed.id, 1, &retry(false), settled).await.unwrap());
    assert_eq!(store.begin("one", &claimed, settled).await.unwrap(), Begin::Lost);

    let record = store.delivery(&claimed.id).await.unwrap().unwrap();
    assert_eq!((record.state.as_str(), record.ts.as_deref(), record.final_at), ("sent", Some("1.5"), Some(settled)));
    assert_eq!(record.channel.as_deref(), Some("D1"));
    let attempts = store.attempts(&claimed.id).await.unwrap();
    assert_eq!(attempts.len(), 1);
    assert_eq!((attempts[0].started, attempts[0].ended), (monday(), Some(settled)));
    assert_eq!((attempts[0].outcome.as_deref(), attempts[0].code.as_deref()), (Some("sent"), None));
    assert!(store.subscription("daily", "U1").await.unwrap().unwrap().greeted);
    let member = store.member(&MemberId("U1".to_owned())).await.unwrap().unwrap();
    assert_eq!(member.dm, Some(ChannelId("D1".to_owned())));
    assert!(store.holders().await.unwrap().is_empty());
}

async fn a_retry_waits_for_its_time_and_fences_off_the_attempt_before(place: Place) {
    let store = with_rendered(&place, &["U1"]).await;
    let first = claim(&store, "one").await;
    store.begin("one", &first, monday()).await.unwrap();
    assert!(store.settle(&first.id, 1, &retry(true), monday()).await.unwrap());
    assert_eq!(state_of(&store, &first).await, ("retry".to_owned(), Some("ratelimited".to_owned())));
    assert!(store.claim_sendable("one", monday() + minutes(2), 9).await.unwrap().is_empty());
    assert_eq!(store.next_sendable().await.unwrap(), Some(monday() + minutes(3)));

    let second = store.claim_sendable("two", monday() + minutes(3), 9).await.unwrap().remove(0);
    assert_eq!((second.attempt, second.degraded, second.send_at), (2, true, monday()));
    assert_eq!(store.begin("one", &first, monday()).await.unwrap(), Begin::Lost);
    assert_eq!(store.begin("two", &first, monday()).await.unwrap(), Begin::Lost);
    assert_eq!(store.begin("two", &second, monday() + minutes(3)).await.unwrap(), Begin::Go);
    assert!(!store.settle(&first.id, 1, &sent(), monday()).await.unwrap(), "a stale attempt settles nothing");
    assert_eq!(state_of(&store, &second).await.0, "sending");
    assert!(store.settle(&second.id, 2, &retry(false), monday() + minutes(3)).await.unwrap());
    assert!(store.delivery(&second.id).await.unwrap().unwrap().degraded, "it stays so");
    assert_eq!(store.attempts(&second.id).await.unwrap().len(), 2);
}

async fn refusals_are_counted_until_one_is_sent(place: Place) {
    let store = with_rendered(&place, &["U1"]).await;
    let tuesday = NewDelivery { period: "2026-03-10".to_owned(), ..rendered("U1") };
    let wednesday = NewDelivery { period: "2026-03-11".to_owned(), ..rendered("U1") };
    store.plan(&[tuesday, wednesday], &[], monday()).await.unwrap();
    let refused = Settlement::Failed { code: "is_archived".to_owned(), refused: true };
    for (settlement, refusals) in [(&refused, 1), (&refused, 2), (&sent(), 0)] {
        let claimed = claim(&store, "one").await;
        store.begin("one", &claimed, monday()).await.unwrap();
        assert!(store.settle(&claimed.id, 1, settlement, monday()).await.unwrap());
        let subscription = store.subscription("daily", "U1").await.unwrap().unwrap();
        assert_eq!((subscription.refusals, subscription.greeted), (refusals, refusals == 0));
    }
}

async fn what_is_halted_or_stopped_is_held(place: Place) {
    let store = with_rendered(&place, &["U1"]).await;
    let notice = NewDelivery { report: "notice.stopped".to_owned(), ..rendered("U2") };
    store.plan(&[notice], &[], monday()).await.unwrap();
    for (key, expected) in [(HALTED, "halted"), (STOPPED, "stopped")] {
        store.set_value(key, Some("somebody")).await.unwrap();
        assert!(store.claim_sendable("one", monday(), 9).await.unwrap().is_empty());
        store.set_value(key, None).await.unwrap();
        // What was claimed before is held at the last step.
        let claimed = store.claim_sendable("one", monday(), 9).await.unwrap();
        store.set_value(key, Some("somebody")).await.unwrap();
        for claimed in claimed {
            assert_eq!(store.begin("one", &claimed, monday()).await.unwrap(), Begin::Held);
            assert_eq!(state_of(&store, &claimed).await, ("rendered".to_owned(), Some(expected.to_owned())));
            assert!(store.attempts(&claimed.id).await.unwrap().is_empty());
        }
        store.set_value(key, None).await.unwrap();
    }
    let claimed = store.claim_sendable("one", monday(), 9).await.unwrap();
    assert_eq!((claimed.len(), claimed[0].attempt), (2, 3));
    assert_eq!(store.begin("one", &claimed[0], monday()).await.unwrap(), Begin::Go);
    assert!(store.settle(&claimed[0].id, 3, &sent(), monday()).await.unwrap());
    assert_eq!(state_of(&store, &claimed[0]).await, ("sent".to_owned(), None));
}

async fn who_opted_out_between_planning_and_sending_gets_nothing(place: Place) {
    let store = with_rendered(&place, &["U1", "U2"]).await;
    let now = NewDelivery { report: "now".to_owned(), ..rendered("U1") };
    store.plan(&[now, rendered("U3")], &[], monday()).await.unwrap();
    let claimed = store.claim_sendable("one", monday(), 9).await.unwrap();
    store.switch_off("daily", "U1", "opted_out", monday()).await.unwrap();
    for one in &claimed {
        let expected = match (one.report.as_str(), one.recipient.as_str()) {
            ("daily", "U1") => Begin::Skipped("opted_out".to_owned()),
            ("daily", "U3") => Begin::Skipped("not_subscribed".to_owned()),
            _ => Begin::Go,
        };
        assert_eq!(store.begin("one", one, monday()).await.unwrap(), expected, "{} {}", one.report, one.recipient);
        if let Begin::Skipped(reason) = expected {
            assert_eq!(state_of(&store, one).await, ("skipped".to_owned(), Some(reason)));
            assert!(store.attempts(&one.id).await.unwrap().is_empty());
        }
    }
    assert_eq!(claimed.len(), 4);
}

async fn what_became_too_late_after_the_claim_is_missed(place: Place) {
    let store = with_rendered(&place, &["U1"]).await;
    let claimed = claim(&store, "one").await;
    let late = monday() + minutes(4 * 60);
    assert!(store.expire(late).await.unwrap().is_empty(), "it is held");
    assert_eq!(store.begin("one", &claimed, late).await.unwrap(), Begin::Missed);
    assert_eq!(state_of(&store, &claimed).await, ("missed".to_owned(), Some("too_late".to_owned())));
    assert_eq!(store.begin("one", &claimed, late).await.unwrap(), Begin::Lost);
}

async fn a_claim_is_given_back_unsent(place: Place) {
    let store = with_rendered(&place, &["U1"]).await;
    let first = claim(&store, "one").await;
    store.release_sendable("two", &first, None, monday()).await.unwrap();
    assert_eq!(store.holders().await.unwrap(), ["one"]);
    store.release_sendable("one", &first, None, monday()).await.unwrap();
    assert_eq!(state_of(&store, &first).await, ("rendered".to_owned(), None));

    let second = claim(&store, "one").await;
    let at = monday() + minutes(2);
    store.release_sendable("one", &second, Some((at, "no_dm")), monday()).await.unwrap();
    assert_eq!(state_of(&store, &second).await, ("retry".to_owned(), Some("no_dm".to_owned())));
    let third = store.claim_sendable("one", at, 9).await.unwrap().remove(0);
    assert_eq!(third.attempt, 3);
    // Begun, though its caller did not hear of it: it knows that it sent nothing.
    store.begin("one", &third, at).await.unwrap();
    store.release_sendable("one", &third, None, at).await.unwrap();
    assert_eq!(state_of(&store, &third).await.0, "retry");
    assert!(store.attempts(&third.id).await.unwrap().is_empty());
    assert_eq!(store.claim_sendable("two", at, 9).await.unwrap().len(), 1);
}

async fn a_subscription_that_was_put_again_counts_on(place: Place) {
    let store = with_rendered(&place, &["U1"]).await;
    let claimed = claim(&store, "one").await;
    put(&store, &[Subscription { team: "web".to_owned(), ..subscription("U1") }]).await;
    assert_eq!(store.begin("one", &claimed, monday()).await.unwrap(), Begin::Go);
    store.settle(&claimed.id, 1, &sent(), monday()).await.unwrap();
    put(&store, &[subscription("U1")]).await;
    assert!(store.subscription("daily", "U1").await.unwrap().unwrap().greeted);
}

on_both!(
    what_may_be_sent_comes_in_fair_order,
    a_delivery_is_sent_once,
    a_retry_waits_for_its_time_and_fences_off_the_attempt_before,
    refusals_are_counted_until_one_is_sent,
    what_is_halted_or_stopped_is_held,
    who_opted_out_between_planning_and_sending_gets_nothing,
    what_became_too_late_after_the_claim_is_missed,
    a_claim_is_given_back_unsent,
    a_subscription_that_was_put_again_counts_on,
);
