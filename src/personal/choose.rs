//! Preferences: when a digest comes, what it covers and shows, and pauses.

use super::{PersonalError, Surface, refreshed};
use crate::{
    model::LocalTime,
    schedule::{DailySchedule, date_at, start_of_day},
    store::{MemberRecord, PreferencesChange},
    workspace::Workspace,
};
use chrono::{DateTime, Datelike, Days, NaiveDate, TimeDelta, Utc};

/// Nobody pauses for longer: whoever wants none any more can stop them.
const LONGEST: TimeDelta = TimeDelta::days(366);
const PAST: &str = "A pause has to end in the future.";

/// How long a pause lasts: it always ends with the start of a day, on which a digest comes again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pause {
    /// Up to the next Monday.
    UntilMonday,
    /// Today and the days after it, so many in all; once today's digest has come, from tomorrow on.
    Days(u32),
    Weeks(u32),
    /// Up to this local date.
    Until(NaiveDate),
}

impl Pause {
    /// When it ends: the start of a day in the schedule's zone.
    ///
    /// # Errors
    /// When that is past or more than a year away, in words for who asks.
    pub fn ends(self, schedule: &DailySchedule, now: DateTime<Utc>) -> Result<DateTime<Utc>, String> {
        let zone = schedule.zone;
        let today = date_at(zone, now);
        let has_come = schedule.occurrence_on(today).is_some_and(|occurrence| occurrence <= now);
        let first = i64::from(has_come);
        let too_long = || Err("A pause lasts a year at most. To get no digests at all, stop them.".to_owned());
        // Before anything is reckoned with it: calendars end somewhere.
        let days = match self {
            Self::UntilMonday => 7 - i64::from(today.weekday().num_days_from_monday()),
            Self::Days(0) | Self::Weeks(0) => 0,
            Self::Days(days) => first + i64::from(days),
            Self::Weeks(weeks) => first + i64::from(weeks) * 7,
            Self::Until(date) => date.signed_duration_since(today).num_days(),
        };
        if days < 0 {
            return Err(PAST.to_owned());
        }
        if days > LONGEST.num_days() {
            return too_long();
        }
        let date = today.checked_add_days(Days::new(days.unsigned_abs()));
        match date.map(|date| start_of_day(zone, date)) {
            Some(end) if end <= now => Err(PAST.to_owned()),
            Some(end) if end - now <= LONGEST => Ok(end),
            _ => too_long(),
        }
    }
}

/// Pauses; answers up to when. Asked for twice, it changes nothing more.
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
    let schedule = workspace.rules().await?.schedule_for(member, &preferences);
    let end = pause.ends(&schedule, workspace.now()).map_err(PersonalError::Unusable)?;
    if preferences.pause_until != Some(end) {
        choose(workspace, member, &to_pause(Some(end)), surface).await?;
    }
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
    choose(workspace, member, &to_pause(None), surface).await?;
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
    let change = PreferencesChange { time: Some(Some(time)), ..PreferencesChange::default() };
    choose(workspace, member, &change, surface).await
}

/// Changes what is given; the rest stays, also where it is changed at the same time.
///
/// # Errors
/// When the pause ends in the past or more than a year away, or the store does not answer.
pub async fn change_preferences(
    workspace: &Workspace,
    member: &MemberRecord,
    change: &PreferencesChange,
    surface: Surface,
) -> Result<(), PersonalError> {
    let before = workspace.store.preferences(&member.id).await?;
    let wanted = change.onto(before.clone());
    if wanted == before {
        return Ok(());
    }
    if let Some(until) = wanted.pause_until.filter(|until| before.pause_until != Some(*until)) {
        let schedule = workspace.rules().await?.schedule_for(member, &wanted);
        let date = date_at(schedule.zone, until);
        Pause::Until(date).ends(&schedule, workspace.now()).map_err(PersonalError::Unusable)?;
    }
    choose(workspace, member, change, surface).await
}

/// The end of a pause, and nothing else.
pub(super) fn to_pause(until: Option<DateTime<Utc>>) -> PreferencesChange {
    PreferencesChange { pause_until: Some(until), ..PreferencesChange::default() }
}

async fn choose(
    workspace: &Workspace,
    member: &MemberRecord,
    change: &PreferencesChange,
    surface: Surface,
) -> Result<(), PersonalError> {
    let (now, actor) = (workspace.now(), (member.id.0.as_str(), surface.word()));
    let saving = async {
        workspace.store.change_preferences(&member.id, change, now, actor).await?;
        refreshed(workspace, member).await
    };
    saving.await.map_err(PersonalError::while_saving)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Covers, Weekdays};
    use chrono_tz::{TZ_VARIANTS, Tz};
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    fn instant(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    /// Monday to Friday at 09:00.
    fn at_nine(zone: Tz) -> DailySchedule {
        let (time, weekdays) = ("09:00".parse().unwrap(), "mon-fri".parse::<Weekdays>().unwrap());
        DailySchedule { zone, time, weekdays, days_off: BTreeSet::new(), covers: Covers::Morning }
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
            // Days and weeks too end with the start of a day, whatever time it is and whether the clocks change.
            (berlin, "2025-03-27T07:00:00Z", Pause::Weeks(1), "2025-04-02T22:00:00Z"),
            (berlin, "2025-01-18T22:59:00Z", Pause::Days(3), "2025-01-20T23:00:00Z"),
            (berlin, "2025-01-18T23:01:00Z", Pause::Days(3), "2025-01-21T23:00:00Z"),
            (Tz::UTC, "2025-01-15T08:00:00Z", Pause::Weeks(52), "2026-01-14T00:00:00Z"),
        ] {
            assert_eq!(pause.ends(&at_nine(zone), instant(now)), Ok(instant(end)), "{zone} {now} {pause:?}");
        }
    }

    #[test]
    fn a_pause_skips_as_many_days_whether_todays_digest_has_come_or_not() {
        // A Wednesday; on a Saturday none comes that could have come.
        for (now, pause, end) in [
            ("2025-01-15T08:59:59Z", Pause::Days(1), "2025-01-16T00:00:00Z"),
            ("2025-01-15T09:00:00Z", Pause::Days(1), "2025-01-17T00:00:00Z"),
            ("2025-01-15T08:00:00Z", Pause::Weeks(1), "2025-01-22T00:00:00Z"),
            ("2025-01-15T10:00:00Z", Pause::Weeks(1), "2025-01-23T00:00:00Z"),
            ("2025-01-18T10:00:00Z", Pause::Weeks(1), "2025-01-25T00:00:00Z"),
            // Who names a day means it.
            ("2025-01-15T10:00:00Z", Pause::UntilMonday, "2025-01-20T00:00:00Z"),
            ("2025-01-15T10:00:00Z", Pause::Until("2025-01-16".parse().unwrap()), "2025-01-16T00:00:00Z"),
        ] {
            assert_eq!(pause.ends(&at_nine(Tz::UTC), instant(now)), Ok(instant(end)), "{now} {pause:?}");
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
            let words = pause.ends(&at_nine(Tz::UTC), instant("2025-01-15T10:00:00Z")).unwrap_err();
            assert_eq!(words.contains("a year"), future, "{pause:?}: {words}");
        }
    }

    proptest! {
        #[test]
        fn whatever_is_asked_for_a_pause_ends_within_a_year_or_not_at_all(
            zone in proptest::sample::select(TZ_VARIANTS.to_vec()),
            number in prop_oneof![any::<u32>(), 0_u32..400, 95_000_000_u32..96_000_000],
            days in prop_oneof![Just(i32::MIN), Just(i32::MAX), any::<i32>(), 700_000_i32..800_000],
            second in 0_i64..4_000_000_000,
        ) {
            let now = DateTime::from_timestamp(second, 0).unwrap();
            let date = NaiveDate::from_num_days_from_ce_opt(days);
            let date = date.unwrap_or(if days < 0 { NaiveDate::MIN } else { NaiveDate::MAX });
            for pause in [Pause::UntilMonday, Pause::Days(number), Pause::Weeks(number), Pause::Until(date)] {
                if let Ok(end) = pause.ends(&at_nine(zone), now) {
                    prop_assert!(end > now && end - now <= LONGEST, "{pause:?} in {zone}: {now} {end}");
                }
            }
        }
    }

    #[test]
    fn a_pause_up_to_the_end_of_the_calendar_is_too_long_in_every_zone() {
        let now = instant("2026-01-15T12:00:00Z");
        let left = NaiveDate::MAX.signed_duration_since(now.date_naive()).num_days();
        for zone in TZ_VARIANTS {
            let schedule = at_nine(zone);
            for days in left - 2..=left + 1 {
                assert!(Pause::Days(days.try_into().unwrap()).ends(&schedule, now).is_err(), "{zone} {days}");
            }
            assert!(
                Pause::Until(NaiveDate::MAX).ends(&schedule, now).is_err()
                    && Pause::Until(NaiveDate::MIN).ends(&schedule, now).is_err()
            );
        }
    }
}
