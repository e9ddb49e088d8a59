//! Weekly summaries: rows in, one team's week out, for all teams whose week is the same.

use super::{
    error::{MessageError, message},
    teams::{Question, Team, each_member},
};
use crate::{
    digest::{Names, TeamWeek, WeekFacts, WeeklyOptions, WeeklySummary},
    message::{Message, Templates},
    schedule::WeeklyWindow,
    warehouse::{Warehouse, WarehouseError},
};

/// What the week of `window` was for each of `teams`, in their order: two queries, and a third where telemetry says who
/// is on a team, however many teams there are.
///
/// # Errors
/// When the warehouse does not answer.
pub async fn weekly_facts(
    warehouse: &Warehouse,
    window: &WeeklyWindow,
    teams: &[Team],
    with_models: bool,
) -> Result<Vec<WeekFacts>, WarehouseError> {
    let question = Question {
        activity: window.activity(),
        with_models,
        skills: Some(window.skills()),
        membership: window.membership(),
    };
    let mut weeks: Vec<_> = teams.iter().map(|_| TeamWeek::default()).collect();
    each_member(warehouse, teams, &question, |did| {
        weeks[did.team].add(window, did.member, did.stays, did.activity, did.skills);
    })
    .await?;
    Ok(weeks.into_iter().map(|week| week.facts(window)).collect())
}

/// A team's weekly summary, ready to post.
///
/// # Errors
/// When its template fails or a limit of Slack is broken.
pub fn weekly(
    templates: &Templates,
    window: &WeeklyWindow,
    facts: &WeekFacts,
    names: &Names,
    options: &WeeklyOptions,
) -> Result<Message, MessageError> {
    message(templates, "weekly", &WeeklySummary::of(window, facts, names, options))
}

#[cfg(test)]
mod tests;
