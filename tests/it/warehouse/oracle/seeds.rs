//! Fifty seeds in each shape, and five zones: every number of a digest and of a summary.
//!
//! `RECAP_ORACLE=all` asks about each seed in all five; without it, in one of them in turn, for queries are what takes the time.

use super::{
    Sample, ZONES,
    calendar::{self, Calendar, is_working},
    dice::Dice,
    extras::extras,
    facts::{self, Fact},
    membership::{Membership, Tellings, teams},
    summary::Summarized,
    week::Week,
    weekly::Everybody,
};
use crate::support::{
    engine::{self, UNCOMPILED},
    events,
};
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use chrono_tz::Tz;
use futures::StreamExt;
use recap::{
    digest::{Names, TeamSections, WeeklyOptions, WeeklySummary},
    message::Templates,
    model::MemberEmail,
    report::weekly_facts,
    sample::{Options, Shape, Tables, Usage, write},
    schedule::WeeklyWindow,
    warehouse::Warehouse,
};
use std::collections::BTreeMap;

const SEEDS: u64 = 50;
/// `all` asks about every seed in all zones, a number about that seed; else each has one zone, in turn.
const WANTED: &str = "RECAP_ORACLE";
const BASE: u64 = 20_241_201;
const SHAPES: [Shape; 3] = [Shape::Map, Shape::Json, Shape::Zeude];
const MEMBERS: u32 = 16;
/// The week that is over, all of it some days ago, and the 28 days before it.
const DAYS: u32 = 44;
/// Of so many sessions one is kept, for little usage on many days.
const ONE_IN: u32 = 7;
/// Data sets at a time, each with an insert or a query under way.
const AT_A_TIME: usize = 3;

#[tokio::test]
async fn fifty_seeds_as_a_map_say_what_the_rules_say() {
    all(Shape::Map).await;
}

#[tokio::test]
async fn fifty_seeds_as_json_say_what_the_rules_say() {
    all(Shape::Json).await;
}

#[tokio::test]
async fn fifty_seeds_as_zeude_has_them_say_what_the_rules_say() {
    all(Shape::Zeude).await;
}

#[test]
fn clocks_change_in_weeks_that_are_asked_about() {
    for zone in [Tz::America__New_York, Tz::Australia__Lord_Howe] {
        let seeds = SHAPES.into_iter().flat_map(in_turn).filter(|(_, asked)| *asked == zone);
        let changed = seeds.map(|(seed, _)| {
            let week = WeeklyWindow::latest(zone, end_of(seed)).reported();
            (week.end - week.start - TimeDelta::days(7)).num_minutes()
        });
        let changed: Vec<_> = changed.collect();
        assert!(changed.iter().any(|minutes| *minutes < 0), "{zone}: {changed:?}");
        assert!(changed.iter().any(|minutes| *minutes > 0), "{zone}: {changed:?}");
    }
}

/// Ten days apart, so that almost a year and a half is covered and every weekday is met.
fn end_of(seed: u64) -> DateTime<Utc> {
    let first: DateTime<Utc> = "2024-12-02T00:00:00Z".parse().unwrap();
    let minutes = seed * 10 * 24 * 60 + Dice(BASE + seed).below(24 * 60);
    first + TimeDelta::minutes(i64::try_from(minutes).unwrap())
}

async fn all(shape: Shape) {
    let tasks = asked(shape).map(|(seed, zones)| async move { (seed, tokio::spawn(one(seed, shape, zones)).await) });
    let ended: Vec<_> = futures::stream::iter(tasks).buffer_unordered(AT_A_TIME).collect().await;
    let failed: Vec<_> = ended.iter().filter(|(_, ended)| ended.is_err()).map(|(seed, _)| seed).collect();
    assert!(failed.is_empty(), "{shape:?}: seeds {failed:?} disagree, as told above");
}

/// Which seeds are asked about in which zones.
fn asked(shape: Shape) -> impl Iterator<Item = (u64, Vec<Tz>)> {
    let wanted = std::env::var(WANTED).ok();
    let only: Option<u64> = wanted.as_ref().and_then(|wanted| wanted.parse().ok());
    let zones = move |zone| if wanted.is_some() { ZONES.to_vec() } else { vec![zone] };
    let seeds = in_turn(shape).filter(move |(seed, _)| only.is_none_or(|only| only == *seed));
    seeds.map(move |(seed, zone)| (seed, zones(zone)))
}

/// Each seed with one zone, another one in each shape.
fn in_turn(shape: Shape) -> impl Iterator<Item = (u64, Tz)> {
    let first = SHAPES.iter().position(|one| *one == shape).unwrap();
    (0..SEEDS).zip(ZONES.into_iter().cycle().skip(first))
}

async fn opened(database: &str) -> Warehouse {
    Warehouse::open(&engine::url().await, &engine::settings_of(UNCOMPILED, database).await).await.unwrap()
}

/// Writes the sample of `seed` once and asks about it in every zone.
async fn one(seed: u64, shape: Shape, zones: Vec<Tz>) {
    let (end, mut dice) = (end_of(seed), Dice(BASE + seed));
    let usage = || {
        let options = Options { members: MEMBERS, days: DAYS, seed: BASE + seed, end, events_target: None };
        Usage::new(options).thinned(ONE_IN)
    };
    let people = usage().members();
    let members: Vec<MemberEmail> = people.iter().filter_map(|member| member.email.as_ref()?.parse().ok()).collect();
    let database = engine::database().await;
    let tables = Tables::of(shape, &database, None, None);
    write(&engine::client().await, &tables, shape, usage(), |_| {}).await.unwrap();
    let (rows, more) = extras(&members, end, &mut dice);
    events::insert(tables_of(shape), &database, &rows).await;
    let agreed = people.iter().filter_map(|member| Some((member.email.as_ref()?.parse().ok()?, &member.real_name)));
    let agreed = agreed.filter(|_| dice.below(2) == 0).map(|(email, name)| (email, name.clone()));
    let names = Names(agreed.collect::<BTreeMap<_, _>>());
    let mut facts = facts::facts(usage(), shape == Shape::Zeude);
    facts.extend(more);
    let seed = Seed {
        label: format!("seed {seed}, {shape:?}"),
        end,
        names,
        sample: Sample {
            warehouse: opened(&database).await,
            templates: Templates::embedded(),
            members,
            facts,
            prompts: (shape == Shape::Zeude).then(|| facts::prompts(usage())),
        },
    };
    for zone in zones {
        seed.digests_agree(zone, &mut dice).await;
        seed.summaries_agree(zone, &mut dice).await;
    }
    engine::client().await.query(&format!("DROP DATABASE {database}")).execute().await.unwrap();
}

fn tables_of(shape: Shape) -> events::Tables {
    match shape {
        Shape::Map => events::Tables::Map,
        Shape::MapWithoutTime => events::Tables::MapWithoutTime,
        Shape::Json => events::Tables::Json,
        Shape::Zeude => events::Tables::Zeude,
    }
}

struct Seed {
    label: String,
    end: DateTime<Utc>,
    names: Names,
    sample: Sample,
}

impl Seed {
    async fn digests_agree(&self, zone: Tz, dice: &mut Dice) {
        let last = self.end.date_naive();
        let working: Vec<NaiveDate> =
            (0..12).map(|days| calendar::before(last, days)).filter(|date| is_working(*date)).collect();
        let calendar = Calendar { zone, occurrence: *dice.pick(&working), evening: dice.below(2) == 0 };
        self.sample.digests_agree(calendar, &self.label).await;
    }

    async fn summaries_agree(&self, zone: Tz, dice: &mut Dice) {
        let (week, window) = (Week::before(zone, self.end), WeeklyWindow::latest(zone, self.end));
        let facts: &[Fact] = &self.sample.facts;
        let named = self.sample.prompts.as_deref().unwrap_or(facts);
        let (everybody, tellings) = (Everybody::of(week, facts, named), Tellings::of(week, facts));
        let teams = teams(&self.sample.members, self.end, dice);
        let min_active = 1 + dice.below(4);
        let found = weekly_facts(&self.sample.warehouse, &window, &teams, true).await.unwrap();
        assert_eq!(found.len(), teams.len());
        for (team, found) in teams.iter().zip(found) {
            let label = format!("{}, {zone}, week of {}, team `{}`", self.label, week.monday, team.name);
            let expected = everybody.facts_of(&Membership::of(team, week, &tellings));
            assert_eq!(found, expected, "{label}");
            let options = WeeklyOptions {
                team: team.name.clone(),
                sections: TeamSections::ALL,
                min_active,
                data_to: None,
                alerts: Vec::new(),
            };
            let summary = WeeklySummary::of(&window, &found, &self.names, &options);
            let expected = Summarized::of(&expected, &self.names, min_active);
            assert_eq!(Summarized::by(&summary), expected, "{label}, at least {min_active}");
        }
    }
}
