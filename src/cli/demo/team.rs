//! The demo's team: everybody in the sample, with a summary that is due together with the digests.

use crate::{model::LocalTime, sample::Member};
use chrono::{DateTime, Datelike, Utc};
use chrono_tz::Tz;

/// The team's name, and its channel's.
pub(super) const NAME: &str = "platform";
pub(super) const CHANNEL: &str = "C0DEMOPLATFORM";

/// The settings that make it a team whose week is told at `occurrence`.
pub(super) fn variables(members: &[Member], occurrence: DateTime<Utc>) -> Vec<(String, String)> {
    let zone = members.first().map_or(Tz::UTC, |member| member.zone);
    let local = occurrence.with_timezone(&zone);
    let addresses: Vec<_> =
        members.iter().filter_map(|member| member.email.as_ref()).map(|email| email.to_lowercase()).collect();
    [
        ("ENABLED", "true".to_owned()),
        ("MEMBERS", addresses.join(",")),
        ("CHANNEL", CHANNEL.to_owned()),
        ("ZONE", zone.name().to_owned()),
        ("TIME", LocalTime::at(local.time()).to_string()),
        ("DAY", local.weekday().to_string().to_lowercase()),
    ]
    .map(|(key, value)| (format!("RECAP__TEAMS__PLATFORM__{key}"), value))
    .into()
}
