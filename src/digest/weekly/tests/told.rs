//! What of a week may be told, and to whom it points.

use super::{usage::Member, *};
use crate::digest::AlertLine;
use proptest::prelude::*;

fn summary(facts: &WeekFacts, names: &Names) -> WeeklySummary {
    WeeklySummary::of(&WINDOW, facts, names, &options())
}

/// A team with winners of either award among `active` members who have one session each.
fn team(active: usize, most_sessions: &[&str], most_skills: &[&str]) -> WeekFacts {
    let mut facts = Team::default().with_others(active, 1).facts();
    let winners = |names: &[&str], figure| Winners { members: names.iter().map(|name| ada(name)).collect(), figure };
    facts.most_sessions = winners(most_sessions, 41);
    facts.most_skills = winners(most_skills, 9);
    facts
}

#[test]
fn with_too_few_active_only_their_number_is_told() {
    let everything = Member::always()
        .sessions(7, 5)
        .sessions(3, 2)
        .spends(8, 5_000_000_000, 100, 10)
        .implausible(9, 3)
        .skill(-20, "old", 1)
        .skill(8, "fix", 2)
        .model(8, "opus", 3);
    for (active, min_active, told) in
        [(0, 3, false), (1, 3, false), (2, 3, false), (3, 3, true), (1, 1, true), (1, 0, true), (0, 0, false)]
    {
        let team = (0..active).fold(Team::default(), |team, number| team.with(&format!("m{number}"), &everything));
        let facts = team.with("idle", &Member::always()).facts();
        let alert = AlertLine { day: WINDOW.days[1].date, words: "something".to_owned() };
        let options = WeeklyOptions { min_active, alerts: vec![alert], ..options() };
        let summary = WeeklySummary::of(&WINDOW, &facts, &named(&[("m0", "Anna Weber")]), &options);
        assert_eq!(summary.told, told, "{active} of at least {min_active}");
        assert_eq!((summary.active.total, summary.active.members), (active, active + 1));
        let nothing = WeeklySummary::of(
            &WINDOW,
            &WeekFacts {
                week: WeekTotals { active, ..WeekTotals::default() },
                members: active + 1,
                ..Team::default().facts()
            },
            &Names::default(),
            &WeeklyOptions { alerts: Vec::new(), ..options },
        );
        assert_eq!(summary == nothing, !told, "nothing else is there to be shown");
    }
}

#[test]
fn a_figure_is_told_where_three_others_remain_without_one() {
    for (active, sessions, skills, told) in [
        (3, &["a"][..], &["a"][..], false),
        (4, &["a"], &["a"], true),
        (4, &["a"], &["b"], false),
        (5, &["a"], &["b"], true),
        (4, &["a"], &[], true),
        (3, &["a"], &[], false),
        (5, &["a", "b"], &["b", "c"], false),
        (6, &["a", "b"], &["b", "c"], true),
        (12, &["a", "b", "c", "d", "e", "f", "g", "h", "i", "j"], &["a"], false),
        (13, &["a", "b", "c", "d", "e", "f", "g", "h", "i", "j"], &["a"], true),
    ] {
        let mvps = summary(&team(active, sessions, skills), &Names::default()).mvps;
        assert_eq!(mvps.len(), 1 + usize::from(!skills.is_empty()));
        assert!(mvps.iter().all(|mvp| mvp.figure.is_some() == told), "{active} active: {mvps:?}");
    }
}

#[test]
fn winners_are_named_with_consent_and_never_replaced() {
    let everybody = named(&[("a", "Zoe"), ("b", "Ben"), ("c", "Cleo"), ("d", "Dan")]);
    let shown = |winners: &[&str], names: &Names| {
        let mvp = summary(&team(20, winners, &[]), names).mvps.remove(0);
        let labels: Vec<_> = mvp.names.iter().map(|name| name.0.as_str()).collect();
        (labels.join(" "), mvp.teammates, mvp.others, mvp.show_name)
    };
    for (winners, expected) in [
        (&["a"][..], ("Zoe", 0, 0, false)),
        (&["x"], ("", 1, 0, true)),
        (&["x", "a"], ("Zoe", 1, 0, true)),
        (&["x", "y"], ("", 2, 0, true)),
        (&["d", "c", "b", "a"], ("Ben Cleo Dan", 0, 1, false)),
        (&["d", "c", "b", "x", "y"], ("Ben Cleo Dan", 0, 2, true)),
        (&["v", "w", "x", "y", "z", "a"], ("Zoe", 2, 3, true)),
        (&["v", "w", "x", "y", "z"], ("", 3, 2, true)),
    ] {
        assert_eq!(shown(winners, &everybody), (expected.0.to_owned(), expected.1, expected.2, expected.3));
    }
    assert_eq!(shown(&["a"], &named(&[("a", " ")])), (String::new(), 1, 0, true), "a blank name names nobody");
}

#[test]
fn showing_a_name_changes_the_name_alone() {
    let facts = team(20, &["a", "b"], &["b"]);
    let (before, after) = (summary(&facts, &Names::default()), summary(&facts, &named(&[("b", "Ben")])));
    assert_eq!(after.mvps[1].names, [crate::digest::Label("Ben".to_owned())]);
    assert!(!after.mvps[1].show_name && after.mvps[0].show_name);
    assert_eq!(WeeklySummary { mvps: before.mvps.clone(), ..after }, before);
}

#[test]
fn percentages_are_left_out_where_few_were_active_the_week_before() {
    for (before, percent) in [(1, None), (2, None), (3, Some(167))] {
        let member = Member::always().sessions(3, 4).sessions(8, 8);
        let team = (0..before).fold(Team::default(), |team, number| team.with(&format!("m{number}"), &member));
        let late = Member::always().sessions(8, 8);
        let facts = (before..4).fold(team, |team, number| team.with(&format!("m{number}"), &late)).facts();
        let trend = summary(&facts, &Names::default()).sessions.trend.unwrap();
        assert_eq!(trend.percent, percent, "{before} active before");
        assert_eq!(trend.direction, Direction::Up);
    }
}

#[test]
fn sections_that_are_off_list_nothing() {
    let member =
        Member::always().sessions(8, 2).skill(-20, "old", 1).skill(8, "fix", 2).model(8, "opus", 3).implausible(8, 1);
    let facts = Team::default().with("ada", &member).with("ben", &member).with("cleo", &member).facts();
    let off = TeamSections {
        sessions: false,
        cost: false,
        active: false,
        tokens: false,
        mvp: false,
        skills: false,
        new_skills: false,
        chart: false,
        models: false,
    };
    let all = summary(&facts, &Names::default());
    assert_eq!((all.mvps.len(), all.top_skills.len(), all.new_skills.len(), all.models.len()), (2, 1, 1, 1));
    assert_eq!((all.chart.len(), all.implausible), (7, 3));
    let none = WeeklySummary::of(&WINDOW, &facts, &Names::default(), &WeeklyOptions { sections: off, ..options() });
    assert!(none.told && none.mvps.is_empty() && none.top_skills.is_empty() && none.new_skills.is_empty());
    assert!(none.models.is_empty() && none.chart.is_empty());
    assert_eq!((none.implausible, none.tried_by_one, none.more_skills), (0, 0, 0));
}

#[test]
fn lists_are_short_and_say_how_many_there_are_besides() {
    let member = (0..30).fold(Member::always().sessions(8, 2).skill(-20, "old", 1), |member, number| {
        member.skill(8, &format!("{number}{}", "x".repeat(60)), 30 - number).model(
            8,
            &format!("m{number}"),
            30 - number,
        )
    });
    let facts = (0..3).fold(Team::default(), |team, number| team.with(&format!("m{number}"), &member)).facts();
    let alert = AlertLine { day: WINDOW.days[1].date, words: "w".repeat(1_000) };
    let options = WeeklyOptions { alerts: vec![alert; 7], team: "t".repeat(100), ..options() };
    let summary = WeeklySummary::of(&WINDOW, &facts, &Names::default(), &options);
    assert_eq!((summary.top_skills.len(), summary.more_skills), (5, 25));
    assert_eq!((summary.new_skills.len(), summary.more_new_skills), (5, 25));
    assert_eq!((summary.models.len(), summary.more_models), (5, 25));
    assert_eq!((summary.alerts.len(), summary.more_alerts), (5, 2));
    let length = |text: &str| text.chars().count();
    assert_eq!((length(&summary.team.0), length(&summary.alerts[0].words.0)), (64, 150));
    assert_eq!(length(&summary.top_skills[0].name.0), 40);
}

fn member() -> impl Strategy<Value = Member> {
    let sessions = prop::collection::vec(prop::collection::btree_set(0_usize..14, 1..4), 0..5);
    let skills = prop::collection::vec((-21_i64..14, "[a-c&<]{0,2}", any::<u64>()), 0..6);
    let spent = prop::collection::vec((0_usize..14, any::<(i64, u64, u64, u64)>()), 0..4);
    let stay = (prop::option::of(0_usize..14), prop::option::of(0_usize..14));
    (sessions, skills, spent, stay).prop_map(|(sessions, skills, spent, (from, until))| {
        let member = sessions
            .into_iter()
            .fold(Member::between(from, until), |member, days| member.session(&days.into_iter().collect::<Vec<_>>()));
        let member = skills.into_iter().fold(member, |member, (day, name, uses)| member.skill(day, &name, uses));
        spent.into_iter().fold(member, |member, (day, (cost, input, output, odd))| {
            member.spends(day, cost, input, output).implausible(day, odd).model(day, "opus", odd)
        })
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn absurd_rows_neither_panic_nor_give_anybody_away(
        members in prop::collection::vec((member(), any::<bool>()), 0..8),
        min_active in 0_u64..4,
    ) {
        let name = |number: usize| (format!("secret-address-{number}"), format!("Hidden Name{number}."));
        let mut names = Names::default();
        let mut team = Team::default();
        for (number, (member, agreed)) in members.iter().enumerate() {
            let (email, shown) = name(number);
            team = team.with(&email, member);
            if *agreed {
                names.0.insert(ada(&email), shown);
            }
        }
        let facts = team.facts();
        let options = WeeklyOptions { min_active, ..options() };
        let json = serde_json::to_string(&WeeklySummary::of(&WINDOW, &facts, &names, &options)).unwrap();
        prop_assert!(!json.contains("secret-address") && !json.contains('@'), "{}", json);
        for (number, (_, agreed)) in members.iter().enumerate() {
            prop_assert!(*agreed || !json.contains(&name(number).1), "{}", json);
        }
    }
}
