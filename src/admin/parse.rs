//! A change as it was asked for becomes values, or all that is wrong with it.

use super::{Change, FieldFault, Report, Scope};
use crate::{
    config::{
        DailySection, MIN_ACTIVES, Membership, TeamSection, channel_id, check_team_name, one_day, team_attribute,
        usergroup_id,
    },
    model::{ChannelId, LocalTime, MemberEmail, Weekdays, parse_zone},
};
use chrono_tz::Tz;
use std::collections::BTreeSet;

/// No value of a change is longer.
const LONGEST: usize = 200;
/// No list of addresses has more.
const MOST_PEOPLE: usize = 2_000;
/// So many wrong entries of a list are told of.
const MOST_TOLD: usize = 5;

/// What a change says, all of it usable.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Wanted {
    pub time: Option<LocalTime>,
    pub weekdays: Option<Weekdays>,
    pub zone: Option<Tz>,
    pub channel: Option<ChannelId>,
    /// As settings write them.
    pub sections: Option<Vec<String>>,
    pub membership: Option<Membership>,
    pub exclude: Option<Vec<MemberEmail>>,
    pub owners: Option<Vec<MemberEmail>>,
    pub min_active: Option<u32>,
}

type Faults = Vec<FieldFault>;

/// Reads all fields of `change`, with everything that is wrong with them.
pub(super) fn parse(change: &Change) -> (Wanted, Faults) {
    let mut faults = Faults::new();
    check_scope(change, &mut faults);
    let is_weekly = change.report == Report::Weekly;
    let mut wanted = Wanted {
        time: read("time", change.time.as_deref(), &mut faults, |text| text.parse().map_err(words)),
        weekdays: read("days", change.days.as_deref(), &mut faults, |text| {
            if is_weekly { one_day(text).map(Weekdays::from) } else { text.parse().map_err(words) }
        }),
        zone: read("zone", change.zone.as_deref(), &mut faults, zone),
        sections: sections(change, &mut faults),
        ..Wanted::default()
    };
    if !is_weekly {
        refuse_fields_of_teams(change, &mut faults);
        return (wanted, faults);
    }
    wanted.channel = read("channel", change.channel.as_deref(), &mut faults, |text| channel_id(text).map(ChannelId));
    wanted.membership = membership(change, &mut faults);
    wanted.exclude = people("exclude", change.exclude.as_deref(), &mut faults);
    wanted.owners = people("owners", change.owners.as_deref(), &mut faults);
    wanted.min_active = change.min_active;
    if change.min_active.is_some_and(|least| !MIN_ACTIVES.contains(&least)) {
        fault(&mut faults, "min_active", format!("must be from {} to {}", MIN_ACTIVES.start(), MIN_ACTIVES.end()));
    }
    (wanted, faults)
}

fn fault(faults: &mut Faults, field: &'static str, reason: impl Into<String>) {
    faults.push(FieldFault { field, reason: reason.into() });
}

/// An emptied field is no wish for a default that nobody named.
fn zone(text: &str) -> Result<Tz, String> {
    if text.trim().is_empty() {
        return Err("must not be empty: name an IANA time zone, such as `Europe/Berlin`".to_owned());
    }
    parse_zone(text).map_err(words)
}

fn words(error: impl std::fmt::Display) -> String {
    error.to_string()
}

fn read<T>(
    field: &'static str,
    text: Option<&str>,
    faults: &mut Faults,
    parse: impl FnOnce(&str) -> Result<T, String>,
) -> Option<T> {
    let text = text?;
    let parsed =
        if text.chars().count() > LONGEST { Err(format!("has more than {LONGEST} characters")) } else { parse(text) };
    parsed.map_err(|reason| fault(faults, field, reason)).ok()
}

fn check_scope(change: &Change, faults: &mut Faults) {
    match (&change.scope, change.report) {
        (Scope::Team(name), Report::Weekly) => {
            if let Err(reason) = check_team_name(name) {
                fault(faults, "team", reason);
            }
        }
        (Scope::Team(_), Report::Daily) => fault(faults, "team", "a daily digest is a person's, and no team's"),
        (_, Report::Weekly) => fault(faults, "team", "a weekly summary is a team's: name the team"),
        (Scope::Workspace | Scope::Member(_), Report::Daily) => {}
    }
}

fn refuse_fields_of_teams(change: &Change, faults: &mut Faults) {
    let given = [
        ("create", change.create.is_some()),
        ("channel", change.channel.is_some()),
        ("members", change.members.is_some()),
        ("usergroup", change.usergroup.is_some()),
        ("attribute", change.attribute.is_some()),
        ("exclude", change.exclude.is_some()),
        ("owners", change.owners.is_some()),
        ("min_active", change.min_active.is_some()),
    ];
    for (field, _) in given.into_iter().filter(|(_, given)| *given) {
        fault(faults, field, "belongs to a team's weekly summary, and not to daily digests");
    }
}

fn sections(change: &Change, faults: &mut Faults) -> Option<Vec<String>> {
    let names = change.sections.as_ref()?;
    if names.is_empty() {
        fault(faults, "sections", "at least one is needed");
        return None;
    }
    let parse = |name: &String| match change.report {
        Report::Daily => DailySection::parse(cut(name)).map(DailySection::name),
        Report::Weekly => TeamSection::parse(cut(name)).map(TeamSection::name),
    };
    let (mut known, mut twice) = (Vec::new(), BTreeSet::new());
    for name in each("sections", names, faults, parse)? {
        if known.iter().any(|known| known == name) {
            twice.insert(name);
        } else {
            known.push(name.to_owned());
        }
    }
    if twice.is_empty() {
        return Some(known);
    }
    let twice: Vec<_> = twice.into_iter().map(|name| format!("`{name}`")).collect();
    fault(faults, "sections", format!("more than once: {}", twice.join(", ")));
    None
}

/// All entries, or none where one of them is wrong.
fn each<T>(
    field: &'static str,
    entries: &[String],
    faults: &mut Faults,
    parse: impl Fn(&String) -> Result<T, String>,
) -> Option<Vec<T>> {
    if entries.len() > MOST_PEOPLE {
        fault(faults, field, format!("has more than {MOST_PEOPLE} entries"));
        return None;
    }
    let (mut read, mut wrong) = (Vec::new(), Vec::new());
    for entry in entries {
        match parse(entry) {
            Ok(value) => read.push(value),
            Err(reason) => wrong.push(reason),
        }
    }
    if wrong.is_empty() {
        return Some(read);
    }
    let more = wrong.len().saturating_sub(MOST_TOLD);
    wrong.truncate(MOST_TOLD);
    let more = if more == 0 { String::new() } else { format!("; and {more} more") };
    fault(faults, field, format!("{}{more}", wrong.join("; ")));
    None
}

fn people(field: &'static str, entries: Option<&[String]>, faults: &mut Faults) -> Option<Vec<MemberEmail>> {
    let read = each(field, entries?, faults, |entry| MemberEmail::parse(cut(entry)).map_err(words))?;
    let people: BTreeSet<_> = read.into_iter().collect();
    Some(people.into_iter().collect())
}

/// So much of a wrong entry is quoted at most, and no right one is longer.
fn cut(text: &str) -> &str {
    const LONGEST_ENTRY: usize = 300;
    text.char_indices().nth(LONGEST_ENTRY).map_or(text, |(end, _)| &text[..end])
}

fn membership(change: &Change, faults: &mut Faults) -> Option<Membership> {
    let given = [
        ("members", change.members.is_some()),
        ("usergroup", change.usergroup.is_some()),
        ("attribute", change.attribute.is_some()),
    ];
    let mut given = given.into_iter().filter(|(_, given)| *given).map(|(field, _)| field);
    if let Some(first) = given.next() {
        for other in given {
            fault(faults, other, format!("cannot stand beside `{first}`; a team has one of them"));
        }
    }
    let members = people("members", change.members.as_deref(), faults);
    if members.as_ref().is_some_and(Vec::is_empty) {
        fault(faults, "members", "a team has at least one member");
    }
    let usergroup = read("usergroup", change.usergroup.as_deref(), faults, usergroup_id);
    let attribute = read("attribute", change.attribute.as_deref(), faults, team_attribute);
    let members = members.map(Membership::Members);
    members.or_else(|| usergroup.map(Membership::Usergroup)).or(attribute)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn weekly() -> Change {
        Change::of(Report::Weekly, Scope::Team("platform".to_owned()))
    }

    fn fields(change: &Change) -> Vec<&'static str> {
        parse(change).1.into_iter().map(|fault| fault.field).collect()
    }

    fn texts(texts: &[&str]) -> Vec<String> {
        texts.iter().map(|text| (*text).to_owned()).collect()
    }

    #[test]
    fn everything_that_is_wrong_is_told_at_once() {
        let change = Change {
            time: Some("25:00".to_owned()),
            days: Some("mon-fri".to_owned()),
            zone: Some("Europe/Berlni".to_owned()),
            channel: Some("https://example.com/hook".to_owned()),
            sections: Some(texts(&["costs"])),
            owners: Some(texts(&["nobody"])),
            min_active: Some(0),
            ..weekly()
        };
        let (_, faults) = parse(&change);
        assert_eq!(fields(&change), ["time", "days", "zone", "sections", "channel", "owners", "min_active"]);
        let reason = |field: &str| faults.iter().find(|fault| fault.field == field).unwrap().reason.clone();
        assert!(reason("zone").contains("did you mean `Europe/Berlin`?"), "{}", reason("zone"));
        assert!(reason("sections").contains("did you mean `cost`?"), "{}", reason("sections"));
    }

    #[test]
    fn a_change_that_can_be_made_is_read_as_settings_are() {
        let change = Change {
            time: Some("9:30".to_owned()),
            days: Some("Friday".to_owned()),
            zone: Some("asia/tokyo".to_owned()),
            channel: Some(" C0123456789 ".to_owned()),
            sections: Some(texts(&["Cost", "mvp"])),
            members: Some(texts(&["Ada@Example.com", "ada@example.com", "bob@example.com"])),
            exclude: Some(texts(&[])),
            min_active: Some(4),
            ..weekly()
        };
        let email = |name: &str| MemberEmail::parse(&format!("{name}@example.com")).unwrap();
        let (wanted, faults) = parse(&change);
        assert_eq!(faults, []);
        assert_eq!(wanted.weekdays, Some("fri".parse().unwrap()));
        assert_eq!((wanted.zone, wanted.channel), (Some(Tz::Asia__Tokyo), Some(ChannelId("C0123456789".into()))));
        assert_eq!(wanted.sections, Some(texts(&["cost", "mvp"])));
        assert_eq!(wanted.membership, Some(Membership::Members(vec![email("ada"), email("bob")])));
        assert_eq!((wanted.exclude, wanted.min_active), (Some(vec![]), Some(4)));
    }

    #[test]
    fn a_team_has_one_kind_of_people() {
        let both = Change { members: Some(texts(&["ada@example.com"])), usergroup: Some("S1".to_owned()), ..weekly() };
        assert_eq!(fields(&both), ["usergroup"]);
        for (change, field) in [
            (Change { members: Some(texts(&[])), ..weekly() }, "members"),
            (Change { usergroup: Some("platform".to_owned()), ..weekly() }, "usergroup"),
            (Change { attribute: Some("te am=x".to_owned()), ..weekly() }, "attribute"),
            (Change { attribute: Some("x".repeat(201)), ..weekly() }, "attribute"),
            (Change { sections: Some(texts(&[])), ..weekly() }, "sections"),
            (Change { sections: Some(texts(&["cost", "mvp", "Cost"])), ..weekly() }, "sections"),
            (Change { zone: Some(" ".to_owned()), ..weekly() }, "zone"),
            (Change { scope: Scope::Team("co\u{202e}re".to_owned()), ..weekly() }, "team"),
            (Change { scope: Scope::Team(" x".to_owned()), ..weekly() }, "team"),
            (Change { scope: Scope::Workspace, ..weekly() }, "team"),
            (Change { report: Report::Daily, ..weekly() }, "team"),
        ] {
            assert_eq!(fields(&change), [field], "{change:?}");
        }
    }

    #[test]
    fn digests_have_nothing_of_a_teams() {
        let change = Change {
            channel: Some("C1".to_owned()),
            members: Some(texts(&[])),
            owners: Some(texts(&[])),
            min_active: Some(3),
            days: Some("mon,wed".to_owned()),
            ..Change::of(Report::Daily, Scope::Workspace)
        };
        assert_eq!(fields(&change), ["channel", "members", "owners", "min_active"]);
    }

    proptest::proptest! {
        #[test]
        fn nothing_breaks_the_reading(text in "\\PC{0,300}", other in proptest::collection::vec("\\PC{0,20}", 0..5)) {
            let some = Some(text.clone());
            let list = Some(other);
            let change = Change {
                time: some.clone(), days: some.clone(), zone: some.clone(), channel: some.clone(),
                sections: list.clone(), members: list.clone(), usergroup: some.clone(), attribute: some,
                exclude: list.clone(), owners: list, scope: Scope::Team(text), ..weekly()
            };
            parse(&change);
        }
    }
}
