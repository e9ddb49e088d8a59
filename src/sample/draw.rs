//! Random draws that are the same for the same seed, whatever was drawn for others before.

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// A stream of draws. Arithmetic is done here so that a new release of a crate does not change the sample.
#[derive(Debug)]
pub(super) struct Draw(ChaCha8Rng);

/// What a stream is for: draws for one purpose never shift the draws for another.
#[derive(Debug, Clone, Copy)]
pub(super) enum Purpose {
    Member = 1,
    Day = 2,
    LongSession = 3,
    Thinning = 4,
}

impl Draw {
    /// The stream for (`seed`, `purpose`, `first`, `second`).
    pub fn new(seed: u64, purpose: Purpose, first: u64, second: u64) -> Self {
        let mut key = [0_u8; 32];
        for (part, word) in key.chunks_exact_mut(8).zip([seed, purpose as u64, first, second]) {
            part.copy_from_slice(&word.to_le_bytes());
        }
        Self(ChaCha8Rng::from_seed(key))
    }

    /// From 0 up to, not including, 1.
    pub fn unit(&mut self) -> f64 {
        f64::from(self.0.next_u32()) / (f64::from(u32::MAX) + 1.0)
    }

    /// Whether an event of this probability happens.
    pub fn chance(&mut self, probability: f64) -> bool {
        self.unit() < probability
    }

    /// From `low` to `high`, both included.
    pub fn between(&mut self, low: u32, high: u32) -> u32 {
        let span = u64::from(high - low) + 1;
        low + whole(self.unit() * span as f64)
    }

    /// One of `choices`, which is not empty.
    pub fn pick<T: Copy>(&mut self, choices: &[T]) -> T {
        choices[whole(self.unit() * choices.len() as f64) as usize]
    }

    /// One of `choices` by weight; the weights must not all be zero.
    pub fn weighted<T: Copy>(&mut self, choices: &[(u32, T)]) -> T {
        let total: u32 = choices.iter().map(|(weight, _)| weight).sum();
        let mut left = self.between(1, total.max(1));
        for (weight, choice) in choices {
            if left <= *weight {
                return *choice;
            }
            left -= weight;
        }
        choices[0].1
    }

    /// Roughly log-normal: half of the draws lie below `median`; `sigma` widens the tail.
    pub fn around(&mut self, median: f64, sigma: f64) -> f64 {
        median * (self.normal() * sigma).exp()
    }

    /// Roughly normal with mean 0 and deviation 1, never beyond 3.5: the sum of four uniform draws.
    pub fn normal(&mut self) -> f64 {
        let sum: f64 = (0..4).map(|_| self.unit()).sum();
        (sum - 2.0) * 1.732
    }

    /// A whole number whose mean is `value`.
    pub fn rounded(&mut self, value: f64) -> u32 {
        whole(value + self.unit())
    }

    /// 1, 2, 3 …, each next one with probability `again`, at most `most`.
    pub fn repeats(&mut self, again: f64, most: u32) -> u32 {
        let mut count = 1;
        while count < most && self.chance(again) {
            count += 1;
        }
        count
    }

    /// 128 bits for an id.
    pub fn id(&mut self) -> u128 {
        u128::from(self.0.next_u64()) << 64 | u128::from(self.0.next_u64())
    }
}

/// `value` without its fraction; negative and absurd values are held at the bounds.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a saturating cast is what is meant")]
pub(super) fn whole(value: f64) -> u32 {
    value as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stream_depends_on_each_part_of_its_name() {
        let first = |seed, purpose, a, b| Draw::new(seed, purpose, a, b).id();
        let base = first(1, Purpose::Day, 2, 3);
        assert_eq!(base, first(1, Purpose::Day, 2, 3));
        for other in [
            first(2, Purpose::Day, 2, 3),
            first(1, Purpose::Member, 2, 3),
            first(1, Purpose::Day, 3, 3),
            first(1, Purpose::Day, 2, 4),
        ] {
            assert_ne!(base, other);
        }
    }

    #[test]
    fn draws_stay_in_their_bounds() {
        let mut draw = Draw::new(7, Purpose::Member, 0, 0);
        let mut sum = 0;
        for _ in 0..10_000 {
            assert!((3..=5).contains(&draw.between(3, 5)));
            assert!(draw.normal().abs() < 3.5);
            assert!((1..=4).contains(&draw.repeats(0.9, 4)));
            assert_eq!(draw.weighted(&[(0, 'a'), (1, 'b'), (0, 'c')]), 'b');
            sum += draw.rounded(0.25);
        }
        assert!((2_200..2_800).contains(&sum), "{sum}");
    }
}
