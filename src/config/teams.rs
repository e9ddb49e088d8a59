//! `[teams.<name>]` and `[budgets]`: who belongs together, where their summary goes, and what a month may cost.

use super::{
    calendar, forms,
    section::Section,
    team_name::{check_team_name, team_key},
};
use crate::model::{LocalTime, MemberEmail, parse_zone};
use chrono::{NaiveDate, Weekday};
use chrono_tz::Tz;
use std::{
    collections::{BTreeMap, BTreeSet},
    ops::RangeInclusive,
    path::PathBuf,
};

/// With fewer active members than this a summary says nothing of what they did, unless settings say otherwise.
const MIN_ACTIVE: u32 = 3;
/// What may be chosen in its place.
pub const MIN_ACTIVES: RangeInclusive<u32> = 1..=1_000_000;

/// A team as the settings know it; what was changed through Slack or the API stands in the store.
#[derive(Debug, Clone)]
pub struct Team {
    pub enabled: bool,
    pub membership: Membership,
    /// Members who do not count, such as service accounts.
    pub exclude: Vec<MemberEmail>,
    /// Where the weekly summary is posted.
    pub channel: Option<String>,
    pub zone: Option<Tz>,
    pub time: LocalTime,
    pub day: Weekday,
    pub owners: Vec<MemberEmail>,
    pub sections: Vec<TeamSection>,
    /// The file with the days off.
    pub calendar: Option<PathBuf>,
    /// The dates in it.
    pub days_off: BTreeSet<NaiveDate>,
    /// With fewer active members a summary says how many were active, and nothing else.
    pub min_active: u32,
}

/// Who belongs to a team.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Membership {
    Members(Vec<MemberEmail>),
    /// A Slack user group.
    Usergroup(String),
    /// Whoever's telemetry carries this value, under `key` or else under any of `clickhouse.team_attributes`.
    Attribute {
        key: Option<String>,
        value: String,
    },
}

/// A part of the weekly summary.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum TeamSection {
    Sessions,
    Cost,
    Active,
    Tokens,
    Mvp,
    Skills,
    NewSkills,
    Chart,
    Models,
}

impl TeamSection {
    /// The section of this name.
    ///
    /// # Errors
    /// When there is none: the reason names the nearest.
    pub fn parse(name: &str) -> Result<Self, String> {
        forms::one_of(name, &Self::ALL)
    }

    /// The name that settings use.
    pub fn name(self) -> &'static str {
        Self::ALL.iter().find(|(_, section)| *section == self).map_or("", |(name, _)| name)
    }

    /// Every section with the name that settings use; all but the last are on unless listed otherwise.
    pub const ALL: [(&str, Self); 9] = [
        ("sessions", Self::Sessions),
        ("cost", Self::Cost),
        ("active", Self::Active),
        ("tokens", Self::Tokens),
        ("mvp", Self::Mvp),
        ("skills", Self::Skills),
        ("new_skills", Self::NewSkills),
        ("chart", Self::Chart),
        ("models", Self::Models),
    ];
}

pub(super) fn read_all(mut section: Section<'_>) -> Option<BTreeMap<String, Team>> {
    let names = section.names();
    tell_apart(&mut section, &names);
    let teams: Vec<_> = names
        .into_iter()
        .map(|name| {
            check_name(&mut section, &name);
            let team = Team::read(section.table(&name));
            team.map(|team| (name, team))
        })
        .collect();
    teams.into_iter().collect()
}

/// US dollars a month, by team.
pub(super) fn read_budgets(mut section: Section<'_>) -> Option<BTreeMap<String, f64>> {
    let names = section.names();
    let budgets: Vec<_> = names
        .into_iter()
        .map(|name| {
            check_name(&mut section, &name);
            section.positive(&name).map(|amount| (name, amount))
        })
        .collect();
    budgets.into_iter().collect()
}

fn check_name(section: &mut Section<'_>, name: &str) {
    if let Err(reason) = check_team_name(name) {
        let origin = section.origin(name).unwrap_or_default();
        section.fault_at(&forms::shown(name), &origin, reason);
    }
}

/// No two of `names` may be one.
fn tell_apart(section: &mut Section<'_>, names: &[String]) {
    let mut known = BTreeMap::new();
    for name in names {
        if let Some(other) = known.insert(team_key(name), name) {
            let origin = section.origin(name).unwrap_or_default();
            let reason = format!("is too much like the team `{}`", forms::shown(other));
            section.fault_at(&forms::shown(name), &origin, reason);
        }
    }
}

impl Team {
    /// A team of these people, with the defaults of everything else.
    pub fn of(membership: Membership) -> Self {
        Self {
            enabled: false,
            membership,
            exclude: Vec::new(),
            channel: None,
            zone: None,
            time: nine(),
            day: Weekday::Mon,
            owners: Vec::new(),
            sections: default_sections(),
            calendar: None,
            days_off: BTreeSet::new(),
            min_active: MIN_ACTIVE,
        }
    }

    fn read(mut section: Section<'_>) -> Option<Self> {
        let enabled = or(&mut section, "enabled", false, Section::switch);
        let membership = Membership::read(&mut section);
        let exclude = section.list("exclude", MemberEmail::parse);
        let channel = section.optional_text("channel", forms::channel);
        let zone = section.optional_text("zone", parse_zone);
        let time = section.optional_text("time", str::parse);
        let day = section.optional_text("day", forms::one_day);
        let owners = section.list("owners", MemberEmail::parse);
        let sections = or(&mut section, "sections", default_sections(), |section, key| {
            section.filled_list(key, |text| forms::one_of(text, &TeamSection::ALL))
        });
        let calendar = section.optional_text("calendar", |text| {
            let path = forms::path(text)?;
            calendar::days_off(&path).map(|days_off| (path, days_off))
        });
        let (calendar, days_off) = calendar.unzip();
        let min_active = or(&mut section, "min_active", MIN_ACTIVE, |section, key| section.whole(key, MIN_ACTIVES));
        section.finish();
        Some(Self {
            enabled: enabled?,
            membership: membership?,
            exclude: exclude?,
            channel,
            zone,
            time: time.unwrap_or_else(nine),
            day: day.unwrap_or(Weekday::Mon),
            owners: owners?,
            sections: sections?,
            calendar,
            days_off: days_off.unwrap_or_default(),
            min_active: min_active?,
        })
    }
}

/// Teams are absent from the embedded defaults, so theirs are here; `default.toml` shows them as comments.
fn or<'a, T>(
    section: &mut Section<'a>,
    key: &str,
    default: T,
    read: impl FnOnce(&mut Section<'a>, &str) -> Option<T>,
) -> Option<T> {
    if section.has(key) {
        return read(section, key);
    }
    section.take(key);
    Some(default)
}

fn nine() -> LocalTime {
    "09:00".parse().unwrap_or(LocalTime::MIDNIGHT)
}

fn default_sections() -> Vec<TeamSection> {
    TeamSection::ALL.into_iter().map(|(_, section)| section).filter(|section| *section != TeamSection::Models).collect()
}

impl Membership {
    fn read(section: &mut Section<'_>) -> Option<Self> {
        let given: Vec<_> = ["members", "usergroup", "attribute"]
            .into_iter()
            .filter_map(|key| section.origin(key).map(|origin| (key, origin)))
            .collect();
        let members = section.list("members", MemberEmail::parse);
        let usergroup = section.optional_text("usergroup", forms::word);
        let attribute = section.optional_text("attribute", team_attribute);
        if let [(first, _), rest @ ..] = given.as_slice() {
            for (key, origin) in rest {
                section.fault_at(key, origin, format_args!("cannot stand beside `{first}`; a team has one of them"));
            }
        }
        Some(match (usergroup, attribute) {
            (Some(usergroup), _) => Self::Usergroup(usergroup),
            (_, Some(attribute)) => attribute,
            _ => Self::Members(members?),
        })
    }
}

/// The people whose telemetry carries a value, written as `value` or `key=value`.
///
/// # Errors
/// When the key is none, or the value is empty or has control characters.
pub fn team_attribute(text: &str) -> Result<Membership, String> {
    let (key, value) = match text.split_once('=') {
        Some((key, value)) => (Some(forms::attribute_key(key.trim())?), value),
        None => (None, text),
    };
    Ok(Membership::Attribute { key, value: forms::line(value)? })
}
