//! Whose numbers an answer has, and of which days: the same as the digest that comes of them.

use super::{people, told};
use crate::support::{
    app::App,
    engine,
    events::{Tables, insert, request},
};
use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Tz;
use recap::{
    clock::Clock,
    personal,
    sample::{self, Options, Shape, Usage},
    schedule::start_of_day,
    standin::Person,
    workspace::Workspace,
};

/// On Wednesday afternoon, somebody whose address stands in the rows of last Friday alone.
async fn known_by_account(now: &str) -> App {
    let app = App::with(now, people(), &[]).await;
    let of_account = |when: &str, email: &str, session: &str, id: &str| {
        request(when, email, session, id, "1.50").set("user.account_uuid", "a-1")
    };
    let rows = [
        of_account("2025-01-10 10:00:00", "ada@example.com", "s1", "r1"),
        of_account("2025-01-15 09:00:00", "", "s2", "r2"),
    ];
    insert(Tables::Map, &app.database, &rows).await;
    app
}

#[tokio::test]
async fn who_is_known_by_an_account_alone_is_told_of_today_as_the_digest_will() {
    let mut app = known_by_account("2025-01-15T14:32:30Z").await;
    let numbers = "1 session; estimated cost $1.50; 100 tokens in and 10 out.";
    let today = told(&app, "ada", "").await;
    assert!(today.text.contains(&format!("Wednesday, January 15: {numbers}")), "{}", today.text);
    let week = told(&app, "ada", "week").await;
    assert!(
        week.text.contains("Sessions by day: Mon 0, Tue 0, Wed 1."),
        "days before are no part of it: {}",
        week.text
    );

    told(&app, "ada", "on").await;
    app.wind_to("2025-01-16T09:00:01Z");
    app.tick().await;
    app.deliver_until_idle().await;
    let digest = app.slack.messages_to("ada@example.com").remove(0);
    assert!(digest.text.contains(&format!("Wednesday, January 15: {numbers}")), "{}", digest.text);
}

#[tokio::test]
async fn on_monday_before_the_hour_yes_and_preview_tell_of_friday_to_sunday() {
    let app = App::with("2025-01-20T07:00:00Z", people(), &[]).await;
    app.session("ada", "2025-01-16 10:00:00").await;
    app.session("ada", "2025-01-17 10:00:00").await;
    app.session("ada", "2025-01-18 10:00:00").await;
    let expected = "Daily Digest for Friday, January 17 to Sunday, January 19: 2 sessions";
    for text in ["preview", "on"] {
        let shown = told(&app, "ada", text).await;
        assert!(shown.text.contains(expected), "{text}: {}", shown.text);
        assert!(shown.text.contains("on Mon, Jan 20 at 09:00 (UTC)"), "{text}: {}", shown.text);
    }
}

#[tokio::test]
async fn on_saturday_a_yes_tells_of_friday() {
    let app = App::with("2025-01-18T12:00:00Z", people(), &[]).await;
    app.session("ada", "2025-01-17 10:00:00").await;
    let yes = told(&app, "ada", "on").await;
    assert!(yes.text.contains("Daily Digest for Friday, January 17: 1 session"), "{}", yes.text);
}

/// What a message says of its day: from `3 sessions` to the tokens.
fn numbers(text: &str) -> &str {
    let numbers = text.split_once(": ").unwrap().1;
    numbers.split_once(" Data to").map_or(numbers, |(numbers, _)| numbers)
}

#[tokio::test]
async fn at_the_end_of_a_day_its_numbers_are_those_of_its_digest() {
    let end: DateTime<Utc> = "2026-03-13T15:30:00Z".parse().unwrap();
    let usage = || Usage::new(Options { members: 12, days: 12, seed: 11, end, events_target: None });
    let members = usage().members();
    let known = members.iter().filter_map(|member| Some((member.email.clone()?, member.zone)));
    let person = |(index, (email, zone)): (usize, (String, Tz))| {
        Person::new(format!("U0P{index}"), "Somebody").email(&email).tz(zone.name())
    };
    let slack_people: Vec<_> = known.clone().enumerate().map(person).collect();
    let app = App::with("2026-03-12T12:00:00Z", slack_people, &[("DIGEST__SECTIONS", "sessions,cost,tokens")]).await;
    let tables = sample::Tables::of(Shape::Map, &app.database, None, None);
    sample::write(&engine::client().await, &tables, Shape::Map, usage(), |_| {}).await.unwrap();

    let workspace = app.workspace();
    let at = |now| Workspace { clock: Clock::fixed(now), ..workspace.clone() };
    let mut compared = 0;
    for (email, zone) in known {
        let member = app.store.member_by_email(&email.parse().unwrap()).await.unwrap().unwrap();
        let midnight = start_of_day(zone, "2026-03-12".parse().unwrap());
        let today = personal::today(&at(midnight - TimeDelta::nanoseconds(1)), &member).await.unwrap();
        let digest = personal::latest_digest(&at(midnight + TimeDelta::hours(9)), &member).await.unwrap();
        assert_eq!(today.empty, digest.empty, "{email}");
        if !today.empty {
            assert!(digest.message.text.contains("for Wednesday, March 11:"), "{}", digest.message.text);
            assert_eq!(numbers(&today.message.text), numbers(&digest.message.text), "{email}");
            compared += 1;
        }
    }
    assert!(compared >= 5, "{compared} had sessions");
}

#[tokio::test]
async fn who_is_not_in_the_telemetry_is_told_so_wherever_they_ask_and_whom_to_ask() {
    let app = App::with("2025-01-15T14:32:30Z", people(), &[("OPS__OWNERS", "boss@example.com")]).await;
    app.session("ada", "2025-01-07 10:00:00").await;
    for (text, within) in [("", "7 days"), ("week", "30 days"), ("preview", "30 days")] {
        let words = told(&app, "bob", text).await.text;
        let expected = format!(
            "No usage was found under bob@example.com in the last {within}. If you do use Claude Code, please ask \
             boss@example.com."
        );
        assert!(words.contains(&expected), "{text}: {words}");
    }
    // Whose latest session is eight days ago had no session, and that is all.
    for text in ["week", "preview"] {
        let words = told(&app, "ada", text).await.text;
        assert!(!words.contains("No usage was found"), "{text}: {words}");
    }
}
