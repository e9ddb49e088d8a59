//! When people work: how many sessions a local day has, and at what local times they begin.

use super::{
    draw::{Draw, whole},
    member::{MOST_SESSIONS, Persona},
};
use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime, TimeDelta, Utc, Weekday};
use chrono_tz::Tz;

/// How long the new member has been there: a digest that is the latest until Monday morning tells of Thursday.
pub(super) const NEW_FOR: TimeDelta = TimeDelta::days(4);
/// How long the one who stopped has been silent.
pub(super) const STOPPED_FOR: TimeDelta = TimeDelta::days(10);
/// The steady member is away this many days before the end, so that a streak has a beginning; three days in
/// a row hold at least one weekday.
const STEADY_AWAY: std::ops::RangeInclusive<i64> = 20..=22;

/// The share of people who work on a day, against a normal one.
pub(super) fn weight(day: Weekday) -> f64 {
    match day {
        Weekday::Mon => 0.9,
        Weekday::Tue | Weekday::Thu => 0.95,
        Weekday::Wed => 1.0,
        Weekday::Fri => 0.75,
        Weekday::Sat => 0.04,
        Weekday::Sun => 0.06,
    }
}

/// How many sessions somebody with this story and this mean has on `date`, `days_ago` before the end's date.
pub(super) fn sessions(persona: Persona, mean: f64, date: NaiveDate, days_ago: i64, draw: &mut Draw) -> u32 {
    let weekend = matches!(date.weekday(), Weekday::Sat | Weekday::Sun);
    match persona {
        Persona::New => 3 + draw.between(0, 2),
        Persona::Steady if weekend || STEADY_AWAY.contains(&days_ago) => 0,
        Persona::Steady | Persona::Kathmandu if !weekend => whole(mean).saturating_sub(2) + draw.between(0, 4),
        _ => {
            let liveliness = 0.4 + 1.2 * draw.unit();
            draw.rounded((mean * weight(date.weekday()) * liveliness).min(MOST_SESSIONS))
        }
    }
}

/// When a session begins on `date` in `zone`: mostly in the morning or the afternoon, at times in the evening,
/// and seldom so late that it crosses midnight.
pub(super) fn start(date: NaiveDate, zone: Tz, draw: &mut Draw) -> DateTime<Utc> {
    let (middle, spread) = draw.weighted(&[(46, (10.0, 1.0)), (44, (14.75, 1.2)), (8, (20.5, 0.8)), (2, (23.6, 0.1))]);
    let hour: f64 = middle + spread * draw.normal();
    let seconds = whole(hour.clamp(0.0, 23.9) * 3_600.0);
    let local = date.and_time(chrono::NaiveTime::MIN) + TimeDelta::seconds(i64::from(seconds));
    to_utc(local, zone) + TimeDelta::milliseconds(i64::from(draw.between(0, 999)))
}

/// The instant of a local time; the earlier of two, and an hour later where the clock skips it.
fn to_utc(local: NaiveDateTime, zone: Tz) -> DateTime<Utc> {
    [local, local + TimeDelta::hours(1)]
        .into_iter()
        .find_map(|local| local.and_local_timezone(zone).earliest())
        .map_or_else(|| local.and_utc(), |at| at.to_utc())
}
