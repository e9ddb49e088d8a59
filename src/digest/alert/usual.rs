//! What is usual on a weekday: the median of the same weekday in the weeks before.

use super::{AlertRules, TeamDay, TeamDays};
use chrono::{Days, NaiveDate};

/// Weekdays that a median is made of (messages.md, Cost spike).
const WEEKS: usize = 4;
/// It is made of no fewer.
const FEWEST: usize = 3;
/// Days off are left out, so it may reach back further than four weeks; by how many weeks.
const FURTHEST_WEEKS: u64 = 6;
/// A team is judged once it was used on or before so many days ago.
const HISTORY: Days = Days::new(21);
/// So many days before a day are looked at to judge it.
pub const LOOK_BACK_DAYS: u64 = 7 * FURTHEST_WEEKS;

/// The days that one is compared with.
#[derive(Debug)]
pub(super) struct Usual<'a>(Vec<&'a TeamDay>);

impl<'a> Usual<'a> {
    /// What `day` is compared with; none without enough history. Days from `since` on are left out: in an incident
    /// nothing is usual.
    pub(super) fn of(days: &'a TeamDays, day: NaiveDate, rules: &AlertRules, since: Option<NaiveDate>) -> Option<Self> {
        let first = first_used(days, day)?;
        if first > day.checked_sub_days(HISTORY)? {
            return None;
        }
        let base: Vec<_> = (1..=FURTHEST_WEEKS)
            .filter_map(|weeks| day.checked_sub_days(Days::new(7 * weeks)))
            .filter(|date| *date >= first && since.is_none_or(|since| *date < since))
            .filter(|date| !rules.days_off.contains(date))
            .filter_map(|date| days.on(date))
            .take(WEEKS)
            .collect();
        (base.len() >= FEWEST).then_some(Self(base))
    }

    pub(super) fn cost_nanos(&self) -> f64 {
        self.median(|day| day.cost_nanos as f64)
    }

    pub(super) fn sessions(&self) -> f64 {
        self.median(|day| day.sessions as f64)
    }

    /// Whether its figures may be told: those of a day with few active members would be somebody's own. Where nobody was
    /// active there is nothing to give away.
    pub(super) fn is_public(&self, rules: &AlertRules) -> bool {
        self.0.iter().all(|day| day.active == 0 || day.active >= rules.min_active)
    }

    fn median(&self, measure: impl Fn(&TeamDay) -> f64) -> f64 {
        let mut figures: Vec<_> = self.0.iter().map(|day| measure(day)).collect();
        figures.sort_by(f64::total_cmp);
        let middle = figures.len() / 2;
        if figures.len().is_multiple_of(2) {
            f64::midpoint(figures[middle - 1], figures[middle])
        } else {
            figures[middle]
        }
    }
}

/// The first day with usage among those that are looked at to judge `day`.
pub(super) fn first_used(days: &TeamDays, day: NaiveDate) -> Option<NaiveDate> {
    let from = day.checked_sub_days(Days::new(LOOK_BACK_DAYS))?;
    days.between(from, day.pred_opt()?).find(|(_, day)| day.is_used()).map(|(date, _)| date)
}
