//! `zeude_report_configs`: what was configured through Slack, the page or the API; it beats the settings file.

use super::{
    AuditEntry, Store, StoreError,
    cells::{Cells, json, micros},
    fault::Fault,
    work::Work,
};
use crate::model::{ChannelId, LocalTime, MemberEmail, MemberId, Weekdays};
use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use sqlx::any::AnyRow;
use std::collections::BTreeSet;

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
    /// Of `members`, `usergroup` and `attribute` at most one is set.
    pub members: Option<Vec<MemberEmail>>,
    pub usergroup: Option<String>,
    /// As settings write it: a value, or `key=value`.
    pub attribute: Option<String>,
    pub exclude: Option<Vec<MemberEmail>>,
    pub owners: Option<Vec<MemberEmail>>,
    pub min_active: Option<u32>,
    /// How often it was changed when this was read; 0 for a new one.
    pub version: i64,
}

/// How the scope of what is configured for a member begins.
const MEMBER: &str = "member:";
/// How the scope of a team begins.
const TEAM: &str = "team:";

impl ReportConfig {
    /// One that says nothing.
    pub fn new(report: impl Into<String>, scope: impl Into<String>) -> Self {
        Self {
            report: report.into(),
            scope: scope.into(),
            enabled: None,
            enabled_at: None,
            time: None,
            weekdays: None,
            zone: None,
            channel: None,
            sections: None,
            members: None,
            usergroup: None,
            attribute: None,
            exclude: None,
            owners: None,
            min_active: None,
            version: 0,
        }
    }
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

    /// Inserts or replaces, audited as `entry` says, where it still has the version that `config` was read with; the
    /// version goes up by one. False where somebody else changed it meanwhile: then nothing is written. Where it switches a
    /// team's summary off or moves it, one that was sent by hand before that is not sent any more.
    pub async fn put_report_config(&self, config: &ReportConfig, entry: &AuditEntry) -> Result<bool, StoreError> {
        const PUT: &str = "INSERT INTO zeude_report_configs
            (workspace_id, report, scope, enabled, enabled_at, local_time, weekdays, zone, channel, sections, members,
                usergroup, attribute, exclude, owners, min_active, version)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, CAST($17 AS BIGINT) + 1)
            ON CONFLICT DO NOTHING";
        const CHANGE: &str = "UPDATE zeude_report_configs SET enabled = $4, enabled_at = $5, local_time = $6,
                weekdays = $7, zone = $8, channel = $9, sections = $10, members = $11, usergroup = $12,
                attribute = $13, exclude = $14, owners = $15, min_active = $16, version = version + 1
            WHERE workspace_id = $1 AND report = $2 AND scope = $3 AND version = $17";
        self.write(|mut work| async move {
            let withdrawn = self.withdrawn_by(&mut work, config).await?;
            let bind = |statement: &'static str| {
                let ReportConfig { report, scope, enabled, enabled_at, time, weekdays, zone, .. } = config;
                let sql = self.sql(statement).bind(report).bind(scope).bind(enabled.map(i64::from));
                let sql = sql.bind(enabled_at.map(micros)).bind(time.map(|time| time.to_string()));
                let sql = sql.bind(weekdays.map(|days| days.to_string())).bind(zone.map(Tz::name));
                let sql = sql.bind(config.channel.as_deref()).bind(json(config.sections.as_ref()));
                let sql = sql.bind(json(config.members.as_ref())).bind(config.usergroup.as_deref());
                let sql = sql.bind(config.attribute.as_deref()).bind(json(config.exclude.as_ref()));
                let sql = sql.bind(json(config.owners.as_ref())).bind(config.min_active.map(i64::from));
                sql.bind(config.version)
            };
            let mut written = work.run(bind(CHANGE)).await?;
            if written == 0 && config.version == 0 {
                written = work.run(bind(PUT)).await?;
            }
            if let Some((team, channel, reason)) = withdrawn.filter(|_| written == 1) {
                self.withdrawn(&mut work, (team, channel.as_ref()), reason, entry.at).await?;
            }
            self.note_if(work, written == 1, entry).await
        })
        .await
    }

    /// The team whose summary is on, and off after `config`, or which has another channel after it; with that channel, and
    /// why what was on its way goes nowhere else.
    async fn withdrawn_by<'a>(
        &self,
        work: &mut Work,
        config: &'a ReportConfig,
    ) -> Result<Option<(&'a str, Option<ChannelId>, &'static str)>, Fault> {
        const WAS: &str = "SELECT enabled, channel FROM zeude_report_configs
            WHERE workspace_id = $1 AND report = $2 AND scope = $3";
        let Some(team) = team_of(&config.report, &config.scope) else { return Ok(None) };
        let row = work.row(self.sql(WAS).bind(&config.report).bind(&config.scope)).await?;
        let (enabled, channel) = match row {
            Some(row) => (row.number_or_null("enabled")?, row.text_or_null("channel")?),
            None => (None, None),
        };
        if config.enabled == Some(false) && enabled != Some(0) {
            return Ok(Some((team, None, "not_enabled")));
        }
        let moved = config.channel.clone().filter(|now| channel.as_ref() != Some(now));
        Ok(moved.map(|now| (team, Some(ChannelId(now)), "channel_changed")))
    }

    /// Removes what is configured, with the previews that were shown of it, where it still has this version.
    pub async fn remove_report_config(
        &self,
        report: &str,
        scope: &str,
        version: i64,
        entry: &AuditEntry,
    ) -> Result<bool, StoreError> {
        const REMOVE: &str = "DELETE FROM zeude_report_configs
            WHERE workspace_id = $1 AND report = $2 AND scope = $3 AND version = $4";
        const UNSEEN: &str = "DELETE FROM previews WHERE workspace_id = $1 AND report = $2 AND scope = $3";
        self.write(|mut work| async move {
            let removed = work.run(self.sql(REMOVE).bind(report).bind(scope).bind(version)).await?;
            if removed == 1 {
                work.run(self.sql(UNSEEN).bind(report).bind(scope)).await?;
                if let Some(team) = team_of(report, scope) {
                    self.withdrawn(&mut work, (team, None), "team_removed", entry.at).await?;
                }
            }
            self.note_if(work, removed == 1, entry).await
        })
        .await
    }

    async fn note_if(&self, mut work: Work, done: bool, entry: &AuditEntry) -> Result<bool, Fault> {
        if done {
            self.note(&mut work, entry).await?;
        }
        work.done(done).await
    }

    /// Of the members from `first` to `last`, whose digest an admin switched off.
    pub(super) async fn switched_off_members(
        &self,
        work: &mut Work,
        first: &MemberId,
        last: &MemberId,
    ) -> Result<BTreeSet<String>, Fault> {
        const OFF: &str = "SELECT scope FROM zeude_report_configs
            WHERE workspace_id = $1 AND report = 'daily' AND enabled = 0 AND scope BETWEEN $2 AND $3";
        let sql = self.sql(OFF).bind(format!("{MEMBER}{first}")).bind(format!("{MEMBER}{last}"));
        let scopes = work.each(sql, |row| row.text("scope")).await?;
        Ok(scopes.iter().filter_map(|scope| scope.strip_prefix(MEMBER)).map(str::to_owned).collect())
    }
}

/// The team of whose summary this is.
fn team_of<'a>(report: &str, scope: &'a str) -> Option<&'a str> {
    scope.strip_prefix(TEAM).filter(|_| report == "weekly")
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
        members: row.list_or_null("members")?,
        usergroup: row.text_or_null("usergroup")?,
        attribute: row.text_or_null("attribute")?,
        exclude: row.list_or_null("exclude")?,
        owners: row.list_or_null("owners")?,
        min_active: match row.number_or_null("min_active")? {
            Some(_) => Some(row.count("min_active")?),
            None => None,
        },
        version: row.number("version")?,
    })
}
