//! Who gets a digest: consent, enrollment, the directory, and many at once.

use super::rendered;
use crate::support::app::App;
use recap::{
    planner::{self, Rules},
    standin::Person,
    store::{Activity, ConsentKind, HALTED},
};
use std::sync::Arc;

fn person(name: &str) -> Person {
    Person::new(format!("U0{}", name.to_uppercase()), name).email(format!("{name}@example.com"))
}

fn team() -> Vec<Person> {
    vec![
        person("ada"),
        person("bob"),
        person("eve"),
        Person { is_restricted: true, ..person("guest") },
        person("gone").deactivated(),
    ]
}

const EVERYBODY: [&str; 5] = ["ada", "bob", "eve", "guest", "gone"];

#[tokio::test]
async fn opt_out_enrollment_takes_full_members_with_usage_until_they_say_no() {
    let mut app = App::with("2026-09-14T08:00:00Z", team(), &[("DIGEST__ENROLLMENT", "opt_out")]).await;
    for who in EVERYBODY.into_iter().filter(|who| *who != "eve") {
        app.session(who, "2026-09-11 10:00:00").await;
    }
    app.learn_usage().await;
    app.consents("bob", ConsentKind::OptOut).await;
    app.sync().await;

    app.wind_to("2026-09-14T09:00:01Z");
    app.tick().await;
    app.deliver_until_idle().await;

    let sent: Vec<_> = EVERYBODY.map(|who| app.slack.messages_to(&format!("{who}@example.com")).len()).into();
    assert_eq!(sent, [1, 0, 0, 0, 0]);
    let text = &app.slack.messages_to("ada@example.com")[0].text;
    assert!(text.contains("first digest"), "{text}");
}

#[tokio::test]
async fn who_left_meanwhile_gets_nothing_and_the_ledger_says_why() {
    let mut app = rendered().await;
    app.slack.change(|workspace| workspace.people[0].deleted = true);
    app.sync().await;

    app.deliver_until_idle().await;

    assert_eq!(app.outcome("ada").await, ("skipped".into(), Some("deactivated".into())));
    let subscription = app.store.subscription("daily", "U0ADA").await.unwrap().unwrap();
    assert_eq!((subscription.activity, subscription.next_due), (Activity::Off("deactivated".into()), None));
}

#[tokio::test]
async fn a_command_that_does_not_know_what_the_daemon_was_told_takes_nothing_back() {
    let mut app = App::at("2026-09-14T08:00:00Z").await;
    assert!(app.rules().await.enabled_at.is_some());
    Arc::make_mut(&mut app.settings).digest.enabled = false;
    app.opts_in("ada").await;
    assert_eq!(app.store.subscription("daily", "U0ADA").await.unwrap().unwrap().activity, Activity::On);

    Rules::begin(&app.settings, &app.store, app.clock.now()).await.unwrap();
    app.refresh().await;
    let off = Activity::Off("not_enabled".into());
    assert_eq!(app.store.subscription("daily", "U0ADA").await.unwrap().unwrap().activity, off);
}

#[tokio::test]
async fn somebody_without_an_identity_is_told_once() {
    let mut app = App::at("2026-09-14T08:00:00Z").await;
    app.opts_in("ada").await;
    for day in ["14", "15", "16"] {
        app.wind_to(&format!("2026-09-{day}T09:00:01Z"));
        app.tick().await;
        app.deliver_until_idle().await;
        assert_eq!(app.outcome("ada").await, ("skipped".into(), Some("no_identity".into())));
    }
    let messages = app.slack.messages_to("ada@example.com");
    assert_eq!(messages.len(), 1);
    assert!(messages[0].text.contains("ada@example.com"), "{}", messages[0].text);
}

#[tokio::test]
async fn two_planners_at_once_and_a_cohort_of_many_send_each_digest_once() {
    let people: Vec<_> = (0..40).map(|number| person(&format!("p{number}"))).collect();
    let mut app = App::with("2026-09-14T00:00:00Z", people, &[]).await;
    for number in 0..40 {
        app.session(&format!("p{number}"), "2026-09-11 10:00:00").await;
        app.opts_in(&format!("p{number}")).await;
    }
    app.wind_to("2026-09-14T09:00:01Z");
    let (rules, now) = (app.rules().await, app.clock.now());
    let (one, other) = tokio::join!(planner::plan(&app.store, &rules, now), planner::plan(&app.store, &rules, now));
    assert_eq!(one.unwrap().written + other.unwrap().written, 40);
    app.tick().await;
    app.store.set_value(HALTED, Some("test")).await.unwrap();
    app.relay.drain().await.unwrap();
    assert_eq!(app.slack.messages().len(), 0);
    app.store.set_value(HALTED, None).await.unwrap();

    app.deliver_until_idle().await;

    let counts = app.messages_by_delivery();
    assert_eq!((counts.len(), counts.values().max()), (40, Some(&1)));
}
