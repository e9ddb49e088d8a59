//! The rate limiter: every call to Slack waits here for its turn.
//!
//! Slack limits each method for the whole workspace, and its pauses hold for everybody who calls the method. So there is
//! one limiter for a workspace, and it keeps a lane for each method; messages have a budget that adapts
//! (`budget.rs`) and one message a second in each channel.

mod budget;
mod channels;
mod lane;
mod pause;
mod refusal;
#[cfg(test)]
mod tests;
mod tier;

use crate::{clock::Clock, model::ChannelId, slack::Gate};
use async_trait::async_trait;
use budget::Budget;
use channels::Channels;
use lane::{Lane, Priority};
use pause::Pause;
use std::{
    collections::BTreeMap,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, AtomicUsize, Ordering},
    },
    time::Duration,
};

const POST: &str = "chat.postMessage";

/// The limiter of a workspace; copies are one. As a [`Gate`] it admits in the foreground.
///
/// It waits by a [`Clock`] that runs: by one that stands still nothing that must wait ever goes.
#[derive(Debug, Clone)]
pub struct Limiter(Arc<Shared>);

/// The limiter for work ahead of time: a call goes only when nobody in the foreground waits for the same method.
#[derive(Debug, Clone)]
pub struct Background(Limiter);

#[derive(Debug)]
struct Shared {
    clock: Clock,
    lanes: Mutex<BTreeMap<&'static str, Arc<Lane>>>,
    channels: Channels,
    /// One message at a time watches the budget, in the order of asking.
    turn: tokio::sync::Mutex<()>,
    /// How many messages wait for it.
    queued: AtomicUsize,
    messages: Mutex<Messages>,
    limited: AtomicU64,
}

/// One of those who wait, until dropped.
struct Queued<'a>(&'a AtomicUsize);

impl<'a> Queued<'a> {
    fn of(count: &'a AtomicUsize) -> Self {
        count.fetch_add(1, Ordering::Relaxed);
        Self(count)
    }

    fn others(&self) -> bool {
        self.0.load(Ordering::Relaxed) > 1
    }
}

impl Drop for Queued<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

#[derive(Debug)]
struct Messages {
    budget: Budget,
    pause: Pause,
}

/// How the limiter stands, for metrics.
#[derive(Debug, Clone, PartialEq)]
pub struct LimiterSnapshot {
    /// Messages a minute, as the budget stands.
    pub budget_per_minute: f64,
    /// The methods that pause after a 429, with what is left.
    pub pauses: Vec<(&'static str, Duration)>,
    /// Answers 429 so far.
    pub limited_total: u64,
}

impl Limiter {
    /// A limiter whose budget starts with `messages_per_minute`.
    pub fn new(clock: Clock, messages_per_minute: u32) -> Self {
        let budget = Budget::new(f64::from(messages_per_minute.max(1)));
        Self(Arc::new(Shared {
            clock,
            lanes: Mutex::default(),
            channels: Channels::default(),
            turn: tokio::sync::Mutex::default(),
            queued: AtomicUsize::new(0),
            messages: Mutex::new(Messages { budget, pause: Pause::default() }),
            limited: AtomicU64::new(0),
        }))
    }

    /// The same limiter, for work that nobody waits for.
    pub fn background(&self) -> Background {
        Background(self.clone())
    }

    /// Waits until a message may be posted into `channel`: its second, the pause of the method, the workspace's budget.
    ///
    /// Nothing is used up where the wait is given up.
    pub async fn message(&self, channel: &ChannelId) {
        let clock = &self.0.clock;
        let turn = self.0.channels.turn(channel, clock).await;
        let queued = Queued::of(&self.0.queued);
        let _first = self.0.turn.lock().await;
        loop {
            let now = clock.elapsed();
            let taken = self.0.messages().budget.take(now, queued.others());
            match taken {
                Ok(()) => return turn.used(now),
                Err(at) => clock.sleep(at.saturating_sub(now)).await,
            }
        }
    }

    /// How long so many messages take at the present budget, a pause under way included.
    pub fn expected(&self, messages: u64) -> Duration {
        let now = self.0.clock.elapsed();
        let budget = &self.0.messages().budget;
        let sending = messages as f64 * 60.0 / budget.per_minute();
        budget.pause().saturating_sub(now).saturating_add(Duration::try_from_secs_f64(sending).unwrap_or(Duration::MAX))
    }

    /// How it stands now.
    pub fn snapshot(&self) -> LimiterSnapshot {
        let now = self.0.clock.elapsed();
        let mut pauses: Vec<_> =
            self.0.lanes().iter().map(|(method, lane)| (*method, lane.pause().left(now))).collect();
        let messages = self.0.messages();
        pauses.push((POST, messages.budget.pause().saturating_sub(now)));
        pauses.retain(|(_, left)| !left.is_zero());
        LimiterSnapshot {
            budget_per_minute: messages.budget.per_minute(),
            pauses,
            limited_total: self.0.limited.load(Ordering::Relaxed),
        }
    }

    async fn admit_as(&self, method: &'static str, priority: Priority) {
        self.0.lane(method).admit(&self.0.clock, priority).await;
    }
}

impl Shared {
    fn lanes(&self) -> MutexGuard<'_, BTreeMap<&'static str, Arc<Lane>>> {
        self.lanes.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn lane(&self, method: &'static str) -> Arc<Lane> {
        Arc::clone(self.lanes().entry(method).or_insert_with(|| Arc::new(Lane::new(method, &self.clock))))
    }

    fn messages(&self) -> MutexGuard<'_, Messages> {
        self.messages.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl Gate for Limiter {
    async fn admit(&self, method: &'static str) {
        self.admit_as(method, Priority::Foreground).await;
    }

    fn limited(&self, method: &'static str, retry_after: Option<Duration>) {
        self.0.limited.fetch_add(1, Ordering::Relaxed);
        let now = self.0.clock.elapsed();
        let pause = if method == POST {
            let mut messages = self.0.messages();
            let pause = messages.pause.limited(now, retry_after);
            messages.budget.limited(now, pause);
            pause
        } else {
            self.0.lane(method).pause().limited(now, retry_after)
        };
        tracing::info!(slack.method = method, pause_s = pause.as_secs(), "Slack asks to slow down");
    }

    fn answered(&self, method: &'static str) {
        if method == POST {
            self.0.messages().pause.answered();
        } else {
            self.0.lane(method).pause().answered();
        }
    }
}

#[async_trait]
impl Gate for Background {
    async fn admit(&self, method: &'static str) {
        self.0.admit_as(method, Priority::Background).await;
    }

    fn limited(&self, method: &'static str, retry_after: Option<Duration>) {
        self.0.limited(method, retry_after);
    }

    fn answered(&self, method: &'static str) {
        self.0.answered(method);
    }
}
