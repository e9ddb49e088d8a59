//! Summaries that somebody sent by hand and that must not go out any more: they are not computed again, as scheduled ones
//! are, but end with a reason. What is just being sent, or only being computed, ends with it before it is tried next.

use super::{
    Claimed, Store, StoreError, Target,
    cells::{Cells, micros},
    fault::Fault,
    work::Work,
};
use crate::model::ChannelId;
use chrono::{DateTime, Utc};
use sqlx::any::AnyRow;
use std::collections::BTreeMap;

/// Whoever holds a claim finds it lost before the request.
const WITHDRAW: &str = "UPDATE deliveries SET state = 'skipped', reason = $3, holder = NULL, claim = NULL,
        updated = $4, final_at = $4
    WHERE workspace_id = $1 AND report = 'now.weekly' AND recipient = $2 AND state IN ('rendered', 'retry')
        AND final_at IS NULL AND COALESCE(channel, '') <> $5";
/// How the key begins under which a team's latest withdrawal stands; the team's name follows. Its value: when, why, and the
/// channel to which all may go nevertheless.
const WITHDRAWN: &str = "withdrawn.";

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
        const NOTE: &str = "INSERT INTO key_values (workspace_id, key, value) VALUES ($1, $2, $3)
            ON CONFLICT (workspace_id, key) DO UPDATE SET value = excluded.value";
        let kept = but_in.map_or("", |channel| channel.0.as_str());
        let note = format!("{} {reason} {kept}", micros(now));
        work.run(self.sql(NOTE).bind(format!("{WITHDRAWN}{team}")).bind(note)).await?;
        work.run(self.sql(WITHDRAW).bind(team).bind(reason).bind(micros(now)).bind(kept)).await
    }

    /// Why a summary by hand is not sent: it was asked for before the withdrawal of what goes to its channel. Who asks after
    /// that knows of it.
    pub(super) async fn withdrawal(&self, work: &mut Work, claimed: &Claimed) -> Result<Option<String>, Fault> {
        const NOTED: &str = "SELECT value FROM key_values WHERE workspace_id = $1 AND key = $2";
        let key = format!("{WITHDRAWN}{}", claimed.recipient);
        let Some(noted) = work.row(self.sql(NOTED).bind(key)).await? else { return Ok(None) };
        let noted = noted.text("value")?;
        let mut parts = noted.splitn(3, ' ');
        let (at, reason, kept) = (parts.next(), parts.next(), parts.next());
        let later = at.and_then(|at| at.parse::<i64>().ok()).is_some_and(|at| micros(claimed.due) < at);
        let stays = matches!(&claimed.target, Target::Channel(channel) if Some(channel.0.as_str()) == kept);
        Ok(reason.filter(|_| later && !stays).map(str::to_owned))
    }

    /// Skips what waits for a channel that its team has no longer.
    pub(super) async fn withdrawn_from_others(
        &self,
        work: &mut Work,
        channels: &BTreeMap<String, Option<ChannelId>>,
        now: DateTime<Utc>,
    ) -> Result<(), Fault> {
        const OPEN: &str = "SELECT DISTINCT recipient, channel FROM deliveries
            WHERE workspace_id = $1 AND report = 'now.weekly' AND state IN ('rendered', 'retry', 'sending', 'unknown')
                AND final_at IS NULL
            ORDER BY recipient, channel";
        let read = |row: &AnyRow| Ok((row.text("recipient")?, row.text_or_null("channel")?));
        for (team, goes_to) in work.each(self.sql(OPEN), read).await? {
            let (channel, reason) = match channels.get(&team) {
                Some(Some(channel)) if Some(&channel.0) == goes_to.as_ref() => continue,
                Some(Some(channel)) => (Some(channel), "channel_changed"),
                Some(None) => (None, "no_channel"),
                None => (None, "team_removed"),
            };
            self.withdrawn(work, (&team, channel), reason, now).await?;
        }
        Ok(())
    }
}
