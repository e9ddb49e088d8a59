//! What `recap check` tells about the data: how fresh it is, how much of it is hidden, whose it is.

use super::{Answered, Rows, Warehouse, WarehouseError};
use chrono::{DateTime, Utc};
use serde::Deserialize;

/// Questions about the data as a whole.
#[derive(Debug, Clone, Copy)]
pub struct Facts<'a> {
    pub(super) warehouse: &'a Warehouse,
}

#[derive(Debug, Deserialize, clickhouse::Row)]
struct Newest {
    newest_ms: i64,
    events: u64,
}

/// Rows that name a skill, and how many of these hide it.
#[derive(Debug, Clone, Copy, Deserialize, clickhouse::Row)]
pub struct HiddenSkills {
    pub named: u64,
    pub hidden: u64,
}

/// Somebody in the telemetry.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, clickhouse::Row)]
pub struct Person {
    /// Empty: all that matched nobody.
    pub email: String,
    pub sessions: u64,
}

impl Facts<'_> {
    /// The newest event of the span and the number of events in it.
    pub async fn newest_event(
        self,
        from: DateTime<Utc>,
        to: DateTime<Utc>,
    ) -> Result<Option<(DateTime<Utc>, u64)>, WarehouseError> {
        let row: Option<Newest> = self.ask(&self.warehouse.statements.newest_event, from, to).await?.next().await?;
        Ok(row
            .filter(|row| row.events > 0)
            .and_then(|row| Some((DateTime::from_timestamp_millis(row.newest_ms)?, row.events))))
    }

    /// How many rows of the span that name a skill hide its name.
    pub async fn hidden_skills(self, from: DateTime<Utc>, to: DateTime<Utc>) -> Result<HiddenSkills, WarehouseError> {
        let row = self.ask(&self.warehouse.statements.hidden_skills, from, to).await?.next().await?;
        Ok(row.unwrap_or(HiddenSkills { named: 0, hidden: 0 }))
    }

    /// Everyone with a session in the span, by e-mail.
    pub async fn people(self, from: DateTime<Utc>, to: DateTime<Utc>) -> Result<Rows<Person>, WarehouseError> {
        self.ask(&self.warehouse.statements.people, from, to).await
    }

    async fn ask<T: Answered>(
        self,
        statement: &str,
        from: DateTime<Utc>,
        to: DateTime<Utc>,
    ) -> Result<Rows<T>, WarehouseError> {
        self.warehouse
            .ask(statement, |query| query.param("from", from.timestamp_millis()).param("to", to.timestamp_millis()))
            .await
    }
}
