//! The ledger about one member and one date: what became of their digest, or why there is none.

use crate::{
    model::Weekdays,
    planner::schedule,
    store::{
        Activity, AttemptRecord, ConsentKind, DeliveryRecord, MemberRecord, MemberStatus, Store, StoreError,
        Subscription,
    },
};
use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;

/// The report that this is about.
const DAILY: &str = "daily";

/// What the ledger says about a member's digest.
#[derive(Debug, Clone, PartialEq)]
pub struct Ledger {
    /// The delivery that was asked about, or the latest, with its attempts.
    pub delivery: Option<(DeliveryRecord, Vec<AttemptRecord>)>,
    /// Why there is none for the date that was asked about.
    pub absent: Option<Absent>,
    pub subscription: Option<Subscription>,
    /// Why somebody without a subscription has none.
    pub unsubscribed: Option<Absent>,
}

/// Why there is no delivery.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Absent {
    /// For this reason, as the planner writes it.
    Reason(String),
    /// Agreed, and personal digests are not enabled.
    NotEnabled,
    /// Not among the days of the schedule.
    NoDay(Weekdays),
    /// It is still to come.
    Due(DateTime<Utc>, Tz),
    /// Nothing was due from before.
    Before(DateTime<Utc>, Tz),
    /// About to be planned, or forgotten by now.
    NotOnRecord,
}

impl Ledger {
    /// Reads what became of the digest of `date` (none: the latest). Asks neither Slack nor ClickHouse.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn of(
        store: &Store,
        member: &MemberRecord,
        date: Option<NaiveDate>,
        now: DateTime<Utc>,
    ) -> Result<Self, StoreError> {
        let subscription = store.subscription(DAILY, &member.id.0).await?;
        let period = date.map(|date| date.to_string());
        let delivery = store.deliveries_of(DAILY, &member.id.0, period.as_deref(), 1).await?.pop();
        let delivery = match delivery {
            Some(delivery) => {
                let attempts = store.attempts(&delivery.id).await?;
                Some((delivery, attempts))
            }
            None => None,
        };
        let unsubscribed = if subscription.is_none() { Some(unsubscribed(store, member).await?) } else { None };
        let absent = match (date, &delivery, &subscription) {
            (Some(date), None, Some(subscription)) => Some(absent(store, member, subscription, date, now).await?),
            (Some(_), None, None) => unsubscribed.clone(),
            _ => None,
        };
        Ok(Self { delivery, absent, subscription, unsubscribed })
    }
}

/// Why there is no delivery for `date`.
async fn absent(
    store: &Store,
    member: &MemberRecord,
    subscription: &Subscription,
    date: NaiveDate,
    now: DateTime<Utc>,
) -> Result<Absent, StoreError> {
    let schedule = schedule(store, subscription).await?;
    let preferences = store.preferences(&member.id).await?;
    let reason = |reason: &str| Absent::Reason(reason.to_owned());
    Ok(match (&subscription.activity, schedule.occurrence_on(date)) {
        (_, None) if schedule.days_off.contains(&date) => reason("holiday"),
        (_, None) => Absent::NoDay(subscription.weekdays),
        (Activity::Off(off), _) => reason(off),
        (_, Some(at)) if preferences.pause_until.is_some_and(|until| at < until) => reason("paused"),
        (_, Some(at)) if at > now => Absent::Due(at, subscription.zone),
        (_, Some(at)) if at <= subscription.since => Absent::Before(subscription.since, subscription.zone),
        _ => Absent::NotOnRecord,
    })
}

async fn unsubscribed(store: &Store, member: &MemberRecord) -> Result<Absent, StoreError> {
    let reason = |reason: &str| Ok(Absent::Reason(reason.to_owned()));
    match member.status {
        MemberStatus::Active => {}
        MemberStatus::Deactivated => return reason("deactivated"),
        MemberStatus::Bot => return reason("bot"),
        MemberStatus::Guest => return reason("guest"),
        MemberStatus::OtherWorkspace => return reason("other_workspace"),
        MemberStatus::Gone => return reason("gone"),
    }
    let consents = store.consents_of(&member.id).await?;
    match consents.digest.map(|consent| consent.kind) {
        Some(ConsentKind::OptIn) => Ok(Absent::NotEnabled),
        Some(_) => reason("opted_out"),
        None => reason("not_opted_in"),
    }
}
