//! What a team's editor asks, as the form holds it: nothing here is parsed or believed. Pure.

use super::super::people::People;
use crate::{
    admin::{Seen, TeamOverview},
    config::{Membership, TeamSection},
    interaction::State,
};
use chrono_tz::Tz;

// Each value has one name: of its block, and of its action.
pub(super) const NAME: &str = "admin_team_name";
pub(in crate::interaction::modals::admin) const KIND: &str = "admin_team_kind";
pub(super) const MEMBERS: &str = "admin_team_members";
pub(super) const ADDRESSES: &str = "admin_team_addresses";
pub(super) const GROUP: &str = "admin_team_usergroup";
pub(super) const ATTRIBUTE: &str = "admin_team_attribute";
pub(in crate::interaction::modals::admin) const CHANNEL: &str = "admin_team_channel";
pub(super) const DAY: &str = "admin_team_day";
pub(super) const TIME: &str = "admin_team_time";
pub(in crate::interaction::modals) const ZONE: &str = "admin_team_zone";
pub(super) const SECTIONS: &str = "admin_team_sections";
pub(super) const MIN_ACTIVE: &str = "admin_team_min_active";
pub(super) const OWNERS: &str = "admin_team_owners";
pub(super) const OTHER_OWNERS: &str = "admin_team_other_owners";

/// Who belongs to a team.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Kind {
    #[default]
    List,
    Group,
    Attribute,
}

impl Kind {
    pub(super) const ALL: [(&'static str, Self); 3] =
        [("members", Self::List), ("usergroup", Self::Group), ("attribute", Self::Attribute)];

    pub(super) fn word(self) -> &'static str {
        Self::ALL.iter().find(|(_, kind)| *kind == self).map_or("members", |(word, _)| word)
    }

    fn of_word(word: &str) -> Self {
        Self::ALL.iter().find(|(known, _)| *known == word).map_or(Self::List, |(_, kind)| *kind)
    }
}

/// The values, in the letters that they are shown and sent in.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Form {
    pub name: String,
    pub kind: Kind,
    pub members: People,
    pub usergroup: String,
    pub attribute: String,
    pub channel: String,
    /// `mon`.
    pub day: String,
    pub time: String,
    pub zone: String,
    pub sections: Vec<String>,
    pub min_active: String,
    pub owners: People,
}

impl Form {
    /// Of a team as it stands; `members` and `owners` as the store knows them.
    pub(super) fn of(team: &TeamOverview, members: People, owners: People) -> Self {
        let weekly = &team.weekly;
        let (kind, usergroup, attribute) = match &weekly.membership {
            Membership::Members(_) => (Kind::List, String::new(), String::new()),
            Membership::Usergroup(group) => (Kind::Group, group.clone(), String::new()),
            Membership::Attribute { key: Some(key), value } => {
                (Kind::Attribute, String::new(), format!("{key}={value}"))
            }
            Membership::Attribute { key: None, value } => (Kind::Attribute, String::new(), value.clone()),
        };
        Self {
            name: team.name.clone(),
            kind,
            members,
            usergroup,
            attribute,
            channel: weekly.channel.as_ref().map(|channel| channel.0.clone()).unwrap_or_default(),
            day: weekly.schedule.day.to_string().to_lowercase(),
            time: weekly.schedule.time.to_string(),
            zone: weekly.schedule.zone.name().to_owned(),
            sections: names(&weekly.sections),
            min_active: weekly.min_active.to_string(),
            owners,
        }
    }

    /// Of a team that is to be made, by somebody who lives in `zone`.
    pub(super) fn new(zone: Tz) -> Self {
        let usual: Vec<_> = TeamSection::ALL.map(|(_, section)| section).into_iter().collect();
        let usual: Vec<_> = usual.into_iter().filter(|section| *section != TeamSection::Models).collect();
        Self {
            day: "mon".to_owned(),
            time: "09:00".to_owned(),
            zone: zone.name().to_owned(),
            sections: names(&usual),
            min_active: "3".to_owned(),
            ..Self::default()
        }
    }

    /// What was filled in. What the form does not ask (of owners: all but the schedule) is as in `before`.
    pub(super) fn read(state: &State, before: &Self, asks_all: bool) -> Self {
        let one = |id: &str| state.of(id, id).one().unwrap_or_default().to_owned();
        let many = |id: &str| state.of(id, id).many().to_vec();
        let schedule = Self {
            day: one(DAY),
            time: one(TIME),
            zone: one(ZONE),
            sections: in_order(&many(SECTIONS)),
            ..before.clone()
        };
        if !asks_all {
            return schedule;
        }
        let name = if before.name.is_empty() { one(NAME) } else { before.name.clone() };
        let kind = Kind::of_word(&one(KIND));
        // The other kinds' fields are not in the form, so nothing is said about them.
        let asked = |of: Kind, value: String, before: &String| if kind == of { value } else { before.clone() };
        let listed = People { chosen: many(MEMBERS), typed: one(ADDRESSES) };
        Self {
            name,
            kind,
            members: if kind == Kind::List { listed } else { before.members.clone() },
            usergroup: asked(Kind::Group, one(GROUP), &before.usergroup),
            attribute: asked(Kind::Attribute, one(ATTRIBUTE), &before.attribute),
            channel: one(CHANNEL),
            min_active: one(MIN_ACTIVE),
            owners: People { chosen: many(OWNERS), typed: one(OTHER_OWNERS) },
            ..schedule
        }
    }
}

// The fields by number, as `Seen` counts them.
const FIELDS: usize = 8;

impl Form {
    /// What the form holds; of membership, the kind that is chosen.
    pub(super) fn seen(&self) -> Seen {
        let (people, owners) = (self.members.sorted(), self.owners.sorted());
        let people = match self.kind {
            Kind::List => people.as_str(),
            Kind::Group => self.usergroup.trim(),
            Kind::Attribute => self.attribute.trim(),
        };
        let sections: Vec<_> = self.sections.iter().map(String::as_str).collect();
        let fields: [&[&str]; FIELDS] = [
            &[&self.day],
            &[&self.time],
            &[&self.zone],
            &sections,
            &[self.kind.word(), people],
            &[&self.channel],
            &[self.min_active.trim()],
            &[&owners],
        ];
        Seen::of(fields)
    }

    /// What was changed here since `seen`, over `stands`: what others changed meanwhile is not taken back.
    pub(super) fn over(self, seen: &Seen, stands: &Self) -> Self {
        let now = self.seen();
        let is_left = |field| seen.is_left(&now, field);
        let pick = |field, own: String, other: &String| if is_left(field) { other.clone() } else { own };
        let stays = is_left(4);
        Self {
            name: self.name,
            day: pick(0, self.day, &stands.day),
            time: pick(1, self.time, &stands.time),
            zone: pick(2, self.zone, &stands.zone),
            sections: if is_left(3) { stands.sections.clone() } else { self.sections },
            kind: if stays { stands.kind } else { self.kind },
            members: if stays { stands.members.clone() } else { self.members },
            usergroup: pick(4, self.usergroup, &stands.usergroup),
            attribute: pick(4, self.attribute, &stands.attribute),
            channel: pick(5, self.channel, &stands.channel),
            min_active: pick(6, self.min_active, &stands.min_active),
            owners: if is_left(7) { stands.owners.clone() } else { self.owners },
        }
    }
}

fn names(sections: &[TeamSection]) -> Vec<String> {
    let listed = TeamSection::ALL.into_iter().filter(|(_, section)| sections.contains(section));
    listed.map(|(name, _)| name.to_owned()).collect()
}

/// Known names in their usual order, then what else was sent.
fn in_order(chosen: &[String]) -> Vec<String> {
    let known = TeamSection::ALL.iter().map(|(name, _)| *name);
    let known: Vec<_> = known.filter(|known| chosen.iter().any(|name| name == known)).map(str::to_owned).collect();
    let unknown: Vec<_> = chosen.iter().filter(|name| !known.contains(name)).cloned().collect();
    [known, unknown].concat()
}
