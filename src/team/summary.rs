//! Weekly summaries of teams: their numbers, the names that may be told, and the message.

use super::asked;
use crate::{
    config::Settings,
    digest::{AlertLine, Names, TeamSections, WeekFacts, WeeklyOptions},
    message::{Message, Templates},
    model::DeliveryId,
    planner::Rules,
    report::{MessageError, weekly, weekly_facts},
    schedule::{WeeklyWindow, date_at},
    store::{Incident, Store, StoreError},
    warehouse::{Arrivals, Warehouse, WarehouseError},
};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What summaries are made with.
#[derive(Debug, Clone, Copy)]
pub struct Summaries<'a> {
    /// Without one nobody is named, and lists of the settings are taken as they are.
    pub store: Option<&'a Store>,
    pub warehouse: &'a Warehouse,
    pub templates: &'a Templates,
    pub settings: &'a Settings,
    pub rules: &'a Rules,
}

/// What a posted summary was made from, as the store keeps it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Kept {
    pub facts: WeekFacts,
    pub options: WeeklyOptions,
}

/// One team's summary.
#[derive(Debug)]
pub struct Summary {
    pub kept: Kept,
    /// Ready to post, or why it cannot be.
    pub message: Result<Message, MessageError>,
}

/// Why summaries could not be made.
#[derive(Debug, thiserror::Error)]
pub enum SummaryError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Warehouse(#[from] WarehouseError),
}

impl Kept {
    /// As the store keeps it.
    ///
    /// # Errors
    /// Never in practice: all of it has a form in JSON.
    pub fn to_json(&self) -> Result<String, serde_json::Error> {
        serde_json::to_string(self)
    }

    /// Reads what [`to_json`](Self::to_json) wrote.
    ///
    /// # Errors
    /// When an older version kept something else.
    pub fn from_json(json: &str) -> Result<Self, serde_json::Error> {
        serde_json::from_str(json)
    }
}

impl Summaries<'_> {
    /// The summaries of `teams` about the week of `window`, by team; teams that the rules do not know are left out. One
    /// set of queries for all. `arrivals` says whether the telemetry is behind.
    ///
    /// # Errors
    /// When store or warehouse do not answer.
    pub async fn of(
        &self,
        window: &WeeklyWindow,
        teams: &[&str],
        arrivals: Option<Arrivals>,
    ) -> Result<BTreeMap<String, Summary>, SummaryError> {
        let asked = asked(self.store, self.rules, teams.iter().copied(), window.history_start).await?;
        let wants_models = |team: &str| self.options(team, None, Vec::new()).is_some_and(|one| one.sections.models);
        let with_models = asked.iter().any(|team| wants_models(&team.name));
        let facts = weekly_facts(self.warehouse, window, &asked, with_models).await?;
        let data_to = arrivals.and_then(|arrivals| data_to(arrivals, window));
        let mut alerts = self.alerts(window, teams).await?;
        let winners = facts.iter().flat_map(WeekFacts::winners).cloned().collect();
        let names = match self.store {
            Some(store) => Names(store.names(&winners, None).await?),
            None => Names::default(),
        };
        let summaries = asked.into_iter().zip(facts).filter_map(|(team, facts)| {
            let alerts = alerts.remove(&team.name).unwrap_or_default();
            let kept = Kept { facts, options: self.options(&team.name, data_to, alerts)? };
            let message = weekly(self.templates, window, &kept.facts, &names, &kept.options);
            Some((team.name, Summary { kept, message }))
        });
        Ok(summaries.collect())
    }

    /// The same message with the names that may be told by now; `delivery` is the one in which it was posted.
    ///
    /// # Errors
    /// When the store does not answer; inside, when the message cannot be made.
    pub async fn again(
        &self,
        window: &WeeklyWindow,
        kept: &Kept,
        delivery: Option<&DeliveryId>,
    ) -> Result<Result<Message, MessageError>, StoreError> {
        let winners = kept.facts.winners().cloned().collect();
        let names = match self.store {
            Some(store) => Names(store.names(&winners, delivery).await?),
            None => Names::default(),
        };
        Ok(weekly(self.templates, window, &kept.facts, &names, &kept.options))
    }

    fn options(
        &self,
        team: &str,
        data_to: Option<chrono::NaiveDateTime>,
        alerts: Vec<AlertLine>,
    ) -> Option<WeeklyOptions> {
        let weekly = &self.rules.teams.get(team)?.weekly;
        Some(WeeklyOptions {
            team: team.to_owned(),
            sections: self.settings.digest.team_sections(&weekly.sections),
            min_active: weekly.min_active.into(),
            data_to,
            alerts,
        })
    }

    /// What owners were alerted of in the week, by team.
    async fn alerts(
        &self,
        window: &WeeklyWindow,
        teams: &[&str],
    ) -> Result<BTreeMap<String, Vec<AlertLine>>, StoreError> {
        let mut alerts = BTreeMap::<String, Vec<AlertLine>>::new();
        let (Some(store), Some(first), Some(last)) = (self.store, window.days.first(), window.days.last()) else {
            return Ok(alerts);
        };
        let teams = teams.iter().map(|team| (*team).to_owned()).collect();
        for Incident { team, kind, detail, .. } in store.incidents(&teams, first.date, last.date).await? {
            let sections = self.options(&team, None, Vec::new()).map(|options| options.sections);
            if !sections.is_some_and(|sections| is_shown(&kind, sections)) {
                continue;
            }
            if let Ok(line) = serde_json::from_str(&detail) {
                alerts.entry(team).or_default().push(line);
            }
        }
        Ok(alerts)
    }
}

/// Whether an alert of this kind is folded into a summary: what is new stands there anyway, and where no costs are shown
/// none are told.
fn is_shown(kind: &str, sections: TeamSections) -> bool {
    match kind {
        "new_skill" => false,
        "cost_spike" | "cost_recovered" | "budget" => sections.cost,
        _ => true,
    }
}

/// Up to when there is telemetry, in the team's local time, where it is behind.
fn data_to(arrivals: Arrivals, window: &WeeklyWindow) -> Option<chrono::NaiveDateTime> {
    let newest: DateTime<Utc> = arrivals.newest.filter(|_| arrivals.is_behind())?;
    let shown = newest.with_timezone(&window.zone).naive_local();
    // Of an older week it would be no news.
    (date_at(window.zone, newest) >= window.before.first()?.date).then_some(shown)
}
