//! Who else works on the store, and what becomes of the claims of those who died.
//!
//! Each replica counts up every second, and watches the others' counts by its own clock: no two clocks need agree. One
//! whose count stands still is dead to us; if it lives after all, its claims no longer hold and it changes nothing.

mod watch;

use crate::{
    clock::Clock,
    store::{Store, StoreError},
    telemetry::metrics,
};
use chrono::TimeDelta;
use std::time::Duration;
use tokio::time::{Instant, MissedTickBehavior, interval};
use tokio_util::sync::CancellationToken;
use watch::Watch;

/// Between two beats. Of the machine's time, for it is machines that die.
const BEAT: Duration = Duration::from_secs(1);
/// What was being sent may still be on its way, for a request may leave 5 s after `sending` and take 15 s: nobody looks
/// for it sooner.
pub(super) const LOOK_AFTER: TimeDelta = TimeDelta::seconds(30);

/// This daemon among the replicas; cheap to clone.
#[derive(Debug, Clone)]
pub struct Replica {
    store: Store,
    id: String,
    clock: Clock,
}

impl Replica {
    /// One with an id of its own; a daemon that starts again is another one.
    pub fn new(store: Store, clock: Clock) -> Self {
        Self { store, id: format!("{:032x}", rand::random::<u128>()), clock }
    }

    /// The holder of this daemon's claims.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Joins the list; before any loop claims. On a store that is ours alone everybody else is dead, so that nothing
    /// waits after a crash.
    pub async fn join(&self) -> Result<(), StoreError> {
        self.store.beat(&self.id).await?;
        if self.store.database().is_shared() {
            return Ok(());
        }
        let mut others = self.store.holders().await?;
        others.extend(self.store.beats().await?.into_iter().map(|(replica, _)| replica));
        others.retain(|replica| *replica != self.id);
        others.sort();
        others.dedup();
        self.bury(&others).await
    }

    /// Beats and watches until `stop`. A store that is away for a while is waited for.
    ///
    /// # Errors
    /// When the store fails in a way that waiting does not mend.
    pub async fn run(&self, stop: CancellationToken) -> Result<(), StoreError> {
        let mut watch = Watch::new(self.id.clone());
        let mut beats = interval(BEAT);
        beats.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut away = false;
        loop {
            let at = tokio::select! {
                () = stop.cancelled() => return Ok(()),
                at = beats.tick() => at,
            };
            match self.beat_and_look(&mut watch, at).await {
                Ok(()) if away => tracing::info!("the store answers again"),
                Err(error) if error.is_transient() => {
                    metrics::store_error("beat");
                    if !away {
                        tracing::warn!(error = %error, "this replica cannot show that it is alive");
                    }
                    away = true;
                    continue;
                }
                outcome => outcome?,
            }
            away = false;
        }
    }

    /// Gives back every claim and leaves the list; after all loops have ended. What a loop that was cut off was sending
    /// is looked for by whoever comes next.
    pub async fn leave(&self) -> Result<(), StoreError> {
        self.bury(std::slice::from_ref(&self.id)).await
    }

    /// Holders are read before the counts: who claims has joined before, and so is among the counts.
    async fn beat_and_look(&self, watch: &mut Watch, at: Instant) -> Result<(), StoreError> {
        self.store.beat(&self.id).await?;
        let holders = self.store.holders().await?;
        let counts = self.store.beats().await?;
        let dead = watch.look(&counts, &holders, at);
        self.bury(&dead).await
    }

    /// Claims first: a replica that is no longer listed and still holds some would be waited for again.
    async fn bury(&self, dead: &[String]) -> Result<(), StoreError> {
        if dead.is_empty() {
            return Ok(());
        }
        let now = self.clock.now();
        let (unknown, released) = self.store.release_claims_of(dead, now + LOOK_AFTER, now).await?;
        if unknown + released > 0 {
            tracing::info!(replicas = dead.len(), unknown, released, "claims of replicas that are gone are free again");
        }
        self.store.dismiss(dead).await
    }
}
