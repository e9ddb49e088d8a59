//! Adds up a team's week, one member at a time.

use super::{WeekFacts, WeekTotals, Winners, member::Part};
use crate::{
    digest::label::visible,
    model::{MemberEmail, Stay},
    schedule::WeeklyWindow,
    warehouse::{MemberActivity, MemberSkills},
};
use std::{borrow::Cow, cmp::Reverse, collections::HashMap};

/// Names of a ranking that are kept; a summary shows fewer.
const KEPT: usize = 20;

/// A team's week while its members' rows arrive. Memory grows with the team's different skills, not with its members.
#[derive(Debug, Default)]
pub struct TeamWeek {
    week: WeekTotals,
    before: WeekTotals,
    members: u64,
    by_day: [u64; 7],
    /// By the name as it looks.
    skills: HashMap<String, Tally>,
    models: HashMap<String, u64>,
    most_sessions: Winners,
    most_skills: Winners,
    implausible: u64,
    /// Somebody used a skill so long before the week that the team's skills are known. Sessions do not count: they would
    /// make every skill new where names were hidden until lately.
    has_history: bool,
}

/// One skill of the team.
#[derive(Debug, Clone, Copy, Default)]
struct Tally {
    uses: u64,
    /// Who used it this week.
    members: u64,
    /// Somebody used it in the 28 days before.
    known: bool,
}

/// Where a use of a skill falls.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum When {
    Week,
    /// Less than 14 days before it.
    Lately,
    Earlier,
}

impl TeamWeek {
    /// Adds one member, once. What they did on a day counts where one of `stays` touches that day; the rows are those of
    /// [`WeeklyWindow::activity`] and [`WeeklyWindow::skills`].
    pub fn add(
        &mut self,
        window: &WeeklyWindow,
        member: &MemberEmail,
        stays: &[Stay],
        activity: Option<&MemberActivity>,
        skills: Option<&MemberSkills>,
    ) {
        let reported = window.reported();
        self.members += u64::from(stays.iter().any(|stay| stay.touches(reported.start, reported.end)));
        self.before.add(Part { days: &window.before, stays, activity }.totals());
        let part = Part { days: &window.days, stays, activity };
        let week = part.totals();
        self.week.add(week);
        self.most_sessions.offer(member, week.sessions);
        for (day, row) in part.rows() {
            if let Some(sum) = self.by_day.get_mut(day) {
                *sum = sum.saturating_add(row.sessions);
            }
            self.implausible = self.implausible.saturating_add(row.implausible);
        }
        self.add_models(part);
        let different = self.add_skills(window, part, skills);
        if week.active > 0 {
            self.most_skills.offer(member, different);
        }
    }

    fn add_models(&mut self, part: Part<'_>) {
        let models = part.activity.into_iter().flat_map(|activity| &activity.models);
        for model in models.filter(|model| model.requests > 0 && part.place(model.day_ms).is_some()) {
            change(&mut self.models, &visible(&model.model), |sum: &mut u64| *sum = sum.saturating_add(model.requests));
        }
    }

    /// How many different skills the member used this week.
    fn add_skills(&mut self, window: &WeeklyWindow, part: Part<'_>, skills: Option<&MemberSkills>) -> u64 {
        let mut used: Vec<Cow<'_, str>> = Vec::new();
        let skills = skills.into_iter().flat_map(|skills| &skills.skills);
        for skill in skills.filter(|skill| skill.uses > 0 && !skill.name.trim().is_empty()) {
            let Some(when) = When::of(window, part, skill.day_ms) else { continue };
            let name = visible(&skill.name);
            change(&mut self.skills, &name, |tally: &mut Tally| match when {
                When::Week => tally.uses = tally.uses.saturating_add(skill.uses),
                When::Lately | When::Earlier => tally.known = true,
            });
            self.has_history |= when == When::Earlier;
            if when == When::Week {
                used.push(name);
            }
        }
        used.sort_unstable();
        used.dedup();
        for name in &used {
            change(&mut self.skills, name, |tally: &mut Tally| tally.members += 1);
        }
        u64::try_from(used.len()).unwrap_or(u64::MAX)
    }

    /// What the week was, once all were added.
    pub fn facts(self, window: &WeeklyWindow) -> WeekFacts {
        let used = || self.skills.iter().filter(|(_, tally)| tally.uses > 0);
        let (skills, more_skills) = ranking(used().map(|(name, tally)| (name.as_str(), tally.uses)));
        let new = || used().filter(|(_, tally)| self.has_history && !tally.known);
        let shared = new().filter(|(_, tally)| tally.members > 1);
        let (new_skills, more_new_skills) = ranking(shared.map(|(name, tally)| (name.as_str(), tally.members)));
        let (models, more_models) = ranking(self.models.iter().map(|(name, requests)| (name.as_str(), *requests)));
        WeekFacts {
            week: self.week,
            before: self.before,
            members: self.members,
            days: window.days.iter().map(|day| day.date).zip(self.by_day).collect(),
            skills,
            more_skills,
            tried_by_one: new().filter(|(_, tally)| tally.members == 1).count(),
            new_skills,
            more_new_skills,
            models,
            more_models,
            requests: self.models.values().fold(0, |sum, requests| sum.saturating_add(*requests)),
            most_sessions: self.most_sessions,
            most_skills: self.most_skills,
            implausible: self.implausible,
        }
    }
}

impl When {
    /// Where the piece that begins at `start_ms` lies; none where the member was not on the team in it.
    fn of(window: &WeeklyWindow, part: Part<'_>, start_ms: i64) -> Option<Self> {
        if part.place(start_ms).is_some() {
            return Some(Self::Week);
        }
        let week = window.reported().start;
        let pieces =
            [(Self::Earlier, window.history_start, window.history_enough), (Self::Lately, window.history_enough, week)];
        let (when, start, end) = pieces.into_iter().find(|(_, start, _)| start.timestamp_millis() == start_ms)?;
        part.stays.iter().any(|stay| stay.touches(start, end)).then_some(when)
    }
}

/// Changes what `map` holds for `name`; a name that is there is not copied.
fn change<T: Default>(map: &mut HashMap<String, T>, name: &str, change: impl FnOnce(&mut T)) {
    if let Some(held) = map.get_mut(name) {
        change(held);
    } else {
        let mut held = T::default();
        change(&mut held);
        map.insert(name.to_owned(), held);
    }
}

/// Most first, then by name: those that are kept, and how many more there are.
fn ranking<'a>(counts: impl Iterator<Item = (&'a str, u64)>) -> (Vec<(String, u64)>, usize) {
    let mut ranking: Vec<_> = counts.collect();
    ranking.sort_unstable_by_key(|(name, count)| (Reverse(*count), *name));
    let more = ranking.len().saturating_sub(KEPT);
    (ranking.into_iter().take(KEPT).map(|(name, count)| (name.to_owned(), count)).collect(), more)
}
