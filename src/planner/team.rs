//! The subscription that follows from what holds for one team. Pure.

use super::{
    team_rules::TeamWeekly,
    weeks::{Turn, date_shown, turns_after, turns_from},
};
use crate::{
    model::{ChannelId, Covers, DeliveryId, REFUSED, Weekdays},
    schedule::WeeklySchedule,
    store::{Activity, NewDelivery, Planned as Outcome, Priority, Subscription},
};
use chrono::{DateTime, Utc};

/// The report that this is about.
pub(super) const WEEKLY: &str = "weekly";
/// Off for this reason ends with an instant of its own: the enabling.
const NOT_ENABLED: &str = "not_enabled";
/// After a long absence so many weeks that a change passes over are written down, the latest ones.
const MOST_PASSED_OVER: usize = 40;

/// What is known of a team when its subscription is decided.
#[derive(Debug, Clone, Copy)]
pub struct TeamEntry<'a> {
    pub name: &'a str,
    /// `None` where the settings do not have the team any more.
    pub weekly: Option<&'a TeamWeekly>,
    /// As it stands.
    pub prior: Option<&'a Subscription>,
    /// Where Slack refused its summary last.
    pub refused_in: Option<&'a ChannelId>,
}

/// What should stand in the store for a team.
#[derive(Debug, Clone, PartialEq)]
pub struct DesiredTeam {
    pub subscription: Subscription,
    /// Weeks that a change of zone, time or day passes over.
    pub passed_over: Vec<NewDelivery>,
}

/// The weekly subscription of a team at `now`; `None` where there is none and none is due to be.
pub fn desired_team(entry: TeamEntry<'_>, now: DateTime<Utc>) -> Option<DesiredTeam> {
    let Some(weekly) = entry.weekly else {
        let removed = Activity::Off("team_removed".to_owned());
        let subscription = Subscription { activity: removed, next_due: None, ..entry.prior?.clone() };
        return Some(DesiredTeam { subscription, passed_over: Vec::new() });
    };
    let (schedule, prior, activity) = (&weekly.schedule, entry.prior, activity(entry, weekly));
    if prior.is_none() && weekly.enabled_at.is_none() {
        return None;
    }
    let mut subscription = Subscription {
        report: WEEKLY.to_owned(),
        recipient: entry.name.to_owned(),
        email: None,
        team: entry.name.to_owned(),
        since: since(weekly, prior, &activity, now),
        activity,
        zone: schedule.zone,
        time: schedule.time,
        weekdays: schedule.day.into(),
        covers: Covers::Morning,
        calendar: String::new(),
        next_due: None,
        last_period: prior.and_then(|prior| prior.last_period),
        last_due: prior.and_then(|prior| prior.last_due),
        last_window_end: prior.and_then(|prior| prior.last_window_end),
        resume_from: None,
        refusals: prior.map_or(0, |prior| prior.refusals),
        greeted: prior.is_some_and(|prior| prior.greeted),
        version: prior.map_or(0, |prior| prior.version),
    };
    let passed_over =
        if subscription.activity == Activity::On { go_on(&mut subscription, schedule, prior, now) } else { Vec::new() };
    Some(DesiredTeam { subscription, passed_over })
}

/// Whether a summary may be planned for the team, or why not.
fn activity(entry: TeamEntry<'_>, weekly: &TeamWeekly) -> Activity {
    let off = |reason: &str| Activity::Off(reason.to_owned());
    let Some(enabled_at) = weekly.enabled_at else { return off(NOT_ENABLED) };
    let Some(channel) = &weekly.channel else { return off("no_channel") };
    match entry.prior.map(|prior| (&prior.activity, prior.since)) {
        Some((Activity::Off(reason), since))
            if reason.starts_with(REFUSED)
                && enabled_at <= since
                && entry.refused_in.is_none_or(|refused| refused == channel) =>
        {
            off(reason)
        }
        _ => Activity::On,
    }
}

/// From when on something is due: never from before the enabling or the last change of the schedule.
fn since(weekly: &TeamWeekly, prior: Option<&Subscription>, activity: &Activity, now: DateTime<Utc>) -> DateTime<Utc> {
    if *activity != Activity::On {
        return prior.map_or(now, |prior| prior.since);
    }
    let came_back = prior.is_some_and(|prior| match &prior.activity {
        Activity::On => false,
        Activity::Off(reason) => reason != NOT_ENABLED,
    });
    let changed = prior.is_some_and(|prior| is_changed(prior, &weekly.schedule));
    let earliest = [prior.map(|prior| prior.since), weekly.enabled_at, (changed || came_back).then_some(now)];
    earliest.into_iter().flatten().max().unwrap_or(now)
}

fn is_changed(prior: &Subscription, schedule: &WeeklySchedule) -> bool {
    (prior.zone, prior.time, prior.weekdays) != (schedule.zone, schedule.time, Weekdays::from(schedule.day))
}

/// Finds when it is due next; answers the weeks that a change of the schedule passes over.
fn go_on(
    subscription: &mut Subscription,
    schedule: &WeeklySchedule,
    prior: Option<&Subscription>,
    now: DateTime<Utc>,
) -> Vec<NewDelivery> {
    let mut passed_over = Vec::new();
    if let Some(prior) = prior.filter(|prior| prior.activity == Activity::On && is_changed(prior, schedule)) {
        let reason = if prior.zone == schedule.zone { "schedule_changed" } else { "zone_moved" };
        // From the week on that was to come next.
        let owed = prior.next_due.map(|next| date_shown(prior.zone, prior.time, next));
        let turns = turns_from(schedule, owed).take_while(|turn| turn.occurrence.at <= now);
        let turns: Vec<_> = turns.collect();
        if let Some(last) = turns.last() {
            subscription.last_period = Some(last.occurrence.date);
            subscription.last_due = Some(last.occurrence.at);
        }
        let latest = turns.iter().skip(turns.len().saturating_sub(MOST_PASSED_OVER));
        passed_over = latest.map(|turn| skipped(subscription, *turn, reason)).collect();
    }
    let next = turns_after(schedule, subscription.last_period, subscription.since).next();
    let next = next.map(|turn| turn.occurrence.at);
    // A day that a calendar gives back when it is over is not made up for.
    let planned = prior
        .and_then(|prior| prior.next_due)
        .filter(|planned| next.is_some_and(|next| next <= now && next < *planned));
    subscription.next_due = planned.or(next);
    passed_over
}

/// The delivery of a turn in which nothing is sent.
pub(super) fn skipped(team: &Subscription, turn: Turn, reason: &str) -> NewDelivery {
    let reason = if turn.holiday { "holiday" } else { reason };
    delivery(team, turn, Outcome::Skipped(reason.to_owned()))
}

/// The delivery of a turn, to be sent when its occurrence is.
pub(super) fn delivery(team: &Subscription, turn: Turn, outcome: Outcome) -> NewDelivery {
    let at = turn.occurrence.at;
    NewDelivery {
        id: DeliveryId::new(),
        report: WEEKLY.to_owned(),
        recipient: team.recipient.clone(),
        period: turn.period(),
        email: None,
        priority: Priority::Scheduled,
        turn: 0,
        outcome,
        due: at,
        send_at: at,
        expires: at,
        zone: team.zone,
        time: team.time,
        weekdays: team.weekdays,
        covers: team.covers,
        calendar: team.calendar.clone(),
        resume_from: None,
    }
}
