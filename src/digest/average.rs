//! The 7-day average and what a number says against it.

use super::rounding::{NANOS, count, percent, ratio};
use crate::{schedule::Day, warehouse::DayActivity};
use serde::Serialize;

/// With a session on fewer days of the baseline than this, an average says nothing.
const FEWEST_ACTIVE_DAYS: usize = 3;
/// The smallest averages that a percentage is told of.
const FEWEST_SESSIONS: i128 = 3;
const LEAST_COST_NANOS: i128 = NANOS;
const NANOS_PER_CENT: i128 = NANOS / 100;

/// A number and how it compares.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Measure<T> {
    pub total: T,
    /// Against the average, where one can be told.
    pub change: Option<Change<T>>,
}

/// A difference from the average.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Change<T> {
    /// Rounded as it is shown (sessions: whole; cost: cents), half away from zero.
    pub difference: T,
    /// Where the base is at least 3 sessions or $1.
    pub percent: Option<i64>,
}

/// The 7-day average behind the comparisons, kept as the fraction that it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Average {
    /// Distinct sessions of each day of the baseline, summed.
    sessions: i128,
    cost_nanos: i128,
    /// Working days in the baseline, at least one.
    working_days: i128,
}

impl Average {
    /// The average over `baseline` of the rows that fall on its days; none where too few days have a session.
    pub fn of<'a>(baseline: &[Day], rows: impl Iterator<Item = &'a DayActivity>) -> Option<Self> {
        let working_days = i128::try_from(baseline.iter().filter(|day| day.working).count()).ok()?;
        let (mut active_days, mut sessions, mut cost_nanos) = (0, 0, 0);
        for row in rows {
            active_days += usize::from(row.sessions > 0);
            sessions += i128::from(count(row.sessions));
            cost_nanos += i128::from(row.cost_nanos);
        }
        let told = working_days > 0 && active_days >= FEWEST_ACTIVE_DAYS;
        told.then_some(Self { sessions, cost_nanos, working_days })
    }

    /// How `total` sessions compare.
    pub fn of_sessions(&self, total: i64) -> Option<Change<i64>> {
        let above = i128::from(total) * self.working_days - self.sessions;
        let told = self.sessions >= FEWEST_SESSIONS * self.working_days;
        Some(Change {
            difference: ratio(above, self.working_days)?,
            percent: if told { percent(above, self.sessions) } else { None },
        })
    }

    /// How a cost of `total` billionths of a dollar compares, in dollars.
    pub fn of_cost(&self, total: i64) -> Option<Change<f64>> {
        let above = i128::from(total) * self.working_days - self.cost_nanos;
        let told = self.cost_nanos >= LEAST_COST_NANOS * self.working_days;
        let cents = ratio(above, self.working_days * NANOS_PER_CENT)?;
        Some(Change {
            difference: cents as f64 / 100.0,
            percent: if told { percent(above, self.cost_nanos) } else { None },
        })
    }
}
