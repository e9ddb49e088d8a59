//! One message a second in each channel, for as many channels as there are people.

use crate::{clock::Clock, model::ChannelId};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};
use tokio::sync::OwnedMutexGuard;

/// Slack takes one message a second in a channel; the rest covers that one is longer on its way than the next.
const BETWEEN: Duration = Duration::from_millis(1_100);

/// Idle channels are forgotten whenever so many more are known.
const FORGET_AFTER: usize = 1_024;

/// When the latest message of a channel went out.
type Latest = Arc<tokio::sync::Mutex<Option<Duration>>>;

#[derive(Debug, Default)]
pub(super) struct Channels(Mutex<Known>);

#[derive(Debug, Default)]
struct Known {
    latest: HashMap<ChannelId, Latest>,
    /// How many may be known before the idle ones are looked for.
    most: usize,
}

/// The right to send into a channel; nobody else gets it until it is dropped.
#[derive(Debug)]
pub(super) struct Turn(OwnedMutexGuard<Option<Duration>>);

impl Turn {
    /// A message goes out at `now`.
    pub fn used(mut self, now: Duration) {
        *self.0 = Some(now);
    }
}

impl Channels {
    /// Waits for this channel's turn.
    pub async fn turn(&self, channel: &ChannelId, clock: &Clock) -> Turn {
        let latest = self.latest(channel, clock.elapsed());
        let guard = latest.lock_owned().await;
        while let Some(wait) = guard.and_then(|at| (at + BETWEEN).checked_sub(clock.elapsed())) {
            if wait.is_zero() {
                break;
            }
            clock.sleep(wait).await;
        }
        Turn(guard)
    }

    fn latest(&self, channel: &ChannelId, now: Duration) -> Latest {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if known.latest.len() >= known.most {
            known.latest.retain(|_, latest| is_busy(latest, now));
            known.most = known.latest.len() + FORGET_AFTER;
        }
        Arc::clone(known.latest.entry(channel.clone()).or_default())
    }

    #[cfg(test)]
    fn known(&self) -> usize {
        self.0.lock().unwrap().latest.len()
    }
}

/// Whether somebody sends into the channel, or did within the last second.
fn is_busy(latest: &Latest, now: Duration) -> bool {
    // Who holds a copy waits for the channel or is about to.
    Arc::strong_count(latest) > 1
        || latest.try_lock().map_or(true, |latest| latest.is_some_and(|at| at + BETWEEN > now))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn fifty_thousand_channels_are_forgotten_once_idle() {
        let clock = Clock::running(chrono::DateTime::UNIX_EPOCH, 1e6);
        let channels = Channels::default();
        let mut most = 0;
        for number in 0..50_000_u32 {
            let turn = channels.turn(&ChannelId(format!("D{number}")), &clock).await;
            // Each message two seconds after the one before.
            turn.used(Duration::ZERO);
            most = most.max(channels.known());
        }
        assert!(most <= 3 * FORGET_AFTER, "{most} were known at once");
    }

    #[test]
    fn a_busy_channel_is_not_forgotten() {
        let latest = |at| Arc::new(tokio::sync::Mutex::new(at));
        let now = Duration::from_secs(100);
        assert!(!is_busy(&latest(None), now));
        assert!(!is_busy(&latest(Some(Duration::from_secs(98))), now));
        assert!(is_busy(&latest(Some(Duration::from_millis(99_500))), now));
        let waited_for = latest(None);
        let _waits = Arc::clone(&waited_for);
        assert!(is_busy(&waited_for, now));
    }

    #[tokio::test]
    async fn messages_of_a_channel_are_more_than_a_second_apart() {
        let clock = Clock::running(chrono::DateTime::UNIX_EPOCH, 600.0);
        let channels = Channels::default();
        let channel = ChannelId("C1".to_owned());
        let mut went = Vec::new();
        for _ in 0..5 {
            let turn = channels.turn(&channel, &clock).await;
            let now = clock.elapsed();
            turn.used(now);
            went.push(now);
        }
        assert!(went.windows(2).all(|pair| pair[1] >= pair[0] + BETWEEN), "{went:?}");
    }
}
