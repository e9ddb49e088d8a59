//! One member's digest, as an admin may change it: never on without their own consent.

use super::{
    Actor, AdminError, Change, Configured, FieldFault, Scope,
    configure::{DAILY, admin_of_digests, difference, key, none_of, put, standing},
    parse::{Wanted, parse},
};
use crate::{
    config::Enrollment,
    model::{MemberEmail, MemberId},
    planner::{self, Rules},
    schedule::DailySchedule,
    store::{Activity, ConsentKind, Consents, MemberRecord, MemberStatus, PreferencesChange, RosterEntry, StoreError},
    workspace::Workspace,
};
use std::{collections::BTreeSet, iter::successors};

/// As [`configure`](super::configure), for the member `who`.
pub(super) async fn configure(
    workspace: &Workspace,
    actor: &Actor,
    change: &Change,
    who: &str,
) -> Result<Configured, AdminError> {
    let (wanted, member) = checked(workspace, actor, change, who).await?;
    let scope = key(&Scope::Member(member.id.0.clone()));
    let mut config = standing(workspace, actor, DAILY, &scope, change.version).await?;
    let rules = workspace.rules().await?;
    if change.enabled == Some(true) {
        let consents = workspace.store.consents_of(&member.id).await?;
        if member.status != MemberStatus::Active || !is_agreed(&consents, rules.enrollment) {
            return Err(AdminError::NoConsent);
        }
    }
    let was = config.enabled != Some(false);
    let told = difference("enabled", &was.to_string(), &change.enabled.unwrap_or(was).to_string());
    let saved = told.is_some();
    if let Some(told) = told {
        config.enabled = change.enabled;
        config.enabled_at = change.enabled.filter(|enabled| *enabled).map(|_| workspace.now());
        config.version = put(workspace, actor, &config, &[told]).await?;
    }
    let chosen = choose(workspace, actor, &member.id, wanted).await;
    chosen.map_err(|error| if saved { error.after_saving() } else { error })?;
    let after = |error: StoreError| AdminError::from(error).after_saving();
    planner::refresh_member(&workspace.store, &rules, &member.id, workspace.now()).await.map_err(after)?;
    workspace.planned.notify_one();
    let entry = workspace.store.roster_entry(&member.id).await.map_err(after)?;
    let Some(entry) = entry else { return Err(AdminError::NoSuchMember(who.to_owned())) };
    let (schedule, now) = (schedule_of(&rules, &entry), workspace.now());
    let subscription = entry.subscription.as_ref();
    let first = subscription.and_then(|subscription| subscription.next_due);
    let first = first.or_else(|| schedule.next_occurrence(now));
    Ok(Configured {
        enabled: subscription.is_some_and(|subscription| subscription.activity == Activity::On),
        next: successors(first, |at| schedule.next_occurrence(*at)).take(5).collect(),
        version: config.version,
        ..Configured::default()
    })
}

/// As [`faults`](super::faults), for the member `who`.
pub(super) async fn check(workspace: &Workspace, actor: &Actor, change: &Change, who: &str) -> Result<(), AdminError> {
    checked(workspace, actor, change, who).await.map(drop)
}

/// That nobody is of this address is one of the faults.
async fn checked(
    workspace: &Workspace,
    actor: &Actor,
    change: &Change,
    who: &str,
) -> Result<(Wanted, MemberRecord), AdminError> {
    admin_of_digests(workspace, actor).await?;
    let (wanted, mut faults) = parse(change);
    let found = find(workspace, who).await;
    if let Err(nobody @ AdminError::NoSuchMember(_)) = &found
        && !faults.is_empty()
    {
        faults.push(FieldFault { field: "member", reason: nobody.to_string() });
    }
    none_of(faults)?;
    Ok((wanted, found?))
}

/// The member with this address or id.
pub(super) async fn find(workspace: &Workspace, who: &str) -> Result<MemberRecord, AdminError> {
    let who = who.trim();
    let found = match MemberEmail::parse(who) {
        Ok(email) => workspace.store.member_by_email(&email).await?,
        Err(_) => workspace.store.member(&MemberId(who.to_owned())).await?,
    };
    found.ok_or_else(|| AdminError::NoSuchMember(who.chars().take(100).collect()))
}

/// Whether they agreed, or were subscribed as the owner chose and did not object.
pub(super) fn is_agreed(consents: &Consents, enrollment: Enrollment) -> bool {
    match consents.digest.as_ref().map(|consent| consent.kind) {
        Some(kind) => kind == ConsentKind::OptIn,
        None => enrollment == Enrollment::OptOut && !consents.suppressed,
    }
}

/// What is theirs to choose goes to their preferences, where they see it.
async fn choose(workspace: &Workspace, actor: &Actor, id: &MemberId, wanted: Wanted) -> Result<(), AdminError> {
    let Some(entry) = workspace.store.roster_entry(id).await? else { return Ok(()) };
    let change = PreferencesChange {
        time: wanted.time.map(Some),
        weekdays: wanted.weekdays.map(Some),
        zone: wanted.zone.map(Some),
        sections: wanted.sections.map(Some),
        ..PreferencesChange::default()
    };
    if change.onto(entry.preferences.clone()) != entry.preferences {
        workspace.store.change_preferences(id, &change, workspace.now(), (&actor.name(), "")).await?;
    }
    Ok(())
}

/// The schedule that holds for somebody, with a subscription or without.
pub(super) fn schedule_of(rules: &Rules, entry: &RosterEntry) -> DailySchedule {
    let (chosen, email) = (&entry.preferences, &entry.member.email);
    let days_off = match (&chosen.days_off, email) {
        (Some(own), _) => own.iter().copied().collect(),
        (None, Some(email)) => rules.days_off_of(email),
        (None, None) => BTreeSet::new(),
    };
    let time = chosen.time.unwrap_or(rules.time);
    DailySchedule {
        zone: chosen.zone.or(entry.member.zone).unwrap_or(rules.zone),
        time,
        weekdays: chosen.weekdays.unwrap_or(rules.weekdays),
        covers: chosen.covers.unwrap_or_else(|| rules.covers_at(time)),
        days_off,
    }
}
