//! A team's form: what it holds, and what was changed in it.

use super::{form::Form, layout::shown};
use crate::{
    admin::{Change, FieldFault, Report, Scope, Seen, TeamOverview},
    http::api,
    model::Weekdays,
};
use serde::Serialize;

/// Weekdays as settings write them, with their names.
pub(super) const DAYS: [(&str, &str); 7] = [
    ("mon", "Monday"),
    ("tue", "Tuesday"),
    ("wed", "Wednesday"),
    ("thu", "Thursday"),
    ("fri", "Friday"),
    ("sat", "Saturday"),
    ("sun", "Sunday"),
];
/// The fields beside which faults are told.
pub(super) const FIELDS: [&str; 12] = [
    "team",
    "time",
    "days",
    "zone",
    "channel",
    "sections",
    "members",
    "usergroup",
    "attribute",
    "exclude",
    "owners",
    "min_active",
];

/// The days of `mon-fri` or `mon,wed`, one by one.
pub(super) fn days_of(text: &str) -> Vec<String> {
    let Ok(days) = text.parse::<Weekdays>() else { return Vec::new() };
    days.days().map(|day| Weekdays::from(day).to_string()).collect()
}

/// The list as it is now, if it is another; in which order does not matter.
pub(super) fn lists(now: &[String], before: &[String]) -> Option<Vec<String>> {
    let sorted = |list: &[String]| {
        let mut sorted = list.to_vec();
        sorted.sort_unstable();
        sorted
    };
    (sorted(now) != sorted(before)).then(|| now.to_vec())
}

shown!(Typed);

/// What the form holds: as it stands, or as it was typed.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(super) struct Typed {
    pub team: String,
    time: String,
    days: String,
    zone: String,
    channel: String,
    sections: Vec<String>,
    /// `members`, `usergroup` or `attribute`.
    kind: String,
    members: Vec<String>,
    usergroup: String,
    attribute: String,
    exclude: Vec<String>,
    owners: Vec<String>,
    min_active: String,
    pub version: String,
    /// What stood there when the form was opened.
    seen: String,
}

impl Typed {
    /// A team that is not there yet, in the workspace's zone.
    pub fn new_one(zone: &str) -> Self {
        let sections = crate::config::TeamSection::ALL.iter().map(|(name, _)| (*name).to_owned());
        Self {
            team: String::new(),
            time: "09:00".to_owned(),
            days: "mon".to_owned(),
            zone: zone.to_owned(),
            channel: String::new(),
            sections: sections.filter(|name| name != "models").collect(),
            kind: "members".to_owned(),
            members: Vec::new(),
            usergroup: String::new(),
            attribute: String::new(),
            exclude: Vec::new(),
            owners: Vec::new(),
            min_active: "3".to_owned(),
            version: String::new(),
            seen: String::new(),
        }
    }

    pub fn as_it_stands(team: &TeamOverview) -> Self {
        let weekly = &team.weekly;
        let (members, usergroup, attribute) = api::membership(&weekly.membership);
        let kind = match (&members, &usergroup) {
            (Some(_), _) => "members",
            (None, Some(_)) => "usergroup",
            (None, None) => "attribute",
        };
        let stands = Self {
            team: team.name.clone(),
            time: weekly.schedule.time.to_string(),
            days: Weekdays::from(weekly.schedule.day).to_string(),
            zone: weekly.schedule.zone.name().to_owned(),
            channel: weekly.channel.as_ref().map(|channel| channel.0.clone()).unwrap_or_default(),
            sections: api::section_names(&weekly.sections).into_iter().map(str::to_owned).collect(),
            kind: kind.to_owned(),
            members: members.unwrap_or_default(),
            usergroup: usergroup.unwrap_or_default(),
            attribute: attribute.unwrap_or_default(),
            exclude: weekly.exclude.iter().cloned().map(String::from).collect(),
            owners: weekly.owners.iter().cloned().map(String::from).collect(),
            min_active: weekly.min_active.to_string(),
            version: team.version.to_string(),
            seen: String::new(),
        };
        Self { seen: stands.fields().write(), ..stands }
    }

    /// By group, for people change one and leave another: a kind of membership with what it says is one.
    fn fields(&self) -> Seen {
        let sorted = |list: &[String]| {
            let mut sorted = list.to_vec();
            sorted.sort_unstable();
            sorted.join("\n")
        };
        let people = match self.kind.as_str() {
            "members" => sorted(&self.members),
            "usergroup" => self.usergroup.clone(),
            _ => self.attribute.clone(),
        };
        let (sections, exclude, owners) = (sorted(&self.sections), sorted(&self.exclude), sorted(&self.owners));
        let fields: [&[&str]; 9] = [
            &[&self.time],
            &[&self.days],
            &[&self.zone],
            &[&self.channel],
            &[&sections],
            &[&self.kind, &people],
            &[&exclude],
            &[&owners],
            &[&self.min_active],
        ];
        Seen::of(fields)
    }

    /// What was changed here, over what others changed meanwhile.
    pub fn over(self, stands: &TeamOverview) -> Self {
        let (seen, now, stands) = (Seen::read(&self.seen), self.fields(), Self::as_it_stands(stands));
        let left = |field| seen.is_left(&now, field);
        let text = |field, own: String, other: String| if left(field) { other } else { own };
        let list = |field, own: Vec<String>, other: Vec<String>| if left(field) { other } else { own };
        Self {
            time: text(0, self.time, stands.time),
            days: text(1, self.days, stands.days),
            zone: text(2, self.zone, stands.zone),
            channel: text(3, self.channel, stands.channel),
            sections: list(4, self.sections, stands.sections),
            kind: text(5, self.kind, stands.kind),
            members: list(5, self.members, stands.members),
            usergroup: text(5, self.usergroup, stands.usergroup),
            attribute: text(5, self.attribute, stands.attribute),
            exclude: list(6, self.exclude, stands.exclude),
            owners: list(7, self.owners, stands.owners),
            min_active: text(8, self.min_active, stands.min_active),
            version: stands.version,
            seen: stands.seen,
            team: self.team,
        }
    }

    pub fn of(form: &Form) -> Self {
        let text = |name: &str| form.text(name).to_owned();
        Self {
            team: text("team"),
            time: text("time"),
            days: text("days"),
            zone: text("zone"),
            channel: text("channel"),
            sections: form.all("sections").map(str::to_owned).collect(),
            kind: text("kind"),
            members: form.words("members"),
            usergroup: text("usergroup"),
            attribute: text("attribute"),
            exclude: form.words("exclude"),
            owners: form.words("owners"),
            min_active: text("min_active"),
            version: text("version"),
            seen: text("seen"),
        }
    }

    /// What was changed of what stood there; everything that is filled in, of a new one. With what cannot be read of it.
    pub fn change(&self, stood: Option<&TeamOverview>) -> (Change, Vec<FieldFault>) {
        let before = stood.map(Self::as_it_stands);
        let text = |part: fn(&Self) -> &String| {
            let now = part(self);
            match &before {
                Some(before) => (part(before) != now).then(|| now.clone()),
                None => Some(now.clone()).filter(|text| !text.is_empty()),
            }
        };
        let list = |part: fn(&Self) -> &Vec<String>| match &before {
            Some(before) => lists(part(self), part(before)),
            None => Some(part(self).clone()).filter(|list| !list.is_empty()),
        };
        // The kind that is chosen is given where it, or what it says, is another than before.
        let kind_changed = before.as_ref().is_none_or(|before| before.kind != self.kind);
        let given = |kind: &str, changed: bool| self.kind == kind && (kind_changed || changed);
        let mut faults = Vec::new();
        let mut fault = |field, reason: &str| faults.push(FieldFault { field, reason: reason.to_owned() });
        if self.team.is_empty() {
            fault("team", "must not be empty");
        }
        let min_active = text(|typed| &typed.min_active)
            .and_then(|text| text.parse().inspect_err(|_| fault("min_active", "must be a whole number")).ok());
        let change = Change {
            time: text(|typed| &typed.time),
            days: text(|typed| &typed.days),
            // The form says the default, so an emptied field is no wish for it.
            zone: if stood.is_none() { Some(self.zone.clone()) } else { text(|typed| &typed.zone) },
            channel: text(|typed| &typed.channel),
            sections: list(|typed| &typed.sections),
            members: given("members", list(|typed| &typed.members).is_some()).then(|| self.members.clone()),
            usergroup: given("usergroup", text(|typed| &typed.usergroup).is_some()).then(|| self.usergroup.clone()),
            attribute: given("attribute", text(|typed| &typed.attribute).is_some()).then(|| self.attribute.clone()),
            exclude: list(|typed| &typed.exclude),
            owners: list(|typed| &typed.owners),
            min_active,
            create: Some(stood.is_none()),
            version: self.version.parse().ok(),
            ..Change::of(Report::Weekly, Scope::Team(self.team.clone()))
        };
        (change, faults)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(form: &str) -> Typed {
        Typed::of(&Form::parse(form.as_bytes()))
    }

    #[test]
    fn of_a_new_team_everything_that_is_filled_in_is_given() {
        let (change, faults) =
            typed("team=data&time=10%3A00&days=tue&kind=attribute&attribute=team.id%3Ddata&members=x&min_active=4")
                .change(None);
        assert_eq!(faults, []);
        assert_eq!(change.scope, Scope::Team("data".into()));
        assert_eq!(
            (change.time.as_deref(), change.days.as_deref(), change.zone),
            (Some("10:00"), Some("tue"), Some(String::new()))
        );
        assert_eq!((change.attribute.as_deref(), change.members, change.owners), (Some("team.id=data"), None, None));
        assert_eq!((change.min_active, change.version, change.enabled), (Some(4), None, None));
        assert_eq!(change.create, Some(true));
        let (_, faults) = typed("min_active=few").change(None);
        let fields: Vec<_> = faults.iter().map(|fault| fault.field).collect();
        assert_eq!(fields, ["team", "min_active"]);
    }

    #[test]
    fn days_are_boxes_and_lists_have_no_order() {
        assert_eq!(days_of("mon-wed"), ["mon", "tue", "wed"]);
        assert_eq!(days_of("funday"), Vec::<String>::new());
        let list = |text: &str| text.split(' ').map(str::to_owned).collect::<Vec<_>>();
        assert_eq!(lists(&list("b a"), &list("a b")), None);
        assert_eq!(lists(&list("b"), &list("a b")), Some(list("b")));
    }
}
