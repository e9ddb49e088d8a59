//! What a member chose; whatever is `None` follows the defaults.

use super::{
    AuditEntry, Store, StoreError,
    cells::{Cells, json, micros},
};
use crate::model::{Covers, LocalTime, MemberId, Weekdays};
use chrono::{DateTime, NaiveDate, SecondsFormat, Utc};
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

/// What is to be changed: each that is given becomes a choice, or with `Some(None)` follows the defaults again.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct PreferencesChange {
    pub time: Option<Option<LocalTime>>,
    pub zone: Option<Option<Tz>>,
    pub weekdays: Option<Option<Weekdays>>,
    pub covers: Option<Option<Covers>>,
    pub days_off: Option<Option<Vec<NaiveDate>>>,
    pub sections: Option<Option<Vec<String>>>,
    pub pause_until: Option<Option<DateTime<Utc>>>,
}

impl PreferencesChange {
    /// The change of everything to `preferences`.
    pub fn to(preferences: &Preferences) -> Self {
        let Preferences { time, zone, weekdays, covers, days_off, sections, pause_until } = preferences.clone();
        Self {
            time: Some(time),
            zone: Some(zone),
            weekdays: Some(weekdays),
            covers: Some(covers),
            days_off: Some(days_off),
            sections: Some(sections),
            pause_until: Some(pause_until),
        }
    }

    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// What holds after it where `before` held.
    pub fn onto(&self, before: Preferences) -> Preferences {
        Preferences {
            time: self.time.unwrap_or(before.time),
            zone: self.zone.unwrap_or(before.zone),
            weekdays: self.weekdays.unwrap_or(before.weekdays),
            covers: self.covers.unwrap_or(before.covers),
            days_off: self.days_off.clone().unwrap_or(before.days_off),
            sections: self.sections.clone().unwrap_or(before.sections),
            pause_until: self.pause_until.unwrap_or(before.pause_until),
        }
    }

    /// Writes the columns that are given.
    fn statement(&self) -> String {
        const CHOOSE: &str = "INSERT INTO preferences
            (workspace_id, member_id, local_time, zone, weekdays, covers, days_off, sections, pause_until)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
            ON CONFLICT (workspace_id, member_id) DO UPDATE SET ";
        let columns = [
            ("local_time", self.time.is_some()),
            ("zone", self.zone.is_some()),
            ("weekdays", self.weekdays.is_some()),
            ("covers", self.covers.is_some()),
            ("days_off", self.days_off.is_some()),
            ("sections", self.sections.is_some()),
            ("pause_until", self.pause_until.is_some()),
        ];
        let given = columns.into_iter().filter(|(_, given)| *given);
        let given: Vec<_> = given.map(|(column, _)| format!("{column} = excluded.{column}")).collect();
        format!("{CHOOSE}{}", given.join(", "))
    }
}

impl Store {
    pub async fn preferences(&self, member: &MemberId) -> Result<Preferences, StoreError> {
        const CHOSEN: &str = "SELECT * FROM preferences WHERE workspace_id = $1 AND member_id = $2";
        let row = self.read(|mut work| async move { work.row(self.sql(CHOSEN).bind(&member.0)).await }).await?;
        row.as_ref().map(preferences).transpose().map(Option::unwrap_or_default)
    }

    /// When the member paused and up to when, or ended a pause (none), by the audit: the latest first.
    pub async fn pauses_of(
        &self,
        member: &MemberId,
    ) -> Result<Vec<(DateTime<Utc>, Option<DateTime<Utc>>)>, StoreError> {
        const CHANGED: &str = "SELECT at, detail FROM audit
            WHERE workspace_id = $1 AND subject = $2 AND action = 'preferences.set' ORDER BY number DESC LIMIT 1000";
        let rows = self.read(|mut work| async move { work.rows(self.sql(CHANGED).bind(&member.0)).await }).await?;
        let pause = |row: &AnyRow| {
            let (at, detail) = (row.instant("at")?, row.text("detail")?);
            Ok(pause_of(&detail).map(|until| (at, until)))
        };
        rows.iter().filter_map(|row| pause(row).transpose()).collect()
    }

    /// Replaces them, audited.
    pub async fn set_preferences(
        &self,
        member: &MemberId,
        preferences: &Preferences,
        at: DateTime<Utc>,
        actor: &str,
    ) -> Result<(), StoreError> {
        self.change_preferences(member, &PreferencesChange::to(preferences), at, (actor, "")).await
    }

    /// Writes what `change` gives and nothing else, audited, with the surface by which `actor` chose it: what others change
    /// at the same time stands.
    pub async fn change_preferences(
        &self,
        member: &MemberId,
        change: &PreferencesChange,
        at: DateTime<Utc>,
        (actor, surface): (&str, &str),
    ) -> Result<(), StoreError> {
        if change.is_empty() {
            return Ok(());
        }
        let text = change.statement();
        let chosen = &change.onto(Preferences::default());
        self.write(|mut work| {
            let text = text.clone();
            async move {
                let Preferences { time, zone, weekdays, covers, days_off, sections, pause_until } = chosen;
                let sql = self.sql_of(text).bind(&member.0).bind(time.map(|time| time.to_string()));
                let sql = sql.bind(zone.map(Tz::name)).bind(weekdays.map(|days| days.to_string()));
                let sql = sql.bind(covers.map(|covers| covers.to_string())).bind(json(days_off.as_ref()));
                work.run(sql.bind(json(sections.as_ref())).bind(pause_until.map(micros))).await?;
                let (actor, action, subject) = (actor.to_owned(), "preferences.set".to_owned(), member.0.clone());
                let detail = detail(surface, change);
                self.note(&mut work, &AuditEntry { at, actor, action, subject, detail }).await?;
                work.done(()).await
            }
        })
        .await
    }
}

/// How the audit writes a pause, and its end.
const PAUSED: &str = "paused until ";
const GOES_ON: &str = "no pause";

/// What the audit says of a change: the surface, and the pause where that was changed.
fn detail(surface: &str, change: &PreferencesChange) -> String {
    let pause = change.pause_until.map(|until| match until {
        Some(until) => format!("{PAUSED}{}", until.to_rfc3339_opts(SecondsFormat::Micros, true)),
        None => GOES_ON.to_owned(),
    });
    let parts = [Some(surface).filter(|surface| !surface.is_empty()).map(str::to_owned), pause];
    parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
}

/// Up to when they paused; `Some(None)` where a pause was ended, nothing where it was left alone.
#[expect(clippy::option_option, reason = "whether it was changed, and to what")]
fn pause_of(detail: &str) -> Option<Option<DateTime<Utc>>> {
    let pause = detail.rsplit(", ").next().unwrap_or_default();
    match pause.strip_prefix(PAUSED) {
        Some(until) => until.parse().ok().map(Some),
        None => (pause == GOES_ON).then_some(None),
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
