//! Once a day: who is in Slack, whose usage there is, and which subscriptions follow. Of several replicas one does it.

use super::work::Work;
use crate::{
    clock::Clock,
    config::Settings,
    model::MemberEmail,
    planner::{self, Rules},
    slack::{self, Client},
    store::{Store, StoreError},
    warehouse::{Source, WarehouseError},
};
use chrono::{DateTime, TimeDelta, Utc};
use std::{sync::Arc, time::Duration};

/// When a reading of the directory began last, whoever read, and when one came to its end.
const BEGAN: &str = "directory.began";
const ENDED: &str = "directory.ended";
/// When it was read as a whole first, whatever became of the usage.
const WHOLE: &str = "directory.whole";
const EVERY: TimeDelta = TimeDelta::hours(24);
/// A daemon that starts reads again what is older, or was not read to its end.
const AT_START: TimeDelta = TimeDelta::hours(1);
/// After a reading that failed.
const AGAIN_AFTER: TimeDelta = TimeDelta::minutes(5);
/// How often the time is looked at.
const LOOK_EVERY: Duration = Duration::from_mins(1);
/// Usage counts for this long.
const USAGE: TimeDelta = TimeDelta::days(30);
/// Addresses noted at once.
const BATCH: usize = 1_000;

/// Keeps members in step with Slack and telemetry; cheap to clone.
#[derive(Debug, Clone)]
pub(super) struct Directory {
    settings: Arc<Settings>,
    store: Store,
    client: Client,
    source: Source,
    clock: Clock,
}

impl Directory {
    pub fn new(work: &Work) -> Self {
        Self {
            settings: Arc::clone(&work.settings),
            store: work.store.clone(),
            client: work.background.clone(),
            source: work.source.clone(),
            clock: work.clock.clone(),
        }
    }

    /// Reads whenever a day has passed since anybody did, and at the start.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn run(&self) -> anyhow::Result<()> {
        let mut key = ENDED;
        let mut every = AT_START;
        loop {
            let now = self.clock.now();
            let began = self.store.value(BEGAN).await?;
            if is_over(self.store.value(key).await?.as_deref(), every, now)
                && self.store.swap_value(BEGAN, began.as_deref(), Some(&now.to_rfc3339())).await?
            {
                match self.read(now).await {
                    Ok(()) => self.store.set_value(ENDED, Some(&now.to_rfc3339())).await?,
                    Err(error) => {
                        tracing::warn!(error = format!("{error:#}"), "the directory was not read to its end");
                        let again = now - EVERY + AGAIN_AFTER;
                        self.store.set_value(BEGAN, Some(&again.to_rfc3339())).await?;
                    }
                }
            }
            (key, every) = (BEGAN, EVERY);
            self.clock.sleep(LOOK_EVERY).await;
        }
    }

    /// Whatever of it could be read counts.
    async fn read(&self, now: DateTime<Utc>) -> anyhow::Result<()> {
        let synced = slack::sync_directory(&self.client, &self.store, now).await;
        if let Ok(synced) = &synced {
            tracing::info!(
                members = synced.members,
                changed = synced.changed,
                gone = synced.gone,
                skipped = synced.skipped,
                "the directory was read"
            );
            self.store.set_missing(&[(WHOLE.to_owned(), now.to_rfc3339())]).await?;
        }
        let usage = self.learn_usage(now).await;
        let rules = Rules::of(&self.settings, &self.store, self.clock.now()).await?;
        let changed = planner::refresh(&self.store, &rules, self.clock.now()).await?;
        tracing::info!(changed, "subscriptions are in step");
        synced?;
        Ok(usage?)
    }

    /// Whose usage there was: one query, streamed.
    async fn learn_usage(&self, now: DateTime<Utc>) -> Result<(), UsageError> {
        let mut users = self.source.warehouse().await?.users_since(now - USAGE, now).await?;
        let mut seen: Vec<(MemberEmail, DateTime<Utc>)> = Vec::new();
        while let Some(user) = users.next().await? {
            seen.push(user);
            if seen.len() >= BATCH {
                self.store.learn_usage(&std::mem::take(&mut seen)).await?;
            }
        }
        Ok(self.store.learn_usage(&seen).await?)
    }
}

/// Whether the whole directory was ever read: before that, who is in a user group is known in part at best.
pub(super) async fn was_read(store: &Store) -> Result<bool, StoreError> {
    Ok(store.value(WHOLE).await?.is_some() || store.value(ENDED).await?.is_some())
}

/// Whether `every` has passed since the instant that was noted. A clock that was set back must not keep the directory
/// unread for years.
fn is_over(noted: Option<&str>, every: TimeDelta, now: DateTime<Utc>) -> bool {
    let noted = noted.and_then(|text| text.parse::<DateTime<Utc>>().ok());
    noted.is_none_or(|at| (now - at).abs() >= every)
}

#[derive(Debug, thiserror::Error)]
enum UsageError {
    #[error(transparent)]
    Warehouse(#[from] WarehouseError),
    #[error(transparent)]
    Store(#[from] StoreError),
}
