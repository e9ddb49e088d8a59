use super::{AlertRules, AlertState, Team, judged, rules, steady, told, told_by};

/// Used by two members, first on Tuesday and Thursday of the week of March 3.
fn with_new_skill() -> Team {
    steady("2025-01-06").skill(0, "tdd:ci", &["2025-03-04", "2025-03-07"]).skill(1, "tdd:ci", &["2025-03-06"])
}

#[test]
fn a_skill_is_told_once_when_a_second_member_uses_it() {
    assert_eq!(
        told(&with_new_skill().skill(2, "tdd:ci", &["2025-03-07", "2025-03-10"]), "2025-03-03", "2025-03-21"),
        ["new skill on Thu, Mar 6, used by 2 members: /tdd:ci"]
    );
    let by_one = steady("2025-01-06").skill(0, "fix", &["2025-03-04", "2025-03-06"]);
    assert_eq!(told(&by_one, "2025-03-03", "2025-03-21"), [""; 0]);
    // One in one week and one in the next: then it is new no more.
    assert_eq!(told(&by_one.skill(1, "fix", &["2025-03-11"]), "2025-03-03", "2025-03-21"), [""; 0]);
}

#[test]
fn what_was_used_in_the_28_days_before_the_week_is_not_new() {
    for (day, expected) in [("2025-02-02", 1), ("2025-02-03", 0), ("2025-02-20", 0), ("2025-03-02", 0)] {
        let team = with_new_skill().skill(4, "tdd:ci", &[day]);
        assert_eq!(told(&team, "2025-03-03", "2025-03-09").len(), expected, "{day}");
    }
}

#[test]
fn names_that_look_the_same_are_one_skill_and_empty_ones_none() {
    let team = steady("2025-01-06")
        .skill(0, "com\u{200b}mit", &["2025-03-04"])
        .skill(1, "commit", &["2025-03-04"])
        .skill(0, "\u{200b}", &["2025-03-04"])
        .skill(1, "", &["2025-03-04"])
        .skill(0, "", &["2025-03-04"]);
    assert_eq!(told(&team, "2025-03-03", "2025-03-09"), ["new skill on Tue, Mar 4, used by 2 members: /commit"]);
}

#[test]
fn a_new_skill_needs_two_weeks_of_history_before_its_week() {
    for (first, expected) in [("2025-02-17", 1), ("2025-02-18", 0)] {
        let mut team = steady(first);
        team = team.skill(0, "fix", &["2025-03-04"]).skill(1, "fix", &["2025-03-04"]);
        assert_eq!(told(&team, "2025-03-03", "2025-03-09").len(), expected, "{first}");
    }
}

#[test]
fn whoever_begins_to_look_later_hears_only_of_what_is_new_since() {
    assert_eq!(told(&with_new_skill(), "2025-03-07", "2025-03-14"), [""; 0]);
    let told = told(
        &with_new_skill().skill(2, "fix", &["2025-03-04"]).skill(3, "fix", &["2025-03-07"]),
        "2025-03-07",
        "2025-03-14",
    );
    assert_eq!(told, ["new skill on Fri, Mar 7, used by 2 members: /fix"]);
}

#[test]
fn of_many_the_most_used_are_named_and_the_others_counted() {
    let day = "2025-03-04";
    let mut team = steady("2025-01-06").skill(2, "skill-8", &[day]);
    for number in 0..9 {
        team = team.skill(0, &format!("skill-{number}"), &[day]).skill(1, &format!("skill-{number}"), &[day]);
    }
    let words = told(&team, day, day);
    assert_eq!(words[0], "new skill on Tue, Mar 4, used by 3 members: /skill-8");
    assert_eq!(words[1], "new skill on Tue, Mar 4, used by 2 members: /skill-0");
    assert_eq!(words[4..], ["new skill on Tue, Mar 4, used by 2 members: /skill-3", "4 more new skills on Tue, Mar 4"]);
    // Those that were not named are not told on the next day either.
    let (state, _) = judged(&team, AlertState::default(), day, day, &rules());
    assert_eq!(judged(&team, state, "2025-03-05", "2025-03-09", &rules()).1, []);
}

#[test]
fn where_few_were_active_in_the_week_nothing_is_told() {
    let mut team = with_new_skill();
    for day in ["2025-03-03", "2025-03-04", "2025-03-05", "2025-03-06"] {
        team = team.by(2, day, 20, 0);
    }
    let no_drop = AlertRules { sessions_floor: 1_000.0, ..rules() };
    assert_eq!(
        told_by(&team, "2025-03-03", "2025-03-09", &no_drop),
        ["new skill on Fri, Mar 7, used by 2 members: /tdd:ci"]
    );
}
