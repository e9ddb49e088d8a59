//! Zones: everybody at their own nine o'clock, and who moves gets no date twice and no hour left out.

use crate::support::app::App;
use recap::standin::Person;

fn ada(zone: &str) -> Vec<Person> {
    vec![Person::new("U0ADA", "Ada").email("ada@example.com").tz(zone)]
}

#[tokio::test]
async fn nine_oclock_stays_nine_oclock_when_clocks_change() {
    let mut app = App::with("2026-10-23T05:00:00Z", ada("Europe/Berlin"), &[]).await;
    app.opts_in("ada").await;
    for (session, due) in [
        ("2026-10-22 10:00:00", "2026-10-23T07:00:00Z"),
        // Clocks went back on Sunday.
        ("2026-10-25 10:00:00", "2026-10-26T08:00:00Z"),
    ] {
        app.session("ada", session).await;
        app.clock.step(
            due.parse::<chrono::DateTime<chrono::Utc>>().unwrap() - chrono::TimeDelta::minutes(1) - app.clock.now(),
        );
        assert_eq!(app.tick().await.due, 0, "{due}");
        app.wind_to(due);
        assert_eq!(app.tick().await.due, 1, "{due}");
        app.deliver_until_idle().await;
    }
    assert_eq!(app.slack.messages_to("ada@example.com").len(), 2);
}

#[tokio::test]
async fn a_move_east_passes_over_what_comes_too_soon_and_its_window_starts_where_the_last_ended() {
    let mut app = App::with("2026-09-14T12:00:00Z", ada("America/New_York"), &[]).await;
    app.session("ada", "2026-09-11 15:00:00").await;
    app.opts_in("ada").await;
    app.wind_to("2026-09-14T13:00:01Z");
    app.tick().await;
    app.deliver_until_idle().await;
    assert_eq!(app.slack.messages().len(), 1);

    app.session("ada", "2026-09-14 20:00:00").await;
    app.slack.change(|workspace| workspace.people[0].tz = Some("Asia/Tokyo".into()));
    app.sync().await;
    // 09:00 on Tuesday in Tokyo is eleven hours after Monday's digest in New York.
    app.wind_to("2026-09-15T00:00:01Z");
    assert_eq!(app.tick().await.due, 0);
    let passed = app.latest("ada").await.unwrap();
    assert_eq!((passed.period.as_str(), passed.reason.as_deref()), ("2026-09-15", Some("zone_moved")));

    app.wind_to("2026-09-16T00:00:01Z");
    app.tick().await;
    app.deliver_until_idle().await;

    let messages = app.slack.messages_to("ada@example.com");
    assert_eq!(messages.len(), 2);
    // Monday evening in New York belongs to it.
    assert!(messages[1].text.contains("1 session"), "{}", messages[1].text);
}
