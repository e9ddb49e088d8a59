//! Summaries that somebody sent by hand and that must not go out any more: they are not computed again, as scheduled ones
//! are, but end with a reason.

use super::{
    Store, StoreError,
    cells::{Cells, micros},
    fault::Fault,
    work::Work,
};
use crate::model::ChannelId;
use chrono::{DateTime, Utc};
use std::collections::BTreeMap;

/// Whoever holds a claim finds it lost before the request.
const WITHDRAW: &str = "UPDATE deliveries SET state = 'skipped', reason = $3, holder = NULL, claim = NULL,
        updated = $4, final_at = $4
    WHERE workspace_id = $1 AND report = 'now.weekly' AND recipient = $2 AND state IN ('rendered', 'retry')
        AND final_at IS NULL AND COALESCE(channel, '') <> $5";

impl Store {
    /// What was sent by hand for `team` and waits is skipped for `reason`. Answers how many.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn withdraw(&self, team: &str, reason: &str, now: DateTime<Utc>) -> Result<u64, StoreError> {
        self.write(|mut work| async move {
            let withdrawn = self.withdrawn(&mut work, (team, None), reason, now).await?;
            work.done(withdrawn).await
        })
        .await
    }

    /// The same in a transaction that is under way; what goes to the channel that is named stays.
    pub(super) async fn withdrawn(
        &self,
        work: &mut Work,
        (team, but_in): (&str, Option<&ChannelId>),
        reason: &str,
        now: DateTime<Utc>,
    ) -> Result<u64, Fault> {
        let kept = but_in.map_or("", |channel| channel.0.as_str());
        work.run(self.sql(WITHDRAW).bind(team).bind(reason).bind(micros(now)).bind(kept)).await
    }

    /// Skips what waits for a channel that its team has no longer.
    pub(super) async fn withdrawn_from_others(
        &self,
        work: &mut Work,
        channels: &BTreeMap<String, Option<ChannelId>>,
        now: DateTime<Utc>,
    ) -> Result<(), Fault> {
        const WAITING: &str = "SELECT DISTINCT recipient FROM deliveries
            WHERE workspace_id = $1 AND report = 'now.weekly' AND state IN ('rendered', 'retry') AND final_at IS NULL";
        for team in work.each(self.sql(WAITING), |row| row.text("recipient")).await? {
            let (channel, reason) = match channels.get(&team) {
                Some(Some(channel)) => (Some(channel), "channel_changed"),
                Some(None) => (None, "no_channel"),
                None => (None, "team_removed"),
            };
            self.withdrawn(work, (&team, channel), reason, now).await?;
        }
        Ok(())
    }
}
