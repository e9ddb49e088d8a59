//! Preferences: when a digest comes, what it covers and shows, and pauses.

use super::{PersonalError, Surface, refreshed};
use crate::{
    model::LocalTime,
    schedule::{date_at, instant_of, start_of_day},
    store::{MemberRecord, Preferences},
    workspace::Workspace,
};
use chrono::{DateTime, Datelike, Days, NaiveDate, TimeDelta, Utc};
use chrono_tz::Tz;

/// Nobody pauses for longer: whoever wants none any more can stop them.
const LONGEST: TimeDelta = TimeDelta::days(366);
/// A pause that ends so close to the one that holds is the same one, asked for twice.
const SAME: TimeDelta = TimeDelta::minutes(2);

/// How long a pause lasts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pause {
    /// Up to the next Monday, 00:00 in the member's zone.
    UntilMonday,
    Days(u32),
    Weeks(u32),
    /// Up to the start of this local date.
    Until(NaiveDate),
}

impl Pause {
    /// When it ends, by the clocks of `zone`. Days and weeks end at the time of day at which they begin.
    ///
    /// # Errors
    /// When that is past or more than a year away, in words for who asks.
    pub fn ends(self, zone: Tz, now: DateTime<Utc>) -> Result<DateTime<Utc>, String> {
        let local = now.with_timezone(&zone).naive_local();
        let today = local.date();
        let in_days = |days: u64| {
            let date = today.checked_add_days(Days::new(days))?;
            Some(instant_of(zone, date, local.time()))
        };
        let end = match self {
            Self::UntilMonday => {
                let to_monday = 7 - today.weekday().num_days_from_monday();
                today.checked_add_days(Days::new(to_monday.into())).map(|monday| start_of_day(zone, monday))
            }
            Self::Days(days) => in_days(days.into()),
            Self::Weeks(weeks) => in_days(u64::from(weeks) * 7),
            Self::Until(date) => Some(start_of_day(zone, date)),
        };
        match end {
            Some(end) if end <= now => Err("A pause has to end in the future.".to_owned()),
            Some(end) if end - now <= LONGEST => Ok(end),
            _ => Err("A pause lasts a year at most. To get no digests at all, stop them.".to_owned()),
        }
    }
}

/// Pauses; answers up to when. Asked for twice in a moment, the first holds.
///
/// # Errors
/// When the end is past or more than a year away, or the store does not answer.
pub async fn pause(
    workspace: &Workspace,
    member: &MemberRecord,
    pause: Pause,
    surface: Surface,
) -> Result<DateTime<Utc>, PersonalError> {
    let preferences = workspace.store.preferences(&member.id).await?;
    let zone = workspace.rules().await?.schedule_for(member, &preferences).zone;
    let end = pause.ends(zone, workspace.now()).map_err(PersonalError::Unusable)?;
    match preferences.pause_until {
        Some(held) if (held - end).abs() <= SAME => return Ok(held),
        _ => {}
    }
    choose(workspace, member, Preferences { pause_until: Some(end), ..preferences }, surface).await?;
    Ok(end)
}

/// Ends a pause; false where there was none.
///
/// # Errors
/// When the store does not answer.
pub async fn resume(workspace: &Workspace, member: &MemberRecord, surface: Surface) -> Result<bool, PersonalError> {
    let preferences = workspace.store.preferences(&member.id).await?;
    if preferences.pause_until.is_none_or(|until| until <= workspace.now()) {
        return Ok(false);
    }
    choose(workspace, member, Preferences { pause_until: None, ..preferences }, surface).await?;
    Ok(true)
}

/// Changes the time of day.
///
/// # Errors
/// When the store does not answer.
pub async fn set_time(
    workspace: &Workspace,
    member: &MemberRecord,
    time: LocalTime,
    surface: Surface,
) -> Result<(), PersonalError> {
    let preferences = workspace.store.preferences(&member.id).await?;
    if preferences.time == Some(time) {
        return Ok(());
    }
    choose(workspace, member, Preferences { time: Some(time), ..preferences }, surface).await
}

/// Replaces all preferences but what a modal does not show (days off of their own).
///
/// # Errors
/// When the pause ends in the past or more than a year away, or the store does not answer.
pub async fn set_preferences(
    workspace: &Workspace,
    member: &MemberRecord,
    preferences: Preferences,
    surface: Surface,
) -> Result<(), PersonalError> {
    let before = workspace.store.preferences(&member.id).await?;
    let wanted = Preferences { days_off: before.days_off.clone(), ..preferences };
    if wanted == before {
        return Ok(());
    }
    if let Some(until) = wanted.pause_until.filter(|until| before.pause_until != Some(*until)) {
        let schedule = workspace.rules().await?.schedule_for(member, &wanted);
        let date = date_at(schedule.zone, until);
        Pause::Until(date).ends(schedule.zone, workspace.now()).map_err(PersonalError::Unusable)?;
    }
    choose(workspace, member, wanted, surface).await
}

async fn choose(
    workspace: &Workspace,
    member: &MemberRecord,
    preferences: Preferences,
    surface: Surface,
) -> Result<(), PersonalError> {
    let (now, actor) = (workspace.now(), (member.id.0.as_str(), surface.word()));
    workspace.store.set_preferences_by(&member.id, &preferences, now, actor).await?;
    refreshed(workspace, member).await
}

#[cfg(test)]
mod tests {
    use super::*;

    fn instant(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    #[test]
    fn a_pause_ends_by_the_members_own_clock() {
        let (berlin, apia, cairo) = (Tz::Europe__Berlin, Tz::Pacific__Apia, Tz::Africa__Cairo);
        for (zone, now, pause, end) in [
            (Tz::UTC, "2025-01-15T10:00:00Z", Pause::UntilMonday, "2025-01-20T00:00:00Z"),
            (berlin, "2025-01-15T10:00:00Z", Pause::UntilMonday, "2025-01-19T23:00:00Z"),
            // Monday there already, Sunday in UTC: the Monday after.
            (apia, "2025-01-19T12:00:00Z", Pause::UntilMonday, "2025-01-26T11:00:00Z"),
            // Sunday there still, Monday in UTC.
            (Tz::Pacific__Pago_Pago, "2025-01-20T05:00:00Z", Pause::UntilMonday, "2025-01-20T11:00:00Z"),
            (Tz::Asia__Kathmandu, "2025-01-17T20:00:00Z", Pause::UntilMonday, "2025-01-19T18:15:00Z"),
            // A Monday without midnight would begin at 01:00; this Friday does.
            (cairo, "2024-04-20T10:00:00Z", Pause::Until("2024-04-26".parse().unwrap()), "2024-04-25T22:00:00Z"),
            // The clocks change meanwhile, the time of day does not.
            (berlin, "2025-03-27T09:00:00Z", Pause::Weeks(1), "2025-04-03T08:00:00Z"),
            (berlin, "2025-01-15T09:00:00Z", Pause::Days(3), "2025-01-18T09:00:00Z"),
            (Tz::UTC, "2025-01-15T10:00:00Z", Pause::Weeks(52), "2026-01-14T10:00:00Z"),
        ] {
            assert_eq!(pause.ends(zone, instant(now)), Ok(instant(end)), "{zone} {now} {pause:?}");
        }
    }

    #[test]
    fn a_pause_ends_within_a_year() {
        let date = |text: &str| Pause::Until(text.parse().unwrap());
        for (pause, future) in [
            (Pause::Days(0), false),
            (date("2025-01-15"), false),
            (date("0001-01-01"), false),
            (Pause::Weeks(u32::MAX), true),
            (Pause::Days(u32::MAX), true),
            (Pause::Days(367), true),
            (date("9999-12-31"), true),
        ] {
            let words = pause.ends(Tz::UTC, instant("2025-01-15T10:00:00Z")).unwrap_err();
            assert_eq!(words.contains("a year"), future, "{pause:?}: {words}");
        }
    }
}
