//! Who is behind an address, and who may be named: in general, or in one message.

use crate::support::store::{Place, email, member, minutes, monday, summary_sent};
use chrono::{DateTime, Utc};
use recap::{
    model::{DeliveryId, MemberEmail, MemberId},
    store::{Changed, Consent, ConsentKind, MemberRecord, MemberStatus, Store},
};
use std::collections::BTreeSet;

fn id(text: &str) -> MemberId {
    MemberId(text.to_owned())
}

fn emails<const N: usize>(names: [&str; N]) -> BTreeSet<MemberEmail> {
    names.map(email).into()
}

async fn say(store: &Store, member: &str, kind: ConsentKind, at: DateTime<Utc>) {
    let (surface, wording) = ("slack".to_owned(), "Name me".to_owned());
    let consent = Consent { member: id(member), kind, at, surface, actor: member.to_owned(), wording };
    store.record_consent(&consent).await.unwrap();
}

/// The ids of those who are named, by which the test's members have their addresses and names.
async fn named(store: &Store, members: &[&str], delivery: Option<&DeliveryId>) -> Vec<String> {
    let names = store.names(&members.iter().map(|one| email(one)).collect(), delivery).await.unwrap();
    let is_named = |one: &&&str| names.get(&email(one)) == Some(&format!("Name of {one}"));
    let found: Vec<_> = members.iter().filter(is_named).map(|one| (*one).to_owned()).collect();
    assert_eq!(found.len(), names.len(), "{names:?}");
    found
}

async fn people_are_found_by_id_and_address(place: Place) {
    let store = place.store().await;
    let of = |name: &str, status| MemberRecord { status, ..member(name) };
    let people = [
        of("U1", MemberStatus::Active),
        of("U2", MemberStatus::Guest),
        of("U3", MemberStatus::Bot),
        of("U4", MemberStatus::Deactivated),
        of("U5", MemberStatus::Gone),
        MemberRecord { email: None, ..member("U6") },
        of("U7", MemberStatus::OtherWorkspace),
        // Whose account was replaced by another one.
        MemberRecord { email: Some(email("U4")), ..member("U8") },
    ];
    store.learn_members(&people, monday()).await.unwrap();
    let ids = ["U1", "U2", "U3", "U4", "U5", "U6", "U7", "U9"].map(id);
    assert_eq!(store.emails_of(&ids).await.unwrap(), emails(["U1", "U2", "U7"]));
    assert_eq!(store.emails_of(&[id("U8")]).await.unwrap(), emails(["U4"]));
    assert!(store.emails_of(&[]).await.unwrap().is_empty());
    let asked = emails(["U1", "U2", "U3", "U4", "U5", "U7", "U9"]);
    assert_eq!(store.inactive(&asked).await.unwrap(), emails(["U3", "U5"]));
    assert!(store.inactive(&emails(["U1"])).await.unwrap().is_empty());
    assert!(store.inactive(&BTreeSet::new()).await.unwrap().is_empty());
}

async fn many_people_are_found_page_by_page(place: Place) {
    let store = place.store().await;
    let members: Vec<_> = (0..250).map(|number| member(&format!("U{number}"))).collect();
    store.learn_members(&members, monday()).await.unwrap();
    let ids: Vec<_> = members.iter().map(|one| one.id.clone()).collect();
    let before = store.database().statements();
    assert_eq!(store.emails_of(&ids).await.unwrap().len(), 250);
    assert!(store.database().statements() - before <= 4);
}

async fn who_agreed_is_named_and_nobody_else(place: Place) {
    let store = place.store().await;
    let all = ["U1", "U2", "U3", "U4", "U5", "U6"];
    let mut people = all.map(member);
    people[3].status = MemberStatus::Deactivated;
    store.learn_members(&people, monday()).await.unwrap();
    for name in ["U1", "U3", "U4", "U5", "U6"] {
        say(&store, name, ConsentKind::Named, monday()).await;
    }
    say(&store, "U2", ConsentKind::OptIn, monday()).await;
    say(&store, "U1", ConsentKind::OptOut, monday()).await;
    say(&store, "U3", ConsentKind::Unnamed, monday()).await;
    say(&store, "U6", ConsentKind::Unnamed, monday()).await;
    say(&store, "U6", ConsentKind::Named, monday()).await;
    assert_eq!(named(&store, &all, None).await, ["U1", "U5", "U6"]);
    store.delete_member_data(&id("U5"), monday(), "U5").await.unwrap();
    say(&store, "U5", ConsentKind::Named, monday()).await;
    assert_eq!(named(&store, &all, None).await, ["U1", "U6"], "who deleted their data is not named");
    assert_eq!(named(&store, &["U2", "U9"], None).await, [] as [&str; 0]);
    assert_eq!(named(&store, &[], None).await, [] as [&str; 0]);
}

async fn of_members_with_one_address_the_active_one_is_named(place: Place) {
    let store = place.store().await;
    let old = MemberRecord { status: MemberStatus::Deactivated, email: Some(email("ada")), ..member("U1") };
    let new = MemberRecord { email: Some(email("ada")), ..member("U2") };
    store.learn_members(&[old, new], monday()).await.unwrap();
    say(&store, "U1", ConsentKind::Named, monday()).await;
    assert!(store.names(&emails(["ada"]), None).await.unwrap().is_empty(), "the new account did not agree");
    say(&store, "U2", ConsentKind::Named, monday()).await;
    assert_eq!(store.names(&emails(["ada"]), None).await.unwrap()[&email("ada")], "Name of U2");
}

async fn who_shows_their_name_is_named_in_that_message_alone(place: Place) {
    let store = place.store().await;
    store.learn_members(&["U1", "U2"].map(member), monday()).await.unwrap();
    let [core, web] = [summary_sent(&store, "core", None).await, summary_sent(&store, "web", None).await];
    let both = ["U1", "U2"];
    assert!(store.reveal(&core, &id("U1"), monday()).await.unwrap());
    assert_eq!(named(&store, &both, Some(&core)).await, ["U1"]);
    assert_eq!(named(&store, &both, Some(&web)).await, [] as [&str; 0]);
    assert_eq!(named(&store, &both, None).await, [] as [&str; 0]);
    assert!(!store.reveal(&core, &id("U1"), monday() + minutes(1)).await.unwrap(), "they said so before");

    say(&store, "U1", ConsentKind::Unnamed, monday() - minutes(1)).await;
    assert_eq!(named(&store, &both, Some(&core)).await, ["U1"], "what they said later holds");
    say(&store, "U1", ConsentKind::Unnamed, monday() + minutes(2)).await;
    assert_eq!(named(&store, &both, Some(&core)).await, [] as [&str; 0]);
    assert!(store.reveal(&core, &id("U1"), monday() + minutes(3)).await.unwrap(), "they changed their mind again");
    assert_eq!(named(&store, &both, Some(&core)).await, ["U1"]);
    let entries = store.audited(Some("U1"), 9).await.unwrap();
    let reveals: Vec<_> = entries.iter().filter(|entry| entry.action == "consent.reveal").collect();
    assert_eq!(reveals.len(), 2);
    assert_eq!((reveals[0].actor.as_str(), reveals[0].detail.as_str()), ("U1", core.0.as_str()));
}

async fn who_deletes_their_data_is_named_no_more(place: Place) {
    let store = place.store().await;
    store.learn_members(&["U1", "U2"].map(member), monday()).await.unwrap();
    // Teams that are called as members are keep what is theirs.
    let sent = summary_sent(&store, "U1", None).await;
    for name in ["U1", "U2"] {
        assert!(store.reveal(&sent, &id(name), monday()).await.unwrap());
    }
    assert_eq!(store.claim_revisions(monday(), monday() + minutes(9), 9).await.unwrap().len(), 1);
    store.revised(&sent, None, None).await.unwrap();

    store.delete_member_data(&id("U1"), monday() + minutes(1), "U1").await.unwrap();

    assert!(store.subscription("weekly", "U1").await.unwrap().is_some());
    assert_eq!(named(&store, &["U1", "U2"], Some(&sent)).await, ["U2"]);
    let again = store.claim_revisions(monday() + minutes(1), monday() + minutes(9), 9).await.unwrap();
    assert_eq!(again.len(), 1, "the message is made again without the name");
    store.revised(&sent, Some(Changed { was: &again[0].message, message: "{}", facts: "{}" }), None).await.unwrap();
    assert_eq!(store.facts(&sent).await.unwrap().as_deref(), Some("{}"));
}

on_both!(
    people_are_found_by_id_and_address,
    many_people_are_found_page_by_page,
    who_agreed_is_named_and_nobody_else,
    of_members_with_one_address_the_active_one_is_named,
    who_shows_their_name_is_named_in_that_message_alone,
    who_deletes_their_data_is_named_no_more,
);
