//! Who was on which team when: joiners, leavers, who came back, and several who look at once.

use crate::support::store::{Place, at, email, minutes, monday};
use chrono::{DateTime, TimeDelta, Utc};
use recap::{
    model::{MemberEmail, Roster, Stay},
    store::{Store, TeamSync},
};
use std::collections::{BTreeMap, BTreeSet};
use tokio::task::JoinSet;

type People = BTreeMap<String, BTreeSet<MemberEmail>>;

fn people<const N: usize>(teams: [(&str, &[&str]); N]) -> People {
    teams.map(|(team, members)| (team.to_owned(), members.iter().map(|name| email(name)).collect())).into()
}

/// Looks at one team; answers how many joined and left.
async fn look(store: &Store, team: &str, members: &[&str], now: DateTime<Utc>) -> (u64, u64) {
    let TeamSync { joined, left } = store.sync_teams(&people([(team, members)]), now).await.unwrap();
    (joined, left)
}

async fn roster(store: &Store, team: &str, from: DateTime<Utc>) -> Option<Roster> {
    store.rosters(&BTreeSet::from([team.to_owned()]), from).await.unwrap().remove(team)
}

/// One member's stays, whenever they were.
async fn stays(store: &Store, team: &str, name: &str) -> Vec<Stay> {
    let mut roster = roster(store, team, DateTime::UNIX_EPOCH).await.unwrap();
    roster.0.remove(&email(name)).unwrap_or_default()
}

fn stay(since: Option<DateTime<Utc>>, until: Option<DateTime<Utc>>) -> Stay {
    Stay { since, until }
}

fn day(count: i64) -> DateTime<Utc> {
    monday() + TimeDelta::days(count)
}

async fn who_is_on_a_team_at_the_first_look_was_there_since_ever(place: Place) {
    let store = place.store().await;
    assert_eq!(roster(&store, "core", monday()).await, None);
    assert_eq!(look(&store, "core", &["ada", "bob"], monday()).await, (2, 0));
    let expected = Roster::of(["ada", "bob"].map(email));
    assert_eq!(roster(&store, "core", at("2020-01-01T00:00:00Z")).await, Some(expected.clone()));
    assert_eq!(roster(&store, "core", day(900)).await, Some(expected));
    assert_eq!(roster(&store, "web", monday()).await, None);
    assert_eq!(store.rosters(&BTreeSet::new(), monday()).await.unwrap(), BTreeMap::new());
}

async fn a_joiner_stays_from_then_on_and_a_leaver_until_then(place: Place) {
    let store = place.store().await;
    look(&store, "core", &["ada", "bob"], day(0)).await;
    assert_eq!(look(&store, "core", &["ada", "cyd"], day(1)).await, (1, 1));
    assert_eq!(look(&store, "core", &["ada", "cyd", "bob"], day(3)).await, (1, 0));
    assert_eq!(look(&store, "core", &["bob"], day(5)).await, (0, 2));

    assert_eq!(stays(&store, "core", "ada").await, [stay(None, Some(day(5)))]);
    assert_eq!(stays(&store, "core", "bob").await, [stay(None, Some(day(1))), stay(Some(day(3)), None)]);
    assert_eq!(stays(&store, "core", "cyd").await, [stay(Some(day(1)), Some(day(5)))]);
    let names = |roster: Option<Roster>| roster.unwrap().0.into_keys().collect::<Vec<_>>();
    assert_eq!(names(roster(&store, "core", day(5) - minutes(1)).await), ["ada", "bob", "cyd"].map(email));
    // A stay is half-open: who left at this instant was not on it any more.
    assert_eq!(names(roster(&store, "core", day(5)).await), ["bob"].map(email));
}

async fn a_look_that_is_repeated_changes_nothing(place: Place) {
    let store = place.store().await;
    let both = people([("core", &["ada", "bob"]), ("web", &["bob"])]);
    assert_eq!(store.sync_teams(&both, day(0)).await.unwrap(), TeamSync { joined: 3, left: 0 });
    assert_eq!(store.sync_teams(&both, day(1)).await.unwrap(), TeamSync::default());
    assert_eq!(store.sync_teams(&People::new(), day(1)).await.unwrap(), TeamSync::default());
    // The other team is not named, so nothing is known of it.
    assert_eq!(look(&store, "core", &["ada"], day(2)).await, (0, 1));
    assert_eq!(look(&store, "core", &["ada"], day(3)).await, (0, 0));
    assert_eq!(stays(&store, "core", "bob").await, [stay(None, Some(day(2)))]);
    assert_eq!(stays(&store, "web", "bob").await, [Stay::ALWAYS]);
    let rosters = store.rosters(&["a", "web", "z"].map(str::to_owned).into(), day(0)).await.unwrap();
    assert_eq!(rosters.into_keys().collect::<Vec<_>>(), ["web"], "`core` lies between them and is not asked about");
}

async fn a_team_may_be_empty(place: Place) {
    let store = place.store().await;
    assert_eq!(look(&store, "core", &[], day(0)).await, (0, 0));
    assert_eq!(roster(&store, "core", day(0)).await, Some(Roster::default()));
    // Nobody was on it so far: who comes now was there all along, and was not found before.
    assert_eq!(look(&store, "core", &["ada"], day(1)).await, (1, 0));
    assert_eq!(look(&store, "core", &[], day(2)).await, (0, 1));
    assert_eq!(look(&store, "core", &["bob"], day(3)).await, (1, 0));
    assert_eq!(stays(&store, "core", "ada").await, [stay(None, Some(day(2)))]);
    assert_eq!(stays(&store, "core", "bob").await, [stay(Some(day(3)), None)]);
}

async fn no_clock_makes_a_stay_end_before_it_begins(place: Place) {
    let store = place.store().await;
    look(&store, "core", &["ada"], day(0)).await;
    look(&store, "core", &["ada", "bob"], day(2)).await;
    assert_eq!(look(&store, "core", &["ada"], day(1)).await, (0, 1));
    assert!(stays(&store, "core", "bob").await.is_empty(), "they were never on it");
    assert_eq!(
        look(&store, "core", &["ada", "bob"], day(2)).await,
        (1, 0),
        "who comes back at that very instant stays"
    );
    assert_eq!(stays(&store, "core", "bob").await, [stay(Some(day(2)), None)]);
}

async fn several_that_look_at_once_see_the_same(place: Place) {
    let stores = [place.store().await, place.store().await];
    look(&stores[0], "core", &["ada", "bob"], day(0)).await;
    let mut lookers = JoinSet::new();
    for number in 0..6 {
        let store = stores[number % 2].clone();
        lookers.spawn(async move { look(&store, "core", &["ada", "cyd"], day(1)).await });
    }
    let changes = lookers.join_all().await;
    assert_eq!(changes.iter().fold((0, 0), |sum, one| (sum.0 + one.0, sum.1 + one.1)), (1, 1));
    let expected = [("ada", Stay::ALWAYS), ("bob", stay(None, Some(day(1)))), ("cyd", stay(Some(day(1)), None))];
    let expected = expected.map(|(name, stay)| (email(name), vec![stay])).into();
    assert_eq!(roster(&stores[1], "core", day(0)).await, Some(Roster(expected)));
}

async fn twenty_thousand_people_take_few_statements(place: Place) {
    let store = place.store().await;
    let team = |number: usize| format!("team {number:03}");
    let mut all: People = (0..500)
        .map(|number| (team(number), (0..40).map(|member| email(&format!("m{number}_{member}"))).collect()))
        .collect();
    let statements = async |people: &People, now| {
        let before = store.database().statements();
        let sync = store.sync_teams(people, now).await.unwrap();
        (sync, store.database().statements() - before)
    };
    let (first, asked) = statements(&all, day(0)).await;
    assert_eq!(first, TeamSync { joined: 20_000, left: 0 });
    assert!(asked < 350, "{asked}");
    assert!(statements(&all, day(1)).await.1 <= 3, "nothing changed");
    for members in all.values_mut().take(100) {
        members.pop_first();
        members.insert(email("ada"));
    }
    let (changes, asked) = statements(&all, day(2)).await;
    assert_eq!(changes, TeamSync { joined: 100, left: 100 });
    assert!(asked <= 7, "{asked}");

    let before = store.database().statements();
    let rosters = store.rosters(&all.keys().cloned().collect(), day(1)).await.unwrap();
    assert_eq!(store.database().statements() - before, 2);
    assert_eq!((rosters.len(), rosters[&team(0)].0.len(), rosters[&team(499)].0.len()), (500, 41, 40));
}

async fn a_stay_is_forgotten_400_days_after_its_end(place: Place) {
    let store = place.store().await;
    look(&store, "core", &["ada", "bob"], day(0)).await;
    look(&store, "core", &["ada"], day(1)).await;
    store.prune(day(400), 9_999).await.unwrap();
    assert_eq!(stays(&store, "core", "bob").await.len(), 1);
    store.prune(day(401), 9_999).await.unwrap();
    assert!(stays(&store, "core", "bob").await.is_empty());
    assert_eq!(stays(&store, "core", "ada").await, [Stay::ALWAYS]);
    // A team that all have left stays known: who comes is new on it.
    look(&store, "core", &[], day(402)).await;
    store.prune(day(900), 9_999).await.unwrap();
    look(&store, "core", &["cyd"], day(901)).await;
    assert_eq!(stays(&store, "core", "cyd").await, [stay(Some(day(901)), None)]);
}

on_both!(
    who_is_on_a_team_at_the_first_look_was_there_since_ever,
    a_joiner_stays_from_then_on_and_a_leaver_until_then,
    a_look_that_is_repeated_changes_nothing,
    a_team_may_be_empty,
    no_clock_makes_a_stay_end_before_it_begins,
    several_that_look_at_once_see_the_same,
    twenty_thousand_people_take_few_statements,
    a_stay_is_forgotten_400_days_after_its_end,
);
