//! The relay: claims what may be sent, waits for the limits, commits `sending`, posts once, and settles.

use super::{Disposition, Limiter};
use crate::{
    clock::Clock,
    failpoint,
    model::{ChannelId, REFUSED},
    slack::{Client, SlackError},
    store::{Begin, Claimed, STOPPED, Settlement, Store, StoreError, Target},
    telemetry::metrics,
};
use chrono::{DateTime, Utc};
use std::{sync::Arc, time::Duration};
use tokio::{
    sync::{Notify, OwnedSemaphorePermit, Semaphore},
    task::{JoinError, JoinSet},
};
use tokio_util::sync::CancellationToken;

/// Deliveries that wait for the limits at once; more would hold claims that others could use.
const MOST_WAITING: usize = 32;
/// So many are claimed at a time while others wait for the limits: each claim is a commit.
const CLAIMED_AT_ONCE: u32 = 8;
/// No longer than this is waited for as many places.
const GATHER: Duration = Duration::from_secs(1);
/// Deliveries under way at once, requests that Slack leaves unanswered included.
const MOST_UNDER_WAY: usize = 256;
/// How long the outbox is left alone when nothing is in it that may go.
const IDLE: Duration = Duration::from_secs(1);
/// A request leaves this soon after `sending` was committed, or not at all: whoever finds the row later may trust it.
const LEAVES_WITHIN: Duration = Duration::from_secs(5);
/// So many refusals in a row switch a subscription off.
const MOST_REFUSALS: u32 = 3;
/// Between two tries while the store does not answer.
const STORE_AGAIN: Duration = Duration::from_secs(1);

/// What the relay works with.
#[derive(Debug, Clone)]
pub struct RelayOptions {
    pub store: Store,
    pub client: Client,
    pub limiter: Limiter,
    pub clock: Clock,
    /// This replica's name on claims.
    pub holder: String,
}

/// Sends what the outbox holds.
#[derive(Debug, Clone)]
pub struct Relay {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    options: RelayOptions,
    /// One for each delivery that may wait for the limits.
    waiting: Arc<Semaphore>,
    /// Told when there is something new in the outbox.
    news: Notify,
    stop: CancellationToken,
}

impl Relay {
    /// A relay that claims nothing any more once `stop` is cancelled.
    pub fn new(options: RelayOptions, stop: CancellationToken) -> Self {
        let waiting = Arc::new(Semaphore::new(MOST_WAITING));
        Self { shared: Arc::new(Shared { options, waiting, news: Notify::new(), stop }) }
    }

    /// Says that there is something new to send.
    pub fn wake(&self) {
        self.shared.news.notify_one();
    }

    /// Sends until stopped, then ends what is under way: what waits is given back, requests are finished.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn run(&self) -> Result<(), StoreError> {
        let mut under_way = JoinSet::new();
        let outcome = self.pump(&mut under_way).await;
        while let Some(ended) = under_way.join_next().await {
            tell_panic(ended);
        }
        outcome
    }

    async fn pump(&self, under_way: &mut JoinSet<()>) -> Result<(), StoreError> {
        let shared = &self.shared;
        while !shared.stop.is_cancelled() {
            while let Some(ended) = under_way.try_join_next() {
                tell_panic(ended);
            }
            if self.top_up(under_way).await? == 0 {
                tokio::select! {
                    () = shared.stop.cancelled() => {}
                    () = shared.news.notified() => {}
                    () = shared.options.clock.sleep(IDLE) => {}
                }
            }
        }
        Ok(())
    }

    /// Sends what may be sent now, until nothing is left; for tests and commands. Answers how many were claimed.
    pub async fn drain(&self) -> Result<usize, StoreError> {
        let mut under_way = JoinSet::new();
        let mut sent = 0;
        loop {
            let claimed = self.top_up(&mut under_way).await?;
            sent += claimed;
            if claimed == 0 && under_way.join_next().await.is_none() {
                return Ok(sent);
            }
        }
    }

    /// Claims as much as may wait for the limits, and lets it go its way.
    async fn top_up(&self, under_way: &mut JoinSet<()>) -> Result<usize, StoreError> {
        let Shared { options, waiting, stop, .. } = &*self.shared;
        if under_way.len() >= MOST_UNDER_WAY
            && let Some(ended) = under_way.join_next().await
        {
            tell_panic(ended);
        }
        // Wait for one free place, and a little for more, then take all that are free.
        let first = tokio::select! {
            place = Arc::clone(waiting).acquire_owned() => place,
            () = stop.cancelled() => return Ok(0),
        };
        if waiting.available_permits() < CLAIMED_AT_ONCE as usize - 1 {
            tokio::select! {
                _ = waiting.acquire_many(CLAIMED_AT_ONCE - 1) => {}
                () = options.clock.sleep(GATHER) => {}
                () = stop.cancelled() => return Ok(0),
            }
        }
        let mut places: Vec<_> = first.into_iter().collect();
        let most = MOST_UNDER_WAY.saturating_sub(under_way.len()).max(1);
        while let (true, Ok(place)) = (places.len() < most, Arc::clone(waiting).try_acquire_owned()) {
            places.push(place);
        }
        failpoint::hit("relay.before_claim");
        let room = u32::try_from(places.len()).unwrap_or(1);
        let claimed = options.store.claim_sendable(&options.holder, options.clock.now(), room).await?;
        let count = claimed.len();
        for (claimed, place) in claimed.into_iter().zip(places) {
            let shared = Arc::clone(&self.shared);
            under_way.spawn(async move { shared.send(claimed, place).await });
        }
        Ok(count)
    }
}

impl Shared {
    /// Takes one claimed delivery as far as it goes. Failures are told here, once.
    async fn send(&self, claimed: Claimed, place: OwnedSemaphorePermit) {
        failpoint::hit("relay.after_claim");
        if let Err(error) = self.try_send(&claimed, place).await {
            metrics::store_error("send");
            tracing::warn!(
                delivery.id = %claimed.id,
                error = &error as &dyn std::error::Error,
                "the delivery stays claimed, until that claim is taken back"
            );
        }
    }

    async fn try_send(&self, claimed: &Claimed, place: OwnedSemaphorePermit) -> Result<(), StoreError> {
        let RelayOptions { store, clock, holder, .. } = &self.options;
        let ready = tokio::select! {
            biased;
            () = self.stop.cancelled() => None,
            channel = self.ready(claimed) => Some(channel),
        };
        drop(place);
        let Some(channel) = ready else {
            return self.insist("release", || store.release_sendable(holder, claimed, None, clock.now())).await;
        };
        let began = (clock.elapsed(), clock.now());
        match self.insist("begin", || store.begin(holder, claimed, clock.now())).await? {
            Begin::Go => {}
            Begin::Held | Begin::Lost => return Ok(()),
            Begin::Skipped(reason) => {
                metrics::skipped(&claimed.report, &reason, 1);
                return Ok(());
            }
            Begin::Missed => {
                metrics::missed(&claimed.report, "too_late", 1);
                return Ok(());
            }
        }
        failpoint::hit("relay.before_request");
        let disposition = match &channel {
            Ok(channel) if is_late(clock, began) => {
                tracing::warn!(delivery.id = %claimed.id, %channel, "this process stood still, the request was not made");
                let settlement =
                    Settlement::Retry { at: clock.now(), code: "stood_still".to_owned(), plain: claimed.degraded };
                Disposition::Settle(settlement)
            }
            Ok(channel) => self.post(claimed, channel).await,
            Err(error) => Disposition::of_unopened(error, claimed.attempt, claimed.degraded, clock.now()),
        };
        failpoint::hit("relay.after_request");
        self.settle(claimed, disposition).await;
        failpoint::hit("relay.after_commit");
        Ok(())
    }

    /// The conversation, once the limits allow a message to it.
    async fn ready(&self, claimed: &Claimed) -> Result<ChannelId, SlackError> {
        let RelayOptions { store, client, limiter, .. } = &self.options;
        let channel = match &claimed.target {
            Target::Channel(channel) | Target::Member { dm: Some(channel), .. } => channel.clone(),
            Target::Member { id, dm: None } => {
                let channel = client.open_dm(id).await?;
                if let Err(error) = store.learn_dm(id, &channel).await {
                    tracing::warn!(error = &error as &dyn std::error::Error, "an opened conversation was not noted");
                }
                channel
            }
        };
        limiter.message(&channel).await;
        Ok(channel)
    }

    async fn post(&self, claimed: &Claimed, channel: &ChannelId) -> Disposition {
        let RelayOptions { client, clock, .. } = &self.options;
        let outcome = client.post_snapshot(channel, &claimed.message, claimed.degraded, &claimed.id).await;
        if let Err(error) = &outcome {
            tracing::warn!(delivery.id = %claimed.id, delivery.attempt = claimed.attempt, error = %error, "not sent as it should be");
        }
        Disposition::of(outcome, claimed.attempt, claimed.degraded, clock.now())
    }

    /// Writes the outcome down, however long the store takes to answer; what is left `sending` is looked for later.
    async fn settle(&self, claimed: &Claimed, disposition: Disposition) {
        let RelayOptions { store, clock, .. } = &self.options;
        let settlement = match disposition {
            Disposition::Settle(settlement) => settlement,
            Disposition::Stop { code, settlement } => {
                self.stop_workspace(&code).await;
                settlement
            }
        };
        match self.insist("settle", || store.settle(&claimed.id, claimed.attempt, &settlement, clock.now())).await {
            Ok(true) => {
                record(claimed, &settlement, clock);
                self.switch_off_if_refused(claimed, &settlement).await;
            }
            Ok(false) => tracing::warn!(delivery.id = %claimed.id, "somebody else settled this attempt"),
            Err(error) => {
                metrics::store_error("settle");
                let error = &error as &dyn std::error::Error;
                tracing::error!(delivery.id = %claimed.id, error, "the outcome is not on record, it is looked for later");
            }
        }
    }

    /// Does `step`, again for as long as the store does not answer: what we hold nobody else takes while we live. A step
    /// whose answer was lost must be safe to repeat.
    async fn insist<T, Step: Future<Output = Result<T, StoreError>>>(
        &self,
        name: &'static str,
        step: impl Fn() -> Step,
    ) -> Result<T, StoreError> {
        loop {
            match step().await {
                Err(error) if error.is_transient() && !self.stop.is_cancelled() => {
                    metrics::store_error(name);
                    self.options.clock.sleep(STORE_AGAIN).await;
                }
                outcome => return outcome,
            }
        }
    }

    /// Whom Slack refused a few times in a row is not tried again before they ask for it.
    async fn switch_off_if_refused(&self, claimed: &Claimed, settlement: &Settlement) {
        let RelayOptions { store, clock, .. } = &self.options;
        let Settlement::Failed { code, refused: true } = settlement else { return };
        let switched = async {
            let subscription = store.subscription(&claimed.report, &claimed.recipient).await?;
            if subscription.is_some_and(|subscription| subscription.refusals >= MOST_REFUSALS) {
                let reason = format!("{REFUSED}{code}");
                store.switch_off(&claimed.report, &claimed.recipient, &reason, clock.now()).await?;
                tracing::warn!(delivery.id = %claimed.id, slack.code = code, "a subscription is switched off");
            }
            Ok::<_, StoreError>(())
        };
        if let Err(error) = switched.await {
            tracing::warn!(
                error = &error as &dyn std::error::Error,
                "a refused subscription is looked at again next time"
            );
        }
    }

    /// Nothing more is sent in this workspace until the token works again.
    async fn stop_workspace(&self, code: &str) {
        match self.options.store.swap_value(STOPPED, None, Some(code)).await {
            Ok(true) => tracing::error!(slack.code = code, "Slack refuses the bot token, sending stops"),
            Ok(false) => {}
            Err(error) => {
                tracing::error!(error = &error as &dyn std::error::Error, "the stop of the workspace is not on record");
            }
        }
    }
}

/// A panic is told and counted; the delivery's claim is found again.
fn tell_panic(ended: Result<(), JoinError>) {
    if ended.is_err_and(|error| error.is_panic()) {
        metrics::loop_failed("send");
        tracing::error!("sending one delivery panicked, its claim is taken back later");
    }
}

/// Whether it took too long to get here, by either clock: the one that only grows stops while a machine is suspended.
fn is_late(clock: &Clock, (elapsed, now): (Duration, DateTime<Utc>)) -> bool {
    let most = LEAVES_WITHIN.mul_f64(clock.rate());
    clock.elapsed().saturating_sub(elapsed) > most || (clock.now() - now).abs().to_std().unwrap_or(most) > most
}

fn record(claimed: &Claimed, settlement: &Settlement, clock: &Clock) {
    match settlement {
        Settlement::Sent { .. } => {
            metrics::sent(&claimed.report);
            metrics::lateness(&claimed.report, clock.now() - claimed.due);
        }
        Settlement::Retry { code, .. } => metrics::retried(&claimed.report, code),
        Settlement::Unknown { .. } => metrics::unknown(&claimed.report),
        Settlement::Failed { code, .. } => metrics::failed(&claimed.report, code),
    }
}
