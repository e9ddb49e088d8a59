//! What a weekly summary must say of a team's week, by messages.md.

use recap::{
    digest::{Award, Direction, Mvp, Names, WeekFacts, WeeklySummary, Winners},
    model::MemberEmail,
};
use std::collections::{BTreeMap, BTreeSet};

/// An arrow and its percentage.
type Trend = (Direction, Option<i64>);

/// One award: names in any order, teammates, others, figure, whether somebody could still show their name.
type Told = (Award, BTreeSet<String>, usize, usize, Option<u64>, bool);

/// A summary's numbers and names.
#[derive(Debug, Default, PartialEq)]
pub struct Summarized {
    told: bool,
    active: (u64, u64, Option<(Direction, u64)>),
    sessions: (u64, Option<Trend>),
    /// In billionths of a dollar.
    cost: (i64, Option<Trend>),
    tokens: (u64, u64, Option<Trend>),
    mvps: Vec<Told>,
    skills: (Vec<(String, u64)>, usize),
    new_skills: (Vec<(String, u64)>, usize, usize),
    models: (Vec<(String, u64, i64)>, usize),
    chart: Vec<(chrono::NaiveDate, u64)>,
    implausible: u64,
}

impl Summarized {
    #[expect(clippy::cast_possible_truncation, reason = "amounts of a sample are small")]
    pub fn by(summary: &WeeklySummary) -> Self {
        let trend = |trend: recap::digest::Trend| (trend.direction, trend.percent);
        let of = |mvp: &Mvp| {
            let names = mvp.names.iter().map(|name| name.0.clone()).collect();
            (mvp.award, names, mvp.teammates, mvp.others, mvp.figure, mvp.show_name)
        };
        Self {
            told: summary.told,
            active: (
                summary.active.total,
                summary.active.members,
                summary.active.trend.map(|trend| (trend.direction, trend.difference)),
            ),
            sessions: (summary.sessions.total, summary.sessions.trend.map(trend)),
            cost: ((summary.cost.total * 1e9).round() as i64, summary.cost.trend.map(trend)),
            tokens: (summary.tokens.input, summary.tokens.output, summary.tokens.trend.map(trend)),
            mvps: summary.mvps.iter().map(of).collect(),
            skills: (
                summary.top_skills.iter().map(|skill| (skill.name.0.clone(), skill.uses)).collect(),
                summary.more_skills,
            ),
            new_skills: (
                summary.new_skills.iter().map(|skill| (skill.name.0.clone(), skill.people)).collect(),
                summary.more_new_skills,
                summary.tried_by_one,
            ),
            models: (
                summary.models.iter().map(|model| (model.name.0.clone(), model.requests, model.percent)).collect(),
                summary.more_models,
            ),
            chart: summary.chart.iter().map(|day| (day.date, day.sessions)).collect(),
            implausible: summary.implausible,
        }
    }

    /// What must be said of `week`, where `names` agreed to be named.
    pub fn of(week: &WeekFacts, names: &Names, min_active: u64) -> Self {
        let (now, before) = (week.week, week.before);
        if now.active < min_active {
            return Self { active: (now.active, week.members, None), ..Self::default() };
        }
        // Of fewer before, a percentage would tell somebody's own numbers (Small teams).
        let few = (1..min_active).contains(&before.active);
        let trend = |now: i64, before: i64, least: i64| Some(trend(now, before, least, few));
        let whole = |count: u64| i64::try_from(count).unwrap();
        let tokens = |totals: recap::digest::WeekTotals| whole(totals.input_tokens + totals.output_tokens);
        let requests: u64 = week.models.iter().map(|(_, requests)| requests).sum();
        let share = |count: u64| rounded(100 * whole(count), whole(requests));
        Self {
            told: true,
            active: (
                now.active,
                week.members,
                Some((direction(whole(now.active), whole(before.active)), now.active.abs_diff(before.active))),
            ),
            sessions: (now.sessions, trend(whole(now.sessions), whole(before.sessions), 3)),
            cost: (now.cost_nanos, trend(now.cost_nanos, before.cost_nanos, 1_000_000_000)),
            tokens: (now.input_tokens, now.output_tokens, trend(tokens(now), tokens(before), 1_000)),
            mvps: mvps(week, &names.0),
            skills: first_five(&week.skills),
            new_skills: (first_five(&week.new_skills).0, first_five(&week.new_skills).1, week.tried_by_one),
            models: (
                week.models.iter().take(5).map(|(name, count)| (name.clone(), *count, share(*count))).collect(),
                week.models.len().saturating_sub(5),
            ),
            chart: week.days.clone(),
            implausible: week.implausible,
        }
    }
}

fn first_five(ranking: &[(String, u64)]) -> (Vec<(String, u64)>, usize) {
    (ranking.iter().take(5).cloned().collect(), ranking.len().saturating_sub(5))
}

fn direction(now: i64, before: i64) -> Direction {
    match now.cmp(&before) {
        std::cmp::Ordering::Less => Direction::Down,
        std::cmp::Ordering::Equal => Direction::Level,
        std::cmp::Ordering::Greater => Direction::Up,
    }
}

/// `part / whole`, half away from zero.
fn rounded(part: i64, whole: i64) -> i64 {
    part.signum() * ((2 * part.abs() + whole) / (2 * whole))
}

fn trend(now: i64, before: i64, least: i64, few: bool) -> Trend {
    if few || before == 0 {
        return (direction(now, before), None);
    }
    let percent = rounded(100 * (now - before), before);
    (direction(percent, 0), (before >= least && percent != 0).then_some(percent.abs()))
}

/// Sessions, then skills; a figure only where 3 other active members remain without one.
fn mvps(week: &WeekFacts, names: &BTreeMap<MemberEmail, String>) -> Vec<Told> {
    let with_figure: BTreeSet<_> =
        [&week.most_sessions, &week.most_skills].into_iter().flat_map(|won| &won.members).collect();
    let figure_told = week.week.active >= with_figure.len() as u64 + 3;
    let told = |award, winners: &Winners| {
        let mut shown: Vec<_> = winners.members.iter().filter_map(|member| names.get(member).cloned()).collect();
        let untold = winners.members.len() - shown.len();
        shown.sort();
        shown.truncate(3);
        let teammates = untold.min(3 - shown.len());
        let others = winners.members.len() - shown.len() - teammates;
        let figure = figure_told.then_some(winners.figure);
        (award, shown.into_iter().collect(), teammates, others, figure, untold > 0)
    };
    [(Award::Sessions, &week.most_sessions), (Award::Skills, &week.most_skills)]
        .into_iter()
        .filter(|(_, winners)| !winners.members.is_empty())
        .map(|(award, winners)| told(award, winners))
        .collect()
}
