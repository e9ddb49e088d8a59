//! What a change of a team is judged by, with everything that is wrong with it at once.

use super::{
    Actor, AdminError, Change, FieldFault, Report,
    channel::check_channel,
    configure::{WEEKLY, key, may_change, none_of, standing},
    parse::{Wanted, parse},
    strangers::{note, strangers},
};
use crate::{
    config::{Membership, nearest, team_key},
    model::{ChannelId, MemberEmail},
    planner::{Rules, TeamWeekly},
    store::ReportConfig,
    workspace::Workspace,
};
use std::collections::BTreeSet;

/// A change with which nothing is wrong, and how the team stands before it.
pub(super) struct Checked {
    pub wanted: Wanted,
    pub standing: ReportConfig,
    pub before: Option<TeamWeekly>,
    pub people: Membership,
    /// Who is on it now, where a list or a user group that was asked says so.
    pub listed: Option<BTreeSet<MemberEmail>>,
    pub enabling: bool,
    pub notes: Vec<String>,
    /// Addresses that nobody in Slack has.
    pub strangers: Vec<MemberEmail>,
}

/// What is found on the way.
#[derive(Default)]
struct Found {
    faults: Vec<FieldFault>,
    notes: Vec<String>,
}

impl Found {
    fn fault(&mut self, field: &'static str, reason: impl Into<String>) {
        self.faults.push(FieldFault { field, reason: reason.into() });
    }

    /// Whether something is wrong with the field already.
    fn is_wrong(&self, field: &str) -> bool {
        self.faults.iter().any(|fault| fault.field == field)
    }
}

/// Checks who asks, all fields, the name, and channel and user group in Slack.
pub(super) async fn checked(
    workspace: &Workspace,
    actor: &Actor,
    change: &Change,
    name: &str,
) -> Result<Checked, AdminError> {
    let is_admin = may_change(workspace, actor, name, for_admins(change).as_deref()).await?;
    let (mut wanted, faults) = parse(change);
    if change.report == Report::Daily {
        none_of(faults.clone())?;
    }
    let mut found = Found { faults, ..Found::default() };
    let scope = key(&change.scope);
    let standing = standing(workspace, actor, WEEKLY, &scope, change.version).await?;
    let mut rules = workspace.rules().await?;
    let before = rules.teams.remove(name).map(|team| team.weekly);
    if let Some(absent) = exists(change, name, before.is_some(), &rules, &mut found) {
        if found.faults.is_empty() {
            return Err(absent);
        }
        found.fault("team", absent.to_string());
    }
    let people = wanted.membership.clone().or(before.as_ref().map(|before| before.membership.clone()));
    let wants = change.enabled == Some(true);
    let listed = look(workspace, &wanted, people.as_ref(), wants, &mut found).await?;
    let enabling = wants && before.as_ref().is_none_or(|before| before.enabled_at.is_none());
    if enabling {
        let channel = before.as_ref().and_then(|before| before.channel.clone());
        can_be_enabled(workspace, change, channel, (people.as_ref(), listed.as_ref()), &mut found).await?;
    }
    none_of(found.faults)?;
    let Some(people) = people else { return Err(no_such_team(&rules, name)) };
    let asked = wanted.membership.is_some() || enabling;
    let listed_now = listed.as_ref().filter(|_| asked);
    let strangers = who_is_strange(workspace, &wanted, listed_now, is_admin, &mut found.notes).await?;
    // A new team takes nothing over from one that the settings had once, and its zone is the one that people were shown.
    let standing = if before.is_none() {
        wanted.zone = wanted.zone.or(Some(rules.zone));
        ReportConfig { version: standing.version, ..ReportConfig::new(WEEKLY, &scope) }
    } else {
        standing
    };
    Ok(Checked { wanted, standing, before, people, listed, enabling, notes: found.notes, strangers })
}

/// What of `change` admins alone may do, in words.
fn for_admins(change: &Change) -> Option<String> {
    let given = [
        (change.create == Some(true), "which teams there are"),
        (asks_people(change), "who is on a team"),
        (change.channel.is_some(), "its channel"),
        (change.exclude.is_some(), "who does not count"),
        (change.owners.is_some(), "its owners"),
        (change.min_active.is_some(), "how many must be active"),
    ];
    let given: Vec<_> = given.into_iter().filter(|(given, _)| *given).map(|(_, words)| words).collect();
    (!given.is_empty()).then(|| given.join(", "))
}

fn asks_people(change: &Change) -> bool {
    change.members.is_some() || change.usergroup.is_some() || change.attribute.is_some()
}

/// Whether there is such a team, or one may be made: none has its name or one that looks like it, settings included.
fn exists(change: &Change, name: &str, is_there: bool, rules: &Rules, found: &mut Found) -> Option<AdminError> {
    let makes = change.create.unwrap_or(!is_there && asks_people(change));
    if !makes {
        return (!is_there).then(|| no_such_team(rules, name));
    }
    if is_there {
        found.fault("team", TAKEN);
    } else if let Some(twin) = twin(rules, name) {
        let shown: String = twin.chars().take(100).collect();
        found.fault("team", format!("there is a team `{shown}` already, and the two could not be told apart"));
    }
    if !asks_people(change) {
        found.fault("members", "is missing: a new team has `members`, a `usergroup` or an `attribute`");
    }
    None
}

/// Of a name that a team has.
pub(super) const TAKEN: &str = "there is a team of this name already";

/// The team whose name differs from `name` by nothing that people tell apart.
fn twin<'a>(rules: &'a Rules, name: &str) -> Option<&'a str> {
    let wanted = team_key(name);
    rules.teams.keys().find(|known| team_key(known) == wanted).map(String::as_str)
}

pub(super) fn no_such_team(rules: &Rules, name: &str) -> AdminError {
    let near = twin(rules, name).or_else(|| nearest(name, rules.teams.keys().map(String::as_str)));
    AdminError::NoSuchTeam { name: name.chars().take(100).collect(), nearest: near.map(str::to_owned) }
}

/// Looks at the channel and the user group in Slack where they were chosen now, or are needed now; answers who is listed.
async fn look(
    workspace: &Workspace,
    wanted: &Wanted,
    people: Option<&Membership>,
    enabling: bool,
    found: &mut Found,
) -> Result<Option<BTreeSet<MemberEmail>>, AdminError> {
    if let Some(channel) = &wanted.channel {
        channel_fault(workspace, channel, found).await?;
    }
    match people {
        None => Ok(None),
        Some(Membership::Members(members)) => Ok(Some(members.iter().cloned().collect())),
        Some(Membership::Attribute { .. }) => {
            if wanted.membership.is_some() {
                found.notes.push("Who is on the team is told by the telemetry, from its next event on.".to_owned());
            }
            Ok(None)
        }
        Some(Membership::Usergroup(_)) if wanted.membership.is_none() && !enabling => Ok(None),
        Some(Membership::Usergroup(group)) => {
            if let Some(members) = workspace.client.usergroup_members(group).await? {
                return Ok(Some(workspace.store.emails_of(&members).await?));
            }
            found.fault("usergroup", format!("there is no user group `{group}` in Slack, or it is switched off"));
            Ok(None)
        }
    }
}

async fn channel_fault(workspace: &Workspace, channel: &ChannelId, found: &mut Found) -> Result<(), AdminError> {
    if let Err(fault) = check_channel(workspace, channel).await? {
        found.fault("channel", fault.words());
    }
    Ok(())
}

/// A summary that is enabled has somewhere to go, and somebody to tell of.
async fn can_be_enabled(
    workspace: &Workspace,
    change: &Change,
    channel: Option<ChannelId>,
    (people, listed): (Option<&Membership>, Option<&BTreeSet<MemberEmail>>),
    found: &mut Found,
) -> Result<(), AdminError> {
    match (&change.channel, channel) {
        // What was chosen now was looked at already.
        (Some(_), _) => {}
        (None, Some(channel)) => channel_fault(workspace, &channel, found).await?,
        (None, None) => found.fault("channel", "the team has no channel yet, and its summary has nowhere to go"),
    }
    let field = if matches!(people, Some(Membership::Usergroup(_))) { "usergroup" } else { "members" };
    if listed.is_some_and(BTreeSet::is_empty) && !found.is_wrong(field) {
        found.fault(field, "nobody is on the team yet");
    }
    Ok(())
}

/// Who of the addresses that were given nobody in Slack has; people may join later, so it is only told, and who they are to
/// admins alone.
async fn who_is_strange(
    workspace: &Workspace,
    wanted: &Wanted,
    listed: Option<&BTreeSet<MemberEmail>>,
    is_admin: bool,
    notes: &mut Vec<String>,
) -> Result<Vec<MemberEmail>, AdminError> {
    let owners = wanted.owners.as_ref().map(|owners| owners.iter().cloned().collect::<BTreeSet<_>>());
    let mut all = BTreeSet::new();
    for (emails, of) in [(listed, "addresses"), (owners.as_ref(), "owners")] {
        let Some(emails) = emails else { continue };
        let unknown = strangers(workspace, emails).await?;
        notes.extend(note(&unknown, emails.len(), of, is_admin));
        all.extend(unknown);
    }
    Ok(all.into_iter().filter(|_| is_admin).collect())
}
