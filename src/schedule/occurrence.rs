//! Occurrences in their order: the next, the latest, and those between two instants.

use super::{
    DailySchedule,
    daily::{LATEST, supported},
    local::{date_at, day_after, has_date, instant_of},
};
use crate::model::LocalTime;
use chrono::{DateTime, NaiveDate, TimeDelta, Timelike, Utc};
use chrono_tz::Tz;
use croner::Cron;
use std::{iter::successors, sync::OnceLock};

/// One occurrence of a schedule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Occurrence {
    /// The schedule's local date, which is the period; where clocks leap over midnight, `at` is on the next one.
    pub date: NaiveDate,
    /// The local time on it, or the first valid instant after that.
    pub at: DateTime<Utc>,
}

impl DailySchedule {
    /// The first occurrence after `after`; 09:00 stays 09:00 when clocks change.
    ///
    /// Found by croner, a local day at a time. The weekdays are no part of its pattern, for it drops an occurrence that
    /// a gap moved over midnight unless that weekday is in the pattern too (America/Nuuk, Saturday 23:30). Its iterator
    /// is not used: it ends for ever at the first error, which a date that the zone skipped is (Pacific/Apia,
    /// 2011-12-30), as is any gap of more than two hours (Antarctica/Casey, 2009-10-18).
    pub fn next_after(&self, after: DateTime<Utc>) -> Option<Occurrence> {
        let cron = pattern(self.time);
        let from = supported(after).with_timezone(&self.zone);
        successors(Some(self.showing_after(cron, &from)), |shown| {
            let from = shown.at.with_timezone(&self.zone);
            Some(self.showing_after(cron, &from))
        })
        .take_while(|shown| shown.date <= LATEST)
        .find(|shown| self.is_working(shown.date) && shown.at > after)
    }

    /// The latest occurrence at or before `now`.
    pub fn latest_until(&self, now: DateTime<Utc>) -> Option<Occurrence> {
        // One day ahead: where clocks go back over midnight, tomorrow's 00:00 can already have been.
        let now = supported(now);
        successors(Some(day_after(date_at(self.zone, now))), NaiveDate::pred_opt)
            .filter_map(|date| Some(Occurrence { date, at: self.occurrence_on(date)? }))
            .find(|occurrence| occurrence.at <= now)
    }

    /// The occurrences after `from` and not after `until`, oldest first.
    pub fn occurrences_between(
        &self,
        from: DateTime<Utc>,
        until: DateTime<Utc>,
    ) -> impl Iterator<Item = Occurrence> + '_ {
        successors(self.next_after(from), |occurrence| self.next_after(occurrence.at))
            .take_while(move |occurrence| occurrence.at <= until)
    }

    /// When the wall clock shows the schedule's time for the first time after `from`, on a working day or not.
    fn showing_after(&self, cron: Option<&Cron>, from: &DateTime<Tz>) -> Occurrence {
        match cron.map(|cron| cron.find_next_occurrence(from, false)) {
            Some(Ok(found)) => self.dated(&found),
            Some(Err(_)) | None => self.counted_after(from),
        }
    }

    /// The date that the pattern meant by `found`: the one before where a gap reached over midnight.
    fn dated(&self, found: &DateTime<Tz>) -> Occurrence {
        let since_midnight = TimeDelta::seconds(self.time.time().num_seconds_from_midnight().into());
        Occurrence { date: (found.naive_local() - since_midnight).date(), at: found.to_utc() }
    }

    /// As `showing_after`, from local day to local day, without croner.
    fn counted_after(&self, from: &DateTime<Tz>) -> Occurrence {
        let today = from.date_naive();
        let days = successors(Some(today.pred_opt().unwrap_or(today)), NaiveDate::succ_opt);
        let on = |date| Occurrence { date, at: instant_of(self.zone, date, self.time.time()) };
        days.filter(|date| has_date(self.zone, *date))
            .map(on)
            .find(|shown| shown.at > *from)
            .unwrap_or(Occurrence { date: NaiveDate::MAX, at: DateTime::<Utc>::MAX_UTC })
    }
}

/// Every day at `time`; parsed once, for parsing costs four times as much as finding.
fn pattern(time: LocalTime) -> Option<&'static Cron> {
    static PATTERNS: [OnceLock<Option<Cron>>; 24 * 60] = [const { OnceLock::new() }; 24 * 60];
    let (hour, minute) = (time.time().hour(), time.time().minute());
    let kept = PATTERNS.get(usize::try_from(hour * 60 + minute).ok()?)?;
    kept.get_or_init(|| format!("{minute} {hour} * * *").parse().ok()).as_ref()
}
