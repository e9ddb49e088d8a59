use super::{AlertRules, DOLLAR, rules, steady, told, told_by};

const DAY: &str = "2025-03-05";

#[test]
fn a_spike_of_few_is_nobodys_business() {
    assert_eq!(told(&steady("2025-01-06").by(2, DAY, 20, 500 * DOLLAR), DAY, DAY), [""; 0]);
    assert_eq!(told(&steady("2025-01-06").by(3, DAY, 20, 500 * DOLLAR), DAY, DAY).len(), 1);
    // It begins when enough are active, and is not over because few are.
    let team =
        steady("2025-01-06").by(2, "2025-03-04", 20, 500 * DOLLAR).on(DAY, 20, 500 * DOLLAR).by(2, "2025-03-06", 20, 0);
    let told = told(&team, "2025-03-03", "2025-03-07");
    let days: Vec<_> = told.iter().map(|words| words.split(':').next().unwrap()).collect();
    assert_eq!(days, ["cost spike on Wed, Mar 5", "cost back to usual on Fri, Mar 7"]);
}

#[test]
fn a_drop_to_few_says_how_many_were_active_and_nothing_else() {
    for (active, words) in [
        (2, "usage drop on Wed, Mar 5: 2 of 5 members were active"),
        (1, "usage drop on Wed, Mar 5: 1 of 5 members was active"),
        (3, "usage drop on Wed, Mar 5: 6 sessions, usually 20"),
    ] {
        assert_eq!(told(&steady("2025-01-06").by(active, DAY, 6, DOLLAR), DAY, DAY), [words]);
    }
    let nobody = steady("2025-01-06").on(DAY, 0, 0);
    assert_eq!(told(&nobody, DAY, DAY), ["usage drop on Wed, Mar 5: 0 of 5 members were active"]);
    // Few with many sessions tell of no recovery.
    let few = nobody.by(2, "2025-03-06", 40, 0);
    assert_eq!(
        told(&few, DAY, "2025-03-07")[1..],
        ["usage back to usual on Fri, Mar 7: 20 sessions, usually 20".to_owned()]
    );
}

#[test]
fn a_median_of_days_with_few_is_no_figure() {
    let team = steady("2025-01-06").by(2, "2025-02-19", 20, 40 * DOLLAR);
    assert_eq!(
        told(&team.clone().on(DAY, 6, 100 * DOLLAR), DAY, DAY),
        ["cost spike on Wed, Mar 5: estimated $100.00", "usage drop on Wed, Mar 5: 6 sessions"]
    );
    // A day without anybody gives nobody away.
    let team = steady("2025-01-06").on("2025-02-19", 0, 0);
    assert!(told(&team.on(DAY, 20, 100 * DOLLAR), DAY, DAY)[0].ends_with("usually $40.00"));
}

#[test]
fn a_budget_that_few_used_up_is_not_told() {
    let budget = AlertRules { budget: Some(30.0), ..rules() };
    let team = (3..=7).fold(steady("2025-01-06"), |team, day| {
        let members = if day < 7 { 2 } else { 3 };
        team.by(members, &format!("2025-03-0{day}"), 20, 40 * DOLLAR)
    });
    assert_eq!(
        told_by(&team, "2025-03-01", "2025-03-14", &budget),
        ["budget for March used up on Fri, Mar 7: estimated $200.00 of $30.00"]
    );
}

#[test]
fn a_team_with_fewer_members_than_that_hears_nothing_but_how_many_were_active() {
    let mut team = steady("2025-01-06");
    team.members.truncate(2);
    // 8 sessions a day are usual: below the floor.
    let loud = team.clone().on(DAY, 8, 900 * DOLLAR).skill(0, "tdd", &[DAY]).skill(1, "tdd", &[DAY]);
    let rules = AlertRules { budget: Some(10.0), sessions_floor: 5.0, ..rules() };
    assert_eq!(told_by(&loud, "2025-03-03", "2025-03-14", &rules), [""; 0]);
    let told = told_by(&team.on(DAY, 1, 0), "2025-03-03", "2025-03-14", &rules);
    assert_eq!(told, ["usage drop on Wed, Mar 5: 1 of 2 members was active"]);
}
