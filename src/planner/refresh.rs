//! Brings subscriptions in step with consents, preferences, directory and settings; safe to repeat.

use super::{
    Rules, refresh_teams,
    subscribe::{Desired, desired},
};
use crate::{
    config::Enrollment,
    model::{DeliveryId, MemberId},
    store::{NewDelivery, Planned as Outcome, Priority, RosterEntry, Store, StoreError},
};

use chrono::{DateTime, Utc};
use std::collections::BTreeMap;

/// How often a subscription is decided anew that others keep changing.
pub(super) const TRIES: u32 = 5;
/// Members read at once.
const PAGE: u32 = 1_000;

/// Brings everybody's subscription in step, and every team's; answers how many changed. The number of queries grows with
/// pages, not people.
pub async fn refresh(store: &Store, rules: &Rules, now: DateTime<Utc>) -> Result<u64, StoreError> {
    let (mut after, mut changed) = (None, refresh_teams(store, rules, now).await?);
    loop {
        let page = store.roster(after.as_ref(), rules.enrollment == Enrollment::OptOut, PAGE).await?;
        let Some(last) = page.last() else { return Ok(changed) };
        after = Some(last.member.id.clone());
        let applied = apply(store, &page, rules, now).await?;
        changed += applied.changed.len() as u64;
        if applied.written < applied.changed.len() as u64 {
            // Somebody changed something since the page was read.
            for member in &applied.changed {
                refresh_member(store, rules, member, now).await?;
            }
        }
    }
}

/// The same for one member, after they changed something.
pub async fn refresh_member(
    store: &Store,
    rules: &Rules,
    member: &MemberId,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    for _ in 0..TRIES {
        let Some(entry) = store.roster_entry(member).await? else { return Ok(()) };
        let Applied { changed, written } = apply(store, &[entry], rules, now).await?;
        if written == changed.len() as u64 {
            return Ok(());
        }
    }
    Err(StoreError::Unavailable { what: "a subscription keeps changing".to_owned() })
}

/// What came of a page: whose subscription was to change, and how many were not changed by others meanwhile.
struct Applied {
    changed: Vec<MemberId>,
    written: u64,
}

async fn apply(
    store: &Store,
    entries: &[RosterEntry],
    rules: &Rules,
    now: DateTime<Utc>,
) -> Result<Applied, StoreError> {
    let mut changed = Vec::new();
    let mut passed_over = Vec::new();
    let mut calendars = BTreeMap::new();
    for entry in entries {
        let Some(wanted) = desired(entry, rules, now) else { continue };
        if entry.subscription.as_ref() == Some(&wanted.subscription) {
            continue;
        }
        passed_over.extend(skipped(&wanted));
        if !wanted.days_off.is_empty() {
            calendars.insert(wanted.subscription.calendar.clone(), wanted.days_off);
        }
        changed.push(wanted.subscription);
    }
    for (key, days_off) in calendars {
        store.put_calendar(&key, &days_off.into_iter().collect::<Vec<_>>()).await?;
    }
    // What is passed over comes first: without it nothing would tell why, and it is safe to repeat.
    if !passed_over.is_empty() {
        store.plan(&passed_over, &[], now).await?;
    }
    let written = if changed.is_empty() { 0 } else { store.put_subscriptions(&changed).await? };
    let changed = changed.into_iter().map(|subscription| MemberId(subscription.recipient)).collect();
    Ok(Applied { changed, written })
}

/// The deliveries that a zone move passes over.
fn skipped(wanted: &Desired) -> impl Iterator<Item = NewDelivery> + '_ {
    let subscription = &wanted.subscription;
    wanted.passed_over.iter().map(move |occurrence| NewDelivery {
        id: DeliveryId::new(),
        report: subscription.report.clone(),
        recipient: subscription.recipient.clone(),
        period: occurrence.date.to_string(),
        email: subscription.email.clone(),
        priority: Priority::Scheduled,
        turn: 0,
        outcome: Outcome::Skipped("zone_moved".to_owned()),
        due: occurrence.at,
        send_at: occurrence.at,
        expires: occurrence.at,
        zone: subscription.zone,
        time: subscription.time,
        weekdays: subscription.weekdays,
        covers: subscription.covers,
        calendar: subscription.calendar.clone(),
        resume_from: None,
    })
}
