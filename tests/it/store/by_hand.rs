//! What admins send and look at: deliveries outside of any schedule, the ledger, who waits and who is known.

use crate::support::store::{Place, configure, delivery, email, member, minutes, monday, posting, put, subscription};
use recap::{
    model::{ChannelId, DeliveryId, MemberId, Stay},
    store::{
        Begin, Consent, ConsentKind, Ledger, MemberRecord, MemberStatus, NewDelivery, Planned, Preferences, Priority,
        ReportConfig, Settlement, Store, Target,
    },
};
use std::collections::{BTreeMap, BTreeSet};

fn by_hand(report: &str, recipient: &str, period: &str, outcome: Planned) -> NewDelivery {
    NewDelivery {
        report: report.to_owned(),
        period: period.to_owned(),
        priority: Priority::Notice,
        outcome,
        ..delivery(recipient)
    }
}

async fn a_summary_by_hand_goes_to_its_channel_whatever_the_team_is_called(place: Place) {
    let store = place.store().await;
    let summary = |team: &str| {
        by_hand(
            "now.weekly",
            team,
            "2026-W11.x",
            Planned::Summarized(r#"{"text": "x"}"#.to_owned(), posting("C7", None)),
        )
    };
    store.plan(&[summary("U1"), summary("core")], &[], monday()).await.unwrap();
    let claimed = store.claim_sendable("one", monday(), 9).await.unwrap();
    assert_eq!(claimed.len(), 2);
    for one in claimed {
        assert_eq!(one.target, Target::Channel(ChannelId("C7".to_owned())));
        assert_eq!(store.begin("one", &one, monday()).await.unwrap(), Begin::Go);
        let sent = Settlement::Sent { channel: ChannelId("C7".to_owned()), ts: "1.5".to_owned() };
        assert!(store.settle(&one.id, one.attempt, &sent, monday()).await.unwrap());
        assert!(store.facts(&one.id).await.unwrap().is_some());
        assert!(store.reveal(&one.id, &MemberId("U1".to_owned()), monday()).await.unwrap());
    }
    // A member's data is not a team's, whatever it is called.
    store.delete_member_data(&MemberId("U1".to_owned()), monday(), "U1").await.unwrap();
    assert_eq!(store.ledger(Ledger { recipient: Some("U1"), ..Ledger::default() }, 9).await.unwrap().len(), 1);
    assert_eq!(store.claim_revisions(monday(), monday() + minutes(60), 9).await.unwrap().len(), 2);
}

async fn a_summary_by_hand_is_withdrawn_where_its_team_is_switched_off_moved_or_removed(place: Place) {
    let store = place.store().await;
    let teams = ["off", "moved", "mute", "removed", "kept"];
    let summary = |team: &str| {
        let outcome = Planned::Summarized(r#"{"text": "x"}"#.to_owned(), posting("C7", None));
        by_hand("now.weekly", team, "2026-W11.x", outcome)
    };
    store.plan(&teams.map(summary), &[], monday()).await.unwrap();
    // Somebody is about to send them.
    let claimed = store.claim_sendable("one", monday(), 9).await.unwrap();
    assert_eq!(claimed.len(), teams.len());

    let off = ReportConfig { enabled: Some(false), ..ReportConfig::new("weekly", "team:off") };
    configure(&store, &off, monday()).await;
    let to = |channel: &str| Some(ChannelId(channel.to_owned()));
    let channels = [("off", to("C7")), ("moved", to("C8")), ("mute", None), ("kept", to("C7"))];
    let channels = channels.map(|(team, channel)| (team.to_owned(), channel)).into();
    store.recall(&channels, monday(), monday()).await.unwrap();

    for one in claimed {
        let (state, reason, begin) = match one.recipient.as_str() {
            "off" => ("skipped", Some("not_enabled"), Begin::Lost),
            "moved" => ("skipped", Some("channel_changed"), Begin::Lost),
            "mute" => ("skipped", Some("no_channel"), Begin::Lost),
            "removed" => ("skipped", Some("team_removed"), Begin::Lost),
            _ => ("sending", None, Begin::Go),
        };
        assert_eq!(store.begin("one", &one, monday()).await.unwrap(), begin, "{}", one.recipient);
        let record = store.delivery(&one.id).await.unwrap().unwrap();
        assert_eq!((record.state.as_str(), record.reason.as_deref()), (state, reason), "{}", one.recipient);
    }
    // Who sends one although the team is off knows that; another change of it stops nothing.
    let known = NewDelivery { period: "2026-W11.y".to_owned(), ..summary("off") };
    store.plan(std::slice::from_ref(&known), &[], monday()).await.unwrap();
    let standing = store.report_config("weekly", "team:off").await.unwrap().unwrap();
    configure(&store, &ReportConfig { min_active: Some(4), ..standing }, monday()).await;
    assert_eq!(store.delivery(&known.id).await.unwrap().unwrap().state, "rendered");
    assert_eq!(store.withdraw("off", "channel_shared", monday()).await.unwrap(), 1);
}

async fn what_was_withdrawn_while_it_was_being_sent_is_not_sent_again(place: Place) {
    let store = place.store().await;
    let summary = |team: &str, minute| NewDelivery {
        due: monday() + minutes(minute),
        ..by_hand("now.weekly", team, &DeliveryId::new().0, {
            Planned::Summarized(r#"{"text": "x"}"#.to_owned(), posting("C7", None))
        })
    };
    let teams = ["shared", "off", "moved", "removed", "kept"];
    store.plan(&teams.map(|team| summary(team, 0)), &[], monday()).await.unwrap();
    let claimed = store.claim_sendable("one", monday(), 9).await.unwrap();
    for one in &claimed {
        assert_eq!(store.begin("one", one, monday()).await.unwrap(), Begin::Go);
    }
    let event = monday() + minutes(1);
    assert_eq!(store.withdraw("shared", "channel_shared", event).await.unwrap(), 0, "it is being sent");
    let off = ReportConfig { enabled: Some(false), ..ReportConfig::new("weekly", "team:off") };
    configure(&store, &off, event).await;
    let to = |channel: &str| Some(ChannelId(channel.to_owned()));
    let channels = [("shared", to("C7")), ("off", to("C7")), ("moved", to("C8")), ("kept", to("C7"))];
    let channels = channels.map(|(team, channel)| (team.to_owned(), channel)).into();
    store.recall(&channels, event, event).await.unwrap();
    for one in &claimed {
        let retry = Settlement::Retry { at: event, code: "http_503".to_owned(), plain: false };
        assert!(store.settle(&one.id, one.attempt, &retry, event).await.unwrap());
    }
    // Somebody asked before the event, and it was computed after it; and somebody asked after it, who knew.
    let late = ["shared", "off"].map(|team| summary(team, 0));
    let knowing = ["shared", "off"].map(|team| summary(team, 2));
    let now = monday() + minutes(3);
    store.plan(&[late.clone(), knowing.clone()].concat(), &[], now).await.unwrap();
    let again = store.claim_sendable("one", now, 9).await.unwrap();
    assert_eq!(again.len(), teams.len() + 4);
    for one in again {
        let skipped = |reason: &str| Begin::Skipped(reason.to_owned());
        let wanted = match one.recipient.as_str() {
            _ if knowing.iter().any(|known| known.id == one.id) => Begin::Go,
            "shared" => skipped("channel_shared"),
            "off" => skipped("not_enabled"),
            "moved" => skipped("channel_changed"),
            "removed" => skipped("team_removed"),
            _ => Begin::Go,
        };
        assert_eq!(store.begin("one", &one, now).await.unwrap(), wanted, "{}", one.recipient);
    }
}

async fn refused(store: &Store, recipient: &str) -> Begin {
    let planned = by_hand("now.daily", recipient, &DeliveryId::new().0, Planned::Rendered("{}".to_owned()));
    store.plan(std::slice::from_ref(&planned), &[], monday()).await.unwrap();
    let claimed = store.claim_sendable("one", monday(), 9).await.unwrap().pop().unwrap();
    store.begin("one", &claimed, monday()).await.unwrap()
}

async fn a_digest_by_hand_stops_for_who_does_not_want_it_any_more(place: Place) {
    let store = place.store().await;
    let left = MemberRecord { status: MemberStatus::Deactivated, ..member("U2") };
    store.learn_members(&[member("U1"), left, member("U3")], monday()).await.unwrap();
    assert_eq!(refused(&store, "U1").await, Begin::Go);
    let consent = |kind, minute| Consent {
        member: MemberId("U1".to_owned()),
        kind,
        at: monday() + minutes(minute),
        surface: "slack".to_owned(),
        actor: "U1".to_owned(),
        wording: "test".to_owned(),
    };
    let skipped = |reason: &str| Begin::Skipped(reason.to_owned());
    store.record_consent(&consent(ConsentKind::OptOut, 0)).await.unwrap();
    assert_eq!(refused(&store, "U1").await, skipped("opted_out"));
    // Who agrees again need not have agreed before it was due.
    store.record_consent(&consent(ConsentKind::OptIn, 1)).await.unwrap();
    assert_eq!(refused(&store, "U1").await, Begin::Go);
    let off = ReportConfig { enabled: Some(false), ..ReportConfig::new("daily", "member:U1") };
    configure(&store, &off, monday()).await;
    assert_eq!(refused(&store, "U1").await, skipped("switched_off_by_admin"));
    assert!(store.roster_entry(&MemberId("U1".to_owned())).await.unwrap().unwrap().switched_off);
    let page = store.roster(None, true, 9).await.unwrap();
    assert_eq!(page.iter().map(|entry| entry.switched_off).collect::<Vec<_>>(), [true]);
    configure(&store, &ReportConfig { enabled: Some(true), version: 1, ..off }, monday()).await;
    let until = |minute| Preferences { pause_until: Some(monday() + minutes(minute)), ..Preferences::default() };
    store.set_preferences(&MemberId("U1".to_owned()), &until(1), monday(), "U1").await.unwrap();
    assert_eq!(refused(&store, "U1").await, skipped("paused"));
    store.set_preferences(&MemberId("U1".to_owned()), &until(0), monday(), "U1").await.unwrap();
    assert_eq!(refused(&store, "U1").await, Begin::Go);
    assert_eq!(refused(&store, "U2").await, skipped("deactivated"));
    assert_eq!(refused(&store, "U9").await, skipped("gone"));
}

async fn a_digest_by_hand_greets_as_the_scheduled_one_does(place: Place) {
    let store = place.store().await;
    store.learn_members(&["U1", "U2"].map(member), monday()).await.unwrap();
    put(&store, &["U1", "U2"].map(subscription)).await;
    for (who, settled) in [("U1", true), ("U2", false)] {
        let planned = by_hand("now.daily", who, "now", Planned::Rendered("{}".to_owned()));
        store.plan(std::slice::from_ref(&planned), &[], monday()).await.unwrap();
        let claimed = store.claim_sendable("one", monday(), 9).await.unwrap().pop().unwrap();
        assert_eq!(store.begin("one", &claimed, monday()).await.unwrap(), Begin::Go);
        if settled {
            let sent = Settlement::Sent { channel: ChannelId("D1".to_owned()), ts: "1.5".to_owned() };
            store.settle(&claimed.id, 1, &sent, monday()).await.unwrap();
        } else {
            let unknown = Settlement::Unknown { at: monday(), code: "timeout".to_owned() };
            store.settle(&claimed.id, 1, &unknown, monday()).await.unwrap();
            assert!(!store.subscription("daily", who).await.unwrap().unwrap().greeted);
            assert!(store.resolve(&claimed.id, true, "ada", monday()).await.unwrap());
        }
        assert!(store.subscription("daily", who).await.unwrap().unwrap().greeted, "{who}");
    }
}

async fn the_ledger_goes_on_after_the_last_one_that_was_read(place: Place) {
    let store = place.store().await;
    let skipped = || Planned::Skipped("no_activity".to_owned());
    let planned: Vec<_> = (0..9)
        .map(|number| NewDelivery {
            due: monday() + minutes(number / 3),
            ..by_hand(if number % 2 == 0 { "daily" } else { "weekly" }, "U1", &number.to_string(), skipped())
        })
        .collect();
    store.plan(&planned, &[], monday()).await.unwrap();
    for (report, recipient) in [(None, None), (Some("daily"), None), (Some("weekly"), None), (None, Some("U1"))] {
        let mut expected: Vec<_> =
            planned.iter().filter(|one| report.is_none_or(|report| one.report == report)).collect();
        expected.sort_by(|a, b| (b.due, &b.id).cmp(&(a.due, &a.id)));
        let (mut read, mut before) = (Vec::new(), None);
        loop {
            let page = store.ledger(Ledger { report, recipient, before: before.as_ref() }, 2).await.unwrap();
            let Some(last) = page.last() else { break };
            before = Some(last.id.clone());
            read.extend(page.into_iter().map(|one| one.id));
        }
        assert_eq!(read, expected.iter().map(|one| one.id.clone()).collect::<Vec<_>>(), "{report:?} {recipient:?}");
    }
}

async fn who_waits_for_a_digest_is_counted_without_who_paused(place: Place) {
    let store = place.store().await;
    assert_eq!(store.awaiting("daily", monday()).await.unwrap(), (0, None));
    put(&store, &["U1", "U2"].map(subscription)).await;
    assert_eq!(store.awaiting("daily", monday()).await.unwrap(), (2, Some(monday())));
    let paused = Preferences { pause_until: Some(monday() + minutes(1)), ..Preferences::default() };
    store.set_preferences(&MemberId("U1".to_owned()), &paused, monday(), "U1").await.unwrap();
    assert_eq!(store.awaiting("daily", monday()).await.unwrap().0, 1);
    assert_eq!(store.awaiting("daily", monday() + minutes(1)).await.unwrap().0, 2);
    assert_eq!(store.awaiting("weekly", monday()).await.unwrap().0, 0);
}

async fn an_address_is_known_while_somebody_in_the_directory_has_it(place: Place) {
    let store = place.store().await;
    let guest = MemberRecord { status: MemberStatus::Guest, ..member("U2") };
    let gone = MemberRecord { status: MemberStatus::Gone, ..member("U3") };
    store.learn_members(&[member("U1"), guest, gone], monday()).await.unwrap();
    let asked = BTreeSet::from(["U1", "U2", "U3", "U4"].map(email));
    assert_eq!(store.in_directory(&asked).await.unwrap(), BTreeSet::from(["U1", "U2"].map(email)));
}

async fn a_team_that_was_forgotten_begins_anew(place: Place) {
    let store = place.store().await;
    let people = |who: &[&str]| {
        let who: BTreeSet<_> = who.iter().map(|who| email(who)).collect();
        BTreeMap::from([("core".to_owned(), who.clone()), ("web".to_owned(), who)])
    };
    store.sync_teams(&people(&["u1"]), monday()).await.unwrap();
    store.forget_team("core").await.unwrap();
    store.sync_teams(&people(&["u2"]), monday()).await.unwrap();
    let both = BTreeSet::from(["core".to_owned(), "web".to_owned()]);
    let rosters = store.rosters(&both, monday() - minutes(9)).await.unwrap();
    assert_eq!(rosters["core"].0, BTreeMap::from([(email("u2"), vec![Stay::ALWAYS])]));
    assert_eq!(rosters["web"].0.len(), 2);
}

on_both!(
    a_summary_by_hand_goes_to_its_channel_whatever_the_team_is_called,
    a_summary_by_hand_is_withdrawn_where_its_team_is_switched_off_moved_or_removed,
    what_was_withdrawn_while_it_was_being_sent_is_not_sent_again,
    a_digest_by_hand_stops_for_who_does_not_want_it_any_more,
    a_digest_by_hand_greets_as_the_scheduled_one_does,
    the_ledger_goes_on_after_the_last_one_that_was_read,
    who_waits_for_a_digest_is_counted_without_who_paused,
    an_address_is_known_while_somebody_in_the_directory_has_it,
    a_team_that_was_forgotten_begins_anew,
);
