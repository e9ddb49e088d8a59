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

    /// Distinct sessions on the days that count. A session is counted on its last day (`sessions_ending`); on a day after
    /// which the member has no other that counts, all of that day's are, for they may go on later: in the next week, or
    /// after the member left. Exact for the week that ends the span. For any other one, a session is missed that goes on
    /// after it and was not there on the member's last day in it; one may count twice that is there before and after
    /// days off the team.
    fn sessions(self) -> u64 {
        let rows = self.activity.into_iter().flat_map(|activity| &activity.days);
        let mut rows =
            rows.filter(|row| row.sessions > 0).map(|row| (row, self.place(row.day_ms).is_some())).peekable();
        let mut sessions = 0_u64;
        while let Some((row, counts)) = rows.next() {
            if counts {
                let goes_on = rows.peek().is_some_and(|(_, counts)| *counts);
                sessions = sessions.saturating_add(if goes_on { row.sessions_ending } else { row.sessions });
            }
        }
        sessions
    }
}
