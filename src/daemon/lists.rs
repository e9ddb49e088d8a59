//! Who is on the teams that are listed: lists of the settings and Slack's user groups, brought into the store.

use super::directory::was_read;
use crate::{
    clock::Clock,
    config::{Membership, Settings},
    planner::{self, Rules},
    slack::Client,
    store::{Store, StoreError, TeamSync},
    team::{self, Lists},
};
use chrono::{DateTime, Utc};
use std::{collections::BTreeMap, sync::Arc, time::Duration};
use tokio::sync::Notify;

/// Between two readings: an event may be lost.
const EVERY: Duration = Duration::from_hours(1);
/// After a failure.
const AGAIN_AFTER: Duration = Duration::from_mins(5);
/// Between two looks whether the directory was read, without which a user group seems empty.
const DIRECTORY_EVERY: Duration = Duration::from_secs(5);
/// A user group that is gone, by its id; kept while it is.
const GONE: &str = "usergroup_gone.";

/// Keeps the people of teams in step.
#[derive(Debug, Clone)]
pub struct TeamLists {
    pub settings: Arc<Settings>,
    pub store: Store,
    pub client: Client,
    pub clock: Clock,
}

impl TeamLists {
    /// Reads as soon as Slack's directory was read, whenever it is `asked` to, and once an hour. Whoever is not in the directory yet would seem not to
    /// be on the team, and to have joined it only at the next reading.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn run(&self, asked: &Notify) -> anyhow::Result<()> {
        while !was_read(&self.store).await? {
            self.clock.sleep(DIRECTORY_EVERY).await;
        }
        loop {
            let again = if self.step(self.clock.now()).await? { EVERY } else { AGAIN_AFTER };
            tokio::select! {
                () = asked.notified() => {}
                () = self.clock.sleep(again) => {}
            }
        }
    }

    /// Reads once; false where some user group could not be read, which then stays as it was.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn step(&self, now: DateTime<Utc>) -> Result<bool, StoreError> {
        let (complete, synced) = self.read(None, now).await?;
        if synced.joined + synced.left > 0 {
            tracing::info!(joined = synced.joined, left = synced.left, "teams are in step");
            // Whose team it is decides about days off and fair order.
            let rules = Rules::of(&self.settings, &self.store, now).await?;
            planner::refresh(&self.store, &rules, now).await?;
        }
        Ok(complete)
    }

    /// The same for one team alone, leaving subscriptions as they are: a command may know other settings than the daemon.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn read_one(&self, team: &str, now: DateTime<Utc>) -> Result<bool, StoreError> {
        Ok(self.read(Some(team), now).await?.0)
    }

    async fn read(&self, only: Option<&str>, now: DateTime<Utc>) -> Result<(bool, TeamSync), StoreError> {
        let rules = Rules::of(&self.settings, &self.store, now).await?;
        let (mut lists, mut complete) = (Lists::new(), true);
        let mut groups = BTreeMap::new();
        for (name, team) in rules.teams.iter().filter(|(name, _)| only.is_none_or(|only| only == *name)) {
            match &team.weekly.membership {
                Membership::Members(members) => {
                    lists.insert(name.clone(), members.iter().cloned().collect());
                }
                Membership::Usergroup(group) => groups.entry(group).or_insert_with(Vec::new).push(name),
                Membership::Attribute { .. } => {}
            }
        }
        for (group, teams) in groups {
            match self.client.usergroup_members(group).await {
                Ok(Some(members)) => {
                    let members = self.store.emails_of(&members).await?;
                    lists.extend(teams.into_iter().map(|team| (team.clone(), members.clone())));
                    self.note_gone(group, false).await?;
                }
                Ok(None) => self.note_gone(group, true).await?,
                Err(error) => {
                    tracing::warn!(usergroup = group, error = %error, "a user group could not be read, it stays as it was");
                    complete = false;
                }
            }
        }
        Ok((complete, team::sync(&self.store, &lists, now).await?))
    }

    async fn note_gone(&self, group: &str, gone: bool) -> Result<(), StoreError> {
        if is_gone(&self.store, group).await? == gone {
            return Ok(());
        }
        if gone {
            tracing::error!(usergroup = group, "a team's user group is gone from Slack, its last members are kept");
        }
        self.store.set_value(&format!("{GONE}{group}"), gone.then_some("gone")).await
    }
}

/// Whether a user group was not to be found when it was read last.
pub(super) async fn is_gone(store: &Store, usergroup: &str) -> Result<bool, StoreError> {
    Ok(store.value(&format!("{GONE}{usergroup}")).await?.is_some())
}
