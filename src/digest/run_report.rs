//! The run report: what became of all deliveries of one report and period, counted.

use super::{
    notice::{capitalised, date_or_week, many},
    reasons::{reason_in_words, state_in_words},
};
use serde::Serialize;
use std::{cmp::Reverse, collections::BTreeMap};

/// Reasons told of one outcome; the others are summed.
const MOST_REASONS: usize = 5;
const WAITING: &str = "waiting";
/// Outcomes in the order in which they are told.
const OUTCOMES: [&str; 5] = ["skipped", "missed", "failed", "unknown", WAITING];

/// Counts for the owners: expected 312, sent 310, skipped 1, unknown 1.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RunReport {
    /// `Daily digests, Wed, Jan 15, 2025`.
    pub title: String,
    pub expected: u64,
    pub sent: u64,
    /// All that was not sent, by outcome; only outcomes that there were.
    pub outcomes: Vec<Outcome>,
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
            title: format!("{}, {}", capitalised(&many(report)), date_or_week(period)),
            expected,
            sent,
            outcomes: outcomes.collect(),
        }
    }
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
