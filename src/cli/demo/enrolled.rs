//! Who opted in to the demo's digests, and when they are due: all at once, each in their own zone.

use crate::{
    cli::{Context, Failure, daily, state},
    config::Settings,
    model::{LocalTime, MemberEmail},
    planner::{Rules, refresh},
    sample::Member,
    schedule::DailySchedule,
    slack::sync_directory,
    store::{Consent, ConsentKind, Preferences},
};
use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Tz;
use std::collections::BTreeSet;

/// How long before the occurrence everybody opted in.
const AGREED_BEFORE: TimeDelta = TimeDelta::hours(1);

/// The latest occurrence, by the defaults, in the first member's zone.
pub(super) fn latest_occurrence(settings: &Settings, members: &[Member], now: DateTime<Utc>) -> DateTime<Utc> {
    let zone = members.first().map_or(Tz::UTC, |member| member.zone);
    schedule(settings, zone).latest_until(now).map_or(now, |occurrence| occurrence.at)
}

/// The schedule that holds for a member who chose nothing.
pub(super) fn schedule(settings: &Settings, zone: Tz) -> DailySchedule {
    let rules = Rules::of_file(settings);
    let (time, weekdays, covers) = (rules.time, rules.weekdays, rules.covers_at(rules.time));
    DailySchedule { zone, time, weekdays, days_off: BTreeSet::new(), covers }
}

/// Lets up to `most` members opt in, an hour before `occurrence`, which is then due for each of them.
pub(super) async fn enroll(
    context: &Context,
    members: &[Member],
    occurrence: DateTime<Utc>,
    most: usize,
) -> Result<Vec<MemberEmail>, Failure> {
    let at = occurrence - AGREED_BEFORE;
    let store = state::store(context).await?;
    let client = daily::slack_client(&context.settings)?;
    sync_directory(&client, &store, at).await.map_err(anyhow::Error::from)?;
    let mut enrolled = Vec::new();
    for member in members.iter().filter(|member| member.email.is_some()).take(most) {
        let email = MemberEmail::parse(member.email.as_deref().unwrap_or_default())?;
        let Some(known) = store.member_by_email(&email).await.map_err(state::explained)? else { continue };
        let time = LocalTime::at(occurrence.with_timezone(&member.zone).time());
        let preferences = Preferences { time: Some(time), ..Preferences::default() };
        store.set_preferences(&known.id, &preferences, at, &known.id.0).await.map_err(state::explained)?;
        let consent = |kind, wording: &str| Consent {
            actor: known.id.0.clone(),
            member: known.id.clone(),
            kind,
            at,
            surface: "slack".to_owned(),
            wording: wording.to_owned(),
        };
        let daily = consent(ConsentKind::OptIn, "a daily digest, in the demo");
        store.record_consent(&daily).await.map_err(state::explained)?;
        // Of the others a summary says "a teammate".
        if member.index % 2 == 1 {
            let named = consent(ConsentKind::Named, "being named in team summaries, in the demo");
            store.record_consent(&named).await.map_err(state::explained)?;
        }
        enrolled.push(email);
    }
    let rules = Rules::of(&context.settings, &store, at).await.map_err(state::explained)?;
    refresh(&store, &rules, at).await.map_err(state::explained)?;
    store.database().close().await;
    Ok(enrolled)
}
