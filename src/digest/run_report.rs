//! The run report: what became of all deliveries of one report and period, counted, and which of them need a person.

use super::{
    label::Label,
    notice::{capitalised, date_or_week, many},
    reasons::{code, reason_in_words, state_in_words},
};
use crate::model::DeliveryId;
use serde::Serialize;
use std::{cmp::Reverse, collections::BTreeMap};

/// Reasons told of one outcome; the others are summed.
const MOST_REASONS: usize = 5;
/// Unknown deliveries that are named, each with its buttons.
const MOST_UNKNOWN: usize = 5;
/// Teams that are named.
const MOST_TEAMS: usize = 10;
/// Letters, as Slack counts them in a message's text, for a recipient and for all teams together: the text stays within
/// its limit, whatever the names.
const MOST_OF_RECIPIENT: usize = 48;
const MOST_OF_TEAMS: usize = 500;
const WAITING: &str = "waiting";
/// Outcomes in the order in which they are told.
const OUTCOMES: [&str; 5] = ["skipped", "missed", "failed", "unknown", WAITING];

/// Counts for the owners: expected 312, sent 310, skipped 1, unknown 1.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RunReport {
    /// `daily` or `weekly`.
    pub report: String,
    /// `Daily digests, Wed, Jan 15, 2025`.
    pub title: String,
    pub expected: u64,
    pub sent: u64,
    /// All that was not sent, by outcome; only outcomes that there were.
    pub outcomes: Vec<Outcome>,
    /// Those that only a person can settle, at most 5.
    pub unknown: Vec<UnknownDelivery>,
    /// The teams that got no summary although one was due, at most 10.
    pub teams: Vec<FailingTeam>,
    /// There are more such teams.
    pub more_teams: bool,
}

/// A delivery of which nobody knows whether it arrived.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct UnknownDelivery {
    /// Its place among them, from 1: ids of buttons must differ.
    pub place: usize,
    pub id: String,
    /// An address or a team's name.
    pub recipient: Label,
    /// `Wed, Jan 15, 2025` or `2025-W03`.
    pub period: String,
}

/// A team without its summary.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FailingTeam {
    pub name: Label,
    /// What became of its summary, as a clause.
    pub words: String,
}

/// Deliveries that ended alike, or did not end.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Outcome {
    /// `skipped`, `missed`, `failed`, `unknown` or `waiting`.
    pub name: String,
    /// The same as the beginning of a line.
    pub heading: String,
    pub count: u64,
    /// Why, most frequent first, at most 5.
    pub reasons: Vec<Reason>,
    /// How many have other reasons than these.
    pub others: u64,
}

/// A reason in words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Reason {
    pub words: String,
    pub count: u64,
}

impl RunReport {
    /// Adds up the ledger's counts of `report` and `period`: state, reason, how many.
    pub fn of<'a>(
        report: &str,
        period: &str,
        tallies: impl IntoIterator<Item = (&'a str, Option<&'a str>, u64)>,
    ) -> Self {
        let (mut expected, mut sent) = (0_u64, 0_u64);
        let mut counts = BTreeMap::<&str, BTreeMap<String, u64>>::new();
        for (state, reason, count) in tallies {
            expected = expected.saturating_add(count);
            if state == "sent" {
                sent = sent.saturating_add(count);
                continue;
            }
            let outcome = OUTCOMES.into_iter().find(|outcome| *outcome == state).unwrap_or(WAITING);
            let words = match reason {
                _ if outcome == WAITING => state_in_words(state),
                Some(reason) => reason_in_words(reason),
                None => "no reason on record".into(),
            };
            let total = counts.entry(outcome).or_default().entry(words.into_owned()).or_default();
            *total = total.saturating_add(count);
        }
        let outcomes = OUTCOMES.into_iter().filter_map(|name| Some(Outcome::of(name, counts.remove(name)?)));
        Self {
            report: code(report),
            title: format!("{}, {}", capitalised(&many(report)), date_or_week(period)),
            expected,
            sent,
            outcomes: outcomes.collect(),
            unknown: Vec::new(),
            teams: Vec::new(),
            more_teams: false,
        }
    }

    /// With the deliveries that only a person can settle: id, recipient and period of each; the first 5 are named.
    #[must_use]
    pub fn unknown<'a>(mut self, deliveries: impl IntoIterator<Item = (&'a DeliveryId, &'a str, &'a str)>) -> Self {
        let named = (1..=MOST_UNKNOWN).zip(deliveries).map(|(place, (id, recipient, period))| UnknownDelivery {
            place,
            id: code(&id.0),
            recipient: short(Label::of(recipient)),
            period: date_or_week(period),
        });
        self.unknown = named.collect();
        self
    }

    /// With the teams that got no summary: name, state and reason of each; the first 10 are named.
    #[must_use]
    pub fn failing<'a>(mut self, teams: impl IntoIterator<Item = (&'a str, &'a str, Option<&'a str>)>) -> Self {
        for (place, (name, state, reason)) in teams.into_iter().enumerate() {
            let words = reason.map_or_else(|| state_in_words(state), reason_in_words).into_owned();
            let team = FailingTeam { name: Label::of(name), words };
            let length: usize = self.teams.iter().chain([&team]).map(FailingTeam::letters).sum();
            if place >= MOST_TEAMS || length > MOST_OF_TEAMS {
                self.more_teams = true;
                break;
            }
            self.teams.push(team);
        }
        self
    }
}

impl FailingTeam {
    fn letters(&self) -> usize {
        letters(&self.name.0) + letters(&self.words) + "; ()".len()
    }
}

/// How many letters `text` has once what Slack parses is escaped in it.
fn letters(text: &str) -> usize {
    let escaped = |letter| match letter {
        '&' => "&amp;".len(),
        '<' | '>' => "&lt;".len(),
        _ => 1,
    };
    text.chars().map(escaped).sum()
}

fn short(label: Label) -> Label {
    if letters(&label.0) <= MOST_OF_RECIPIENT {
        return label;
    }
    let mut name = label.0;
    while letters(&name) >= MOST_OF_RECIPIENT {
        name.pop();
    }
    Label(name + "…")
}

impl Outcome {
    fn of(name: &str, reasons: BTreeMap<String, u64>) -> Self {
        let sum = |reasons: &[Reason]| reasons.iter().fold(0_u64, |sum, reason| sum.saturating_add(reason.count));
        let mut reasons: Vec<_> = reasons.into_iter().map(|(words, count)| Reason { words, count }).collect();
        let count = sum(&reasons);
        // Stable, and the map was ordered by words.
        reasons.sort_by_key(|reason| Reverse(reason.count));
        let others = sum(reasons.get(MOST_REASONS..).unwrap_or_default());
        reasons.truncate(MOST_REASONS);
        Self { name: name.to_owned(), heading: capitalised(name), count, reasons, others }
    }
}
