use super::{AlertRules, AlertState, DOLLAR, date, judged, rules, steady, told, told_by};

fn expensive(days: &[&str]) -> super::Team {
    days.iter().fold(steady("2025-01-06"), |team, day| team.on(day, 20, 100 * DOLLAR))
}

fn quiet(days: &[&str]) -> super::Team {
    days.iter().fold(steady("2025-01-06"), |team, day| team.on(day, 4, 40 * DOLLAR))
}

#[test]
fn an_incident_of_three_days_is_told_once_and_then_its_end() {
    assert_eq!(
        told(&expensive(&["2025-03-04", "2025-03-05", "2025-03-06"]), "2025-03-03", "2025-03-14"),
        [
            "cost spike on Tue, Mar 4: estimated $100.00, usually $40.00",
            "cost back to usual on Fri, Mar 7: estimated $40.00, usually $40.00"
        ]
    );
    assert_eq!(
        told(&quiet(&["2025-03-04", "2025-03-05", "2025-03-06"]), "2025-03-03", "2025-03-14"),
        [
            "usage drop on Tue, Mar 4: 4 sessions, usually 20",
            "usage back to usual on Fri, Mar 7: 20 sessions, usually 20"
        ]
    );
}

#[test]
fn a_weekend_neither_ends_an_incident_nor_begins_a_drop() {
    let (friday, monday) = ("2025-03-07", "2025-03-10");
    assert_eq!(
        told(&expensive(&[friday, monday]), "2025-03-03", "2025-03-12"),
        [
            "cost spike on Fri, Mar 7: estimated $100.00, usually $40.00",
            "cost back to usual on Tue, Mar 11: estimated $40.00, usually $40.00"
        ]
    );
    assert_eq!(
        told(&quiet(&[friday]), "2025-03-03", "2025-03-12"),
        [
            "usage drop on Fri, Mar 7: 4 sessions, usually 20",
            "usage back to usual on Mon, Mar 10: 20 sessions, usually 20"
        ]
    );
    let off = AlertRules { days_off: [date(monday)].into(), ..rules() };
    let told = told_by(&quiet(&[friday, monday]), "2025-03-03", "2025-03-12", &off);
    assert!(told[1].contains("Tue, Mar 11"), "{told:?}");
}

#[test]
fn what_goes_up_and_down_is_told_each_time() {
    let told = told(&expensive(&["2025-03-03", "2025-03-05", "2025-03-07"]), "2025-03-03", "2025-03-07");
    let days: Vec<_> = told.iter().map(|words| words.split(':').next().unwrap()).collect();
    assert_eq!(
        days,
        [
            "cost spike on Mon, Mar 3",
            "cost back to usual on Tue, Mar 4",
            "cost spike on Wed, Mar 5",
            "cost back to usual on Thu, Mar 6",
            "cost spike on Fri, Mar 7",
        ]
    );
}

#[test]
fn days_of_an_incident_are_not_usual_until_it_is_four_weeks_old() {
    let weekdays: Vec<_> = date("2025-03-03")
        .iter_days()
        .take_while(|day| *day < date("2025-05-16"))
        .filter(|day| chrono::Datelike::weekday(day).number_from_monday() <= 5)
        .map(|day| day.to_string())
        .collect();
    let through = |last: &str| {
        let days: Vec<_> = weekdays.iter().map(String::as_str).filter(|day| *day <= last).collect();
        told(&quiet(&days), "2025-03-03", "2025-05-16")
    };
    let drop = "usage drop on Mon, Mar 3: 4 sessions, usually 20".to_owned();
    let back = "usage back to usual on Mon, Mar 24: 20 sessions, usually 20".to_owned();
    assert_eq!(through("2025-03-21"), [drop.clone(), back]);
    // A team that stays small is as it is now: nothing came back.
    assert_eq!(through("2025-05-16"), [drop]);
}

#[test]
fn days_that_were_judged_say_nothing_again() {
    let team = expensive(&["2025-03-04"]);
    let (state, events) = judged(&team, AlertState::default(), "2025-03-03", "2025-03-04", &rules());
    assert_eq!(events.len(), 1);
    let days = team.days(date("2025-03-03"), date("2025-03-05"));
    let (again, events) = super::judge(state.clone(), &days, date("2025-03-04"), &rules());
    assert_eq!((again, events.len()), (state.clone(), 0));
    // What is kept between two days says it all.
    let kept: AlertState = serde_json::from_str(&serde_json::to_string(&state).unwrap()).unwrap();
    assert_eq!(kept, state);
    let (_, events) = judged(&team, kept, "2025-03-05", "2025-03-05", &rules());
    assert_eq!(events[0].line().words, "cost back to usual on Wed, Mar 5: estimated $40.00, usually $40.00");
}

#[test]
fn a_budget_is_told_once_a_month_on_the_day_that_passes_it() {
    // $40 on each of March's 21 working days and of April's 22.
    let budget = |amount| AlertRules { budget: Some(amount), ..rules() };
    let team = steady("2025-01-06");
    assert_eq!(
        told_by(&team, "2025-03-03", "2025-04-30", &budget(800.0)),
        [
            "budget for March used up on Mon, Mar 31: estimated $840.00 of $800.00",
            "budget for April used up on Tue, Apr 29: estimated $840.00 of $800.00"
        ]
    );
    assert_eq!(told_by(&team, "2025-03-03", "2025-03-31", &budget(840.0)), [""; 0], "reached, not passed");
    // Whoever begins to look later hears nothing of what has passed.
    assert_eq!(told_by(&team, "2025-03-12", "2025-03-31", &budget(279.0)), [""; 0]);
    assert_eq!(told_by(&team, "2025-03-12", "2025-03-31", &budget(280.0)).len(), 1);
    assert_eq!(told_by(&team, "2025-04-01", "2025-04-30", &budget(1.0)).len(), 1);
    // A budget that is set when it has passed already is told at once.
    let (state, _) = judged(&team, AlertState::default(), "2025-03-03", "2025-03-12", &rules());
    let (_, events) = judged(&team, state, "2025-03-13", "2025-03-20", &budget(100.0));
    assert_eq!(events.len(), 1);
}

#[test]
fn nothing_is_said_of_costs_where_they_are_not_shown() {
    let hidden = AlertRules { show_cost: false, budget: Some(1.0), ..rules() };
    let team = expensive(&["2025-03-04"]).on("2025-03-05", 4, 100 * DOLLAR);
    assert_eq!(
        told_by(&team, "2025-03-03", "2025-03-05", &hidden),
        ["usage drop on Wed, Mar 5: 4 sessions, usually 20"]
    );
    // Nor is the end told of a spike that was told before they were hidden.
    let (state, events) = judged(&team, AlertState::default(), "2025-03-03", "2025-03-04", &rules());
    assert_eq!(events.len(), 1);
    let (_, events) = judged(&team, state, "2025-03-06", "2025-03-07", &AlertRules { show_cost: false, ..rules() });
    assert_eq!(events, []);
}

#[test]
fn requests_that_cannot_be_are_named_beside_a_spike() {
    let day = "2025-03-04";
    let words = |count| told(&expensive(&[day]).implausible(day, count), day, day);
    assert_eq!(
        words(1),
        ["cost spike on Tue, Mar 4: estimated $100.00, usually $40.00, without 1 request with impossible figures"]
    );
    assert!(words(7)[0].ends_with(", without 7 requests with impossible figures"));
}
