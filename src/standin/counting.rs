//! How calls are counted against a limit: by a sliding window, by fixed windows, or with a bucket.

use chrono::{DateTime, TimeDelta, Utc};
use std::collections::VecDeque;

/// How the messages of a workspace are counted against their limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Counting {
    /// Those of the last 60 s.
    #[default]
    Sliding,
    /// Those of the minute by the clock.
    Fixed,
    /// A bucket that holds so many and fills evenly; full to begin with.
    Bucket { burst: u32 },
}

const MINUTE: TimeDelta = TimeDelta::minutes(1);

/// What was let through, in each way of counting.
#[derive(Debug, Default)]
pub(super) struct Counter {
    /// Within the last 60 s.
    latest: VecDeque<DateTime<Utc>>,
    /// In which minute how many.
    fixed: (i64, usize),
    /// How much was left in the bucket when.
    bucket: Option<(f64, DateTime<Utc>)>,
}

impl Counter {
    /// How long a call at `now` has to wait at this limit a minute, if at all.
    pub fn wait(&mut self, counting: Counting, per_minute: u32, now: DateTime<Utc>) -> Option<TimeDelta> {
        while self.latest.front().is_some_and(|at| *at + MINUTE <= now) {
            self.latest.pop_front();
        }
        let most = per_minute as usize;
        match counting {
            Counting::Sliding => {
                let first = self.latest.front().filter(|_| self.latest.len() >= most)?;
                Some(*first + MINUTE - now)
            }
            Counting::Fixed => {
                let minute = minute_of(now);
                let next = DateTime::from_timestamp((minute + 1) * 60, 0)?;
                (self.fixed.0 == minute && self.fixed.1 >= most).then(|| next - now)
            }
            Counting::Bucket { burst } => {
                let missing = 1.0 - self.left(burst, per_minute, now);
                let microseconds = missing * 60e6 / f64::from(per_minute.max(1));
                #[expect(clippy::cast_possible_truncation, reason = "a minute at most")]
                (missing > 1e-9).then(|| TimeDelta::microseconds(microseconds.ceil() as i64))
            }
        }
    }

    /// Counts a call that was let through.
    pub fn count(&mut self, counting: Counting, per_minute: u32, now: DateTime<Utc>) {
        self.latest.push_back(now);
        let minute = minute_of(now);
        self.fixed = if self.fixed.0 == minute { (minute, self.fixed.1 + 1) } else { (minute, 1) };
        if let Counting::Bucket { burst } = counting {
            self.bucket = Some((self.left(burst, per_minute, now) - 1.0, now));
        }
    }

    fn left(&self, burst: u32, per_minute: u32, now: DateTime<Utc>) -> f64 {
        let full = f64::from(burst.max(1));
        self.bucket.map_or(full, |(left, at)| {
            let seconds = (now - at).max(TimeDelta::zero()).as_seconds_f64();
            (left + seconds * f64::from(per_minute) / 60.0).min(full)
        })
    }
}

fn minute_of(now: DateTime<Utc>) -> i64 {
    now.timestamp().div_euclid(60)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Which of the calls at these seconds are let through at 3 a minute.
    fn passed(counting: Counting, seconds: &[i64]) -> Vec<i64> {
        let mut counter = Counter::default();
        let at = |second: i64| DateTime::from_timestamp(6_000 + second, 0).unwrap();
        let mut passes = |second: i64| {
            let passes = counter.wait(counting, 3, at(second)).is_none();
            if passes {
                counter.count(counting, 3, at(second));
            }
            passes
        };
        seconds.iter().copied().filter(|second| passes(*second)).collect()
    }

    #[test]
    fn each_way_of_counting_lets_others_through() {
        let seconds = [0, 50, 51, 52, 61, 62, 63, 64, 111, 112];
        assert_eq!(passed(Counting::Sliding, &seconds), [0, 50, 51, 61, 111, 112]);
        assert_eq!(passed(Counting::Fixed, &seconds), [0, 50, 51, 61, 62, 63]);
        assert_eq!(passed(Counting::Bucket { burst: 1 }, &seconds), [0, 50, 111]);
        assert_eq!(passed(Counting::Bucket { burst: 2 }, &seconds), [0, 50, 51, 111, 112]);
    }

    #[test]
    fn the_wait_ends_when_the_next_is_let_through() {
        let at = |second: i64| DateTime::from_timestamp(6_000 + second, 0).unwrap();
        for (counting, wait) in [(Counting::Sliding, 50), (Counting::Fixed, 50), (Counting::Bucket { burst: 3 }, 10)] {
            let mut counter = Counter::default();
            for _ in 0..3 {
                counter.count(counting, 3, at(0));
            }
            assert_eq!(counter.wait(counting, 3, at(10)), Some(TimeDelta::seconds(wait)), "{counting:?}");
            assert_eq!(counter.wait(counting, 3, at(10 + wait)), None, "{counting:?}");
        }
    }
}
