//! Which teams have days to be judged, and which of these days. Pure.

use crate::{
    digest::AlertState,
    schedule::{WeeklySchedule, date_at, instant_of, start_of_day},
};
use chrono::{DateTime, Days, NaiveDate, TimeDelta, Utc};
use chrono_tz::Tz;
use std::collections::BTreeMap;

/// Days that are judged after an absence; earlier ones are passed over.
const MOST_DAYS: Days = Days::new(7);
/// A day of which too little arrived is given up when it is this old.
const GIVE_UP: TimeDelta = TimeDelta::days(2);

/// A team with days to be judged or something to be told.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Watched {
    pub name: String,
    pub zone: Tz,
    /// The state as it stands in the store.
    pub kept: Option<String>,
    pub state: AlertState,
    /// The first day to judge; after yesterday where there is none.
    pub first: NaiveDate,
    /// The last complete local day.
    pub yesterday: NaiveDate,
    pub today: NaiveDate,
}

/// Each enabled team whose local time has come today, by zone; `teams` are those that are enabled, and since when. No day
/// before that is judged.
pub(super) fn due<'a>(
    teams: impl Iterator<Item = (&'a String, DateTime<Utc>, &'a WeeklySchedule)>,
    states: &BTreeMap<String, String>,
    now: DateTime<Utc>,
) -> Vec<Vec<Watched>> {
    let mut by_zone = BTreeMap::<&str, Vec<Watched>>::new();
    for (name, enabled_at, schedule) in teams {
        let zone = schedule.zone;
        let today = date_at(zone, now);
        let Some(yesterday) = today.pred_opt() else { continue };
        if now < instant_of(zone, today, schedule.time.time()) {
            continue;
        }
        let kept = states.get(name).cloned();
        let state = kept.as_deref().map_or_else(AlertState::default, read);
        let after = |day: NaiveDate| day.succ_opt().unwrap_or(day);
        let first = state.through.map_or(yesterday, after).max(date_at(zone, enabled_at));
        let first = first.max(today.checked_sub_days(MOST_DAYS).unwrap_or(today));
        if first <= yesterday || state.has_news() {
            let watched = Watched { name: name.clone(), zone, kept, state, first, yesterday, today };
            by_zone.entry(zone.name()).or_default().push(watched);
        }
    }
    by_zone.into_values().collect()
}

/// A state that nobody can read is begun anew.
fn read(kept: &str) -> AlertState {
    serde_json::from_str(kept).unwrap_or_else(|error| {
        tracing::error!(error = %error, "where the judging of a team stands cannot be read, it begins anew");
        AlertState::default()
    })
}

/// Whether `day`, of which too little arrived so far, is not waited for any longer.
pub(super) fn is_given_up(zone: Tz, day: NaiveDate, now: DateTime<Utc>) -> bool {
    end_of(zone, day) + GIVE_UP <= now
}

/// When `day` is complete.
pub(super) fn end_of(zone: Tz, day: NaiveDate) -> DateTime<Utc> {
    start_of_day(zone, day.succ_opt().unwrap_or(day))
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::Weekday;
    use std::collections::BTreeSet;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    fn date(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    /// Posts at nine.
    fn schedule(zone: Tz) -> WeeklySchedule {
        WeeklySchedule { zone, time: "09:00".parse().unwrap(), day: Weekday::Mon, days_off: BTreeSet::new() }
    }

    fn through(day: &str) -> String {
        let mut state = AlertState::default();
        state.give_up(date(day));
        serde_json::to_string(&state).unwrap()
    }

    /// The teams that are due, with the days to be judged; both were enabled at noon on February 24.
    fn found(states: &[(&str, String)], now: &str) -> Vec<(String, String)> {
        let states = states.iter().map(|(name, state)| ((*name).to_owned(), state.clone())).collect();
        let teams = [("platform", Tz::Europe__Berlin), ("design", Tz::America__New_York)];
        let teams = teams.map(|(name, zone)| (name.to_owned(), schedule(zone)));
        let teams = teams.iter().map(|(name, schedule)| (name, at("2025-02-24T12:00:00Z"), schedule));
        let all = due(teams, &states, at(now)).into_iter().flatten();
        let mut found: Vec<_> = all.map(|team| (team.name, format!("{} to {}", team.first, team.yesterday))).collect();
        found.sort();
        found
    }

    fn one(name: &str, days: &str) -> (String, String) {
        (name.to_owned(), days.to_owned())
    }

    #[test]
    fn a_day_is_judged_on_the_next_at_the_teams_own_time() {
        assert_eq!(found(&[], "2025-03-05T07:59:00Z"), []);
        assert_eq!(found(&[], "2025-03-05T08:00:00Z"), [one("platform", "2025-03-04 to 2025-03-04")]);
        assert_eq!(
            found(&[], "2025-03-05T14:00:00Z"),
            [one("design", "2025-03-04 to 2025-03-04"), one("platform", "2025-03-04 to 2025-03-04")]
        );
        // After the clock change an hour earlier.
        assert_eq!(found(&[], "2025-03-30T06:59:00Z"), []);
        assert_eq!(found(&[], "2025-03-30T07:00:00Z"), [one("platform", "2025-03-29 to 2025-03-29")]);
    }

    #[test]
    fn the_day_that_is_not_over_is_never_judged() {
        for hour in 8..23 {
            let judged = [("platform", through("2025-03-04")), ("design", through("2025-03-04"))];
            assert_eq!(found(&judged, &format!("2025-03-05T{hour:02}:30:00Z")), []);
        }
        // In Berlin the 6th has begun; its time has not come.
        assert_eq!(found(&[("platform", through("2025-03-04"))], "2025-03-05T23:30:00Z").len(), 1);
    }

    #[test]
    fn after_an_absence_at_most_a_week_is_made_up_for() {
        let now = "2025-03-12T09:00:00Z";
        for (judged, expected) in [
            ("2025-03-09", "2025-03-10 to 2025-03-11"),
            ("2025-03-04", "2025-03-05 to 2025-03-11"),
            ("2025-03-03", "2025-03-05 to 2025-03-11"),
            ("2024-12-24", "2025-03-05 to 2025-03-11"),
        ] {
            assert_eq!(found(&[("platform", through(judged))], now)[0], one("platform", expected));
        }
        assert_eq!(found(&[("platform", "no state".to_owned())], now), [one("platform", "2025-03-11 to 2025-03-11")]);
    }

    #[test]
    fn no_day_before_the_enabling_is_judged() {
        assert_eq!(found(&[], "2025-02-24T15:00:00Z"), []);
        assert_eq!(found(&[], "2025-02-25T09:00:00Z"), [one("platform", "2025-02-24 to 2025-02-24")]);
        let long_ago = [("platform", through("2025-02-10"))];
        assert_eq!(found(&long_ago, "2025-02-26T09:00:00Z"), [one("platform", "2025-02-24 to 2025-02-25")]);
    }

    #[test]
    fn a_day_is_given_up_two_days_after_its_end() {
        let (zone, day) = (Tz::Europe__Berlin, date("2025-03-29"));
        // The day after it has 23 hours.
        assert_eq!(end_of(zone, day), at("2025-03-29T23:00:00Z"));
        assert!(!is_given_up(zone, day, at("2025-03-31T22:59:59Z")));
        assert!(is_given_up(zone, day, at("2025-03-31T23:00:00Z")));
    }
}
