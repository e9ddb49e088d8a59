//! That there is always a digest to see, and what is printed of it.

use super::*;
use crate::sample::{Agent, Persona};
use chrono::{DateTime, TimeDelta, Utc};

/// Whether the first member has a session in the window of the digest that is the latest at `now`.
fn has_something_to_read(now: DateTime<Utc>) -> bool {
    let settings = Settings::load(None, []).unwrap();
    let mut usage = Usage::new(Options { members: 1, days: 5, seed: SEED, end: now, events_target: None });
    let reported = enrolled::schedule(&settings, usage.members()[0].zone).latest_window(now).reported();
    usage.any(|event| {
        let session = &event.session;
        session.member.persona == Persona::Steady && session.agent == Agent::ClaudeCode && reported.contains(&event.at)
    })
}

#[test]
fn the_first_member_has_a_digest_whatever_day_and_hour_it_is() {
    // Weeks with a new year, a leap day and both changes of the clock in Berlin; each hour, on the half.
    for first in ["2025-12-26T00:30:00Z", "2028-02-25T00:30:00Z", "2026-03-27T00:30:00Z", "2026-10-23T00:30:00Z"] {
        let first: DateTime<Utc> = first.parse().unwrap();
        for hour in 0..24 * 8 {
            let now = first + TimeDelta::hours(hour);
            assert!(has_something_to_read(now), "{now}");
        }
    }
}

#[test]
fn only_the_clickhouse_and_the_slack_of_an_installation_are_left_alone() {
    let load = |pairs: &[(&str, &str)]| {
        Settings::load(None, pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))).unwrap()
    };
    let installation = load(&[
        ("RECAP__CLICKHOUSE__URL", "https://clickhouse.example.com"),
        ("RECAP__CLICKHOUSE__LOGS_TABLE", "elsewhere"),
        ("RECAP__SLACK__BOT_TOKEN", "xoxb-real"),
        ("RECAP__DIGEST__SHOW_COST", "false"),
    ]);
    let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    let demo = settings(
        &installation,
        &[
            pair("RECAP__CLICKHOUSE__URL", "http://127.0.0.1:4000"),
            pair("RECAP__SLACK__API_URL", "http://127.0.0.1:4001/api"),
            pair("RECAP__SLACK__BOT_TOKEN", people::TOKEN),
        ],
    )
    .unwrap();
    assert_eq!(demo.slack.api_url, "http://127.0.0.1:4001/api");
    assert_eq!(demo.clickhouse.logs_table, None);
    assert!(!demo.digest.sections().cost);
}

#[test]
fn the_text_is_printed_on_one_line() {
    assert_eq!(line("12 sessions\n  and more "), "12 sessions and more\n");
}
