//! Counts over deliveries: for run reports, the dead-man's switch and metrics. Each is one query.

use super::{
    Store, StoreError,
    cells::{Cells, micros},
    work::Sql,
};
use chrono::{DateTime, Utc};
use sqlx::any::AnyRow;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tally {
    pub report: String,
    pub state: String,
    pub reason: Option<String>,
    pub count: u64,
}

/// A cohort with deliveries that should be final by now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Overdue {
    pub report: String,
    pub period: String,
    pub due: DateTime<Utc>,
    /// Not final.
    pub open: u64,
    /// Of them `unknown`.
    pub unknown: u64,
    /// The whole cohort.
    pub expected: u64,
    /// The latest `send_at` of it.
    pub last_send_at: DateTime<Utc>,
}

impl Store {
    /// Scheduled deliveries (`daily`, `weekly`) of one period, by report, state and reason.
    pub async fn tally(&self, period: &str) -> Result<Vec<Tally>, StoreError> {
        self.tallied(|| self.sql(TALLY).bind(period)).await
    }

    /// All deliveries that are not final, by report and state (`reason` is `None`).
    pub async fn open_deliveries(&self) -> Result<Vec<Tally>, StoreError> {
        self.tallied(|| self.sql(OPEN)).await
    }

    async fn tallied(&self, sql: impl Fn() -> Sql) -> Result<Vec<Tally>, StoreError> {
        let sql = &sql;
        let rows = self.read(|mut work| async move { work.rows(sql()).await }).await?;
        let tally = |row: &AnyRow| {
            let (report, state) = (row.text("report")?, row.text("state")?);
            Ok(Tally { report, state, reason: row.text_or_null("reason")?, count: row.count("count")? })
        };
        rows.iter().map(tally).collect()
    }

    /// Periods of scheduled deliveries from `from` on that have deliveries, oldest first.
    pub async fn periods_since(&self, report: &str, from: &str) -> Result<Vec<String>, StoreError> {
        const PERIODS: &str = "SELECT DISTINCT period FROM deliveries
            WHERE workspace_id = $1 AND report = $2 AND period >= $3 ORDER BY period";
        let sql = || self.sql(PERIODS).bind(report).bind(from);
        let rows = self.read(|mut work| async move { work.rows(sql()).await }).await?;
        rows.iter().map(|row| row.text("period")).collect()
    }

    /// Cohorts (by report, period and due instant) with open scheduled deliveries and `due <= before`.
    pub async fn overdue(&self, before: DateTime<Utc>) -> Result<Vec<Overdue>, StoreError> {
        let sql = || self.sql(OVERDUE).bind(micros(before));
        let rows = self.read(|mut work| async move { work.rows(sql()).await }).await?;
        let overdue = |row: &AnyRow| {
            Ok(Overdue {
                report: row.text("report")?,
                period: row.text("period")?,
                due: row.instant("due")?,
                open: row.count("open")?,
                unknown: row.count("unknown")?,
                expected: row.count("expected")?,
                last_send_at: row.instant("last_send_at")?,
            })
        };
        rows.iter().map(overdue).collect()
    }
}

pub(super) const TALLY: &str = "SELECT report, state, reason, COUNT(*) AS count FROM deliveries
    WHERE workspace_id = $1 AND report IN ('daily', 'weekly') AND period = $2
    GROUP BY report, state, reason ORDER BY report, state, reason";

/// Every instant is after zero: said so that the index of open deliveries is taken, and not the walk over all of them.
pub(super) const OPEN: &str = "WITH open AS MATERIALIZED (SELECT report, state FROM deliveries
        WHERE workspace_id = $1 AND final_at IS NULL AND due > 0)
    SELECT report, state, CAST(NULL AS TEXT) AS reason, COUNT(*) AS count FROM open
    GROUP BY report, state ORDER BY report, state";

pub(super) const OVERDUE: &str = "WITH late AS (SELECT DISTINCT report, period, due FROM deliveries
        WHERE workspace_id = $1 AND final_at IS NULL AND due <= $2 AND report IN ('daily', 'weekly'))
    SELECT d.report, d.period, d.due, COUNT(*) AS expected, CAST(MAX(d.send_at) AS BIGINT) AS last_send_at,
        CAST(SUM(CASE WHEN d.final_at IS NULL THEN 1 ELSE 0 END) AS BIGINT) AS open,
        CAST(SUM(CASE WHEN d.state = 'unknown' THEN 1 ELSE 0 END) AS BIGINT) AS unknown
    FROM late JOIN deliveries d
        ON d.workspace_id = $1 AND d.report = late.report AND d.period = late.period AND d.due = late.due
    GROUP BY d.report, d.period, d.due ORDER BY d.due, d.report, d.period";
