//! What the installation says about personal digests, whoever the member is.

use super::subscribe::DAILY;
use crate::{
    config::{self, Enrollment, Membership, Settings, Team, TeamSection},
    model::{ChannelId, Covers, LocalTime, MemberEmail, Weekdays, fnv1a},
    schedule::{CatchUp, DailySchedule, WeeklySchedule},
    store::{Store, StoreError, Subscription},
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
    pub teams: BTreeMap<String, TeamRules>,
}

/// What a team brings to its members' schedules, and its own.
#[derive(Debug, Clone)]
pub struct TeamRules {
    /// Its people, where a list or a user group says who they are.
    pub members: BTreeSet<MemberEmail>,
    pub days_off: BTreeSet<NaiveDate>,
    pub weekly: TeamWeekly,
}

/// A team's weekly summary, as settings and store say together.
#[derive(Debug, Clone)]
pub struct TeamWeekly {
    /// Since when it is enabled; `None`: it is not.
    pub enabled_at: Option<DateTime<Utc>>,
    pub schedule: WeeklySchedule,
    pub channel: Option<ChannelId>,
    pub sections: Vec<TeamSection>,
    pub membership: Membership,
    /// Who does not count.
    pub exclude: BTreeSet<MemberEmail>,
    pub owners: Vec<MemberEmail>,
    pub min_active: u32,
}

/// Since when the settings file has personal digests enabled.
const ENABLED_AT: &str = "daily.enabled_at";

impl Rules {
    /// Takes back that personal digests are enabled where the daemon that starts is not told so.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn begin(settings: &Settings, store: &Store) -> Result<(), StoreError> {
        if settings.digest.enabled { Ok(()) } else { store.set_value(ENABLED_AT, None).await }
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
        Ok(Self {
            enabled_at,
            enrollment: digest.enrollment,
            time: configured.and_then(|config| config.time).unwrap_or(digest.default_time),
            weekdays: configured.and_then(|config| config.weekdays).unwrap_or(digest.default_days),
            covers: digest.covers,
            zone: configured.and_then(|config| config.zone).unwrap_or(digest.default_zone),
            catch_up: CatchUp { hours: digest.catch_up_hours, latest_local_hour: digest.latest_local_hour },
            jitter_minutes: digest.jitter_minutes,
            teams: settings
                .teams
                .iter()
                .map(|(name, team)| (name.clone(), TeamRules::of(team, digest.default_zone)))
                .collect(),
        })
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
            teams: settings
                .teams
                .iter()
                .map(|(name, team)| (name.clone(), TeamRules::of(team, digest.default_zone)))
                .collect(),
        }
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

    /// The form of window of a member who chose none.
    pub fn covers_at(&self, time: LocalTime) -> Covers {
        match self.covers {
            config::Covers::Auto => Covers::at(time),
            config::Covers::Morning => Covers::Morning,
            config::Covers::Evening => Covers::Evening,
        }
    }
}

impl TeamRules {
    fn of(team: &Team, default_zone: Tz) -> Self {
        let members = match &team.membership {
            Membership::Members(members) => {
                members.iter().filter(|email| !team.exclude.contains(email)).cloned().collect()
            }
            // Known once teams are.
            Membership::Usergroup(_) | Membership::Attribute { .. } => BTreeSet::new(),
        };
        let weekly = TeamWeekly {
            enabled_at: None,
            schedule: WeeklySchedule {
                zone: team.zone.unwrap_or(default_zone),
                time: team.time,
                day: team.day,
                days_off: team.days_off.clone(),
            },
            channel: team.channel.clone().map(ChannelId),
            sections: team.sections.clone(),
            membership: team.membership.clone(),
            exclude: team.exclude.iter().cloned().collect(),
            owners: team.owners.clone(),
            min_active: team.min_active,
        };
        Self { members, days_off: team.days_off.clone(), weekly }
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

/// The schedule of a subscription whose days off are `days_off`.
pub(super) fn schedule_of(
    zone: Tz,
    time: LocalTime,
    weekdays: Weekdays,
    covers: Covers,
    days_off: impl IntoIterator<Item = NaiveDate>,
) -> DailySchedule {
    DailySchedule { zone, time, weekdays, days_off: days_off.into_iter().collect(), covers }
}

/// The schedule of a subscription, its days off included.
///
/// # Errors
/// When the store does not answer.
pub async fn schedule(store: &Store, subscription: &Subscription) -> Result<DailySchedule, StoreError> {
    let days_off = store.calendar(&subscription.calendar).await?;
    let Subscription { zone, time, weekdays, covers, .. } = subscription;
    Ok(schedule_of(*zone, *time, *weekdays, *covers, days_off))
}
