//! The MVPs of a week: who is named, who stays "a teammate", and whose figure would give others away.

use super::{Names, WeekFacts, Winners};
use crate::digest::label::Label;
use serde::Serialize;
use std::collections::BTreeSet;

/// Of those who are tied, so many are told of one by one.
const SHOWN: usize = 3;
/// So many active members beside the winners must have no figure for one to be told.
const OTHERS: u64 = 3;

/// What somebody has the most of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Award {
    Sessions,
    /// Different skills.
    Skills,
}

/// The winners of one award: up to 3 of them named or as teammates, named ones first, and how many others.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Mvp {
    pub award: Award,
    /// Those shown who agreed to be named, by name.
    pub names: Vec<Label>,
    /// How many of those shown did not agree.
    pub teammates: usize,
    /// Tied with them.
    pub others: usize,
    /// None where it would tell too much about the others.
    pub figure: Option<u64>,
    /// Whether any winner could still show their name.
    pub show_name: bool,
}

/// The awards that somebody won. A figure is told only where, of all active members, at least 3 are left without one: all
/// winners of both awards count as having one.
pub(super) fn mvps(facts: &WeekFacts, names: &Names) -> Vec<Mvp> {
    let awards = [(Award::Sessions, &facts.most_sessions), (Award::Skills, &facts.most_skills)];
    let won = || awards.into_iter().filter(|(_, winners)| winners.figure > 0 && !winners.members.is_empty());
    let with_figure: BTreeSet<_> = won().flat_map(|(_, winners)| &winners.members).collect();
    let with_figure = u64::try_from(with_figure.len()).unwrap_or(u64::MAX);
    let told = facts.week.active.saturating_sub(with_figure) >= OTHERS;
    won().map(|(award, winners)| Mvp::of(award, winners, names, told)).collect()
}

impl Mvp {
    fn of(award: Award, winners: &Winners, names: &Names, told: bool) -> Self {
        let mut labels: Vec<_> = winners.members.iter().filter_map(|member| names.label(member)).collect();
        let unnamed = winners.members.len() - labels.len();
        labels.sort();
        labels.truncate(SHOWN);
        let teammates = unnamed.min(SHOWN - labels.len());
        Self {
            award,
            others: winners.members.len() - labels.len() - teammates,
            names: labels,
            teammates,
            figure: told.then_some(winners.figure),
            show_name: unnamed > 0,
        }
    }
}
