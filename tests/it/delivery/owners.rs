//! What owners hear: the run report of a day, and what needs a person; each once.

use crate::support::app::App;
use recap::standin::{Fault, Person, Times};

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
    assert_eq!(app.slack.messages_to("eve@example.com").len(), 0, "before it was over");

    let told = told(&mut app).await;

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
