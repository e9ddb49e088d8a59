//! How fresh the telemetry is: asked seldom, whoever wants to know.

use super::{Warehouse, WarehouseError, members::within};
use chrono::{DateTime, TimeDelta, Utc};
use serde::Deserialize;
use std::sync::Arc;
use tokio::sync::Mutex;

/// An answer serves everybody for so long.
const KEPT_FOR: TimeDelta = TimeDelta::seconds(30);
/// Where it is looked first, for telemetry is nearly always fresh,
const NEAR: TimeDelta = TimeDelta::days(1);
/// and then.
const FAR: TimeDelta = TimeDelta::days(30);

/// What was answered last.
#[derive(Debug, Clone, Default)]
pub(super) struct Freshness(Arc<Mutex<Option<Known>>>);

#[derive(Debug, Clone, Copy)]
struct Known {
    asked: DateTime<Utc>,
    newest: Option<DateTime<Utc>>,
}

#[derive(Debug, Deserialize, clickhouse::Row)]
struct NewestRow {
    events: u64,
    newest_ms: i64,
}

impl Warehouse {
    /// The newest event of anybody in the 30 days up to `now`, as it was within the last 30 s. Events that claim to be from
    /// later count nowhere.
    ///
    /// # Errors
    /// When the warehouse does not answer.
    pub async fn data_to(&self, now: DateTime<Utc>) -> Result<Option<DateTime<Utc>>, WarehouseError> {
        // Held while it is asked: of many at once one asks.
        let mut known = self.freshness.0.lock().await;
        if let Some(known) = known.filter(|known| (now - known.asked).abs() < KEPT_FOR) {
            return Ok(known.newest.map(|newest| newest.min(now)));
        }
        let newest = match self.newest(now - NEAR, now).await? {
            Some(newest) => Some(newest),
            None => self.newest(now - FAR, now).await?,
        };
        *known = Some(Known { asked: now, newest });
        Ok(newest)
    }

    async fn newest(&self, from: DateTime<Utc>, now: DateTime<Utc>) -> Result<Option<DateTime<Utc>>, WarehouseError> {
        // An event of this very moment counts.
        let span = from..now + TimeDelta::milliseconds(1);
        let mut rows = self.ask::<NewestRow>(&self.statements.newest, |query| within(query, &span)).await?;
        let row = rows.next().await?.filter(|row| row.events > 0);
        Ok(row.and_then(|row| DateTime::from_timestamp_millis(row.newest_ms)))
    }
}
