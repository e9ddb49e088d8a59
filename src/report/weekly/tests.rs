//! Weeks as they are read: from members' rows to the message.

use super::*;
use crate::{
    digest::{AlertLine, TeamSections},
    message::{check, lint, text},
    model::{MemberEmail, Stay},
    warehouse::{DayActivity, MemberActivity, MemberSkills, ModelUse, SkillUse},
};
use chrono::{Datelike, NaiveDate};
use chrono_tz::Tz;
use proptest::prelude::*;
use serde_json::Value;
use std::{collections::BTreeMap, sync::LazyLock};

static TEMPLATES: LazyLock<Templates> = LazyLock::new(Templates::embedded);
static WINDOW: LazyLock<WeeklyWindow> = LazyLock::new(|| {
    let monday: NaiveDate = "2025-01-13".parse().unwrap();
    WeeklyWindow::of(Tz::Europe__Berlin, monday.iso_week())
});

/// A member's week: sessions on Monday and the week before, what each cost, and skills used on Monday.
#[derive(Debug, Clone, Default)]
struct Member {
    sessions: u64,
    sessions_before: u64,
    cost_nanos: i64,
    tokens: u64,
    skills: Vec<(String, u64)>,
    models: Vec<(String, u64)>,
}

fn email(number: usize) -> MemberEmail {
    MemberEmail::parse(&format!("secret.address{number}@example.com")).unwrap()
}

fn facts(members: &[Member]) -> WeekFacts {
    let mut week = TeamWeek::default();
    let monday = WINDOW.days[0].start_ms();
    for (number, member) in members.iter().enumerate() {
        let day = |day_ms, sessions| DayActivity {
            day_ms,
            sessions,
            sessions_ending: sessions,
            cost_nanos: member.cost_nanos,
            input_tokens: member.tokens,
            output_tokens: member.tokens,
            ..DayActivity::default()
        };
        let models = member.models.iter();
        let activity = MemberActivity {
            email: email(number).to_string(),
            days: vec![day(WINDOW.before[0].start_ms(), member.sessions_before), day(monday, member.sessions)],
            models: models
                .map(|(model, requests)| ModelUse { day_ms: monday, model: model.clone(), requests: *requests })
                .collect(),
            spread: Vec::new(),
        };
        let known = SkillUse { day_ms: WINDOW.history_start.timestamp_millis(), name: "known".to_owned(), uses: 1 };
        let used = member.skills.iter();
        let used = used.map(|(name, uses)| SkillUse { day_ms: monday, name: name.clone(), uses: *uses });
        let skills =
            MemberSkills { email: email(number).to_string(), skills: [known].into_iter().chain(used).collect() };
        week.add(&WINDOW, &email(number), &[Stay::ALWAYS], Some(&activity), Some(&skills));
    }
    week.facts(&WINDOW)
}

fn options() -> WeeklyOptions {
    WeeklyOptions {
        team: "Platform".to_owned(),
        sections: TeamSections { models: false, ..TeamSections::ALL },
        min_active: 3,
        data_to: None,
        alerts: Vec::new(),
    }
}

/// The message, which Slack would accept with its charts and without.
fn message(facts: &WeekFacts, names: &Names, options: &WeeklyOptions) -> Message {
    let message = weekly(&TEMPLATES, &WINDOW, facts, names, options).unwrap();
    assert_eq!(lint::faults(&message.without_rich_blocks()), []);
    message
}

fn shown(members: &[Member], options: &WeeklyOptions) -> String {
    let message = message(&facts(members), &Names::default(), options);
    format!("{}\n{}", text::render(&message), message.text)
}

fn usual(sessions: u64) -> Member {
    Member {
        sessions,
        sessions_before: 2,
        cost_nanos: 1_250_000_000,
        tokens: 40_000,
        skills: vec![("commit".to_owned(), sessions), ("review-pr".to_owned(), 1)],
        models: vec![("opus-4".to_owned(), 3)],
    }
}

#[test]
fn of_one_member_a_team_may_choose_to_be_told_all_and_sees_no_figure() {
    insta::assert_snapshot!(shown(&[usual(4)], &options()), @"
    Claude Code weekly — Platform, Jan 13 – 19, 2025
    1 of 1 members was active.
    Mon–Sun, Europe/Berlin
    [Get my daily digest]  [See my numbers]

    Claude Code weekly for Platform, Monday, January 13 to Sunday, January 19: 1 of 1 members was active.
    ");
    insta::assert_snapshot!(shown(&[usual(4)], &WeeklyOptions { min_active: 1, ..options() }), @"
    Claude Code weekly — Platform, Jan 13 – 19, 2025
    Sessions: 4 (▲)                   Cost: $1.25 (level)
    Active: 1 of 1 (level)            Tokens: 40K in / 40K out (level)
    MVP, most sessions: a teammate. Is it you? [Show my name]
    MVP, most diverse skills: a teammate. Is it you? [Show my name]
    Top skills
    1. /commit (4x)  2. /review-pr (1x)
    New this week: 2 skills tried by one person each
    Sessions by day: Mon 4, Tue 0, Wed 0, Thu 0, Fri 0, Sat 0, Sun 0
    Mon–Sun, Europe/Berlin · arrows against the week before · cost estimated at API prices
    [Get my daily digest]  [See my numbers]

    Claude Code weekly for Platform, Monday, January 13 to Sunday, January 19: 4 sessions (up); estimated cost $1.25 (level); 1 of 1 members active (level); 40K tokens in and 40K out (level); compared with the week before. MVP, most sessions: a teammate. MVP, most diverse skills: a teammate. Top skills: commit (4), review-pr (1). New this week: 2 skills tried by one person each. Sessions by day: Mon 4, Tue 0, Wed 0, Thu 0, Fri 0, Sat 0, Sun 0.
    ");
}

#[test]
fn ten_tied_winners_of_whom_none_agreed_to_be_named_stay_teammates() {
    let team = [vec![usual(6); 10], vec![usual(2); 3]].concat();
    insta::assert_snapshot!(shown(&team, &options()), @"
    Claude Code weekly — Platform, Jan 13 – 19, 2025
    Sessions: 66 (▲ 154%)             Cost: $16.25 (level)
    Active: 13 of 13 (level)          Tokens: 520K in / 520K out (level)
    MVP, most sessions: three teammates and 7 others. Are you one of them? [Show my name]
    MVP, most diverse skills: three teammates and 10 others. Are you one of them? [Show my name]
    Top skills
    1. /commit (66x)  2. /review-pr (13x)
    New this week: /commit (13 people), /review-pr (13 people)
    Sessions by day: Mon 66, Tue 0, Wed 0, Thu 0, Fri 0, Sat 0, Sun 0
    Mon–Sun, Europe/Berlin · arrows against the week before · cost estimated at API prices
    [Get my daily digest]  [See my numbers]

    Claude Code weekly for Platform, Monday, January 13 to Sunday, January 19: 66 sessions (up 154%); estimated cost $16.25 (level); 13 of 13 members active (level); 520K tokens in and 520K out (level); compared with the week before. MVP, most sessions: three teammates and 7 others. MVP, most diverse skills: three teammates and 10 others. Top skills: commit (66), review-pr (13). New this week: commit (13 people), review-pr (13 people). Sessions by day: Mon 66, Tue 0, Wed 0, Thu 0, Fri 0, Sat 0, Sun 0.
    ");
}

#[test]
fn without_names_of_skills_nothing_is_said_of_skills() {
    let hidden = |sessions| Member { skills: Vec::new(), ..usual(sessions) };
    insta::assert_snapshot!(shown(&[hidden(4), hidden(3), hidden(2), hidden(2)], &options()), @"
    Claude Code weekly — Platform, Jan 13 – 19, 2025
    Sessions: 11 (▲ 38%)              Cost: $5.00 (level)
    Active: 4 of 4 (level)            Tokens: 160K in / 160K out (level)
    MVP, most sessions: a teammate (4). Is it you? [Show my name]
    Sessions by day: Mon 11, Tue 0, Wed 0, Thu 0, Fri 0, Sat 0, Sun 0
    Mon–Sun, Europe/Berlin · arrows against the week before · cost estimated at API prices
    [Get my daily digest]  [See my numbers]

    Claude Code weekly for Platform, Monday, January 13 to Sunday, January 19: 11 sessions (up 38%); estimated cost $5.00 (level); 4 of 4 members active (level); 160K tokens in and 160K out (level); compared with the week before. MVP, most sessions: a teammate (4). Sessions by day: Mon 11, Tue 0, Wed 0, Thu 0, Fri 0, Sat 0, Sun 0.
    ");
}

#[test]
fn a_week_in_which_every_number_is_zero_says_that_nobody_was_active() {
    insta::assert_snapshot!(shown(&vec![Member::default(); 14], &options()), @"
    Claude Code weekly — Platform, Jan 13 – 19, 2025
    Nobody was active.
    Mon–Sun, Europe/Berlin
    [Get my daily digest]  [See my numbers]

    Claude Code weekly for Platform, Monday, January 13 to Sunday, January 19: nobody was active.
    ");
    insta::assert_snapshot!(shown(&[], &options()), @"
    Claude Code weekly — Platform, Jan 13 – 19, 2025
    Nobody was active.
    Mon–Sun, Europe/Berlin
    [Get my daily digest]  [See my numbers]

    Claude Code weekly for Platform, Monday, January 13 to Sunday, January 19: nobody was active.
    ");
}

#[test]
fn a_large_team_with_many_long_names_is_read_as_easily() {
    let skill = |number: usize| format!("platform-engineering:{number:03}-release-and-verify-everything-twice");
    let team: Vec<_> = (0..300)
        .map(|number| Member {
            skills: (0..400).step_by(1 + number % 7).map(|index| (skill(index), 1 + (index % 13) as u64)).collect(),
            models: vec![("sonnet-4".to_owned(), 5), (format!("model-{}", number % 9), 1)],
            ..usual(number as u64 % 40)
        })
        .collect();
    let alert = AlertLine { day: WINDOW.days[2].date, words: "cost was $812.40, usually about $300.00".to_owned() };
    let options = WeeklyOptions {
        team: "The one team of everybody who builds, runs and repairs platforms".to_owned(),
        sections: TeamSections::ALL,
        data_to: Some("2025-01-19T07:42:00".parse().unwrap()),
        alerts: vec![alert],
        ..options()
    };
    insta::assert_snapshot!(shown(&team, &options), @"
    Claude Code weekly — The one team of everybody who builds, runs and repairs platforms, Jan 13 – 19, 2025
    Sessions: 5.7K (▲ 842%)           Cost: $375.00 (level)
    Active: 292 of 300 (▼ 8)          Tokens: 12M in / 12M out (level)
    MVP, most sessions: three teammates and 4 others (39). Are you one of them? [Show my name]
    MVP, most diverse skills: three teammates and 38 others (400). Are you one of them? [Show my name]
    Top skills
    1. /platform-engineering:168-release-and-ve… (3.3Kx)  2. /platform-engineering:180-release-and-ve… (3.1Kx)  3. /platform-engineering:336-release-and-ve… (3.1Kx)  4. /platform-engineering:012-release-and-ve… (2.8Kx)  5. /platform-engineering:090-release-and-ve… (2.8Kx)  and 395 more
    New this week: /platform-engineering:000-release-and-ve… (300 people), /platform-engineering:060-release-and-ve… (258 people), /platform-engineering:120-release-and-ve… (258 people), /platform-engineering:180-release-and-ve… (258 people), /platform-engineering:240-release-and-ve… (258 people) and 395 more
    Models
    sonnet-4 (83%)  model-0 (2%)  model-1 (2%)  model-2 (2%)  model-3 (2%)  and 5 more
    Sessions by day: Mon 5650, Tue 0, Wed 0, Thu 0, Fri 0, Sat 0, Sun 0
    This week's alerts
    - Wed: cost was $812.40, usually about $300.00
    Mon–Sun, Europe/Berlin · arrows against the week before · cost estimated at API prices · Data to Sun 07:42
    [Get my daily digest]  [See my numbers]

    Claude Code weekly for The one team of everybody who builds, runs and repairs platforms, Monday, January 13 to Sunday, January 19: 5.7K sessions (up 842%); estimated cost $375.00 (level); 292 of 300 members active (down 8); 12M tokens in and 12M out (level); compared with the week before. MVP, most sessions: three teammates and 4 others (39). MVP, most diverse skills: three teammates and 38 others (400). Top skills: platform-engineering:168-release-and-ve… (3.3K), platform-engineering:180-release-and-ve… (3.1K), platform-engineering:336-release-and-ve… (3.1K), platform-engineering:012-release-and-ve… (2.8K), platform-engineering:090-release-and-ve… (2.8K) and 395 more. New this week: platform-engineering:000-release-and-ve… (300 people), platform-engineering:060-release-and-ve… (258 people), platform-engineering:120-release-and-ve… (258 people), platform-engineering:180-release-and-ve… (258 people), platform-engineering:240-release-and-ve… (258 people) and 395 more. Models: sonnet-4 (83%), model-0 (2%), model-1 (2%), model-2 (2%), model-3 (2%) and 5 more. Sessions by day: Mon 5,650, Tue 0, Wed 0, Thu 0, Fri 0, Sat 0, Sun 0. This week's alerts: Wed, cost was $812.40, usually about $300.00. Data to Sunday, January 19 at 07:42.
    ");
}

#[test]
fn names_of_signs_that_slack_escapes_break_no_limit() {
    let sign = "&".repeat(300);
    let huge = Member {
        sessions: u64::MAX,
        sessions_before: 3,
        cost_nanos: i64::MAX,
        tokens: u64::MAX,
        skills: (0..400).map(|number| (format!("{sign}{number}"), u64::MAX)).collect(),
        models: (0..20).map(|number| (format!("{sign}{number}"), u64::MAX)).collect(),
    };
    let alert = AlertLine { day: WINDOW.days[2].date, words: sign.clone() };
    for sign in ["&", "<", "a\u{301}\u{302}\u{303}", "👩🏽‍🚀"] {
        let options = WeeklyOptions {
            team: sign.repeat(300),
            sections: TeamSections::ALL,
            data_to: Some("2025-01-19T07:42:00".parse().unwrap()),
            alerts: vec![alert.clone(); 9],
            ..options()
        };
        let facts = facts(&vec![huge.clone(); 9]);
        let names = Names((0..9).map(|number| (email(number), sign.repeat(300))).collect());
        let message = message(&facts, &names, &options);
        assert!(message.text.contains("and 6 others"), "{}", message.text);
    }
}

#[test]
fn samples_have_what_a_summary_has() {
    let facts = facts(&vec![Member { skills: vec![("zap".to_owned(), 1)], ..usual(3) }; 5]);
    let alert = AlertLine { day: WINDOW.days[2].date, words: "few sessions".to_owned() };
    let options = WeeklyOptions { sections: TeamSections::ALL, alerts: vec![alert], ..options() };
    let names = Names(BTreeMap::from([(email(0), "Anna Weber".to_owned())]));
    let summary = serde_json::to_value(WeeklySummary::of(&WINDOW, &facts, &names, &options)).unwrap();
    let samples = check::samples_of("weekly");
    assert_eq!(samples.len(), 7);
    for (name, sample) in samples {
        same_keys(&sample, &summary, name);
    }
}

/// Every object of `sample` has the keys that the one in its place has.
fn same_keys(sample: &Value, real: &Value, place: &str) {
    match (sample, real) {
        (Value::Object(sample), Value::Object(real)) => {
            assert_eq!(sample.keys().collect::<Vec<_>>(), real.keys().collect::<Vec<_>>(), "{place}");
            for (key, value) in sample {
                same_keys(value, &real[key], &format!("{place}.{key}"));
            }
        }
        (Value::Array(sample), Value::Array(real)) => {
            assert!(!real.is_empty(), "{place}");
            for item in sample {
                same_keys(item, &real[0], place);
            }
        }
        _ => {}
    }
}

fn member() -> impl Strategy<Value = Member> {
    let counts = prop::collection::vec(("[a-d&<>*@é]{0,50}", any::<u64>()), 0..8);
    (0_u64..9, 0_u64..9, any::<i64>(), any::<u64>(), counts).prop_map(
        |(sessions, sessions_before, cost_nanos, tokens, counts)| Member {
            sessions,
            sessions_before,
            cost_nanos,
            tokens,
            skills: counts.clone(),
            models: counts,
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn no_address_and_no_name_of_who_did_not_agree_is_in_a_message(
        members in prop::collection::vec((member(), any::<bool>(), "\\PC{0,60}"), 0..9),
        team in "\\PC{0,100}",
        min_active in 0_u64..4,
    ) {
        let rows: Vec<_> = members.iter().map(|(member, ..)| member.clone()).collect();
        let shown = |number: usize, tail: &str| match number % 3 {
            0 => email(number).to_string(),
            _ => format!("Hidden Name{number}. {tail}"),
        };
        let agreed = members.iter().enumerate().filter(|(_, (_, agreed, _))| *agreed);
        let names = Names(agreed.map(|(number, (.., tail))| (email(number), shown(number, tail))).collect());
        let options = WeeklyOptions { team, min_active, sections: TeamSections::ALL, ..options() };
        let json = message(&facts(&rows), &names, &options).to_json();
        for (number, (_, agreed, _)) in members.iter().enumerate() {
            prop_assert!(!json.contains(email(number).as_str()), "{}", json);
            prop_assert!(*agreed || !json.contains(&format!("Hidden Name{number}.")), "{}", json);
            prop_assert!(*agreed || !json.contains(&format!("secret.address{number}")), "{}", json);
        }
    }
}
