//! What each member did, day by day, counted from facts.

use super::{
    calendar::Calendar,
    facts::{Fact, Told, people},
};
use chrono::{DateTime, NaiveDate, Utc};
use std::collections::{BTreeMap, BTreeSet};

/// One member's day.
#[derive(Debug, Default)]
pub struct Day {
    pub sessions: BTreeSet<String>,
    pub cost_nanos: i64,
    pub tokens: [u64; 4],
    pub models: BTreeMap<String, u64>,
}

pub type ByDay<T> = BTreeMap<NaiveDate, T>;
pub type ByPerson<T> = BTreeMap<String, T>;

/// Sessions, cost, tokens and requests of the baseline and the window.
pub fn activity(calendar: Calendar, facts: &[Fact]) -> ByPerson<ByDay<Day>> {
    let mut all = ByPerson::<ByDay<Day>>::new();
    for (person, fact) in of_people(facts, |at| calendar.spans(at)).filter(|(_, fact)| fact.opens()) {
        let day = all.entry(person.to_owned()).or_default().entry(calendar.day_of(fact.at)).or_default();
        day.sessions.insert(fact.session.clone());
        if let Told::Request(request) = &fact.kind {
            day.cost_nanos += request.cost_nanos;
            for (sum, tokens) in day.tokens.iter_mut().zip(request.tokens) {
                *sum += tokens;
            }
            *day.models.entry(request.model.clone()).or_default() += 1;
        }
    }
    all
}

/// Uses of skills on the window's days.
pub fn skills(calendar: Calendar, facts: &[Fact]) -> ByPerson<ByDay<BTreeMap<String, u64>>> {
    let mut all = ByPerson::<ByDay<BTreeMap<String, u64>>>::new();
    for (person, skill, at) in uses(facts, |at| calendar.spans_skills(at)) {
        let day = calendar.day_of(at);
        if calendar.window().contains(&day) {
            *all.entry(person.to_owned()).or_default().entry(day).or_default().entry(skill.into()).or_default() += 1;
        }
    }
    all
}

/// Each use of a skill, at its first event (rule 8): who used which, and when.
pub fn uses(facts: &[Fact], queried: impl Fn(DateTime<Utc>) -> bool) -> Vec<(&str, &'static str, DateTime<Utc>)> {
    let named = of_people(facts, queried).filter(|(_, fact)| fact.skill.is_some());
    let mut uses = BTreeMap::<_, Vec<&Fact>>::new();
    for (person, fact) in named {
        let (_, skill) = fact.skill.unwrap();
        uses.entry((person, fact.session.as_str(), skill, fact.prompt)).or_default().push(fact);
    }
    let mut all = Vec::new();
    for ((person, _, skill, prompt), mut told) in uses {
        told.sort_by_key(|fact| fact.at);
        let best = told.iter().filter_map(|fact| fact.skill).map(|(source, _)| source).min().unwrap();
        if prompt.is_none() {
            told.retain(|fact| fact.skill == Some((best, skill)));
        }
        let counted = if prompt.is_some() || best == 4 { 1 } else { told.len() };
        all.extend(told[..counted].iter().map(|fact| (person, skill, fact.at)));
    }
    all
}

/// Local days of the history with a session.
pub fn active_days(calendar: Calendar, facts: &[Fact]) -> ByPerson<BTreeSet<NaiveDate>> {
    let mut all = ByPerson::<BTreeSet<NaiveDate>>::new();
    for (person, fact) in of_people(facts, |at| calendar.remembers(at)).filter(|(_, fact)| fact.opens()) {
        all.entry(person.to_owned()).or_default().extend(calendar.date_of(fact.at));
    }
    all
}

/// The facts of a queried span with whose they are.
pub fn of_people(facts: &[Fact], queried: impl Fn(DateTime<Utc>) -> bool) -> impl Iterator<Item = (&str, &Fact)> {
    let facts: Vec<&Fact> = facts.iter().filter(|fact| queried(fact.at)).collect();
    let people = people(&facts);
    people.into_iter().zip(facts).filter_map(|(person, fact)| Some((person?, fact)))
}
