//! Adds up a team's days, one member at a time.

use crate::{
    digest::label::visible,
    model::Stay,
    schedule::Day,
    warehouse::{MemberActivity, MemberSkills},
};
use chrono::{Datelike, Days, NaiveDate};
use std::{
    borrow::Cow,
    collections::{BTreeMap, HashMap},
    sync::Arc,
};

/// Somebody counts as a member for so many days from each on which they are on the team: whom telemetry puts on it is
/// seen there only on days with sessions.
const MEMBER_FOR: usize = 7;

/// What a team did on one local day.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct TeamDay {
    pub cost_nanos: i64,
    /// Distinct sessions of each member on this day, summed.
    pub sessions: u64,
    /// Members with a session.
    pub active: u64,
    /// Members in the seven days up to it, active or not.
    pub members: u64,
    /// Requests whose cost or tokens cannot be, and count as 0.
    pub implausible: u64,
    /// Members who are active for the first time in their ISO week, and in their month: sums of these are distinct members.
    first_of_week: u64,
    first_of_month: u64,
}

/// A team's days while its members' rows arrive. Memory grows with days and different skills, not with members.
#[derive(Debug, Clone)]
pub struct TeamDays {
    span: Arc<[Day]>,
    days: Vec<TeamDay>,
    /// By skill and day: the members who used it for the first time in the day's ISO week.
    first_uses: BTreeMap<String, BTreeMap<NaiveDate, u64>>,
}

impl TeamDays {
    /// The days of `span`, oldest first, on which nobody did anything yet.
    pub fn over(span: &Arc<[Day]>) -> Self {
        let days = vec![TeamDay::default(); span.len()];
        Self { span: Arc::clone(span), days, first_uses: BTreeMap::new() }
    }

    /// Adds one member, once. What they did on a day counts where one of `stays` touches that day.
    pub fn add(&mut self, stays: &[Stay], activity: Option<&MemberActivity>, skills: Option<&MemberSkills>) {
        let span = Arc::clone(&self.span);
        let stayed: Vec<bool> =
            span.iter().map(|day| stays.iter().any(|stay| stay.touches(day.start, day.end))).collect();
        let place = |day_ms: i64| {
            let place = span.binary_search_by_key(&day_ms, Day::start_ms).ok()?;
            stayed[place].then_some(place)
        };
        let mut last_stayed = None;
        for (place, stayed) in stayed.iter().enumerate() {
            if *stayed {
                last_stayed = Some(place);
            }
            self.days[place].members += u64::from(last_stayed.is_some_and(|last| place - last < MEMBER_FOR));
        }
        let (mut week, mut month) = (None, None);
        for row in activity.into_iter().flat_map(|activity| &activity.days) {
            let Some(place) = place(row.day_ms) else { continue };
            let (date, day) = (span[place].date, &mut self.days[place]);
            day.cost_nanos = day.cost_nanos.saturating_add(row.cost_nanos);
            day.sessions = day.sessions.saturating_add(row.sessions);
            day.implausible = day.implausible.saturating_add(row.implausible);
            if row.sessions > 0 {
                day.active += 1;
                day.first_of_week += u64::from(week.replace(monday_of(date)) != Some(monday_of(date)));
                day.first_of_month += u64::from(month.replace(first_of_month(date)) != Some(first_of_month(date)));
            }
        }
        let mut weeks = HashMap::<Cow<'_, str>, NaiveDate>::new();
        for row in skills.into_iter().flat_map(|skills| &skills.skills).filter(|row| row.uses > 0) {
            let (Some(place), name) = (place(row.day_ms), visible(&row.name)) else { continue };
            let date = span[place].date;
            if !name.is_empty() && weeks.insert(name.clone(), monday_of(date)) != Some(monday_of(date)) {
                *self.first_uses.entry(name.into_owned()).or_default().entry(date).or_default() += 1;
            }
        }
    }

    /// What was done on `date`; none where it is not among the days, as one that the zone skipped.
    pub fn on(&self, date: NaiveDate) -> Option<&TeamDay> {
        self.span.binary_search_by_key(&date, |day| day.date).ok().map(|place| &self.days[place])
    }

    /// The days from `first` to `last`, both included, as far as they are among them.
    pub(super) fn between(&self, first: NaiveDate, last: NaiveDate) -> impl Iterator<Item = (NaiveDate, &TeamDay)> {
        let days = self.span.iter().map(|day| day.date).zip(&self.days);
        days.skip_while(move |(date, _)| *date < first).take_while(move |(date, _)| *date <= last)
    }

    /// Distinct members who were active from the Monday of `day` up to it.
    pub(super) fn active_in_week(&self, day: NaiveDate) -> u64 {
        self.between(monday_of(day), day).map(|(_, day)| day.first_of_week).sum()
    }

    /// Distinct members who were active from the first of the month of `day` up to it.
    pub(super) fn active_in_month(&self, day: NaiveDate) -> u64 {
        self.between(first_of_month(day), day).map(|(_, day)| day.first_of_month).sum()
    }

    /// Skills used from the Monday of `day` up to it, and not once in the `before` days ahead of that Monday: name, and
    /// how many members used it.
    pub(super) fn new_skills(&self, day: NaiveDate, before: Days) -> impl Iterator<Item = (&str, u64)> {
        let monday = monday_of(day);
        let earlier = monday.checked_sub_days(before).unwrap_or(monday);
        self.first_uses.iter().filter_map(move |(name, uses)| {
            let is_new = uses.range(earlier..monday).next().is_none();
            let members: u64 = uses.range(monday..=day).map(|(_, members)| members).sum();
            (is_new && members > 0).then_some((name.as_str(), members))
        })
    }
}

impl TeamDay {
    pub(super) fn is_used(&self) -> bool {
        self.sessions > 0 || self.cost_nanos != 0
    }
}

/// The Monday of the ISO week of `date`.
pub(super) fn monday_of(date: NaiveDate) -> NaiveDate {
    let days = u64::from(date.weekday().num_days_from_monday());
    date.checked_sub_days(Days::new(days)).unwrap_or(date)
}

pub(super) fn first_of_month(date: NaiveDate) -> NaiveDate {
    date.with_day(1).unwrap_or(date)
}
