use super::{DOLLAR, Team, TeamDay, date, steady, team::Member};
use crate::{
    model::Stay,
    schedule::{days_until, start_of_day},
};
use chrono_tz::Tz;

fn on(team: &Team, day: &str) -> TeamDay {
    *team.days(date(day), date(day)).on(date(day)).unwrap()
}

#[test]
fn a_day_sums_up_who_was_on_the_team_that_day() {
    let mut team = steady("2025-01-06");
    let leaves = start_of_day(team.zone, date("2025-03-05"));
    team.members[4].stays = Some(vec![Stay { since: None, until: Some(leaves) }]);
    let figures = |day: &TeamDay| (day.sessions, day.cost_nanos, day.active, day.members);
    assert_eq!(figures(&on(&team, "2025-03-04")), (20, 40 * DOLLAR, 5, 5));
    assert_eq!(figures(&on(&team, "2025-03-05")), (16, 32 * DOLLAR, 4, 5));
    // Whoever left counts among the members for the rest of a week, and no longer.
    assert_eq!(figures(&on(&team, "2025-03-10")), (16, 32 * DOLLAR, 4, 5));
    assert_eq!(figures(&on(&team, "2025-03-11")), (16, 32 * DOLLAR, 4, 4));
    assert_eq!(figures(&on(&team, "2025-03-08")), (0, 0, 0, 5));
}

#[test]
fn distinct_members_of_a_week_and_of_a_month_are_counted_up_to_the_day() {
    let team = Team { zone: Tz::UTC, members: vec![Member::default(); 5] };
    let team =
        team.by(2, "2025-02-28", 4, 0).by(1, "2025-03-03", 1, 0).by(3, "2025-03-04", 3, 0).by(2, "2025-03-10", 2, 0);
    let days = team.days(date("2025-03-10"), date("2025-03-10"));
    for (day, week, month) in
        [("2025-02-28", 2, 2), ("2025-03-01", 2, 0), ("2025-03-03", 1, 1), ("2025-03-04", 3, 3), ("2025-03-10", 2, 3)]
    {
        assert_eq!((days.active_in_week(date(day)), days.active_in_month(date(day))), (week, month), "{day}");
    }
}

#[test]
fn a_date_that_the_zone_skipped_is_no_day() {
    let span = days_until(Tz::Pacific__Apia, date("2011-12-31"), 10).into();
    let days = super::TeamDays::over(&span);
    assert!(days.on(date("2011-12-30")).is_none() && days.on(date("2011-12-29")).is_some());
    let (state, events) = super::judge(super::AlertState::default(), &days, date("2011-12-30"), &super::rules());
    assert_eq!((state.through, events.as_slice()), (Some(date("2011-12-30")), &[][..]));
}
