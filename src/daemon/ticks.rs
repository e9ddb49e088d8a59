//! The minute tick and the hourly one. Nothing depends on a tick that arrives: what waits asks what is due *now*, and
//! ticks that were missed are one.
//!
//! A watchdog restarts a scheduler that is silent, and wakes everybody itself meanwhile.

mod cron;
mod paced;

use super::Supervisor;
use crate::{clock::Clock, telemetry::metrics};
use async_trait::async_trait;
use cron::CronJobs;
use paced::Paced;
use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};
use tokio::sync::watch;

/// Between two ticks.
const MINUTE: Duration = Duration::from_mins(1);
/// A longer silence is a fault: the minute, and two that a tick may be overdue.
const LIMIT: Duration = Duration::from_mins(3);
/// The same of the machine's time: a clock that runs fast must not make a fault of a busy machine.
const LIMIT_OF_MACHINE: Duration = Duration::from_secs(2);
/// How often the watchdog looks.
const LOOK_EVERY: Duration = Duration::from_secs(10);

/// What it is time for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tick {
    /// Asking what is due.
    Minute,
    /// Housekeeping, once an hour.
    Hourly,
}

/// What makes the ticks, until it is dropped or told to stop.
#[async_trait]
trait Source: Send {
    /// Begins, or begins anew where it had begun.
    async fn start(&mut self, pulse: Pulse) -> anyhow::Result<()>;

    /// Ends it; it may be silent for good already.
    async fn stop(&mut self);
}

/// The ticks of a daemon; cheap to clone.
#[derive(Debug, Clone)]
pub struct Ticker(Pulse);

impl Ticker {
    /// Ticks each minute and each hour of UTC, or of `clock` where it runs faster, under `supervisor`.
    pub fn start(clock: &Clock, supervisor: &Supervisor) -> Self {
        #[expect(clippy::float_cmp, reason = "the rate of the machine's clock is exactly 1")]
        let with_the_machine = clock.rate() == 1.0;
        if with_the_machine {
            Self::start_with(clock, supervisor, || Box::new(CronJobs::default()))
        } else {
            let pace = clock.clone();
            Self::start_with(clock, supervisor, move || Box::new(Paced::new(pace.clone())))
        }
    }

    fn start_with(
        clock: &Clock,
        supervisor: &Supervisor,
        source: impl Fn() -> Box<dyn Source> + Send + 'static,
    ) -> Self {
        let pulse = Pulse::new(clock.clone());
        let ours = pulse.clone();
        supervisor.run("ticks", move |stop| {
            let (pulse, mut source) = (ours.clone(), source());
            async move {
                if pulse.is_silent() {
                    // Begun anew, as the source failed: nobody shall wait for it.
                    pulse.wake_all();
                }
                source.start(pulse.clone()).await?;
                tokio::select! {
                    () = stop.cancelled() => {}
                    watched = watch_over(&mut *source, &pulse) => watched?,
                }
                source.stop().await;
                Ok(())
            }
        });
        Self(pulse)
    }

    /// The ticks from now on, and first one of each kind at once.
    pub fn ticks(&self) -> Ticks {
        Ticks { heard: self.0.wakes.subscribe(), minutes: None, hours: None }
    }

    /// How long the scheduler has been silent, where that is too long.
    pub fn silence(&self) -> Option<Duration> {
        Some(self.0.silence()).filter(|_| self.0.is_silent())
    }
}

/// Restarts `source` whenever it has been silent for too long.
async fn watch_over(source: &mut dyn Source, pulse: &Pulse) -> anyhow::Result<()> {
    let mut restarted = Duration::ZERO;
    loop {
        pulse.clock.sleep(LOOK_EVERY).await;
        let elapsed = pulse.clock.elapsed();
        if !pulse.is_silent() || elapsed.saturating_sub(restarted) <= pulse.limit() {
            continue;
        }
        tracing::warn!(silence_s = pulse.silence().as_secs(), "the scheduler is silent and is restarted");
        metrics::scheduler_restarted();
        restarted = elapsed;
        source.stop().await;
        pulse.wake_all();
        source.start(pulse.clone()).await?;
    }
}

/// What a source beats, and everybody feels.
#[derive(Debug, Clone)]
struct Pulse {
    clock: Clock,
    wakes: Arc<watch::Sender<Wakes>>,
    /// When the source ticked last, by the clock that nobody steps.
    ticked: Arc<Mutex<Duration>>,
}

/// How often everybody was woken for each kind.
#[derive(Debug, Clone, Copy, Default)]
struct Wakes {
    minutes: u64,
    hours: u64,
}

impl Pulse {
    fn new(clock: Clock) -> Self {
        let ticked = Arc::new(Mutex::new(clock.elapsed()));
        Self { clock, wakes: Arc::new(watch::Sender::default()), ticked }
    }

    /// The source ticks.
    fn beat(&self, tick: Tick) {
        let name = match tick {
            Tick::Minute => "minute",
            Tick::Hourly => "hourly",
        };
        metrics::ticked(name, self.clock.now());
        *self.ticked.lock().unwrap_or_else(PoisonError::into_inner) = self.clock.elapsed();
        self.wake(tick);
    }

    fn wake(&self, tick: Tick) {
        self.wakes.send_modify(|wakes| match tick {
            Tick::Minute => wakes.minutes += 1,
            Tick::Hourly => wakes.hours += 1,
        });
    }

    fn wake_all(&self) {
        self.wake(Tick::Minute);
        self.wake(Tick::Hourly);
    }

    fn is_silent(&self) -> bool {
        self.silence() > self.limit()
    }

    fn limit(&self) -> Duration {
        LIMIT.max(LIMIT_OF_MACHINE.mul_f64(self.clock.rate()))
    }

    fn silence(&self) -> Duration {
        let ticked = *self.ticked.lock().unwrap_or_else(PoisonError::into_inner);
        self.clock.elapsed().saturating_sub(ticked)
    }
}

/// One listener's ticks; it hears each kind once, however many came while it did not listen.
#[derive(Debug)]
pub struct Ticks {
    heard: watch::Receiver<Wakes>,
    minutes: Option<u64>,
    hours: Option<u64>,
}

impl Ticks {
    /// Waits for the next one. May be dropped while it waits: no tick is lost.
    pub async fn next(&mut self) -> Tick {
        loop {
            let wakes = *self.heard.borrow_and_update();
            if self.minutes != Some(wakes.minutes) {
                self.minutes = Some(wakes.minutes);
                return Tick::Minute;
            }
            if self.hours != Some(wakes.hours) {
                self.hours = Some(wakes.hours);
                return Tick::Hourly;
            }
            if self.heard.changed().await.is_err() {
                // The daemon is gone, and nobody will tick.
                std::future::pending::<()>().await;
            }
        }
    }

    /// Waits for the next one of this kind.
    pub async fn next_of(&mut self, kind: Tick) {
        while self.next().await != kind {}
    }
}

#[cfg(test)]
mod tests;
