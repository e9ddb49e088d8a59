//! The heartbeat against real HTTP, by a clock whose minutes pass in milliseconds.

use crate::support::log::Log;
use axum::{
    Router,
    http::{HeaderMap, StatusCode, Uri, header::LOCATION},
};
use recap::{clock::Clock, daemon::Heartbeat};
use std::{
    sync::{Arc, Mutex},
    time::Duration,
};
use tokio::{
    net::TcpListener,
    sync::mpsc::{UnboundedReceiver, unbounded_channel},
    task::AbortHandle,
    time::timeout,
};
use tokio_util::sync::CancellationToken;

const KEY: &str = "never-to-be-shown";
const PATIENCE: Duration = Duration::from_secs(20);

/// Answers each call with the next of its statuses, then with 200; a redirect leads to `onward`.
struct Monitor {
    url: String,
    calls: UnboundedReceiver<String>,
    serving: AbortHandle,
}

impl Monitor {
    async fn start(statuses: &[u16], onward: Option<String>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/{KEY}", listener.local_addr().unwrap());
        let (called, calls) = unbounded_channel();
        let left = Arc::new(Mutex::new(statuses.to_vec()));
        let answer = move |uri: Uri| {
            let mut left = left.lock().unwrap();
            let status = if left.is_empty() { 200 } else { left.remove(0) };
            called.send(uri.path().to_owned()).unwrap();
            let mut headers = HeaderMap::new();
            headers.extend(onward.iter().map(|onward| (LOCATION, onward.parse().unwrap())));
            let answer = (StatusCode::from_u16(status).unwrap(), headers);
            async move { answer }
        };
        let serving = tokio::spawn(async move { axum::serve(listener, Router::new().fallback(answer)).await });
        Self { url, calls, serving: serving.abort_handle() }
    }

    async fn called(&mut self) -> String {
        timeout(PATIENCE, self.calls.recv()).await.unwrap().unwrap()
    }

    /// A heartbeat that calls it.
    fn heartbeat(&self, clock: &Clock) -> Heartbeat {
        Heartbeat::new(self.url.clone().into(), clock.clone()).unwrap()
    }
}

impl Drop for Monitor {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

/// Its minute is a millisecond.
fn fast() -> Clock {
    Clock::running("2026-09-14T07:00:00Z".parse().unwrap(), 60_000.0)
}

fn run(heartbeat: &Heartbeat) -> CancellationToken {
    let (heartbeat, stop) = (heartbeat.clone(), CancellationToken::new());
    let until = stop.clone();
    tokio::spawn(async move { heartbeat.run(until).await });
    stop
}

#[tokio::test]
async fn good_ticks_within_a_minute_are_one_call_and_the_next_waits_for_its_minute() {
    let mut monitor = Monitor::start(&[], None).await;
    let clock = fast();
    let heartbeat = monitor.heartbeat(&clock);
    let before = clock.elapsed();
    let stop = run(&heartbeat);
    for _ in 0..5 {
        heartbeat.good_tick();
    }
    assert_eq!(monitor.called().await, format!("/{KEY}"));
    heartbeat.good_tick();
    heartbeat.good_tick();
    monitor.called().await;
    let passed = clock.elapsed().saturating_sub(before);
    assert!(passed >= Duration::from_mins(1), "{passed:?} of the clock");
    stop.cancel();
}

#[tokio::test]
async fn a_series_of_failures_is_told_once_and_without_the_url() {
    let log = Log::listen();
    let mut monitor = Monitor::start(&[500, 404], None).await;
    let heartbeat = monitor.heartbeat(&fast());
    let stop = run(&heartbeat);
    // The fourth call begins when the third has ended.
    for _ in 0..4 {
        heartbeat.good_tick();
        monitor.called().await;
    }
    stop.cancel();
    let ours = log.lines();
    assert_eq!(ours.len(), 2, "{ours:?}");
    assert!(ours[0].contains("WARN") && ours[0].contains("it answered 500"), "{}", ours[0]);
    assert!(ours[1].contains("takes calls again"), "{}", ours[1]);
    assert!(!ours.concat().contains(KEY) && !format!("{heartbeat:?}").contains(KEY), "{ours:?}");
}

#[tokio::test]
async fn another_host_does_not_learn_of_the_call() {
    let mut other = Monitor::start(&[], None).await;
    let mut monitor = Monitor::start(&[302, 302], Some(other.url.clone())).await;
    let heartbeat = monitor.heartbeat(&fast());
    let stop = run(&heartbeat);
    // The third call begins when the second, with its redirect, has ended.
    for _ in 0..3 {
        heartbeat.good_tick();
        monitor.called().await;
    }
    stop.cancel();
    assert!(other.calls.try_recv().is_err(), "the redirect was followed");
}
