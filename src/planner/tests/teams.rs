//! What becomes of a team's subscription when something about it changes, and of its weeks.

use super::{at, date, rules};
use crate::{
    config::Membership,
    model::{ChannelId, Weekdays},
    planner::{DesiredTeam, Rules, TeamEntry, TeamRules, TeamWeekly, desired_team, plan_week::TeamDue, weekly_window},
    schedule::WeeklySchedule,
    store::{Activity, NewDelivery, Planned, Subscription},
};
use chrono::{DateTime, Datelike, NaiveDate, TimeDelta, Utc, Weekday};
use chrono_tz::Tz;
use proptest::{prelude::*, sample::select};
use std::collections::{BTreeMap, BTreeSet};

const TEAM: &str = "platform";

/// Mondays at nine in Berlin, enabled on Friday, 2026-02-27.
fn weekly() -> TeamWeekly {
    TeamWeekly {
        enabled_at: Some(at("2026-02-27T12:00:00Z")),
        schedule: WeeklySchedule {
            zone: Tz::Europe__Berlin,
            time: "09:00".parse().unwrap(),
            day: Weekday::Mon,
            days_off: BTreeSet::new(),
        },
        channel: Some(ChannelId("C1".into())),
        sections: Vec::new(),
        membership: Membership::Members(Vec::new()),
        exclude: BTreeSet::new(),
        owners: Vec::new(),
        min_active: 3,
    }
}

fn weekly_off(days: &[&str]) -> TeamWeekly {
    let schedule = WeeklySchedule { days_off: days.iter().map(|day| date(day)).collect(), ..weekly().schedule };
    TeamWeekly { schedule, ..weekly() }
}

fn desired(weekly: &TeamWeekly, prior: Option<&Subscription>, now: &str) -> DesiredTeam {
    desired_team(TeamEntry { name: TEAM, weekly: Some(weekly), prior, refused_in: None }, at(now)).unwrap()
}

fn wanted(weekly: &TeamWeekly, prior: Option<&Subscription>, now: &str) -> Subscription {
    desired(weekly, prior, now).subscription
}

/// The subscription as it stands after the occurrence of Monday, 2026-03-09, was planned.
fn planned() -> Subscription {
    let subscription = Subscription {
        last_period: Some(date("2026-03-09")),
        last_due: Some(at("2026-03-09T08:00:00Z")),
        ..wanted(&weekly(), None, "2026-02-27T12:00:05Z")
    };
    wanted(&weekly(), Some(&subscription), "2026-03-09T08:00:10Z")
}

fn told(deliveries: &[NewDelivery]) -> Vec<(&str, String)> {
    let outcome = |one: &NewDelivery| match &one.outcome {
        Planned::Due => "due".to_owned(),
        Planned::Skipped(reason) | Planned::Missed(reason) => reason.clone(),
        Planned::Rendered(_) | Planned::Summarized(..) => panic!("computed already"),
    };
    deliveries.iter().map(|one| (one.period.as_str(), outcome(one))).collect()
}

fn rules_of(weekly: TeamWeekly) -> Rules {
    let team = TeamRules { members: BTreeSet::new(), days_off: weekly.schedule.days_off.clone(), weekly };
    Rules { teams: BTreeMap::from([(TEAM.to_owned(), team)]), ..rules() }
}

/// A tick at `now`: the deliveries, and the subscription as it goes on.
fn ticked(weekly: &TeamWeekly, team: &Subscription, now: DateTime<Utc>) -> (Vec<NewDelivery>, Subscription) {
    let key = team.due_key().unwrap();
    let rules = rules_of(weekly.clone());
    let (deliveries, advance) = TeamDue::of(team, key, &rules).plan(&rules, now);
    assert_eq!((advance.first.as_str(), advance.last.as_str(), advance.planned), (TEAM, TEAM, false));
    let gone_on = Subscription {
        next_due: advance.next_due,
        last_period: Some(advance.last_period),
        last_due: Some(advance.last_due),
        last_window_end: Some(advance.last_window_end),
        version: team.version + 1,
        ..team.clone()
    };
    (deliveries, gone_on)
}

#[test]
fn a_team_is_subscribed_on_its_day_alone() {
    let subscription = wanted(&weekly(), None, "2026-02-27T12:00:05Z");
    assert_eq!((subscription.report.as_str(), subscription.recipient.as_str()), ("weekly", TEAM));
    assert_eq!((subscription.team.as_str(), subscription.email.as_ref()), (TEAM, None));
    assert_eq!(subscription.weekdays, "mon".parse::<Weekdays>().unwrap());
    assert_eq!((subscription.calendar.as_str(), &subscription.activity), ("", &Activity::On));
}

#[test]
fn nothing_is_due_from_before_enabling() {
    for (enabled_at, now, next_due) in [
        ("2026-03-02T07:59:00Z", "2026-03-02T07:59:30Z", "2026-03-02T08:00:00Z"),
        // Enabled in time, and seen a little later: that is caught up.
        ("2026-03-02T07:59:00Z", "2026-03-02T08:00:30Z", "2026-03-02T08:00:00Z"),
        ("2026-03-02T08:00:00Z", "2026-03-02T08:00:00Z", "2026-03-09T08:00:00Z"),
        ("2026-03-02T09:00:00Z", "2026-03-02T09:00:00Z", "2026-03-09T08:00:00Z"),
        // Clocks go forward on the 29th.
        ("2026-03-27T09:00:00Z", "2026-03-27T09:00:00Z", "2026-03-30T07:00:00Z"),
    ] {
        let weekly = TeamWeekly { enabled_at: Some(at(enabled_at)), ..weekly() };
        assert_eq!(wanted(&weekly, None, now).next_due, Some(at(next_due)), "{enabled_at}");
    }
}

#[test]
fn every_reason_switches_it_off_visibly() {
    let (prior, now) = (planned(), "2026-03-10T12:00:00Z");
    let not_enabled = TeamWeekly { enabled_at: None, ..weekly() };
    let no_channel = TeamWeekly { channel: None, ..weekly() };
    for (weekly, reason) in
        [(Some(&not_enabled), "not_enabled"), (Some(&no_channel), "no_channel"), (None, "team_removed")]
    {
        let entry = TeamEntry { name: TEAM, weekly, prior: Some(&prior), refused_in: None };
        let subscription = desired_team(entry, at(now)).unwrap().subscription;
        assert_eq!((subscription.activity, subscription.next_due), (Activity::Off(reason.into()), None), "{reason}");
        assert_eq!((subscription.last_period, subscription.version), (prior.last_period, prior.version));
    }
    let new = |weekly| desired_team(TeamEntry { name: TEAM, weekly, prior: None, refused_in: None }, at(now));
    assert_eq!(new(Some(&not_enabled)), None);
    assert_eq!(new(None), None);
    assert_eq!(new(Some(&no_channel)).unwrap().subscription.activity, Activity::Off("no_channel".into()));
}

#[test]
fn what_comes_back_begins_anew() {
    let no_channel = TeamWeekly { channel: None, ..weekly() };
    let without = wanted(&no_channel, None, "2026-02-27T12:00:05Z");
    let subscription = wanted(&weekly(), Some(&without), "2026-03-02T09:00:00Z");
    assert_eq!((subscription.activity, subscription.next_due), (Activity::On, Some(at("2026-03-09T08:00:00Z"))));

    // Enabled again, which has its own instant.
    let off = wanted(&TeamWeekly { enabled_at: None, ..weekly() }, Some(&planned()), "2026-03-10T12:00:00Z");
    let again = TeamWeekly { enabled_at: Some(at("2026-03-16T07:00:00Z")), ..weekly() };
    let subscription = wanted(&again, Some(&off), "2026-03-16T08:30:00Z");
    assert_eq!(subscription.next_due, Some(at("2026-03-16T08:00:00Z")));
}

#[test]
fn what_slack_refused_stays_off_until_it_is_enabled_again_or_goes_elsewhere() {
    let off = Activity::Off("slack_is_archived".into());
    let refused =
        Subscription { activity: off.clone(), since: at("2026-03-11T08:00:00Z"), next_due: None, ..planned() };
    let channel = |id: &str| ChannelId(id.into());
    let later = Some(at("2026-03-12T08:00:00Z"));
    for (enabled_at, goes_to, refused_in, stays_off) in [
        (weekly().enabled_at, "C1", Some("C1"), true),
        (weekly().enabled_at, "C1", None, true),
        (weekly().enabled_at, "C2", Some("C1"), false),
        (later, "C1", Some("C1"), false),
        (later, "C1", None, false),
    ] {
        let weekly = TeamWeekly { enabled_at, channel: Some(channel(goes_to)), ..weekly() };
        let refused_in = refused_in.map(channel);
        let entry =
            TeamEntry { name: TEAM, weekly: Some(&weekly), prior: Some(&refused), refused_in: refused_in.as_ref() };
        let subscription = desired_team(entry, at("2026-03-16T08:30:00Z")).unwrap().subscription;
        if stays_off {
            assert_eq!(subscription, refused, "{goes_to} {refused_in:?}");
        } else {
            // Nothing from before.
            let on = (Activity::On, Some(at("2026-03-23T08:00:00Z")));
            assert_eq!((subscription.activity, subscription.next_due), on, "{goes_to} {refused_in:?}");
        }
    }
}

#[test]
fn a_changed_schedule_repeats_no_week_and_says_which_it_passes_over() {
    let unplanned = wanted(&weekly(), None, "2026-02-27T12:00:05Z");
    let planned = planned();
    let none: &[(&str, &str)] = &[];
    for (what, prior, (zone, day, time), now, next_due, passed_over) in [
        // The week's summary is out already.
        (
            "zone",
            &planned,
            (Tz::America__New_York, "mon", "09:00"),
            "2026-03-09T09:00:00Z",
            "2026-03-16T13:00:00Z",
            none,
        ),
        ("zone", &planned, (Tz::Asia__Tokyo, "mon", "09:00"), "2026-03-10T09:00:00Z", "2026-03-16T00:00:00Z", none),
        ("time", &planned, (Tz::Europe__Berlin, "mon", "16:00"), "2026-03-09T09:00:00Z", "2026-03-16T15:00:00Z", none),
        ("day", &planned, (Tz::Europe__Berlin, "fri", "09:00"), "2026-03-10T09:00:00Z", "2026-03-20T08:00:00Z", none),
        // It comes later in its week.
        ("day", &planned, (Tz::Europe__Berlin, "fri", "09:00"), "2026-03-15T23:30:00Z", "2026-03-20T08:00:00Z", none),
        ("zone", &unplanned, (Tz::UTC, "mon", "09:00"), "2026-03-02T08:30:00Z", "2026-03-02T09:00:00Z", none),
        // In the new zone it would have come before the move.
        (
            "zone",
            &planned,
            (Tz::Asia__Tokyo, "mon", "09:00"),
            "2026-03-16T07:00:00Z",
            "2026-03-23T00:00:00Z",
            &[("2026-W12", "zone_moved")],
        ),
        (
            "zone",
            &unplanned,
            (Tz::Asia__Tokyo, "mon", "09:00"),
            "2026-03-02T07:00:00Z",
            "2026-03-09T00:00:00Z",
            &[("2026-W10", "zone_moved")],
        ),
        (
            "zone and time",
            &planned,
            (Tz::Asia__Tokyo, "mon", "10:00"),
            "2026-03-16T07:00:00Z",
            "2026-03-23T01:00:00Z",
            &[("2026-W12", "zone_moved")],
        ),
        (
            "time",
            &planned,
            (Tz::Europe__Berlin, "mon", "07:00"),
            "2026-03-16T07:30:00Z",
            "2026-03-23T06:00:00Z",
            &[("2026-W12", "schedule_changed")],
        ),
        // Nobody ran for weeks, and then it was elsewhere.
        (
            "zone",
            &planned,
            (Tz::UTC, "mon", "09:00"),
            "2026-03-31T12:00:00Z",
            "2026-04-06T09:00:00Z",
            &[("2026-W12", "zone_moved"), ("2026-W13", "zone_moved"), ("2026-W14", "zone_moved")],
        ),
    ] {
        let schedule =
            WeeklySchedule { zone, day: day.parse().unwrap(), time: time.parse().unwrap(), ..weekly().schedule };
        let changed = TeamWeekly { schedule, ..weekly() };
        let desired = desired(&changed, Some(prior), now);
        assert_eq!(desired.subscription.next_due, Some(at(next_due)), "{what} {now}");
        let passed_over: Vec<_> = passed_over.iter().map(|(period, why)| (*period, (*why).to_owned())).collect();
        assert_eq!(told(&desired.passed_over), passed_over, "{what} {now}");
        assert_eq!(wanted(&changed, Some(&desired.subscription), now), desired.subscription, "{what} {now}");
    }
}

#[test]
fn a_week_of_days_off_is_told_when_its_summary_would_have_come() {
    let off = weekly_off(&["2026-03-16", "2026-03-17", "2026-03-18", "2026-03-19", "2026-03-20", "2026-03-23"]);
    let subscription = wanted(&off, Some(&planned()), "2026-03-10T08:00:00Z");
    assert_eq!(subscription.next_due, Some(at("2026-03-16T08:00:00Z")));

    let (deliveries, subscription) = ticked(&off, &subscription, at("2026-03-16T08:00:00Z"));
    assert_eq!(told(&deliveries), [("2026-W12", "holiday".to_owned())]);
    assert_eq!(subscription.next_due, Some(at("2026-03-24T08:00:00Z")));
    assert_eq!(subscription.last_period, Some(date("2026-03-16")));

    let (deliveries, subscription) = ticked(&off, &subscription, at("2026-03-24T08:00:59Z"));
    assert_eq!(told(&deliveries), [("2026-W13", "due".to_owned())]);
    assert_eq!(deliveries[0].due, at("2026-03-24T08:00:00Z"));
    assert_eq!(subscription.last_period, Some(date("2026-03-24")));
    assert_eq!(subscription.next_due, Some(at("2026-03-30T07:00:00Z")));
}

#[test]
fn after_an_absence_the_latest_week_is_caught_up_within_its_limits_and_the_others_are_missed() {
    for (now, expected, next_due) in [
        ("2026-03-16T08:00:00Z", vec![("2026-W12", "due")], "2026-03-23T08:00:00Z"),
        ("2026-03-16T11:59:59Z", vec![("2026-W12", "due")], "2026-03-23T08:00:00Z"),
        ("2026-03-16T12:00:00Z", vec![("2026-W12", "not_running")], "2026-03-23T08:00:00Z"),
        ("2026-03-17T08:00:00Z", vec![("2026-W12", "not_running")], "2026-03-23T08:00:00Z"),
        (
            "2026-03-30T08:00:00Z",
            vec![("2026-W12", "not_running"), ("2026-W13", "not_running"), ("2026-W14", "due")],
            "2026-04-06T07:00:00Z",
        ),
    ] {
        let (deliveries, subscription) = ticked(&weekly(), &planned(), at(now));
        let expected: Vec<_> = expected.into_iter().map(|(period, why)| (period, why.to_owned())).collect();
        assert_eq!(told(&deliveries), expected, "{now}");
        assert_eq!(subscription.next_due, Some(at(next_due)), "{now}");
        let in_step = wanted(&weekly(), Some(&subscription), now);
        assert_eq!(in_step, subscription, "{now}");
    }
    let (deliveries, _) = ticked(&weekly(), &planned(), at("2028-01-01T00:00:00Z"));
    assert_eq!((deliveries.len(), deliveries[39].period.as_str()), (40, "2027-W52"));
}

#[test]
fn a_calendar_that_changes_moves_what_is_ahead_and_nothing_else() {
    // Monday was off, so Tuesday it is; then the calendar gives Monday back when it is over.
    let tuesday = wanted(&weekly_off(&["2026-03-16"]), Some(&planned()), "2026-03-10T08:00:00Z");
    assert_eq!(tuesday.next_due, Some(at("2026-03-17T08:00:00Z")));
    let given_back = wanted(&weekly(), Some(&tuesday), "2026-03-16T14:00:00Z");
    assert_eq!(given_back, tuesday);
    let (deliveries, subscription) = ticked(&weekly(), &given_back, at("2026-03-17T08:00:00Z"));
    assert_eq!(told(&deliveries), [("2026-W12", "due".to_owned())]);
    assert_eq!(subscription.last_period, Some(date("2026-03-17")));
    // In time it moves back.
    let in_time = wanted(&weekly(), Some(&tuesday), "2026-03-15T14:00:00Z");
    assert_eq!(in_time.next_due, Some(at("2026-03-16T08:00:00Z")));
    // A day off that came between reading and planning: nothing yet, and no week lost.
    let (deliveries, subscription) = ticked(&weekly_off(&["2026-03-16"]), &planned(), at("2026-03-16T08:00:00Z"));
    assert_eq!((told(&deliveries), subscription.next_due), (vec![], tuesday.next_due));
    let in_step = wanted(&weekly_off(&["2026-03-16"]), Some(&subscription), "2026-03-16T09:00:00Z");
    assert_eq!(in_step.next_due, tuesday.next_due);
}

#[test]
fn the_window_follows_from_the_period() {
    for (period, monday) in [("2025-W03", "2025-01-06"), ("2026-W01", "2025-12-22"), ("2025-W01", "2024-12-23")] {
        let window = weekly_window(Tz::Europe__Berlin, period).unwrap();
        assert_eq!(window.days[0].date, date(monday), "{period}");
    }
    for period in ["2025-W54", "2025-01-06", "", "W03"] {
        assert_eq!(weekly_window(Tz::UTC, period), None, "{period}");
    }
}

const ZONES: [Tz; 6] = [
    Tz::Europe__Berlin,
    Tz::America__New_York,
    Tz::Pacific__Apia,
    Tz::Asia__Kathmandu,
    Tz::Africa__Cairo,
    Tz::America__Santiago,
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// However zone, time, day and calendar change: every week has one row from the first on, whose date is no day off.
    #[test]
    fn no_week_comes_twice_and_none_is_lost(
        changes in prop::collection::vec(
            (1_i64..40 * 24 * 60, select(ZONES.to_vec()), 0_u8..7, 0..24 * 60, any::<bool>()), 1..12,
        ),
        off in prop::collection::btree_set(0_u64..400, 0..200),
        hours_between_ticks in prop_oneof![Just(1_i64), Just(30), Just(24 * 20)],
    ) {
        let start = at("2026-01-01T00:00:00Z");
        let days_off: BTreeSet<NaiveDate> =
            off.into_iter().map(|day| date("2026-01-01") + chrono::Days::new(day)).collect();
        let mut weekly = TeamWeekly { enabled_at: Some(start), ..weekly() };
        let (mut now, mut standing, mut rows) = (start, None::<Subscription>, Vec::new());
        for (minutes, zone, day, minute, with_days_off) in changes {
            let time = format!("{:02}:{:02}", minute / 60, minute % 60).parse().unwrap();
            let days_off = if with_days_off { days_off.clone() } else { BTreeSet::new() };
            weekly.schedule = WeeklySchedule { zone, time, day: Weekday::try_from(day).unwrap(), days_off };
            let desired = desired_team(
                TeamEntry { name: TEAM, weekly: Some(&weekly), prior: standing.as_ref(), refused_in: None }, now,
            );
            let DesiredTeam { mut subscription, passed_over } = desired.unwrap();
            rows.extend(passed_over);
            let until = now + TimeDelta::minutes(minutes);
            while now < until {
                if subscription.next_due.unwrap() <= now {
                    let (deliveries, gone_on) = ticked(&weekly, &subscription, now);
                    prop_assert!(gone_on.next_due.unwrap() > now);
                    for one in deliveries.iter().filter(|one| one.outcome == Planned::Due) {
                        let local = one.due.with_timezone(&one.zone).date_naive();
                        prop_assert!(!weekly.schedule.days_off.contains(&local), "{} {}", one.period, local);
                    }
                    rows.extend(deliveries);
                    subscription = gone_on;
                }
                now += TimeDelta::hours(hours_between_ticks);
            }
            standing = Some(subscription);
        }
        let weeks: Vec<_> = rows.iter().map(|row| row.period.clone()).collect();
        let monday = |period: &String| NaiveDate::parse_from_str(&format!("{period}-1"), "%G-W%V-%u").unwrap();
        for pair in weeks.windows(2) {
            let apart = (monday(&pair[1]) - monday(&pair[0])).num_days();
            prop_assert_eq!(apart, 7, "{:?}", told(&rows));
        }
        if let (Some(first), Some(last)) = (weeks.first(), weeks.last()) {
            prop_assert!(monday(first) <= start.date_naive() + chrono::Days::new(14));
            let standing = standing.unwrap();
            prop_assert_eq!(standing.last_period.unwrap().iso_week(), monday(last).iso_week());
        }
    }
}
