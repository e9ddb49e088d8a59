//! What `recap check` tells about the data: how fresh it is, how much of it is hidden, whose it is.

use super::{Answered, Rows, Warehouse, WarehouseError};
use crate::model::MemberEmail;
use chrono::{DateTime, Utc};
use serde::Deserialize;

/// Questions about the data as a whole.
#[derive(Debug, Clone, Copy)]
pub struct Facts<'a> {
    pub(super) warehouse: &'a Warehouse,
}

#[derive(Debug, Deserialize, clickhouse::Row)]
struct HourRow {
    hour_ms: i64,
    events: u64,
    newest_ms: i64,
}

/// The events of a span, by their time alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flow {
    pub newest: DateTime<Utc>,
    /// How many events the span has.
    pub events: u64,
    /// Hours with an event and how many, newest first.
    hours: Vec<(DateTime<Utc>, u64)>,
}

impl Flow {
    /// The start of the latest hours up to `now` that hold at most `most` events, or of the one latest hour; none
    /// where the whole span does.
    pub fn since(&self, most: u64, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let mut sum = 0_u64;
        let mut since = None;
        for (hour, events) in self.hours.iter().filter(|(hour, _)| *hour <= now) {
            sum = sum.saturating_add(*events);
            if sum > most {
                return Some(since.unwrap_or(*hour));
            }
            since = Some(*hour);
        }
        None
    }
}

/// Rows that name a skill, and how many of these hide it.
#[derive(Debug, Clone, Copy, Deserialize, clickhouse::Row)]
pub struct HiddenSkills {
    pub named: u64,
    pub hidden: u64,
}

/// Requests, and how many have a cost or tokens that cannot be: those count as 0.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, clickhouse::Row)]
pub struct Implausible {
    pub requests: u64,
    pub negative: u64,
    pub absurd: u64,
    pub no_number: u64,
}

impl Implausible {
    /// How many cannot be, whatever the reason.
    pub fn all(self) -> u64 {
        self.negative + self.absurd + self.no_number
    }
}

/// Somebody in the telemetry.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, clickhouse::Row)]
pub struct Person {
    /// Empty: all that matched nobody.
    pub email: String,
    pub sessions: u64,
    /// Their latest event in a session, in milliseconds since the epoch.
    pub latest_ms: i64,
}

/// Addresses with their latest usage, in their order.
#[derive(Debug)]
pub struct Users {
    people: Rows<Person>,
}

impl Users {
    pub(super) fn of(people: Rows<Person>) -> Self {
        Self { people }
    }

    /// The next address and the instant of its latest usage; what matched nobody, or is no address, is left out.
    ///
    /// # Errors
    /// When the answer breaks off.
    pub async fn next(&mut self) -> Result<Option<(MemberEmail, DateTime<Utc>)>, WarehouseError> {
        while let Some(person) = self.people.next().await? {
            let latest = DateTime::from_timestamp_millis(person.latest_ms);
            if let (Ok(email), Some(latest)) = (MemberEmail::parse(&person.email), latest) {
                return Ok(Some((email, latest)));
            }
        }
        Ok(None)
    }
}

impl Facts<'_> {
    /// When the events of the span happened, none where it has no event.
    pub async fn flow(self, from: DateTime<Utc>, to: DateTime<Utc>) -> Result<Option<Flow>, WarehouseError> {
        let mut rows: Rows<HourRow> = self.ask(&self.warehouse.statements.events_by_hour, from, to).await?;
        let mut flow: Option<Flow> = None;
        while let Some(row) = rows.next().await? {
            let instants =
                (DateTime::from_timestamp_millis(row.newest_ms), DateTime::from_timestamp_millis(row.hour_ms));
            let (Some(newest), Some(hour)) = instants else { continue };
            let flow = flow.get_or_insert(Flow { newest, events: 0, hours: Vec::new() });
            flow.events += row.events;
            flow.hours.push((hour, row.events));
        }
        Ok(flow)
    }

    /// How many rows of the span that name a skill hide its name.
    pub async fn hidden_skills(self, from: DateTime<Utc>, to: DateTime<Utc>) -> Result<HiddenSkills, WarehouseError> {
        let row = self.ask(&self.warehouse.statements.hidden_skills, from, to).await?.next().await?;
        Ok(row.unwrap_or(HiddenSkills { named: 0, hidden: 0 }))
    }

    /// How many requests of the span have a cost or tokens that cannot be.
    pub async fn implausible(self, from: DateTime<Utc>, to: DateTime<Utc>) -> Result<Implausible, WarehouseError> {
        let row = self.ask(&self.warehouse.statements.implausible, from, to).await?.next().await?;
        Ok(row.unwrap_or_default())
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_latest_hours_with_at_most_so_many_events_are_found() {
        let hour = |hour: i64| DateTime::from_timestamp_millis(hour * 3_600_000).unwrap();
        let hours = vec![(hour(90), 999), (hour(9), 10), (hour(8), 20), (hour(3), 30)];
        let flow = Flow { newest: hour(90), events: 1_059, hours };
        for (most, since) in [(5, Some(9)), (10, Some(9)), (29, Some(9)), (30, Some(8)), (59, Some(8)), (60, None)] {
            assert_eq!(flow.since(most, hour(10)), since.map(hour), "{most}");
        }
    }
}
