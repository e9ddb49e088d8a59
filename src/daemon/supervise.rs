//! The daemon's loops: each runs until the stop, and one that fails is restarted while the others go on.

use crate::{clock::Clock, telemetry::metrics};
use futures::FutureExt;
use std::{
    any::Any,
    collections::BTreeSet,
    panic::AssertUnwindSafe,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

/// The wait after a first failure; it doubles.
const FIRST_WAIT: Duration = Duration::from_secs(1);
/// The longest wait.
const LONGEST_WAIT: Duration = Duration::from_mins(1);
/// A loop that ran this long was good: its next failure is a first one.
const GOOD_RUN: Duration = Duration::from_mins(1);

/// How long a loop that is cut off may take to be gone.
const GONE_WITHIN: Duration = Duration::from_secs(1);

/// Runs loops by name; cheap to clone.
#[derive(Debug, Clone)]
pub struct Supervisor {
    clock: Clock,
    tasks: TaskTracker,
    stop: CancellationToken,
    abort: CancellationToken,
    running: Arc<Mutex<BTreeSet<&'static str>>>,
}

impl Supervisor {
    /// One that waits by `clock` between restarts.
    pub fn new(clock: Clock) -> Self {
        let (tasks, stop, abort) = (TaskTracker::new(), CancellationToken::new(), CancellationToken::new());
        Self { clock, tasks, stop, abort, running: Arc::default() }
    }

    /// Cancelled when the loops shall end.
    pub fn stop_token(&self) -> &CancellationToken {
        &self.stop
    }

    /// Runs the loop `name`: what `start` makes goes on until the token that it is given is cancelled. A panic, an
    /// error and an end before that are failures; `start` is called again after each.
    pub fn run<Start, Running>(&self, name: &'static str, start: Start)
    where
        Start: FnMut(CancellationToken) -> Running + Send + 'static,
        Running: Future<Output = anyhow::Result<()>> + Send + 'static,
    {
        let this = self.clone();
        this.note(|running| running.insert(name));
        self.tasks.spawn(async move {
            tokio::select! {
                biased;
                () = this.abort.cancelled() => {}
                () = this.keep_running(name, start) => {
                    this.note(|running| running.remove(name));
                }
            }
        });
    }

    /// Asks all loops to end, waits for them `within` the time of the machine, and cuts the rest off.
    pub async fn stop(self, within: Duration) {
        self.stop.cancel();
        self.tasks.close();
        if tokio::time::timeout(within, self.tasks.wait()).await.is_err() {
            self.note(|running| tracing::warn!(loops = ?running, "loops that did not end in time are cut off"));
            self.abort.cancel();
            // A loop that never yields cannot be cut off; the process ends without it.
            let _ = tokio::time::timeout(GONE_WITHIN, self.tasks.wait()).await;
        }
    }

    async fn keep_running<Start, Running>(&self, name: &'static str, mut start: Start)
    where
        Start: FnMut(CancellationToken) -> Running,
        Running: Future<Output = anyhow::Result<()>>,
    {
        let mut back_off = BackOff::default();
        while !self.stop.is_cancelled() {
            let began = self.clock.elapsed();
            let ran = AssertUnwindSafe(async { start(self.stop.clone()).await }).catch_unwind().await;
            let failure = match ran {
                Ok(Ok(())) if self.stop.is_cancelled() => return,
                Ok(Ok(())) => "it ended by itself".to_owned(),
                Ok(Err(error)) => format!("{error:#}"),
                Err(panic) => format!("it panicked: {}", literal(&*panic)),
            };
            metrics::loop_failed(name);
            let wait = back_off.after(self.clock.elapsed().saturating_sub(began));
            tracing::error!(loop.name = name, error = failure, restart_in = ?wait, "a loop failed");
            tokio::select! {
                () = self.clock.sleep(wait) => {}
                () = self.stop.cancelled() => {}
            }
        }
    }

    fn note<T>(&self, change: impl FnOnce(&mut BTreeSet<&'static str>) -> T) -> T {
        change(&mut self.running.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// The words of a panic where they are the program's own; those made at run time may hold anybody's data.
fn literal(panic: &(dyn Any + Send)) -> &'static str {
    panic.downcast_ref::<&'static str>().copied().unwrap_or("its words are not shown")
}

/// How long a loop that failed waits.
#[derive(Debug, Default)]
struct BackOff {
    failures: u32,
}

impl BackOff {
    /// The wait after a run of this length.
    fn after(&mut self, run: Duration) -> Duration {
        self.failures = if run >= GOOD_RUN { 0 } else { self.failures };
        let wait = FIRST_WAIT.saturating_mul(2_u32.saturating_pow(self.failures)).min(LONGEST_WAIT);
        self.failures += 1;
        wait
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use anyhow::bail;
    use chrono::DateTime;
    use std::sync::atomic::{AtomicU32, Ordering};
    use tokio::{sync::watch, time::Instant};

    /// tokio's paused clock leaps over the waits.
    fn supervisor() -> Supervisor {
        Supervisor::new(Clock::running(DateTime::UNIX_EPOCH, 1.0))
    }

    #[test]
    fn the_wait_doubles_to_a_minute_and_is_short_again_after_a_good_run() {
        let mut back_off = BackOff::default();
        let waits: Vec<_> = (0..8).map(|_| back_off.after(Duration::from_secs(59)).as_secs()).collect();
        assert_eq!(waits, [1, 2, 4, 8, 16, 32, 60, 60]);
        assert_eq!(back_off.after(GOOD_RUN).as_secs(), 1);
        assert_eq!(back_off.after(Duration::ZERO).as_secs(), 2);
        back_off.failures = u32::MAX - 1;
        assert_eq!(back_off.after(Duration::ZERO), LONGEST_WAIT);
    }

    #[tokio::test(start_paused = true)]
    async fn a_loop_that_panics_twice_works_then_and_the_other_never_stops() {
        let supervisor = supervisor();
        let (runs, mut seen) = watch::channel(0_u32);
        let others = Arc::new(AtomicU32::new(0));
        let other_starts = others.clone();
        supervisor.run("steady", move |stop| {
            other_starts.fetch_add(1, Ordering::Relaxed);
            async move {
                stop.cancelled().await;
                Ok(())
            }
        });
        let began = Instant::now();
        supervisor.run("shaky", move |stop| {
            runs.send_modify(|runs| *runs += 1);
            let run = *runs.borrow();
            assert!(run > 1, "before its first wait");
            async move {
                assert!(run > 2, "in the midst of it");
                stop.cancelled().await;
                Ok(())
            }
        });

        seen.wait_for(|runs| *runs == 3).await.unwrap();
        assert_eq!(began.elapsed().as_secs(), 3, "a wait of 1 s, and one of 2 s");
        supervisor.stop(Duration::from_secs(10)).await;

        assert_eq!(*seen.borrow(), 3, "it was not started again");
        assert_eq!(others.load(Ordering::Relaxed), 1);
        assert_eq!(began.elapsed().as_secs(), 3, "both ended at once");
    }

    #[tokio::test(start_paused = true)]
    async fn an_error_and_an_early_end_are_failures_too() {
        let supervisor = supervisor();
        let (runs, mut seen) = watch::channel(0_u32);
        supervisor.run("failing", move |_| {
            runs.send_modify(|runs| *runs += 1);
            let run = *runs.borrow();
            async move {
                if run % 2 == 0 {
                    bail!("the store is unavailable");
                }
                Ok(())
            }
        });
        seen.wait_for(|runs| *runs == 4).await.unwrap();
        let began = Instant::now();
        supervisor.stop(Duration::from_secs(10)).await;
        assert!(began.elapsed().is_zero(), "a stop ends the wait");
        assert_eq!(*seen.borrow(), 4);
    }

    #[tokio::test(start_paused = true)]
    async fn a_loop_finishes_what_it_does_and_one_that_never_does_is_cut_off() {
        let supervisor = supervisor();
        let finished = Arc::new(AtomicU32::new(0));
        let count = finished.clone();
        supervisor.run("finishing", move |stop| {
            let count = count.clone();
            async move {
                stop.cancelled().await;
                tokio::time::sleep(Duration::from_secs(9)).await;
                count.fetch_add(1, Ordering::Relaxed);
                Ok(())
            }
        });
        let dropped = CancellationToken::new();
        let held = dropped.clone();
        supervisor.run("hanging", move |_| {
            let held = held.clone().drop_guard();
            async move {
                std::future::pending::<()>().await;
                drop(held);
                Ok(())
            }
        });
        tokio::task::yield_now().await;
        let began = Instant::now();
        supervisor.stop(Duration::from_secs(10)).await;
        assert_eq!(finished.load(Ordering::Relaxed), 1);
        assert!(dropped.is_cancelled(), "what hung is gone");
        assert_eq!(began.elapsed().as_secs(), 10);
    }

    #[test]
    fn words_made_at_run_time_are_not_shown() {
        let literally: Box<dyn Any + Send> = Box::new("no such state");
        assert_eq!(literal(&*literally), "no such state");
        let formatted: Box<dyn Any + Send> = Box::new("ada@example.com".to_owned());
        assert!(!literal(&*formatted).contains("ada"));
    }
}
