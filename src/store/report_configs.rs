//! `zeude_report_configs`: what was configured through Slack, the page or the API; it beats the settings file.

use super::{
    AuditEntry, Store, StoreError,
    cells::{Cells, json, micros},
};
use crate::model::{LocalTime, Weekdays};
use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use sqlx::any::AnyRow;

#[derive(Debug, Clone, PartialEq)]
pub struct ReportConfig {
    /// `daily` or `weekly`.
    pub report: String,
    /// `workspace`, `team:<name>` or `member:<id>`.
    pub scope: String,
    pub enabled: Option<bool>,
    /// When `enabled` became true last.
    pub enabled_at: Option<DateTime<Utc>>,
    pub time: Option<LocalTime>,
    pub weekdays: Option<Weekdays>,
    pub zone: Option<Tz>,
    pub channel: Option<String>,
    pub sections: Option<Vec<String>>,
}

impl Store {
    pub async fn report_config(&self, report: &str, scope: &str) -> Result<Option<ReportConfig>, StoreError> {
        const CONFIGURED: &str =
            "SELECT * FROM zeude_report_configs WHERE workspace_id = $1 AND report = $2 AND scope = $3";
        let sql = || self.sql(CONFIGURED).bind(report).bind(scope);
        let row = self.read(|mut work| async move { work.row(sql()).await }).await?;
        row.as_ref().map(config).transpose()
    }

    /// All of one report, by scope. One query.
    pub async fn report_configs(&self, report: &str) -> Result<Vec<ReportConfig>, StoreError> {
        const CONFIGURED: &str =
            "SELECT * FROM zeude_report_configs WHERE workspace_id = $1 AND report = $2 ORDER BY scope";
        let sql = || self.sql(CONFIGURED).bind(report);
        self.read(|mut work| async move { work.each(sql(), config).await }).await
    }

    /// Inserts or replaces, audited.
    pub async fn put_report_config(
        &self,
        config: &ReportConfig,
        at: DateTime<Utc>,
        actor: &str,
    ) -> Result<(), StoreError> {
        const PUT: &str = "INSERT INTO zeude_report_configs
            (workspace_id, report, scope, enabled, enabled_at, local_time, weekdays, zone, channel, sections)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
            ON CONFLICT (workspace_id, report, scope) DO UPDATE SET enabled = excluded.enabled,
                enabled_at = excluded.enabled_at, local_time = excluded.local_time, weekdays = excluded.weekdays,
                zone = excluded.zone, channel = excluded.channel, sections = excluded.sections";
        self.write(|mut work| async move {
            let ReportConfig { report, scope, enabled, enabled_at, time, weekdays, zone, channel, sections } = config;
            let sql = self.sql(PUT).bind(report).bind(scope).bind(enabled.map(i64::from));
            let sql = sql.bind(enabled_at.map(micros)).bind(time.map(|time| time.to_string()));
            let sql = sql.bind(weekdays.map(|days| days.to_string())).bind(zone.map(Tz::name));
            work.run(sql.bind(channel.as_deref()).bind(json(sections.as_ref()))).await?;
            let (actor, action, subject) = (actor.to_owned(), "report.configure".to_owned(), scope.clone());
            self.note(&mut work, &AuditEntry { at, actor, action, subject, detail: report.clone() }).await?;
            work.done(()).await
        })
        .await
    }
}

fn config(row: &AnyRow) -> Result<ReportConfig, StoreError> {
    Ok(ReportConfig {
        report: row.text("report")?,
        scope: row.text("scope")?,
        enabled: row.number_or_null("enabled")?.map(|enabled| enabled != 0),
        enabled_at: row.instant_or_null("enabled_at")?,
        time: row.parsed_or_null("local_time")?,
        weekdays: row.parsed_or_null("weekdays")?,
        zone: row.parsed_or_null("zone")?,
        channel: row.text_or_null("channel")?,
        sections: row.list_or_null("sections")?,
    })
}
