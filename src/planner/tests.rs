//! What becomes of a member's subscription when something about them changes.

mod teams;

use super::*;
use crate::{
    config::{self, Enrollment},
    model::{Covers, MemberEmail, MemberId, Weekdays},
    schedule::CatchUp,
    store::{
        Activity, Consent, ConsentKind, Consents, MemberRecord, MemberStatus, Preferences, RosterEntry, Subscription,
    },
};
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use chrono_tz::Tz;
use std::collections::BTreeMap;

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn date(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn rules() -> Rules {
    Rules {
        enabled_at: Some(at("2026-01-01T00:00:00Z")),
        enrollment: Enrollment::OptIn,
        time: "09:00".parse().unwrap(),
        weekdays: Weekdays::MON_FRI,
        covers: config::Covers::Auto,
        zone: Tz::UTC,
        catch_up: CatchUp { hours: 4, latest_local_hour: 17 },
        jitter_minutes: 0,
        sections: None,
        teams: BTreeMap::new(),
    }
}

fn consent(kind: ConsentKind, when: &str) -> Consent {
    Consent {
        member: MemberId("U0ADA".into()),
        kind,
        at: at(when),
        surface: "slack".into(),
        actor: "U0ADA".into(),
        wording: "a daily digest".into(),
    }
}

/// Ada in Berlin, who opted in on Monday, 2026-03-02, at 10:00 local time.
fn ada() -> RosterEntry {
    RosterEntry {
        member: MemberRecord {
            id: MemberId("U0ADA".into()),
            email: Some(MemberEmail::parse("ada@example.com").unwrap()),
            name: "Ada".into(),
            zone: Some(Tz::Europe__Berlin),
            status: MemberStatus::Active,
            dm: None,
            last_usage: None,
        },
        consents: Consents { digest: Some(consent(ConsentKind::OptIn, "2026-03-02T09:00:00Z")), ..Consents::default() },
        preferences: Preferences::default(),
        switched_off: false,
        subscription: None,
    }
}

fn wanted(entry: &RosterEntry, now: &str) -> Subscription {
    desired(entry, &rules(), at(now)).unwrap().subscription
}

/// The entry with the subscription that follows from it, as it stands after the occurrence of `day` was planned.
fn planned(mut entry: RosterEntry, day: &str, due: &str, now: &str) -> RosterEntry {
    let mut subscription = wanted(&entry, now);
    subscription.last_period = Some(date(day));
    subscription.last_due = Some(at(due));
    subscription.last_window_end = Some(at(due) - TimeDelta::hours(9));
    entry.subscription = Some(subscription);
    let subscription = wanted(&entry, now);
    entry.subscription = Some(subscription);
    entry
}

#[test]
fn nothing_is_due_from_before_consent_or_enabling() {
    let subscription = wanted(&ada(), "2026-03-02T09:00:05Z");
    assert_eq!(subscription.next_due, Some(at("2026-03-03T08:00:00Z")));

    let later = Rules { enabled_at: Some(at("2026-03-04T12:00:00Z")), ..rules() };
    let subscription = desired(&ada(), &later, at("2026-03-04T12:00:01Z")).unwrap().subscription;
    assert_eq!(subscription.next_due, Some(at("2026-03-05T08:00:00Z")));
}

#[test]
fn without_consent_nobody_has_a_subscription_unless_enrollment_says_so() {
    let mut entry = ada();
    entry.consents.digest = None;
    entry.member.last_usage = Some(at("2026-03-01T12:00:00Z"));
    assert_eq!(desired(&entry, &rules(), at("2026-03-02T10:00:00Z")), None);

    let opt_out = Rules { enrollment: Enrollment::OptOut, ..rules() };
    let subscription = desired(&entry, &opt_out, at("2026-03-02T10:00:00Z")).unwrap().subscription;
    assert_eq!((subscription.activity, subscription.next_due), (Activity::On, Some(at("2026-03-03T08:00:00Z"))));

    entry.member.last_usage = None;
    assert_eq!(desired(&entry, &opt_out, at("2026-03-02T10:00:00Z")), None);
    entry.member.last_usage = Some(at("2026-03-01T12:00:00Z"));
    entry.consents.suppressed = true;
    assert_eq!(desired(&entry, &opt_out, at("2026-03-02T10:00:00Z")), None);
}

#[test]
fn every_reason_switches_it_off_visibly() {
    for (status, reason) in [
        (MemberStatus::Deactivated, "deactivated"),
        (MemberStatus::Guest, "guest"),
        (MemberStatus::Bot, "bot"),
        (MemberStatus::OtherWorkspace, "other_workspace"),
        (MemberStatus::Gone, "gone"),
    ] {
        let mut entry = planned(ada(), "2026-03-03", "2026-03-03T08:00:00Z", "2026-03-03T08:00:10Z");
        entry.member.status = status;
        let subscription = wanted(&entry, "2026-03-03T12:00:00Z");
        assert_eq!((subscription.activity, subscription.next_due), (Activity::Off(reason.into()), None), "{reason}");
    }
    let mut entry = planned(ada(), "2026-03-03", "2026-03-03T08:00:00Z", "2026-03-03T08:00:10Z");
    entry.consents.digest = Some(consent(ConsentKind::OptOut, "2026-03-03T09:00:00Z"));
    assert_eq!(wanted(&entry, "2026-03-03T12:00:00Z").activity, Activity::Off("opted_out".into()));
}

#[test]
fn who_comes_back_begins_anew() {
    let mut entry = planned(ada(), "2026-03-03", "2026-03-03T08:00:00Z", "2026-03-03T08:00:10Z");
    entry.member.status = MemberStatus::Deactivated;
    entry.subscription = Some(wanted(&entry, "2026-03-03T12:00:00Z"));
    entry.member.status = MemberStatus::Active;

    let subscription = wanted(&entry, "2026-03-10T12:00:00Z");

    assert_eq!((subscription.activity, subscription.next_due), (Activity::On, Some(at("2026-03-11T08:00:00Z"))));
}

#[test]
fn what_slack_refused_for_good_stays_off_until_a_new_opt_in() {
    let mut entry = planned(ada(), "2026-03-03", "2026-03-03T08:00:00Z", "2026-03-03T08:00:10Z");
    let off = Activity::Off("slack_channel_not_found".into());
    let switched_off = Subscription {
        activity: off.clone(),
        since: at("2026-03-05T08:00:00Z"),
        next_due: None,
        ..entry.subscription.clone().unwrap()
    };
    entry.subscription = Some(switched_off);
    assert_eq!(wanted(&entry, "2026-03-06T08:00:00Z").activity, off);

    entry.consents.digest = Some(consent(ConsentKind::OptIn, "2026-03-06T09:00:00Z"));
    let subscription = wanted(&entry, "2026-03-06T09:00:01Z");
    assert_eq!((subscription.activity, subscription.next_due), (Activity::On, Some(at("2026-03-09T08:00:00Z"))));
}

#[test]
fn a_changed_time_does_not_repeat_the_date() {
    let mut entry = planned(ada(), "2026-03-03", "2026-03-03T08:00:00Z", "2026-03-03T08:00:10Z");
    entry.preferences.time = Some("16:00".parse().unwrap());

    let subscription = wanted(&entry, "2026-03-03T09:00:00Z");

    assert_eq!(subscription.covers, Covers::Evening);
    assert_eq!(subscription.next_due, Some(at("2026-03-04T15:00:00Z")));
}

#[test]
fn a_pause_ends_with_the_first_occurrence_after_it() {
    let mut entry = planned(ada(), "2026-03-03", "2026-03-03T08:00:00Z", "2026-03-03T08:00:10Z");
    entry.preferences.pause_until = Some(at("2026-03-09T00:00:00Z"));
    assert_eq!(wanted(&entry, "2026-03-03T09:00:00Z").next_due, Some(at("2026-03-09T08:00:00Z")));
}

#[test]
fn a_move_to_another_zone_passes_over_what_comes_too_soon() {
    let mut entry = planned(ada(), "2026-03-03", "2026-03-03T08:00:00Z", "2026-03-03T08:00:10Z");
    // 09:00 on Wednesday in Auckland is 20:00 on Tuesday in UTC: twelve hours after Berlin's Tuesday.
    entry.member.zone = Some(Tz::Asia__Tokyo);

    let moved = desired(&entry, &rules(), at("2026-03-03T10:00:00Z")).unwrap();

    assert_eq!(moved.subscription.next_due, Some(at("2026-03-04T00:00:00Z")));
    assert_eq!(moved.passed_over, []);
    assert_eq!(moved.subscription.resume_from, entry.subscription.as_ref().unwrap().last_window_end);

    let mut entry = planned(ada(), "2026-03-03", "2026-03-03T15:00:00Z", "2026-03-03T15:00:10Z");
    entry.member.zone = Some(Tz::Asia__Tokyo);
    let moved = desired(&entry, &rules(), at("2026-03-03T16:00:00Z")).unwrap();
    assert_eq!(moved.passed_over.iter().map(|passed| passed.at).collect::<Vec<_>>(), [at("2026-03-04T00:00:00Z")]);
    assert_eq!(moved.subscription.next_due, Some(at("2026-03-05T00:00:00Z")));
    // What was passed over is not found again.
    entry.subscription = Some(moved.subscription.clone());
    assert_eq!(wanted(&entry, "2026-03-03T17:00:00Z"), moved.subscription);
}

#[test]
fn a_zone_that_the_member_picked_beats_slacks() {
    let mut entry = ada();
    entry.preferences.zone = Some(Tz::Asia__Kathmandu);
    assert_eq!(wanted(&entry, "2026-03-02T09:00:00Z").zone, Tz::Asia__Kathmandu);
    entry.preferences.zone = None;
    entry.member.zone = None;
    assert_eq!(wanted(&entry, "2026-03-02T09:00:00Z").zone, Tz::UTC);
}

#[test]
fn nothing_changes_where_nothing_has_changed() {
    let entry = planned(ada(), "2026-03-03", "2026-03-03T08:00:00Z", "2026-03-03T08:00:10Z");
    for now in ["2026-03-03T08:00:11Z", "2026-03-03T23:00:00Z", "2026-03-04T07:59:59Z"] {
        assert_eq!(Some(wanted(&entry, now)), entry.subscription, "{now}");
    }
}
