//! Teams' summaries in the outbox: they go to their channel, whatever a team is called, and to nobody else.

use crate::support::store::{
    Place, member, minutes, monday, posting, put, rendered, subscription, summarized, weekly, weekly_subscription,
};
use recap::{
    model::{ChannelId, DeliveryId, MemberId},
    store::{
        Begin, Consent, ConsentKind, MemberRecord, MemberStatus, NewDelivery, Planned, Preferences, Rendered,
        Settlement, Store, StreakState, Tally, Target,
    },
};

/// Names of teams that are a member's id, begin as a channel's does, or are odd.
const NAMES: [&str; 9] = ["U1", "C1", "D1", "G1", "notice.ops", "daily", "team:core", "Ünïcode ' \" %_\\", " "];

async fn state_of(store: &Store, id: &DeliveryId) -> (String, Option<String>) {
    let record = store.delivery(id).await.unwrap().unwrap();
    (record.state, record.reason)
}

fn channel() -> ChannelId {
    ChannelId("C7".to_owned())
}

fn sent(channel: &str) -> Settlement {
    Settlement::Sent { channel: ChannelId(channel.to_owned()), ts: "1.5".to_owned() }
}

/// U1 opted out, deleted their data, paused, and left; all of it is theirs and no team's.
async fn with_a_member_who_wants_nothing(store: &Store) {
    let chosen = Preferences {
        sections: Some(vec!["usage".to_owned()]),
        pause_until: Some(monday() + minutes(9_999)),
        ..Preferences::default()
    };
    let id = MemberId("U1".to_owned());
    let (surface, actor, wording) = ("slack".to_owned(), "U1".to_owned(), "Stop".to_owned());
    let consent = Consent { member: id.clone(), kind: ConsentKind::OptOut, at: monday(), surface, actor, wording };
    store.delete_member_data(&id, monday(), "U1").await.unwrap();
    store.record_consent(&consent).await.unwrap();
    let left = MemberRecord { status: MemberStatus::Deactivated, last_usage: Some(monday()), ..member("U1") };
    store.learn_members(&[left], monday()).await.unwrap();
    store.set_preferences(&id, &chosen, monday(), "U1").await.unwrap();
    let through = "2026-03-06".parse().unwrap();
    let streak = StreakState { days: 4, at_least: false, through, until: monday() };
    store.put_streaks(&[(id, streak)]).await.unwrap();
}

async fn a_team_may_be_called_as_anything(place: Place) {
    let store = place.store().await;
    with_a_member_who_wants_nothing(&store).await;
    put(&store, &NAMES.map(weekly_subscription)).await;
    let planned = NAMES.map(weekly);
    store.plan(&planned, &[], monday()).await.unwrap();
    let cohort = store.claim_cohort("one", monday()).await.unwrap().unwrap();
    assert_eq!((cohort.key.report.as_str(), cohort.key.period.as_str()), ("weekly", "2026-W11"));
    assert_eq!(cohort.deliveries.len(), NAMES.len());
    for one in &cohort.deliveries {
        assert_eq!((&one.sections, &one.streak, &one.last_usage), (&None, &None, &None), "{}", one.recipient);
        assert_eq!((&one.email, &one.unwanted, one.first), (&None, &None, true), "{}", one.recipient);
    }
    let done = |one: &NewDelivery| Rendered {
        id: one.id.clone(),
        message: "{}".to_owned(),
        streak: None,
        posting: Some(posting("C7", None)),
    };
    assert_eq!(store.rendered("one", &planned.each_ref().map(done), monday()).await.unwrap(), 9);
    for one in store.claim_sendable("one", monday(), 99).await.unwrap() {
        assert_eq!((one.report.as_str(), &one.target), ("weekly", &Target::Channel(channel())), "{}", one.recipient);
        assert_eq!(store.begin("one", &one, monday()).await.unwrap(), Begin::Go, "{}", one.recipient);
        let unknown = Settlement::Unknown { at: monday(), code: "timeout".to_owned() };
        assert!(store.settle(&one.id, 1, &unknown, monday()).await.unwrap());
    }
    let suspects = store.claim_suspects("one", monday(), 99).await.unwrap();
    assert_eq!(suspects.len(), NAMES.len());
    for one in suspects {
        assert_eq!(one.target, Target::Channel(channel()), "{}", one.recipient);
        // Slack may answer with any id: it is not the member's direct conversation.
        assert!(store.settle(&one.id, 1, &sent("D9"), monday()).await.unwrap());
        assert!(store.subscription("weekly", &one.recipient).await.unwrap().unwrap().greeted);
    }
    assert_eq!(store.member(&MemberId("U1".to_owned())).await.unwrap().unwrap().dm, None);
    let tally = Tally { report: "weekly".to_owned(), state: "sent".to_owned(), reason: None, count: 9 };
    assert_eq!(store.tally("2026-W11").await.unwrap(), [tally]);
}

async fn a_summary_whose_team_was_switched_off_is_not_sent(place: Place) {
    let store = place.store().await;
    let ids =
        [summarized(&store, "core", posting("C7", None)).await, summarized(&store, "web", posting("C7", None)).await];
    // The member of the same name is on, and so is the team of the other.
    put(&store, &[subscription("core")]).await;
    store.switch_off("weekly", "core", "disabled", monday()).await.unwrap();
    let mut begun = Vec::new();
    for one in store.claim_sendable("one", monday(), 9).await.unwrap() {
        begun.push((one.recipient.clone(), store.begin("one", &one, monday()).await.unwrap()));
    }
    begun.sort_by(|a, b| a.0.cmp(&b.0));
    let skipped = Begin::Skipped("disabled".to_owned());
    assert_eq!(begun, [("core".to_owned(), skipped), ("web".to_owned(), Begin::Go)]);
    assert_eq!(state_of(&store, &ids[0]).await, ("skipped".to_owned(), Some("disabled".to_owned())));
    assert!(store.attempts(&ids[0]).await.unwrap().is_empty());
    store.plan(&[weekly("gone")], &[], monday()).await.unwrap();
    let cohort = store.claim_cohort("one", monday()).await.unwrap().unwrap();
    assert_eq!(cohort.deliveries[0].unwanted.as_deref(), Some("not_subscribed"));
}

async fn a_summary_without_a_channel_goes_nowhere(place: Place) {
    let store = place.store().await;
    store.learn_members(&[member("U1")], monday()).await.unwrap();
    put(&store, &["U1", "U2"].map(weekly_subscription)).await;
    let [computed, early] = [weekly("U1"), weekly("U2")];
    let early = NewDelivery { outcome: Planned::Rendered("{}".to_owned()), ..early };
    store.plan(&[computed.clone(), early.clone()], &[], monday()).await.unwrap();
    store.claim_cohort("one", monday()).await.unwrap().unwrap();
    let done = |posting| Rendered { id: computed.id.clone(), message: "{}".to_owned(), streak: None, posting };
    assert_eq!(store.rendered("one", &[done(None)], monday()).await.unwrap(), 0);
    assert_eq!(state_of(&store, &computed.id).await.0, "planned");
    assert!(store.claim_sendable("one", monday(), 9).await.unwrap().is_empty());
    assert_eq!(store.next_sendable().await.unwrap(), None, "nobody wakes up for them");
    assert_eq!(store.rendered("one", &[done(Some(posting("C7", None)))], monday()).await.unwrap(), 1);
    assert_eq!(store.claim_sendable("one", monday(), 9).await.unwrap().len(), 1);
    let missed = [("weekly".to_owned(), "too_late".to_owned(), 1)];
    assert_eq!(store.expire(early.expires).await.unwrap(), missed);
    assert_eq!(state_of(&store, &early.id).await.0, "missed");
}

async fn who_lost_the_claim_of_a_summary_keeps_nothing_with_it(place: Place) {
    let store = place.store().await;
    put(&store, &[weekly_subscription("core")]).await;
    store.plan(&[weekly("core")], &[], monday()).await.unwrap();
    let id = store.claim_cohort("one", monday()).await.unwrap().unwrap().deliveries.remove(0).id;
    store.release_claims_of(&["one".to_owned()], monday(), monday()).await.unwrap();
    assert!(store.claim_cohort("two", monday()).await.unwrap().is_some());
    let done = |text: &str, channel| Rendered {
        id: id.clone(),
        message: text.to_owned(),
        streak: None,
        posting: Some(posting(channel, Some(monday()))),
    };
    assert_eq!(store.rendered("one", &[done("late", "C8")], monday()).await.unwrap(), 0);
    let record = store.delivery(&id).await.unwrap().unwrap();
    assert_eq!((record.state.as_str(), record.channel, record.message), ("planned", None, None));
    assert_eq!(store.rendered("two", &[done("{}", "C7")], monday()).await.unwrap(), 1);
    assert_eq!(store.rendered("one", &[done("late", "C8")], monday()).await.unwrap(), 0);
    let claimed = store.claim_sendable("two", monday(), 9).await.unwrap().remove(0);
    assert_eq!((claimed.message.as_str(), claimed.target), ("{}", Target::Channel(channel())));
}

async fn summaries_and_digests_of_one_name_do_not_meet(place: Place) {
    let store = place.store().await;
    let summary = summarized(&store, "U1", posting("C7", None)).await;
    put(&store, &[subscription("U1")]).await;
    store.plan(&[rendered("U1")], &[], monday()).await.unwrap();
    store.learn_members(&[member("U1")], monday()).await.unwrap();
    let claimed = store.claim_sendable("one", monday(), 9).await.unwrap();
    let refused = Settlement::Failed { code: "is_archived".to_owned(), refused: true };
    for one in &claimed {
        assert_eq!(store.begin("one", one, monday()).await.unwrap(), Begin::Go);
        let settlement = if one.report == "weekly" { &refused } else { &sent("D1") };
        assert!(store.settle(&one.id, 1, settlement, monday()).await.unwrap());
    }
    assert_eq!(claimed.len(), 2);
    let counts = async |report| {
        let subscription = store.subscription(report, "U1").await.unwrap().unwrap();
        (subscription.refusals, subscription.greeted)
    };
    assert_eq!((counts("weekly").await, counts("daily").await), ((1, false), (0, true)));
    let refusal = ("weekly".to_owned(), "2026-W11".to_owned(), "is_archived".to_owned(), 1);
    assert_eq!(store.refusals(monday()).await.unwrap(), [refusal]);
    store.switch_off("weekly", "U1", "slack_is_archived", monday()).await.unwrap();
    let off: Vec<_> = store.switched_off(monday()).await.unwrap().into_iter().map(|one| one.report).collect();
    assert_eq!(off, ["weekly"]);
    assert_eq!(store.subscription("daily", "U1").await.unwrap().unwrap().next_due, Some(monday()));

    store.delete_member_data(&MemberId("U1".to_owned()), monday(), "U1").await.unwrap();
    assert_eq!(state_of(&store, &summary).await.0, "failed");
    assert!(store.subscription("weekly", "U1").await.unwrap().is_some());
    assert_eq!(store.subscription("daily", "U1").await.unwrap(), None);
    assert!(store.deliveries_of("daily", "U1", None, 9).await.unwrap().is_empty());
}

async fn a_summary_that_is_unknown_is_told_and_settled_by_hand(place: Place) {
    let store = place.store().await;
    let id = summarized(&store, "core", posting("C7", None)).await;
    let claimed = store.claim_sendable("one", monday(), 9).await.unwrap().remove(0);
    store.begin("one", &claimed, monday()).await.unwrap();
    let unknown = Settlement::Unknown { at: monday(), code: "timeout".to_owned() };
    store.settle(&id, 1, &unknown, monday()).await.unwrap();
    assert_eq!(store.overdue(monday()).await.unwrap()[0].unknown, 1);
    assert_eq!(store.claim_suspects("one", monday(), 9).await.unwrap()[0].target, Target::Channel(channel()));
    store.still_unknown("one", &id, false, None, "unreadable_missing_scope", monday()).await.unwrap();
    assert_eq!(store.stuck(9).await.unwrap()[0].id, id);
    assert!(store.resolve(&id, false, "ada", monday()).await.unwrap());
    let again = store.claim_sendable("one", monday(), 9).await.unwrap().remove(0);
    assert_eq!((again.attempt, again.target), (2, Target::Channel(channel())));
}

on_both!(
    a_team_may_be_called_as_anything,
    a_summary_whose_team_was_switched_off_is_not_sent,
    a_summary_without_a_channel_goes_nowhere,
    who_lost_the_claim_of_a_summary_keeps_nothing_with_it,
    summaries_and_digests_of_one_name_do_not_meet,
    a_summary_that_is_unknown_is_told_and_settled_by_hand,
);
