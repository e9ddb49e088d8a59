//! What somebody wants to change about a team: what they left as it was is not asked for.

use super::{
    super::people::People,
    Editor,
    form::{ADDRESSES, Form, Kind, MIN_ACTIVE, NAME, OTHER_OWNERS, OWNERS, SECTIONS},
    view::sections,
};
use crate::{
    admin::{AdminError, Change, Report, Scope},
    model::MemberEmail,
    workspace::Workspace,
};
use std::collections::{BTreeMap, BTreeSet};

/// The addresses of a form's people.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Addresses {
    pub members: BTreeSet<MemberEmail>,
    pub owners: BTreeSet<MemberEmail>,
}

impl Addresses {
    /// Looks them up; with what is wrong, by block.
    pub(super) async fn of(workspace: &Workspace, form: &Form) -> Result<(Self, BTreeMap<String, String>), AdminError> {
        let mut faults = BTreeMap::new();
        let mut addresses = Self::default();
        let people: [(&People, &str, &mut BTreeSet<MemberEmail>); 2] = [
            (&form.members, ADDRESSES, &mut addresses.members),
            (&form.owners, if form.owners.typed.is_empty() { OWNERS } else { OTHER_OWNERS }, &mut addresses.owners),
        ];
        for (people, block, found) in people {
            if block == ADDRESSES && form.kind != Kind::List {
                continue;
            }
            match people.emails(workspace).await? {
                Ok(emails) => *found = emails,
                Err(words) => drop(faults.insert(block.to_owned(), words)),
            }
        }
        Ok((addresses, faults))
    }
}

/// The change from `editor`'s form, which is the team as it stands, to `form`; none where nothing is changed. With what is
/// wrong, by block; what only the store and Slack know is checked where the change is made.
pub(super) fn change(
    editor: &Editor,
    form: &Form,
    addresses: (&Addresses, &Addresses),
) -> (Option<Change>, BTreeMap<String, String>) {
    let mut faults = BTreeMap::new();
    let name = form.name.trim();
    if name.is_empty() {
        wrong(&mut faults, NAME, "Give the team a name.");
    }
    let (old, is_new) = (&editor.form, editor.team.is_none());
    let differs = |old: &str, new: &str| (is_new || old != new).then(|| new.to_owned());
    let mut change = Change::of(Report::Weekly, Scope::Team(name.to_owned()));
    change.days = differs(&old.day, &form.day);
    change.time = differs(&old.time, &form.time);
    change.zone = differs(&old.zone, &form.zone);
    change.sections = parts(editor, form, &mut faults);
    if editor.asks_all {
        // A channel can be changed, not taken away.
        change.channel = differs(&old.channel, &form.channel).filter(|channel| !channel.is_empty());
        change.min_active = least(editor, form, &mut faults);
        membership(editor, form, addresses, &mut change);
    }
    let asks_nothing = change == Change::of(Report::Weekly, change.scope.clone());
    ((!asks_nothing).then_some(Change { create: Some(is_new), version: editor.version, ..change }), faults)
}

fn wrong(faults: &mut BTreeMap<String, String>, block: &str, words: &str) {
    faults.insert(block.to_owned(), words.to_owned());
}

fn parts(editor: &Editor, form: &Form, faults: &mut BTreeMap<String, String>) -> Option<Vec<String>> {
    let offered = sections(editor.show_cost);
    let is_offered = |name: &String| offered.iter().any(|choice| choice.value == *name);
    if form.sections.is_empty() {
        wrong(faults, SECTIONS, "Choose at least one part.");
    } else if !form.sections.iter().all(is_offered) {
        wrong(faults, SECTIONS, "Choose among the parts that are offered.");
    }
    let old = &editor.form.sections;
    // What cannot be seen here now is kept.
    let chosen: Vec<_> = form.sections.iter().chain(old.iter().filter(|name| !is_offered(name))).cloned().collect();
    let as_it_was = chosen.len() == old.len() && chosen.iter().all(|name| old.contains(name));
    (editor.team.is_none() || !as_it_was).then_some(chosen)
}

fn least(editor: &Editor, form: &Form, faults: &mut BTreeMap<String, String>) -> Option<u32> {
    let Ok(least) = form.min_active.trim().parse() else {
        wrong(faults, MIN_ACTIVE, "Write a whole number, such as 3.");
        return None;
    };
    (editor.team.is_none() || editor.form.min_active != form.min_active).then_some(least)
}

/// Who is on it and who owns it.
fn membership(editor: &Editor, form: &Form, (before, after): (&Addresses, &Addresses), change: &mut Change) {
    let emails = |emails: &BTreeSet<MemberEmail>| emails.iter().map(ToString::to_string).collect::<Vec<_>>();
    change.owners = (before.owners != after.owners).then(|| emails(&after.owners));
    if editor.too_many {
        return;
    }
    let old = &editor.form;
    let another = editor.team.is_none() || old.kind != form.kind;
    match form.kind {
        Kind::List => change.members = (another || before.members != after.members).then(|| emails(&after.members)),
        Kind::Group => change.usergroup = (another || old.usergroup != form.usergroup).then(|| form.usergroup.clone()),
        Kind::Attribute => {
            change.attribute = (another || old.attribute != form.attribute).then(|| form.attribute.clone());
        }
    }
}
