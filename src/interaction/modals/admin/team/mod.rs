//! A team's editor: for admins all of it, for owners its schedule, sections and pause.

mod change;
mod form;
#[cfg(test)]
mod tests;
mod view;

use super::{
    super::waiting::{Outcome, Place, fill, open as open_waiting},
    Metadata, actor,
    people::People,
    round::{beside, unmarked},
};
use crate::{
    admin::{self, Actor, AdminError, Change, FieldFault, Report, Scope, Seen},
    config::Membership,
    interaction::{View, home, view::notice},
    message::figures::foreign,
    model::{ChannelId, MemberEmail},
    store::MemberRecord,
    workspace::Workspace,
};
use change::{Addresses, change};
use chrono_tz::Tz;
pub(in crate::interaction::modals) use form::ZONE;
use form::{ADDRESSES, ATTRIBUTE, DAY, Form, GROUP, MEMBERS, MIN_ACTIVE, NAME, OWNERS, SECTIONS, TIME};
pub(super) use form::{CHANNEL, KIND};
use serde_json::Value;
use std::collections::BTreeMap;

pub(super) const CALLBACK: &str = "admin_team";
pub(super) const TITLE: &str = "Team";
pub(super) const PREVIEW: &str = "admin_team_preview";
pub(super) const OFF: &str = "admin_team_off";
pub(super) const REMOVE: &str = "admin_team_remove";

/// What an editor shows, of the team as it stands.
#[derive(Debug, Clone, PartialEq)]
#[expect(clippy::struct_excessive_bools, reason = "each shows or hides a part of its own")]
struct Editor {
    /// None of one that is to be made.
    team: Option<String>,
    version: Option<i64>,
    /// What stood in the form at that version.
    seen: Seen,
    round: Option<i64>,
    /// Who looks is an admin.
    asks_all: bool,
    enabled: bool,
    removable: bool,
    /// The list of its people is too long to be changed in a modal.
    too_many: bool,
    show_cost: bool,
    /// How it stands, of one that is.
    status: Option<String>,
    /// What was found out about the channel that was chosen.
    channel_note: Option<String>,
    /// What is to be said above the form.
    notes: Vec<String>,
    form: Form,
}

/// Opens the editor of the team `name`.
pub(in crate::interaction) async fn open(
    workspace: &Workspace,
    member: &MemberRecord,
    trigger: &str,
    place: Place,
    name: &str,
) {
    opened(workspace, member, trigger, (place, Some(name))).await;
}

/// Opens the editor of a team that is to be made.
pub(in crate::interaction) async fn open_new(workspace: &Workspace, member: &MemberRecord, trigger: &str) {
    opened(workspace, member, trigger, (Place::Alone, None)).await;
}

/// Shows the editor of the team `name` in the modal `id`, in place of what stood there.
pub(super) async fn open_in(workspace: &Workspace, member: &MemberRecord, id: &str, name: &str) {
    let view = match stands(workspace, member, Some(name)).await {
        Ok(editor) => editor.view(workspace.now()),
        Err(error) => {
            home::log_admin(&error);
            notice(TITLE, &[&super::words(&error)])
        }
    };
    fill(workspace, id, &view).await;
}

async fn opened(workspace: &Workspace, member: &MemberRecord, trigger: &str, (place, name): (Place, Option<&str>)) {
    let waiting = open_waiting(workspace, Some(trigger), place, (TITLE, "One moment…")).await;
    let Some(waiting) = waiting else { return };
    match stands(workspace, member, name).await {
        Ok(editor) => waiting.fill(&editor.view(workspace.now())).await,
        Err(error) => {
            home::log_admin(&error);
            waiting.say(TITLE, &error.words()).await;
        }
    }
}

/// The team as it stands, for a member who may edit it.
async fn stands(workspace: &Workspace, member: &MemberRecord, name: Option<&str>) -> Result<Editor, AdminError> {
    let actor = actor(member);
    let rights = admin::rights(workspace, &actor).await?;
    let zone = home::zone_of(workspace, member).await;
    let show_cost = workspace.settings.digest.show_cost;
    let Some(name) = name else {
        if !rights.admin {
            return refuse(workspace, &actor, "teams", "only admins of the workspace can add a team").await;
        }
        return Ok(Editor::new(zone, show_cost));
    };
    if !rights.may_edit(name) {
        let why = "only an admin of this workspace or an owner of the team may change a team";
        return refuse(workspace, &actor, &format!("team:{name}"), why).await;
    }
    let teams = admin::team_overview(workspace, &actor).await?;
    let team = teams.into_iter().find(|team| team.name == name);
    let team = team.ok_or_else(|| AdminError::NoSuchTeam { name: foreign(name), nearest: None })?;
    let listed: &[MemberEmail] = match &team.weekly.membership {
        Membership::Members(members) => members,
        Membership::Usergroup(_) | Membership::Attribute { .. } => &[],
    };
    let members = People::of(workspace, listed).await?;
    let owners = People::of(workspace, &team.weekly.owners).await?.unwrap_or_default();
    let form = Form::of(&team, members.clone().unwrap_or_default(), owners);
    Ok(Editor {
        version: Some(team.version),
        seen: form.seen(),
        round: None,
        asks_all: rights.admin,
        enabled: team.weekly.enabled_at.is_some(),
        removable: rights.admin && !team.in_file,
        too_many: members.is_none(),
        show_cost,
        status: Some(view::status(&team)),
        channel_note: None,
        notes: Vec::new(),
        form,
        team: Some(team.name),
    })
}

async fn refuse<T>(workspace: &Workspace, actor: &Actor, subject: &str, why: &str) -> Result<T, AdminError> {
    admin::note_refused(workspace, actor, subject, why).await?;
    Err(AdminError::NotAllowed(why.to_owned()))
}

impl Editor {
    fn new(zone: Tz, show_cost: bool) -> Self {
        Self {
            team: None,
            version: None,
            seen: Seen::default(),
            round: None,
            asks_all: true,
            enabled: false,
            removable: false,
            too_many: false,
            show_cost,
            status: None,
            channel_note: None,
            notes: Vec::new(),
            form: Form::new(zone),
        }
    }

    /// As it was sent, where nothing else is to be had: nobody fills in a form twice.
    fn of_view(workspace: &Workspace, view: &View, notes: Vec<String>) -> Self {
        let Metadata { team, version, seen, round, .. } = Metadata::read(&view.private_metadata);
        let asks = |block: &str| view.state.0.contains_key(block);
        Self {
            status: team.as_deref().map(foreign),
            team,
            version,
            seen: seen.unwrap_or_default(),
            round,
            asks_all: asks(CHANNEL),
            enabled: false,
            removable: false,
            too_many: asks(CHANNEL) && !asks(KIND),
            show_cost: workspace.settings.digest.show_cost,
            channel_note: None,
            notes,
            form: Form::read(&view.state, &Form::default(), asks(CHANNEL)),
        }
    }

    /// With what was filled in so far.
    fn filled(self, view: &View) -> Self {
        let form = Form::read(&view.state, &self.form, self.asks_all);
        Self { form, ..self }
    }
}

/// The team that a view is about as it stands now, with the version that the view shows.
async fn shown(workspace: &Workspace, member: &MemberRecord, view: &View) -> Result<Editor, AdminError> {
    let Metadata { team, version, seen, round, .. } = Metadata::read(&view.private_metadata);
    let editor = stands(workspace, member, team.as_deref()).await?;
    Ok(Editor { version, seen: seen.unwrap_or_default(), round, ..editor })
}

/// Another kind of membership asks other questions.
pub(super) async fn kind_chosen(workspace: &Workspace, member: &MemberRecord, view: &View) {
    let view = &unmarked(view);
    match shown(workspace, member, view).await {
        Ok(editor) => fill(workspace, &view.id, &editor.filled(view).view(workspace.now())).await,
        Err(error) => say(workspace, member, view, &error).await,
    }
}

/// Looks at the channel at once, and says what is wrong with it and what helps.
pub(super) async fn channel_chosen(workspace: &Workspace, member: &MemberRecord, view: &View) {
    let view = &unmarked(view);
    let editor = match shown(workspace, member, view).await {
        Ok(editor) if editor.asks_all => editor.filled(view),
        Ok(_) => return,
        Err(error) => return say(workspace, member, view, &error).await,
    };
    let channel = ChannelId(editor.form.channel.clone());
    let note = if channel.0.is_empty() { None } else { Some(looked_at(workspace, &channel).await) };
    fill(workspace, &view.id, &Editor { channel_note: note, ..editor }.view(workspace.now())).await;
}

/// What is to be known about a channel, as a sentence.
async fn looked_at(workspace: &Workspace, channel: &ChannelId) -> String {
    match admin::check_channel(workspace, channel).await {
        Ok(Ok(info)) => format!("Recap can post in #{}.", foreign(&info.name)),
        Ok(Err(fault)) => fault.words().to_owned(),
        Err(error) => {
            home::log_admin(&error);
            "Slack does not say right now whether Recap can post there. It is looked at again when you save.".to_owned()
        }
    }
}

pub(super) async fn switch_off(workspace: &Workspace, member: &MemberRecord, view: &View) {
    let metadata = Metadata::read(&view.private_metadata);
    let Some(team) = metadata.team else { return };
    let scope = Scope::Team(team.clone());
    let change = Change { enabled: Some(false), version: metadata.version, ..Change::of(Report::Weekly, scope) };
    if let Err(error) = admin::configure(workspace, &actor(member), &change).await {
        return say(workspace, member, &unmarked(view), &error).await;
    }
    home::publish_soon(workspace, &member.id);
    match stands(workspace, member, Some(&team)).await.map_err(AdminError::after_saving) {
        Ok(editor) => fill(workspace, &view.id, &editor.view(workspace.now())).await,
        Err(error) => say(workspace, member, &unmarked(view), &error).await,
    }
}

pub(super) async fn remove(workspace: &Workspace, member: &MemberRecord, view: &View) {
    let Some(team) = Metadata::read(&view.private_metadata).team else { return };
    match admin::remove_team(workspace, &actor(member), &team).await {
        Ok(()) => {
            home::publish_soon(workspace, &member.id);
            fill(workspace, &view.id, &notice(TITLE, &["The team is removed."])).await;
        }
        Err(error) => say(workspace, member, &unmarked(view), &error).await,
    }
}

async fn say(workspace: &Workspace, member: &MemberRecord, view: &View, error: &AdminError) {
    fill(workspace, &view.id, &again(workspace, member, view, error).await).await;
}

/// The form with what was filled in, and above it why nothing came of it. Where somebody else was faster, what they changed is
/// in it, and what was changed here stays.
async fn again(workspace: &Workspace, member: &MemberRecord, view: &View, error: &AdminError) -> Value {
    home::log_admin(error);
    let words = super::words(error);
    match error {
        AdminError::NotAllowed(_) | AdminError::NoSuchTeam { .. } => return notice(TITLE, &[&words]),
        AdminError::Changed(_) => {
            let Metadata { team, seen, .. } = Metadata::read(&view.private_metadata);
            if let Ok(editor) = stands(workspace, member, team.as_deref()).await {
                let form = Form::read(&view.state, &editor.form, editor.asks_all);
                let form = form.over(&seen.unwrap_or_default(), &editor.form);
                let notes = vec![words, super::KEPT.to_owned()];
                return Editor { form, notes, round: editor.version, ..editor }.view(workspace.now());
            }
        }
        _ => {}
    }
    Editor::of_view(workspace, view, vec![words]).view(workspace.now())
}

/// Makes the change; all that is wrong stands beside its blocks.
pub(super) async fn submitted(workspace: &Workspace, member: &MemberRecord, view: &View) -> Outcome {
    let (marked, view) = (view, &unmarked(view));
    let errors = match saved(workspace, member, view).await {
        Ok(Ok(outcome)) => return outcome,
        Ok(Err(faults)) => faults,
        Err(error @ AdminError::Changed(_)) => return Outcome::Show(again(workspace, member, view, &error).await),
        Err(error) => match super::refused(&error, TIME, |field| asked(view, block_of(field))) {
            Outcome::Errors(errors) => errors,
            outcome => return outcome,
        },
    };
    let lines = errors.values().cloned();
    let notes = ["Nothing was changed.".to_owned()].into_iter().chain(lines).collect();
    let form = Editor::of_view(workspace, view, notes).view(workspace.now());
    Outcome::Again(beside(errors, marked), form)
}

/// What comes of the form, or what is wrong by block.
async fn saved(
    workspace: &Workspace,
    member: &MemberRecord,
    view: &View,
) -> Result<Result<Outcome, BTreeMap<String, String>>, AdminError> {
    let editor = shown(workspace, member, view).await?;
    let form = Form::read(&view.state, &editor.form, editor.asks_all);
    let (before, _) = Addresses::of(workspace, &editor.form).await?;
    let (after, mut faults) = Addresses::of(workspace, &form).await?;
    let (change, more) = change(&editor, &form, (&before, &after));
    faults.extend(more);
    let Some(change) = change else { return Ok(if faults.is_empty() { Ok(Outcome::Clear) } else { Err(faults) }) };
    let actor = actor(member);
    if !faults.is_empty() {
        let told = admin::faults(workspace, &actor, &change).await?;
        return Ok(Err(with(faults, told, view)));
    }
    let configured = admin::configure(workspace, &actor, &change).await?;
    let notes: Vec<_> = configured.notes.iter().take(10).map(String::as_str).collect();
    let saved = if editor.team.is_none() { NEXT_STEP } else { "It is saved." };
    Ok(Ok(match (notes.is_empty(), editor.team.is_none()) {
        (true, false) => Outcome::Clear,
        _ => Outcome::Show(notice(TITLE, &[&[saved], &notes[..]].concat())),
    }))
}

/// What the form itself shows to be wrong, and what is found out beyond it: of one block, the former.
fn with(mut faults: BTreeMap<String, String>, told: Vec<FieldFault>, view: &View) -> BTreeMap<String, String> {
    // Of people who cannot be read, nobody knows whether there are too few.
    let unread = faults.contains_key(ADDRESSES);
    let told: Vec<_> = told.into_iter().filter(|fault| !(unread && fault.field == "members")).collect();
    if told.is_empty() {
        return faults;
    }
    let refused = super::refused(&AdminError::Invalid(told), TIME, |field| asked(view, block_of(field)));
    if let Outcome::Errors(more) = refused {
        for (block, words) in more {
            faults.entry(block).or_insert(words);
        }
    }
    faults
}

const NEXT_STEP: &str = "The team is made. Its summary comes once it is enabled: look at its preview in Recap's Home.";

/// The block, where the form asks it: Slack shows no fault beside another.
fn asked(view: &View, block: Option<&'static str>) -> Option<&'static str> {
    block.filter(|block| view.state.0.contains_key(*block))
}

/// Where a field of a change stands in the form.
fn block_of(field: &str) -> Option<&'static str> {
    Some(match field {
        "name" | "team" | "scope" => NAME,
        "members" => MEMBERS,
        "usergroup" => GROUP,
        "attribute" => ATTRIBUTE,
        "channel" => CHANNEL,
        "day" | "days" => DAY,
        "time" => TIME,
        "zone" => ZONE,
        "sections" => SECTIONS,
        "min_active" => MIN_ACTIVE,
        "owners" => OWNERS,
        _ => return None,
    })
}
