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
    /// How many days were asked about before these.
    pub(super) first: usize,
    pub(super) stays: &'a [Stay],
    pub(super) activity: Option<&'a MemberActivity>,
}

impl<'a> Part<'a> {
    /// The place among the days of the one that begins at `day_ms`, where the member was on the team on it.
    pub(super) fn place(self, day_ms: i64) -> Option<usize> {
        let place = self.days.iter().position(|day| day.start_ms() == day_ms)?;
        self.counts(place).then_some(place)
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

    /// Distinct sessions on the days that count: those of each day, less how often one of several days was counted again.
    fn sessions(self) -> u64 {
        let sum = self.rows().fold(0_u64, |sum, (_, row)| sum.saturating_add(row.sessions));
        let counted = (0..self.days.len()).filter(|place| self.counts(*place));
        let counted = counted.fold(0_u64, |bits, place| bits | 1_u64.checked_shl(self.bit(place)).unwrap_or(0));
        let spanning = self.activity.into_iter().flat_map(|activity| &activity.spanning);
        let again = spanning.fold(0_u64, |again, (days, sessions)| {
            let times = u64::from((days & counted).count_ones().saturating_sub(1));
            again.saturating_add(times.saturating_mul(*sessions))
        });
        sum.saturating_sub(again)
    }

    /// The place of a day among all that were asked about.
    fn bit(self, place: usize) -> u32 {
        u32::try_from(self.first + place).unwrap_or(u32::MAX)
    }

    /// Whether the member was on the team on the day at `place`.
    fn counts(self, place: usize) -> bool {
        let day = self.days[place];
        self.stays.iter().any(|stay| stay.touches(day.start, day.end))
    }
}
