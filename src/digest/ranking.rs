//! Rankings: the skills used most, and the models by their share of requests.

use super::{
    label::{Label, visible},
    rounding::percent,
};
use serde::Serialize;
use std::{borrow::Cow, cmp::Reverse, collections::BTreeMap};

/// Skills that a daily digest names.
const TOP_SKILLS: usize = 3;
/// Models that a daily digest names.
const TOP_MODELS: usize = 5;

/// A skill in the ranking.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Ranked {
    pub rank: usize,
    pub name: Label,
    pub uses: u64,
}

/// A model's share of the requests.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ModelShare {
    pub name: Label,
    pub requests: u64,
    pub percent: i64,
}

/// The skills used most, and how many more there are.
pub(super) fn top_skills<'a>(uses: impl Iterator<Item = (&'a str, u64)>) -> (Vec<Ranked>, usize) {
    let ranking = ranking(uses.filter(|(name, _)| !name.trim().is_empty()));
    let top = ranking.iter().zip(1..).take(TOP_SKILLS).map(|((name, uses), rank)| Ranked {
        rank,
        name: Label::shortened(name),
        uses: *uses,
    });
    (top.collect(), ranking.len().saturating_sub(TOP_SKILLS))
}

/// The models with most requests, and how many more there are; shares are of all requests.
pub(super) fn top_models<'a>(requests: impl Iterator<Item = (&'a str, u64)>) -> (Vec<ModelShare>, usize) {
    let ranking = ranking(requests);
    let all: i128 = ranking.iter().map(|(_, requests)| i128::from(*requests)).sum();
    let top = ranking.iter().take(TOP_MODELS).map(|(name, requests)| ModelShare {
        name: Label::shortened(name),
        requests: *requests,
        percent: percent(i128::from(*requests), all).unwrap_or(0),
    });
    (top.collect(), ranking.len().saturating_sub(TOP_MODELS))
}

/// Names that look the same summed, most first, then by name; what was never used is left out.
fn ranking<'a>(counts: impl Iterator<Item = (&'a str, u64)>) -> Vec<(Cow<'a, str>, u64)> {
    let mut totals = BTreeMap::<_, u64>::new();
    for (name, count) in counts.filter(|(_, count)| *count > 0) {
        let total = totals.entry(visible(name)).or_default();
        *total = total.saturating_add(count);
    }
    let mut ranking: Vec<_> = totals.into_iter().collect();
    // Stable, and the map was ordered by name.
    ranking.sort_by_key(|(_, total)| Reverse(*total));
    ranking
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(uses: &[(&str, u64)]) -> (Vec<String>, usize) {
        let (top, more) = top_skills(uses.iter().copied());
        (top.iter().map(|skill| format!("{}. {} {}", skill.rank, skill.name.0, skill.uses)).collect(), more)
    }

    #[test]
    fn skills_are_summed_and_ordered_by_uses_then_name() {
        let (top, more) = shown(&[
            ("fix", 2),
            ("commit", 3),
            ("autopilot", 2),
            ("commit", 5),
            ("zap", 1),
            ("", 9),
            (" ", 9),
            ("no", 0),
        ]);
        assert_eq!(top, ["1. commit 8", "2. autopilot 2", "3. fix 2"]);
        assert_eq!(more, 1);
        assert_eq!(shown(&[]), (vec![], 0));
    }

    #[test]
    fn names_that_look_the_same_are_one_and_long_ones_stay_apart() {
        let long = "x".repeat(50);
        let (top, more) =
            shown(&[("commit", 1), ("com\u{200b}mit", 2), (&format!("{long}a"), 2), (&format!("{long}b"), 2)]);
        assert_eq!(top[0], "1. commit 3");
        assert_eq!((top.len(), more), (3, 0));
        assert_eq!(shown(&[("\u{200b}", 1), ("\u{202e}", 1)]).0, ["1. ? 2"]);
    }

    #[test]
    fn shares_are_of_all_requests_also_those_not_listed() {
        let requests = [("opus", 50), ("sonnet", 25), ("haiku", 10), ("a", 5), ("b", 5), ("", 5), ("huge", 0)];
        let (top, more) = top_models(requests.iter().copied());
        let shown: Vec<_> = top.iter().map(|model| format!("{} {}%", model.name.0, model.percent)).collect();
        assert_eq!(shown, ["opus 50%", "sonnet 25%", "haiku 10%", "? 5%", "a 5%"]);
        assert_eq!(more, 1);
        let (absurd, _) = top_models([("a", u64::MAX), ("a", 1), ("b", u64::MAX)].into_iter());
        assert_eq!(absurd[0].percent, 50);
    }
}
