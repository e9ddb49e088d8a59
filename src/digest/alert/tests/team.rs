//! A team's usage, turned into the rows that the warehouse's SQL makes of it.

use super::{AlertRules, LOOK_BACK_DAYS, TeamDays, date};
use crate::{
    model::Stay,
    schedule::{days_until, start_of_day},
    warehouse::{DayActivity, MemberActivity, MemberSkills, SkillUse},
};
use chrono::{Datelike, NaiveDate};
use chrono_tz::Tz;
use std::collections::{BTreeMap, BTreeSet};

pub(super) const DOLLAR: i64 = 1_000_000_000;
pub(super) const CENT: i64 = DOLLAR / 100;

/// The defaults of the settings.
pub(super) fn rules() -> AlertRules {
    AlertRules {
        cost_floor: 20.0,
        cost_factor: 2.0,
        sessions_floor: 10.0,
        sessions_factor: 0.5,
        show_cost: true,
        budget: None,
        min_active: 3,
        days_off: BTreeSet::new(),
    }
}

#[derive(Debug, Clone, Default)]
pub(super) struct Member {
    pub(super) stays: Option<Vec<Stay>>,
    days: BTreeMap<NaiveDate, DayActivity>,
    skills: Vec<(NaiveDate, String)>,
}

#[derive(Debug, Clone)]
pub(super) struct Team {
    pub(super) zone: Tz,
    pub(super) members: Vec<Member>,
}

/// Five members who have 20 sessions for $40 together on every weekday from `first` to the end of May 2025.
pub(super) fn steady(first: &str) -> Team {
    let mut team = Team { zone: Tz::Europe__Berlin, members: vec![Member::default(); 5] };
    for day in date(first).iter_days().take_while(|day| *day < date("2025-06-01")) {
        if day.weekday().number_from_monday() <= 5 {
            team = team.on(&day.to_string(), 20, 40 * DOLLAR);
        }
    }
    team
}

impl Team {
    /// What the whole team did on `day`, in place of anything before: each of five members a part.
    pub(super) fn on(self, day: &str, sessions: u64, cost_nanos: i64) -> Self {
        let members = self.members.len();
        self.by(members, day, sessions, cost_nanos)
    }

    /// The same, by so many of its members; with fewer sessions than these, some have none.
    pub(super) fn by(mut self, active: usize, day: &str, sessions: u64, cost_nanos: i64) -> Self {
        let day = date(day);
        let (each, rest) = (sessions / active as u64, sessions % active as u64);
        let parts = i64::try_from(active).unwrap();
        let (cost_each, cost_rest) = (cost_nanos / parts, cost_nanos % parts);
        for (place, member) in self.members.iter_mut().enumerate() {
            member.days.remove(&day);
            if place < active && sessions + cost_nanos.unsigned_abs() > 0 {
                let sessions = each + u64::from((place as u64) < rest);
                let cost_nanos = cost_each + if place == 0 { cost_rest } else { 0 };
                member.days.insert(day, DayActivity { sessions, cost_nanos, ..DayActivity::default() });
            }
        }
        self
    }

    /// Requests of the first member whose figures cannot be.
    pub(super) fn implausible(mut self, day: &str, count: u64) -> Self {
        self.members[0].days.entry(date(day)).or_default().implausible = count;
        self
    }

    pub(super) fn skill(mut self, member: usize, name: &str, days: &[&str]) -> Self {
        self.members[member].skills.extend(days.iter().map(|day| (date(day), name.to_owned())));
        self
    }

    /// All that is needed to judge the days from `first` to `last`.
    pub(super) fn days(&self, first: NaiveDate, last: NaiveDate) -> TeamDays {
        let count = LOOK_BACK_DAYS + 1 + (last - first).num_days().unsigned_abs();
        let span = days_until(self.zone, last, count).into();
        let mut days = TeamDays::over(&span);
        for member in &self.members {
            let stays = member.stays.clone().unwrap_or_else(|| vec![Stay::ALWAYS]);
            let (activity, skills) = (self.activity(member), self.skills(member));
            let activity = (!activity.days.is_empty()).then_some(&activity);
            days.add(&stays, activity, (!skills.skills.is_empty()).then_some(&skills));
        }
        days
    }

    fn start_ms(&self, day: NaiveDate) -> i64 {
        start_of_day(self.zone, day).timestamp_millis()
    }

    fn activity(&self, member: &Member) -> MemberActivity {
        let days = member.days.iter().map(|(day, row)| DayActivity { day_ms: self.start_ms(*day), ..*row });
        MemberActivity {
            email: "ada@example.com".to_owned(),
            days: days.collect(),
            models: Vec::new(),
            spanning: Vec::new(),
        }
    }

    fn skills(&self, member: &Member) -> MemberSkills {
        let mut skills: Vec<_> = member.skills.clone();
        skills.sort();
        let uses = skills.into_iter().map(|(day, name)| SkillUse { day_ms: self.start_ms(day), name, uses: 1 });
        MemberSkills { email: "ada@example.com".to_owned(), first_ms: 0, skills: uses.collect() }
    }
}
