use super::{AlertRules, CENT, DOLLAR, date, rules, steady, told, told_by};
use chrono::Days;

const WEDNESDAY: &str = "2025-03-05";

/// Whether `sessions` for `cost` on the Wednesday are told.
fn is_told(sessions: u64, cost: i64, rules: &AlertRules) -> bool {
    !told_by(&steady("2025-01-06").on(WEDNESDAY, sessions, cost), WEDNESDAY, WEDNESDAY, rules).is_empty()
}

#[test]
fn a_spike_is_above_the_factor_and_above_the_floor() {
    // $40 is usual.
    for (floor, factor, cost, expected) in [
        (20.0, 2.0, 80 * DOLLAR, false),
        (20.0, 2.0, 80 * DOLLAR + 1, true),
        (80.0, 1.5, 80 * DOLLAR, false),
        (80.0, 1.5, 80 * DOLLAR + 1, true),
        (90.0, 2.0, 85 * DOLLAR, false),
        (20.0, 1.1, 44 * DOLLAR, false),
        (20.0, 1.1, 44 * DOLLAR + 1, true),
    ] {
        let rules = AlertRules { cost_floor: floor, cost_factor: factor, ..rules() };
        assert_eq!(is_told(20, cost, &rules), expected, "{floor} {factor} {cost}");
    }
}

#[test]
fn a_drop_is_below_the_factor_of_a_base_that_reaches_the_floor() {
    // 20 sessions are usual.
    for (floor, factor, sessions, expected) in [
        (10.0, 0.5, 10, false),
        (10.0, 0.5, 9, true),
        (10.0, 0.5, 0, true),
        (20.0, 0.5, 9, true),
        (20.5, 0.5, 0, false),
        (10.0, 0.55, 11, false),
        (10.0, 0.55, 10, true),
    ] {
        let rules = AlertRules { sessions_floor: floor, sessions_factor: factor, ..rules() };
        assert_eq!(is_told(sessions, 40 * DOLLAR, &rules), expected, "{floor} {factor} {sessions}");
    }
}

#[test]
fn the_median_is_of_the_four_same_weekdays_before() {
    let team = steady("2025-01-06")
        .on("2025-02-05", 26, 10 * DOLLAR)
        .on("2025-02-12", 22, 36 * DOLLAR)
        .on("2025-02-19", 24, 41 * DOLLAR + CENT)
        .on("2025-02-26", 90, 500 * DOLLAR)
        // Neither an older one nor another weekday counts.
        .on("2025-01-29", 500, 900 * DOLLAR)
        .on("2025-03-04", 21, 79 * DOLLAR);
    // Of an even count, the middle between the two in the middle: 25 sessions, $38.505.
    for (cost, expected) in [(7701 * CENT, false), (7701 * CENT + 1, true)] {
        assert_eq!(!told(&team.clone().on(WEDNESDAY, 20, cost), WEDNESDAY, WEDNESDAY).is_empty(), expected);
    }
    assert_eq!(
        told(&team.clone().on(WEDNESDAY, 12, 78 * DOLLAR), WEDNESDAY, WEDNESDAY),
        [
            "cost spike on Wed, Mar 5: estimated $78.00, usually $38.51",
            "usage drop on Wed, Mar 5: 12 sessions, usually 25"
        ]
    );
    // Without one of them: the middle of three.
    let rules = AlertRules { days_off: [date("2025-02-05"), date("2025-01-29"), date("2025-01-22")].into(), ..rules() };
    assert_eq!(
        told_by(&team.on(WEDNESDAY, 12, 0), WEDNESDAY, WEDNESDAY, &rules),
        told(&steady("2025-02-01"), WEDNESDAY, WEDNESDAY),
        "12 is half of 24"
    );
}

#[test]
fn history_begins_three_weeks_before() {
    for (first, expected) in [(20, 0), (21, 2), (22, 2)] {
        let first = date(WEDNESDAY) - Days::new(first);
        let team = steady(&first.to_string()).on(WEDNESDAY, 3, 200 * DOLLAR);
        assert_eq!(told(&team, WEDNESDAY, WEDNESDAY).len(), expected, "{first}");
    }
    // What was used once long ago and then no more is not used.
    let long_ago = steady("2025-02-24").on("2025-01-21", 20, DOLLAR).on(WEDNESDAY, 3, 200 * DOLLAR);
    assert_eq!(told(&long_ago, WEDNESDAY, WEDNESDAY), Vec::<String>::new());
}

#[test]
fn days_off_are_neither_compared_with_nor_called_a_drop() {
    let off = |days: &[&str]| AlertRules { days_off: days.iter().map(|day| date(day)).collect(), ..rules() };
    let quiet = ["2025-02-12", "2025-02-19", "2025-02-26"];
    let team = quiet.iter().fold(steady("2025-01-06"), |team, day| team.on(day, 0, 0)).on(WEDNESDAY, 8, 50 * DOLLAR);
    // With three quiet days among the four, nothing is usual and $50 are a spike; without them, six weeks are looked over.
    assert_eq!(told(&team, WEDNESDAY, WEDNESDAY), ["cost spike on Wed, Mar 5: estimated $50.00, usually $0.00"]);
    assert_eq!(
        told_by(&team, WEDNESDAY, WEDNESDAY, &off(&quiet)),
        ["usage drop on Wed, Mar 5: 8 sessions, usually 20"]
    );
    // Two days are too few for a median.
    assert_eq!(told_by(&team, WEDNESDAY, WEDNESDAY, &off(&[&quiet[..], &["2025-02-05"]].concat())), [""; 0]);
    assert_eq!(told_by(&team, WEDNESDAY, WEDNESDAY, &off(&[&quiet[..], &[WEDNESDAY]].concat())), [""; 0]);
    // A spike is one on any day, at a weekend too.
    let team = team.on("2025-03-08", 4, 2_050 * CENT);
    assert_eq!(
        told_by(&team, "2025-03-08", "2025-03-08", &off(&["2025-03-08"])),
        ["cost spike on Sat, Mar 8: estimated $20.50, usually $0.00"]
    );
}

#[test]
fn a_day_with_a_clock_change_is_a_day() {
    // Berlin's clocks leap on Sunday, March 30, and in Santiago they go back at midnight before Sunday, April 6.
    let team = steady("2025-01-06").on("2025-03-30", 4, 50 * DOLLAR).on("2025-04-06", 4, 60 * DOLLAR);
    assert_eq!(
        told(&team, "2025-03-30", "2025-03-31"),
        [
            "cost spike on Sun, Mar 30: estimated $50.00, usually $0.00",
            "cost back to usual on Mon, Mar 31: estimated $40.00, usually $40.00"
        ]
    );
    let team = super::Team { zone: chrono_tz::Tz::America__Santiago, ..team };
    assert_eq!(told(&team, "2025-04-05", "2025-04-06"), ["cost spike on Sun, Apr 6: estimated $60.00, usually $0.00"]);
}
