//! What one member did on the days on which they were on the team.

use super::WeekTotals;
use crate::{
    model::Stay,
    schedule::Day,
    warehouse::{DayActivity, MemberActivity},
};

/// A member's rows of one week, and when they were on the team.
#[derive(Debug, Clone, Copy)]
pub(super) struct Part<'a> {
    pub(super) days: &'a [Day],
    pub(super) stays: &'a [Stay],
    pub(super) activity: Option<&'a MemberActivity>,
}

impl<'a> Part<'a> {
    /// The place among the days of the one that begins at `day_ms`, where the member was on the team on it.
    pub(super) fn place(&self, day_ms: i64) -> Option<usize> {
        let place = self.days.iter().position(|day| day.start_ms() == day_ms)?;
        let day = self.days[place];
        self.stays.iter().any(|stay| stay.touches(day.start, day.end)).then_some(place)
    }

    /// The rows that count, with the places of their days.
    pub(super) fn rows(self) -> impl Iterator<Item = (usize, &'a DayActivity)> {
        let rows = self.activity.into_iter().flat_map(|activity| &activity.days);
        rows.filter_map(move |row| Some((self.place(row.day_ms)?, row)))
    }

    pub(super) fn totals(self) -> WeekTotals {
        let sessions = self.sessions();
        let none = WeekTotals { sessions, active: u64::from(sessions > 0), ..WeekTotals::default() };
        self.rows().fold(none, |mut sum, (_, row)| {
            sum.add(WeekTotals {
                cost_nanos: row.cost_nanos,
                input_tokens: row.input_tokens,
                output_tokens: row.output_tokens,
                ..WeekTotals::default()
            });
            sum
        })
    }

    /// Distinct sessions on the days that count: those of each day, and a session that was there on several of them once.
    fn sessions(self) -> u64 {
        let by_day = self.rows().fold(0_u64, |sum, (_, row)| sum.saturating_add(row.sessions));
        let spread = self.activity.into_iter().flat_map(|activity| &activity.spread);
        let again = spread.map(|days| days.iter().filter(|day| self.place(**day).is_some()).count().saturating_sub(1));
        by_day.saturating_sub(u64::try_from(again.sum::<usize>()).unwrap_or(u64::MAX))
    }
}
