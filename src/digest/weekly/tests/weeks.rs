//! What a week's rows come to.

use super::{usage::Member, *};
use crate::model::Stay;

fn of(member: &Member) -> WeekFacts {
    Team::default().with("ada", member).facts()
}

#[test]
fn each_week_counts_its_distinct_sessions() {
    let always = Member::always;
    for (what, member, week, before) in [
        ("one each", always().session(&[2]).session(&[9]), 1, 1),
        ("over a midnight", always().session(&[8, 9]), 1, 0),
        ("over the night between the weeks", always().session(&[6, 7]), 1, 1),
        ("taken up again after a weekend", always().session(&[4, 7]), 1, 1),
        ("all fortnight", always().session(&(0..14).collect::<Vec<_>>()), 1, 1),
        ("beside others", always().session(&[4, 7]).session(&[4]).session(&[3, 4]).session(&[13]), 2, 3),
        ("gone on next week, beside one that came later", always().session(&[1, 7]).session(&[3]), 1, 2),
        ("on Sunday night, and on", always().session(&[5, 6]).session(&[6, 7]).session(&[6]), 1, 3),
    ] {
        let facts = of(&member);
        assert_eq!((facts.week.sessions, facts.before.sessions), (week, before), "{what}");
        assert_eq!((facts.week.active, facts.before.active), (week.min(1), before.min(1)), "{what}");
    }
}

#[test]
fn what_somebody_did_counts_on_their_days_on_the_team() {
    let work = |member: Member| {
        let days = [5, 7, 9, 11];
        days.into_iter().fold(member.session(&[7, 9]).skill(9, "fix", 2).model(9, "opus", 3), |member, day| {
            member.session(&[day]).spends(day, 1_000, 10, 1).implausible(day, 1)
        })
    };
    let figures = |facts: &WeekFacts| {
        let WeekTotals { sessions, cost_nanos, input_tokens, active, .. } = facts.week;
        (facts.members, active, sessions, cost_nanos, input_tokens, facts.implausible, facts.skills.len())
    };
    for (what, member, expected) in [
        ("always", Member::always(), (1, 1, 4, 3_000, 30, 3, 1)),
        ("joined on Wednesday", Member::between(Some(9), None), (1, 1, 3, 2_000, 20, 2, 1)),
        ("left on Wednesday", Member::between(None, Some(9)), (1, 1, 2, 1_000, 10, 1, 0)),
        ("there on Wednesday alone", Member::between(Some(9), Some(10)), (1, 1, 2, 1_000, 10, 1, 1)),
        ("left before the week", Member::between(None, Some(7)), (0, 0, 0, 0, 0, 0, 0)),
        ("joined on Saturday", Member::between(Some(12), None), (1, 0, 0, 0, 0, 0, 0)),
        ("never", Member::default(), (0, 0, 0, 0, 0, 0, 0)),
    ] {
        let facts = of(&work(member));
        assert_eq!(figures(&facts), expected, "{what}");
        let models: &[(String, u64)] = if expected.6 == 1 { &[("opus".to_owned(), 3)] } else { &[] };
        assert_eq!(facts.models, models, "{what}");
    }
}

#[test]
fn days_off_the_team_do_not_count_and_sessions_over_them_do_once() {
    let mut member = Member::between(None, Some(8));
    member.stays.push(Stay { since: Some(WINDOW.days[2].start), until: None });
    let facts = of(&member.session(&[7, 8]).session(&[8]).session(&[8, 9]).session(&[7, 9]).sessions(10, 1));
    assert_eq!(facts.week.sessions, 4);
    assert_eq!(facts.days.iter().map(|(_, sessions)| *sessions).collect::<Vec<_>>(), [2, 0, 2, 1, 0, 0, 0]);
}

#[test]
fn a_member_in_two_teams_counts_in_both() {
    let member = Member::always().sessions(8, 2).skill(8, "fix", 3);
    let (one, other) = (Team::default().with("ada", &member), Team::default().with_others(1, 5).with("ada", &member));
    let (one, other) = (one.facts(), other.facts());
    assert_eq!((one.week.sessions, other.week.sessions), (2, 7));
    assert_eq!(one.skills, other.skills);
}

#[test]
fn sessions_by_day_are_of_every_day_from_monday_to_sunday() {
    let facts = Team::default().with("ada", &Member::always().session(&[6, 7, 8])).with_others(2, 3).facts();
    let days: Vec<_> = facts.days.iter().map(|(date, sessions)| format!("{date} {sessions}")).collect();
    assert_eq!(days[..3], ["2025-01-13 7", "2025-01-14 1", "2025-01-15 0"]);
    assert_eq!((days.len(), days[6].as_str()), (7, "2025-01-19 0"));
}

#[test]
fn skills_are_ranked_by_uses_then_name_and_look_alikes_are_one() {
    let facts = Team::default()
        .with("ada", &Member::always().skill(8, "fix", 2).skill(9, "fix", 3).skill(8, "com\u{200b}mit", 4))
        .with("ben", &Member::always().skill(8, "commit", 1).skill(9, "zap", 1).skill(9, " ", 9).skill(9, "no", 0))
        .facts();
    let skills: Vec<_> = facts.skills.iter().map(|(name, uses)| format!("{name} {uses}")).collect();
    assert_eq!(skills, ["commit 5", "fix 5", "zap 1"]);
    let many = (0..400).fold(Member::always(), |member, number| member.skill(8, &format!("s{number}"), number));
    let facts = of(&many);
    assert_eq!((facts.skills.len(), facts.more_skills), (20, 379));
    assert_eq!(facts.skills[0], ("s399".to_owned(), 399));
}

#[test]
fn all_who_are_tied_win_and_zero_never_does() {
    let skills = |names: &[&str]| names.iter().fold(Member::always(), |member, name| member.skill(8, name, 1));
    let winners = |winners: &Winners| {
        let names: Vec<_> = winners.members.iter().map(|email| email.as_str().replace("@example.com", "")).collect();
        (names.join(" "), winners.figure)
    };
    let facts = Team::default()
        .with("cleo", &skills(&["a", "b", "c"]).sessions(7, 4))
        .with("ada", &skills(&["a", "b", "b", "b\u{200b}"]).sessions(7, 5))
        .with("ben", &skills(&["x", "y", "z"]).sessions(7, 5))
        .with("idle", &skills(&["a", "b", "c", "d"]))
        .facts();
    assert_eq!(winners(&facts.most_sessions), ("ada ben".to_owned(), 5));
    assert_eq!(winners(&facts.most_skills), ("ben cleo".to_owned(), 3), "nobody without a session is active");
    let nobody = Team::default().with("ada", &Member::always()).with("ben", &Member::always()).facts();
    assert_eq!((nobody.most_sessions, nobody.most_skills), (Winners::default(), Winners::default()));
    let ten = Team::default().with_others(10, 2).facts().most_sessions;
    assert_eq!((ten.members.len(), ten.figure), (10, 2));
}

#[test]
fn new_is_what_the_team_did_not_use_in_28_days_where_14_are_known() {
    let user = |name: &str, days: &[i64]| {
        days.iter().fold(Member::always().sessions(8, 1), |member, day| member.skill(*day, name, 1))
    };
    let shown = |team: Team| {
        let facts = team.facts();
        let new: Vec<_> = facts.new_skills.iter().map(|(name, people)| format!("{name} {people}")).collect();
        (new.join(", "), facts.tried_by_one)
    };
    let base = |history: &[i64]| {
        Team::default()
            .with("old", &user("commit", history))
            .with("ada", &user("fix", &[8, 9]))
            .with("ben", &user("fix", &[8]))
    };
    for (what, team, expected) in [
        ("14 days of history", base(&[-8]), ("fix 2", 0)),
        ("13 days of history", base(&[-7]), ("", 0)),
        ("no history", base(&[8]), ("", 0)),
        ("one tried it", base(&[-8]).with("cleo", &user("zap", &[13])), ("fix 2", 1)),
        ("used by another 27 days ago", base(&[-20]).with("cleo", &user("fix", &[-20])), ("", 0)),
        ("used by another last week", base(&[-20]).with("cleo", &user("fix", &[6])), ("", 0)),
        (
            "more people first, then by name",
            base(&[-20])
                .with("cleo", &user("fix", &[8]))
                .with("dan", &user("art", &[8]))
                .with("eve", &user("art", &[9])),
            ("fix 3, art 2", 0),
        ),
    ] {
        assert_eq!(shown(team), (expected.0.to_owned(), expected.1), "{what}");
    }
}

#[test]
fn only_what_was_used_while_on_the_team_is_the_teams_history() {
    let gone = |until: Option<usize>, since: Option<usize>| {
        Member::between(since, until).skill(-20, "commit", 1).skill(3, "fix", 1)
    };
    let base = |other: &Member| {
        let fix = Member::always().sessions(8, 1).skill(8, "fix", 1);
        Team::default().with("ada", &fix).with("ben", &fix).with("other", other).facts().new_skills.len()
    };
    assert_eq!(base(&gone(None, Some(7))), 0, "all of it elsewhere, so there is no history");
    let mut early = gone(None, None);
    early.stays[0].until = Some(WINDOW.history_enough);
    assert_eq!(base(&early), 1, "left two weeks ago: what they used since is not the team's");
    assert_eq!(base(&gone(Some(4), None)), 0, "left last week");
}

#[test]
fn models_are_counted_over_the_week() {
    let member = Member::always().model(8, "opus", 3).model(9, "opus", 4).model(9, "haiku", 2).model(3, "haiku", 9);
    let facts = Team::default().with("ada", &member).with("ben", &Member::always().model(8, "haiku", 1)).facts();
    assert_eq!(facts.models, [("opus".to_owned(), 7), ("haiku".to_owned(), 3)]);
    assert_eq!((facts.requests, facts.more_models), (10, 0));
}

#[test]
fn facts_are_kept_and_read_again() {
    let facts =
        Team::default().with_others(3, 2).with("ada", &Member::always().session(&[6, 7]).skill(8, "fix", 1)).facts();
    let json = serde_json::to_string(&facts).unwrap();
    assert_eq!(serde_json::from_str::<WeekFacts>(&json).unwrap(), facts);
    let json = serde_json::to_string(&options()).unwrap();
    assert_eq!(serde_json::from_str::<WeeklyOptions>(&json).unwrap(), options());
}
