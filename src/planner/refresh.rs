//! Brings subscriptions in step with consents, preferences, directory and settings; safe to repeat.

use super::{
    Rules,
    subscribe::{Desired, desired},
};
use crate::{
    config::Enrollment,
    model::{DeliveryId, MemberId},
    store::{NewDelivery, Planned as Outcome, Priority, RosterEntry, Store, StoreError},
};

use chrono::{DateTime, Utc};
use std::collections::BTreeMap;

/// Members read at once.
const PAGE: u32 = 1_000;

/// Brings everybody's subscription in step; answers how many changed. The number of queries grows with pages, not people.
pub async fn refresh(store: &Store, rules: &Rules, now: DateTime<Utc>) -> Result<u64, StoreError> {
    let (mut after, mut changed) = (None, 0);
    loop {
        let page = store.roster(after.as_ref(), rules.enrollment == Enrollment::OptOut, PAGE).await?;
        let Some(last) = page.last() else { return Ok(changed) };
        after = Some(last.member.id.clone());
        changed += apply(store, &page, rules, now).await?;
    }
}

/// The same for one member, after they changed something.
pub async fn refresh_member(
    store: &Store,
    rules: &Rules,
    member: &MemberId,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    if let Some(entry) = store.roster_entry(member).await? {
        apply(store, &[entry], rules, now).await?;
    }
    Ok(())
}

async fn apply(store: &Store, entries: &[RosterEntry], rules: &Rules, now: DateTime<Utc>) -> Result<u64, StoreError> {
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
    if !changed.is_empty() {
        store.put_subscriptions(&changed).await?;
    }
    Ok(changed.len() as u64)
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
