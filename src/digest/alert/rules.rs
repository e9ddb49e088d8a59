//! When a team's day is unusual enough to be told.

use chrono::{Datelike, NaiveDate, Weekday};
use std::collections::BTreeSet;

/// Floors and factors, and what is known of the team.
#[derive(Debug, Clone, PartialEq)]
pub struct AlertRules {
    /// US dollars a day: no cost up to it is a spike.
    pub cost_floor: f64,
    /// A spike is above this many times the median of the weekday.
    pub cost_factor: f64,
    /// No drop is told where the median is below.
    pub sessions_floor: f64,
    /// A drop is below this part of the median.
    pub sessions_factor: f64,
    /// Whether anything is said about costs (`digest.show_cost`).
    pub show_cost: bool,
    /// US dollars a month, where somebody set them.
    pub budget: Option<f64>,
    /// With fewer active members no figures are told.
    pub min_active: u64,
    pub days_off: BTreeSet<NaiveDate>,
}

impl AlertRules {
    /// Monday to Friday, and no day off.
    pub(super) fn is_working(&self, day: NaiveDate) -> bool {
        !matches!(day.weekday(), Weekday::Sat | Weekday::Sun) && !self.days_off.contains(&day)
    }
}
