//! What became of an attempt, written where that attempt is still the latest.

use super::{Settlement, begin::DAILY_BY_HAND};
use crate::{
    model::{ChannelId, DeliveryId},
    store::{
        Store, StoreError,
        cells::{Cells, micros},
        fault::Fault,
        members::LEARN_DM,
        work::Work,
    },
};
use chrono::{DateTime, Utc};
use sqlx::any::AnyRow;

impl Settlement {
    fn outcome(&self) -> &'static str {
        match self {
            Self::Sent { .. } => "sent",
            Self::Retry { .. } => "retry",
            Self::Unknown { .. } => "unknown",
            Self::Failed { .. } => "failed",
        }
    }

    fn code(&self) -> Option<&str> {
        match self {
            Self::Sent { .. } => None,
            Self::Retry { code, .. } | Self::Unknown { code, .. } | Self::Failed { code, .. } => Some(code),
        }
    }
}

impl Store {
    /// Settles attempt `attempt` of a delivery that is `sending` or `unknown`; false where another attempt has begun
    /// or it is final. Counts refusals on the subscription (zero again when sent), notes that its first was sent, and
    /// keeps the channel of a member. To settle the same twice changes nothing.
    pub async fn settle(
        &self,
        id: &DeliveryId,
        attempt: u32,
        settlement: &Settlement,
        now: DateTime<Utc>,
    ) -> Result<bool, StoreError> {
        const SAME: &str = "SELECT outcome FROM attempts
            WHERE workspace_id = $1 AND delivery_id = $2 AND attempt = $3 AND outcome = $4";
        const ATTEMPT: &str = "UPDATE attempts SET ended = $4, outcome = $5, code = $6
            WHERE workspace_id = $1 AND delivery_id = $2 AND attempt = $3";
        self.write(|mut work| async move {
            let (number, outcome) = (i64::from(attempt), settlement.outcome());
            let Some(row) = self.settle_delivery(&mut work, (id, number), settlement, now).await? else {
                let same = self.sql(SAME).bind(&id.0).bind(number).bind(outcome);
                let same = work.row(same).await?.is_some();
                return work.done(same).await;
            };
            let sql = self.sql(ATTEMPT).bind(&id.0).bind(number).bind(micros(now));
            work.run(sql.bind(outcome).bind(settlement.code())).await?;
            self.settle_recipient(&mut work, &row, settlement).await?;
            work.done(true).await
        })
        .await
    }

    /// Answers report and recipient, or nothing where the attempt is no longer to be settled this way.
    async fn settle_delivery(
        &self,
        work: &mut Work,
        (id, attempt): (&DeliveryId, i64),
        settlement: &Settlement,
        now: DateTime<Utc>,
    ) -> Result<Option<AnyRow>, Fault> {
        const SENT: &str = "UPDATE deliveries SET state = 'sent', reason = NULL, holder = NULL, claim = NULL,
                updated = $4, final_at = $4, channel = $5, ts = $6
            WHERE workspace_id = $1 AND delivery_id = $2 AND attempt = $3 AND state IN ('sending', 'unknown')
            RETURNING report, recipient";
        const RETRY: &str = "UPDATE deliveries SET state = 'retry', reason = $5, holder = NULL, claim = NULL,
                updated = $4, ready_at = $6, look_at = NULL, checks = 0,
                degraded = CASE WHEN $7 = 1 THEN 1 ELSE degraded END
            WHERE workspace_id = $1 AND delivery_id = $2 AND attempt = $3 AND state IN ('sending', 'unknown')
            RETURNING report, recipient";
        const UNKNOWN: &str = "UPDATE deliveries SET state = 'unknown', reason = $5, holder = NULL, claim = NULL,
                updated = $4, look_at = $6, checks = 0
            WHERE workspace_id = $1 AND delivery_id = $2 AND attempt = $3 AND state = 'sending'
            RETURNING report, recipient";
        const FAILED: &str = "UPDATE deliveries SET state = 'failed', reason = $5, holder = NULL, claim = NULL,
                updated = $4, final_at = $4
            WHERE workspace_id = $1 AND delivery_id = $2 AND attempt = $3 AND state IN ('sending', 'unknown')
            RETURNING report, recipient";
        let sql = |text| self.sql(text).bind(&id.0).bind(attempt).bind(micros(now));
        let sql = match settlement {
            Settlement::Sent { channel, ts } => sql(SENT).bind(&channel.0).bind(ts),
            Settlement::Retry { at, code, plain } => sql(RETRY).bind(code).bind(micros(*at)).bind(i64::from(*plain)),
            Settlement::Unknown { at, code } => sql(UNKNOWN).bind(code).bind(micros(*at)),
            Settlement::Failed { code, .. } => sql(FAILED).bind(code),
        };
        work.row(sql).await
    }

    async fn settle_recipient(&self, work: &mut Work, row: &AnyRow, settlement: &Settlement) -> Result<(), Fault> {
        const GREETED: &str = "UPDATE subscriptions SET refusals = 0, greeted = 1
            WHERE workspace_id = $1 AND report = $2 AND recipient = $3 AND (refusals <> 0 OR greeted = 0)";
        const REFUSED: &str = "UPDATE subscriptions SET refusals = refusals + 1
            WHERE workspace_id = $1 AND report = $2 AND recipient = $3";
        let (report, recipient) = (row.text("report")?, row.text("recipient")?);
        // It says how to stop as the scheduled one does.
        let greets = if report == DAILY_BY_HAND { "daily" } else { &report };
        match settlement {
            Settlement::Sent { channel: ChannelId(channel), .. } => {
                work.run(self.sql(GREETED).bind(greets).bind(&recipient)).await?;
                if report != "weekly" && channel.starts_with('D') {
                    work.run(self.sql(LEARN_DM).bind(recipient).bind(channel)).await?;
                }
            }
            Settlement::Failed { refused: true, .. } => {
                work.run(self.sql(REFUSED).bind(report).bind(recipient)).await?;
            }
            Settlement::Failed { .. } | Settlement::Retry { .. } | Settlement::Unknown { .. } => {}
        }
        Ok(())
    }
}
