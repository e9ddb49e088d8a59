//! The only place that reads the wall clock, and that waits for it.

use chrono::{DateTime, TimeDelta, Utc};
use std::{
    fmt,
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};
use tokio::time::Instant;

/// The longest that a wait goes without a look at the clock: a step of the wall clock is noticed this soon.
const LOOK_AFTER: Duration = Duration::from_secs(1);
/// The shortest wait that is slept at all.
const TICK: Duration = Duration::from_millis(1);

/// Tells the time and waits for it; loops and handlers hold one, everything else takes `now` as an argument.
///
/// Copies are one clock. It may stand still, run beside the machine's, or run faster, for tests and the demo.
#[derive(Clone)]
pub struct Clock(Arc<Kind>);

enum Kind {
    System,
    Fixed(DateTime<Utc>),
    Running(Running),
}

/// Runs `rate` times as fast as the machine's, from `start` at the machine's instant `since`.
struct Running {
    start: DateTime<Utc>,
    since: DateTime<Utc>,
    since_instant: Instant,
    rate: f64,
    /// Microseconds that steps added.
    stepped: AtomicI64,
}

impl Clock {
    /// The machine's wall clock.
    pub fn system() -> Self {
        Self(Arc::new(Kind::System))
    }

    /// A clock that stands still at `now`, for tests and reproducible demos.
    pub fn fixed(now: DateTime<Utc>) -> Self {
        Self(Arc::new(Kind::Fixed(now)))
    }

    /// A clock that shows `start` now and runs `rate` times as fast as the machine's.
    pub fn running(start: DateTime<Utc>, rate: f64) -> Self {
        Self::running_since(machine_now(), start, rate)
    }

    /// As [`Clock::running`], but it showed `start` at the machine's `since`: processes that agree on the three share
    /// a clock.
    pub fn running_since(since: DateTime<Utc>, start: DateTime<Utc>, rate: f64) -> Self {
        let running = Running { start, since, since_instant: Instant::now(), rate, stepped: AtomicI64::new(0) };
        Self(Arc::new(Kind::Running(running)))
    }

    /// The present instant.
    pub fn now(&self) -> DateTime<Utc> {
        match &*self.0 {
            Kind::System => machine_now(),
            Kind::Fixed(now) => *now,
            Kind::Running(running) => running.now(),
        }
    }

    /// Time that only grows, whatever is done to the wall clock; zero where nobody knows.
    pub fn elapsed(&self) -> Duration {
        match &*self.0 {
            Kind::System => PROCESS_START.elapsed(),
            Kind::Fixed(_) => Duration::ZERO,
            Kind::Running(running) => running.since_instant.elapsed().mul_f64(running.rate),
        }
    }

    /// How much faster than the machine's it runs.
    pub fn rate(&self) -> f64 {
        match &*self.0 {
            Kind::System | Kind::Fixed(_) => 1.0,
            Kind::Running(running) => running.rate,
        }
    }

    /// Moves a running clock, as a correction of the machine's would; the others stay.
    pub fn step(&self, by: TimeDelta) {
        if let Kind::Running(running) = &*self.0 {
            running.stepped.fetch_add(by.num_microseconds().unwrap_or(0), Ordering::Relaxed);
        }
    }

    /// Waits until the clock shows `instant`, a step of the clock included.
    pub async fn sleep_until(&self, instant: DateTime<Utc>) {
        loop {
            let left = (instant - self.now()).to_std().unwrap_or_default();
            if left.is_zero() {
                return;
            }
            tokio::time::sleep(self.of_machine(left).clamp(TICK, LOOK_AFTER)).await;
        }
    }

    /// Waits this long by a clock that nobody steps.
    pub async fn sleep(&self, duration: Duration) {
        tokio::time::sleep(self.of_machine(duration)).await;
    }

    /// How long `duration` takes by the machine's clock.
    pub fn of_machine(&self, duration: Duration) -> Duration {
        duration.div_f64(self.rate())
    }
}

impl Running {
    fn now(&self) -> DateTime<Utc> {
        let passed = (machine_now() - self.since).num_microseconds().unwrap_or(0);
        #[expect(clippy::cast_possible_truncation, reason = "a float saturates, and no test runs for 290,000 years")]
        let passed = (passed as f64 * self.rate) as i64;
        self.start + TimeDelta::microseconds(passed + self.stepped.load(Ordering::Relaxed))
    }
}

impl Default for Clock {
    fn default() -> Self {
        Self::system()
    }
}

impl fmt::Debug for Clock {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = match &*self.0 {
            Kind::System => "system",
            Kind::Fixed(_) => "fixed",
            Kind::Running(_) => "running",
        };
        formatter.debug_struct("Clock").field("kind", &kind).field("now", &self.now()).finish()
    }
}

static PROCESS_START: std::sync::LazyLock<Instant> = std::sync::LazyLock::new(Instant::now);

#[expect(clippy::disallowed_methods, reason = "this is the one place that may ask the system")]
fn machine_now() -> DateTime<Utc> {
    Utc::now()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn start() -> DateTime<Utc> {
        "2026-03-09T09:00:00Z".parse().unwrap()
    }

    #[tokio::test]
    async fn a_clock_runs_faster_and_its_waits_are_shorter() {
        let clock = Clock::running(start(), 6_000.0);
        let before = Instant::now();
        clock.sleep_until(start() + TimeDelta::minutes(5)).await;
        assert!(clock.now() >= start() + TimeDelta::minutes(5));
        assert!(before.elapsed() < Duration::from_secs(30), "{:?}", before.elapsed());
        assert!(clock.elapsed() >= Duration::from_mins(5));
    }

    #[tokio::test]
    async fn a_step_of_the_clock_ends_a_wait_and_leaves_the_elapsed_time() {
        let clock = Clock::running(start(), 1.0);
        clock.step(TimeDelta::hours(1));
        clock.sleep_until(start() + TimeDelta::minutes(59)).await;
        assert!(clock.elapsed() < Duration::from_mins(1));
        clock.step(TimeDelta::hours(-1));
        assert!(clock.now() < start() + TimeDelta::minutes(1));
    }

    #[test]
    fn processes_that_agree_share_a_clock() {
        let since = machine_now() - TimeDelta::seconds(10);
        let one = Clock::running_since(since, start(), 60.0);
        let other = Clock::running_since(since, start(), 60.0);
        assert!(one.now() >= start() + TimeDelta::minutes(10));
        assert!((one.now() - other.now()).abs() < TimeDelta::minutes(1));
    }
}
