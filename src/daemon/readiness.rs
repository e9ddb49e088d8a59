//! What `/readyz` asks of the daemon, the warehouse apart: scheduler, store and Slack.

use super::Ticker;
use crate::http::Check;
use async_trait::async_trait;
use futures::future::BoxFuture;
use std::{
    fmt,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

/// How long the store may take to answer.
const STORE_TIMEOUT: Duration = Duration::from_secs(3);

/// Whether the scheduler ticks.
#[derive(Debug)]
pub struct SchedulerCheck {
    pub ticker: Ticker,
}

#[async_trait]
impl Check for SchedulerCheck {
    fn name(&self) -> &'static str {
        "scheduler"
    }

    async fn ask(&self) -> Result<(), String> {
        match self.ticker.silence() {
            Some(silence) => Err(format!("no tick for {} s", silence.as_secs())),
            None => Ok(()),
        }
    }
}

type Ping = dyn Fn() -> BoxFuture<'static, Result<(), String>> + Send + Sync;

/// Whether the store answers.
pub struct StoreCheck {
    ping: Box<Ping>,
}

impl StoreCheck {
    /// One that asks by `ping`; its error is a clause without secrets.
    pub fn new<Asking>(ping: impl Fn() -> Asking + Send + Sync + 'static) -> Self
    where
        Asking: Future<Output = Result<(), String>> + Send + 'static,
    {
        Self { ping: Box::new(move || Box::pin(ping())) }
    }
}

impl fmt::Debug for StoreCheck {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("StoreCheck").finish_non_exhaustive()
    }
}

#[async_trait]
impl Check for StoreCheck {
    fn name(&self) -> &'static str {
        "store"
    }

    async fn ask(&self) -> Result<(), String> {
        tokio::time::timeout(STORE_TIMEOUT, (self.ping)())
            .await
            .unwrap_or_else(|_| Err(format!("no answer within {} s", STORE_TIMEOUT.as_secs())))
    }
}

/// How the daemon stands with Slack, as its loops find; cheap to clone.
#[derive(Debug, Clone, Default)]
pub struct SlackStanding(Arc<Mutex<Standing>>);

#[derive(Debug, Default)]
struct Standing {
    /// What became of the latest `auth.test`.
    authorized: Option<Result<(), String>>,
    /// Slack's code, where the token is refused and the workspace stopped.
    stopped: Option<String>,
    /// `recap halt`.
    halted: bool,
}

impl SlackStanding {
    /// What became of the latest `auth.test`; the error is a clause without secrets.
    pub fn authorized(&self, outcome: Result<(), String>) {
        self.change(|standing| standing.authorized = Some(outcome));
    }

    /// Whether the workspace is stopped, and by which code of Slack's.
    pub fn stopped(&self, code: Option<String>) {
        self.change(|standing| standing.stopped = code);
    }

    /// Whether sending is halted.
    pub fn halted(&self, halted: bool) {
        self.change(|standing| standing.halted = halted);
    }

    fn change<T>(&self, change: impl FnOnce(&mut Standing) -> T) -> T {
        change(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Who halts sending wants no orchestrator to restart the daemon for it, so this is a note only.
#[async_trait]
impl Check for SlackStanding {
    fn name(&self) -> &'static str {
        "slack"
    }

    async fn ask(&self) -> Result<(), String> {
        self.change(|standing| match (&standing.stopped, &standing.authorized) {
            (Some(code), _) => Err(format!("Slack refuses the bot token (`{code}`), nothing is sent")),
            (None, Some(outcome)) => outcome.clone(),
            (None, None) => Err("Slack was not asked yet".to_owned()),
        })
    }

    fn note(&self) -> Option<String> {
        self.change(|standing| standing.halted.then(|| "sending is halted, `recap resume` goes on".to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{clock::Clock, daemon::Supervisor};

    #[tokio::test]
    async fn a_token_that_is_refused_is_named_before_all_else_and_halting_is_a_note() {
        let slack = SlackStanding::default();
        assert_eq!(slack.ask().await, Err("Slack was not asked yet".to_owned()));
        slack.authorized(Ok(()));
        assert_eq!((slack.ask().await, slack.note()), (Ok(()), None));
        slack.authorized(Err("Slack cannot be reached".to_owned()));
        assert_eq!(slack.ask().await, Err("Slack cannot be reached".to_owned()));
        slack.stopped(Some("token_revoked".to_owned()));
        assert!(slack.ask().await.unwrap_err().contains("`token_revoked`"));
        slack.stopped(None);
        slack.authorized(Ok(()));
        slack.halted(true);
        assert_eq!(slack.ask().await, Ok(()));
        assert!(slack.note().unwrap().contains("halted"));
    }

    #[tokio::test(start_paused = true)]
    async fn a_store_that_hangs_is_not_ready() {
        let store = StoreCheck::new(|| async { Err("the store is unavailable".to_owned()) });
        assert_eq!(store.ask().await, Err("the store is unavailable".to_owned()));
        let store = StoreCheck::new(std::future::pending);
        assert_eq!(store.ask().await, Err("no answer within 3 s".to_owned()));
    }

    #[tokio::test(start_paused = true)]
    async fn a_scheduler_that_is_silent_is_not_ready() {
        let clock = Clock::running(chrono::DateTime::UNIX_EPOCH, 60.0);
        let supervisor = Supervisor::new(clock.clone());
        let scheduler = SchedulerCheck { ticker: Ticker::start(&clock, &supervisor) };
        clock.sleep(Duration::from_mins(10)).await;
        assert_eq!(scheduler.ask().await, Ok(()));
        // Nothing ticks after the stop.
        supervisor.stop(Duration::from_secs(10)).await;
        clock.sleep(Duration::from_mins(10)).await;
        let reason = scheduler.ask().await.unwrap_err();
        let silence: u64 = reason.strip_prefix("no tick for ").unwrap().strip_suffix(" s").unwrap().parse().unwrap();
        assert!((540..=660).contains(&silence), "{reason}");
    }
}
