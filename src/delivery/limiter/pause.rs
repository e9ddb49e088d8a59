//! The pause that all callers of a method share after a 429.

use std::time::Duration;

/// The first pause where Slack names none; the following are longer.
const FIRST: Duration = Duration::from_secs(2);
const LONGEST: Duration = Duration::from_mins(1);

/// Until when a method is not called.
#[derive(Debug, Default)]
pub(super) struct Pause {
    until: Duration,
    /// Pauses in a row, without another answer between them.
    in_a_row: u32,
}

impl Pause {
    /// What is left of it at `now`.
    pub fn left(&self, now: Duration) -> Duration {
        self.until.saturating_sub(now)
    }

    /// Extends the pause, never shortens it, and answers how long this refusal alone asks for.
    pub fn limited(&mut self, now: Duration, retry_after: Option<Duration>) -> Duration {
        if now >= self.until {
            self.in_a_row += 1;
        }
        let pause =
            retry_after.unwrap_or_else(|| (FIRST * (1 << (self.in_a_row.saturating_sub(1)).min(8))).min(LONGEST));
        self.until = self.until.max(now + pause);
        pause
    }

    /// Slack let a call through again.
    pub fn answered(&mut self) {
        self.in_a_row = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seconds(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    #[test]
    fn a_pause_without_retry_after_doubles_until_something_is_answered() {
        let mut pause = Pause::default();
        let mut now = Duration::ZERO;
        let mut next = |pause: &mut Pause| {
            let asked = pause.limited(now, None);
            now += asked;
            asked.as_secs()
        };
        let asked: Vec<_> = (0..8).map(|_| next(&mut pause)).collect();
        assert_eq!(asked, [2, 4, 8, 16, 32, 60, 60, 60]);
        pause.answered();
        assert_eq!(next(&mut pause), 2);
    }

    #[test]
    fn refusals_within_a_pause_are_one_and_extend_it_only() {
        let mut pause = Pause::default();
        pause.limited(seconds(10), Some(seconds(30)));
        pause.limited(seconds(11), Some(seconds(1)));
        pause.limited(seconds(12), None);
        assert_eq!((pause.left(seconds(15)), pause.in_a_row), (seconds(25), 1));
        pause.limited(seconds(16), Some(seconds(60)));
        assert_eq!((pause.left(seconds(16)), pause.left(seconds(100))), (seconds(60), Duration::ZERO));
    }
}
