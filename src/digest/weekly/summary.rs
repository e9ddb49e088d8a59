//! The weekly summary as templates see it: no address, and no name of who did not agree.

use super::{
    Names, WeekFacts,
    mvp::{Mvp, mvps},
    trend::{Against, FEWEST_SESSIONS, FEWEST_TOKENS, HeadcountTrend, LEAST_COST_NANOS, Trend},
};
use crate::{
    digest::{
        AlertLine, ChartDay, ModelShare, Ranked,
        label::{Label, visible},
        rounding::{dollars, percent},
    },
    schedule::WeeklyWindow,
};
use chrono::{NaiveDate, NaiveDateTime};
use serde::{Deserialize, Serialize};

/// Skills, new skills, models and alerts that a summary lists of each.
const TOP: usize = 5;
/// Characters of a name, and its letters where `&`, `<` and `>` are escaped: with so many names the text of a message
/// whose names are all ampersands would be longer than Slack wants it.
pub(super) const NAME: usize = 40;
pub(super) const NAME_LETTERS: usize = 64;
/// The same of a team, beside whose name a header has room for two dates.
const TEAM: usize = 64;
const TEAM_LETTERS: usize = 90;
/// The same of an alert's words.
const ALERT: usize = 150;
const ALERT_LETTERS: usize = 200;

/// Which parts of a weekly summary are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch that an owner flips by itself")]
pub struct TeamSections {
    pub sessions: bool,
    pub cost: bool,
    pub active: bool,
    pub tokens: bool,
    pub mvp: bool,
    pub skills: bool,
    pub new_skills: bool,
    pub chart: bool,
    pub models: bool,
}

impl TeamSections {
    /// Everything that there is to show.
    pub const ALL: Self = Self {
        sessions: true,
        cost: true,
        active: true,
        tokens: true,
        mvp: true,
        skills: true,
        new_skills: true,
        chart: true,
        models: true,
    };
}

/// What a team's owners chose, and what is told beside the week's numbers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct WeeklyOptions {
    /// The team's name; foreign text.
    pub team: String,
    /// After `digest.show_cost` was applied.
    pub sections: TeamSections,
    pub min_active: u64,
    /// Where the telemetry is behind: local time up to which there is any.
    pub data_to: Option<NaiveDateTime>,
    /// What owners were alerted of in this week.
    pub alerts: Vec<AlertLine>,
}

/// The days of a summary.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Week {
    pub first: NaiveDate,
    pub last: NaiveDate,
    /// The IANA zone's name.
    pub zone: String,
}

/// A total and how it compares.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Compared<T> {
    pub total: T,
    pub trend: Option<Trend>,
}

/// Members with a session, of all members.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Active {
    pub total: u64,
    pub members: u64,
    pub trend: Option<HeadcountTrend>,
}

/// Tokens, compared by their sum.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Tokens {
    pub input: u64,
    pub output: u64,
    pub trend: Option<Trend>,
}

/// A skill that is new to the team.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NewSkill {
    pub name: Label,
    /// Who used it, at least two.
    pub people: u64,
}

/// An alert of the week.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TeamAlert {
    pub day: NaiveDate,
    pub words: Label,
}

/// One team's weekly summary.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct WeeklySummary {
    pub team: Label,
    pub period: Week,
    /// Enough members were active for more than their number to be told. Where not, nothing else is here either.
    pub told: bool,
    pub sections: TeamSections,
    pub active: Active,
    pub sessions: Compared<u64>,
    /// Estimated cost in US dollars, exact to a billionth before formatting.
    pub cost: Compared<f64>,
    pub tokens: Tokens,
    pub mvps: Vec<Mvp>,
    /// The most used, most first, at most 5.
    pub top_skills: Vec<Ranked>,
    pub more_skills: usize,
    /// At most 5, and how many more at least two members used.
    pub new_skills: Vec<NewSkill>,
    pub more_new_skills: usize,
    pub tried_by_one: usize,
    /// The models by requests, most first, at most 5.
    pub models: Vec<ModelShare>,
    pub more_models: usize,
    /// Sessions by day, Monday to Sunday.
    pub chart: Vec<ChartDay>,
    /// At most 5.
    pub alerts: Vec<TeamAlert>,
    pub more_alerts: usize,
    /// Local time up to which there is telemetry, where it is behind.
    pub data_to: Option<NaiveDateTime>,
    /// Requests whose cost or tokens cannot be, and count as 0.
    pub implausible: u64,
}

impl WeeklySummary {
    /// Decides what `facts` say about `window` to whoever reads the team's channel. What a section that is off would list
    /// is left empty. A summary made again with more `names` is what "Show my name" changes a message to.
    pub fn of(window: &WeeklyWindow, facts: &WeekFacts, names: &Names, options: &WeeklyOptions) -> Self {
        let bare = Self::bare(window, facts, options);
        if !bare.told {
            return bare;
        }
        let (week, before, sections) = (facts.week, facts.before, options.sections);
        let against = Against::of(before, options.min_active);
        let trend = |now: i128, before: i128, least| Some(Trend::of(now, before, least, against));
        let tokens = [week, before].map(|week| i128::from(week.input_tokens) + i128::from(week.output_tokens));
        let chart = facts.days.iter().map(|(date, sessions)| ChartDay { date: *date, sessions: *sessions });
        Self {
            active: Active { trend: Some(HeadcountTrend::of(week.active, before.active)), ..bare.active },
            sessions: Compared {
                total: week.sessions,
                trend: trend(week.sessions.into(), before.sessions.into(), FEWEST_SESSIONS),
            },
            cost: Compared {
                total: dollars(week.cost_nanos),
                trend: trend(week.cost_nanos.into(), before.cost_nanos.into(), LEAST_COST_NANOS),
            },
            tokens: Tokens {
                input: week.input_tokens,
                output: week.output_tokens,
                trend: trend(tokens[0], tokens[1], FEWEST_TOKENS),
            },
            mvps: if sections.mvp { mvps(facts, names) } else { Vec::new() },
            chart: if sections.chart { chart.collect() } else { Vec::new() },
            implausible: if sections.cost || sections.tokens { facts.implausible } else { 0 },
            ..bare.with_lists(facts, options)
        }
    }

    /// What is told of a team of which too few were active: how many, and nothing else.
    fn bare(window: &WeeklyWindow, facts: &WeekFacts, options: &WeeklyOptions) -> Self {
        let active = facts.week.active;
        let first = window.days.first().map_or_else(|| window.reported().start.date_naive(), |day| day.date);
        Self {
            team: Label::fitted(&visible(&options.team), TEAM, TEAM_LETTERS),
            period: Week {
                first,
                last: window.days.last().map_or(first, |day| day.date),
                zone: window.zone.name().to_owned(),
            },
            told: active >= options.min_active.max(1),
            sections: options.sections,
            active: Active { total: active, members: facts.members, trend: None },
            sessions: Compared { total: 0, trend: None },
            cost: Compared { total: 0.0, trend: None },
            tokens: Tokens { input: 0, output: 0, trend: None },
            mvps: Vec::new(),
            top_skills: Vec::new(),
            more_skills: 0,
            new_skills: Vec::new(),
            more_new_skills: 0,
            tried_by_one: 0,
            models: Vec::new(),
            more_models: 0,
            chart: Vec::new(),
            alerts: Vec::new(),
            more_alerts: 0,
            data_to: options.data_to,
            implausible: 0,
        }
    }

    /// The same with skills, models and alerts, as far as they are wanted.
    fn with_lists(mut self, facts: &WeekFacts, options: &WeeklyOptions) -> Self {
        let label = |name: &str| Label::fitted(&visible(name), NAME, NAME_LETTERS);
        let sections = options.sections;
        if sections.skills {
            let skills = facts.skills.iter().zip(1..).take(TOP);
            self.top_skills =
                skills.map(|((name, uses), rank)| Ranked { rank, name: label(name), uses: *uses }).collect();
            self.more_skills = more(facts.skills.len(), facts.more_skills);
        }
        if sections.new_skills {
            let new = facts.new_skills.iter().take(TOP);
            self.new_skills = new.map(|(name, people)| NewSkill { name: label(name), people: *people }).collect();
            self.more_new_skills = more(facts.new_skills.len(), facts.more_new_skills);
            self.tried_by_one = facts.tried_by_one;
        }
        if sections.models {
            let models = facts.models.iter().take(TOP).map(|(name, requests)| ModelShare {
                name: label(name),
                requests: *requests,
                percent: percent((*requests).into(), facts.requests.into()).unwrap_or(0),
            });
            self.models = models.collect();
            self.more_models = more(facts.models.len(), facts.more_models);
        }
        let words = |words: &str| Label::fitted(&visible(words), ALERT, ALERT_LETTERS);
        let alerts = options.alerts.iter().take(TOP);
        self.alerts = alerts.map(|alert| TeamAlert { day: alert.day, words: words(&alert.words) }).collect();
        self.more_alerts = more(options.alerts.len(), 0);
        self
    }
}

/// How many are not listed, of those that are `kept` and `besides`.
fn more(kept: usize, besides: usize) -> usize {
    kept.saturating_sub(TOP).saturating_add(besides)
}
