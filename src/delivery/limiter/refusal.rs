//! What one answer 429 tells of the limit behind it.

use std::time::Duration;

/// A refusal, with what had been let through by then.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Refusal {
    pub at: Duration,
    /// Messages let through in the minute before.
    pub minute: f64,
    /// Messages since the window began that ends with `Retry-After`, where it names more than a second.
    pub window: Option<f64>,
    /// The pace at that time, per minute.
    pub pace: f64,
}

/// A limit, and whether it is known well enough to rest on it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Limit {
    pub per_minute: f64,
    pub sure: bool,
}

impl Limit {
    pub fn sure(per_minute: f64) -> Self {
        Self { per_minute, sure: true }
    }

    pub fn guess(per_minute: f64) -> Self {
        Self { per_minute, sure: false }
    }
}

/// A window of less than this part of the minute's messages is not believed: `Retry-After` is made up.
const SMALLEST_WINDOW: f64 = 0.4;

impl Refusal {
    /// The limit that this refusal names by itself, from a window that ends with `Retry-After`.
    pub fn limit(&self) -> Option<Limit> {
        let window = self.window?;
        if window >= 0.97 * self.minute || window < SMALLEST_WINDOW * self.minute {
            // Fixed or sliding, the window held them all; or only the minute can be believed.
            return Some(Limit::sure(self.minute));
        }
        Some(Limit::guess(window))
    }

    /// The minute's count at which both were refused: only a sliding window refuses twice at the same.
    pub fn same_minute(&self, other: &Self) -> Option<f64> {
        let counted = |one: &Self| one.minute * 2.5 >= one.pace;
        (counted(self) && counted(other) && near(self.minute, other.minute, 0.015))
            .then(|| self.minute.min(other.minute))
    }

    /// What both refusals agree on: a minute's count, a fixed window's count, or a pace.
    pub fn agreed(&self, other: &Self) -> Option<f64> {
        let window = || match (self.window, other.window) {
            (Some(one), Some(two)) if near(one, two, 0.05) => Some(one.max(two)),
            _ => None,
        };
        let pace = || near(self.pace, other.pace, 0.03).then(|| self.pace.min(other.pace));
        self.same_minute(other).or_else(window).or_else(pace)
    }
}

/// Whether two counts differ by at most this part, or by two.
fn near(one: f64, other: f64, part: f64) -> bool {
    (one - other).abs() <= (part * one.max(other)).max(2.0)
}
