//! The personal daily digest.

use super::{
    average::Measure,
    period::Period,
    ranking::{ModelShare, Ranked, top_models, top_skills},
    rounding::dollars,
    streak::{Counted, Streak, StreakState},
    totals::{ChartDay, Totals, average, chart, models_in, skills_in},
};
use crate::{
    schedule::DailyWindow,
    warehouse::{ActiveDays, MemberActivity, MemberSkills},
};
use chrono::{DateTime, NaiveDateTime, Utc};
use serde::{Deserialize, Serialize};

/// Which parts of a daily digest are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch that a member flips by itself")]
pub struct Sections {
    pub sessions: bool,
    pub cost: bool,
    pub tokens: bool,
    pub skills: bool,
    pub streak: bool,
    pub comparison: bool,
    pub cache: bool,
    pub chart: bool,
    pub models: bool,
}

impl Sections {
    /// Everything that there is to show.
    pub const ALL: Self = Self {
        sessions: true,
        cost: true,
        tokens: true,
        skills: true,
        streak: true,
        comparison: true,
        cache: true,
        chart: true,
        models: true,
    };
}

/// What somebody chose about their digest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DailyOptions {
    /// After `digest.show_cost` was applied.
    pub sections: Sections,
    /// The first digest that this member gets.
    pub first: bool,
    /// The occurrence after this one, where it is known.
    pub next: Option<DateTime<Utc>>,
    /// Where members are subscribed unless they opt out, the first digest says how to stop.
    pub opt_out: bool,
}

/// The rows that one member's digest is made from; an absent row means nothing was found.
#[derive(Debug, Clone, Copy, Default)]
pub struct DailyFacts<'a> {
    pub activity: Option<&'a MemberActivity>,
    pub skills: Option<&'a MemberSkills>,
    /// Needed only where `streak` does not lead into the window.
    pub active_days: Option<&'a ActiveDays>,
    /// As it stood after the window that was counted last.
    pub streak: Option<StreakState>,
}

impl DailyFacts<'_> {
    /// The streak as it stands after `window`, to be kept for the next one.
    pub fn streak_after(self, window: &DailyWindow) -> StreakState {
        Counted::of(window, self).after
    }

    /// The start of the latest day with a session in any of these rows.
    pub fn latest_usage(self) -> Option<DateTime<Utc>> {
        let rows = self.activity.into_iter().flat_map(|activity| &activity.days);
        let active = rows.filter(|row| row.sessions > 0).map(|row| row.day_ms).max();
        let looked_back = self.active_days.and_then(|active| active.days.last().copied());
        active.max(looked_back).and_then(DateTime::from_timestamp_millis)
    }
}

/// One member's daily digest.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct DailyDigest {
    pub period: Period,
    /// No session in the window.
    pub empty: bool,
    pub sections: Sections,
    /// Distinct sessions in the window, compared with the 7-day average.
    pub sessions: Measure<i64>,
    /// Estimated cost in US dollars, exact to a billionth before formatting.
    pub cost: Measure<f64>,
    pub input_tokens: u64,
    pub output_tokens: u64,
    pub cache_read_tokens: u64,
    pub cache_creation_tokens: u64,
    /// Whole percent, half away from zero; none without any input.
    pub cache_hit_percent: Option<i64>,
    /// The most used, most first, at most 3.
    pub top_skills: Vec<Ranked>,
    /// How many more skills were used than are listed.
    pub more_skills: usize,
    /// The models by requests, most first, at most 5.
    pub models: Vec<ModelShare>,
    pub more_models: usize,
    pub streak: Option<Streak>,
    /// The last 7 days up to the window's end.
    pub chart: Vec<ChartDay>,
    pub first: bool,
    pub opt_out: bool,
    /// Local date and time of the next digest.
    pub next: Option<NaiveDateTime>,
}

impl DailyDigest {
    /// Decides what `facts` say about `window`. What a section that is off would list is left empty, and an empty
    /// digest says no more than its zeros.
    pub fn of(window: &DailyWindow, facts: DailyFacts<'_>, options: &DailyOptions) -> Self {
        let totals = Totals::of(window, facts.activity);
        let empty = totals.sessions == 0;
        let shown = |section: bool| section && !empty;
        let sections = options.sections;
        let average = shown(sections.comparison).then(|| average(window, facts.activity)).flatten();
        let (top_skills, more_skills) = top_skills(skills_in(window, facts.skills.filter(|_| shown(sections.skills))));
        let (models, more_models) = top_models(models_in(window, facts.activity.filter(|_| shown(sections.models))));
        Self {
            period: Period::of(window),
            empty,
            sections,
            sessions: Measure {
                total: totals.sessions,
                change: average.and_then(|average| average.of_sessions(totals.sessions)),
            },
            cost: Measure {
                total: dollars(totals.cost_nanos),
                change: average.and_then(|average| average.of_cost(totals.cost_nanos)),
            },
            input_tokens: totals.input_tokens,
            output_tokens: totals.output_tokens,
            cache_read_tokens: totals.cache_read_tokens,
            cache_creation_tokens: totals.cache_creation_tokens,
            cache_hit_percent: totals.cache_hit_percent(),
            top_skills,
            more_skills,
            models,
            more_models,
            streak: shown(sections.streak).then(|| Counted::of(window, facts).told).flatten(),
            chart: if shown(sections.chart) { chart(window, facts.activity) } else { Vec::new() },
            first: options.first,
            opt_out: options.opt_out,
            next: options.next.map(|next| next.with_timezone(&window.zone).naive_local()),
        }
    }
}
