//! This week against the week before: arrows, and percentages where the base is large enough.

use super::WeekTotals;
use crate::digest::rounding::{NANOS, percent};
use serde::{Deserialize, Serialize};
use std::cmp::Ordering;

/// The smallest bases that a percentage is told of (messages.md, Trend).
pub(super) const FEWEST_SESSIONS: i128 = 3;
pub(super) const LEAST_COST_NANOS: i128 = NANOS;
pub(super) const FEWEST_TOKENS: i128 = 1_000;

/// A number against the week before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trend {
    /// `up`, `down` or `level`.
    pub direction: Direction,
    /// Whole percent without sign, half away from zero, where the base is large enough; none where level.
    pub percent: Option<i64>,
}

/// Active members against the week before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeadcountTrend {
    pub direction: Direction,
    /// How many more or fewer, without sign.
    pub difference: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    Up,
    Down,
    /// Equal, or 0 % when rounded.
    Level,
}

/// How much may be told about the week before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Against {
    /// Enough were active, or nobody was.
    Team,
    /// So few were active that a percentage would tell one person's numbers: this week's total is shown, so the week
    /// before's could be reckoned back. Nor is anything called level that is only almost so.
    Few,
}

impl Against {
    pub(super) fn of(before: WeekTotals, min_active: u64) -> Self {
        // Requests without a session cost something, and nobody is active by them.
        let nothing = WeekTotals::default();
        if before == nothing || before.active > 0 && before.active >= min_active { Self::Team } else { Self::Few }
    }
}

impl Trend {
    /// Compares `now` with `before`; a percentage needs a base of `least`.
    pub(super) fn of(now: i128, before: i128, least: i128, against: Against) -> Self {
        let percent = percent(now.saturating_sub(before), before).filter(|_| against == Against::Team);
        let direction = Direction::of(percent.map_or(now.cmp(&before), |percent| percent.cmp(&0)));
        let told = before >= least && direction != Direction::Level;
        Self { direction, percent: percent.filter(|_| told).map(i64::saturating_abs) }
    }
}

impl HeadcountTrend {
    pub(super) fn of(now: u64, before: u64) -> Self {
        Self { direction: Direction::of(now.cmp(&before)), difference: now.abs_diff(before) }
    }
}

impl Direction {
    fn of(ordering: Ordering) -> Self {
        match ordering {
            Ordering::Less => Self::Down,
            Ordering::Equal => Self::Level,
            Ordering::Greater => Self::Up,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(now: i128, before: i128, least: i128, against: Against) -> String {
        let trend = Trend::of(now, before, least, against);
        let direction = format!("{:?}", trend.direction).to_lowercase();
        trend.percent.map_or_else(|| direction.clone(), |percent| format!("{direction} {percent}%"))
    }

    #[test]
    fn percentages_are_rounded_half_away_from_zero_and_need_a_base() {
        for (now, before, least, expected) in [
            (148, 132, 3, "up 12%"),
            (201, 200, 3, "up 1%"),
            (199, 200, 3, "down 1%"),
            (1_004, 1_000, 3, "level"),
            (996, 1_000, 3, "level"),
            (1_025, 1_000, 3, "up 3%"),
            (975, 1_000, 3, "down 3%"),
            (1_024, 1_000, 3, "up 2%"),
            (0, 3, 3, "down 100%"),
            (3, 2, 3, "up"),
            (1, 2, 3, "down"),
            (2, 2, 3, "level"),
            (4, 3, 3, "up 33%"),
            (5, 0, 3, "up"),
            (0, 0, 3, "level"),
            (2 * NANOS, NANOS, NANOS, "up 100%"),
            (2 * NANOS, NANOS - 1, NANOS, "up"),
            (NANOS, NANOS - 1, NANOS, "level"),
            (2_000, 1_000, 1_000, "up 100%"),
            (2_000, 999, 1_000, "up"),
            (-5, -10, 3, "up"),
        ] {
            assert_eq!(told(now, before, least, Against::Team), expected, "{now} against {before}");
        }
        let absurd = Trend::of(i128::MAX, i128::MIN, 3, Against::Team);
        assert_eq!(absurd, Trend { direction: Direction::Up, percent: None });
    }

    #[test]
    fn against_few_there_is_an_arrow_alone_and_almost_level_is_not_level() {
        for (now, before, expected) in [(148, 10, "up"), (9, 10, "down"), (1_001, 1_000, "up"), (7, 7, "level")] {
            assert_eq!(told(now, before, 3, Against::Few), expected);
        }
        for (active, against) in [(0, Against::Team), (1, Against::Few), (2, Against::Few), (3, Against::Team)] {
            let before = WeekTotals { active, sessions: active, ..WeekTotals::default() };
            assert_eq!(Against::of(before, 3), against, "{active}");
        }
        let unseen = WeekTotals { cost_nanos: 1, ..WeekTotals::default() };
        assert_eq!(Against::of(unseen, 3), Against::Few, "somebody without a session");
    }

    #[test]
    fn headcounts_differ_by_a_number() {
        for (now, before, direction, difference) in
            [(11, 10, Direction::Up, 1), (9, 11, Direction::Down, 2), (4, 4, Direction::Level, 0)]
        {
            assert_eq!(HeadcountTrend::of(now, before), HeadcountTrend { direction, difference });
        }
        assert_eq!(HeadcountTrend::of(0, u64::MAX).difference, u64::MAX);
    }
}
