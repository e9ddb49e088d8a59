//! What is tried again later for somebody: by one at a time, and not beyond the stop.

use crate::clock::Clock;
use std::{
    collections::BTreeSet,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};
use tokio_util::sync::CancellationToken;

/// Who waits to try something again. Copies are one.
#[derive(Debug, Clone, Default)]
pub struct Again {
    waiting: Arc<Mutex<BTreeSet<String>>>,
    stop: CancellationToken,
}

impl Again {
    /// Waits `pause` on behalf of `member`. False where it is not to be tried: somebody waits already who will, with what
    /// holds then, or everything stops.
    pub async fn comes(&self, clock: &Clock, member: &str, pause: Duration) -> bool {
        let Some(_waits) = Waits::begin(&self.waiting, member) else { return false };
        self.stop.run_until_cancelled(clock.sleep(pause)).await.is_some()
    }

    /// Nothing is tried again from now on, and nobody waits for it any more.
    pub fn stop(&self) {
        self.stop.cancel();
    }
}

/// The only one who waits for `member`, until it is dropped.
struct Waits<'a> {
    among: &'a Mutex<BTreeSet<String>>,
    member: &'a str,
}

impl<'a> Waits<'a> {
    fn begin(among: &'a Mutex<BTreeSet<String>>, member: &'a str) -> Option<Self> {
        let is_first = among.lock().unwrap_or_else(PoisonError::into_inner).insert(member.to_owned());
        // Not before it is known: whoever is dropped here would end the wait of another.
        is_first.then(|| Self { among, member })
    }
}

impl Drop for Waits<'_> {
    fn drop(&mut self) {
        self.among.lock().unwrap_or_else(PoisonError::into_inner).remove(self.member);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures::FutureExt;

    const MINUTE: Duration = Duration::from_mins(1);

    #[tokio::test(start_paused = true)]
    async fn one_waits_for_each_member_and_after_it_the_next_may() {
        let (again, clock) = (Again::default(), Clock::system());
        let (ada, bob) = ("U0ADA", "U0BOB");
        let mut first = Box::pin(again.comes(&clock, ada, MINUTE));
        assert_eq!(first.as_mut().now_or_never(), None);
        for _ in 0..2 {
            assert_eq!(again.comes(&clock, ada, MINUTE).now_or_never(), Some(false));
        }
        assert_eq!(again.clone().comes(&clock, bob, MINUTE).now_or_never(), None, "bob's is another");
        assert!(first.await);
        assert!(again.comes(&clock, ada, MINUTE).await);
    }

    #[tokio::test(start_paused = true)]
    async fn the_stop_ends_every_wait_and_none_begins() {
        let (again, clock, ada) = (Again::default(), Clock::system(), "U0ADA");
        let mut waits = Box::pin(again.comes(&clock, ada, MINUTE));
        assert_eq!(waits.as_mut().now_or_never(), None);
        again.stop();
        assert_eq!(waits.now_or_never(), Some(false));
        assert_eq!(again.comes(&clock, ada, MINUTE).now_or_never(), Some(false));
    }
}
