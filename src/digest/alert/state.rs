//! Where the judging of a team stands, and what is still to be told: kept in the store between two days.

use super::{AlertEvent, days::first_of_month};
use chrono::{Days, NaiveDate};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A skill is not told again for so long: the week in which it was new, and the 28 days in which it is not.
const SKILL_TOLD_FOR: Days = Days::new(35);
/// An incident that lasts longer is what is usual now.
const LONGEST_INCIDENT: Days = Days::new(28);

/// Where the judging of one team stands.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct AlertState {
    /// The last day that was judged or given up.
    pub through: Option<NaiveDate>,
    /// Since when the cost is a spike.
    pub(super) cost_spike: Option<NaiveDate>,
    /// Since when usage is down.
    pub(super) usage_drop: Option<NaiveDate>,
    /// New skills told lately, each with the day that it was told of.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub(super) skills: BTreeMap<String, NaiveDate>,
    /// The first of the month whose budget was told to be used up.
    pub(super) budget: Option<NaiveDate>,
    /// To be told in the next message.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    untold: Vec<AlertEvent>,
    /// The message that is being told; it stays until it is planned, so that it is told once whatever happens between.
    pub telling: Option<Telling>,
    /// The local date of the last message.
    told: Option<NaiveDate>,
}

/// One message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Telling {
    /// The team's local date on which it began to be told; no other message of the team has it.
    pub date: NaiveDate,
    pub events: Vec<AlertEvent>,
}

impl AlertState {
    /// Whether a message is being told, or is to be.
    pub fn has_news(&self) -> bool {
        self.telling.is_some() || !self.untold.is_empty()
    }

    /// Adds what is to be told.
    pub fn add(&mut self, events: Vec<AlertEvent>) {
        self.untold.extend(events);
    }

    /// Begins the message of `today`, the team's local date, where there is anything to tell and that date had none.
    pub fn begin_telling(&mut self, today: NaiveDate) {
        if self.untold.is_empty() || self.telling.is_some() || self.told.is_some_and(|told| told >= today) {
            return;
        }
        self.telling = Some(Telling { date: today, events: std::mem::take(&mut self.untold) });
    }

    /// The message is planned.
    pub fn end_telling(&mut self) {
        if let Some(telling) = self.telling.take() {
            self.told = Some(telling.date);
        }
    }

    /// Passes over `day`, of which too little is known.
    pub fn give_up(&mut self, day: NaiveDate) {
        self.through = self.through.max(Some(day));
    }

    /// Forgets what is over on `day` without a word.
    pub(super) fn forget(&mut self, day: NaiveDate) {
        let over = |since: &NaiveDate| since.checked_add_days(LONGEST_INCIDENT).is_some_and(|last| last < day);
        self.cost_spike = self.cost_spike.filter(|since| !over(since));
        self.usage_drop = self.usage_drop.filter(|since| !over(since));
        self.skills.retain(|_, told| told.checked_add_days(SKILL_TOLD_FOR).is_some_and(|last| last > day));
        self.budget = self.budget.filter(|month| *month == first_of_month(day));
    }
}
