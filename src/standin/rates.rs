//! Slack's rate limits, enforced when switched on.
//!
//! Per method and workspace and minute by tier (1: 1, 2: 20, 3: 50, 4: 100); `chat.postMessage` once a second in each
//! channel and some hundreds a minute in the workspace (Slack: "Rate limits"). A limit that was hit stays hit until
//! its `Retry-After` has passed. How Slack counts the messages of a workspace is not known: see [`Counting`].

use super::counting::{Counter, Counting};
use chrono::{DateTime, TimeDelta, Utc};
use std::collections::HashMap;

/// Which limits are enforced.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct RateLimits {
    /// The tiers' calls per minute.
    pub tiers: bool,
    /// One message a second in each channel.
    pub messages_per_channel: bool,
    /// Messages a minute in the workspace.
    pub messages_per_minute: Option<u32>,
    /// How these are counted.
    pub counting: Counting,
}

impl RateLimits {
    /// None at all, as at the start.
    pub const OFF: Self =
        Self { tiers: false, messages_per_channel: false, messages_per_minute: None, counting: Counting::Sliding };
    /// All that Slack names, and 300 messages a minute for its "several hundred".
    pub const SLACK: Self =
        Self { tiers: true, messages_per_channel: true, messages_per_minute: Some(300), ..Self::OFF };
}

/// How often a method may be called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tier {
    Two,
    Three,
    Four,
    /// `chat.postMessage`, which has limits of its own.
    Message,
    /// Hundreds a minute: never limited here.
    Free,
}

const BETWEEN_MESSAGES: TimeDelta = TimeDelta::seconds(1);

/// What was called when, as far as the limits look back.
#[derive(Debug, Default)]
pub(super) struct Rates {
    pub limits: RateLimits,
    calls: HashMap<&'static str, Counter>,
    methods_blocked: HashMap<&'static str, DateTime<Utc>>,
    channels_free: HashMap<String, DateTime<Utc>>,
}

impl Rates {
    /// Counts a call at `now`, or answers for how many seconds it must wait.
    pub fn admit(
        &mut self,
        method: &'static str,
        tier: Tier,
        channel: Option<&str>,
        now: DateTime<Utc>,
    ) -> Result<(), u64> {
        if let Some(until) = self.methods_blocked.get(method).filter(|until| **until > now) {
            return Err(whole_seconds(*until - now));
        }
        let limit = self.per_minute(tier);
        let counting = if tier == Tier::Message { self.limits.counting } else { Counting::Sliding };
        if let Some(wait) =
            limit.and_then(|per_minute| self.calls.entry(method).or_default().wait(counting, per_minute, now))
        {
            let wait = whole_seconds(wait);
            self.methods_blocked.insert(method, now + TimeDelta::seconds(i64::try_from(wait).unwrap_or(60)));
            return Err(wait);
        }
        if let Some(channel) = channel.filter(|_| tier == Tier::Message && self.limits.messages_per_channel) {
            match self.channels_free.get(channel) {
                Some(free) if *free > now => return Err(whole_seconds(*free - now)),
                _ => self.channels_free.insert(channel.to_owned(), now + BETWEEN_MESSAGES),
            };
        }
        if let Some(per_minute) = limit {
            self.calls.entry(method).or_default().count(counting, per_minute, now);
        }
        Ok(())
    }

    fn per_minute(&self, tier: Tier) -> Option<u32> {
        match tier {
            Tier::Message => self.limits.messages_per_minute,
            Tier::Two => self.limits.tiers.then_some(20),
            Tier::Three => self.limits.tiers.then_some(50),
            Tier::Four => self.limits.tiers.then_some(100),
            Tier::Free => None,
        }
    }
}

/// Whole seconds that cover the wait, at least one: `Retry-After` knows no fractions.
fn whole_seconds(wait: TimeDelta) -> u64 {
    let milliseconds = u64::try_from(wait.num_milliseconds()).unwrap_or(0);
    milliseconds.div_ceil(1000).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_700_000_000 + seconds, 0).unwrap()
    }

    #[test]
    fn a_channel_takes_one_message_a_second_and_others_do_not_wait_for_it() {
        let mut rates = Rates { limits: RateLimits::SLACK, ..Rates::default() };
        let mut post = |channel, second| rates.admit("chat.postMessage", Tier::Message, Some(channel), at(second));
        assert_eq!(post("C1", 0), Ok(()));
        assert_eq!(post("C1", 0), Err(1));
        assert_eq!(post("C2", 0), Ok(()));
        assert_eq!(post("C1", 1), Ok(()));
    }

    #[test]
    fn a_tier_that_was_used_up_blocks_its_method_until_retry_after() {
        let mut rates = Rates { limits: RateLimits::SLACK, ..Rates::default() };
        for _ in 0..20 {
            assert_eq!(rates.admit("users.list", Tier::Two, None, at(0)), Ok(()));
        }
        assert_eq!(rates.admit("users.list", Tier::Two, None, at(10)), Err(50));
        assert_eq!(rates.admit("users.list", Tier::Two, None, at(59)), Err(1));
        assert_eq!(rates.admit("usergroups.list", Tier::Two, None, at(10)), Ok(()));
        assert_eq!(rates.admit("users.list", Tier::Two, None, at(60)), Ok(()));
    }

    #[test]
    fn nothing_is_limited_until_it_is_switched_on() {
        let mut rates = Rates::default();
        for _ in 0..1_000 {
            assert_eq!(rates.admit("chat.postMessage", Tier::Message, Some("C1"), at(0)), Ok(()));
        }
    }
}
