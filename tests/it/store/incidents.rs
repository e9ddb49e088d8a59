//! What owners were alerted of, and where each team's judging stands.

use crate::support::store::{Place, monday};
use chrono::{NaiveDate, TimeDelta};
use recap::store::{Incident, Store};
use std::collections::BTreeSet;
use tokio::task::JoinSet;

fn date(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn incident(team: &str, day: &str, kind: &str, subject: &str) -> Incident {
    let [team, kind, subject] = [team, kind, subject].map(str::to_owned);
    Incident { team, kind, day: date(day), subject, detail: "{}".to_owned(), at: monday() }
}

async fn kept(store: &Store, teams: &[&str], first: &str, last: &str) -> Vec<Incident> {
    let teams: BTreeSet<_> = teams.iter().map(|&team| team.to_owned()).collect();
    store.incidents(&teams, date(first), date(last)).await.unwrap()
}

async fn what_was_judged_is_kept_with_the_state_after_it(place: Place) {
    let store = place.store().await;
    assert!(store.alert_states().await.unwrap().is_empty());
    let spike = incident("core", "2026-03-08", "cost_spike", "");
    assert!(store.judged("core", (None, "1"), std::slice::from_ref(&spike)).await.unwrap());
    let skills =
        [incident("core", "2026-03-09", "new_skill", "tdd"), incident("core", "2026-03-09", "new_skill", "a\0b")];
    let clean = incident("core", "2026-03-09", "new_skill", "ab");
    assert!(store.judged("core", (Some("1"), "2"), &skills).await.unwrap());
    let web = incident("web", "2026-03-09", "usage_drop", "");
    assert!(store.judged("web", (None, "1"), std::slice::from_ref(&web)).await.unwrap());
    // The same again, told otherwise.
    let again = Incident { detail: "[]".to_owned(), ..spike.clone() };
    assert!(store.judged("core", (Some("2"), "2"), &[again]).await.unwrap());

    let states = [("core", "2"), ("web", "1")].map(|(team, state)| (team.to_owned(), state.to_owned()));
    assert_eq!(store.alert_states().await.unwrap(), states.into());
    let [tdd, _] = skills;
    let all = [spike.clone(), clean.clone(), tdd.clone(), web.clone()];
    assert_eq!(kept(&store, &["core", "web"], "2026-03-08", "2026-03-09").await, all);
    assert_eq!(kept(&store, &["core"], "2026-03-09", "2026-03-09").await, [clean, tdd]);
    assert_eq!(kept(&store, &["core", "web"], "2026-03-01", "2026-03-08").await, [spike]);
    assert_eq!(kept(&store, &["a", "web", "z"], "2026-03-01", "2026-03-09").await, [web]);
    assert!(kept(&store, &[], "2026-03-01", "2026-03-09").await.is_empty());
}

async fn of_two_who_judge_the_second_changes_nothing(place: Place) {
    let store = place.store().await;
    let spike = [incident("core", "2026-03-08", "cost_spike", "")];
    assert!(!store.judged("core", (Some("0"), "1"), &spike).await.unwrap(), "it was never judged");
    assert!(store.judged("core", (None, "1"), &[]).await.unwrap());
    assert!(!store.judged("core", (None, "2"), &spike).await.unwrap());
    assert!(!store.judged("core", (Some("0"), "2"), &spike).await.unwrap());
    assert_eq!(store.alert_states().await.unwrap()["core"], "1");
    assert!(kept(&store, &["core"], "2026-03-08", "2026-03-08").await.is_empty());

    let stores = [store.clone(), place.store().await];
    let mut judges = JoinSet::new();
    for number in 0..6 {
        let store = stores[number % 2].clone();
        judges.spawn(async move {
            let found = [incident("core", "2026-03-09", "new_skill", &format!("skill {number}"))];
            store.judged("core", (Some("1"), &format!("by {number}")), &found).await.unwrap()
        });
    }
    assert_eq!(judges.join_all().await.into_iter().filter(|won| *won).count(), 1);
    let found = kept(&store, &["core"], "2026-03-09", "2026-03-09").await;
    assert_eq!(found.len(), 1);
    assert_eq!(store.alert_states().await.unwrap()["core"].replace("by", "skill"), found[0].subject);
}

async fn an_incident_is_forgotten_after_180_days(place: Place) {
    let store = place.store().await;
    let spike = incident("core", "2026-03-08", "cost_spike", "");
    let later = Incident { at: monday() + TimeDelta::days(1), ..incident("core", "2026-03-09", "cost_recovered", "") };
    assert!(store.judged("core", (None, "1"), &[spike, later]).await.unwrap());
    for (days, left) in [(179, 2), (180, 1), (181, 0)] {
        store.prune(monday() + TimeDelta::days(days), 9_999).await.unwrap();
        assert_eq!(kept(&store, &["core"], "2026-03-01", "2026-03-31").await.len(), left, "after {days} days");
    }
    assert_eq!(store.alert_states().await.unwrap()["core"], "1");
}

on_both!(
    what_was_judged_is_kept_with_the_state_after_it,
    of_two_who_judge_the_second_changes_nothing,
    an_incident_is_forgotten_after_180_days,
);
