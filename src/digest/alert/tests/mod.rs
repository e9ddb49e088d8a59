//! A team's days judged, each edge of messages.md as a case.

mod days;
mod history;
mod incidents;
mod message;
mod privacy;
mod skills;
mod team;
mod told_once;

use super::*;
use chrono::NaiveDate;
use team::{CENT, DOLLAR, Team, rules, steady};

fn date(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// What is told of the days from `first` to `last`, by who never looked before.
fn told(team: &Team, first: &str, last: &str) -> Vec<String> {
    told_by(team, first, last, &rules())
}

fn told_by(team: &Team, first: &str, last: &str, rules: &AlertRules) -> Vec<String> {
    judged(team, AlertState::default(), first, last, rules).1.iter().map(|event| event.line().words).collect()
}

fn judged(
    team: &Team,
    mut state: AlertState,
    first: &str,
    last: &str,
    rules: &AlertRules,
) -> (AlertState, Vec<AlertEvent>) {
    let days = team.days(date(first), date(last));
    let mut all = Vec::new();
    for day in date(first).iter_days().take_while(|day| *day <= date(last)) {
        let (after, events) = judge(state, &days, day, rules);
        assert_eq!(after.through, Some(day));
        assert!(events.iter().all(|event| event.day == day));
        state = after;
        all.extend(events);
    }
    (state, all)
}
