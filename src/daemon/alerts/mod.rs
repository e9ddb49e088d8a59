//! Judges each team's days as they are over, and tells its owners what is unusual: each thing once, and one message a day.

mod due;
mod targets;

use crate::{
    clock::Clock,
    config::Settings,
    digest::{Alert, AlertEvent, AlertRules, AlertState, LOOK_BACK_DAYS, TeamDays, judge},
    message::Templates,
    planner::{Rules, TeamRules},
    report,
    schedule::start_of_day,
    slack::Client,
    store::{Incident, NewDelivery, Store},
    team,
    warehouse::Warehouse,
};
use chrono::{DateTime, Days, NaiveDate, Utc};
use chrono_tz::Tz;
use due::{Watched, due, end_of, is_given_up};
use std::{collections::BTreeMap, sync::Arc, time::Duration};

/// What an alert's deliveries are called.
const REPORT: &str = "notice.alert";
/// Between two looks for teams whose time has come.
const LOOK_EVERY: Duration = Duration::from_mins(1);
/// While everybody's telemetry is behind, or something failed.
const AGAIN_AFTER: Duration = Duration::from_mins(15);

/// What alerting works with; cheap to clone.
#[derive(Debug, Clone)]
pub struct Alerts {
    pub settings: Arc<Settings>,
    pub store: Store,
    pub warehouse: Warehouse,
    pub templates: Arc<Templates>,
    /// Says whether a channel is shared.
    pub client: Client,
}

/// What a look did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Looked {
    /// Days of teams that were judged.
    pub judged: u64,
    /// Messages that were not planned before.
    pub planned: u64,
    /// Some days wait for telemetry that has not arrived, or for a user group that was not read.
    pub waits: bool,
}

/// Looks at the teams for as long as the daemon runs.
///
/// # Errors
/// Never: what fails is tried again.
pub async fn alerts_loop(alerts: &Alerts, clock: &Clock) -> anyhow::Result<()> {
    loop {
        let pause = match alerts.step(clock.now()).await {
            Ok(Looked { waits: false, .. }) => LOOK_EVERY,
            Ok(_) => AGAIN_AFTER,
            Err(error) => {
                tracing::warn!(error = format!("{error:#}"), "the teams' days were not judged");
                AGAIN_AFTER
            }
        };
        clock.sleep(pause).await;
    }
}

impl Alerts {
    /// Judges the days that are over of every team whose local time has come, and plans what is to be told: one set of
    /// queries for all teams of a zone.
    ///
    /// # Errors
    /// When the store or the warehouse does not answer. What was judged is kept, what was not comes again.
    pub async fn step(&self, now: DateTime<Utc>) -> anyhow::Result<Looked> {
        if !self.settings.alerts.enabled {
            return Ok(Looked::default());
        }
        let rules = Rules::of(&self.settings, &self.store, now).await?;
        self.look(&rules, now).await
    }

    /// The same, by `rules`.
    ///
    /// # Errors
    /// As of [`step`](Self::step).
    pub async fn look(&self, rules: &Rules, now: DateTime<Utc>) -> anyhow::Result<Looked> {
        let mut looked = Looked::default();
        let enabled = rules.teams.iter();
        let enabled = enabled.filter_map(|(name, team)| Some((name, team.weekly.enabled_at?, &team.weekly.schedule)));
        for teams in due(enabled, &self.store.alert_states().await?, now) {
            self.zone(teams, rules, now, &mut looked).await?;
        }
        if looked.judged > 0 {
            tracing::info!(days = looked.judged, planned = looked.planned, "teams' days were judged");
        }
        Ok(looked)
    }

    /// Teams of one zone.
    async fn zone(
        &self,
        teams: Vec<Watched>,
        rules: &Rules,
        now: DateTime<Utc>,
        looked: &mut Looked,
    ) -> anyhow::Result<()> {
        let Some((Watched { zone, yesterday, .. }, first)) =
            teams.first().zip(teams.iter().map(|team| team.first).min())
        else {
            return Ok(());
        };
        let (zone, yesterday) = (*zone, *yesterday);
        let ready = self.ready(zone, first, yesterday, now).await?;
        let mut days = match ready {
            Some(ready) => self.days(zone, (first, ready), &teams, rules).await?,
            None => BTreeMap::new(),
        };
        for team in teams {
            let Some(of_team) = rules.teams.get(&team.name) else { continue };
            let rules = report::alert_rules(
                &self.settings,
                &team.name,
                of_team.weekly.min_active,
                of_team.weekly.schedule.days_off.clone(),
            );
            let outcome = Outcome::of(&team, days.remove(&team.name).as_ref(), ready, &rules, now);
            looked.judged += outcome.judged;
            looked.waits |= outcome.waits;
            if let Some(kept) = self.keep(&team, &outcome, now).await? {
                looked.planned += self.tell(&team, outcome.state, &kept, of_team, now).await?;
            }
        }
        Ok(())
    }

    /// The last day from `first` to `last` of which everything should have arrived: something newer has, or nothing is to
    /// be expected.
    async fn ready(
        &self,
        zone: Tz,
        first: NaiveDate,
        last: NaiveDate,
        now: DateTime<Utc>,
    ) -> anyhow::Result<Option<NaiveDate>> {
        for day in std::iter::successors(Some(last), NaiveDate::pred_opt).take_while(|day| *day >= first) {
            if !self.warehouse.arrivals(end_of(zone, day), now).await?.is_behind() {
                return Ok(Some(day));
            }
            tracing::info!(day = %day, zone = %zone, "everybody's telemetry is behind, this day is not judged yet");
        }
        Ok(None)
    }

    /// The days of each team that has days to be judged and whose people are known.
    async fn days(
        &self,
        zone: Tz,
        (first, last): (NaiveDate, NaiveDate),
        teams: &[Watched],
        rules: &Rules,
    ) -> anyhow::Result<BTreeMap<String, TeamDays>> {
        let names: Vec<_> = teams.iter().filter(|team| team.first <= last).map(|team| team.name.as_str()).collect();
        if names.is_empty() {
            return Ok(BTreeMap::new());
        }
        let from = start_of_day(zone, first.checked_sub_days(Days::new(LOOK_BACK_DAYS)).unwrap_or(first));
        let asked = team::asked(Some(&self.store), rules, names, from).await?;
        let days = report::alert_days(&self.warehouse, zone, (first, last), &asked).await?;
        Ok(asked.into_iter().map(|team| team.name).zip(days).collect())
    }

    /// Keeps what was found; answers the state as it stands in the store, or none where another replica was first.
    async fn keep(&self, team: &Watched, outcome: &Outcome, now: DateTime<Utc>) -> anyhow::Result<Option<String>> {
        let incidents: Vec<_> =
            outcome.events.iter().map(|event| incident(&team.name, event, now)).collect::<Result<_, _>>()?;
        self.replace(&team.name, team.kept.as_deref(), &outcome.state, &incidents).await
    }

    async fn replace(
        &self,
        team: &str,
        before: Option<&str>,
        state: &AlertState,
        incidents: &[Incident],
    ) -> anyhow::Result<Option<String>> {
        let after = serde_json::to_string(state)?;
        let stands = before == Some(after.as_str()) || self.store.judged(team, (before, &after), incidents).await?;
        Ok(stands.then_some(after))
    }

    /// Plans the message that is being told, and then notes that it is. Between the two anything may happen: planned again,
    /// it is the same deliveries.
    async fn tell(
        &self,
        team: &Watched,
        mut state: AlertState,
        kept: &str,
        rules: &TeamRules,
        now: DateTime<Utc>,
    ) -> anyhow::Result<u64> {
        let Some(telling) = state.telling.clone() else { return Ok(0) };
        let period = format!("{}.{}", team.name, telling.date);
        let mut deliveries = Vec::new();
        for target in self.targets(&team.name, &rules.weekly).await? {
            let Some(alert) = Alert::of(&team.name, team.zone, target.is_owner, &telling.events) else { continue };
            match report::alert(&self.templates, &alert) {
                Ok(message) => {
                    deliveries.push(NewDelivery::notice(REPORT, &target.recipient, &period, message.to_json(), now));
                }
                Err(error) => {
                    tracing::error!(
                        team = team.name,
                        error = &error as &dyn std::error::Error,
                        "an alert cannot be rendered"
                    );
                }
            }
        }
        if deliveries.is_empty() {
            tracing::warn!(team = team.name, "something is unusual about a team, and nobody of its owners can be told");
        }
        let planned = self.store.plan(&deliveries, &[], now).await?;
        state.end_telling();
        self.replace(&team.name, Some(kept), &state, &[]).await?;
        tracing::info!(
            team = team.name,
            events = telling.events.len(),
            planned,
            "what is unusual about a team is told"
        );
        Ok(planned)
    }
}

/// What the judging of one team's days came to.
#[derive(Debug, Clone, PartialEq)]
struct Outcome {
    state: AlertState,
    events: Vec<AlertEvent>,
    judged: u64,
    /// A day waits for telemetry, or for who is on the team.
    waits: bool,
}

impl Outcome {
    /// Judges the days up to `ready`, passes over those after it that are too old to be waited for, and begins to tell what
    /// there is.
    fn of(
        team: &Watched,
        days: Option<&TeamDays>,
        ready: Option<NaiveDate>,
        rules: &AlertRules,
        now: DateTime<Utc>,
    ) -> Self {
        let mut outcome = Self { state: team.state.clone(), events: Vec::new(), judged: 0, waits: false };
        for day in team.first.iter_days().take_while(|day| *day <= team.yesterday) {
            if ready.is_some_and(|ready| day <= ready) {
                // Of a user group that was not read yet nobody knows who is in it.
                let Some(days) = days else {
                    outcome.waits = true;
                    break;
                };
                let (state, events) = judge(outcome.state, days, day, rules);
                outcome.state = state;
                outcome.events.extend(events);
                outcome.judged += 1;
            } else if is_given_up(team.zone, day, now) {
                tracing::warn!(team = team.name, day = %day, "too little telemetry arrived, a team's day is not judged");
                outcome.state.give_up(day);
            } else {
                outcome.waits = true;
                break;
            }
        }
        outcome.state.add(outcome.events.clone());
        outcome.state.begin_telling(team.today);
        outcome
    }
}

fn incident(team: &str, event: &AlertEvent, at: DateTime<Utc>) -> serde_json::Result<Incident> {
    Ok(Incident {
        team: team.to_owned(),
        kind: event.kind().to_owned(),
        day: event.day,
        subject: event.subject().to_owned(),
        detail: serde_json::to_string(&event.line())?,
        at,
    })
}

#[cfg(test)]
mod tests;
