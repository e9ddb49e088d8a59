//! The subscription that follows from what holds for one member. Pure.

use super::rules::{Rules, calendar_key};
use crate::{
    config::Enrollment,
    model::REFUSED,
    schedule::{DailySchedule, Occurrence, ZoneMove},
    store::{Activity, ConsentKind, MemberStatus, RosterEntry, Subscription},
};
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use std::collections::BTreeSet;

/// The report that this is about.
pub(super) const DAILY: &str = "daily";

/// What should stand in the store for a member.
#[derive(Debug, Clone, PartialEq)]
pub struct Desired {
    pub subscription: Subscription,
    /// The days off that `subscription.calendar` names.
    pub days_off: BTreeSet<NaiveDate>,
    /// Occurrences that a zone move passes over.
    pub passed_over: Vec<Occurrence>,
}

/// The daily subscription of `entry` at `now`; `None` where there is none and none is due to be.
pub fn desired(entry: &RosterEntry, rules: &Rules, now: DateTime<Utc>) -> Option<Desired> {
    let prior = entry.subscription.as_ref();
    let activity = activity(entry, rules);
    if prior.is_none() && activity != Activity::On {
        return None;
    }
    let (preferences, email) = (&entry.preferences, entry.member.email.clone());
    let schedule = rules.schedule_for(&entry.member, preferences);
    let days_off = schedule.days_off.clone();
    let mut subscription = Subscription {
        report: DAILY.to_owned(),
        recipient: entry.member.id.0.clone(),
        team: email.as_ref().map_or("", |email| rules.team_of(email)).to_owned(),
        since: since(entry, rules, &schedule, &activity, now),
        zone: schedule.zone,
        time: schedule.time,
        weekdays: schedule.weekdays,
        covers: schedule.covers,
        calendar: calendar_key(&days_off),
        next_due: None,
        last_period: prior.and_then(|prior| prior.last_period),
        last_due: prior.and_then(|prior| prior.last_due),
        last_window_end: prior.and_then(|prior| prior.last_window_end),
        resume_from: prior.and_then(|prior| prior.resume_from),
        refusals: prior.map_or(0, |prior| prior.refusals),
        greeted: prior.is_some_and(|prior| prior.greeted),
        version: prior.map_or(0, |prior| prior.version),
        email,
        activity,
    };
    let passed_over = if subscription.activity == Activity::On {
        go_on(&mut subscription, &schedule, prior, now)
    } else {
        Vec::new()
    };
    Some(Desired { subscription, days_off, passed_over })
}

/// Whether anything may be planned for the member, or why not.
pub fn activity(entry: &RosterEntry, rules: &Rules) -> Activity {
    let off = |reason: &str| Activity::Off(reason.to_owned());
    match entry.member.status {
        MemberStatus::Active => {}
        MemberStatus::Deactivated => return off("deactivated"),
        MemberStatus::Bot => return off("bot"),
        MemberStatus::Guest => return off("guest"),
        MemberStatus::OtherWorkspace => return off("other_workspace"),
        MemberStatus::Gone => return off("gone"),
    }
    if entry.member.email.is_none() {
        return off("no_address");
    }
    let consent = entry.consents.digest.as_ref();
    match consent.map(|consent| consent.kind) {
        Some(ConsentKind::OptIn) => {}
        Some(_) => return off("opted_out"),
        None if entry.consents.suppressed => return off("opted_out"),
        None if rules.enrollment == Enrollment::OptOut && entry.member.last_usage.is_some() => {}
        None => return off("not_opted_in"),
    }
    if entry.switched_off {
        return off("switched_off_by_admin");
    }
    if rules.enabled_at.is_none() {
        return off("not_enabled");
    }
    match entry.subscription.as_ref().map(|prior| (&prior.activity, prior.since)) {
        Some((Activity::Off(reason), since))
            if reason.starts_with(REFUSED) && consent.is_none_or(|consent| consent.at <= since) =>
        {
            off(reason)
        }
        _ => Activity::On,
    }
}

/// What is due at the very end of a pause comes: after which instant that is.
pub fn after_pause(until: DateTime<Utc>) -> DateTime<Utc> {
    until - TimeDelta::microseconds(1)
}

/// From when on something is due: never from before consent, the end of a pause, the report's enabling or the last
/// change of the schedule.
fn since(
    entry: &RosterEntry,
    rules: &Rules,
    schedule: &DailySchedule,
    activity: &Activity,
    now: DateTime<Utc>,
) -> DateTime<Utc> {
    let consent = entry.consents.digest.as_ref().map(|consent| consent.at);
    let prior = entry.subscription.as_ref();
    if *activity != Activity::On {
        return prior.map_or(now, |prior| prior.since);
    }
    let change = match prior {
        None => consent.is_none().then_some(now),
        Some(prior) => {
            let same =
                (prior.time, prior.weekdays, prior.covers) == (schedule.time, schedule.weekdays, schedule.covers);
            let came_back = match &prior.activity {
                Activity::On => false,
                // It ends with an instant of its own.
                Activity::Off(reason) => {
                    consent.is_none() || reason != "not_enabled" && reason != "opted_out" && reason != "not_opted_in"
                }
            };
            (!same || came_back).then_some(now)
        }
    };
    // One in the future was the end of a pause, which may have been lifted.
    let resumed = entry.preferences.pause_until.map(after_pause);
    let earliest = [prior.map(|prior| prior.since.min(now)), consent, rules.enabled_at, resumed, change];
    earliest.into_iter().flatten().max().unwrap_or(now)
}

/// Finds when it is due next; answers the occurrences that a move to another zone passes over.
fn go_on(
    subscription: &mut Subscription,
    schedule: &DailySchedule,
    prior: Option<&Subscription>,
    now: DateTime<Utc>,
) -> Vec<Occurrence> {
    let moved = prior.is_some_and(|prior| prior.zone != schedule.zone);
    // Days that a calendar gives back when they are over are not made up for.
    let given_back = |at: DateTime<Utc>| {
        prior.is_some_and(|prior| prior.calendar != subscription.calendar && prior.next_due != Some(at)) && at <= now
    };
    let (Some(last_period), Some(last_due)) = (subscription.last_period, subscription.last_due) else {
        let after = if moved { subscription.since.max(now) } else { subscription.since };
        subscription.next_due = occurrences_after(schedule, after).map(|next| next.at).find(|at| !given_back(*at));
        return Vec::new();
    };
    if moved {
        let after = subscription.since.max(now);
        let ZoneMove { next, skipped: mut passed_over } = ZoneMove::of(schedule, last_period, last_due, after);
        // Before that nothing was due anyway.
        passed_over.retain(|occurrence| occurrence.at > subscription.since);
        subscription.next_due = next.map(|next| next.at);
        subscription.resume_from = subscription.resume_from.or(subscription.last_window_end);
        if let Some(last) = passed_over.last() {
            subscription.last_period = Some(last.date);
            subscription.last_due = Some(last.at);
        }
        return passed_over;
    }
    let after = subscription.since.max(last_due);
    // Two times on one date have one period: a changed time waits for the next date.
    let next = occurrences_after(schedule, after).find(|next| next.date > last_period && !given_back(next.at));
    subscription.next_due = next.map(|next| next.at);
    Vec::new()
}

/// Some occurrences after `after`: more than a year of days off is no calendar.
fn occurrences_after(schedule: &DailySchedule, after: DateTime<Utc>) -> impl Iterator<Item = Occurrence> + '_ {
    std::iter::successors(schedule.next_after(after), |earlier| schedule.next_after(earlier.at)).take(400)
}
