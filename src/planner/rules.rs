//! What the installation says about personal digests and its teams, whoever the member is.

use super::{
    subscribe::DAILY,
    team_rules::{self, TeamRules, TeamWeekly},
};
use crate::{
    config::{self, Enrollment, Settings},
    model::{ChannelId, Covers, LocalTime, MemberEmail, Weekdays, fnv1a},
    schedule::{CatchUp, DailySchedule},
    store::{MemberRecord, Preferences, Store, StoreError, Subscription},
};
use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use std::collections::{BTreeMap, BTreeSet};

/// The installation's part in every member's schedule.
#[derive(Debug, Clone)]
pub struct Rules {
    /// Since when personal digests are enabled; `None`: they are not.
    pub enabled_at: Option<DateTime<Utc>>,
    pub enrollment: Enrollment,
    pub time: LocalTime,
    pub weekdays: Weekdays,
    pub covers: config::Covers,
    /// For members to whom the directory gives no zone that is known.
    pub zone: Tz,
    pub catch_up: CatchUp,
    pub jitter_minutes: u32,
    /// What is shown to members who chose nothing, where it was configured; else the settings say.
    pub sections: Option<Vec<String>>,
    pub teams: BTreeMap<String, TeamRules>,
}

/// Since when the settings file has personal digests enabled.
const ENABLED_AT: &str = "daily.enabled_at";

impl Rules {
    /// Takes back that personal digests, or the summaries of teams, are enabled where the daemon that starts is not told so.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn begin(settings: &Settings, store: &Store, now: DateTime<Utc>) -> Result<(), StoreError> {
        if !settings.digest.enabled {
            store.set_value(ENABLED_AT, None).await?;
        }
        team_rules::begin(settings, store, now).await
    }

    /// What settings and store say together; what was configured through Slack, the page or the API beats the file.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn of(settings: &Settings, store: &Store, now: DateTime<Utc>) -> Result<Self, StoreError> {
        let digest = &settings.digest;
        let configured = store.report_config(DAILY, "workspace").await?;
        let enabled_at = match configured.as_ref().and_then(|config| config.enabled) {
            Some(true) => configured.as_ref().and_then(|config| config.enabled_at).or(Some(now)),
            Some(false) => None,
            None => enabled_by_file(digest.enabled, store, now).await?,
        };
        let configured = configured.as_ref();
        let file = Self::of_file(settings);
        Ok(Self {
            enabled_at,
            time: configured.and_then(|config| config.time).unwrap_or(file.time),
            weekdays: configured.and_then(|config| config.weekdays).unwrap_or(file.weekdays),
            zone: configured.and_then(|config| config.zone).unwrap_or(file.zone),
            sections: configured.and_then(|config| config.sections.clone()),
            teams: team_rules::teams(settings, store, now).await?,
            ..file
        })
    }

    /// The teams as settings and store say together, and the rest by the settings; writes nothing, so for a look.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn of_teams(settings: &Settings, store: &Store, now: DateTime<Utc>) -> Result<Self, StoreError> {
        let enabled = settings.teams.iter().filter(|(_, team)| team.enabled).map(|(name, _)| (name.clone(), now));
        let teams = team_rules::merged(settings, store, &enabled.collect(), now).await?;
        Ok(Self { teams, ..Self::of_file(settings) })
    }

    /// What the settings say by themselves: enough to show something, not to send it.
    pub fn of_file(settings: &Settings) -> Self {
        let digest = &settings.digest;
        Self {
            enabled_at: None,
            enrollment: digest.enrollment,
            time: digest.default_time,
            weekdays: digest.default_days,
            covers: digest.covers,
            zone: digest.default_zone,
            catch_up: CatchUp { hours: digest.catch_up_hours, latest_local_hour: digest.latest_local_hour },
            jitter_minutes: digest.jitter_minutes,
            sections: None,
            teams: team_rules::of_file(settings),
        }
    }

    /// The names of the sections that a member who chose these, or none, is shown; without any the settings say.
    pub fn sections_for<'a>(&'a self, chosen: Option<&'a [String]>) -> Option<&'a [String]> {
        chosen.or(self.sections.as_deref())
    }

    /// The channel of each team's summary.
    pub fn channels(&self) -> BTreeMap<String, Option<ChannelId>> {
        self.teams.iter().map(|(name, team)| (name.clone(), team.weekly.channel.clone())).collect()
    }

    /// The weekly summary of the team of this name.
    pub fn weekly(&self, team: &str) -> Option<&TeamWeekly> {
        self.teams.get(team).map(|team| &team.weekly)
    }

    /// The first of the member's teams, by name: for fair order.
    pub fn team_of(&self, email: &MemberEmail) -> &str {
        let mut teams = self.teams.iter().filter(|(_, team)| team.members.contains(email));
        teams.next().map_or("", |(name, _)| name)
    }

    /// The days off of all the member's teams together.
    pub fn days_off_of(&self, email: &MemberEmail) -> BTreeSet<NaiveDate> {
        let teams = self.teams.values().filter(|team| team.members.contains(email));
        teams.flat_map(|team| team.days_off.iter().copied()).collect()
    }

    /// The schedule that holds for a member: what they chose, else what the directory, their teams and these rules say.
    pub fn schedule_for(&self, member: &MemberRecord, preferences: &Preferences) -> DailySchedule {
        let days_off = match (&preferences.days_off, &member.email) {
            (Some(own), _) => own.iter().copied().collect(),
            (None, Some(email)) => self.days_off_of(email),
            (None, None) => BTreeSet::new(),
        };
        let time = preferences.time.unwrap_or(self.time);
        DailySchedule {
            zone: preferences.zone.or(member.zone).unwrap_or(self.zone),
            time,
            weekdays: preferences.weekdays.unwrap_or(self.weekdays),
            days_off,
            covers: preferences.covers.unwrap_or_else(|| self.covers_at(time)),
        }
    }

    /// The form of window of a member who chose none.
    pub fn covers_at(&self, time: LocalTime) -> Covers {
        match self.covers {
            config::Covers::Auto => Covers::at(time),
            config::Covers::Morning => Covers::Morning,
            config::Covers::Evening => Covers::Evening,
        }
    }
}

/// When the file's switch was first seen on, kept while it stays on.
async fn enabled_by_file(
    enabled: bool,
    store: &Store,
    now: DateTime<Utc>,
) -> Result<Option<DateTime<Utc>>, StoreError> {
    if enabled {
        store.swap_value(ENABLED_AT, None, Some(&now.to_rfc3339())).await?;
    }
    // A command may lack what the daemon was told in its environment: the daemon's word stands.
    let kept = store.value(ENABLED_AT).await?;
    Ok(kept.and_then(|kept| kept.parse().ok()).or(enabled.then_some(now)))
}

/// The key under which a set of days off is kept: the same set has the same key; empty for none.
pub(super) fn calendar_key(days_off: &BTreeSet<NaiveDate>) -> String {
    if days_off.is_empty() {
        return String::new();
    }
    let dates = || days_off.iter().flat_map(|date| date.to_string().into_bytes());
    // Two hashes: sets that differ must not share a key.
    format!("{:016x}{:016x}", fnv1a(dates()), fnv1a(dates().chain(*b"again")))
}

/// The schedule of a subscription, its days off included.
///
/// # Errors
/// When the store does not answer.
pub async fn schedule(store: &Store, subscription: &Subscription) -> Result<DailySchedule, StoreError> {
    let days_off = store.calendar(&subscription.calendar).await?.into_iter().collect();
    let Subscription { zone, time, weekdays, covers, .. } = *subscription;
    Ok(DailySchedule { zone, time, weekdays, days_off, covers })
}
