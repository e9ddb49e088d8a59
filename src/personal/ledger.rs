//! The ledger about one member and one date: what became of their digest, or why there is none.

use super::past::Past;
use crate::{
    config::Enrollment,
    model::{LocalTime, REFUSED, Weekdays},
    planner::schedule,
    schedule::{date_at, instant_of},
    store::{
        Activity, AttemptRecord, ConsentKind, DeliveryRecord, MemberRecord, MemberStatus, Store, StoreError,
        Subscription,
    },
};
use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use chrono_tz::Tz;

/// The report that this is about.
const DAILY: &str = "daily";
/// The time of day at which somebody without a schedule is asked about.
const NOON: NaiveTime = match NaiveTime::from_hms_opt(12, 0, 0) {
    Some(noon) => noon,
    None => NaiveTime::MIN,
};

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
    /// They opted in only then.
    OptedInLater(DateTime<Utc>, Tz),
    /// They had opted out then.
    HadOptedOut(DateTime<Utc>, Tz),
    /// They had paused up to then.
    HadPaused(DateTime<Utc>, Tz),
    /// It is still to come.
    Due(DateTime<Utc>, Tz),
    /// Nothing was due from before.
    Before(DateTime<Utc>, Tz),
    /// About to be planned, or forgotten by now.
    NotOnRecord,
}

impl Ledger {
    /// Reads what became of the digest of `date` (none: the latest), where digests come by `enrollment`. Asks neither Slack nor ClickHouse.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn of(
        store: &Store,
        member: &MemberRecord,
        enrollment: Enrollment,
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
            (Some(date), None, Some(subscription)) => {
                Some(absent(store, (member, enrollment), subscription, date, now).await?)
            }
            (Some(date), None, None) => {
                let never = never(store, (member, enrollment), date, now).await?;
                Some(never.or(unsubscribed.clone()).unwrap_or(Absent::NotOnRecord))
            }
            _ => None,
        };
        Ok(Self { delivery, absent, subscription, unsubscribed })
    }
}

/// Why there is no delivery for `date`: how things stand says so only of what is still to come.
async fn absent(
    store: &Store,
    (member, enrollment): (&MemberRecord, Enrollment),
    subscription: &Subscription,
    date: NaiveDate,
    now: DateTime<Utc>,
) -> Result<Absent, StoreError> {
    let zone = subscription.zone;
    let schedule = schedule(store, subscription).await?;
    let reason = |reason: &str| Absent::Reason(reason.to_owned());
    let day_off = match schedule.occurrence_on(date) {
        Some(_) => None,
        None if schedule.days_off.contains(&date) => Some(reason("holiday")),
        None => Some(Absent::NoDay(subscription.weekdays)),
    };
    let at = instant_of(zone, date, subscription.time.time());
    if at <= now {
        let past = Past::of(store, member).await?;
        let told = past.unwanted(at, enrollment, zone).or_else(|| past.paused(at, zone)).or(day_off);
        let is_today = date_at(zone, now) == date;
        return Ok(told.unwrap_or_else(|| match &subscription.activity {
            _ if at <= subscription.since => Absent::Before(subscription.since, zone),
            // Of what else holds it up nobody noted since when.
            Activity::Off(off) if is_today || off.starts_with(REFUSED) => reason(off),
            _ => Absent::NotOnRecord,
        }));
    }
    let paused = store.preferences(&member.id).await?.pause_until.filter(|until| at < *until);
    Ok(match (&subscription.activity, day_off) {
        (_, Some(day_off)) => day_off,
        (Activity::Off(off), None) => reason(off),
        (Activity::On, None) => paused.map_or(Absent::Due(at, zone), |until| Absent::HadPaused(until, zone)),
    })
}

/// Why somebody without a subscription had no digest on `date`, if that is over and what they said tells it: of who is no
/// full member it does not.
async fn never(
    store: &Store,
    (member, enrollment): (&MemberRecord, Enrollment),
    date: NaiveDate,
    now: DateTime<Utc>,
) -> Result<Option<Absent>, StoreError> {
    if member.status != MemberStatus::Active {
        return Ok(None);
    }
    let preferences = store.preferences(&member.id).await?;
    let zone = preferences.zone.or(member.zone).unwrap_or(Tz::UTC);
    let at = instant_of(zone, date, preferences.time.map_or(NOON, LocalTime::time));
    if at > now {
        return Ok(None);
    }
    Ok(Past::of(store, member).await?.unwanted(at, enrollment, zone))
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
