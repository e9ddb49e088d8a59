//! What makes the sample believable, and the same each time.

use super::*;
use crate::sample::{Command, Kind, Subject, TeamTold};
use chrono::{Datelike, Timelike, Weekday};
use std::{
    collections::{BTreeMap, BTreeSet, HashMap, HashSet},
    hash::{DefaultHasher, Hash, Hasher},
};

/// A Friday.
const END: &str = "2026-03-13T15:30:00.250Z";

fn options(members: u32, days: u32, seed: u64) -> Options {
    Options { members, days, seed, end: END.parse().unwrap(), events_target: None }
}

fn of_persona(usage: Usage, persona: Persona) -> Vec<Event> {
    usage.filter(|event| event.session.member.persona == persona).collect()
}

fn fingerprint(usage: Usage) -> u64 {
    let mut hasher = DefaultHasher::new();
    usage.take(5_000).for_each(|event| format!("{event:?}").hash(&mut hasher));
    hasher.finish()
}

#[test]
fn the_same_seed_makes_up_the_same_usage_and_another_seed_does_not() {
    let first = fingerprint(Usage::new(options(20, 20, 7)));
    assert_eq!(first, fingerprint(Usage::new(options(20, 20, 7))));
    assert_ne!(first, fingerprint(Usage::new(options(20, 20, 8))));
}

#[test]
fn a_member_does_the_same_whoever_else_is_there() {
    let ada = |members| of_persona(Usage::new(options(members, 10, 1)), Persona::Steady);
    assert_eq!(ada(1), ada(30));
}

#[test]
fn every_event_lies_in_the_span() {
    for days in [1, 3, 30] {
        let options = options(30, days, 3);
        let start = options.end - TimeDelta::days(i64::from(days));
        let span = start..options.end;
        let mut count = 0;
        for event in Usage::new(options) {
            assert!(span.contains(&event.at), "{event:?}");
            count += 1;
        }
        assert!(count > 100, "{days} days gave {count}");
    }
}

#[test]
fn about_two_rows_in_a_hundred_are_repeated_whole() {
    let mut seen: HashMap<_, Event> = HashMap::new();
    let (mut rows, mut repeated) = (0, 0);
    for event in Usage::new(options(40, 30, 5)) {
        rows += 1;
        let place = (event.session.id.clone(), event.sequence);
        if let Some(earlier) = seen.get(&place) {
            assert_eq!(*earlier, event);
            repeated += 1;
        } else {
            seen.insert(place, event);
        }
    }
    let share = f64::from(repeated) / f64::from(rows);
    assert!((0.015..0.025).contains(&share), "{repeated} of {rows}");
}

#[test]
fn people_work_on_weekdays_in_their_own_zone() {
    let mut by_day: BTreeMap<u32, u32> = BTreeMap::new();
    let mut asleep = 0;
    let mut rows = 0;
    for event in Usage::new(options(120, 28, 11)) {
        let local = event.at.with_timezone(&event.session.member.zone);
        *by_day.entry(local.weekday().num_days_from_monday()).or_default() += 1;
        asleep += u32::from((1..6).contains(&chrono::Timelike::hour(&local)));
        rows += 1;
    }
    let weekend = by_day[&5] + by_day[&6];
    assert!(weekend > 0 && weekend * 15 < rows, "{by_day:?}");
    assert!((0..5).all(|day| by_day[&day] * 9 > rows), "{by_day:?}");
    assert!(asleep * 50 < rows, "{asleep} of {rows} at night");
}

#[test]
fn the_member_of_the_demo_has_a_streak_and_recent_sessions() {
    for seed in 0..20 {
        let mut days: BTreeMap<NaiveDate, HashSet<String>> = BTreeMap::new();
        for event in of_persona(Usage::new(options(1, 30, seed)), Persona::Steady) {
            if event.session.agent == Agent::ClaudeCode {
                let date = event.at.with_timezone(&event.session.member.zone).date_naive();
                days.entry(date).or_default().insert(event.session.id.clone());
            }
        }
        let last: NaiveDate = "2026-03-12".parse().unwrap();
        for back in 0..18 {
            let date = last - Days::new(back);
            if !matches!(date.weekday(), Weekday::Sat | Weekday::Sun) {
                assert!(
                    days.get(&date).is_some_and(|sessions| sessions.len() >= 3),
                    "seed {seed}, {date}: {:?}",
                    days.get(&date).map(HashSet::len)
                );
            }
        }
        assert!((19..=23).any(|back| !days.contains_key(&(last - Days::new(back)))), "a streak has a beginning");
    }
}

#[test]
fn the_new_one_began_four_days_ago_and_the_other_stopped_ten_days_ago() {
    // Sunday evening: the new one is there at a weekend too.
    for end in [END, "2026-03-15T22:00:00Z", "2026-03-16T01:00:00Z"] {
        let options = Options { end: end.parse().unwrap(), ..options(8, 30, 2) };
        let end = options.end;
        let new = of_persona(Usage::new(options.clone()), Persona::New);
        assert!(!new.is_empty() && new.iter().all(|event| event.at >= end - TimeDelta::days(4)), "{end}");
        let stopped = of_persona(Usage::new(options), Persona::Stopped);
        assert!(!stopped.is_empty() && stopped.iter().all(|event| event.at < end - TimeDelta::days(10)), "{end}");
    }
}

#[test]
fn the_new_one_has_something_to_read_whenever_a_demo_is_started() {
    let weekend = |date: &NaiveDate| matches!(date.weekday(), Weekday::Sat | Weekday::Sun);
    let latest = |from: NaiveDate| from.iter_days().rev().find(|date| !weekend(date)).unwrap();
    let monday: DateTime<Utc> = "2026-03-09T00:00:00Z".parse().unwrap();
    for hours in 0..7 * 24 {
        let end = monday + TimeDelta::hours(hours);
        let new = of_persona(Usage::new(Options { end, ..options(8, 14, 1) }), Persona::New);
        let zone = new.first().expect("somebody new").session.member.zone;
        let local = end.with_timezone(&zone);
        // The latest digest, at nine on a working day, tells of the working day before it, and of what lies between.
        let sent = latest(local.date_naive() - Days::new(u64::from(local.hour() < 9)));
        let told = latest(sent - Days::new(1))..sent;
        assert!(new.iter().any(|event| told.contains(&event.at.with_timezone(&zone).date_naive())), "{end}");
    }
}

#[test]
fn an_e_mail_is_left_out_only_where_the_story_says_so() {
    let mut untold = BTreeSet::new();
    let mut told = BTreeSet::new();
    for event in Usage::new(options(30, 20, 4)) {
        let member = &event.session.member;
        let shown = member.email.is_some() && event.session.email_told;
        if shown { &mut told } else { &mut untold }.insert(member.index);
        assert_eq!(member.account.is_some(), member.email.is_some());
    }
    assert_eq!(untold.into_iter().collect::<Vec<_>>(), [4, 6]);
    assert_eq!((told.contains(&4), told.contains(&6), told.len()), (false, true, 29));
}

#[test]
fn all_addresses_are_reserved_ones_and_differ_in_more_than_case() {
    let addresses: Vec<_> =
        Usage::new(options(3_000, 1, 1)).members().into_iter().filter_map(|member| member.email).collect();
    let distinct: HashSet<_> = addresses.iter().map(|address| address.to_lowercase()).collect();
    assert_eq!((addresses.len(), distinct.len()), (2_999, 2_999));
    assert!(distinct.iter().all(|address| address.ends_with("@example.com")));
}

#[test]
fn a_slash_command_is_told_three_times_over_under_one_prompt() {
    let events: Vec<_> = Usage::new(options(10, 10, 6)).collect();
    let mut commands = 0;
    for event in &events {
        let Kind::UserPrompt { command: Some(Command::Skill(skill)), .. } = event.kind else { continue };
        let same = || events.iter().filter(|other| other.prompt == event.prompt);
        let activated = same().any(|other| matches!(other.kind, Kind::SkillActivated { skill: of, .. } if of == skill));
        let tool = same().any(|other| {
            matches!(&other.kind, Kind::ToolResult(result) if result.tool == "Skill" && result.subject == Subject::Skill(skill))
        });
        let old = event.session.member.persona == Persona::OldClient;
        // The span may end between the rows of one prompt.
        if event.at + TimeDelta::seconds(1) < END.parse::<DateTime<Utc>>().unwrap() {
            assert_eq!((activated, tool), (!old, true), "{event:?}");
        }
        commands += 1;
    }
    assert!(commands > 50, "{commands}");
}

#[test]
fn all_kinds_of_event_and_the_other_agent_occur() {
    let (mut names, mut services, mut models) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
    let (mut nanos, mut requests) = (0, 0);
    for event in Usage::new(options(60, 20, 9)) {
        names.insert(event.kind.name());
        services.insert(event.session.agent.service());
        if let Kind::ApiRequest(request) = &event.kind {
            models.insert(request.model.name);
            nanos += request.cost_nanos();
            requests += 1;
        }
    }
    assert_eq!((names.len(), services.len(), models.len()), (7, 2, 7));
    assert!((10_000_000..80_000_000).contains(&(nanos / requests)), "a request costs {} nanos", nanos / requests);
}

#[test]
fn teams_are_told_in_every_way_that_summaries_must_get_right() {
    let mut told = BTreeMap::<_, BTreeSet<_>>::new();
    for event in Usage::new(options(16, 40, 3)) {
        let TeamTold { team, department } = event.session.told.clone();
        told.entry(event.session.member.index).or_default().insert((team, department));
    }
    let one = |team: Option<&str>, department| (team.map(str::to_owned), department);
    let (data, infrastructure) = (one(Some("Data"), None), one(Some("Infrastructure"), None));
    assert_eq!(told[&0], BTreeSet::from([one(Some("Platform"), None)]));
    assert_eq!(told[&9], BTreeSet::from([one(None, None)]));
    for two_teams in [10, 11] {
        assert_eq!(told[&two_teams], BTreeSet::from([data.clone(), infrastructure.clone()]));
    }
    assert_eq!(told[&12], BTreeSet::from([one(None, Some("Engineering"))]));
    assert_eq!(told[&13], BTreeSet::from([one(Some("Infrastructure"), Some("Engineering"))]));
}

#[test]
fn somebody_returns_to_a_session_on_several_days() {
    let mut days = BTreeMap::<_, BTreeSet<_>>::new();
    let mut sequences = HashSet::new();
    for event in Usage::new(options(16, 40, 3)).filter(|event| event.session.member.index == 14) {
        days.entry(event.session.id.clone()).or_default().insert(event.at.date_naive());
        sequences.insert((event.session.id.clone(), event.sequence, event.at));
    }
    assert!(days.values().filter(|days| days.len() > 2).count() > 2, "{days:?}");
    let distinct: HashSet<_> = sequences.iter().map(|(session, sequence, _)| (session, sequence)).collect();
    assert_eq!(distinct.len(), sequences.len());
}

#[test]
fn thinned_usage_has_fewer_sessions_of_everybody() {
    let all = Usage::new(options(16, 20, 3)).count();
    let thinned = Usage::new(options(16, 20, 3)).thinned(5);
    let people: BTreeSet<_> = thinned.map(|event| event.session.member.index).collect();
    assert!(people.len() > 12, "{people:?}");
    let thinned = Usage::new(options(16, 20, 3)).thinned(5).count();
    assert!((all / 7..all / 3).contains(&thinned), "{thinned} of {all}");
}

#[test]
fn the_estimate_and_the_target_are_met_within_a_few_per_cent() {
    for (members, target) in [(400, None), (400, Some(60_000)), (1_000, Some(40_000))] {
        let usage = Usage::new(Options { events_target: target, ..options(members, 21, 1) });
        let (estimate, counted) = (usage.estimate() as f64, usage.count() as f64);
        assert!((0.92..1.08).contains(&(counted / estimate)), "{members}: {counted} of {estimate}");
        if let Some(target) = target {
            assert!((0.9..1.1).contains(&(counted / target as f64)), "{members}: {counted} of {target}");
        }
    }
}
