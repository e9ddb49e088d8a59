//! `zeude_report_configs`: what was configured through Slack, the page or the API; it beats the settings file.

use super::{Store, StoreError};
use crate::model::{LocalTime, Weekdays};
use chrono::{DateTime, Utc};
use chrono_tz::Tz;

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
        todo!()
    }

    /// Inserts or replaces, audited.
    pub async fn put_report_config(
        &self,
        config: &ReportConfig,
        at: DateTime<Utc>,
        actor: &str,
    ) -> Result<(), StoreError> {
        todo!()
    }
}
