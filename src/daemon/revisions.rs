//! Posted summaries follow rows that come late, and a winner's wish to be named: the message is updated, never posted again.

use super::reporting::{Reporting, ReportingError};
use crate::{
    planner::Rules,
    schedule::{WeeklyWindow, date_at},
    slack::Updated,
    store::{Changed, HALTED, Revision, STOPPED, StoreError},
    team::{Kept, Summary},
};
use chrono::{DateTime, TimeDelta, Utc};
use std::collections::BTreeMap;

/// Summaries looked at together.
const AT_ONCE: u32 = 100;
/// A look that does not come to its end is taken up again after so long.
const AGAIN_AFTER: TimeDelta = TimeDelta::minutes(15);

/// What a summary would say now.
type Now = BTreeMap<String, Summary>;

impl Reporting {
    /// Looks again at the summaries whose time has come; answers how many there were.
    ///
    /// # Errors
    /// When store or warehouse do not answer; they are looked at again later.
    pub async fn revise(&self) -> Result<usize, ReportingError> {
        let now = self.clock.now();
        if self.stands_still().await? {
            return Ok(0);
        }
        let revisions = self.store.claim_revisions(now, now + AGAIN_AFTER, AT_ONCE).await?;
        if revisions.is_empty() {
            return Ok(0);
        }
        let rules = Rules::of(&self.settings, &self.store, now).await?;
        let count = revisions.len();
        let mut weeks = BTreeMap::<(&str, DateTime<Utc>), (WeeklyWindow, Vec<&Revision>)>::new();
        for revision in &revisions {
            let window = window(revision);
            let key = (revision.zone.name(), window.reported().start);
            weeks.entry(key).or_insert_with(|| (window, Vec::new())).1.push(revision);
        }
        for (window, revisions) in weeks.into_values() {
            let late: Vec<_> = revisions.iter().filter(|one| self.follows(one, now)).copied().collect();
            // A wish to be named needs no warehouse.
            let current = self.current(&window, &late, &rules).await;
            if let Err(error) = &current {
                tracing::warn!(error = error as &dyn std::error::Error, "late rows were not looked for");
            }
            let again = current.is_err().then_some(now + AGAIN_AFTER);
            let mut current = current.unwrap_or_default();
            for revision in revisions {
                let next = again.or_else(|| self.next_look(revision.due, self.clock.now()));
                self.revise_one(revision, &window, current.remove(&revision.recipient), (&rules, next)).await?;
            }
        }
        Ok(count)
    }

    async fn stands_still(&self) -> Result<bool, StoreError> {
        Ok(self.store.value(HALTED).await?.is_some() || self.store.value(STOPPED).await?.is_some())
    }

    /// Whether rows that come late still count.
    fn follows(&self, revision: &Revision, now: DateTime<Utc>) -> bool {
        // The last look may be a little late itself.
        let until = revision.due + TimeDelta::hours(self.settings.weekly.update_hours.into()) + TimeDelta::hours(1);
        self.settings.weekly.update_hours > 0 && now <= until
    }

    async fn current(
        &self,
        window: &WeeklyWindow,
        revisions: &[&Revision],
        rules: &Rules,
    ) -> Result<Now, ReportingError> {
        if revisions.is_empty() {
            return Ok(Now::new());
        }
        let arrivals = self.warehouse.arrivals(window.reported().end, self.clock.now()).await?;
        let teams: Vec<_> = revisions.iter().map(|revision| revision.recipient.as_str()).collect();
        Ok(self.summaries(rules).of(window, &teams, Some(arrivals)).await?)
    }

    async fn revise_one(
        &self,
        revision: &Revision,
        window: &WeeklyWindow,
        current: Option<Summary>,
        (rules, next): (&Rules, Option<DateTime<Utc>>),
    ) -> Result<(), StoreError> {
        let posted = Kept::from_json(&revision.facts).ok();
        // Rows that are gone from the warehouse were there all the same.
        let is_less = |kept: &Kept| {
            kept.facts.week.active == 0 && posted.as_ref().is_some_and(|posted| posted.facts.week.active > 0)
        };
        let current = current.map(|summary| summary.kept).filter(|kept| !is_less(kept));
        let kept = current.or(posted);
        let Some(kept) = kept else { return self.store.revised(&revision.id, None, None).await };
        let message = self.summaries(rules).again(window, &kept, Some(&revision.id)).await?;
        let (Ok(message), Ok(facts)) = (message, kept.to_json()) else {
            tracing::error!(delivery.id = %revision.id, "a summary cannot be rendered again, it stays as it is");
            return self.store.revised(&revision.id, None, next).await;
        };
        let message = message.to_json();
        if message == revision.message {
            return self.store.revised(&revision.id, None, next).await;
        }
        // Many updates take minutes, and a halt stops within one message.
        if self.stands_still().await? {
            return Ok(());
        }
        let updated =
            self.client.update_snapshot(&revision.channel, &revision.ts, &message, revision.degraded, &revision.id);
        match updated.await {
            Ok(Updated::Done { .. }) => {
                tracing::info!(delivery.id = %revision.id, "a summary was updated");
                let changed = Changed { was: &revision.message, message: &message, facts: &facts };
                self.store.revised(&revision.id, Some(changed), next).await
            }
            Ok(Updated::Refused { code }) => {
                tracing::warn!(delivery.id = %revision.id, slack.code = code, "a summary cannot be updated any more");
                self.store.revised(&revision.id, None, None).await
            }
            // What was claimed is looked at again by itself.
            Err(error) => {
                tracing::warn!(delivery.id = %revision.id, error = %error, "a summary was not updated yet");
                Ok(())
            }
        }
    }
}

fn window(revision: &Revision) -> WeeklyWindow {
    WeeklyWindow::before(revision.zone, date_at(revision.zone, revision.due))
}
