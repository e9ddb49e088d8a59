//! Usage as a person has it, turned into the rows that the warehouse's SQL makes of it.

use crate::{
    digest::{DailyDigest, DailyFacts, DailyOptions, Sections},
    schedule::{DailyWindow, instant_of},
    warehouse::{ActiveDays, DayActivity, MemberActivity, MemberSkills, ModelUse, SkillUse},
};
use chrono::{DateTime, NaiveDateTime, Utc};
use chrono_tz::Tz;
use std::{
    collections::{BTreeMap, BTreeSet},
    ops::Range,
};

pub(super) const EVERYTHING: DailyOptions =
    DailyOptions { sections: Sections::ALL, first: false, next: None, opt_out: false };

/// One request to a model.
#[derive(Clone, Copy, Default)]
pub(super) struct Request<'a> {
    pub(super) model: &'a str,
    pub(super) cost_nanos: i64,
    pub(super) input: u64,
    pub(super) output: u64,
    pub(super) cache_read: u64,
    pub(super) cache_creation: u64,
}

#[derive(Debug, Clone)]
pub(super) struct Usage {
    zone: Tz,
    /// Qualifying events: when, and in which session.
    events: Vec<(i64, String)>,
    requests: Vec<(i64, DayActivity, String)>,
    skills: Vec<(i64, String)>,
}

/// Nothing yet, by somebody whose wall clock is that of `zone`.
pub(super) fn usage(zone: Tz) -> Usage {
    Usage { zone, events: Vec::new(), requests: Vec::new(), skills: Vec::new() }
}

impl Usage {
    /// A session with one event at each of `at`, local times such as `2025-01-14T23:50`.
    pub(super) fn session(mut self, id: &str, at: &[&str]) -> Self {
        for text in at {
            let at = self.at(text);
            self.events.push((at, id.to_owned()));
        }
        self
    }

    /// A session of a single event and a request in it.
    pub(super) fn request(mut self, id: &str, at: &str, request: Request<'_>) -> Self {
        let day = DayActivity {
            cost_nanos: request.cost_nanos,
            input_tokens: request.input,
            output_tokens: request.output,
            cache_read_tokens: request.cache_read,
            cache_creation_tokens: request.cache_creation,
            ..DayActivity::default()
        };
        self.requests.push((self.at(at), day, request.model.to_owned()));
        self.session(id, &[at])
    }

    pub(super) fn skill(mut self, name: &str, at: &[&str]) -> Self {
        for text in at {
            let at = self.at(text);
            self.skills.push((at, name.to_owned()));
        }
        self
    }

    fn at(&self, text: &str) -> i64 {
        let local = NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M").unwrap();
        instant_of(self.zone, local.date(), local.time()).timestamp_millis()
    }

    pub(super) fn digest(&self, window: &DailyWindow) -> DailyDigest {
        self.digest_with(window, &EVERYTHING)
    }

    pub(super) fn digest_with(&self, window: &DailyWindow, options: &DailyOptions) -> DailyDigest {
        let (activity, skills, active_days) =
            (self.activity(window), self.skill_rows(window), self.active_days(window));
        // Somebody without a row was not found at all.
        let facts = DailyFacts {
            activity: (!activity.days.is_empty()).then_some(&activity),
            skills: (!skills.skills.is_empty()).then_some(&skills),
            active_days: (!active_days.days.is_empty()).then_some(&active_days),
            streak: None,
        };
        DailyDigest::of(window, facts, options)
    }

    pub(super) fn activity(&self, window: &DailyWindow) -> MemberActivity {
        let (bounds, span) = (window.bounds_ms(), window.span());
        let midnights = window.midnights_ms();
        let mut sessions = BTreeMap::<i64, BTreeSet<&str>>::new();
        let mut halves = BTreeMap::<i64, [bool; 2]>::new();
        let mut last_day = BTreeMap::<&str, i64>::new();
        for (at, id) in &self.events {
            if let Some(day) = day_of(*at, &bounds, &span) {
                sessions.entry(day).or_default().insert(id);
                let midnight = midnights.iter().copied().rfind(|midnight| midnight <= at);
                halves.entry(day).or_default()[usize::from(midnight > Some(day))] = true;
                let last = last_day.entry(id).or_insert(day);
                *last = day.max(*last);
            }
        }
        let mut days = BTreeMap::<i64, DayActivity>::new();
        for (day, ids) in sessions {
            let row = days.entry(day).or_default();
            row.sessions = ids.len() as u64;
            row.sessions_ending = ids.iter().filter(|id| last_day[*id] == day).count() as u64;
            [row.before_midnight, row.after_midnight] = halves[&day];
        }
        let mut models = BTreeMap::<(i64, &str), u64>::new();
        for (at, request, model) in &self.requests {
            if let Some(day) = day_of(*at, &bounds, &span) {
                let row = days.entry(day).or_default();
                row.cost_nanos += request.cost_nanos;
                row.input_tokens += request.input_tokens;
                row.output_tokens += request.output_tokens;
                row.cache_read_tokens += request.cache_read_tokens;
                row.cache_creation_tokens += request.cache_creation_tokens;
                *models.entry((day, model)).or_default() += 1;
            }
        }
        MemberActivity {
            email: "ada@example.com".to_owned(),
            days: days.into_iter().map(|(day_ms, row)| DayActivity { day_ms, ..row }).collect(),
            models: models
                .into_iter()
                .map(|((day_ms, model), requests)| ModelUse { day_ms, model: model.to_owned(), requests })
                .collect(),
            // Summaries alone ask for it.
            spread: Vec::new(),
        }
    }

    fn skill_rows(&self, window: &DailyWindow) -> MemberSkills {
        let (bounds, span) = (window.bounds_ms(), window.span());
        let mut uses = BTreeMap::<(i64, &str), u64>::new();
        for (at, name) in &self.skills {
            if let Some(day) = day_of(*at, &bounds, &span) {
                *uses.entry((day, name)).or_default() += 1;
            }
        }
        let skills = uses.into_iter().map(|((day_ms, name), uses)| SkillUse { day_ms, name: name.to_owned(), uses });
        MemberSkills { email: "ada@example.com".to_owned(), skills: skills.collect() }
    }

    pub(super) fn active_days(&self, window: &DailyWindow) -> ActiveDays {
        let (bounds, span) = (window.history_bounds_ms(), window.history_span());
        let days: BTreeSet<_> = self.events.iter().filter_map(|(at, _)| day_of(*at, &bounds, &span)).collect();
        ActiveDays { email: "ada@example.com".to_owned(), days: days.into_iter().collect() }
    }
}

/// The last bound at or before `at`, if `at` is in the span.
fn day_of(at: i64, bounds: &[i64], span: &Range<DateTime<Utc>>) -> Option<i64> {
    let inside = at >= span.start.timestamp_millis() && at < span.end.timestamp_millis();
    inside.then(|| bounds.iter().copied().rfind(|bound| *bound <= at)).flatten()
}
