//! The calls of one method: in turn, at its tier's rate, after its pause, and work that nobody waits for last.

use super::{
    pause::Pause,
    tier::{Bucket, Elapsed, Tier},
};
use crate::clock::Clock;
use std::{
    sync::{
        Mutex, MutexGuard, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};
use tokio::sync::Notify;

/// Who goes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Priority {
    /// Sending, and whatever a person waits for.
    Foreground,
    /// Work ahead of time: only when nobody in the foreground waits for the method.
    Background,
}

#[derive(Debug)]
pub(super) struct Lane {
    bucket: Bucket<Elapsed>,
    pause: Mutex<Pause>,
    /// Of each kind one caller at a time watches the bucket, in the order of asking.
    foreground: tokio::sync::Mutex<()>,
    background: tokio::sync::Mutex<()>,
    /// How many in the foreground wait.
    waiting: AtomicUsize,
    nobody_waits: Notify,
}

/// One of those who wait in the foreground, until dropped.
struct Waiting<'a>(&'a Lane);

impl<'a> Waiting<'a> {
    fn of(lane: &'a Lane) -> Self {
        lane.waiting.fetch_add(1, Ordering::AcqRel);
        Self(lane)
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        if self.0.waiting.fetch_sub(1, Ordering::AcqRel) == 1 {
            self.0.nobody_waits.notify_one();
        }
    }
}

impl Lane {
    pub fn new(method: &str, clock: &Clock) -> Self {
        Self {
            bucket: Bucket::new(Tier::of(method), Elapsed(clock.clone())),
            pause: Mutex::default(),
            foreground: tokio::sync::Mutex::default(),
            background: tokio::sync::Mutex::default(),
            waiting: AtomicUsize::new(0),
            nobody_waits: Notify::new(),
        }
    }

    pub fn pause(&self) -> MutexGuard<'_, Pause> {
        self.pause.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits until the method may be called.
    pub async fn admit(&self, clock: &Clock, priority: Priority) {
        match priority {
            Priority::Foreground => {
                let _waiting = Waiting::of(self);
                let _turn = self.foreground.lock().await;
                while let Err(wait) = self.take(clock) {
                    clock.sleep(wait).await;
                }
            }
            Priority::Background => {
                let _turn = self.background.lock().await;
                loop {
                    if self.waiting.load(Ordering::Acquire) > 0 {
                        self.nobody_waits.notified().await;
                    } else if let Err(wait) = self.take(clock) {
                        clock.sleep(wait).await;
                    } else {
                        return;
                    }
                }
            }
        }
    }

    /// Lets a call through, or answers when to ask again.
    fn take(&self, clock: &Clock) -> Result<(), Duration> {
        let left = self.pause().left(clock.elapsed());
        if left.is_zero() { self.bucket.take() } else { Err(left) }
    }
}
