//! What a team's owners hear of its days: judged on rows, kept in the store, sent by DM.

use crate::support::{
    app::App,
    events::{Event, Tables, insert, request},
};
use chrono::{DateTime, Datelike, Days, NaiveDate, TimeDelta, Utc, Weekday};
use recap::{
    daemon::{Alerts, Looked},
    planner::Rules,
    standin::Person,
};
use std::{collections::BTreeSet, sync::Arc};

const MEMBERS: [&str; 3] = ["ada", "bob", "cy"];

/// Four sessions of each member for a dollar each, on `day` at `hour`.
fn sessions(day: NaiveDate, hour: u32, dollars: &str) -> Vec<Event> {
    let each = |member: &str| {
        let (email, member) = (format!("{member}@example.com"), member.to_owned());
        (0..4).map(move |number| {
            let id = format!("{member} {day} {hour} {number}");
            request(&format!("{day} {hour:02}:0{number}:00"), &email, &id, &id, dollars)
        })
    };
    MEMBERS.iter().flat_map(|member| each(member)).collect()
}

/// A team in UTC on Wednesday, March 11, before nine; its Tuesday cost $120 in place of $12.
async fn app() -> (App, Alerts) {
    let people = vec![
        Person::new("U0ADA", "Ada").email("ada@example.com"),
        Person::new("U0EVE", "Eve").email("eve@example.com"),
        Person::new("U0OLD", "Old").email("old@example.com").deactivated(),
    ];
    let settings = [
        ("TEAMS__PLATFORM__MEMBERS", "ada@example.com,bob@example.com,cy@example.com"),
        ("TEAMS__PLATFORM__OWNERS", "eve@example.com,old@example.com,nobody@example.com"),
        ("TEAMS__PLATFORM__ENABLED", "true"),
    ];
    let app = App::with("2026-03-11T08:00:00Z", people, &settings).await;
    let first: NaiveDate = "2026-01-26".parse().unwrap();
    let unusual: NaiveDate = "2026-03-10".parse().unwrap();
    let days = first.iter_days().take_while(|day| *day < unusual);
    let days = days.filter(|day| !matches!(day.weekday(), Weekday::Sat | Weekday::Sun));
    let mut events: Vec<_> = days.flat_map(|day| sessions(day, 10, "1")).collect();
    events.extend(sessions(unusual, 10, "10"));
    insert(Tables::Map, &app.database, &events).await;
    let alerts = Alerts {
        settings: Arc::clone(&app.settings),
        store: app.store.clone(),
        warehouse: app.reporting.warehouse.clone(),
        templates: Arc::clone(&app.reporting.templates),
        client: app.client.clone(),
    };
    (app, alerts)
}

/// A look at `now`, the team being enabled since February.
async fn look(app: &App, alerts: &Alerts, now: &str) -> Looked {
    let mut rules: Rules = app.rules().await;
    let since: DateTime<Utc> = "2026-02-01T00:00:00Z".parse().unwrap();
    rules.teams.get_mut("platform").unwrap().weekly.enabled_at = Some(since);
    alerts.look(&rules, now.parse().unwrap()).await.unwrap()
}

fn looked(judged: u64, planned: u64, waits: bool) -> Looked {
    Looked { judged, planned, waits }
}

#[tokio::test]
async fn owners_hear_of_a_spike_once_and_then_of_its_end() {
    let (mut app, alerts) = app().await;
    assert_eq!(look(&app, &alerts, "2026-03-11T08:59:00Z").await, Looked::default());
    assert_eq!(look(&app, &alerts, "2026-03-11T09:00:00Z").await, looked(1, 1, false));
    assert_eq!(look(&app, &alerts, "2026-03-11T09:01:00Z").await, Looked::default());
    app.wind_to("2026-03-11T09:02:00Z");
    app.deliver_until_idle().await;
    insert(Tables::Map, &app.database, &sessions("2026-03-11".parse().unwrap(), 10, "1")).await;
    app.wind_to("2026-03-12T09:00:00Z");
    assert_eq!(look(&app, &alerts, "2026-03-12T09:00:00Z").await, looked(1, 1, false));
    app.deliver_until_idle().await;

    let told: Vec<_> = app.slack.messages_to("eve@example.com").into_iter().map(|message| message.text).collect();
    assert_eq!(told.len(), 2, "{told:?}");
    assert!(told[0].contains("Cost spike on Tue, Mar 10: estimated $120.00, usually $12.00."), "{told:?}");
    assert!(told[1].contains("Cost back to usual on Wed, Mar 11: estimated $12.00, usually $12.00."), "{told:?}");
    assert_eq!(app.slack.messages().len(), 2, "neither members nor who has left hear of it");
    let day = |text: &str| text.parse::<NaiveDate>().unwrap();
    let teams = BTreeSet::from(["platform".to_owned()]);
    let kept = app.store.incidents(&teams, day("2026-03-09"), day("2026-03-15")).await.unwrap();
    let kinds: Vec<_> = kept.iter().map(|incident| (incident.kind.as_str(), incident.day.to_string())).collect();
    assert_eq!(kinds, [("cost_spike", "2026-03-10".to_owned()), ("cost_recovered", "2026-03-11".to_owned())]);
}

#[tokio::test]
async fn a_message_that_was_planned_before_a_crash_is_not_sent_again() {
    let (mut app, alerts) = app().await;
    assert_eq!(look(&app, &alerts, "2026-03-11T09:00:00Z").await, looked(1, 1, false));
    // As it stood when the message was planned and that was not noted.
    let after = app.store.alert_states().await.unwrap().remove("platform").unwrap();
    let mut before: serde_json::Value = serde_json::from_str(&after).unwrap();
    let spike = serde_json::json!({"day": "2026-03-10", "kind": "cost_spike", "cost_nanos": 120_000_000_000_i64,
        "usual": 12_000_000_000_i64, "implausible": 0});
    before["telling"] = serde_json::json!({"date": "2026-03-11", "events": [spike]});
    before["told"] = serde_json::Value::Null;
    assert!(app.store.judged("platform", (Some(&after), &before.to_string()), &[]).await.unwrap());

    // Whether the same day or the next: it is the same message.
    assert_eq!(look(&app, &alerts, "2026-03-11T09:05:00Z").await, looked(0, 0, false));
    assert_eq!(app.store.alert_states().await.unwrap().remove("platform").unwrap(), after);
    app.deliver_until_idle().await;
    assert_eq!(app.slack.messages_to("eve@example.com").len(), 1);
}

#[tokio::test]
async fn a_day_waits_while_the_telemetry_of_everybody_is_behind() {
    let (app, alerts) = app().await;
    // On Wednesdays before there was something by nine.
    let wednesday: NaiveDate = "2026-03-11".parse().unwrap();
    for weeks in 1..=4 {
        insert(Tables::Map, &app.database, &sessions(wednesday - Days::new(7 * weeks), 6, "0.01")).await;
    }
    assert_eq!(look(&app, &alerts, "2026-03-11T09:00:00Z").await, looked(0, 0, true));
    insert(Tables::Map, &app.database, &sessions(wednesday, 6, "0.01")).await;
    assert_eq!(look(&app, &alerts, "2026-03-11T09:15:00Z").await, looked(1, 1, false));
    let delivery = app.store.deliveries_of("notice.alert", "U0EVE", None, 5).await.unwrap();
    assert_eq!(delivery.len(), 1);
    assert_eq!(delivery[0].period, "platform.2026-03-11");
    assert!(delivery[0].expires - delivery[0].due >= TimeDelta::hours(12));
}
