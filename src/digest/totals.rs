//! Rows sliced by the window's days: what falls in the window, in its baseline and on each bar of the chart.

use super::{
    average::Average,
    rounding::{count, dollars, percent},
};
use crate::{
    schedule::{DailyWindow, Day},
    warehouse::{DayActivity, MemberActivity, MemberSkills},
};
use chrono::NaiveDate;
use serde::Serialize;

/// Days on the chart.
const CHART_DAYS: usize = 7;

/// One bar of the chart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct ChartDay {
    pub date: NaiveDate,
    pub sessions: u64,
}

/// What one member did on one day of the window.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct DayNumbers {
    pub date: NaiveDate,
    pub sessions: u64,
    /// US dollars.
    pub cost: f64,
    pub input_tokens: u64,
    pub output_tokens: u64,
}

/// What one member did in the window.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Totals {
    pub(super) sessions: i64,
    pub(super) cost_nanos: i64,
    pub(super) input_tokens: u64,
    pub(super) output_tokens: u64,
    pub(super) cache_read_tokens: u64,
    pub(super) cache_creation_tokens: u64,
}

impl Totals {
    pub(super) fn of(window: &DailyWindow, activity: Option<&MemberActivity>) -> Self {
        rows_on(&window.days, activity).fold(Self::default(), |sum, row| Self {
            // The window ends the queried span, so these are its distinct sessions.
            sessions: sum.sessions.saturating_add(count(row.sessions_ending)),
            cost_nanos: sum.cost_nanos.saturating_add(row.cost_nanos),
            input_tokens: sum.input_tokens.saturating_add(row.input_tokens),
            output_tokens: sum.output_tokens.saturating_add(row.output_tokens),
            cache_read_tokens: sum.cache_read_tokens.saturating_add(row.cache_read_tokens),
            cache_creation_tokens: sum.cache_creation_tokens.saturating_add(row.cache_creation_tokens),
        })
    }

    /// Cache reads among all input (data-sources.md, section 3, rule 5).
    pub(super) fn cache_hit_percent(&self) -> Option<i64> {
        let [read, input, creation] =
            [self.cache_read_tokens, self.input_tokens, self.cache_creation_tokens].map(i128::from);
        percent(read, input + read + creation)
    }
}

/// The average over the window's baseline. It is one working day's, so a window with another number of them, as one that
/// begins where the last ended in another zone can have, has nothing to compare with.
pub(super) fn average(window: &DailyWindow, activity: Option<&MemberActivity>) -> Option<Average> {
    if window.days.iter().filter(|day| day.working).count() != 1 {
        return None;
    }
    Average::of(&window.baseline, rows_on(&window.baseline, activity))
}

/// Sessions on each of the last days up to the window's end.
pub(super) fn chart(window: &DailyWindow, activity: Option<&MemberActivity>) -> Vec<ChartDay> {
    let rows = activity.map_or(&[][..], |activity| &activity.days);
    let sessions_on = |day: &Day| rows.iter().find(|row| row.day_ms == day.start_ms()).map_or(0, |row| row.sessions);
    let bars =
        window.all_days().rev().take(CHART_DAYS).map(|day| ChartDay { date: day.date, sessions: sessions_on(day) });
    let mut chart: Vec<_> = bars.collect();
    chart.reverse();
    chart
}

/// The days of the window, oldest first, those without anything too.
pub fn days(window: &DailyWindow, activity: Option<&MemberActivity>) -> Vec<DayNumbers> {
    let rows = activity.map_or(&[][..], |activity| &activity.days);
    let day = |day: &Day| {
        let row = rows.iter().find(|row| row.day_ms == day.start_ms());
        DayNumbers {
            date: day.date,
            sessions: row.map_or(0, |row| row.sessions),
            cost: row.map_or(0.0, |row| dollars(row.cost_nanos)),
            input_tokens: row.map_or(0, |row| row.input_tokens),
            output_tokens: row.map_or(0, |row| row.output_tokens),
        }
    };
    window.days.iter().map(day).collect()
}

/// Skills and their uses in the window.
pub(super) fn skills_in<'a>(
    window: &'a DailyWindow,
    skills: Option<&'a MemberSkills>,
) -> impl Iterator<Item = (&'a str, u64)> {
    let skills = skills.into_iter().flat_map(|skills| &skills.skills);
    skills.filter(|skill| is_on(&window.days, skill.day_ms)).map(|skill| (skill.name.as_str(), skill.uses))
}

/// Models and the requests to them in the window.
pub(super) fn models_in<'a>(
    window: &'a DailyWindow,
    activity: Option<&'a MemberActivity>,
) -> impl Iterator<Item = (&'a str, u64)> {
    let models = activity.into_iter().flat_map(|activity| &activity.models);
    models.filter(|model| is_on(&window.days, model.day_ms)).map(|model| (model.model.as_str(), model.requests))
}

fn rows_on<'a>(days: &'a [Day], activity: Option<&'a MemberActivity>) -> impl Iterator<Item = &'a DayActivity> {
    activity.into_iter().flat_map(|activity| &activity.days).filter(|row| is_on(days, row.day_ms))
}

fn is_on(days: &[Day], day_ms: i64) -> bool {
    days.iter().any(|day| day.start_ms() == day_ms)
}
