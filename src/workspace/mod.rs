//! All that answers a person's question with: settings, store, Slack, warehouse, templates and clock of one workspace.

mod again;

pub use again::Again;

use crate::{
    clock::Clock,
    config::Settings,
    message::Templates,
    planner::Rules,
    slack::Client,
    store::{Store, StoreError},
    warehouse::Source,
};
use chrono::{DateTime, Utc};
use std::sync::Arc;
use tokio::sync::Notify;
use tokio_util::task::TaskTracker;

/// Cheap to clone.
#[derive(Debug, Clone)]
pub struct Workspace {
    pub settings: Arc<Settings>,
    pub store: Store,
    /// For what somebody waits for.
    pub client: Client,
    pub source: Source,
    pub templates: Arc<Templates>,
    pub clock: Clock,
    /// Told when something was planned by hand, so that it is computed and sent at once.
    pub planned: Arc<Notify>,
    /// Told when who is on a team must be read anew: a team or a user group was changed.
    pub lists: Arc<Notify>,
    /// Work that goes on after its request was acknowledged; the daemon waits for it before it ends.
    pub tasks: TaskTracker,
    /// Those of them that wait to try something again; the daemon stops them first.
    pub again: Again,
}

impl Workspace {
    pub fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    /// What holds now.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn rules(&self) -> Result<Rules, StoreError> {
        Rules::of(&self.settings, &self.store, self.now()).await
    }
}
