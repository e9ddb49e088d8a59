//! What holds for each team: the settings file, what was configured through Slack, the page or the API, and who was seen
//! on it.

use super::team::WEEKLY;
use crate::{
    config::{Membership, Settings, Team, TeamSection, team_attribute, team_key},
    model::{ChannelId, MemberEmail, Roster, Stay},
    schedule::WeeklySchedule,
    store::{ReportConfig, Store, StoreError},
};
use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use std::collections::{BTreeMap, BTreeSet, btree_map::Entry};

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

/// Since when the settings file has a team's summary enabled; the team's name follows.
const ENABLED_AT: &str = "weekly.enabled_at.";
/// How the scope of what is configured for a team begins.
const SCOPE: &str = "team:";

/// Takes back that summaries are enabled where the daemon that starts is not told so, and warns of teams that are twins.
pub(super) async fn begin(settings: &Settings, store: &Store, now: DateTime<Utc>) -> Result<(), StoreError> {
    for name in store.values_under(ENABLED_AT).await?.into_keys() {
        if !settings.teams.get(&name).is_some_and(|team| team.enabled) {
            store.set_value(&format!("{ENABLED_AT}{name}"), None).await?;
        }
    }
    // The file may bring a twin of a team that was made in Slack.
    let rules = merged(settings, store, &BTreeMap::new(), now).await?;
    for (one, other) in twins(rules.keys()) {
        tracing::warn!(team = one, twin = other, "the names of two teams cannot be told apart, and both get a summary");
    }
    Ok(())
}

/// Teams whose names differ by nothing that people tell apart, each with the first of such a name.
pub fn twins<'a>(names: impl Iterator<Item = &'a String>) -> Vec<(&'a str, &'a str)> {
    let (mut first, mut twins) = (BTreeMap::new(), Vec::new());
    for name in names {
        match first.entry(team_key(name)) {
            Entry::Vacant(place) => drop(place.insert(name.as_str())),
            Entry::Occupied(before) => twins.push((*before.get(), name.as_str())),
        }
    }
    twins
}

/// All teams as the settings say by themselves.
pub(super) fn of_file(settings: &Settings) -> BTreeMap<String, TeamRules> {
    let rules = |team: &Team| TeamRules::of(team, settings.digest.default_zone);
    settings.teams.iter().map(|(name, team)| (name.clone(), rules(team))).collect()
}

/// All teams of the settings, and those that were made in Slack, on the page or through the API alone; the number of queries
/// does not grow with them. Notes since when the settings file has each enabled.
pub(super) async fn teams(
    settings: &Settings,
    store: &Store,
    now: DateTime<Utc>,
) -> Result<BTreeMap<String, TeamRules>, StoreError> {
    let enabled = enabled_by_file(&settings.teams, store, now).await?;
    merged(settings, store, &enabled, now).await
}

/// The same where these are enabled by the file; writes nothing.
pub(super) async fn merged(
    settings: &Settings,
    store: &Store,
    enabled: &BTreeMap<String, DateTime<Utc>>,
    now: DateTime<Utc>,
) -> Result<BTreeMap<String, TeamRules>, StoreError> {
    let configured = store.report_configs(WEEKLY).await?;
    let configured = configured.iter().filter_map(|config| Some((config.scope.strip_prefix(SCOPE)?, config)));
    let configured: BTreeMap<_, _> = configured.collect();
    let mut rules = of_file(settings);
    for (name, config) in &configured {
        // Without people it is what is left of a team that the settings had.
        if let (false, Some(people)) = (rules.contains_key(*name), membership(config)) {
            rules.insert((*name).to_owned(), TeamRules::of(&Team::of(people), settings.digest.default_zone));
        }
    }
    for (name, team) in &mut rules {
        team.weekly.enabled_at = enabled.get(name).copied();
        if let Some(config) = configured.get(name.as_str()) {
            team.weekly.configure(name, config, now);
        }
    }
    let groups = rules.iter().filter(|(_, team)| matches!(team.weekly.membership, Membership::Usergroup(_)));
    let groups: BTreeSet<_> = groups.map(|(name, _)| name.clone()).collect();
    let rosters = if groups.is_empty() { BTreeMap::new() } else { store.rosters(&groups, now).await? };
    for (name, team) in &mut rules {
        team.members = team.weekly.people(rosters.get(name));
    }
    Ok(rules)
}

/// Who belongs to a team by what was configured for it; none where that says nothing.
fn membership(config: &ReportConfig) -> Option<Membership> {
    if let Some(members) = &config.members {
        return Some(Membership::Members(members.clone()));
    }
    if let Some(group) = &config.usergroup {
        return Some(Membership::Usergroup(group.clone()));
    }
    // It was read when it was configured.
    config.attribute.as_ref().and_then(|attribute| team_attribute(attribute).ok())
}

/// When the file's switch of each team was first seen on, kept while it stays on.
async fn enabled_by_file(
    teams: &BTreeMap<String, Team>,
    store: &Store,
    now: DateTime<Utc>,
) -> Result<BTreeMap<String, DateTime<Utc>>, StoreError> {
    let mut kept = store.values_under(ENABLED_AT).await?;
    let enabled = || teams.iter().filter(|(_, team)| team.enabled).map(|(name, _)| name);
    let new = enabled().filter(|name| !kept.contains_key(*name));
    let new: Vec<_> = new.map(|name| (format!("{ENABLED_AT}{name}"), now.to_rfc3339())).collect();
    if !new.is_empty() {
        store.set_missing(&new).await?;
        kept = store.values_under(ENABLED_AT).await?;
    }
    // A command may lack what the daemon was told in its environment: the daemon's word stands.
    let mut since: BTreeMap<_, _> = enabled().map(|name| (name.clone(), now)).collect();
    since.extend(kept.into_iter().filter_map(|(name, at)| Some((name, at.parse().ok()?))));
    Ok(since)
}

impl TeamRules {
    /// As the settings say by themselves.
    fn of(team: &Team, default_zone: Tz) -> Self {
        let weekly = TeamWeekly::of(team, default_zone);
        Self { members: weekly.people(None), days_off: team.days_off.clone(), weekly }
    }
}

impl TeamWeekly {
    /// Whether the people of this user group are the team.
    pub fn is_group(&self, usergroup: &str) -> bool {
        matches!(&self.membership, Membership::Usergroup(group) if group == usergroup)
    }

    /// As the file says, but for the switch.
    fn of(team: &Team, default_zone: Tz) -> Self {
        Self {
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
        }
    }

    /// Who is on the team now, as far as a list or a user group says it.
    fn people(&self, roster: Option<&Roster>) -> BTreeSet<MemberEmail> {
        let still = |stays: &Vec<Stay>| stays.iter().any(|stay| stay.until.is_none());
        let members: Vec<_> = match (&self.membership, roster) {
            (Membership::Members(members), _) => members.iter().collect(),
            (Membership::Usergroup(_), Some(roster)) => {
                roster.0.iter().filter(|(_, stays)| still(stays)).map(|(email, _)| email).collect()
            }
            // A telemetry attribute can be set by anybody, and is only known of the past.
            (Membership::Usergroup(_) | Membership::Attribute { .. }, _) => Vec::new(),
        };
        members.into_iter().filter(|email| !self.exclude.contains(email)).cloned().collect()
    }

    /// Takes over what was configured for team `name`, which beats the file.
    fn configure(&mut self, name: &str, config: &ReportConfig, now: DateTime<Utc>) {
        if let Some(membership) = membership(config) {
            self.membership = membership;
        }
        if let Some(exclude) = &config.exclude {
            self.exclude = exclude.iter().cloned().collect();
        }
        if let Some(owners) = &config.owners {
            self.owners.clone_from(owners);
        }
        self.min_active = config.min_active.unwrap_or(self.min_active);
        match config.enabled {
            Some(true) => self.enabled_at = config.enabled_at.or(Some(now)),
            Some(false) => self.enabled_at = None,
            None => {}
        }
        let schedule = &mut self.schedule;
        schedule.time = config.time.unwrap_or(schedule.time);
        schedule.zone = config.zone.unwrap_or(schedule.zone);
        if let Some(days) = config.weekdays {
            if let Some(day) = days.only() {
                schedule.day = day;
            } else {
                tracing::warn!(team = name, days = %days, "a weekly summary has one day; these are ignored");
            }
        }
        if let Some(channel) = &config.channel {
            self.channel = Some(ChannelId(channel.clone()));
        }
        if let Some(chosen) = &config.sections {
            let known = |name: &String| TeamSection::ALL.into_iter().find(|(known, _)| *known == name.trim());
            let chosen: Vec<_> = chosen.iter().filter_map(known).map(|(_, section)| section).collect();
            if chosen.is_empty() {
                tracing::warn!(team = name, "none of the chosen sections of a weekly summary is one; they are ignored");
            } else {
                self.sections = chosen;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::Weekday;

    const NOW: &str = "2026-03-09T08:00:00Z";

    fn team(more: &[(&str, &str)]) -> Team {
        let own = [("CHANNEL", "C1"), ("ZONE", "Europe/Berlin"), ("DAY", "tue"), ("TIME", "10:00")];
        let set =
            own.iter().chain(more).map(|(key, value)| (format!("RECAP__TEAMS__CORE__{key}"), (*value).to_owned()));
        Settings::load(None, set).unwrap().teams.remove("core").unwrap()
    }

    fn nothing() -> ReportConfig {
        ReportConfig::new(WEEKLY, "team:core")
    }

    fn configured(config: &ReportConfig) -> TeamWeekly {
        let by_file = Some("2026-01-01T00:00:00Z".parse().unwrap());
        let mut weekly = TeamWeekly { enabled_at: by_file, ..TeamWeekly::of(&team(&[]), Tz::UTC) };
        weekly.configure("core", config, NOW.parse().unwrap());
        weekly
    }

    #[test]
    fn what_was_configured_beats_the_file_and_the_rest_stands() {
        let weekly = configured(&nothing());
        assert_eq!((weekly.schedule.zone, weekly.schedule.day), (Tz::Europe__Berlin, Weekday::Tue));
        assert_eq!((weekly.channel, weekly.sections.len()), (Some(ChannelId("C1".into())), 8));
        assert!(weekly.enabled_at.is_some());

        let weekly = configured(&ReportConfig {
            time: Some("16:30".parse().unwrap()),
            weekdays: Some("fri".parse().unwrap()),
            zone: Some(Tz::Asia__Tokyo),
            channel: Some("C2".to_owned()),
            sections: Some(vec!["cost".to_owned(), "weather".to_owned(), " models ".to_owned()]),
            ..nothing()
        });
        assert_eq!(weekly.schedule.time, "16:30".parse().unwrap());
        assert_eq!((weekly.schedule.zone, weekly.schedule.day), (Tz::Asia__Tokyo, Weekday::Fri));
        assert_eq!(weekly.channel, Some(ChannelId("C2".into())));
        assert_eq!(weekly.sections, [TeamSection::Cost, TeamSection::Models]);
    }

    #[test]
    fn what_was_configured_of_a_teams_people_beats_the_file_too() {
        let email = |name: &str| MemberEmail::parse(&format!("{name}@example.com")).unwrap();
        let bare = configured(&nothing());
        assert_eq!((bare.membership, bare.min_active), (Membership::Members(vec![]), 3));
        let weekly = configured(&ReportConfig {
            members: Some(vec![email("ada"), email("bob")]),
            exclude: Some(vec![email("bob")]),
            owners: Some(vec![email("eve")]),
            min_active: Some(5),
            ..nothing()
        });
        assert_eq!(weekly.people(None), [email("ada")].into());
        assert_eq!((weekly.owners, weekly.min_active), (vec![email("eve")], 5));
        let weekly = configured(&ReportConfig { attribute: Some("team.id=core".to_owned()), ..nothing() });
        let value = Membership::Attribute { key: Some("team.id".to_owned()), value: "core".to_owned() };
        assert_eq!(weekly.membership, value);
        let weekly = configured(&ReportConfig { usergroup: Some("S1".to_owned()), ..nothing() });
        assert_eq!(weekly.membership, Membership::Usergroup("S1".to_owned()));
    }

    #[test]
    fn what_makes_no_sense_is_ignored() {
        let days = |days: &str| ReportConfig { weekdays: Some(days.parse().unwrap()), ..nothing() };
        for config in [days("mon-fri"), days("mon,wed"), days("mon-sun")] {
            assert_eq!(configured(&config).schedule.day, Weekday::Tue, "{config:?}");
        }
        for sections in [vec![], vec!["weather".to_owned()]] {
            assert_eq!(configured(&ReportConfig { sections: Some(sections), ..nothing() }).sections.len(), 8);
        }
    }

    #[test]
    fn the_switch_has_the_instant_at_which_it_was_set() {
        let at = |text: &str| Some(text.parse::<DateTime<Utc>>().unwrap());
        let later = at("2026-02-01T00:00:00Z");
        for (enabled, enabled_at, expected) in [
            (None, later, at("2026-01-01T00:00:00Z")),
            (Some(true), later, later),
            (Some(true), None, at(NOW)),
            (Some(false), later, None),
        ] {
            let config = ReportConfig { enabled, enabled_at, ..nothing() };
            assert_eq!(configured(&config).enabled_at, expected, "{config:?}");
        }
    }

    #[test]
    fn lists_and_user_groups_say_who_is_on_a_team_now() {
        let email = |name: &str| MemberEmail::parse(&format!("{name}@example.com")).unwrap();
        let at = |text: &str| Some(text.parse::<DateTime<Utc>>().unwrap());
        let left = Stay { since: None, until: at("2026-03-01T00:00:00Z") };
        let back = Stay { since: at("2026-03-05T00:00:00Z"), until: None };
        let roster = Roster(BTreeMap::from([
            (email("ada"), vec![Stay::ALWAYS]),
            (email("bob"), vec![left]),
            (email("eve"), vec![left, back]),
            (email("robot"), vec![Stay::ALWAYS]),
        ]));
        let exclude = ("EXCLUDE", "robot@example.com");
        let list = team(&[("MEMBERS", "ada@example.com,robot@example.com"), exclude]);
        let group = team(&[("USERGROUP", "S1"), exclude]);
        let attribute = team(&[("ATTRIBUTE", "core"), exclude]);
        for (team, roster, expected) in [
            (&list, None, vec!["ada"]),
            (&group, Some(&roster), vec!["ada", "eve"]),
            (&group, None, vec![]),
            (&attribute, Some(&roster), vec![]),
        ] {
            let expected: BTreeSet<_> = expected.into_iter().map(email).collect();
            assert_eq!(TeamWeekly::of(team, Tz::UTC).people(roster), expected, "{:?}", team.membership);
        }
    }
}
