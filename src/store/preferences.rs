//! What a member chose; whatever is `None` follows the defaults.

use super::{
    AuditEntry, Store, StoreError,
    cells::{Cells, json, micros},
};
use crate::model::{Covers, LocalTime, MemberId, Weekdays};
use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use sqlx::any::AnyRow;

#[derive(Debug, Clone, Default, PartialEq)]
pub struct Preferences {
    pub time: Option<LocalTime>,
    /// Beats the directory's.
    pub zone: Option<Tz>,
    pub weekdays: Option<Weekdays>,
    pub covers: Option<Covers>,
    /// Their own days off, in place of their team's calendar; sorted.
    pub days_off: Option<Vec<NaiveDate>>,
    /// Names of sections, as settings write them.
    pub sections: Option<Vec<String>>,
    /// Nothing is due before.
    pub pause_until: Option<DateTime<Utc>>,
}

impl Store {
    pub async fn preferences(&self, member: &MemberId) -> Result<Preferences, StoreError> {
        const CHOSEN: &str = "SELECT * FROM preferences WHERE workspace_id = $1 AND member_id = $2";
        let row = self.read(|mut work| async move { work.row(self.sql(CHOSEN).bind(&member.0)).await }).await?;
        row.as_ref().map(preferences).transpose().map(Option::unwrap_or_default)
    }

    /// Replaces them, audited.
    pub async fn set_preferences(
        &self,
        member: &MemberId,
        preferences: &Preferences,
        at: DateTime<Utc>,
        actor: &str,
    ) -> Result<(), StoreError> {
        self.set_preferences_by(member, preferences, at, (actor, "")).await
    }

    /// The same, with the surface by which `actor` chose them.
    pub async fn set_preferences_by(
        &self,
        member: &MemberId,
        preferences: &Preferences,
        at: DateTime<Utc>,
        (actor, surface): (&str, &str),
    ) -> Result<(), StoreError> {
        const CHOOSE: &str = "INSERT INTO preferences
            (workspace_id, member_id, local_time, zone, weekdays, covers, days_off, sections, pause_until)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
            ON CONFLICT (workspace_id, member_id) DO UPDATE SET local_time = excluded.local_time,
                zone = excluded.zone, weekdays = excluded.weekdays, covers = excluded.covers,
                days_off = excluded.days_off, sections = excluded.sections, pause_until = excluded.pause_until";
        self.write(|mut work| async move {
            let Preferences { time, zone, weekdays, covers, days_off, sections, pause_until } = preferences;
            let sql = self.sql(CHOOSE).bind(&member.0).bind(time.map(|time| time.to_string()));
            let sql = sql.bind(zone.map(Tz::name)).bind(weekdays.map(|days| days.to_string()));
            let sql = sql.bind(covers.map(|covers| covers.to_string())).bind(json(days_off.as_ref()));
            work.run(sql.bind(json(sections.as_ref())).bind(pause_until.map(micros))).await?;
            let (actor, action, subject) = (actor.to_owned(), "preferences.set".to_owned(), member.0.clone());
            let detail = surface.to_owned();
            self.note(&mut work, &AuditEntry { at, actor, action, subject, detail }).await?;
            work.done(()).await
        })
        .await
    }
}

/// Reads a row of `preferences`, or one that is joined with it and has none.
pub(super) fn preferences(row: &AnyRow) -> Result<Preferences, StoreError> {
    Ok(Preferences {
        time: row.parsed_or_null("local_time")?,
        zone: row.parsed_or_null("zone")?,
        weekdays: row.parsed_or_null("weekdays")?,
        covers: row.parsed_or_null("covers")?,
        days_off: row.list_or_null("days_off")?,
        sections: row.list_or_null("sections")?,
        pause_until: row.instant_or_null("pause_until")?,
    })
}
