//! A second, plain implementation of the design's rules, which the queries and the digests must agree with.

mod calendar;
mod dice;
mod digest;
mod extras;
mod facts;
mod membership;
mod seeds;
mod summary;
mod usage;
mod week;
mod weekly;

use crate::support::engine;
use calendar::Calendar;
use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use digest::{Did, Said};
use facts::Fact;
use recap::{
    digest::{DailyOptions, Sections},
    message::Templates,
    model::{MemberEmail, Weekdays},
    report::{Cohort, DailyReports, Recipient},
    sample::{Options, Shape, Tables, Usage, write},
    schedule::{Covers, DailySchedule, DailyWindow},
    warehouse::{Answered, People, Rows, Warehouse},
};
use std::collections::{BTreeMap, BTreeSet};
use usage::{ByDay, ByPerson};

const ZONES: [Tz; 5] =
    [Tz::Asia__Kathmandu, Tz::America__New_York, Tz::Pacific__Kiritimati, Tz::Australia__Lord_Howe, Tz::UTC];
const MEMBERS: u32 = 40;
const DAYS: u32 = 17;
const EVERYTHING: Sections = Sections::ALL;

/// Clocks change in the week before: New York's forward, Lord Howe's back, New York's back, Lord Howe's forward.
#[tokio::test]
async fn a_map_of_attributes_says_what_the_rules_say() {
    agree(Shape::Map, 1, "2026-03-13T15:30:00Z").await;
}

#[tokio::test]
async fn a_map_without_a_time_of_its_own_says_what_the_rules_say() {
    agree(Shape::MapWithoutTime, 2, "2026-04-10T15:30:00Z").await;
}

#[tokio::test]
async fn json_says_what_the_rules_say() {
    agree(Shape::Json, 3, "2025-11-07T15:30:00Z").await;
}

#[tokio::test]
async fn zeude_says_what_the_rules_say() {
    agree(Shape::Zeude, 4, "2025-10-10T15:30:00Z").await;
}

/// Writes the sample `seed` up to `end`, a Friday, and asks about that Monday's morning and evening and Thursday's
/// evening.
async fn agree(shape: Shape, seed: u64, end: &str) {
    let end: DateTime<Utc> = end.parse().unwrap();
    let usage = || Usage::new(Options { members: MEMBERS, days: DAYS, seed, end, events_target: None });
    let database = engine::database().await;
    let tables = Tables::of(shape, &database, None, None);
    write(&engine::client().await, &tables, shape, usage(), |_| {}).await.unwrap();
    let warehouse = Warehouse::open(&engine::url().await, &engine::settings(&database).await).await.unwrap();
    let sample = Sample {
        warehouse,
        templates: Templates::embedded(),
        members: usage().members().iter().filter_map(|member| member.email.as_ref()?.parse().ok()).collect(),
        facts: facts::facts(usage(), shape == Shape::Zeude),
        prompts: (shape == Shape::Zeude).then(|| facts::prompts(usage())),
    };
    let friday = end.date_naive();
    for (turn, zone) in (usize::try_from(seed).unwrap()..).zip(ZONES) {
        // Two of the three each time: queries are what takes the time here.
        let calendar = |turn: usize| {
            let (days, evening) = [(4, false), (4, true), (1, true)][turn % 3];
            Calendar { zone, occurrence: calendar::before(friday, days), evening }
        };
        sample.answers_agree(calendar(turn)).await;
        sample.digests_agree(calendar(turn + 1), "").await;
    }
}

struct Sample {
    warehouse: Warehouse,
    templates: Templates,
    members: Vec<MemberEmail>,
    facts: Vec<Fact>,
    prompts: Option<Vec<Fact>>,
}

/// What the rules say of everyone.
struct Counted {
    activity: ByPerson<ByDay<usage::Day>>,
    skills: ByPerson<ByDay<BTreeMap<String, u64>>>,
    active: ByPerson<BTreeSet<NaiveDate>>,
}

impl Counted {
    fn of(&self, email: &str) -> Did<'_> {
        Did { days: self.activity.get(email), skills: self.skills.get(email), active: self.active.get(email) }
    }
}

/// What a person did: sessions, sessions ending and cost, the tokens, requests to models.
type Answer = BTreeMap<NaiveDate, ([i64; 3], [u64; 4], BTreeMap<String, u64>)>;

impl Sample {
    async fn answers_agree(&self, calendar: Calendar) {
        let (window, counted) = (window_of(calendar), self.count(calendar));
        let expected: BTreeMap<_, _> =
            counted.activity.iter().map(|(person, days)| (person.clone(), answer(days))).collect();
        assert!(expected.len() > 20, "a sample of people who work: {}", expected.len());
        assert_eq!(self.asked_activity(&window).await, expected, "{calendar:?}");
        assert_eq!(self.asked_skills(&window).await, counted.skills, "{calendar:?}");
        assert_eq!(self.asked_active_days(&window).await, counted.active, "{calendar:?}");
    }

    async fn digests_agree(&self, calendar: Calendar, label: &str) {
        let counted = self.count(calendar);
        let options = DailyOptions { sections: EVERYTHING, first: false, next: None, opt_out: false };
        let recipient = |email: &MemberEmail| Recipient::new(email.clone(), options.clone());
        let recipients = self.members.iter().map(recipient).collect();
        let cohort = Cohort { window: window_of(calendar), recipients };
        let mut reports = DailyReports::of(&self.warehouse, &self.templates, cohort).await.unwrap();
        let mut told = 0;
        while let Some(report) = reports.next().await.unwrap() {
            let email = report.email.as_str();
            assert_eq!(Said::by(&report.digest), Said::of(calendar, counted.of(email)), "{label} {email} {calendar:?}");
            told += 1;
        }
        assert_eq!(told, self.members.len());
    }

    fn count(&self, calendar: Calendar) -> Counted {
        Counted {
            activity: usage::activity(calendar, &self.facts),
            skills: usage::skills(calendar, self.prompts.as_ref().unwrap_or(&self.facts)),
            active: usage::active_days(calendar, &self.facts),
        }
    }

    async fn asked_activity(&self, window: &DailyWindow) -> BTreeMap<String, Answer> {
        let rows = all(self.warehouse.activity(window, &People::everyone(), true).await.unwrap()).await;
        let dates = dates_of(window);
        let of = |row: recap::warehouse::MemberActivity| {
            let mut days = Answer::new();
            for day in row.days {
                let counts =
                    [i64::try_from(day.sessions).unwrap(), i64::try_from(day.sessions_ending).unwrap(), day.cost_nanos];
                let tokens = [day.input_tokens, day.output_tokens, day.cache_read_tokens, day.cache_creation_tokens];
                assert!(days.insert(dates[&day.day_ms], (counts, tokens, BTreeMap::new())).is_none());
            }
            for model in row.models {
                let models = &mut days.get_mut(&dates[&model.day_ms]).unwrap().2;
                *models.entry(model.model).or_default() += model.requests;
            }
            (row.email, days)
        };
        rows.into_iter().map(of).collect()
    }

    async fn asked_skills(&self, window: &DailyWindow) -> ByPerson<ByDay<BTreeMap<String, u64>>> {
        let rows = all(self.warehouse.skills(window, &People::everyone()).await.unwrap()).await;
        let dates = dates_of(window);
        let mut found = BTreeMap::<_, BTreeMap<_, BTreeMap<_, _>>>::new();
        for row in rows {
            for skill in row.skills {
                // Before the window they are not exact, and not told.
                if skill.day_ms >= window.days[0].start_ms() {
                    let day = found.entry(row.email.clone()).or_default().entry(dates[&skill.day_ms]).or_default();
                    assert!(day.insert(skill.name, skill.uses).is_none());
                }
            }
        }
        found
    }

    async fn asked_active_days(&self, window: &DailyWindow) -> ByPerson<BTreeSet<NaiveDate>> {
        let rows = all(self.warehouse.active_days(window, &People::everyone()).await.unwrap()).await;
        let dates: BTreeMap<_, _> = window.history.iter().map(|day| (day.start_ms(), day.date)).collect();
        rows.into_iter().map(|row| (row.email, row.days.iter().map(|day| dates[day]).collect())).collect()
    }
}

fn window_of(calendar: Calendar) -> DailyWindow {
    let (time, covers) = if calendar.evening { ("18:00", Covers::Evening) } else { ("09:00", Covers::Morning) };
    let schedule = DailySchedule {
        zone: calendar.zone,
        time: time.parse().unwrap(),
        weekdays: Weekdays::MON_FRI,
        days_off: [].into(),
        covers,
    };
    schedule.window_at(calendar.occurrence)
}

fn dates_of(window: &DailyWindow) -> BTreeMap<i64, NaiveDate> {
    window.all_days().map(|day| (day.start_ms(), day.date)).collect()
}

/// `days` as the warehouse answers them: each session ends on the last of its days.
fn answer(days: &ByDay<usage::Day>) -> Answer {
    let mut later = BTreeSet::new();
    let mut answer = Answer::new();
    for (date, day) in days.iter().rev() {
        let ending = day.sessions.iter().filter(|session| later.insert(*session)).count();
        let counts = [i64::try_from(day.sessions.len()).unwrap(), i64::try_from(ending).unwrap(), day.cost_nanos];
        answer.insert(*date, (counts, day.tokens, day.models.clone()));
    }
    answer
}

async fn all<T: Answered>(mut rows: Rows<T>) -> Vec<T> {
    let mut all = Vec::new();
    while let Some(row) = rows.next().await.unwrap() {
        all.push(row);
    }
    all
}
