//! Why a digest came or did not, for the member themselves.

use super::{Absent, Ledger, PersonalError, told};
use crate::{
    digest::reasons::{explain, reason_in_words},
    message::Message,
    schedule::date_at,
    store::{Activity, DeliveryRecord, HALTED, MemberRecord, STOPPED},
    workspace::Workspace,
};
use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use std::ops::RangeInclusive;

/// Days from today: before them nothing is kept, after them nothing is planned.
const FARTHEST: RangeInclusive<i64> = -36_500..=366;

/// Reasons that are told to whom they are about as to somebody.
const NOT_OPTED_IN: &str = "not_opted_in";
const OPTED_OUT: &str = "opted_out";

/// Why the digest of `date` (a local date on which one was due; none: the latest) was sent or was not.
///
/// # Errors
/// When the store does not answer.
pub async fn why(
    workspace: &Workspace,
    member: &MemberRecord,
    date: Option<NaiveDate>,
) -> Result<Message, PersonalError> {
    let now = workspace.now();
    // Before any calendar is asked: they end somewhere.
    let away = date.map(|date| date.signed_duration_since(now.date_naive()).num_days());
    if away.is_some_and(|days| !FARTHEST.contains(&days)) {
        return Err(PersonalError::Unusable("Recap cannot tell about a day that far away.".to_owned()));
    }
    let enrollment = workspace.settings.digest.enrollment;
    let ledger = Ledger::of(&workspace.store, member, enrollment, date, now).await?;
    let mut lines = vec![about(&ledger, date)];
    let next = ledger.subscription.as_ref().map(|subscription| match (&subscription.activity, subscription.next_due) {
        (Activity::On, Some(next)) => format!("The next one comes on {}.", moment(next, subscription.zone)),
        (Activity::Off(reason), _) => none_for_now(&Absent::Reason(reason.clone()), &workspace.settings.slack.command),
        (Activity::On, None) => "None is due for now.".to_owned(),
    });
    lines.push(next.unwrap_or_else(|| {
        let reason = ledger.unsubscribed.clone().unwrap_or(Absent::NotOnRecord);
        none_for_now(&reason, &workspace.settings.slack.command)
    }));
    if workspace.store.value(HALTED).await?.is_some() {
        lines.push("Sending is halted for everybody at the moment.".to_owned());
    } else if let Some(code) = workspace.store.value(STOPPED).await? {
        lines.push(format!("Sending stands still for everybody: {}.", reason_in_words(&code)));
    }
    Ok(told::paragraphs(&lines))
}

fn about(ledger: &Ledger, date: Option<NaiveDate>) -> String {
    match (&ledger.delivery, &ledger.absent, date) {
        (Some((delivery, _)), ..) => delivered(delivery),
        (None, Some(Absent::Due(at, zone)), Some(date)) => {
            format!("Your digest of {} is still to come, on {}.", day(date), moment(*at, *zone))
        }
        (None, Some(reason), Some(date)) => format!("No digest on {}: {}.", day(date), absent(reason)),
        _ => "No digest was due for you so far.".to_owned(),
    }
}

fn delivered(delivery: &DeliveryRecord) -> String {
    let period = delivery.period.parse().map_or_else(|_| delivery.period.clone(), day);
    match (delivery.state.as_str(), delivery.final_at) {
        ("sent", Some(at)) if delivery.reason.is_none() => {
            format!("Your digest of {period} was sent at {}.", clock(at, delivery.zone, delivery.due))
        }
        (state, _) => format!("Your digest of {period}: {}.", explain(state, delivery.reason.as_deref())),
    }
}

/// With the way to get one where it is theirs.
fn none_for_now(reason: &Absent, command: &str) -> String {
    let is_theirs = matches!(reason, Absent::Reason(reason) if [NOT_OPTED_IN, OPTED_OUT].contains(&reason.as_str()));
    let way = if is_theirs { format!(" To get them, write \"{command} on\".") } else { String::new() };
    format!("None comes for now: {}.{way}", absent(reason))
}

fn absent(reason: &Absent) -> String {
    match reason {
        Absent::Reason(reason) if reason == NOT_OPTED_IN => "you have not opted in".to_owned(),
        Absent::Reason(reason) if reason == OPTED_OUT => "you have opted out".to_owned(),
        Absent::Reason(reason) => reason_in_words(reason).into_owned(),
        Absent::NotEnabled => "you agreed, and personal digests are not enabled in this workspace yet".to_owned(),
        Absent::NoDay(days) => format!("not among the days of your schedule ({days})"),
        Absent::OptedInLater(at, zone) => format!("you had not opted in yet, which you did on {}", moment(*at, *zone)),
        Absent::HadOptedOut(at, zone) => format!("you had opted out on {}", moment(*at, *zone)),
        Absent::HadPaused(until, zone) => format!("paused until {}", day(date_at(*zone, *until))),
        Absent::Due(at, zone) => format!("it is due on {}", moment(*at, *zone)),
        Absent::Before(since, zone) => {
            format!(
                "nothing was due from before {}, when your digests began or their schedule last changed",
                moment(*since, *zone)
            )
        }
        Absent::NotOnRecord => "nothing is on record: it is about to be planned, or was too long ago".to_owned(),
    }
}

/// `09:00`, with the date where it is not that of `due`.
fn clock(at: DateTime<Utc>, zone: Tz, due: DateTime<Utc>) -> String {
    if date_at(zone, at) == date_at(zone, due) {
        at.with_timezone(&zone).format("%H:%M").to_string()
    } else {
        moment(at, zone)
    }
}

fn moment(at: DateTime<Utc>, zone: Tz) -> String {
    told::moment(at, zone)
}

fn day(date: NaiveDate) -> String {
    told::day(date)
}
