//! Personal digests of the whole workspace: their defaults, and whether they are enabled.

use super::{
    Actor, AdminError, Change, Configured,
    configure::{DAILY, WORKSPACE, admin_of_digests, difference, put, refresh_all, refuse_unseen, standing, wanted},
    parse::Wanted,
    shown,
};
use crate::{config::Enrollment, planner::Rules, schedule::DailySchedule, store::ReportConfig, workspace::Workspace};
use std::{collections::BTreeSet, iter::successors};

/// As [`configure`](super::configure), for everybody.
pub(super) async fn configure(workspace: &Workspace, actor: &Actor, change: &Change) -> Result<Configured, AdminError> {
    let (wanted, mut config) = checked(workspace, actor, change).await?;
    let before = workspace.rules().await?;
    let enabling = change.enabled == Some(true) && before.enabled_at.is_none();
    if enabling {
        let digests = shown::digests(workspace, &before, wanted.sections.as_deref());
        refuse_unseen(workspace, actor, DAILY, WORKSPACE, &digests).await?;
        config.enabled_at = Some(workspace.now());
    }
    if enabling || change.enabled == Some(false) {
        config.enabled = change.enabled;
    }
    config.time = wanted.time.or(config.time);
    config.weekdays = wanted.weekdays.or(config.weekdays);
    config.zone = wanted.zone.or(config.zone);
    config.sections = wanted.sections.or(config.sections);
    let enabled = if change.enabled == Some(false) { false } else { enabling || before.enabled_at.is_some() };
    let old = workspace.settings.digest.listed.iter().map(|section| section.name()).collect::<Vec<_>>().join(",");
    let listed = |names: Option<&Vec<String>>| names.map_or_else(|| old.clone(), |names| names.join(","));
    let changes = [
        difference("enabled", &before.enabled_at.is_some().to_string(), &enabled.to_string()),
        difference("time", &before.time.to_string(), &config.time.unwrap_or(before.time).to_string()),
        difference("days", &before.weekdays.to_string(), &config.weekdays.unwrap_or(before.weekdays).to_string()),
        difference("zone", before.zone.name(), config.zone.unwrap_or(before.zone).name()),
        difference("sections", &listed(before.sections.as_ref()), &listed(config.sections.as_ref())),
    ];
    let changes: Vec<_> = changes.into_iter().flatten().collect();
    let mut version = config.version;
    if !changes.is_empty() {
        version = put(workspace, actor, &config, &changes).await?;
        refresh_all(workspace);
    }
    let rules = match workspace.rules().await {
        Err(error) if !changes.is_empty() => {
            let known = Configured { enabled, version, ..Configured::default() };
            return Ok(known.unanswered(&error.into(), Vec::new()));
        }
        rules => rules?,
    };
    let schedule = schedule_of(&rules, actor);
    let now = workspace.now();
    let next = successors(schedule.next_occurrence(now), |at| schedule.next_occurrence(*at)).take(5).collect();
    let enabled = rules.enabled_at.is_some();
    Ok(Configured { enabled, next, version, notes: notes(&rules), ..Configured::default() })
}

/// As [`faults`](super::faults), for everybody.
pub(super) async fn check(workspace: &Workspace, actor: &Actor, change: &Change) -> Result<(), AdminError> {
    checked(workspace, actor, change).await.map(drop)
}

async fn checked(workspace: &Workspace, actor: &Actor, change: &Change) -> Result<(Wanted, ReportConfig), AdminError> {
    admin_of_digests(workspace, actor).await?;
    let wanted = wanted(change)?;
    Ok((wanted, standing(workspace, actor, DAILY, WORKSPACE, change.version).await?))
}

/// The default schedule, in the zone of who asks.
pub(super) fn schedule_of(rules: &Rules, actor: &Actor) -> DailySchedule {
    let zone = if let Actor::Member(member) = actor { member.zone } else { None };
    DailySchedule {
        zone: zone.unwrap_or(rules.zone),
        time: rules.time,
        weekdays: rules.weekdays,
        days_off: BTreeSet::new(),
        covers: rules.covers_at(rules.time),
    }
}

fn notes(rules: &Rules) -> Vec<String> {
    match (rules.enabled_at, rules.enrollment) {
        (Some(_), Enrollment::OptIn) => {
            vec!["Nobody gets a digest before they agree: an invitation in a channel tells people of it.".to_owned()]
        }
        (Some(_), Enrollment::OptOut) => {
            vec!["Everybody with usage gets a digest until they opt out, as the settings say.".to_owned()]
        }
        (None, _) => Vec::new(),
    }
}
