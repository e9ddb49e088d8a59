//! Summaries that are looked at again after they were sent: claimed for a while, changed, and left alone in the end.

use crate::support::store::{Place, minutes, monday, posting, put, rendered, subscription, summarized, summary_sent};
use chrono::{DateTime, Utc};
use recap::{
    model::{ChannelId, DeliveryId, MemberId},
    store::{Begin, Changed, Revision, Settlement, Store},
};
use std::collections::{BTreeMap, BTreeSet};
use tokio::task::JoinSet;

/// The message of every summary that was sent here.
const HELLO: &str = r#"{"text": "hello"}"#;

fn hour(count: i64) -> DateTime<Utc> {
    monday() + minutes(count * 60)
}

/// Who is claimed at that hour, not to be claimed again for half of one.
async fn claimed(store: &Store, at: i64, limit: u32) -> Vec<String> {
    let revisions = store.claim_revisions(hour(at), hour(at) + minutes(30), limit).await.unwrap();
    revisions.into_iter().map(|one| one.recipient).collect()
}

fn ada() -> MemberId {
    MemberId("U1".to_owned())
}

async fn what_is_claimed_is_all_that_a_revision_takes(place: Place) {
    let store = place.store().await;
    let id = summary_sent(&store, "core", Some(hour(1))).await;
    assert!(claimed(&store, 0, 9).await.is_empty(), "it is too early");
    let revision = Revision {
        id: id.clone(),
        recipient: "core".to_owned(),
        period: "2026-W11".to_owned(),
        zone: chrono_tz::Tz::Europe__Berlin,
        due: monday(),
        sent_at: monday(),
        channel: ChannelId("C1".to_owned()),
        ts: "1.5".to_owned(),
        message: HELLO.to_owned(),
        facts: r#"{"sessions": 7}"#.to_owned(),
        degraded: false,
    };
    let first = std::slice::from_ref(&revision);
    assert_eq!(store.claim_revisions(hour(1), hour(2), 9).await.unwrap(), first);
    assert!(store.claim_revisions(hour(2) - minutes(1), hour(3), 9).await.unwrap().is_empty(), "it is claimed");
    assert_eq!(store.claim_revisions(hour(2), hour(3), 9).await.unwrap(), first, "nobody came back with it");

    store.revised(&id, Some(Changed { was: HELLO, message: "m2", facts: "f2" }), Some(hour(5))).await.unwrap();
    assert!(claimed(&store, 4, 9).await.is_empty());
    let changed = Revision { message: "m2".to_owned(), facts: "f2".to_owned(), ..revision };
    assert_eq!(store.claim_revisions(hour(5), hour(6), 9).await.unwrap(), [changed]);
    store.revised(&id, None, None).await.unwrap();
    assert!(claimed(&store, 999, 9).await.is_empty());
    assert_eq!(store.facts(&id).await.unwrap().as_deref(), Some("f2"));
    for (channel, ts) in [("C2", "1.5"), ("C1", "1.6"), ("C1", ""), ("C1", "x"), ("C1", "9223372036854775807.1")] {
        assert_eq!(store.summary_at(&ChannelId(channel.to_owned()), ts).await.unwrap(), None, "{channel} {ts}");
    }
    assert_eq!(store.delivery(&id).await.unwrap().unwrap().message.as_deref(), Some("m2"));
}

async fn an_update_that_another_overtook_is_made_again(place: Place) {
    let store = place.store().await;
    let id = summary_sent(&store, "core", Some(hour(1))).await;
    assert_eq!(claimed(&store, 1, 9).await.len(), 1);
    let changed = |was, message| Some(Changed { was, message, facts: "f" });
    store.revised(&id, changed(HELLO, "theirs"), None).await.unwrap();
    assert!(claimed(&store, 999, 9).await.is_empty());

    // What was made from the message before may stand in Slack now.
    store.revised(&id, changed(HELLO, "ours, late"), None).await.unwrap();
    let again = store.claim_revisions(hour(2), hour(3), 9).await.unwrap();
    assert_eq!(again.len(), 1);
    assert_ne!(again[0].message, "theirs", "nobody knows what stands in Slack");
    store.revised(&id, changed(&again[0].message, "the last"), None).await.unwrap();
    assert_eq!(store.delivery(&id).await.unwrap().unwrap().message.as_deref(), Some("the last"));
}

async fn what_waits_is_recalled_where_its_channel_is_another_or_it_waited_long(place: Place) {
    let store = place.store().await;
    let id = summarized(&store, "core", posting("C1", None)).await;
    let state = async || store.delivery(&id).await.unwrap().unwrap().state;
    let of = |channel: &str| BTreeMap::from([("core".to_owned(), Some(ChannelId(channel.to_owned())))]);
    assert_eq!(store.recall(&of("C1"), monday() - minutes(30), monday()).await.unwrap(), 0);
    assert_eq!(state().await, "rendered");
    assert_eq!(store.recall(&of("C2"), monday() - minutes(30), monday()).await.unwrap(), 1);
    assert_eq!(state().await, "planned");
    assert_eq!(store.delivery(&id).await.unwrap().unwrap().message, None);

    let old = summarized(&store, "old", posting("C1", None)).await;
    let all = BTreeMap::from([("old".to_owned(), Some(ChannelId("C1".to_owned())))]);
    assert_eq!(store.recall(&all, monday() + minutes(30), monday()).await.unwrap(), 1);
    assert_eq!(store.delivery(&old).await.unwrap().unwrap().state, "planned");
    assert_eq!(store.recall(&BTreeMap::new(), monday() + minutes(30), monday()).await.unwrap(), 0, "nothing waits");
}

async fn the_earliest_come_first(place: Place) {
    let store = place.store().await;
    for (team, at) in [("c", Some(hour(3))), ("a", Some(hour(2))), ("b", Some(hour(1))), ("never", None)] {
        summary_sent(&store, team, at).await;
    }
    assert_eq!(claimed(&store, 1, 9).await, ["b"]);
    assert_eq!(claimed(&store, 3, 2).await, ["b", "a"]);
    assert_eq!(claimed(&store, 3, 2).await, ["c"]);
    let before = store.database().statements();
    assert!(claimed(&store, 3, 2).await.is_empty());
    assert_eq!(store.database().statements() - before, 1);
}

async fn only_what_was_sent_and_can_be_found_is_revised(place: Place) {
    let store = place.store().await;
    let id = summarized(&store, "core", posting("C1", Some(monday()))).await;
    let untouched = async |store: &Store| {
        assert!(claimed(store, 1, 9).await.is_empty());
        assert_eq!(store.facts(&id).await.unwrap(), None);
        assert!(!store.reveal(&id, &ada(), monday()).await.unwrap());
        store.revised(&id, Some(Changed { was: HELLO, message: "m2", facts: "f2" }), Some(monday())).await.unwrap();
        assert_eq!(store.delivery(&id).await.unwrap().unwrap().message.as_deref(), Some(HELLO));
    };
    untouched(&store).await;
    let claim = store.claim_sendable("one", monday(), 9).await.unwrap().remove(0);
    assert_eq!(store.begin("one", &claim, monday()).await.unwrap(), Begin::Go);
    untouched(&store).await;
    let unknown = Settlement::Unknown { at: monday(), code: "timeout".to_owned() };
    store.settle(&id, 1, &unknown, monday()).await.unwrap();
    untouched(&store).await;
    // Somebody saw it arrive; where it stands, only Slack knows.
    assert!(store.resolve(&id, true, "ada", monday()).await.unwrap());
    assert!(claimed(&store, 1, 9).await.is_empty());
    assert!(!store.reveal(&id, &ada(), monday()).await.unwrap());

    put(&store, &[subscription("U1")]).await;
    store.plan(&[rendered("U1")], &[], monday()).await.unwrap();
    let daily = store.claim_sendable("one", monday(), 9).await.unwrap().remove(0);
    store.begin("one", &daily, monday()).await.unwrap();
    let sent = Settlement::Sent { channel: ChannelId("D1".to_owned()), ts: "1.6".to_owned() };
    assert!(store.settle(&daily.id, 1, &sent, monday()).await.unwrap());
    assert!(!store.reveal(&daily.id, &ada(), monday()).await.unwrap());
    assert!(!store.reveal(&DeliveryId::new(), &ada(), monday()).await.unwrap());
    assert_eq!(store.facts(&DeliveryId::new()).await.unwrap(), None);
    assert!(store.audited(Some("U1"), 9).await.unwrap().is_empty());
}

async fn what_was_sent_in_plain_sections_says_so(place: Place) {
    let store = place.store().await;
    let id = summarized(&store, "core", posting("C1", Some(monday()))).await;
    let retry = Settlement::Retry { at: monday(), code: "invalid_blocks".to_owned(), plain: true };
    let sent = Settlement::Sent { channel: ChannelId("C1".to_owned()), ts: "1.5".to_owned() };
    for (attempt, settlement) in [(1, retry), (2, sent)] {
        let claim = store.claim_sendable("one", monday(), 9).await.unwrap().remove(0);
        assert_eq!(store.begin("one", &claim, monday()).await.unwrap(), Begin::Go);
        assert!(store.settle(&id, attempt, &settlement, monday()).await.unwrap());
    }
    let revisions = store.claim_revisions(monday(), hour(1), 9).await.unwrap();
    assert_eq!(revisions.iter().map(|one| one.degraded).collect::<Vec<_>>(), [true]);
}

async fn a_wish_that_comes_during_a_revision_is_not_lost(place: Place) {
    let store = place.store().await;
    let id = summary_sent(&store, "core", Some(monday())).await;
    assert_eq!(claimed(&store, 0, 9).await, ["core"]);
    assert!(store.reveal(&id, &ada(), monday() + minutes(1)).await.unwrap());
    // The names were looked up before, and this was the last look.
    store.revised(&id, Some(Changed { was: HELLO, message: "m2", facts: "f2" }), None).await.unwrap();
    assert_eq!(claimed(&store, 1, 9).await, ["core"]);
    store.revised(&id, None, None).await.unwrap();
    assert!(claimed(&store, 999, 9).await.is_empty());
    // Nor one that comes long after.
    assert!(store.reveal(&id, &MemberId("U2".to_owned()), hour(50)).await.unwrap());
    assert_eq!(claimed(&store, 50, 9).await, ["core"]);
}

async fn no_summary_is_revised_by_two(place: Place) {
    let stores = [place.store().await, place.store().await];
    for number in 0..12 {
        summary_sent(&stores[0], &format!("team {number}"), Some(monday())).await;
    }
    let mut claimers = JoinSet::new();
    for number in 0..6 {
        let store = stores[number % 2].clone();
        claimers.spawn(async move {
            let mut all = Vec::new();
            loop {
                let claimed = claimed(&store, 0, 2).await;
                if claimed.is_empty() {
                    return all;
                }
                all.extend(claimed);
            }
        });
    }
    let all: Vec<_> = claimers.join_all().await.into_iter().flatten().collect();
    assert_eq!((all.len(), all.iter().collect::<BTreeSet<_>>().len()), (12, 12), "{all:?}");
    assert!(claimed(&stores[0], 0, 9).await.is_empty());
}

async fn of_two_who_reveal_the_same_one_is_noted(place: Place) {
    let stores = [place.store().await, place.store().await];
    let id = summary_sent(&stores[0], "core", None).await;
    let mut clicks = JoinSet::new();
    for number in 0..6 {
        let (store, id) = (stores[number % 2].clone(), id.clone());
        clicks.spawn(async move { store.reveal(&id, &ada(), hour(1)).await.unwrap() });
    }
    assert_eq!(clicks.join_all().await.into_iter().filter(|noted| *noted).count(), 1);
    assert_eq!(stores[0].audited(Some("U1"), 9).await.unwrap().len(), 1);
    assert_eq!(claimed(&stores[0], 1, 9).await, ["core"]);
}

async fn the_facts_go_with_the_snapshot(place: Place) {
    let store = place.store().await;
    let id = summary_sent(&store, "core", Some(hour(1))).await;
    assert!(store.reveal(&id, &ada(), monday()).await.unwrap());
    store.prune(hour(7 * 24) - minutes(1), 180).await.unwrap();
    assert!(store.facts(&id).await.unwrap().is_some());
    store.prune(hour(7 * 24), 180).await.unwrap();
    assert_eq!(store.facts(&id).await.unwrap(), None);
    assert!(claimed(&store, 7 * 24, 9).await.is_empty());
    assert!(!store.reveal(&id, &MemberId("U2".to_owned()), hour(7 * 24)).await.unwrap());
    // Who worked on it meanwhile brings nothing back.
    store.revised(&id, Some(Changed { was: HELLO, message: "m2", facts: "f2" }), Some(hour(1))).await.unwrap();
    assert_eq!(store.facts(&id).await.unwrap(), None);
    assert_eq!(store.delivery(&id).await.unwrap().unwrap().message, None);
    assert_eq!(store.prune(hour(180 * 24), 180).await.unwrap(), (0, 1), "who showed their name holds up nothing");
}

on_both!(
    what_is_claimed_is_all_that_a_revision_takes,
    an_update_that_another_overtook_is_made_again,
    what_waits_is_recalled_where_its_channel_is_another_or_it_waited_long,
    the_earliest_come_first,
    only_what_was_sent_and_can_be_found_is_revised,
    what_was_sent_in_plain_sections_says_so,
    a_wish_that_comes_during_a_revision_is_not_lost,
    no_summary_is_revised_by_two,
    of_two_who_reveal_the_same_one_is_noted,
    the_facts_go_with_the_snapshot,
);
