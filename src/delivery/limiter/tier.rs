//! How often each method may be called, and the bucket that holds it to that.

use crate::clock::Clock;
use governor::{
    Quota, RateLimiter, clock::Clock as Ticks, middleware::NoOpMiddleware, state::InMemoryState, state::NotKeyed,
};
use std::{num::NonZeroU32, time::Duration};

/// Slack's tiers, in calls a minute, as each method's page in its reference names them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Tier {
    per_minute: u32,
    /// Calls that may go out at once, of methods that somebody waits for.
    at_once: u32,
}

const TWO: Tier = Tier::evenly(20);
const THREE: Tier = Tier::evenly(50);
const FOUR: Tier = Tier::evenly(100);
/// "Hundreds of requests per minute".
const SPECIAL: Tier = Tier::evenly(300);
/// A person waits for a view, and the trigger that opens it lives for 3 s.
const VIEWS: Tier = Tier { per_minute: 100, at_once: 10 };

/// How much slower than the limit calls go, as a part.
const SLOWER: f64 = 0.02;
/// How late a call may go, as a part of a minute, and the next still keep its time; less than what is gained by going
/// slower, so that no 60 s hold a call too many.
const LATENESS: f64 = 0.015;
/// A call counts for so many cells: the bucket's size, a call and the lateness, is no whole number of calls.
const CELLS: u32 = 100;

impl Tier {
    const fn evenly(per_minute: u32) -> Self {
        Self { per_minute, at_once: 1 }
    }

    /// The tier of a method; an unknown one counts among the slow.
    pub fn of(method: &str) -> Self {
        match method {
            "auth.test" | "api.test" => SPECIAL,
            "chat.postEphemeral" | "conversations.members" | "users.info" => FOUR,
            "views.open" | "views.publish" | "views.push" | "views.update" => VIEWS,
            "bots.info"
            | "chat.delete"
            | "chat.update"
            | "conversations.history"
            | "conversations.info"
            | "conversations.open"
            | "conversations.replies"
            | "team.info"
            | "users.conversations"
            | "users.lookupByEmail" => THREE,
            _ => TWO,
        }
    }
}

/// The limiter's clock as `governor` reads it.
#[derive(Debug, Clone)]
pub(super) struct Elapsed(pub Clock);

impl Ticks for Elapsed {
    type Instant = Duration;

    fn now(&self) -> Duration {
        self.0.elapsed()
    }
}

/// Lets calls through evenly, never more than the tier's in any 60 s.
#[derive(Debug)]
pub(super) struct Bucket<T: Ticks<Instant = Duration>> {
    limiter: RateLimiter<NotKeyed, InMemoryState, T, NoOpMiddleware<Duration>>,
    clock: T,
}

impl<T: Ticks<Instant = Duration> + Clone> Bucket<T> {
    pub fn new(tier: Tier, clock: T) -> Self {
        let between = 60.0 / f64::from(tier.per_minute + 1 - tier.at_once) * (1.0 + SLOWER);
        let cell = Duration::from_secs_f64(between / f64::from(CELLS));
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a few hundred cells")]
        let late = (60.0 * LATENESS / cell.as_secs_f64()) as u32;
        let size = NonZeroU32::MIN.saturating_add(CELLS * tier.at_once + late - 1);
        let quota = Quota::with_period(cell).unwrap_or_else(|| Quota::per_minute(NonZeroU32::MIN)).allow_burst(size);
        Self { limiter: RateLimiter::direct_with_clock(quota, clock.clone()), clock }
    }

    /// Lets a call through, or answers how long it must wait.
    pub fn take(&self) -> Result<(), Duration> {
        let call = NonZeroU32::MIN.saturating_add(CELLS - 1);
        match self.limiter.check_n(call) {
            Ok(Err(not_until)) => Err(not_until.wait_time_from(self.clock.now())),
            // A call is never larger than the bucket.
            Ok(Ok(())) | Err(_) => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::{Arc, Mutex};

    #[derive(Debug, Clone, Default)]
    struct Hand(Arc<Mutex<Duration>>);

    impl Ticks for Hand {
        type Instant = Duration;

        fn now(&self) -> Duration {
            *self.0.lock().unwrap()
        }
    }

    /// When each of `count` calls went that all want to go at once, each waking up to `late` too late.
    fn calls(tier: Tier, count: usize, late: Duration) -> Vec<Duration> {
        let hand = Hand::default();
        let bucket = Bucket::new(tier, hand.clone());
        let mut went = Vec::new();
        while went.len() < count {
            match bucket.take() {
                Ok(()) => went.push(hand.now()),
                Err(wait) => *hand.0.lock().unwrap() += wait + late * u32::try_from(went.len() * 7 % 10).unwrap() / 10,
            }
        }
        went
    }

    #[test]
    fn no_sixty_seconds_hold_more_calls_than_the_tier_and_few_go_to_waste() {
        for (tier, least) in [(TWO, 0.95), (THREE, 0.95), (FOUR, 0.95), (SPECIAL, 0.95), (VIEWS, 0.88)] {
            for late in [0, 100, 500] {
                let went = calls(tier, 5_000, Duration::from_millis(late));
                let limit = tier.per_minute as usize;
                let crowded = went.windows(limit + 1).find(|calls| calls[limit] < calls[0] + Duration::from_mins(1));
                assert_eq!(crowded, None, "{tier:?} late {late}");
                let rate = 5_000.0 / went.last().unwrap().as_secs_f64() * 60.0 / f64::from(tier.per_minute);
                assert!(rate >= least, "{tier:?} late {late}: {rate}");
            }
        }
    }

    #[test]
    fn a_view_does_not_wait_for_the_one_before() {
        assert_eq!(calls(VIEWS, 10, Duration::ZERO), [Duration::ZERO; 10]);
        assert!(calls(THREE, 3, Duration::ZERO)[2] > Duration::from_secs(1));
    }

    #[test]
    fn the_methods_that_recap_calls_have_their_tiers() {
        for (method, tier) in [
            ("conversations.open", THREE),
            ("conversations.history", THREE),
            ("conversations.info", THREE),
            ("users.lookupByEmail", THREE),
            ("users.list", TWO),
            ("usergroups.users.list", TWO),
            ("users.info", FOUR),
            ("chat.update", THREE),
            ("views.publish", VIEWS),
            ("auth.test", SPECIAL),
            ("something.new", TWO),
        ] {
            assert_eq!(Tier::of(method), tier, "{method}");
        }
    }
}
