//! Looks for deliveries whose outcome nobody knows: by their id in the conversation's history.

use crate::{
    clock::Clock,
    failpoint,
    model::{ChannelId, DeliveryId},
    slack::{Client, Posted, SlackError},
    store::{Settlement, Store, StoreError, Suspect, Target},
    telemetry::metrics,
};
use chrono::{TimeDelta, Utc};
use std::{
    collections::{HashMap, VecDeque},
    time::Duration,
};

/// Found this often nowhere, a message did not arrive (scheduling-and-delivery.md, section 3).
const CHECKS: u32 = 2;
/// Between two looks: together with the wait before the first, Slack has shown an accepted message by then.
const BETWEEN: Duration = Duration::from_mins(1);
/// Before the first look.
const BEFORE_FIRST: Duration = Duration::from_secs(10);
/// How far before the attempt the history is read: 60 s, and two hours more for a clock of ours that was corrected
/// since. Reading too little would send twice.
const MARGIN: TimeDelta = TimeDelta::minutes(121);
/// Pages of 15 messages read in one conversation.
const MOST_PAGES: u32 = 40;
/// One that was not met for so long is settled.
const FORGET_AFTER: Duration = Duration::from_hours(2);
/// Unknown outcomes looked for at once.
const BATCH: u32 = 20;
/// After a history that cannot be read.
const UNREADABLE_AGAIN: Duration = Duration::from_hours(1);

/// Finds out what became of unknown deliveries.
#[derive(Debug)]
pub struct Reconciler {
    store: Store,
    client: Client,
    clock: Clock,
    holder: String,
    /// Claimed and not looked for yet. What we hold nobody else looks for while we live, so it outlasts a store that is away.
    held: VecDeque<Suspect>,
    /// When each was seen first, and looked for last, by a clock that nobody steps.
    known: HashMap<(DeliveryId, u32), Known>,
}

#[derive(Debug, Clone, Copy)]
struct Known {
    since: Duration,
    looked: Option<Duration>,
}

/// What a look at the history told.
enum Look {
    Found(Posted),
    Nowhere,
    /// Not now.
    Later,
    /// Not with this token or conversation.
    Unreadable(String),
}

impl Reconciler {
    pub fn new(store: Store, client: Client, clock: Clock, holder: String) -> Self {
        Self { store, client, clock, holder, held: VecDeque::new(), known: HashMap::new() }
    }

    /// Looks for those that are due; answers how many were looked for.
    ///
    /// # Errors
    /// When the store does not answer; the next step goes on where this one ended.
    pub async fn step(&mut self) -> Result<usize, StoreError> {
        if self.held.is_empty() {
            // What others settled meanwhile.
            let now = self.clock.elapsed();
            self.known.retain(|_, known| now.saturating_sub(known.looked.unwrap_or(known.since)) < FORGET_AFTER);
            self.held.extend(self.store.claim_suspects(&self.holder, self.clock.now(), BATCH).await?);
        }
        let mut count = 0;
        while let Some(suspect) = self.held.pop_front() {
            if let Err(error) = self.look_for(&suspect).await {
                self.held.push_front(suspect);
                return Err(error);
            }
            count += 1;
        }
        Ok(count)
    }

    async fn look_for(&mut self, suspect: &Suspect) -> Result<(), StoreError> {
        if let Some(wait) = self.too_early(suspect) {
            return self.again(suspect, false, Some(wait), "too_early").await;
        }
        let look = self.look(suspect).await;
        failpoint::hit("reconcile.after_find");
        if let Some(known) = self.known.get_mut(&key(suspect)) {
            known.looked = Some(self.clock.elapsed());
        }
        match look {
            Look::Found(posted) => {
                self.settle(suspect, Settlement::Sent { channel: posted.channel, ts: posted.ts }).await
            }
            Look::Nowhere if suspect.checks + 1 >= CHECKS => {
                let code = "not_arrived".to_owned();
                self.settle(suspect, Settlement::Retry { at: self.clock.now(), code, plain: suspect.degraded }).await
            }
            Look::Nowhere => self.again(suspect, true, Some(BETWEEN), "not_found_yet").await,
            Look::Later => self.again(suspect, false, Some(BETWEEN), "slack_unavailable").await,
            Look::Unreadable(code) => {
                tracing::error!(delivery.id = %suspect.id, slack.code = code, "the outcome stays unknown: the conversation cannot be read");
                self.again(suspect, false, Some(UNREADABLE_AGAIN), &format!("unreadable_{code}")).await
            }
        }
    }

    /// How long to wait still: the store's instants follow the wall clock, which may have leapt.
    fn too_early(&mut self, suspect: &Suspect) -> Option<Duration> {
        let now = self.clock.elapsed();
        let known = self.known.entry(key(suspect)).or_insert(Known { since: now, looked: None });
        let earliest = match (known.looked, suspect.checks) {
            (Some(looked), 1..) => looked + BETWEEN,
            // Looked for in vain by a process before this one.
            (None, 1..) => known.since + BETWEEN,
            (_, 0) => known.since + BEFORE_FIRST,
        };
        earliest.checked_sub(now).filter(|wait| !wait.is_zero())
    }

    async fn look(&self, suspect: &Suspect) -> Look {
        let channel = match self.channel_of(&suspect.target).await {
            Ok(channel) => channel,
            Err(error) => return Look::of_error(&error),
        };
        let oldest = suspect.started.min(self.clock.now()) - MARGIN;
        match self
            .client
            .find_delivery(&channel, &suspect.id.0, oldest.max(chrono::DateTime::<Utc>::UNIX_EPOCH), MOST_PAGES)
            .await
        {
            Ok(Some(posted)) => Look::Found(posted),
            Ok(None) => Look::Nowhere,
            Err(error) => Look::of_error(&error),
        }
    }

    async fn channel_of(&self, target: &Target) -> Result<ChannelId, SlackError> {
        match target {
            Target::Channel(channel) | Target::Member { dm: Some(channel), .. } => Ok(channel.clone()),
            Target::Member { id, dm: None } => self.client.open_dm(id).await,
        }
    }

    async fn settle(&mut self, suspect: &Suspect, settlement: Settlement) -> Result<(), StoreError> {
        let settled = self.store.settle(&suspect.id, suspect.attempt, &settlement, self.clock.now()).await?;
        self.known.remove(&key(suspect));
        if settled {
            let found = matches!(settlement, Settlement::Sent { .. });
            metrics::reconciled(&suspect.report, found);
            tracing::info!(delivery.id = %suspect.id, found, "an unknown outcome was settled");
        }
        Ok(())
    }

    async fn again(
        &self,
        suspect: &Suspect,
        found_nothing: bool,
        after: Option<Duration>,
        reason: &str,
    ) -> Result<(), StoreError> {
        let now = self.clock.now();
        let again = after.map(|after| now + TimeDelta::from_std(after).unwrap_or(TimeDelta::MAX));
        self.store.still_unknown(&self.holder, &suspect.id, found_nothing, again, reason, now).await
    }
}

fn key(suspect: &Suspect) -> (DeliveryId, u32) {
    (suspect.id.clone(), suspect.attempt)
}

impl Look {
    fn of_error(error: &SlackError) -> Self {
        if error.is_for_good() { Self::Unreadable(error.code().to_owned()) } else { Self::Later }
    }
}
