//! Rows of members, written as a case needs them, as the warehouse would answer them.

use crate::{
    digest::{Names, TeamSections, TeamWeek, WeekFacts, WeeklyOptions},
    model::{MemberEmail, Stay},
    schedule::{Day, WeeklyWindow},
    warehouse::{DayActivity, MemberActivity, MemberSkills, ModelUse, SkillUse},
};
use chrono::{Datelike, NaiveDate};
use chrono_tz::Tz;
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::LazyLock,
};

/// January 13 to 19 in Berlin.
pub(super) static WINDOW: LazyLock<WeeklyWindow> = LazyLock::new(|| {
    let monday: NaiveDate = "2025-01-13".parse().unwrap();
    WeeklyWindow::of(Tz::Europe__Berlin, monday.iso_week())
});

/// One member, by days: 7 is the week's Monday, 0 that of the week before, −7 the first of the 14 days before the week.
#[derive(Debug, Clone, Default)]
pub(super) struct Member {
    pub stays: Vec<Stay>,
    sessions: Vec<BTreeSet<usize>>,
    days: BTreeMap<usize, DayActivity>,
    skills: Vec<(i64, String, u64)>,
    models: Vec<(usize, String, u64)>,
}

/// Instants by day, as in [`Member`].
pub(super) fn day(number: usize) -> Day {
    *WINDOW.before.iter().chain(&WINDOW.days).nth(number).unwrap()
}

impl Member {
    pub(super) fn always() -> Self {
        Self { stays: vec![Stay::ALWAYS], ..Self::default() }
    }

    /// On the team from the start of day `from` to the start of day `until`.
    pub(super) fn between(from: Option<usize>, until: Option<usize>) -> Self {
        let start = |number| day(number).start;
        Self { stays: vec![Stay { since: from.map(start), until: until.map(start) }], ..Self::default() }
    }

    /// One session that is there on each of `days`.
    pub(super) fn session(mut self, days: &[usize]) -> Self {
        self.sessions.push(days.iter().copied().collect());
        self
    }

    /// `count` sessions on `day` alone.
    pub(super) fn sessions(mut self, day: usize, count: u64) -> Self {
        for _ in 0..count {
            self = self.session(&[day]);
        }
        self
    }

    pub(super) fn spends(mut self, day: usize, cost_nanos: i64, input_tokens: u64, output_tokens: u64) -> Self {
        let row = self.days.entry(day).or_default();
        *row = DayActivity { cost_nanos, input_tokens, output_tokens, ..*row };
        self
    }

    pub(super) fn implausible(mut self, day: usize, count: u64) -> Self {
        self.days.entry(day).or_default().implausible = count;
        self
    }

    pub(super) fn skill(mut self, day: i64, name: &str, uses: u64) -> Self {
        self.skills.push((day, name.to_owned(), uses));
        self
    }

    pub(super) fn model(mut self, day: usize, name: &str, requests: u64) -> Self {
        self.models.push((day, name.to_owned(), requests));
        self
    }

    fn activity(&self, email: &str) -> MemberActivity {
        let mut days = self.days.clone();
        for session in &self.sessions {
            for day in session {
                days.entry(*day).or_default().sessions += 1;
            }
            days.entry(*session.last().unwrap()).or_default().sessions_ending += 1;
        }
        let days = days.into_iter().map(|(number, row)| DayActivity { day_ms: day(number).start_ms(), ..row });
        let models = self.models.iter().map(|(number, model, requests)| ModelUse {
            day_ms: day(*number).start_ms(),
            model: model.clone(),
            requests: *requests,
        });
        let several = self.sessions.iter().filter(|session| session.len() > 1);
        let spread = several.map(|session| session.iter().map(|number| day(*number).start_ms()).collect());
        let (email, spread) = (email.to_owned(), spread.collect());
        MemberActivity { email, days: days.collect(), models: models.collect(), spread }
    }

    fn skills(&self, email: &str) -> MemberSkills {
        let start_ms = |number: i64| match number {
            7.. => day(usize::try_from(number).unwrap()).start_ms(),
            -7..7 => WINDOW.history_enough.timestamp_millis(),
            _ => WINDOW.history_start.timestamp_millis(),
        };
        let skills = self.skills.iter().map(|(number, name, uses)| SkillUse {
            day_ms: start_ms(*number),
            name: name.clone(),
            uses: *uses,
        });
        MemberSkills { email: email.to_owned(), skills: skills.collect() }
    }
}

/// A team whose members were told of one by one.
#[derive(Debug, Default)]
pub(super) struct Team(TeamWeek);

impl Team {
    pub(super) fn with(mut self, name: &str, member: &Member) -> Self {
        let email = ada(name);
        let (activity, skills) = (member.activity(email.as_str()), member.skills(email.as_str()));
        let did = !activity.days.is_empty() || !activity.models.is_empty();
        let (activity, skills) = (did.then_some(&activity), (!skills.skills.is_empty()).then_some(&skills));
        self.0.add(&WINDOW, &email, &member.stays, activity, skills);
        self
    }

    /// `count` members with `sessions` each on Monday.
    pub(super) fn with_others(mut self, count: usize, sessions: u64) -> Self {
        for number in 0..count {
            self = self.with(&format!("other-{number}"), &Member::always().sessions(7, sessions));
        }
        self
    }

    pub(super) fn facts(self) -> WeekFacts {
        self.0.facts(&WINDOW)
    }
}

/// The address of somebody.
pub(super) fn ada(name: &str) -> MemberEmail {
    MemberEmail::parse(&format!("{name}@example.com")).unwrap()
}

/// Who agreed to be named: addresses' first parts, and names.
pub(super) fn named(names: &[(&str, &str)]) -> Names {
    Names(names.iter().map(|(email, name)| (ada(email), (*name).to_owned())).collect())
}

pub(super) fn options() -> WeeklyOptions {
    WeeklyOptions {
        team: "Platform".to_owned(),
        sections: TeamSections::ALL,
        min_active: 3,
        data_to: None,
        alerts: Vec::new(),
    }
}
