//! What a digest must say, by messages.md.

use super::{
    calendar::{Calendar, dates, is_working},
    usage::{ByDay, Day},
};
use chrono::NaiveDate;
use recap::digest::DailyDigest;
use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet},
    ops::RangeInclusive,
};

/// What one member did, if anything.
#[derive(Debug, Clone, Copy)]
pub struct Did<'a> {
    pub days: Option<&'a ByDay<Day>>,
    pub skills: Option<&'a ByDay<BTreeMap<String, u64>>>,
    pub active: Option<&'a BTreeSet<NaiveDate>>,
}

impl<'a> Did<'a> {
    fn on(self, dates: RangeInclusive<NaiveDate>) -> impl Iterator<Item = &'a Day> + Clone {
        self.days.into_iter().flat_map(move |days| days.range(dates.clone())).map(|(_, day)| day)
    }
}

/// A digest's numbers.
#[derive(Debug, Default, PartialEq)]
pub struct Said {
    empty: bool,
    /// Total, difference and percentage.
    sessions: (i64, Option<(i64, Option<i64>)>),
    /// In cents but for the total, which is in billionths of a dollar.
    cost: (i64, Option<(i64, Option<i64>)>),
    tokens: [u64; 4],
    cache_hit: Option<i64>,
    skills: (Vec<(String, u64)>, usize),
    models: (Vec<(String, u64, i64)>, usize),
    streak: Option<u32>,
    chart: Vec<(NaiveDate, u64)>,
}

/// `part / whole`, half away from zero.
fn rounded(part: i64, whole: i64) -> i64 {
    part.signum() * ((2 * part.abs() + whole) / (2 * whole))
}

impl Said {
    #[expect(clippy::cast_possible_truncation, reason = "amounts of a sample are small")]
    pub fn by(digest: &DailyDigest) -> Self {
        let billionths = |dollars: f64| (dollars * 1e9).round() as i64;
        let cents = |dollars: f64| (dollars * 100.0).round() as i64;
        Self {
            empty: digest.empty,
            sessions: (digest.sessions.total, digest.sessions.change.map(|change| (change.difference, change.percent))),
            cost: (
                billionths(digest.cost.total),
                digest.cost.change.map(|change| (cents(change.difference), change.percent)),
            ),
            tokens: [digest.input_tokens, digest.output_tokens, digest.cache_read_tokens, digest.cache_creation_tokens],
            cache_hit: digest.cache_hit_percent,
            skills: (
                digest.top_skills.iter().map(|skill| (skill.name.0.clone(), skill.uses)).collect(),
                digest.more_skills,
            ),
            models: (
                digest.models.iter().map(|model| (model.name.0.clone(), model.requests, model.percent)).collect(),
                digest.more_models,
            ),
            streak: digest.streak.map(|streak| {
                assert!(!streak.at_least, "the sample has a day off before its beginning");
                streak.days
            }),
            chart: digest.chart.iter().map(|day| (day.date, day.sessions)).collect(),
        }
    }

    /// What must be said of `did`.
    pub fn of(calendar: Calendar, did: Did<'_>) -> Self {
        let in_window = || did.on(calendar.window());
        let sessions: BTreeSet<_> = in_window().flat_map(|day| &day.sessions).collect();
        let sessions = i64::try_from(sessions.len()).unwrap();
        let cost: i64 = in_window().map(|day| day.cost_nanos).sum();
        let tokens = [0, 1, 2, 3].map(|kind: usize| in_window().map(|day| day.tokens[kind]).sum());
        let [input, _, read, written] = tokens;
        let all_input = i64::try_from(input + read + written).unwrap();
        let numbers = Self {
            empty: sessions == 0,
            sessions: (sessions, None),
            cost: (cost, None),
            tokens,
            cache_hit: (all_input > 0).then(|| rounded(100 * i64::try_from(read).unwrap(), all_input)),
            ..Self::default()
        };
        if sessions == 0 {
            return numbers;
        }
        let (sessions_change, cost_change) = changes(calendar, did, sessions, cost).unzip();
        let skills =
            ranked(did.skills.into_iter().flat_map(|skills| skills.range(calendar.window())).map(|(_, skills)| skills));
        let models = ranked(in_window().map(|day| &day.models));
        let requests: u64 = models.iter().map(|(_, requests)| requests).sum();
        let share = |count: u64| rounded(100 * i64::try_from(count).unwrap(), i64::try_from(requests).unwrap());
        let last_days = dates(&(*calendar.baseline().start()..=*calendar.window().end())).rev().take(7);
        let chart = last_days
            .map(|date| (date, did.days.and_then(|days| days.get(&date)).map_or(0, |day| day.sessions.len() as u64)));
        Self {
            sessions: (sessions, sessions_change),
            cost: (cost, cost_change),
            skills: (skills.iter().take(3).cloned().collect(), skills.len().saturating_sub(3)),
            models: (
                models.iter().take(5).map(|(name, count)| (name.clone(), *count, share(*count))).collect(),
                models.len().saturating_sub(5),
            ),
            streak: did.active.and_then(|active| streak(calendar, active)),
            chart: chart.collect::<Vec<_>>().into_iter().rev().collect(),
            ..numbers
        }
    }
}

type Change = (i64, Option<i64>);

/// Against the 7-day average.
fn changes(calendar: Calendar, did: Did<'_>, sessions: i64, cost: i64) -> Option<(Change, Change)> {
    let working = i64::try_from(dates(&calendar.baseline()).filter(|date| is_working(*date)).count()).unwrap();
    let days = || did.on(calendar.baseline());
    if days().filter(|day| !day.sessions.is_empty()).count() < 3 {
        return None;
    }
    let base_sessions: i64 = days().map(|day| i64::try_from(day.sessions.len()).unwrap()).sum();
    let base_cost: i64 = days().map(|day| day.cost_nanos).sum();
    let change = |total: i64, base: i64, unit: i64, least: i64| {
        let above = total * working - base;
        (rounded(above, working * unit), (base >= least * working).then(|| rounded(100 * above, base)))
    };
    Some((change(sessions, base_sessions, 1, 3), change(cost, base_cost, 10_000_000, 1_000_000_000)))
}

/// Most first, then by name.
fn ranked<'a>(days: impl Iterator<Item = &'a BTreeMap<String, u64>>) -> Vec<(String, u64)> {
    let mut sums = BTreeMap::<String, u64>::new();
    for (name, count) in days.flatten() {
        *sums.entry(name.clone()).or_default() += count;
    }
    let mut ranking: Vec<_> = sums.into_iter().collect();
    ranking.sort_by_key(|(_, count)| Reverse(*count));
    ranking
}

fn streak(calendar: Calendar, active: &BTreeSet<NaiveDate>) -> Option<u32> {
    let last = dates(&calendar.window()).rfind(|date| is_working(*date)).unwrap();
    let mut days = 0;
    for date in dates(&(*calendar.history().start()..=last)).rev() {
        let unfinished = calendar.evening && date == calendar.occurrence;
        if active.contains(&date) {
            days += 1;
        } else if is_working(date) && !unfinished {
            break;
        }
    }
    (days > 0).then_some(days)
}
