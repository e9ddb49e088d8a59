//! A team's part: its summary's schedule, sections and channel, who is on it, and whether it is enabled.

use super::{
    Actor, AdminError, Change, Configured, Scope,
    configure::{WEEKLY, entry, invalid, key, may_change, put, refresh_all, refuse_unseen, standing},
    parse::Wanted,
    shown,
    team_check::{self, Checked, TAKEN, checked},
    team_words::changes,
};
use crate::{
    config::Membership,
    model::MemberEmail,
    planner::{self, TeamWeekly},
    store::ReportConfig,
    team::{self, Lists},
    workspace::Workspace,
};
use chrono::{DateTime, Utc};
use std::{collections::BTreeSet, iter::successors};

/// Occurrences that are answered.
const SHOWN: usize = 5;

/// As [`configure`](super::configure), for the team `name`.
pub(super) async fn configure(
    workspace: &Workspace,
    actor: &Actor,
    change: &Change,
    name: &str,
) -> Result<Configured, AdminError> {
    let checked = checked(workspace, actor, change, name).await?;
    let Checked { wanted, standing, before, people, listed, enabling, mut notes, strangers } = checked;
    let (scope, created) = (key(&change.scope), before.is_none());
    if enabling {
        let channel = wanted.channel.clone().or_else(|| before.as_ref().and_then(|before| before.channel.clone()));
        let sections = match (&wanted.sections, &before) {
            (Some(sections), _) => sections.iter().map(String::as_str).collect(),
            (None, Some(before)) => shown::names(before),
            (None, None) => Vec::new(),
        };
        let summary = shown::summary(&people, channel.as_ref(), sections);
        refuse_unseen(workspace, actor, WEEKLY, &scope, &summary).await?;
    }
    let config = configured(workspace, change, &wanted, standing.clone(), enabling);
    let changes = changes(before.as_ref(), &standing, &config);
    let mut stored = None;
    if !changes.is_empty() {
        let version = match put(workspace, actor, &config, &changes).await {
            Err(AdminError::Changed(_)) if change.create == Some(true) => return Err(invalid("team", TAKEN)),
            put => put?,
        };
        let is_enabled = before.as_ref().is_some_and(|before| before.enabled_at.is_some());
        let enabled = enabling || (is_enabled && change.enabled != Some(false));
        stored = Some(Configured { enabled, version, created, ..Configured::default() });
        if let Some(membership) = &wanted.membership {
            let is_new = before
                .as_ref()
                .is_none_or(|before| before.enabled_at.is_none() || !is_same_source(&before.membership, membership));
            if let Err(error) = meet(workspace, name, is_new, listed).await {
                tracing::warn!(error = &error as &dyn std::error::Error, "who is on a team is not known yet");
                notes.push("It is saved, but who is on the team is found out later.".to_owned());
            }
        }
        refresh(workspace).await;
        if wanted.membership.is_some() || wanted.exclude.is_some() {
            refresh_all(workspace);
        }
    }
    Ok(Configured { not_in_slack: strangers, ..answer(workspace, name, stored, notes).await? })
}

/// As [`faults`](super::faults), for the team `name`.
pub(super) async fn check(workspace: &Workspace, actor: &Actor, change: &Change, name: &str) -> Result<(), AdminError> {
    checked(workspace, actor, change, name).await.map(drop)
}

pub(super) async fn no_such_team(workspace: &Workspace, name: &str) -> Result<AdminError, AdminError> {
    Ok(team_check::no_such_team(&workspace.rules().await?, name))
}

/// What is to be written.
fn configured(
    workspace: &Workspace,
    change: &Change,
    wanted: &Wanted,
    mut config: ReportConfig,
    enabling: bool,
) -> ReportConfig {
    if let Some(enabled) = change.enabled {
        let stays = config.enabled.is_none() && enabled && !enabling;
        // What the file has enabled stays the file's.
        if !stays {
            config.enabled = Some(enabled);
        }
        if enabling {
            config.enabled_at = Some(workspace.now());
        }
    }
    config.time = wanted.time.or(config.time);
    config.weekdays = wanted.weekdays.or(config.weekdays);
    config.zone = wanted.zone.or(config.zone);
    config.channel = wanted.channel.as_ref().map(|channel| channel.0.clone()).or(config.channel);
    config.sections = wanted.sections.clone().or(config.sections);
    config.exclude = wanted.exclude.clone().or(config.exclude);
    config.owners = wanted.owners.clone().or(config.owners);
    config.min_active = wanted.min_active.or(config.min_active);
    if let Some(membership) = &wanted.membership {
        (config.members, config.usergroup, config.attribute) = (None, None, None);
        match membership {
            Membership::Members(members) => config.members = Some(members.clone()),
            Membership::Usergroup(group) => config.usergroup = Some(group.clone()),
            Membership::Attribute { key, value } => {
                config.attribute = Some(key.as_ref().map_or_else(|| value.clone(), |key| format!("{key}={value}")));
            }
        }
    }
    config
}

/// Whether people come from the same place, so that who is missing there has left.
fn is_same_source(before: &Membership, after: &Membership) -> bool {
    match (before, after) {
        (Membership::Members(_), Membership::Members(_)) => true,
        (before, after) => before == after,
    }
}

/// Takes note of who is on the team now. Of one that never reported, nobody came later than the others.
async fn meet(
    workspace: &Workspace,
    name: &str,
    is_new: bool,
    listed: Option<BTreeSet<MemberEmail>>,
) -> Result<(), AdminError> {
    if is_new {
        workspace.store.forget_team(name).await?;
    }
    if let Some(listed) = listed {
        team::sync(&workspace.store, &Lists::from([(name.to_owned(), listed)]), workspace.now()).await?;
    }
    Ok(())
}

/// What holds now; where that cannot be found out after a change, what is known of it.
async fn answer(
    workspace: &Workspace,
    name: &str,
    changed: Option<Configured>,
    notes: Vec<String>,
) -> Result<Configured, AdminError> {
    let found = async {
        let rules = workspace.rules().await?;
        let Some(weekly) = rules.weekly(name) else { return Err(no_such_team(workspace, name).await?) };
        let version = workspace.store.report_config(WEEKLY, &key(&Scope::Team(name.to_owned()))).await?;
        Ok(Configured {
            enabled: weekly.enabled_at.is_some(),
            next: next_times(workspace, name, weekly).await?,
            version: version.map_or(0, |config| config.version),
            created: changed.as_ref().is_some_and(|changed| changed.created),
            notes: notes.clone(),
            not_in_slack: Vec::new(),
        })
    };
    match (found.await, changed.clone()) {
        (Err(error), Some(changed)) => Ok(changed.unanswered(&error, notes)),
        (found, _) => found,
    }
}

/// The next five times of the team's summary: from the one that is planned, or by the schedule alone while it is not
/// enabled.
pub(super) async fn next_times(
    workspace: &Workspace,
    name: &str,
    weekly: &TeamWeekly,
) -> Result<Vec<DateTime<Utc>>, AdminError> {
    let after = |at: DateTime<Utc>| weekly.schedule.next_after(at).map(|next| next.at);
    let planned = workspace.store.subscription(WEEKLY, name).await?.and_then(|subscription| subscription.next_due);
    let first = planned.filter(|_| weekly.enabled_at.is_some()).or_else(|| after(workspace.now()));
    Ok(successors(first, |at| after(*at)).take(SHOWN).collect())
}

/// As [`remove_team`](super::remove_team).
pub(super) async fn remove(workspace: &Workspace, actor: &Actor, name: &str) -> Result<(), AdminError> {
    may_change(workspace, actor, name, Some("which teams there are")).await?;
    if workspace.settings.teams.contains_key(name) {
        return Err(invalid("team", "the settings file has this team, and only there it can be removed"));
    }
    if !workspace.rules().await?.teams.contains_key(name) {
        return Err(no_such_team(workspace, name).await?);
    }
    let scope = key(&Scope::Team(name.to_owned()));
    let standing = standing(workspace, actor, WEEKLY, &scope, None).await?;
    let entry = entry(workspace, actor, "team.remove", &scope, "");
    if !workspace.store.remove_report_config(WEEKLY, &scope, standing.version, &entry).await? {
        return Err(AdminError::Changed(Vec::new()));
    }
    if let Err(error) = workspace.store.forget_team(name).await {
        tracing::warn!(error = &error as &dyn std::error::Error, "who was on a team that is removed is not forgotten");
    }
    refresh(workspace).await;
    refresh_all(workspace);
    Ok(())
}

/// Brings the teams' subscriptions in step, and what waits for a channel that a team no longer has is made again for the one
/// that it has now; the change stands, whatever comes of it.
async fn refresh(workspace: &Workspace) {
    let refreshed = async {
        let rules = workspace.rules().await?;
        workspace.store.recall(&rules.channels(), DateTime::<Utc>::MIN_UTC, workspace.now()).await?;
        planner::refresh_teams(&workspace.store, &rules, workspace.now()).await
    };
    if let Err(error) = refreshed.await {
        // Each start and each hour does it again.
        tracing::warn!(error = &error as &dyn std::error::Error, "subscriptions of teams are not in step yet");
    }
    workspace.planned.notify_one();
}
