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
};
use crate::{
    admin::{self, Actor, AdminError, Change, Report, Scope},
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
use form::{ATTRIBUTE, DAY, Form, GROUP, MEMBERS, MIN_ACTIVE, NAME, OWNERS, SECTIONS, TIME};
pub(super) use form::{CHANNEL, KIND};

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
    Ok(Editor {
        version: Some(team.version),
        asks_all: rights.admin,
        enabled: team.weekly.enabled_at.is_some(),
        removable: rights.admin && !team.in_file,
        too_many: members.is_none(),
        show_cost,
        status: Some(view::status(&team, zone)),
        channel_note: None,
        form: Form::of(&team, members.unwrap_or_default(), owners),
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
            asks_all: true,
            enabled: false,
            removable: false,
            too_many: false,
            show_cost,
            status: None,
            channel_note: None,
            form: Form::new(zone),
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
    let metadata = Metadata::read(&view.private_metadata);
    let editor = stands(workspace, member, metadata.team.as_deref()).await?;
    Ok(Editor { version: metadata.version, ..editor })
}

/// Another kind of membership asks other questions.
pub(super) async fn kind_chosen(workspace: &Workspace, member: &MemberRecord, view: &View) {
    match shown(workspace, member, view).await {
        Ok(editor) => fill(workspace, &view.id, &editor.filled(view).view(workspace.now())).await,
        Err(error) => say(workspace, view, &error).await,
    }
}

/// Looks at the channel at once, and says what is wrong with it and what helps.
pub(super) async fn channel_chosen(workspace: &Workspace, member: &MemberRecord, view: &View) {
    let editor = match shown(workspace, member, view).await {
        Ok(editor) if editor.asks_all => editor.filled(view),
        Ok(_) => return,
        Err(error) => return say(workspace, view, &error).await,
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
        return say(workspace, view, &error).await;
    }
    home::publish_soon(workspace, &member.id);
    match stands(workspace, member, Some(&team)).await.map_err(AdminError::after_saving) {
        Ok(editor) => fill(workspace, &view.id, &editor.view(workspace.now())).await,
        Err(error) => say(workspace, view, &error).await,
    }
}

pub(super) async fn remove(workspace: &Workspace, member: &MemberRecord, view: &View) {
    let Some(team) = Metadata::read(&view.private_metadata).team else { return };
    match admin::remove_team(workspace, &actor(member), &team).await {
        Ok(()) => {
            home::publish_soon(workspace, &member.id);
            fill(workspace, &view.id, &notice(TITLE, &["The team is removed."])).await;
        }
        Err(error) => say(workspace, view, &error).await,
    }
}

async fn say(workspace: &Workspace, view: &View, error: &AdminError) {
    home::log_admin(error);
    fill(workspace, &view.id, &notice(TITLE, &[&super::words(error)])).await;
}

/// Makes the change; all that is wrong stands beside its blocks.
pub(super) async fn submitted(workspace: &Workspace, member: &MemberRecord, view: &View) -> Outcome {
    let changed = async {
        let editor = shown(workspace, member, view).await?;
        let form = Form::read(&view.state, &editor.form, editor.asks_all);
        let (before, after) =
            match (Addresses::of(workspace, &editor.form).await?, Addresses::of(workspace, &form).await?) {
                (Ok(before), Ok(after)) => (before, after),
                (_, Err(faults)) | (Err(faults), _) => return Ok(Outcome::Errors(faults)),
            };
        let change = match change(&editor, &form, (&before, &after)) {
            Ok(Some(change)) => change,
            Ok(None) => return Ok(Outcome::Clear),
            Err(faults) => return Ok(Outcome::Errors(faults)),
        };
        let configured = admin::configure(workspace, &actor(member), &change).await?;
        let notes: Vec<_> = configured.notes.iter().take(10).map(String::as_str).collect();
        let saved = if editor.team.is_none() { NEXT_STEP } else { "It is saved." };
        Ok::<_, AdminError>(match (notes.is_empty(), editor.team.is_none()) {
            (true, false) => Outcome::Clear,
            _ => Outcome::Show(notice(TITLE, &[&[saved], &notes[..]].concat())),
        })
    };
    changed.await.unwrap_or_else(|error| super::refused(&error, TIME, |field| asked(view, block_of(field))))
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
