//! Changes what is configured, in the store's `zeude_report_configs`.

use super::{
    Actor, AdminError, Change, FieldFault, Scope,
    actor::{admins_only, rights},
    member,
    parse::{Wanted, parse},
    team, workspace_scope,
};
use crate::{
    planner,
    store::{AuditEntry, ReportConfig},
    workspace::Workspace,
};
use chrono::{DateTime, Utc};

/// The reports as the store names them.
pub(super) const DAILY: &str = "daily";
pub(super) const WEEKLY: &str = "weekly";
/// The scope of personal digests of the whole workspace.
pub(super) const WORKSPACE: &str = "workspace";

/// What holds after a change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Configured {
    pub enabled: bool,
    pub next: Vec<DateTime<Utc>>,
    pub version: i64,
    /// A team was made by it.
    pub created: bool,
    /// What else the person should know, as sentences.
    pub notes: Vec<String>,
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
    match parse(change) {
        (wanted, faults) if faults.is_empty() => Ok(wanted),
        (_, faults) => Err(AdminError::Invalid(faults)),
    }
}

/// What is configured of `scope` now, nothing where there is nothing; refused where whoever asks had seen another.
pub(super) async fn standing(
    workspace: &Workspace,
    report: &str,
    scope: &str,
    seen: Option<i64>,
) -> Result<ReportConfig, AdminError> {
    let standing = workspace.store.report_config(report, scope).await?;
    let standing = standing.unwrap_or_else(|| ReportConfig::new(report, scope));
    if seen.is_some_and(|seen| seen != standing.version) {
        return Err(AdminError::Changed);
    }
    Ok(standing)
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
        Ok(config.version + 1)
    } else {
        Err(AdminError::Changed)
    }
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
