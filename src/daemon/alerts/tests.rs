//! What becomes of a team's days, from the state in the store to the one after.

use super::*;
use crate::{
    model::Stay,
    schedule::days_until,
    warehouse::{DayActivity, MemberActivity},
};
use chrono::Datelike;
use std::collections::BTreeSet;

const ZONE: Tz = Tz::Europe__Berlin;
const DOLLAR: i64 = 1_000_000_000;

fn date(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn rules() -> AlertRules {
    let settings = Settings::load(None, []).unwrap();
    report::alert_rules(&settings, "platform", 3, BTreeSet::new())
}

/// Three members with ten sessions for $10 each on every weekday up to `last`, but for those given, where each has
/// sessions for so much.
fn days(last: &str, unlike: &[(&str, u64, i64)]) -> TeamDays {
    let span: Arc<[_]> = days_until(ZONE, date(last), 60).into();
    let row = |day: &crate::schedule::Day| {
        let usual = if day.date.weekday().number_from_monday() <= 5 { (10, 10) } else { (0, 0) };
        let given = unlike.iter().find(|(date, _, _)| *date == day.date.to_string());
        let (sessions, dollars) = given.map_or(usual, |(_, sessions, dollars)| (*sessions, *dollars));
        DayActivity { day_ms: day.start_ms(), sessions, cost_nanos: dollars * DOLLAR, ..DayActivity::default() }
    };
    let activity = MemberActivity {
        email: "ada@example.com".to_owned(),
        days: span.iter().map(row).collect(),
        models: Vec::new(),
        spanning: Vec::new(),
    };
    let mut days = TeamDays::over(&span);
    for _ in 0..3 {
        days.add(&[Stay::ALWAYS], Some(&activity), None);
    }
    days
}

/// On the morning after `yesterday`, with nothing judged since before `first`.
fn watched(state: AlertState, first: &str, yesterday: &str) -> Watched {
    let (first, yesterday) = (date(first), date(yesterday));
    let today = yesterday.succ_opt().unwrap();
    Watched { name: "platform".to_owned(), zone: ZONE, kept: None, state, first, yesterday, today }
}

/// What comes of it at nine, where everything arrived up to `ready`.
fn outcome(team: &Watched, days: Option<&TeamDays>, ready: Option<&str>) -> Outcome {
    let now = start_of_day(ZONE, team.today) + chrono::TimeDelta::hours(9);
    Outcome::of(team, days, ready.map(date), &rules(), now)
}

fn words(events: &[AlertEvent]) -> Vec<String> {
    events.iter().map(|event| event.line().words).collect()
}

#[test]
fn the_days_of_an_absence_are_told_in_one_message() {
    let days = days("2025-03-07", &[("2025-03-04", 10, 100), ("2025-03-06", 1, 10)]);
    let team = watched(AlertState::default(), "2025-03-04", "2025-03-07");
    let found = outcome(&team, Some(&days), Some("2025-03-07"));
    assert_eq!((found.judged, found.waits), (4, false));
    assert_eq!(
        words(&found.events),
        [
            "cost spike on Tue, Mar 4: estimated $300.00, usually $30.00",
            "cost back to usual on Wed, Mar 5: estimated $30.00, usually $30.00",
            "usage drop on Thu, Mar 6: 3 sessions, usually 30",
            "usage back to usual on Fri, Mar 7: 30 sessions, usually 30",
        ]
    );
    let telling = found.state.telling.unwrap();
    assert_eq!((telling.date, telling.events), (date("2025-03-08"), found.events));
    assert_eq!(found.state.through, Some(date("2025-03-07")));
}

#[test]
fn what_comes_late_on_a_date_that_had_its_message_waits_for_the_next() {
    let days = days("2025-03-06", &[("2025-03-04", 10, 100), ("2025-03-05", 1, 10)]);
    let team = watched(AlertState::default(), "2025-03-04", "2025-03-05");
    // Of the 5th too little has arrived at first.
    let early = outcome(&team, Some(&days), Some("2025-03-04"));
    assert_eq!((early.judged, early.waits, early.state.through), (1, true, Some(date("2025-03-04"))));
    let mut state = early.state;
    assert_eq!(words(&state.telling.as_ref().unwrap().events).len(), 1);
    state.end_telling();

    let late = outcome(&watched(state, "2025-03-05", "2025-03-05"), Some(&days), Some("2025-03-05"));
    assert_eq!((late.events.len(), &late.state.telling, late.state.has_news()), (2, &None, true));
    let next = outcome(&watched(late.state, "2025-03-06", "2025-03-06"), Some(&days), Some("2025-03-06"));
    let telling = next.state.telling.unwrap();
    assert_eq!((telling.date, telling.events.len()), (date("2025-03-07"), 3));
}

#[test]
fn a_message_that_was_being_told_is_the_same_after_a_crash() {
    let days = days("2025-03-05", &[("2025-03-04", 10, 100)]);
    let before = outcome(&watched(AlertState::default(), "2025-03-04", "2025-03-04"), Some(&days), Some("2025-03-04"));
    // Nothing is known of whether it was planned. A day goes by.
    let after = outcome(&watched(before.state.clone(), "2025-03-05", "2025-03-05"), Some(&days), Some("2025-03-05"));
    assert_eq!(after.state.telling, before.state.telling);
    assert_eq!(words(&after.events).len(), 1);
}

#[test]
fn a_day_without_telemetry_is_waited_for_and_then_passed_over() {
    let days = days("2025-03-07", &[("2025-03-05", 0, 0), ("2025-03-06", 0, 0), ("2025-03-07", 0, 0)]);
    let team = watched(AlertState::default(), "2025-03-04", "2025-03-06");
    let found = outcome(&team, Some(&days), Some("2025-03-04"));
    assert_eq!((found.judged, found.waits, found.state.through), (1, true, Some(date("2025-03-04"))));
    // The 5th ended more than two days ago; the 6th did not.
    let team = watched(found.state, "2025-03-05", "2025-03-07");
    let found = outcome(&team, None, None);
    assert_eq!((found.judged, found.waits, found.state.through), (0, true, Some(date("2025-03-05"))));
    assert_eq!(found.events, []);
}

#[test]
fn a_team_whose_people_are_not_known_yet_waits() {
    let team = watched(AlertState::default(), "2025-03-04", "2025-03-04");
    let found = outcome(&team, None, Some("2025-03-04"));
    assert_eq!(found, Outcome { state: AlertState::default(), events: Vec::new(), judged: 0, waits: true });
}

#[test]
fn an_incident_is_kept_as_it_was_told() {
    let days = days("2025-03-04", &[("2025-03-04", 10, 100)]);
    let found = outcome(&watched(AlertState::default(), "2025-03-04", "2025-03-04"), Some(&days), Some("2025-03-04"));
    let at = "2025-03-05T08:00:00Z".parse().unwrap();
    let kept = incident("platform", &found.events[0], at).unwrap();
    let detail = r#"{"day":"2025-03-04","words":"cost spike on Tue, Mar 4: estimated $300.00, usually $30.00"}"#;
    assert_eq!((kept.kind.as_str(), kept.day, kept.subject.as_str()), ("cost_spike", date("2025-03-04"), ""));
    assert_eq!((kept.detail.as_str(), kept.team.as_str(), kept.at), (detail, "platform", at));
}
