//! Changes what is configured, in the store's `zeude_report_configs`.

use super::{
    Actor, AdminError, Change, FieldFault, Scope,
    actor::{admins_only, rights},
    member,
    parse::{Wanted, parse},
    team, workspace_scope,
};
use crate::{
    model::{MemberEmail, MemberId},
    planner,
    store::{AuditEntry, ReportConfig, StoreError},
    workspace::Workspace,
};
use chrono::{DateTime, Utc};

/// The reports as the store names them.
pub(super) const DAILY: &str = "daily";
pub(super) const WEEKLY: &str = "weekly";
/// The scope of personal digests of the whole workspace.
pub(super) const WORKSPACE: &str = "workspace";

/// What holds after a change.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Configured {
    pub enabled: bool,
    pub next: Vec<DateTime<Utc>>,
    pub version: i64,
    /// A team was made by it.
    pub created: bool,
    /// What else the person should know, as sentences.
    pub notes: Vec<String>,
    /// Addresses of the change that nobody in Slack's directory has; the notes say it too.
    pub not_in_slack: Vec<MemberEmail>,
}

impl Configured {
    /// What is answered where the change stands, and no more can be found out.
    pub(super) fn unanswered(self, error: &AdminError, mut notes: Vec<String>) -> Self {
        tracing::warn!(error = error as &dyn std::error::Error, "a change was made, and what follows is not known");
        notes.push("It is saved, but when it comes next cannot be said right now.".to_owned());
        Self { notes, ..self }
    }
}

/// Makes the change, or none of it: checks who asks, all fields, the channel in Slack, the preview and the consent; writes,
/// audits, and brings subscriptions in step.
///
/// # Errors
/// When it is refused, or something does not answer.
pub async fn configure(workspace: &Workspace, actor: &Actor, change: &Change) -> Result<Configured, AdminError> {
    let outcome = match &change.scope {
        Scope::Team(name) => Box::pin(team::configure(workspace, actor, change, name)).await,
        Scope::Workspace => Box::pin(workspace_scope::configure(workspace, actor, change)).await,
        Scope::Member(who) => Box::pin(member::configure(workspace, actor, change, who)).await,
    };
    if let Err(refused) = &outcome {
        note_refusal(workspace, actor, &about(&change.scope), refused).await?;
    }
    outcome
}

/// Removes a team that was made in Slack, on the page or through the API.
///
/// # Errors
/// When the settings file has it, or `actor` is no admin.
pub async fn remove_team(workspace: &Workspace, actor: &Actor, team: &str) -> Result<(), AdminError> {
    let outcome = Box::pin(team::remove(workspace, actor, team)).await;
    if let Err(refused) = &outcome {
        note_refusal(workspace, actor, &key(&Scope::Team(team.to_owned())), refused).await?;
    }
    outcome
}

/// Who tries what they may not is on record.
pub(super) async fn note_refusal(
    workspace: &Workspace,
    actor: &Actor,
    subject: &str,
    refused: &AdminError,
) -> Result<(), AdminError> {
    if let AdminError::NotAllowed(why) = refused { note_refused(workspace, actor, subject, why).await } else { Ok(()) }
}

/// The same, of who was refused before they asked for anything here.
///
/// # Errors
/// When the store does not answer.
pub async fn note_refused(workspace: &Workspace, actor: &Actor, subject: &str, why: &str) -> Result<(), AdminError> {
    let subject = subject.chars().take(200).collect::<String>();
    Ok(workspace.store.audit(&entry(workspace, actor, "admin.refused", &subject, why)).await?)
}

/// What a refusal was about; of a member not even the address, for it may be anything.
pub(super) fn about(scope: &Scope) -> String {
    if let Scope::Member(_) = scope { "member".to_owned() } else { key(scope) }
}

/// The scope as the store names it; of a member, by what they were named with.
pub(super) fn key(scope: &Scope) -> String {
    match scope {
        Scope::Workspace => WORKSPACE.to_owned(),
        Scope::Team(name) => format!("team:{name}"),
        Scope::Member(who) => format!("member:{who}"),
    }
}

pub(super) fn entry(workspace: &Workspace, actor: &Actor, action: &str, subject: &str, detail: &str) -> AuditEntry {
    AuditEntry {
        at: workspace.now(),
        actor: actor.name(),
        action: action.to_owned(),
        subject: subject.to_owned(),
        detail: detail.to_owned(),
    }
}

/// Reads the change, once it is known that `actor` may ask for it; for a member, a guest's time of day is nobody's.
pub(super) fn wanted(change: &Change) -> Result<Wanted, AdminError> {
    let (wanted, faults) = parse(change);
    none_of(faults).map(|()| wanted)
}

/// Refuses where something is wrong.
pub(super) fn none_of(faults: Vec<FieldFault>) -> Result<(), AdminError> {
    if faults.is_empty() { Ok(()) } else { Err(AdminError::Invalid(faults)) }
}

/// All that is wrong with the change, for who could not read all of what was asked; nothing is written.
///
/// # Errors
/// When `actor` may not ask for it, or something does not answer.
pub async fn faults(workspace: &Workspace, actor: &Actor, change: &Change) -> Result<Vec<FieldFault>, AdminError> {
    let checked = match &change.scope {
        Scope::Team(name) => Box::pin(team::check(workspace, actor, change, name)).await,
        Scope::Workspace => Box::pin(workspace_scope::check(workspace, actor, change)).await,
        Scope::Member(who) => Box::pin(member::check(workspace, actor, change, who)).await,
    };
    match checked {
        Ok(()) => Ok(Vec::new()),
        Err(AdminError::Invalid(faults)) => Ok(faults),
        Err(error @ AdminError::NoSuchTeam { .. }) => Ok(vec![FieldFault { field: "team", reason: error.to_string() }]),
        Err(error @ AdminError::NoSuchMember(_)) => Ok(vec![FieldFault { field: "member", reason: error.to_string() }]),
        Err(refused) => {
            note_refusal(workspace, actor, &about(&change.scope), &refused).await?;
            Err(refused)
        }
    }
}

/// What is configured of `scope` now, nothing where there is nothing; refused where whoever asks had seen another.
pub(super) async fn standing(
    workspace: &Workspace,
    actor: &Actor,
    report: &str,
    scope: &str,
    seen: Option<i64>,
) -> Result<ReportConfig, AdminError> {
    let standing = workspace.store.report_config(report, scope).await?;
    let standing = standing.unwrap_or_else(|| ReportConfig::new(report, scope));
    match seen.filter(|seen| *seen != standing.version) {
        Some(seen) => Err(changed(workspace, actor, &standing, seen).await),
        None => Ok(standing),
    }
}

/// Writes `config`, audited with `changes`; refused where somebody else was faster. Answers the new version.
pub(super) async fn put(
    workspace: &Workspace,
    actor: &Actor,
    config: &ReportConfig,
    changes: &[String],
) -> Result<i64, AdminError> {
    let detail = format!("{}: {}", config.report, changes.join("; "));
    let entry = entry(workspace, actor, "report.configure", &config.scope, &detail);
    if workspace.store.put_report_config(config, &entry).await? {
        return Ok(config.version + 1);
    }
    let standing = workspace.store.report_config(&config.report, &config.scope).await?;
    let standing = standing.unwrap_or_else(|| ReportConfig::new(&config.report, &config.scope));
    Err(changed(workspace, actor, &standing, config.version).await)
}

/// That somebody was faster: who, and with what, as the audit tells it.
async fn changed(workspace: &Workspace, actor: &Actor, standing: &ReportConfig, seen: i64) -> AdminError {
    let since = u32::try_from(standing.version.saturating_sub(seen)).unwrap_or(MOST_TOLD);
    let told = changes_since(workspace, actor, standing, since.clamp(1, MOST_TOLD)).await;
    AdminError::Changed(told.unwrap_or_else(|error| {
        tracing::warn!(error = &error as &dyn std::error::Error, "who changed something is not known");
        Vec::new()
    }))
}

/// So many changes of others are told of, the latest.
const MOST_TOLD: u32 = 3;

async fn changes_since(
    workspace: &Workspace,
    actor: &Actor,
    standing: &ReportConfig,
    most: u32,
) -> Result<Vec<String>, StoreError> {
    // Previews and refusals stand between them.
    let entries = workspace.store.audited(Some(&standing.scope), 50).await?;
    let before = format!("{}: ", standing.report);
    let mut told = Vec::new();
    for entry in entries.iter().filter(|entry| entry.action == "report.configure").take(most as usize) {
        let Some(what) = entry.detail.strip_prefix(&before) else { continue };
        let who = match entry.actor.strip_prefix("token:") {
            _ if entry.actor == actor.name() => "You".to_owned(),
            Some(token) => format!("The admin token \"{token}\""),
            None => {
                let member = workspace.store.member(&MemberId(entry.actor.clone())).await?;
                member.map_or_else(|| "Somebody".to_owned(), |member| member.name)
            }
        };
        told.push(format!("{who} changed {what}."));
    }
    told.reverse();
    Ok(told)
}

/// `field` with what it was and what it is, where that differs.
pub(super) fn difference(field: &str, before: &str, after: &str) -> Option<String> {
    (before != after).then(|| format!("{field} {before} → {after}"))
}

/// Brings everybody's subscription in step while the person has their answer already: it may take long.
pub(super) fn refresh_all(workspace: &Workspace) {
    let workspace = workspace.clone();
    let tasks = workspace.tasks.clone();
    tasks.spawn(async move {
        let now = workspace.now();
        let refreshed = async { planner::refresh(&workspace.store, &workspace.rules().await?, now).await };
        if let Err(error) = refreshed.await {
            // Each start and each hour does it again.
            tracing::warn!(error = &error as &dyn std::error::Error, "subscriptions are not in step yet");
        }
        workspace.planned.notify_one();
    });
}

pub(super) fn invalid(field: &'static str, reason: impl Into<String>) -> AdminError {
    AdminError::Invalid(vec![FieldFault { field, reason: reason.into() }])
}

/// What only admins may change.
pub(super) async fn admin_of_digests(workspace: &Workspace, actor: &Actor) -> Result<(), AdminError> {
    admins_only(workspace, actor, "change personal digests").await
}

/// Whether `actor` may enable what has this `scope`, having been `shown` it.
pub(super) async fn refuse_unseen(
    workspace: &Workspace,
    actor: &Actor,
    report: &str,
    scope: &str,
    shown: &str,
) -> Result<(), AdminError> {
    let seen = workspace.store.previewed(&actor.name(), report, scope, shown).await?;
    if seen.is_some() { Ok(()) } else { Err(AdminError::NotPreviewed) }
}

/// Of a team, who may change it: what admins alone may is asked for with `needs_admin`.
pub(super) async fn may_change(
    workspace: &Workspace,
    actor: &Actor,
    team: &str,
    needs_admin: Option<&str>,
) -> Result<bool, AdminError> {
    let rights = rights(workspace, actor).await?;
    if rights.admin {
        return Ok(true);
    }
    if !rights.owns.contains(team) {
        return Err(AdminError::NotAllowed(
            "only an admin of this workspace or an owner of the team may change a team".to_owned(),
        ));
    }
    match needs_admin {
        Some(what) => Err(AdminError::NotAllowed(format!("only an admin of this workspace may change {what}"))),
        None => Ok(false),
    }
}
