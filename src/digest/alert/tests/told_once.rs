use super::{AlertEvent, AlertRules, AlertState, DOLLAR, Team, What, date, judge, rules, team::Member};
use chrono::{Datelike, Days, NaiveDate};
use chrono_tz::Tz;
use proptest::prelude::*;
use std::collections::BTreeSet;

fn event(day: &str) -> AlertEvent {
    AlertEvent { day: date(day), what: What::NewSkill { name: "fix".to_owned(), members: 2 } }
}

#[test]
fn a_date_has_one_message_and_nothing_is_lost() {
    let mut state = AlertState::default();
    state.begin_telling(date("2025-03-05"));
    assert_eq!(state.telling, None, "nothing to tell");
    state.add(vec![event("2025-03-03"), event("2025-03-04")]);
    state.begin_telling(date("2025-03-05"));
    let telling = state.telling.clone().unwrap();
    assert_eq!((telling.date, telling.events.len()), (date("2025-03-05"), 2));
    // Whatever comes meanwhile does not change the message that is being told, not even on another date.
    state.add(vec![event("2025-03-05")]);
    state.begin_telling(date("2025-03-06"));
    assert_eq!(state.telling.as_ref(), Some(&telling));
    state.end_telling();
    // The rest waits for the next date.
    state.begin_telling(date("2025-03-05"));
    assert_eq!(state.telling, None);
    state.begin_telling(date("2025-03-06"));
    assert_eq!(state.telling.unwrap().events, [event("2025-03-05")]);
}

#[test]
fn a_day_that_is_given_up_never_moves_back() {
    let mut state = AlertState::default();
    state.give_up(date("2025-03-05"));
    state.give_up(date("2025-03-03"));
    assert_eq!(state.through, Some(date("2025-03-05")));
}

const FIRST: &str = "2025-01-01";

prop_compose! {
    /// Ninety days of a team of five: on each so many members are active, with so many sessions for so much.
    fn usage()(days in prop::collection::vec((0_usize..=5, 0_u64..60, 0_i64..200), 90)) -> Team {
        let first = date(FIRST);
        let team = Team { zone: Tz::UTC, members: vec![Member::default(); 5] };
        days.into_iter().zip(0..).fold(team, |team, ((active, sessions, dollars), day)| {
            let day = (first + Days::new(day)).to_string();
            if active == 0 { team } else { team.by(active, &day, sessions, dollars * DOLLAR) }
        })
    }
}

/// How an incident's kind begins and ends.
const KINDS: [(&str, &str); 2] = [("cost_spike", "cost_recovered"), ("usage_drop", "usage_recovered")];

/// Judges all days, the state going through the store's JSON each time.
fn judged(team: &Team, rules: &AlertRules) -> Vec<AlertEvent> {
    let (first, last) = (date(FIRST), date(FIRST) + Days::new(89));
    let days = team.days(first, last);
    let (mut state, mut all) = (AlertState::default(), Vec::new());
    for day in first.iter_days().take(90) {
        let (after, events) = judge(state, &days, day, rules);
        let (again, none) = judge(after.clone(), &days, day, rules);
        assert_eq!((&again, none.len()), (&after, 0));
        state = serde_json::from_str(&serde_json::to_string(&after).unwrap()).unwrap();
        all.extend(events);
    }
    all
}

fn is_working(day: NaiveDate) -> bool {
    day.weekday().number_from_monday() <= 5
}

proptest! {
    #[test]
    fn an_incident_begins_once_and_ends_before_the_next_begins(
        team in usage(),
        off in prop::collection::btree_set(0_u64..90, 0..12),
        budget in prop::option::of(1.0_f64..3_000.0),
    ) {
        let days_off: BTreeSet<_> = off.into_iter().map(|day| date(FIRST) + Days::new(day)).collect();
        let rules = AlertRules { days_off: days_off.clone(), budget, ..rules() };
        let events = judged(&team, &rules);
        for (begins, ends) in KINDS {
            let mut open: Option<NaiveDate> = None;
            for event in events.iter().filter(|event| [begins, ends].contains(&event.kind())) {
                if event.kind() == begins {
                    // Without an end it was open for four weeks, and nobody could tell it from what is usual.
                    prop_assert!(open.is_none_or(|since| (event.day - since).num_days() > 28), "{events:?}");
                    open = Some(event.day);
                } else {
                    prop_assert!(open.take().is_some(), "{events:?}");
                    prop_assert!(is_working(event.day) && !days_off.contains(&event.day));
                }
            }
        }
        let mut told = BTreeSet::new();
        for event in &events {
            let month = (event.kind() == "budget").then(|| event.day.month());
            prop_assert!(told.insert((event.kind(), month.map_or(event.day.ordinal(), |month| month))), "{events:?}");
            let drop = matches!(event.what, What::UsageDrop { .. } | What::FewActive { .. });
            prop_assert!(!drop || (is_working(event.day) && !days_off.contains(&event.day)));
        }
    }

    #[test]
    fn no_figure_is_told_of_a_day_with_few_active(team in usage(), budget in prop::option::of(1.0_f64..500.0)) {
        let rules = AlertRules { budget, ..rules() };
        let days = team.days(date(FIRST), date(FIRST) + Days::new(89));
        for event in judged(&team, &rules) {
            let few = days.on(event.day).unwrap().active < 3;
            let silent = matches!(event.what, What::FewActive { .. } | What::Budget { .. });
            prop_assert_eq!(few && !silent, false, "{:?}", event);
            let told_few = matches!(event.what, What::FewActive { .. });
            prop_assert!(!told_few || few, "{:?}", event);
        }
    }
}
