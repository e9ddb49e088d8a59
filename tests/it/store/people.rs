//! Members, consents, the roster, and what deletion leaves.

use crate::support::store::{Place, at, delivery, email, member, minutes, monday, put, subscription, unversioned};
use recap::{
    model::{ChannelId, MemberId},
    store::{
        AuditEntry, Begin, Consent, ConsentKind, MemberRecord, MemberStatus, NewDelivery, Planned, Preferences,
        Requested, Settlement, Store,
    },
};

fn id(text: &str) -> MemberId {
    MemberId(text.to_owned())
}

fn consent(member: &str, kind: ConsentKind, actor: &str) -> Consent {
    let (surface, wording) = ("cli".to_owned(), "Send me the digest".to_owned());
    Consent { member: id(member), kind, at: monday(), surface, actor: actor.to_owned(), wording }
}

async fn roster_ids(store: &Store, after: Option<&str>, with_usage: bool, limit: u32) -> Vec<String> {
    let after = after.map(id);
    let roster = store.roster(after.as_ref(), with_usage, limit).await.unwrap();
    roster.into_iter().map(|entry| entry.member.id.0).collect()
}

async fn the_directory_is_learned_and_keeps_what_it_does_not_tell(place: Place) {
    let store = place.store().await;
    let full = MemberRecord { dm: Some(ChannelId("D1".to_owned())), last_usage: Some(monday()), ..member("U1") };
    assert_eq!(store.learn_members(&[full.clone(), member("U2"), member("U2")], monday()).await.unwrap(), 2);
    assert_eq!(store.learn_members(&[member("U1"), member("U2")], monday()).await.unwrap(), 0);
    assert_eq!(store.member(&id("U1")).await.unwrap(), Some(full.clone()));

    let moved = MemberRecord { zone: None, name: "Eve\0".to_owned(), ..member("U1") };
    assert_eq!(store.learn_members(&[moved], monday()).await.unwrap(), 1);
    let learned = MemberRecord { zone: None, name: "Eve".to_owned(), ..full };
    assert_eq!(store.member(&id("U1")).await.unwrap(), Some(learned));
    assert_eq!(store.without_zone().await.unwrap(), 1);
    assert_eq!(store.member(&id("U3")).await.unwrap(), None);
}

async fn who_left_the_directory_is_gone(place: Place) {
    let store = place.store().await;
    store.learn_members(&[member("U1"), member("U2")], monday()).await.unwrap();
    store.learn_members(&[member("U2")], monday() + minutes(60)).await.unwrap();
    assert_eq!(store.forget_unseen(monday() + minutes(60)).await.unwrap(), 1);
    assert_eq!(store.forget_unseen(monday() + minutes(60)).await.unwrap(), 0);
    assert_eq!(store.member(&id("U1")).await.unwrap().unwrap().status, MemberStatus::Gone);
    assert_eq!(store.member(&id("U2")).await.unwrap().unwrap().status, MemberStatus::Active);
}

async fn of_two_readings_at_once_neither_makes_anybody_gone(place: Place) {
    let store = place.store().await;
    let (first, second) = (monday(), monday() + minutes(1));
    store.learn_members(&[member("U1"), member("U2")], second).await.unwrap();
    store.learn_members(&[member("U1"), member("U2")], first).await.unwrap();
    assert_eq!(store.forget_unseen(first).await.unwrap(), 0);
    assert_eq!(store.forget_unseen(second).await.unwrap(), 0);
}

async fn of_members_with_one_address_the_active_one_counts(place: Place) {
    let store = place.store().await;
    let shared = |name: &str, status| MemberRecord { email: Some(email("ada")), status, ..member(name) };
    store.learn_members(&[shared("U1", MemberStatus::Active)], monday()).await.unwrap();
    store.learn_members(&[shared("U2", MemberStatus::Deactivated)], monday() + minutes(1)).await.unwrap();
    assert_eq!(store.member_by_email(&email("ada")).await.unwrap().unwrap().id, id("U1"));
    store.learn_members(&[shared("U3", MemberStatus::Active)], monday() + minutes(2)).await.unwrap();
    assert_eq!(store.member_by_email(&email("ada")).await.unwrap().unwrap().id, id("U3"));
    assert_eq!(store.member_by_email(&email("bob")).await.unwrap(), None);
}

async fn usage_only_moves_forward(place: Place) {
    let store = place.store().await;
    let people: Vec<_> = (0..700).map(|number| member(&format!("U{number:03}"))).collect();
    store.learn_members(&people, monday()).await.unwrap();
    let seen: Vec<_> = people.iter().filter_map(|one| one.email.clone()).map(|email| (email, monday())).collect();
    store.learn_usage(&seen).await.unwrap();
    let earlier = (email("u001"), monday() - minutes(5));
    let (later, latest) = ((email("u002"), monday() + minutes(5)), (email("u002"), monday() + minutes(9)));
    store.learn_usage(&[earlier, latest, later, (email("nobody"), monday())]).await.unwrap();
    for (name, expected) in [("U001", monday()), ("U002", monday() + minutes(9)), ("U699", monday())] {
        assert_eq!(store.member(&id(name)).await.unwrap().unwrap().last_usage, Some(expected), "{name}");
    }
}

async fn the_latest_consent_holds_and_the_record_stays(place: Place) {
    let store = place.store().await;
    let kinds = [ConsentKind::OptIn, ConsentKind::Named, ConsentKind::OptOut, ConsentKind::OptIn];
    for kind in kinds {
        store.record_consent(&consent("U1", kind, "U1")).await.unwrap();
    }
    let consents = store.consents_of(&id("U1")).await.unwrap();
    assert_eq!(consents.digest, Some(consent("U1", ConsentKind::OptIn, "U1")));
    assert!(consents.named);
    assert!(!consents.suppressed);
    store.record_consent(&consent("U1", ConsentKind::Unnamed, "U1")).await.unwrap();
    store.record_consent(&consent("U1", ConsentKind::OptOut, "admin")).await.unwrap();
    let consents = store.consents_of(&id("U1")).await.unwrap();
    assert_eq!(consents.digest.map(|latest| (latest.kind, latest.actor)), Some((ConsentKind::OptOut, "admin".into())));
    assert!(!consents.named);
    let actions: Vec<_> = store.audited(Some("U1"), 3).await.unwrap().into_iter().map(|entry| entry.action).collect();
    assert_eq!(actions, ["consent.opt_out", "consent.unnamed", "consent.opt_in"]);
}

async fn the_roster_has_who_may_need_a_subscription(place: Place) {
    let store = place.store().await;
    let mut people: Vec<_> = ["U1", "U2", "U3", "U4", "U5", "U6"].map(member).into();
    people[4].last_usage = Some(monday());
    people[5].last_usage = Some(monday());
    people[5].status = MemberStatus::Guest;
    store.learn_members(&people, monday()).await.unwrap();
    store.record_consent(&consent("U1", ConsentKind::OptIn, "U1")).await.unwrap();
    store.record_consent(&consent("U3", ConsentKind::OptOut, "U3")).await.unwrap();
    put(&store, &[subscription("U4")]).await;
    let chosen = Preferences { time: Some("07:30".parse().unwrap()), ..Preferences::default() };
    store.set_preferences(&id("U3"), &chosen, monday(), "U3").await.unwrap();

    assert_eq!(roster_ids(&store, None, false, 9).await, ["U1", "U3", "U4"]);
    assert_eq!(roster_ids(&store, None, true, 9).await, ["U1", "U3", "U4", "U5"]);
    assert_eq!(roster_ids(&store, None, true, 2).await, ["U1", "U3"]);
    assert_eq!(roster_ids(&store, Some("U3"), true, 2).await, ["U4", "U5"]);

    let roster = store.roster(None, false, 9).await.unwrap();
    assert_eq!(roster[1].consents.digest.as_ref().unwrap().kind, ConsentKind::OptOut);
    assert_eq!(roster[1].preferences, chosen);
    assert_eq!(roster[1].subscription, None);
    assert_eq!(unversioned(roster[2].subscription.clone()), Some(subscription("U4")));
    for entry in roster {
        assert_eq!(store.roster_entry(&entry.member.id).await.unwrap().as_ref(), Some(&entry));
    }
    assert_eq!(store.roster_entry(&id("U2")).await.unwrap().unwrap().consents.digest, None);
    assert_eq!(store.roster_entry(&id("U9")).await.unwrap(), None);
}

async fn conversations_are_opened_for_who_is_due_first(place: Place) {
    let store = place.store().await;
    store.learn_members(&["U1", "U2", "U3"].map(member), monday()).await.unwrap();
    let mut later = subscription("U1");
    later.next_due = Some(monday() + minutes(5));
    put(&store, &[later, subscription("U2"), subscription("U3")]).await;
    store.learn_dm(&id("U3"), &ChannelId("D3".to_owned())).await.unwrap();
    assert_eq!(store.without_dm(9).await.unwrap(), [id("U2"), id("U1")]);
    assert_eq!(store.without_dm(1).await.unwrap(), [id("U2")]);
}

async fn deletion_leaves_a_suppression_that_only_the_member_lifts(place: Place) {
    let store = place.store().await;
    store.learn_members(&[MemberRecord { last_usage: Some(monday()), ..member("U1") }], monday()).await.unwrap();
    store.record_consent(&consent("U1", ConsentKind::OptIn, "U1")).await.unwrap();
    let chosen = Preferences { time: Some("07:30".parse().unwrap()), ..Preferences::default() };
    store.set_preferences(&id("U1"), &chosen, monday(), "U1").await.unwrap();
    put(&store, &[subscription("U1"), subscription("U2")]).await;
    let (own, other) = (delivery("U1"), delivery("U2"));
    store.plan(&[own.clone(), other.clone()], &[], monday()).await.unwrap();

    store.delete_member_data(&id("U1"), at("2026-03-10T00:00:00Z"), "U1").await.unwrap();

    let entry = store.roster_entry(&id("U1")).await.unwrap().unwrap();
    assert_eq!((entry.consents.digest, entry.consents.suppressed), (None, true));
    assert_eq!((entry.preferences, entry.subscription), (Preferences::default(), None));
    assert_eq!(entry.member.last_usage, None);
    assert_eq!(store.delivery(&own.id).await.unwrap(), None);
    assert!(store.delivery(&other.id).await.unwrap().is_some());
    assert!(store.subscription("daily", "U2").await.unwrap().is_some());
    assert_eq!(store.audited(Some("U1"), 1).await.unwrap()[0].action, "member.delete_data");

    store.record_consent(&consent("U1", ConsentKind::OptIn, "admin")).await.unwrap();
    assert!(store.consents_of(&id("U1")).await.unwrap().suppressed);
    store.record_consent(&consent("U1", ConsentKind::OptIn, "U1")).await.unwrap();
    assert!(!store.consents_of(&id("U1")).await.unwrap().suppressed);
}

async fn deletion_leaves_no_trace_of_choices_and_tells_no_notice_again(place: Place) {
    let store = place.store().await;
    store.learn_members(&[member("U1")], monday()).await.unwrap();
    let all = ["notice.ops", "notice.run", "notice.team", "notice.alert", "notice.no_identity", "now.daily"];
    let told = all.map(|report| NewDelivery {
        report: report.to_owned(),
        outcome: Planned::Rendered(r#"{"text": "x"}"#.to_owned()),
        ..delivery("U1")
    });
    store.plan(&told, &[], monday()).await.unwrap();
    // All but one of the notices are final.
    for claimed in store.claim_sendable("one", monday(), 9).await.unwrap() {
        if claimed.report != "notice.run" && store.begin("one", &claimed, monday()).await.unwrap() == Begin::Go {
            let sent = Settlement::Sent { channel: ChannelId("D1".to_owned()), ts: "1.5".to_owned() };
            store.settle(&claimed.id, 1, &sent, monday()).await.unwrap();
        }
    }
    store.note_preview("U9", "daily", "member:U1", "x", monday()).await.unwrap();
    store.note_preview("U9", "daily", "member:U2", "x", monday()).await.unwrap();
    let request = |subject: &str| Requested { subject: subject.to_owned(), delivery: told[0].id.clone() };
    store.note_request("token:ci", "k", &request("member:U1"), monday()).await.unwrap();
    store.note_request("token:ci", "l", &request("team:U1"), monday()).await.unwrap();
    store.record_consent(&consent("U1", ConsentKind::OptIn, "U1")).await.unwrap();
    store.record_consent(&consent("U2", ConsentKind::OptIn, "U1")).await.unwrap();
    store.set_preferences(&id("U1"), &Preferences::default(), monday(), "U9").await.unwrap();
    for (actor, action, subject, detail) in [
        ("U9", "report.configure", "member:U1", "daily: enabled true → false"),
        ("U1", "report.configure", "team:core", "weekly: time 09:00 → 10:00"),
        ("recap", "subscription.off", "U1", "daily: slack_x"),
        ("recap", "subscription.off", "U1", "weekly: slack_x"),
    ] {
        let [actor, action, subject, detail] = [actor, action, subject, detail].map(str::to_owned);
        store.audit(&AuditEntry { at: monday(), actor, action, subject, detail }).await.unwrap();
    }

    store.delete_member_data(&id("U1"), monday(), "U1").await.unwrap();

    let mut left = Vec::new();
    for one in &told {
        if let Some(kept) = store.delivery(&one.id).await.unwrap() {
            left.push((kept.report, kept.message.is_some()));
        }
    }
    let kept = [("notice.ops", false), ("notice.run", true), ("notice.team", false), ("notice.alert", false)];
    assert_eq!(left, kept.map(|(report, waits)| (report.to_owned(), waits)));
    assert_eq!(store.plan(&told[..4], &[], monday()).await.unwrap(), 0, "nothing is told again");
    assert_eq!(store.previewed("U9", "daily", "member:U1", "x").await.unwrap(), None);
    assert!(store.previewed("U9", "daily", "member:U2", "x").await.unwrap().is_some());
    assert_eq!(store.requested("token:ci", "k").await.unwrap(), None);
    assert!(store.requested("token:ci", "l").await.unwrap().is_some());
    let lines = store.audited(None, 20).await.unwrap();
    let lines: Vec<_> = lines.iter().map(|line| (line.action.as_str(), line.subject.as_str())).collect();
    assert_eq!(
        lines,
        [
            ("member.delete_data", "U1"),
            ("subscription.off", "U1"),
            ("report.configure", "team:core"),
            ("consent.opt_in", "U2"),
        ]
    );
}

on_both!(
    the_directory_is_learned_and_keeps_what_it_does_not_tell,
    who_left_the_directory_is_gone,
    of_two_readings_at_once_neither_makes_anybody_gone,
    of_members_with_one_address_the_active_one_counts,
    usage_only_moves_forward,
    the_latest_consent_holds_and_the_record_stays,
    the_roster_has_who_may_need_a_subscription,
    conversations_are_opened_for_who_is_due_first,
    deletion_leaves_a_suppression_that_only_the_member_lifts,
    deletion_leaves_no_trace_of_choices_and_tells_no_notice_again,
);
