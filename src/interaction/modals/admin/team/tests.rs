use super::{change::Addresses, form::*, *};
use crate::{
    admin::TeamOverview,
    config::TeamSection,
    interaction::{Chosen, State},
    message::lint,
    planner::TeamWeekly,
    schedule::WeeklySchedule,
};
use chrono::{DateTime, Utc, Weekday};
use proptest::prelude::*;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

fn now() -> DateTime<Utc> {
    "2026-01-15T12:00:00Z".parse().unwrap()
}

fn email(name: &str) -> MemberEmail {
    MemberEmail::parse(&format!("{name}@example.com")).unwrap()
}

fn overview(membership: Membership) -> TeamOverview {
    let schedule = WeeklySchedule {
        zone: Tz::Europe__Berlin,
        time: "09:00".parse().unwrap(),
        day: Weekday::Mon,
        days_off: BTreeSet::new(),
    };
    TeamOverview {
        name: "Platform".into(),
        weekly: TeamWeekly {
            enabled_at: None,
            schedule,
            channel: Some(ChannelId("C1".into())),
            sections: vec![TeamSection::Sessions, TeamSection::Cost],
            membership,
            exclude: BTreeSet::new(),
            owners: vec![email("ada")],
            min_active: 3,
        },
        channel_name: Some("platform".into()),
        members: Some(2),
        next: Vec::new(),
        last: None,
        in_file: false,
        previewed: false,
        version: 4,
    }
}

fn people(chosen: &[&str]) -> People {
    People { chosen: chosen.iter().map(|id| (*id).to_owned()).collect(), typed: String::new() }
}

fn editor(asks_all: bool) -> Editor {
    let team = overview(Membership::Members(vec![email("ada"), email("bob")]));
    let form = Form::of(&team, people(&["U0ADA", "U0BOB"]), people(&["U0ADA"]));
    Editor {
        team: Some(team.name.clone()),
        version: Some(4),
        seen: form.seen(),
        round: None,
        asks_all,
        enabled: false,
        removable: asks_all,
        too_many: false,
        show_cost: true,
        status: Some(view::status(&team)),
        channel_note: None,
        notes: Vec::new(),
        form,
    }
}

fn one(value: &str) -> Chosen {
    Chosen::One(value.to_owned())
}

fn many(values: &[&str]) -> Chosen {
    Chosen::Many(values.iter().map(|value| (*value).to_owned()).collect())
}

/// What Slack sends of the form as it was opened, but for these.
fn state(more: &[(&str, Chosen)]) -> State {
    let own = [
        (KIND, one("members")),
        (MEMBERS, many(&["U0ADA", "U0BOB"])),
        (ADDRESSES, Chosen::Nothing),
        (CHANNEL, one("C1")),
        (DAY, one("mon")),
        (TIME, one("09:00")),
        (ZONE, one("Europe/Berlin")),
        (SECTIONS, many(&["cost", "sessions"])),
        (MIN_ACTIVE, one("3")),
        (OWNERS, many(&["U0ADA"])),
    ];
    let all = own.into_iter().chain(more.iter().cloned());
    State(all.map(|(id, value)| (id.to_owned(), BTreeMap::from([(id.to_owned(), value)]))).collect())
}

/// The addresses of people whose ids are made of their names.
fn addresses(form: &Form) -> Addresses {
    let of = |people: &People| people.chosen.iter().map(|id| email(&id[2..])).collect();
    Addresses { members: of(&form.members), owners: of(&form.owners) }
}

fn asked(editor: &Editor, more: &[(&str, Chosen)]) -> Result<Option<Change>, BTreeMap<String, String>> {
    let form = Form::read(&state(more), &editor.form, editor.asks_all);
    let (change, faults) = change(editor, &form, (&addresses(&editor.form), &addresses(&form)));
    if faults.is_empty() { Ok(change) } else { Err(faults) }
}

fn nothing() -> Change {
    Change { create: Some(false), version: Some(4), ..Change::of(Report::Weekly, Scope::Team("Platform".into())) }
}

fn asks(view: &Value) -> Vec<&str> {
    view["blocks"].as_array().unwrap().iter().filter_map(|block| block["block_id"].as_str()).collect()
}

#[test]
fn only_what_was_changed_is_asked_for() {
    let editor = editor(true);
    assert_eq!(asked(&editor, &[]), Ok(None));
    for (filled, expected) in [
        (vec![(DAY, one("fri"))], Change { days: Some("fri".into()), ..nothing() }),
        (vec![(TIME, one("16:30"))], Change { time: Some("16:30".into()), ..nothing() }),
        (vec![(ZONE, one("Asia/Tokyo"))], Change { zone: Some("Asia/Tokyo".into()), ..nothing() }),
        (vec![(CHANNEL, one("C2"))], Change { channel: Some("C2".into()), ..nothing() }),
        (vec![(CHANNEL, Chosen::Nothing)], nothing()),
        (vec![(MIN_ACTIVE, one("5"))], Change { min_active: Some(5), ..nothing() }),
        (vec![(SECTIONS, many(&["sessions"]))], Change { sections: Some(vec!["sessions".into()]), ..nothing() }),
        (vec![(OWNERS, Chosen::Nothing)], Change { owners: Some(Vec::new()), ..nothing() }),
        (
            vec![(MEMBERS, many(&["U0BOB", "U0EVE"]))],
            Change { members: Some(vec!["bob@example.com".into(), "eve@example.com".into()]), ..nothing() },
        ),
        (vec![(KIND, one("usergroup")), (GROUP, one("S1"))], Change { usergroup: Some("S1".into()), ..nothing() }),
        (
            vec![(KIND, one("attribute")), (ATTRIBUTE, one("team.id=core"))],
            Change { attribute: Some("team.id=core".into()), ..nothing() },
        ),
    ] {
        let change = asked(&editor, &filled).unwrap();
        assert_eq!(change.unwrap_or_else(nothing), expected, "{filled:?}");
    }
}

#[test]
fn an_owner_changes_the_schedule_whatever_else_is_sent() {
    let forged = [
        (MEMBERS, many(&["U0EVE"])),
        (CHANNEL, one("C6")),
        (OWNERS, many(&["U0EVE"])),
        (MIN_ACTIVE, one("0")),
        (NAME, one("Other")),
        (TIME, one("10:00")),
    ];
    assert_eq!(asked(&editor(false), &forged), Ok(Some(Change { time: Some("10:00".into()), ..nothing() })));
    let view = editor(false).view(now());
    assert_eq!(asks(&view), [DAY, TIME, ZONE, SECTIONS]);
    assert!(!view.to_string().contains(REMOVE));
}

#[test]
fn what_was_changed_here_stands_over_what_others_changed_meanwhile() {
    let opened = editor(true).form;
    let mine = Form::read(&state(&[(TIME, one("17:45")), (MEMBERS, many(&["U0BOB"]))]), &opened, true);
    let stands = Form {
        day: "fri".into(),
        time: "10:00".into(),
        channel: "C9".into(),
        kind: Kind::Group,
        usergroup: "S1".into(),
        owners: people(&["U0EVE"]),
        ..opened.clone()
    };
    let merged = mine.clone().over(&opened.seen(), &stands);
    assert_eq!((merged.time.as_str(), merged.kind, merged.members), ("17:45", Kind::List, people(&["U0BOB"])));
    assert_eq!((merged.day.as_str(), merged.channel.as_str(), merged.owners), ("fri", "C9", people(&["U0EVE"])));
    assert_eq!(opened.clone().over(&opened.seen(), &stands), stands, "nothing was changed here");
    assert_eq!(mine.clone().over(&Seen::default(), &stands), mine, "nobody knows what stood there");
    // In which order people were chosen is no change.
    let turned = Form { members: people(&["U0BOB", "U0ADA"]), ..opened.clone() };
    assert_eq!(turned.seen(), opened.seen());
}

#[test]
fn what_is_wrong_stands_beside_its_block() {
    for (filled, block) in [
        ((SECTIONS, Chosen::Nothing), SECTIONS),
        ((SECTIONS, many(&["salary"])), SECTIONS),
        ((MIN_ACTIVE, one("few")), MIN_ACTIVE),
        ((MIN_ACTIVE, one("-1")), MIN_ACTIVE),
    ] {
        let wrong = asked(&editor(true), &[filled]).unwrap_err();
        assert_eq!(wrong.keys().collect::<Vec<_>>(), [block]);
    }
    let new = Editor::new(Tz::UTC, true);
    assert!(asked(&new, &[]).unwrap_err().contains_key(NAME));
}

#[test]
fn a_team_that_is_made_is_asked_for_whole() {
    let change = asked(&Editor::new(Tz::UTC, true), &[(NAME, one("Design"))]).unwrap().unwrap();
    assert_eq!(change.scope, Scope::Team("Design".into()));
    assert_eq!((change.days.as_deref(), change.time.as_deref()), (Some("mon"), Some("09:00")));
    assert_eq!(change.members.unwrap().len(), 2);
    assert_eq!((change.enabled, change.version), (None, None), "it is enabled after its preview");
}

#[test]
fn the_editor_asks_what_the_kind_of_membership_needs() {
    for (membership, there, not_there) in [
        (Membership::Members(Vec::new()), MEMBERS, GROUP),
        (Membership::Usergroup("S1".into()), GROUP, ATTRIBUTE),
        (Membership::Attribute { key: Some("team.id".into()), value: "core".into() }, ATTRIBUTE, MEMBERS),
    ] {
        let form = Form::of(&overview(membership), People::default(), People::default());
        let view = Editor { form, ..editor(true) }.view(now());
        assert_eq!(lint::view_faults(&view), []);
        assert!(asks(&view).contains(&there) && !asks(&view).contains(&not_there), "{there}");
    }
    let too_many = Editor { too_many: true, ..editor(true) };
    assert!(!asks(&too_many.view(now())).contains(&KIND));
    assert_eq!(asked(&too_many, &[(MEMBERS, Chosen::Nothing)]), Ok(None), "a list that is not shown is not emptied");
}

#[test]
fn the_editor_keeps_to_slacks_limits_at_its_largest() {
    let long = "<!channel>".repeat(500);
    let full = People { chosen: (0..150).map(|id| format!("U{id:010}")).collect(), typed: "x".repeat(5_000) };
    let form = Form {
        name: long.clone(),
        members: full.clone(),
        owners: full,
        usergroup: long.clone(),
        attribute: long.clone(),
        ..editor(true).form
    };
    for kind in Kind::ALL.map(|(_, kind)| kind) {
        let form = Form { kind, ..form.clone() };
        let largest = Editor {
            status: Some(long.clone()),
            channel_note: Some(long.clone()),
            enabled: true,
            form,
            ..editor(true)
        };
        assert_eq!(lint::view_faults(&largest.view(now())), []);
    }
    assert_eq!(lint::view_faults(&Editor::new(Tz::UTC, false).view(now())), []);
}

#[test]
fn a_choice_that_is_told_at_once_loses_nothing_that_was_typed() {
    let view = |state: State| View {
        id: "V1".into(),
        hash: "h".into(),
        callback_id: CALLBACK.into(),
        private_metadata: String::new(),
        state,
        kind: "modal".into(),
    };
    let typed = [(TIME, one("17:45")), (MIN_ACTIVE, one("7")), (CHANNEL, one("C9")), (KIND, one("usergroup"))];
    let filled = editor(true).filled(&view(state(&typed)));
    assert_eq!((filled.form.time.as_str(), filled.form.min_active.as_str()), ("17:45", "7"));
    assert_eq!((filled.form.channel.as_str(), filled.form.kind), ("C9", Kind::Group));
    assert_eq!(filled.form.members, editor(true).form.members, "for when they choose the list again");
}

proptest! {
    #[test]
    fn whatever_is_sent_is_a_change_of_this_team_or_faults_of_its_blocks(
        values in proptest::collection::vec(prop_oneof![
            Just(Chosen::Nothing), "\\PC{0,30}".prop_map(Chosen::One),
            proptest::collection::vec("[a-z_]{0,8}|sessions|cost", 0..4).prop_map(Chosen::Many),
        ], 12),
        asks_all in any::<bool>(),
    ) {
        let ids = [NAME, KIND, ADDRESSES, GROUP, ATTRIBUTE, CHANNEL, DAY, TIME, ZONE, SECTIONS, MIN_ACTIVE, OTHER_OWNERS];
        let sent: Vec<_> = ids.into_iter().zip(values).collect();
        let editor = editor(asks_all);
        let form = Form::read(&state(&sent), &editor.form, asks_all);
        let (change, faults) = change(&editor, &form, (&addresses(&editor.form), &addresses(&form)));
        prop_assert!(change.is_none_or(|change| change.scope == nothing().scope));
        prop_assert!(faults.keys().all(|block| [SECTIONS, MIN_ACTIVE].contains(&block.as_str())));
        prop_assert_eq!(lint::view_faults(&Editor { form, ..editor }.view(now())), vec![]);
    }
}
