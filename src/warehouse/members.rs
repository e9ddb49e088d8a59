//! The questions about people: each is one query for everyone in a span.

use super::{
    ActiveDays, Answered, Connection, MemberActivity, MemberSkills, Rows, Shape, WarehouseError,
    facts::{Facts, Users},
    newest::Freshness,
    shape::{Source, detect},
    statements::Statements,
};
use crate::{
    config,
    model::MemberEmail,
    schedule::{Cut, DailyWindow},
};
use chrono::{DateTime, TimeDelta, Utc};
use clickhouse::query::Query;
use std::{fmt, ops::Range, sync::Arc};

/// At most this many bytes of addresses are sent along: a form field of ClickHouse's HTTP interface takes 128 KiB.
/// Beyond, everyone's rows are read and the caller takes its own.
const PEOPLE_BYTES: usize = 64 * 1024;

/// How far before a window skills are read, so that a use is counted at its first event.
const SKILLS_MARGIN: TimeDelta = TimeDelta::days(1);

/// So many uses by day of one person's skills are told of a day or a few.
pub(super) const SKILLS_OF_ONE: u64 = 500;

/// Usage in ClickHouse, by the shape that was found.
#[derive(Clone)]
pub struct Warehouse {
    pub(super) connection: Connection,
    pub(super) source: Source,
    pub(super) statements: Arc<Statements>,
    services: Vec<String>,
    pub(super) freshness: Freshness,
}

impl fmt::Debug for Warehouse {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Warehouse")
            .field("connection", &self.connection)
            .field("source", &self.source)
            .finish_non_exhaustive()
    }
}

/// Whose rows are wanted.
#[derive(Debug, Clone, Default)]
pub struct People(Vec<String>);

impl People {
    /// These addresses, or everyone where they are too many to send along.
    pub fn of<'a>(emails: impl IntoIterator<Item = &'a MemberEmail>) -> Self {
        let mut names = Vec::new();
        let mut bytes = 0;
        for email in emails {
            bytes += email.as_str().len() + 3;
            if bytes > PEOPLE_BYTES {
                return Self::everyone();
            }
            names.push(email.as_str().to_owned());
        }
        Self(names)
    }

    /// Everyone in the span.
    pub fn everyone() -> Self {
        Self(Vec::new())
    }
}

impl Warehouse {
    /// Finds the telemetry of `settings` at `url`.
    ///
    /// # Errors
    /// When ClickHouse cannot be reached or refuses the account, or no table has a known shape.
    pub async fn open(url: &str, settings: &config::ClickHouse) -> Result<Self, WarehouseError> {
        Self::on(Connection::open(url, settings).await?, settings).await
    }

    /// Finds the telemetry of `settings` by a connection that is open.
    ///
    /// # Errors
    /// When no table has a known shape, or ClickHouse does not answer.
    pub async fn on(connection: Connection, settings: &config::ClickHouse) -> Result<Self, WarehouseError> {
        let source = detect(&connection, settings.logs_table.as_deref(), settings.prompts_table.as_deref()).await?;
        let statements = Statements::of(&source, settings).map_err(|error| WarehouseError::Refused {
            code: 0,
            message: format!("a statement cannot be written: {error}"),
        })?;
        Ok(Self {
            connection,
            source,
            statements: Arc::new(statements),
            services: settings.services.clone(),
            freshness: Freshness::default(),
        })
    }

    /// The shape of the telemetry.
    pub fn shape(&self) -> Shape {
        self.source.shape
    }

    /// The tables that are read, as SQL names them.
    pub fn tables(&self) -> Vec<&str> {
        [Some(&self.source.logs), self.source.prompts.as_ref()].into_iter().flatten().map(String::as_str).collect()
    }

    /// The account's connection.
    pub fn connection(&self) -> &Connection {
        &self.connection
    }

    /// What `recap check` tells about the data.
    pub fn facts(&self) -> Facts<'_> {
        Facts { warehouse: self }
    }

    /// What each of `people` did on each day from the baseline's start to the window's end.
    pub async fn activity(
        &self,
        window: &DailyWindow,
        people: &People,
        with_models: bool,
    ) -> Result<Rows<MemberActivity>, WarehouseError> {
        let (days, midnights) = (window.bounds_ms(), window.midnights_ms());
        // Not of a morning, unless its member moved zone.
        let with_midnights = midnights.iter().any(|midnight| !days.contains(midnight));
        let statement = self.statements.member_activity(with_models, with_midnights);
        self.ask(statement, |query| bound(query, &window.span(), &days, people).param("midnights", &midnights)).await
    }

    /// The skills that each of `people` used, by day of the window.
    pub async fn skills(&self, window: &DailyWindow, people: &People) -> Result<Rows<MemberSkills>, WarehouseError> {
        self.skills_of(&Cut::of_days(window.days.iter()), people, (&self.statements.member_skills, SKILLS_OF_ONE)).await
    }

    /// The local days of the window's history on which each of `people` had a session.
    pub async fn active_days(&self, window: &DailyWindow, people: &People) -> Result<Rows<ActiveDays>, WarehouseError> {
        let (span, days) = (window.history_span(), window.history_bounds_ms());
        self.ask(&self.statements.active_days, |query| bound(query, &span, &days, people)).await
    }

    /// The skills of each of `people` in each piece of `cut`, at most so many of one person.
    pub(super) async fn skills_of(
        &self,
        cut: &Cut,
        people: &People,
        (statement, most): (&str, u64),
    ) -> Result<Rows<MemberSkills>, WarehouseError> {
        // What is read before the cut is a piece of its own, or `roundDown` would take it into the first.
        let read = cut.clone().from(cut.span.start - SKILLS_MARGIN);
        self.ask(statement, |query| {
            bound(query, &read.span, &read.starts_ms, people)
                .param("since", cut.span.start.timestamp_millis())
                .param("most", most)
        })
        .await
    }

    /// Everybody with a session since `since`, up to `now`: whom `enrollment = "opt_out"` subscribes.
    pub async fn users_since(&self, since: DateTime<Utc>, now: DateTime<Utc>) -> Result<Users, WarehouseError> {
        Ok(Users::of(self.facts().people(since, now).await?))
    }

    pub(super) async fn ask<T: Answered>(
        &self,
        statement: &str,
        bind: impl Fn(Query) -> Query,
    ) -> Result<Rows<T>, WarehouseError> {
        self.connection
            .rows(|client| {
                let services = self.services.iter().enumerate();
                let query = services.fold(client.query_raw(statement), |query, (index, service)| {
                    query.param(&format!("service_{}", index + 1), service)
                });
                bind(query)
            })
            .await
    }
}

/// Binds what questions about people have in common: the span, where its pieces begin, and whose rows are wanted.
pub(super) fn bound(query: Query, span: &Range<DateTime<Utc>>, starts_ms: &[i64], people: &People) -> Query {
    within(query, span).param("days", starts_ms).param("people", &people.0)
}

/// Binds the span that is read.
pub(super) fn within(query: Query, span: &Range<DateTime<Utc>>) -> Query {
    query.param("from", span.start.timestamp_millis()).param("to", span.end.timestamp_millis())
}
