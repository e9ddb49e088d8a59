//! What is kept as it was given: values by key, preferences, configurations, calendars, audit.

use crate::support::store::{Place, at, configure, email, minutes, monday};
use recap::{
    model::{ChannelId, Covers, DeliveryId, MemberId},
    store::{AuditEntry, ChannelRecord, Preferences, PreferencesChange, ReportConfig, Requested},
};

async fn a_value_is_set_swapped_and_unset(place: Place) {
    let store = place.store().await;
    assert_eq!(store.value("halted").await.unwrap(), None);
    assert!(store.swap_value("halted", None, Some("ada")).await.unwrap());
    assert!(!store.swap_value("halted", None, Some("bob")).await.unwrap());
    assert!(!store.swap_value("halted", Some("bob"), Some("cyd")).await.unwrap());
    assert!(store.swap_value("halted", Some("ada"), Some("cyd")).await.unwrap());
    assert_eq!(store.value("halted").await.unwrap().as_deref(), Some("cyd"));
    assert!(!store.swap_value("halted", None, None).await.unwrap());
    assert!(store.swap_value("halted", Some("cyd"), None).await.unwrap());
    assert!(store.swap_value("halted", None, None).await.unwrap());
    store.set_value("halted", Some("1")).await.unwrap();
    store.set_value("halted", Some("2")).await.unwrap();
    assert_eq!(store.value("halted").await.unwrap().as_deref(), Some("2"));
    store.set_value("halted", None).await.unwrap();
    assert_eq!(store.value("halted").await.unwrap(), None);
}

async fn preferences_come_back_as_they_were_set(place: Place) {
    let store = place.store().await;
    let member = MemberId("U1".to_owned());
    assert_eq!(store.preferences(&member).await.unwrap(), Preferences::default());
    let chosen = Preferences {
        time: Some("18:00".parse().unwrap()),
        zone: Some(chrono_tz::Tz::Asia__Kathmandu),
        weekdays: Some("mon,wed".parse().unwrap()),
        covers: Some(Covers::Evening),
        days_off: Some(vec!["2026-12-24".parse().unwrap()]),
        sections: Some(vec![]),
        pause_until: Some(monday()),
    };
    store.set_preferences(&member, &chosen, monday(), "U1").await.unwrap();
    assert_eq!(store.preferences(&member).await.unwrap(), chosen);
    store.set_preferences(&member, &Preferences::default(), monday(), "U1").await.unwrap();
    assert_eq!(store.preferences(&member).await.unwrap(), Preferences::default());
    assert_eq!(store.audited(Some("U1"), 10).await.unwrap().len(), 2);
}

async fn a_change_of_preferences_leaves_what_others_changed(place: Place) {
    let store = place.store().await;
    let member = MemberId("U1".to_owned());
    let time = PreferencesChange { time: Some(Some("18:00".parse().unwrap())), ..PreferencesChange::default() };
    let pause = PreferencesChange { pause_until: Some(Some(monday())), ..PreferencesChange::default() };
    let zone = PreferencesChange { zone: Some(Some(chrono_tz::Tz::Asia__Tokyo)), ..PreferencesChange::default() };
    let by = ("U1", "button");
    let (one, two, three) = tokio::join!(
        store.change_preferences(&member, &time, monday(), by),
        store.change_preferences(&member, &pause, monday(), by),
        store.change_preferences(&member, &zone, monday(), by),
    );
    for changed in [one, two, three] {
        changed.unwrap();
    }
    let expected = Preferences {
        time: Some("18:00".parse().unwrap()),
        zone: Some(chrono_tz::Tz::Asia__Tokyo),
        pause_until: Some(monday()),
        ..Preferences::default()
    };
    assert_eq!(store.preferences(&member).await.unwrap(), expected);
    let resumed = PreferencesChange { pause_until: Some(None), ..PreferencesChange::default() };
    store.change_preferences(&member, &resumed, monday(), by).await.unwrap();
    store.change_preferences(&member, &PreferencesChange::default(), monday(), by).await.unwrap();
    assert_eq!(store.preferences(&member).await.unwrap(), Preferences { pause_until: None, ..expected });
    assert_eq!(store.audited(Some("U1"), 10).await.unwrap().len(), 4);
}

async fn a_report_is_configured_by_scope(place: Place) {
    let store = place.store().await;
    let config = ReportConfig {
        enabled: Some(true),
        enabled_at: Some(monday()),
        time: Some("10:30".parse().unwrap()),
        weekdays: Some("mon".parse().unwrap()),
        zone: Some(chrono_tz::Tz::Asia__Kolkata),
        channel: Some("C1".to_owned()),
        sections: Some(vec!["usage".to_owned()]),
        members: Some(vec![email("u1"), email("u2")]),
        exclude: Some(vec![]),
        owners: Some(vec![email("u1")]),
        min_active: Some(5),
        ..ReportConfig::new("weekly", "team:core")
    };
    configure(&store, &config, monday()).await;
    let standing = ReportConfig { version: 1, ..config.clone() };
    assert_eq!(store.report_config("weekly", "team:core").await.unwrap(), Some(standing));
    let bare = ReportConfig {
        members: None,
        usergroup: Some("S1".to_owned()),
        attribute: Some("team.id=core".to_owned()),
        ..ReportConfig::new("weekly", "team:core")
    };
    configure(&store, &bare, monday()).await;
    let standing = ReportConfig { version: 2, ..bare };
    assert_eq!(store.report_config("weekly", "team:core").await.unwrap(), Some(standing));
    assert_eq!(store.report_config("daily", "team:core").await.unwrap(), None);
}

async fn of_two_who_change_a_configuration_at_once_the_second_is_refused(place: Place) {
    let store = place.store().await;
    let entry = |detail: &str| AuditEntry {
        at: monday(),
        actor: "admin".to_owned(),
        action: "report.configure".to_owned(),
        subject: "team:core".to_owned(),
        detail: detail.to_owned(),
    };
    let new = ReportConfig { min_active: Some(4), ..ReportConfig::new("weekly", "team:core") };
    let (one, other) = (entry("one"), entry("other"));
    let (first, second) = tokio::join!(store.put_report_config(&new, &one), store.put_report_config(&new, &other));
    assert_eq!([first.unwrap(), second.unwrap()].iter().filter(|written| **written).count(), 1);

    let seen = store.report_config("weekly", "team:core").await.unwrap().unwrap();
    let change = |least| ReportConfig { min_active: Some(least), ..seen.clone() };
    assert!(store.put_report_config(&change(5), &entry("five")).await.unwrap());
    assert!(!store.put_report_config(&change(6), &entry("six")).await.unwrap());
    let standing = store.report_config("weekly", "team:core").await.unwrap().unwrap();
    assert_eq!((standing.min_active, standing.version), (Some(5), 2));
    assert!(!store.remove_report_config("weekly", "team:core", 1, &entry("gone")).await.unwrap());
    // What came to nothing is not on record.
    let details: Vec<_> = store.audited(None, 9).await.unwrap().into_iter().map(|entry| entry.detail).collect();
    assert_eq!(details.len(), 2);
    assert_eq!(details[0], "five");

    store.note_preview("U1", "weekly", "team:core", "x", monday()).await.unwrap();
    assert!(store.remove_report_config("weekly", "team:core", 2, &entry("gone")).await.unwrap());
    assert_eq!(store.report_config("weekly", "team:core").await.unwrap(), None);
    assert_eq!(store.previewed("U1", "weekly", "team:core", "x").await.unwrap(), None);
    assert!(!store.put_report_config(&change(7), &entry("seven")).await.unwrap());
}

async fn all_configurations_of_a_report_come_by_scope(place: Place) {
    let store = place.store().await;
    let config = |report: &str, scope: &str| ReportConfig {
        enabled: Some(false),
        weekdays: Some("fri".parse().unwrap()),
        channel: Some("C1".to_owned()),
        ..ReportConfig::new(report, scope)
    };
    let kept = ["team:web", "team:core", "workspace"].map(|scope| config("weekly", scope));
    for one in kept.iter().chain([&config("daily", "workspace")]) {
        configure(&store, one, monday()).await;
    }
    let [web, core, workspace] = kept.map(|one| ReportConfig { version: 1, ..one });
    assert_eq!(store.report_configs("weekly").await.unwrap(), [core, web, workspace]);
    assert!(store.report_configs("now").await.unwrap().is_empty());
}

async fn a_preview_is_of_who_saw_it(place: Place) {
    let store = place.store().await;
    store.note_preview("U1", "weekly", "team:core", "x", monday()).await.unwrap();
    store.note_preview("U1", "weekly", "team:core", "x", monday() + minutes(1)).await.unwrap();
    for (actor, report, scope, seen) in [
        ("U1", "weekly", "team:core", Some(monday() + minutes(1))),
        ("U2", "weekly", "team:core", None),
        ("U1", "daily", "team:core", None),
        ("U1", "weekly", "team:web", None),
    ] {
        assert_eq!(store.previewed(actor, report, scope, "x").await.unwrap(), seen, "{actor} {report} {scope}");
    }
    assert_eq!(store.previewed("U1", "weekly", "team:core", "y").await.unwrap(), None, "it was of another");
    store.note_preview("U1", "weekly", "team:core", "y", monday()).await.unwrap();
    assert_eq!(store.previewed("U1", "weekly", "team:core", "x").await.unwrap(), None, "the last one counts");
    store.delete_member_data(&MemberId("U1".to_owned()), monday(), "U1").await.unwrap();
    assert_eq!(store.previewed("U1", "weekly", "team:core", "y").await.unwrap(), None);
}

async fn a_request_under_a_key_is_the_one_that_came_first(place: Place) {
    let store = place.store().await;
    let request =
        |delivery: &str| Requested { subject: "team:core".to_owned(), delivery: DeliveryId(delivery.to_owned()) };
    assert_eq!(store.requested("token:ci", "k").await.unwrap(), None);
    let (first, second) = (request("d1"), request("d2"));
    let (one, other) = tokio::join!(
        store.note_request("token:ci", "k", &first, monday()),
        store.note_request("token:ci", "k", &second, monday()),
    );
    assert_eq!(one.unwrap(), other.unwrap());
    assert_eq!(store.note_request("U1", "k", &request("d3"), monday()).await.unwrap(), request("d3"));
    store.prune(monday() + minutes(3 * 24 * 60), 90).await.unwrap();
    assert_eq!(store.requested("token:ci", "k").await.unwrap(), None);
}

async fn a_channel_is_known_as_it_was_described_last(place: Place) {
    let store = place.store().await;
    let id = ChannelId("C1".to_owned());
    assert_eq!(store.channel(&id).await.unwrap(), None);
    let channel = ChannelRecord {
        id: id.clone(),
        name: "plat\0form".to_owned(),
        archived: false,
        shared: true,
        member: true,
        private: false,
        seen_at: monday(),
    };
    store.learn_channel(&channel).await.unwrap();
    let named = ChannelRecord { name: "platform".to_owned(), ..channel };
    assert_eq!(store.channel(&id).await.unwrap(), Some(named.clone()));
    let seen_at = monday() + minutes(1);
    let other = ChannelRecord { archived: true, shared: false, member: false, private: true, seen_at, ..named };
    store.learn_channel(&other).await.unwrap();
    assert_eq!(store.channel(&id).await.unwrap(), Some(other));
    assert_eq!(store.channel(&ChannelId("C2".to_owned())).await.unwrap(), None);
}

async fn a_calendar_is_kept_under_its_key(place: Place) {
    let store = place.store().await;
    assert!(store.calendar("berlin").await.unwrap().is_empty());
    let days = ["2026-04-03".parse().unwrap(), "2026-05-01".parse().unwrap()];
    store.put_calendar("berlin", &days[..1]).await.unwrap();
    store.put_calendar("berlin", &days).await.unwrap();
    assert_eq!(store.calendar("berlin").await.unwrap(), days);
}

async fn the_audit_tells_the_latest_first(place: Place) {
    let store = place.store().await;
    for (number, subject) in ["a", "b", "a"].iter().enumerate() {
        let entry = AuditEntry {
            at: at("2026-03-09T08:00:00.000001Z"),
            actor: "cli".to_owned(),
            action: "test.act".to_owned(),
            subject: (*subject).to_owned(),
            detail: format!("number\0 {number}"),
        };
        store.audit(&entry).await.unwrap();
    }
    let details = |entries: Vec<AuditEntry>| entries.into_iter().map(|entry| entry.detail).collect::<Vec<_>>();
    assert_eq!(details(store.audited(None, 2).await.unwrap()), ["number 2", "number 1"]);
    let about = store.audited(Some("a"), 9).await.unwrap();
    assert_eq!(about[0].at, at("2026-03-09T08:00:00.000001Z"));
    assert_eq!(details(about), ["number 2", "number 0"]);
}

async fn replicas_count_up_until_they_are_dismissed(place: Place) {
    let store = place.store().await;
    for replica in ["one", "two", "two"] {
        store.beat(replica).await.unwrap();
    }
    assert_eq!(store.beats().await.unwrap(), [("one".to_owned(), 1), ("two".to_owned(), 2)]);
    store.dismiss(&["one".to_owned()]).await.unwrap();
    assert_eq!(store.beats().await.unwrap(), [("two".to_owned(), 2)]);
}

on_both!(
    a_value_is_set_swapped_and_unset,
    preferences_come_back_as_they_were_set,
    a_change_of_preferences_leaves_what_others_changed,
    a_report_is_configured_by_scope,
    of_two_who_change_a_configuration_at_once_the_second_is_refused,
    a_preview_is_of_who_saw_it,
    a_request_under_a_key_is_the_one_that_came_first,
    all_configurations_of_a_report_come_by_scope,
    a_channel_is_known_as_it_was_described_last,
    a_calendar_is_kept_under_its_key,
    the_audit_tells_the_latest_first,
    replicas_count_up_until_they_are_dismissed,
);
