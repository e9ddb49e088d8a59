//! What a team's week was, by messages.md.

use super::{
    facts::{Fact, Told},
    membership::Membership,
    usage::{of_people, uses},
    week::{Dates, Week},
};
use chrono::{DateTime, NaiveDate, Utc};
use recap::digest::{WeekFacts, WeekTotals, Winners};
use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet},
};

/// What everybody did in one span, with whose it is.
pub struct Everybody<'a> {
    week: Week,
    activity: Vec<(&'a str, &'a Fact)>,
    uses: Vec<(&'a str, &'static str, DateTime<Utc>)>,
    /// Who was seen so long before the week that there is history enough, among what skills are looked for in.
    seen_early: BTreeSet<&'a str>,
}

/// One member's week.
#[derive(Default)]
struct Did<'a> {
    sessions: BTreeSet<&'a str>,
    by_day: BTreeMap<NaiveDate, BTreeSet<&'a str>>,
    cost_nanos: i64,
    tokens: [u64; 2],
    models: BTreeMap<&'a str, u64>,
    implausible: u64,
}

impl<'a> Everybody<'a> {
    /// `named` are the facts that name skills.
    pub fn of(week: Week, facts: &'a [Fact], named: &'a [Fact]) -> Self {
        let both = week.both();
        let activity = of_people(facts, |at| both.contains(&week.date_of(at))).filter(|(_, fact)| fact.opens());
        let enough = week.start_of(*week.lately().start());
        let seen = of_people(named, |at| week.reads_skills_at(at)).filter(|(_, fact)| fact.opens());
        Self {
            week,
            activity: activity.collect(),
            uses: uses(named, |at| week.reads_skills_at(at)),
            seen_early: seen.filter(|(_, fact)| fact.at < enough).map(|(person, _)| person).collect(),
        }
    }

    /// What the week was for the people of `team`.
    pub fn facts_of(&self, team: &Membership) -> WeekFacts {
        let (week, before) = (self.did(team, &self.week.reported()), self.did(team, &self.week.compared()));
        let skills = self.skills(team, &self.week.reported());
        let mut counts = BTreeMap::<&str, u64>::new();
        for skill in skills.values().flatten() {
            *counts.entry(*skill).or_default() += 1;
        }
        let different = skills.iter().filter(|(person, _)| week.contains_key(*person)).map(|(person, skills)| {
            let different: BTreeSet<_> = skills.iter().collect();
            (*person, different.len() as u64)
        });
        let (new_skills, tried_by_one) = self.new_skills(team, &skills);
        let mut models = BTreeMap::<&str, u64>::new();
        for (model, requests) in week.values().flat_map(|did| &did.models) {
            *models.entry(*model).or_default() += requests;
        }
        let on_day =
            |date: &NaiveDate| week.values().filter_map(|did| did.by_day.get(date)).map(|ids| ids.len() as u64).sum();
        WeekFacts {
            week: totals(&week),
            before: totals(&before),
            members: team.0.keys().filter(|person| team.holds(person, &self.week.reported())).count() as u64,
            days: super::calendar::dates(&self.week.reported()).map(|date| (date, on_day(&date))).collect(),
            skills: ranked(&counts),
            more_skills: 0,
            most_sessions: winners(week.iter().map(|(person, did)| (*person, did.sessions.len() as u64))),
            most_skills: winners(different),
            new_skills,
            more_new_skills: 0,
            tried_by_one,
            requests: models.values().sum(),
            models: ranked(&models),
            more_models: 0,
            implausible: week.values().map(|did| did.implausible).sum(),
        }
    }

    fn did(&self, team: &Membership, dates: &Dates) -> BTreeMap<&'a str, Did<'a>> {
        let mut all = BTreeMap::<&str, Did<'_>>::new();
        for (person, fact) in self.activity.iter().filter(|(person, _)| team.0.contains_key(*person)) {
            let date = self.week.date_of(fact.at);
            if !dates.contains(&date) || !team.holds(person, &(date..=date)) {
                continue;
            }
            let did = all.entry(*person).or_default();
            did.sessions.insert(&fact.session);
            did.by_day.entry(date).or_default().insert(&fact.session);
            if let Told::Request(request) = &fact.kind {
                did.cost_nanos += request.cost_nanos;
                did.tokens[0] += request.tokens[0];
                did.tokens[1] += request.tokens[1];
                *did.models.entry(&request.model).or_default() += 1;
                did.implausible += u64::from(request.implausible);
            }
        }
        all
    }

    /// The uses of each member on `dates` on which they were on the team.
    fn skills(&self, team: &Membership, dates: &Dates) -> BTreeMap<&'a str, Vec<&'static str>> {
        self.skills_where(team, dates, |person, date| team.holds(person, &(date..=date)))
    }

    fn skills_where(
        &self,
        team: &Membership,
        dates: &Dates,
        counts: impl Fn(&str, NaiveDate) -> bool,
    ) -> BTreeMap<&'a str, Vec<&'static str>> {
        let mut skills = BTreeMap::<&str, Vec<_>>::new();
        for (person, skill, at) in self.uses.iter().filter(|(person, ..)| team.0.contains_key(*person)) {
            let date = self.week.date_of(*at);
            if dates.contains(&date) && counts(person, date) {
                skills.entry(*person).or_default().push(*skill);
            }
        }
        skills
    }

    /// What was not used in the 28 days before: each half counts for whoever was on the team at some time of it. Somebody
    /// who was on it in the first half must have been seen by then.
    fn new_skills(&self, team: &Membership, used: &BTreeMap<&str, Vec<&'static str>>) -> (Vec<(String, u64)>, usize) {
        let known_in = |dates: Dates| {
            let known = self.skills_where(team, &dates, |person, _| team.holds(person, &dates));
            known.into_values().flatten().collect::<BTreeSet<_>>()
        };
        let (earlier, lately) = (known_in(self.week.earlier()), known_in(self.week.lately()));
        let mut seen = self.seen_early.iter().filter(|person| team.0.contains_key(**person));
        let has_history = seen.any(|person| team.holds(person, &self.week.earlier()));
        let mut members = BTreeMap::<&str, u64>::new();
        for skill in used.values().flat_map(|skills| skills.iter().collect::<BTreeSet<_>>()) {
            if has_history && !earlier.contains(skill) && !lately.contains(skill) {
                *members.entry(*skill).or_default() += 1;
            }
        }
        let by_one = members.values().filter(|members| **members == 1).count();
        members.retain(|_, members| *members > 1);
        (ranked(&members), by_one)
    }
}

fn totals(week: &BTreeMap<&str, Did<'_>>) -> WeekTotals {
    let sum = |of: fn(&Did<'_>) -> u64| week.values().map(of).sum();
    WeekTotals {
        sessions: sum(|did| did.sessions.len() as u64),
        cost_nanos: week.values().map(|did| did.cost_nanos).sum(),
        input_tokens: sum(|did| did.tokens[0]),
        output_tokens: sum(|did| did.tokens[1]),
        active: week.len() as u64,
    }
}

/// All with the most; zero never wins.
fn winners<'a>(figures: impl Iterator<Item = (&'a str, u64)>) -> Winners {
    let figures: Vec<_> = figures.collect();
    let figure = figures.iter().map(|(_, figure)| *figure).max().unwrap_or(0);
    let winning = figures.iter().filter(|(_, of)| figure > 0 && *of == figure);
    Winners { members: winning.map(|(person, _)| person.parse().unwrap()).collect(), figure }
}

/// Most first, then by name.
fn ranked(counts: &BTreeMap<&str, u64>) -> Vec<(String, u64)> {
    let mut ranking: Vec<_> = counts.iter().map(|(name, count)| ((*name).to_owned(), *count)).collect();
    ranking.sort_by_key(|(_, count)| Reverse(*count));
    ranking
}
