//! Unknown outcomes: looked for, found, settled by hand; the claims of the dead; and what is counted and forgotten.

use crate::support::store::{Place, delivery, minutes, monday, put, rendered, subscription};
use recap::{
    model::{ChannelId, DeliveryId, MemberId},
    store::{Begin, Claimed, NewDelivery, Overdue, Planned, Settlement, Store, Suspect, Tally, Target},
};

async fn begun(store: &Store, recipient: &str, holder: &str) -> Claimed {
    put(store, &[subscription(recipient)]).await;
    store.plan(&[rendered(recipient)], &[], monday()).await.unwrap();
    let claimed = store.claim_sendable(holder, monday(), 1).await.unwrap().remove(0);
    assert_eq!(store.begin(holder, &claimed, monday()).await.unwrap(), Begin::Go);
    claimed
}

async fn unknown(store: &Store, recipient: &str) -> DeliveryId {
    let id = begun(store, recipient, "one").await.id;
    let settlement = Settlement::Unknown { at: monday() + minutes(1), code: "timeout".to_owned() };
    assert!(store.settle(&id, 1, &settlement, monday()).await.unwrap());
    id
}

async fn state_of(store: &Store, id: &DeliveryId) -> (String, Option<String>) {
    let record = store.delivery(id).await.unwrap().unwrap();
    (record.state, record.reason)
}

fn sent() -> Settlement {
    Settlement::Sent { channel: ChannelId("D1".to_owned()), ts: "1.5".to_owned() }
}

async fn an_unknown_one_is_looked_for_and_never_expires(place: Place) {
    let store = place.store().await;
    let id = unknown(&store, "U1").await;
    assert!(store.expire(monday() + minutes(9_999)).await.unwrap().is_empty());
    assert!(store.claim_sendable("one", monday(), 9).await.unwrap().is_empty());
    assert!(store.claim_suspects("one", monday(), 9).await.unwrap().is_empty());
    assert_eq!(store.next_sendable().await.unwrap(), Some(monday() + minutes(1)));

    let (target, look) = (Target::Member { id: MemberId("U1".to_owned()), dm: None }, monday() + minutes(1));
    let suspect = Suspect {
        id: id.clone(),
        report: "daily".to_owned(),
        recipient: "U1".to_owned(),
        attempt: 1,
        started: monday(),
        target,
        checks: 0,
        degraded: false,
    };
    assert_eq!(store.claim_suspects("one", look, 9).await.unwrap(), [suspect]);
    assert!(store.claim_suspects("two", look, 9).await.unwrap().is_empty());
    store.still_unknown("two", &id, true, None, "not_found", look).await.unwrap();
    store.still_unknown("one", &id, true, Some(look + minutes(1)), "not_found", look).await.unwrap();
    let again = store.claim_suspects("two", look + minutes(1), 9).await.unwrap();
    assert_eq!((again.len(), again[0].checks), (1, 1));
    store.still_unknown("two", &id, false, None, "not_readable", look).await.unwrap();
    assert_eq!(state_of(&store, &id).await, ("unknown".to_owned(), Some("not_readable".to_owned())));
    assert!(store.claim_suspects("two", monday() + minutes(9_999), 9).await.unwrap().is_empty(), "by hand only");
    assert_eq!(store.next_sendable().await.unwrap(), None);
}

async fn a_late_truth_beats_unknown(place: Place) {
    let store = place.store().await;
    let id = unknown(&store, "U1").await;
    let again = Settlement::Unknown { at: monday() + minutes(50), code: "timeout".to_owned() };
    assert!(store.settle(&id, 1, &again, monday()).await.unwrap(), "the same changes nothing");
    assert_eq!(store.next_sendable().await.unwrap(), Some(monday() + minutes(1)));
    store.claim_suspects("two", monday() + minutes(1), 9).await.unwrap();
    assert!(store.settle(&id, 1, &sent(), monday()).await.unwrap());
    assert_eq!(state_of(&store, &id).await, ("sent".to_owned(), None));
    store.still_unknown("two", &id, true, None, "not_found", monday()).await.unwrap();
    assert_eq!(state_of(&store, &id).await, ("sent".to_owned(), None));
    assert_eq!(store.attempts(&id).await.unwrap()[0].outcome.as_deref(), Some("sent"));
}

async fn an_unknown_one_is_settled_by_hand(place: Place) {
    let store = place.store().await;
    let (arrived, lost) = (unknown(&store, "U1").await, unknown(&store, "U2").await);
    let late = monday() + minutes(5 * 60);
    assert!(store.resolve(&arrived, true, "ada", late).await.unwrap());
    assert!(!store.resolve(&arrived, false, "ada", late).await.unwrap());
    assert_eq!(state_of(&store, &arrived).await.0, "sent");
    assert!(store.subscription("daily", "U1").await.unwrap().unwrap().greeted);
    assert!(!store.subscription("daily", "U2").await.unwrap().unwrap().greeted);

    assert!(store.resolve(&lost, false, "ada", late).await.unwrap());
    assert!(store.expire(late).await.unwrap().is_empty(), "who says so means it, however late");
    let claimed = store.claim_sendable("two", late, 9).await.unwrap();
    assert_eq!((claimed.len(), &claimed[0].id, claimed[0].attempt), (1, &lost, 2));
    assert!(!store.settle(&lost, 1, &sent(), late).await.unwrap());
    let entries = store.audited(Some(&lost.0), 9).await.unwrap();
    assert_eq!((entries[0].action.as_str(), entries[0].detail.as_str()), ("delivery.resolve", "resend"));
    assert!(!store.resolve(&DeliveryId::new(), true, "ada", late).await.unwrap());
}

async fn the_claims_of_the_dead_are_taken_away(place: Place) {
    let store = place.store().await;
    let sending = begun(&store, "U1", "dead").await;
    let alive = begun(&store, "U2", "alive").await;
    store.plan(&[rendered("U3"), delivery("U4")], &[], monday()).await.unwrap();
    let claimed = store.claim_sendable("dead", monday(), 9).await.unwrap().remove(0);
    let planned = store.claim_cohort("dead", monday()).await.unwrap().unwrap().deliveries.remove(0);
    assert_eq!(store.holders().await.unwrap(), ["alive", "dead"]);

    let look = monday() + minutes(1);
    assert_eq!(store.release_claims_of(&["dead".to_owned()], look, monday()).await.unwrap(), (1, 2));
    assert_eq!(store.release_claims_of(&["dead".to_owned()], look, monday()).await.unwrap(), (0, 0));
    assert_eq!(store.holders().await.unwrap(), ["alive"]);
    assert_eq!(state_of(&store, &sending.id).await, ("unknown".to_owned(), Some("replica_lost".to_owned())));
    assert_eq!(store.attempts(&sending.id).await.unwrap()[0].outcome.as_deref(), Some("unknown"));
    assert_eq!(state_of(&store, &alive.id).await.0, "sending");
    assert_eq!(store.attempts(&alive.id).await.unwrap()[0].outcome, None);

    assert_eq!(store.begin("dead", &claimed, monday()).await.unwrap(), Begin::Lost, "it was not dead after all");
    assert_eq!(store.skip("dead", &[planned.id], "no_activity", monday()).await.unwrap(), 0);
    assert_eq!(store.claim_sendable("alive", monday(), 9).await.unwrap()[0].attempt, 2);
    assert_eq!(store.claim_cohort("alive", monday()).await.unwrap().unwrap().deliveries.len(), 1);
    assert_eq!(store.claim_suspects("alive", look, 9).await.unwrap().len(), 1);
    assert!(store.settle(&sending.id, 1, &sent(), look).await.unwrap(), "and its truth still counts");
}

async fn deliveries_are_counted(place: Place) {
    let store = place.store().await;
    unknown(&store, "U1").await;
    let tuesday = minutes(24 * 60);
    let other = [
        delivery("U2"),
        NewDelivery { outcome: Planned::Skipped("holiday".to_owned()), ..delivery("U3") },
        NewDelivery { outcome: Planned::Skipped("holiday".to_owned()), ..delivery("U4") },
        NewDelivery { send_at: monday() + minutes(5), ..delivery("U5") },
        NewDelivery { report: "notice.silence".to_owned(), ..delivery("U6") },
        NewDelivery { period: "2026-03-10".to_owned(), due: monday() + tuesday, ..delivery("U2") },
    ];
    store.plan(&other, &[], monday()).await.unwrap();
    let tally = |report: &str, state: &str, reason: Option<&str>, count| {
        let (report, state, reason) = (report.to_owned(), state.to_owned(), reason.map(str::to_owned));
        Tally { report, state, reason, count }
    };
    let skipped = tally("daily", "skipped", Some("holiday"), 2);
    let expected = [tally("daily", "planned", None, 2), skipped, tally("daily", "unknown", Some("timeout"), 1)];
    assert_eq!(store.tally("2026-03-09").await.unwrap(), expected);
    let expected = [tally("daily", "planned", None, 3), tally("daily", "unknown", None, 1)];
    assert_eq!(store.open_deliveries().await.unwrap()[..2], expected);
    assert_eq!(store.open_deliveries().await.unwrap()[2].report, "notice.silence");
    assert_eq!(store.periods_since("daily", "2026-03-09").await.unwrap(), ["2026-03-09", "2026-03-10"]);
    assert_eq!(store.periods_since("daily", "2026-03-10").await.unwrap(), ["2026-03-10"]);

    let overdue = Overdue {
        report: "daily".to_owned(),
        period: "2026-03-09".to_owned(),
        due: monday(),
        open: 3,
        unknown: 1,
        expected: 5,
        last_send_at: monday() + minutes(5),
    };
    assert_eq!(store.overdue(monday()).await.unwrap(), [overdue]);
    assert!(store.overdue(monday() - minutes(1)).await.unwrap().is_empty());
    assert_eq!(store.overdue(monday() + tuesday).await.unwrap().len(), 2);
}

async fn what_is_old_is_forgotten_and_what_is_open_is_not(place: Place) {
    let store = place.store().await;
    let id = begun(&store, "U1", "one").await.id;
    store.settle(&id, 1, &sent(), monday()).await.unwrap();
    let open = unknown(&store, "U2").await;
    let day = |count: i64| monday() + minutes(count * 24 * 60);
    assert_eq!(store.prune(day(6), 180).await.unwrap(), (0, 0));
    assert_eq!(store.prune(day(7), 180).await.unwrap(), (1, 0));
    assert_eq!(store.delivery(&id).await.unwrap().unwrap().message, None);
    assert_eq!(store.prune(day(179), 180).await.unwrap(), (0, 0));
    assert_eq!(store.prune(day(180), 180).await.unwrap(), (0, 1));
    assert_eq!(store.delivery(&id).await.unwrap(), None);
    assert!(store.attempts(&id).await.unwrap().is_empty());
    assert!(store.delivery(&open).await.unwrap().unwrap().message.is_some());
    assert_eq!(store.attempts(&open).await.unwrap().len(), 1);
}

async fn many_old_ones_are_forgotten_in_batches(place: Place) {
    let store = place.store().await;
    let skipped =
        |number| NewDelivery { outcome: Planned::Skipped("holiday".to_owned()), ..delivery(&format!("U{number}")) };
    let many: Vec<_> = (0..2_500).map(skipped).collect();
    store.plan(&many, &[], monday()).await.unwrap();
    assert_eq!(store.prune(monday() + minutes(24 * 60), 1).await.unwrap(), (0, 2_500));
}

on_both!(
    an_unknown_one_is_looked_for_and_never_expires,
    a_late_truth_beats_unknown,
    an_unknown_one_is_settled_by_hand,
    the_claims_of_the_dead_are_taken_away,
    deliveries_are_counted,
    what_is_old_is_forgotten_and_what_is_open_is_not,
    many_old_ones_are_forgotten_in_batches,
);
