//! Ticks that come, are missed, and stop coming; tokio's paused clock is the monotonic one.

use super::*;
use chrono::DateTime;
use futures::{FutureExt, poll};
use std::pin::pin;
use tokio::time::Instant;

/// A source that ticks when the test says so.
struct ByHand {
    starts: watch::Sender<Vec<Pulse>>,
    stops: Arc<Mutex<u32>>,
}

#[async_trait]
impl Source for ByHand {
    async fn start(&mut self, pulse: Pulse) -> anyhow::Result<()> {
        self.starts.send_modify(|starts| starts.push(pulse));
        Ok(())
    }

    async fn stop(&mut self) {
        *self.stops.lock().unwrap() += 1;
    }
}

struct Scene {
    supervisor: Supervisor,
    ticker: Ticker,
    starts: watch::Receiver<Vec<Pulse>>,
    stops: Arc<Mutex<u32>>,
}

impl Scene {
    fn begin() -> Self {
        let clock = Clock::running(DateTime::UNIX_EPOCH, 1.0);
        let supervisor = Supervisor::new(clock.clone());
        let (starts, started) = watch::channel(Vec::new());
        let stops = Arc::new(Mutex::new(0));
        let stopped = stops.clone();
        let ticker = Ticker::start_with(&clock, &supervisor, move || {
            Box::new(ByHand { starts: starts.clone(), stops: stopped.clone() })
        });
        Self { supervisor, ticker, starts: started, stops }
    }

    /// The pulse of the `number`th start.
    async fn start(&mut self, number: usize) -> Pulse {
        self.starts.wait_for(|starts| starts.len() >= number).await.unwrap()[number - 1].clone()
    }
}

/// Whether no tick waits for this listener.
fn is_quiet(ticks: &mut Ticks) -> bool {
    ticks.next().now_or_never().is_none()
}

#[tokio::test(start_paused = true)]
async fn a_first_tick_of_each_kind_comes_at_once_whenever_somebody_begins_to_listen() {
    let mut scene = Scene::begin();
    let pulse = scene.start(1).await;
    pulse.beat(Tick::Minute);
    for _ in 0..2 {
        let mut ticks = scene.ticker.ticks();
        assert_eq!((ticks.next().await, ticks.next().await), (Tick::Minute, Tick::Hourly));
        assert!(is_quiet(&mut ticks));
    }
}

#[tokio::test(start_paused = true)]
async fn ticks_that_were_missed_are_one_and_each_listener_hears_its_own() {
    let mut scene = Scene::begin();
    let pulse = scene.start(1).await;
    let (mut one, mut other) = (scene.ticker.ticks(), scene.ticker.ticks());
    one.next_of(Tick::Hourly).await;
    other.next_of(Tick::Hourly).await;

    for _ in 0..3 {
        pulse.beat(Tick::Minute);
    }
    assert_eq!(one.next().await, Tick::Minute);
    assert!(is_quiet(&mut one));

    pulse.beat(Tick::Hourly);
    assert_eq!((other.next().await, other.next().await), (Tick::Minute, Tick::Hourly));
    assert!(is_quiet(&mut other));
    assert_eq!(one.next().await, Tick::Hourly);
}

#[tokio::test(start_paused = true)]
async fn a_wait_that_is_given_up_loses_no_tick() {
    let mut scene = Scene::begin();
    let pulse = scene.start(1).await;
    let mut ticks = scene.ticker.ticks();
    ticks.next_of(Tick::Hourly).await;
    {
        let mut wait = pin!(ticks.next());
        assert!(poll!(&mut wait).is_pending());
        pulse.beat(Tick::Minute);
    }
    assert_eq!(ticks.next().await, Tick::Minute);
}

#[tokio::test(start_paused = true)]
async fn a_silent_scheduler_is_restarted_and_the_daemon_is_not_ready_until_it_ticks() {
    let mut scene = Scene::begin();
    let first = scene.start(1).await;
    let mut ticks = scene.ticker.ticks();
    ticks.next_of(Tick::Hourly).await;
    first.beat(Tick::Minute);
    ticks.next_of(Tick::Minute).await;
    let began = Instant::now();

    // Silent from here on: the watchdog wakes whoever waits, and the scheduler is anew.
    assert_eq!((ticks.next().await, ticks.next().await), (Tick::Minute, Tick::Hourly));
    let overdue = began.elapsed().as_secs();
    assert!((180..=200).contains(&overdue), "{overdue} s");
    let second = scene.start(2).await;
    assert_eq!(*scene.stops.lock().unwrap(), 1);
    assert!(scene.ticker.silence().is_some(), "the wake of the watchdog is not the scheduler's tick");

    second.beat(Tick::Minute);
    assert_eq!(scene.ticker.silence(), None);
}

#[tokio::test(start_paused = true)]
async fn a_scheduler_that_stays_silent_is_restarted_again_and_again_but_not_at_every_look() {
    let mut scene = Scene::begin();
    let began = Instant::now();
    scene.start(4).await;
    let passed = began.elapsed().as_secs();
    assert!((3 * 180..=3 * 200).contains(&passed), "{passed} s");
    assert!(scene.ticker.silence().unwrap().as_secs() >= 3 * 180);
}

/// A source that never begins.
struct Broken;

#[async_trait]
impl Source for Broken {
    async fn start(&mut self, _: Pulse) -> anyhow::Result<()> {
        anyhow::bail!("it does not start")
    }

    async fn stop(&mut self) {}
}

#[tokio::test(start_paused = true)]
async fn a_scheduler_that_does_not_even_start_stops_nobody_from_working() {
    let clock = Clock::running(DateTime::UNIX_EPOCH, 1.0);
    let supervisor = Supervisor::new(clock.clone());
    let ticker = Ticker::start_with(&clock, &supervisor, || Box::new(Broken));
    let mut ticks = ticker.ticks();
    ticks.next_of(Tick::Hourly).await;
    for _ in 0..3 {
        let began = Instant::now();
        ticks.next_of(Tick::Minute).await;
        assert!(began.elapsed().as_secs() <= 180 + 60, "{:?}", began.elapsed());
        assert!(ticker.silence().is_some());
    }
    supervisor.stop(Duration::from_secs(10)).await;
}

#[tokio::test(start_paused = true)]
async fn a_scheduler_that_ticks_is_left_alone_and_ends_with_the_daemon() {
    let mut scene = Scene::begin();
    let pulse = scene.start(1).await;
    for _ in 0..10 {
        pulse.clock.sleep(MINUTE).await;
        pulse.beat(Tick::Minute);
    }
    assert_eq!(scene.starts.borrow().len(), 1);
    assert_eq!(*scene.stops.lock().unwrap(), 0);
    scene.supervisor.stop(Duration::from_secs(10)).await;
    assert_eq!(*scene.stops.lock().unwrap(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_clock_that_runs_faster_ticks_by_its_own_minutes() {
    let clock = Clock::running(DateTime::UNIX_EPOCH, 60.0);
    let supervisor = Supervisor::new(clock.clone());
    let ticker = Ticker::start(&clock, &supervisor);
    let mut ticks = ticker.ticks();
    ticks.next_of(Tick::Hourly).await;
    let began = Instant::now();
    for _ in 0..5 {
        ticks.next_of(Tick::Minute).await;
    }
    assert_eq!(began.elapsed().as_secs(), 5);
    ticks.next_of(Tick::Hourly).await;
    assert_eq!(began.elapsed().as_secs(), 60);
    assert_eq!(ticker.silence(), None);
    supervisor.stop(Duration::from_secs(10)).await;
}
