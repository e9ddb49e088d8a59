//! Judges a team's complete days, one after the other: each incident is told once, then its end.

use super::{
    AlertEvent, AlertRules, AlertState, TeamDay, TeamDays, What,
    days::{first_of_month, monday_of},
    usual::{Usual, first_used},
};
use crate::{digest::rounding::NANOS, schedule::SKILL_HISTORY_DAYS};
use chrono::{Days, NaiveDate};
use std::cmp::Reverse;

/// So many members make a skill worth a word (messages.md, New skill).
const SKILL_MEMBERS: u64 = 2;
/// The team must have been used so many days before the week.
const SKILL_NEEDS: Days = Days::new(14);
/// Skills of one day that are named.
const MOST_SKILLS: usize = 5;

/// Judges `day`, which must be over, and whose look back must be among `days`. A day that was judged before, or that the
/// zone skipped, says nothing. Days must come in their order.
pub fn judge(
    mut state: AlertState,
    days: &TeamDays,
    day: NaiveDate,
    rules: &AlertRules,
) -> (AlertState, Vec<AlertEvent>) {
    if state.through.is_some_and(|through| through >= day) {
        return (state, Vec::new());
    }
    let is_first = state.through.replace(day).is_none();
    let Some(today) = days.on(day) else { return (state, Vec::new()) };
    state.forget(day);
    let case = Case { days, day, today, rules, is_first };
    let mut told: Vec<_> = case.cost(&mut state.cost_spike).into_iter().collect();
    told.extend(case.usage(&mut state.usage_drop));
    told.extend(case.budget(&mut state));
    told.extend(case.skills(&mut state));
    let events = told.into_iter().map(|what| AlertEvent { day, what }).collect();
    (state, events)
}

/// A day and what it is judged by.
struct Case<'a> {
    days: &'a TeamDays,
    day: NaiveDate,
    today: &'a TeamDay,
    rules: &'a AlertRules,
    /// No day of the team was judged before.
    is_first: bool,
}

impl Case<'_> {
    /// A cost above the floor and above what is usual, and its end. With few active members it would be somebody's own, so
    /// such a day begins nothing and ends nothing.
    fn cost(&self, since: &mut Option<NaiveDate>) -> Option<What> {
        if !self.rules.show_cost {
            *since = None;
        }
        if !self.rules.show_cost || self.today.active < self.rules.min_active {
            return None;
        }
        let base = Usual::of(self.days, self.day, self.rules, *since)?;
        let (cost_nanos, median) = (self.today.cost_nanos, base.cost_nanos());
        let limit = (self.rules.cost_factor * median).round().max(self.rules.cost_floor * NANOS as f64);
        let is_spike = cost_nanos as f64 > limit;
        let usual = base.is_public(self.rules).then(|| whole(median));
        match since {
            None if is_spike => {
                *since = Some(self.day);
                Some(What::CostSpike { cost_nanos, usual, implausible: self.today.implausible })
            }
            Some(_) if !is_spike && self.rules.is_working(self.day) => {
                *since = None;
                Some(What::CostRecovered { cost_nanos, usual })
            }
            _ => None,
        }
    }

    /// Sessions of a working day far below what is usual, and the end of it.
    fn usage(&self, since: &mut Option<NaiveDate>) -> Option<What> {
        if !self.rules.is_working(self.day) {
            return None;
        }
        let base = Usual::of(self.days, self.day, self.rules, *since)?;
        let (sessions, median) = (self.today.sessions, base.sessions());
        if median < self.rules.sessions_floor {
            return None;
        }
        // In millionths, so that a factor such as 0.55 is met exactly.
        let is_drop = sessions as f64 * 1e6 < (self.rules.sessions_factor * median * 1e6).round();
        let is_public = self.today.active >= self.rules.min_active;
        let usual = base.is_public(self.rules).then(|| whole(median).unsigned_abs());
        match since {
            None if is_drop => {
                *since = Some(self.day);
                let TeamDay { active, members, .. } = *self.today;
                Some(if is_public { What::UsageDrop { sessions, usual } } else { What::FewActive { active, members } })
            }
            Some(_) if !is_drop && is_public => {
                *since = None;
                Some(What::UsageRecovered { sessions, usual })
            }
            _ => None,
        }
    }

    /// The day on which a month's cost passes its budget. Of a month that had passed it before anybody looked, nothing is
    /// said.
    fn budget(&self, state: &mut AlertState) -> Option<What> {
        let budget_nanos = whole(self.rules.budget? * NANOS as f64);
        let month = first_of_month(self.day);
        if !self.rules.show_cost || state.budget.is_some() {
            return None;
        }
        let cost_until =
            |day| self.days.between(month, day).fold(0_i64, |sum, (_, day)| sum.saturating_add(day.cost_nanos));
        let cost_nanos = cost_until(self.day);
        if cost_nanos <= budget_nanos || self.days.active_in_month(self.day) < self.rules.min_active {
            return None;
        }
        state.budget = Some(month);
        let had_passed = self.is_first && self.day.pred_opt().is_some_and(|before| cost_until(before) > budget_nanos);
        (!had_passed).then_some(What::Budget { cost_nanos, budget_nanos })
    }

    /// Skills that are new this week, each once. Those that were new before anybody looked are not told.
    fn skills(&self, state: &mut AlertState) -> Vec<What> {
        let monday = monday_of(self.day);
        let needed = monday.checked_sub_days(SKILL_NEEDS).unwrap_or(monday);
        let has_history = first_used(self.days, self.day).is_some_and(|first| first <= needed);
        if !has_history || self.days.active_in_week(self.day) < self.rules.min_active {
            return Vec::new();
        }
        let new_on = |day| {
            let new = self.days.new_skills(day, Days::new(SKILL_HISTORY_DAYS));
            new.filter(|(_, members)| *members >= SKILL_MEMBERS)
        };
        if let Some(before) = self.day.pred_opt().filter(|before| self.is_first && *before >= monday) {
            state.skills.extend(new_on(before).map(|(name, _)| (name.to_owned(), before)));
        }
        let mut new: Vec<_> = new_on(self.day).filter(|(name, _)| !state.skills.contains_key(*name)).collect();
        // Stable, and they come ordered by name.
        new.sort_by_key(|(_, members)| Reverse(*members));
        state.skills.extend(new.iter().map(|(name, _)| ((*name).to_owned(), self.day)));
        let named = new.iter().take(MOST_SKILLS);
        let mut told: Vec<_> =
            named.map(|(name, members)| What::NewSkill { name: (*name).to_owned(), members: *members }).collect();
        let more = new.len().saturating_sub(MOST_SKILLS) as u64;
        told.extend((more > 0).then_some(What::MoreSkills { count: more }));
        told
    }
}

/// The nearest whole number, half away from zero.
#[expect(clippy::cast_possible_truncation, reason = "a float beyond the range is held at its end")]
fn whole(figure: f64) -> i64 {
    figure.round() as i64
}
