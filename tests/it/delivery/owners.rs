//! What owners hear: the run report of a day, and what needs a person; each once.

use crate::support::app::App;
use recap::{
    model::{Covers, DeliveryId, LocalTime, Weekdays},
    standin::{Channel, Fault, Person, Times},
    store::{NewDelivery, Planned, Priority, STOPPED},
};

async fn app() -> App {
    let people = vec![
        Person::new("U0ADA", "Ada").email("ada@example.com"),
        Person::new("U0EVE", "Eve").email("eve@example.com"),
    ];
    let app = App::with("2026-09-14T08:00:00Z", people, &[("OPS__OWNERS", "eve@example.com")]).await;
    app.session("ada", "2026-09-11 10:00:00").await;
    app.opts_in("ada").await;
    app.wind_to("2026-09-14T09:00:01Z");
    app.tick().await;
    app
}

async fn told(app: &mut App) -> Vec<String> {
    for _ in 0..2 {
        app.owners.look(app.clock.now()).await.unwrap();
        app.deliver_until_idle().await;
    }
    app.slack.messages_to("eve@example.com").into_iter().map(|message| message.text).collect()
}

#[tokio::test]
async fn a_days_run_is_reported_once_it_is_over() {
    let mut app = app().await;
    app.owners.look(app.clock.now()).await.unwrap();
    app.deliver_until_idle().await;
    let reports = |told: Vec<String>| told.into_iter().filter(|text| text.starts_with("Daily digests, ")).collect();
    let early: Vec<String> =
        reports(app.slack.messages_to("eve@example.com").into_iter().map(|message| message.text).collect());
    assert_eq!(early.len(), 0, "before it was over");

    let told: Vec<String> = reports(told(&mut app).await);

    assert_eq!(told.len(), 1, "{told:?}");
    assert!(told[0].contains("Expected 1") || told[0].contains("expected 1"), "{told:?}");
    assert!(told[0].contains("sent 1"), "{told:?}");
}

#[tokio::test]
async fn a_cohort_that_does_not_end_is_told_of() {
    let mut app = app().await;
    app.slack.fault("chat.postMessage", Fault::LoseReply, Times(1));
    app.slack.fault("conversations.history", Fault::MissingScope("im:history".into()), Times::UNTIL_CLEARED);
    app.relay.drain().await.unwrap();
    for _ in 0..3 {
        app.clock.step(chrono::TimeDelta::minutes(10));
        app.clock.sleep_until(app.clock.now() + chrono::TimeDelta::seconds(30)).await;
        app.reconciler.step().await.unwrap();
    }

    app.owners.look(app.clock.now()).await.unwrap();
    app.owners.look(app.clock.now()).await.unwrap();
    app.relay.drain().await.unwrap();

    let told: Vec<_> = app.slack.messages_to("eve@example.com").into_iter().map(|message| message.text).collect();
    assert_eq!(told.len(), 3, "{told:?}");
    let id = app.latest("ada").await.unwrap().id;
    assert!(told.iter().any(|text| text.contains(&format!("recap resolve {id} arrived"))), "{told:?}");
    assert!(told.iter().any(|text| text.contains("are late")), "{told:?}");
    assert!(told.iter().any(|text| text.contains("unknown 1")), "{told:?}");
}

/// A weekly delivery of `team` that ended or waits as `outcome` says, due on Monday of 2026-W38.
fn weekly(team: &str, outcome: Planned) -> NewDelivery {
    let due = "2026-09-14T07:00:00Z".parse().unwrap();
    NewDelivery {
        id: DeliveryId::new(),
        report: "weekly".to_owned(),
        recipient: team.to_owned(),
        period: "2026-W38".to_owned(),
        email: None,
        priority: Priority::Scheduled,
        turn: 0,
        outcome,
        due,
        send_at: due,
        expires: due + chrono::TimeDelta::hours(8),
        zone: chrono_tz::Tz::UTC,
        time: LocalTime::MIDNIGHT,
        weekdays: Weekdays::EVERY_DAY,
        covers: Covers::Morning,
        calendar: String::new(),
        resume_from: None,
    }
}

#[tokio::test]
async fn a_weeks_run_is_reported_once_with_the_teams_that_got_nothing() {
    let mut app = app().await;
    let weeklies = [
        weekly("Web", Planned::Due),
        weekly("Design", Planned::Missed("warehouse_unavailable".to_owned())),
        weekly("Quiet", Planned::Skipped("holiday".to_owned())),
    ];
    app.store.plan(&weeklies, &[], app.clock.now()).await.unwrap();
    app.owners.look(app.clock.now()).await.unwrap();
    app.relay.drain().await.unwrap();
    let early = app.slack.messages_to("eve@example.com");
    let reported = early.iter().any(|message| message.text.starts_with("Weekly summaries, "));
    assert!(!reported, "one waits still: {early:?}");

    let claimed = app.store.claim_cohort("one", app.clock.now()).await.unwrap().unwrap();
    assert_eq!((claimed.key.report.as_str(), claimed.deliveries.len()), ("weekly", 1));
    app.store.fail_planned("one", &[claimed.deliveries[0].id.clone()], "is_archived", app.clock.now()).await.unwrap();
    let told = told(&mut app).await;

    let reports: Vec<_> =
        told.iter().filter(|text| text.starts_with("Weekly summaries, 2026-W38: expected 3")).collect();
    assert_eq!(reports.len(), 1, "{told:?}");
    assert!(
        reports[0].contains(
            "Teams without a summary: Design (ClickHouse could not be asked); Web (the channel is archived (`is_archived`))."
        ),
        "{reports:?}"
    );
    assert!(told.iter().any(|text| text.starts_with("Daily digests, Mon, Sep 14, 2026")), "{told:?}");
}

#[tokio::test]
async fn a_channel_that_may_not_be_read_stops_nobody_else() {
    let mut app = app().await;
    app.slack.change(|workspace| workspace.channels.push(Channel::new("C0OPS", "ops")));
    let message = r#"{"text":"hello","blocks":[]}"#.to_owned();
    let posted = NewDelivery {
        report: "notice.ops".to_owned(),
        recipient: "C0OPS".to_owned(),
        expires: app.clock.now() + chrono::TimeDelta::hours(8),
        ..weekly("", Planned::Rendered(message))
    };
    app.store.plan(std::slice::from_ref(&posted), &[], app.clock.now()).await.unwrap();
    app.slack.fault("chat.postMessage", Fault::LoseReply, Times(1));
    app.relay.drain().await.unwrap();
    for _ in 0..3 {
        app.clock.step(chrono::TimeDelta::minutes(10));
        app.clock.sleep_until(app.clock.now() + chrono::TimeDelta::seconds(30)).await;
        app.reconciler.step().await.unwrap();
    }

    let unknown = app.store.delivery(&posted.id).await.unwrap().unwrap();
    assert_eq!((unknown.state.as_str(), unknown.reason.as_deref()), ("unknown", Some("unreadable_missing_scope")));
    assert_eq!(app.store.value(STOPPED).await.unwrap(), None);
    app.relay.drain().await.unwrap();
    assert_eq!(app.outcome("ada").await.0, "sent");
    assert_eq!(app.slack.messages_in("C0OPS").len(), 1);
}
