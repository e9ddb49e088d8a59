//! How things stand with a member: what they agreed to, chose, and when the next digest comes.

use super::PersonalError;
use crate::{
    planner::{activity, refresh_member},
    schedule::DailySchedule,
    store::{Activity, ConsentKind, Consents, MemberRecord, Preferences, RosterEntry},
    workspace::Workspace,
};
use chrono::{DateTime, Utc};

/// All that a surface shows of a member's digest.
#[derive(Debug, Clone, PartialEq)]
pub struct Standing {
    pub consents: Consents,
    pub preferences: Preferences,
    /// The schedule that holds for them, their choices and the installation's defaults together.
    pub schedule: DailySchedule,
    /// They get digests, but for `held_by`.
    pub subscribed: bool,
    /// Why none comes although they agreed: a reason as the planner writes it.
    pub held_by: Option<String>,
    pub next: Option<DateTime<Utc>>,
    pub paused_until: Option<DateTime<Utc>>,
}

/// # Errors
/// When the store does not answer.
pub async fn standing(workspace: &Workspace, member: &MemberRecord) -> Result<Standing, PersonalError> {
    let entry = workspace.store.roster_entry(&member.id).await?;
    let entry = entry.unwrap_or_else(|| RosterEntry {
        member: member.clone(),
        consents: Consents::default(),
        preferences: Preferences::default(),
        subscription: None,
        switched_off: false,
    });
    let rules = workspace.rules().await?;
    let activity = activity(&entry, &rules);
    let agreed = entry.consents.digest.as_ref().is_some_and(|consent| consent.kind == ConsentKind::OptIn);
    let held_by = match &activity {
        Activity::Off(reason) if agreed => Some(reason.clone()),
        // Switched off, by an admin for example, and not by what they said.
        Activity::On => entry.subscription.as_ref().and_then(|subscription| match &subscription.activity {
            Activity::Off(reason) => Some(reason.clone()),
            Activity::On => None,
        }),
        Activity::Off(_) => None,
    };
    let next = entry.subscription.as_ref().filter(|subscription| subscription.activity == Activity::On);
    Ok(Standing {
        schedule: rules.schedule_for(&entry.member, &entry.preferences),
        subscribed: agreed || activity == Activity::On,
        held_by,
        next: next.and_then(|subscription| subscription.next_due),
        paused_until: entry.preferences.pause_until.filter(|until| *until > workspace.now()),
        consents: entry.consents,
        preferences: entry.preferences,
    })
}

/// The next five times at which a digest would come, by their schedule alone.
pub fn next_times(schedule: &DailySchedule, now: DateTime<Utc>) -> Vec<DateTime<Utc>> {
    std::iter::successors(schedule.next_occurrence(now), |earlier| schedule.next_occurrence(*earlier)).take(5).collect()
}

/// Brings their subscription in step with what they just changed.
pub(super) async fn refreshed(workspace: &Workspace, member: &MemberRecord) -> Result<(), PersonalError> {
    let rules = workspace.rules().await?;
    Ok(refresh_member(&workspace.store, &rules, &member.id, workspace.now()).await?)
}
