//! Alerts: rows in, each team's days out, for all teams of a zone; and what is told of them as a message.

use super::{
    error::{MessageError, message},
    teams::{Question, Team, each_member},
};
use crate::{
    config,
    digest::{Alert, AlertRules, LOOK_BACK_DAYS, TeamDays},
    message::{Message, Templates},
    schedule::{Cut, Day, days_until},
    warehouse::{Warehouse, WarehouseError},
};
use chrono::{NaiveDate, TimeDelta};
use chrono_tz::Tz;
use std::{collections::BTreeSet, sync::Arc};

/// All that is needed to judge the days from `first` to `last` of each of `teams`, in their order: two queries, and a
/// third where telemetry says who is on a team, however many teams there are.
///
/// # Errors
/// When the warehouse does not answer.
pub async fn alert_days(
    warehouse: &Warehouse,
    zone: Tz,
    (first, last): (NaiveDate, NaiveDate),
    teams: &[Team],
) -> Result<Vec<TeamDays>, WarehouseError> {
    let span = span(zone, first, last);
    // The days of the weeks before are in it, so new skills are told by the same days.
    let cut = Cut::of_days(span.iter());
    let question = Question { activity: cut.clone(), with_models: false, skills: Some(cut.clone()), membership: cut };
    let mut days = vec![TeamDays::over(&span); teams.len()];
    each_member(warehouse, teams, &question, |did| days[did.team].add(did.stays, did.activity, did.skills)).await?;
    Ok(days)
}

/// The days to judge, and those that they are compared with.
fn span(zone: Tz, first: NaiveDate, last: NaiveDate) -> Arc<[Day]> {
    let judged = (last - first).max(TimeDelta::zero()).num_days().unsigned_abs() + 1;
    days_until(zone, last, LOOK_BACK_DAYS + judged).into()
}

/// What is unusual for a team, as the settings and the team itself say.
pub fn alert_rules(
    settings: &config::Settings,
    team: &str,
    min_active: u32,
    days_off: BTreeSet<NaiveDate>,
) -> AlertRules {
    let config::Alerts { cost_floor, cost_factor, sessions_floor, sessions_factor, .. } = settings.alerts;
    AlertRules {
        cost_floor,
        cost_factor,
        sessions_floor,
        sessions_factor,
        show_cost: settings.digest.show_cost,
        budget: settings.budgets.get(team).copied(),
        min_active: u64::from(min_active),
        days_off,
    }
}

/// An alert, ready to post.
///
/// # Errors
/// When its template fails or a limit of Slack is broken.
pub fn alert(templates: &Templates, alert: &Alert) -> Result<Message, MessageError> {
    message(templates, "alert", alert)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{digest, schedule::SKILL_HISTORY_DAYS};
    use chrono::{Datelike, Days};

    fn date(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn the_span_holds_all_that_the_first_day_is_compared_with() {
        for first in ["2025-03-03", "2025-03-09", "2025-03-31"] {
            for zone in [Tz::UTC, Tz::Europe__Berlin, Tz::America__Santiago] {
                let (first, last) = (date(first), date(first) + Days::new(6));
                let span = span(zone, first, last);
                assert_eq!((span[0].date, span.last().unwrap().date), (first - Days::new(42), last));
                let monday = first - Days::new(u64::from(first.weekday().num_days_from_monday()));
                assert!(span[0].date <= monday - Days::new(SKILL_HISTORY_DAYS));
                assert!(span[0].date <= first.with_day(1).unwrap());
                assert!(Cut::of_days(span.iter()).starts_ms.is_sorted_by(|one, next| one < next));
            }
        }
    }

    #[test]
    fn the_settings_say_what_is_unusual() {
        let settings = config::Settings::load(
            None,
            [
                ("RECAP__ALERTS__COST_FLOOR", "35.5"),
                ("RECAP__BUDGETS__PLATFORM", "2000"),
                ("RECAP__DIGEST__SHOW_COST", "false"),
            ]
            .map(|(name, value)| (name.to_owned(), value.to_owned())),
        )
        .unwrap();
        let days_off = BTreeSet::from([date("2025-12-25")]);
        let rules = alert_rules(&settings, "platform", 5, days_off.clone());
        let expected = digest::AlertRules {
            cost_floor: 35.5,
            cost_factor: 2.0,
            sessions_floor: 10.0,
            sessions_factor: 0.5,
            show_cost: false,
            budget: Some(2000.0),
            min_active: 5,
            days_off,
        };
        assert_eq!(rules, expected);
        assert_eq!(alert_rules(&settings, "design", 3, BTreeSet::new()).budget, None);
    }
}
