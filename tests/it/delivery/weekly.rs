//! What a team's channel gets: one summary a week, held while telemetry is late, updated and never repeated.

mod people;

use crate::support::{app::App, installation::TOKEN};
use recap::{
    config::Membership,
    daemon::TeamLists,
    model::{DeliveryId, MemberEmail, MemberId, Stay, WorkspaceId},
    planner, slack,
    standin::{Channel, Fault, Person, Times, UserGroup, Workspace},
    store::{ConsentKind, Database, DeliveryRecord, HALTED, StoreOptions},
    team::{Revealed, reveal},
};
use std::time::Duration;

const CHANNEL: &str = "C0PLATFORM";
const EVERYBODY: [&str; 5] = ["ada", "bob", "cid", "dan", "eve"];
const SETTINGS: [(&str, &str); 3] = [
    ("TEAMS__PLATFORM__ENABLED", "true"),
    ("TEAMS__PLATFORM__MEMBERS", "ada@example.com,bob@example.com,cid@example.com,dan@example.com,eve@example.com"),
    ("TEAMS__PLATFORM__CHANNEL", CHANNEL),
];

fn workspace() -> Workspace {
    let person = |name: &str| {
        Person::new(format!("U0{}", name.to_uppercase()), name.to_uppercase()).email(format!("{name}@example.com"))
    };
    let group = UserGroup::new("S0PLATFORM", "platform", ["U0ADA", "U0BOB", "U0CID", "U0DAN", "U0EVE"]);
    Workspace::new("T0TEST", TOKEN)
        .people(EVERYBODY.map(person))
        .channel(Channel::new(CHANNEL, "platform"))
        .group(group)
}

/// Sunday evening before the summary of the week of September 7, in which everybody had a session on Wednesday, and Ada
/// two more.
async fn sunday_with(settings: &[(&str, &str)]) -> App {
    let app = App::of("2026-09-13T20:00:00Z", workspace(), settings).await;
    for who in EVERYBODY {
        app.session(who, "2026-09-09 10:00:00").await;
    }
    app.session("ada", "2026-09-10 10:00:00").await;
    app.session("ada", "2026-09-11 10:00:00").await;
    app
}

async fn sunday() -> App {
    sunday_with(&SETTINGS).await
}

/// Monday at nine, planned, computed and sent; telemetry has come since the week ended.
async fn posted() -> App {
    let mut app = sunday().await;
    app.session("bob", "2026-09-14 07:00:00").await;
    app.wind_to("2026-09-14T09:00:01Z");
    app.tick().await;
    app.deliver_until_idle().await;
    app
}

async fn delivery(app: &App) -> DeliveryRecord {
    app.store.deliveries_of("weekly", "platform", None, 1).await.unwrap().pop().unwrap()
}

fn texts(app: &App) -> Vec<String> {
    app.slack.messages_in(CHANNEL).into_iter().map(|message| message.text).collect()
}

#[tokio::test]
async fn a_summary_is_posted_once_to_the_teams_channel_at_its_time() {
    let mut app = sunday().await;
    app.session("bob", "2026-09-14 07:00:00").await;

    app.wind_to("2026-09-14T08:59:00Z");
    assert_eq!(app.tick().await.due, 0);
    app.wind_to("2026-09-14T09:00:01Z");
    assert_eq!(app.tick().await.written, 1);
    assert_eq!(app.tick().await.written, 0);
    app.deliver_until_idle().await;

    let texts = texts(&app);
    assert_eq!(texts.len(), 1, "{texts:?}");
    assert!(texts[0].contains("7 sessions") && texts[0].contains("5 of 5"), "{}", texts[0]);
    assert_eq!(app.slack.messages().len(), 1);
    assert_eq!(app.team_outcome("platform").await, Some(("sent".into(), None)));
    assert_eq!(delivery(&app).await.period, "2026-W38");
}

#[tokio::test]
async fn nothing_is_posted_for_a_team_that_is_not_enabled() {
    let app = sunday_with(&SETTINGS[1..]).await;
    app.wind_to("2026-09-14T09:00:01Z");
    assert_eq!(app.tick().await.due, 0);
    assert_eq!(app.team_outcome("platform").await, None);
}

#[tokio::test]
async fn a_summary_waits_for_late_telemetry_and_is_sent_when_it_comes() {
    let mut app = sunday().await;
    // In earlier weeks somebody had worked by nine on Monday.
    app.session("bob", "2026-09-07 07:00:00").await;
    app.session("bob", "2026-08-31 07:00:00").await;
    app.wind_to("2026-09-14T09:00:01Z");
    app.tick().await;
    app.relay.drain().await.unwrap();
    assert_eq!(texts(&app).len(), 0);
    assert_eq!(app.team_outcome("platform").await.unwrap().0, "planned");

    app.session("bob", "2026-09-14 08:30:00").await;
    app.wind_to("2026-09-14T09:30:00Z");
    app.tick().await;
    app.deliver_until_idle().await;

    let texts = texts(&app);
    assert_eq!(texts.len(), 1);
    assert!(!texts[0].to_lowercase().contains("data to"), "{}", texts[0]);
}

#[tokio::test]
async fn what_waited_long_enough_is_sent_and_says_up_to_when_there_is_data() {
    let mut app = sunday().await;
    app.session("bob", "2026-09-07 07:00:00").await;
    app.session("bob", "2026-08-31 07:00:00").await;
    app.wind_to("2026-09-14T09:00:01Z");
    app.tick().await;
    // A clock that is a day ahead proves nothing.
    app.session("eve", "2026-09-15 08:00:00").await;
    app.wind_to("2026-09-14T10:59:00Z");
    app.tick().await;
    assert_eq!(texts(&app).len(), 0);

    app.wind_to("2026-09-14T11:05:00Z");
    app.tick().await;
    app.deliver_until_idle().await;

    let texts = texts(&app);
    assert_eq!(texts.len(), 1);
    assert!(texts[0].to_lowercase().contains("data to fri") && texts[0].contains("10:00"), "{}", texts[0]);
}

#[tokio::test]
async fn a_quiet_monday_morning_holds_nothing() {
    let mut app = sunday().await;
    app.wind_to("2026-09-14T09:00:01Z");
    app.tick().await;
    app.deliver_until_idle().await;
    assert_eq!(texts(&app).len(), 1);
}

#[tokio::test]
async fn late_rows_update_the_message_and_never_post_a_second() {
    let app = posted().await;
    assert!(texts(&app)[0].contains("7 sessions"));

    app.session("dan", "2026-09-12 22:00:00").await;
    app.wind_to("2026-09-14T10:00:02Z");
    assert_eq!(app.reporting.revise().await.unwrap(), 1);
    assert_eq!(app.reporting.revise().await.unwrap(), 0);

    let texts = texts(&app);
    assert_eq!(texts.len(), 1);
    assert!(texts[0].contains("8 sessions"), "{}", texts[0]);
    assert_eq!(app.slack.messages().len(), 1);

    // Nothing new: the message is left alone.
    app.wind_to("2026-09-14T12:00:02Z");
    assert_eq!(app.reporting.revise().await.unwrap(), 1);
    let ts = app.slack.messages_in(CHANNEL)[0].ts.clone();
    assert_eq!(app.slack.versions_of(&ts).len(), 2);

    // After a day it stays as it is.
    app.wind_to("2026-09-15T09:00:02Z");
    assert_eq!(app.reporting.revise().await.unwrap(), 1);
    app.session("dan", "2026-09-12 23:00:00").await;
    app.wind_to("2026-09-18T09:00:02Z");
    assert_eq!(app.reporting.revise().await.unwrap(), 0);
}

#[tokio::test]
async fn a_winner_and_nobody_else_can_show_their_name() {
    let app = posted().await;
    assert!(texts(&app)[0].contains("a teammate") && !texts(&app)[0].contains("ADA"), "{}", texts(&app)[0]);
    let id: DeliveryId = delivery(&app).await.id;
    let now = app.clock.now();

    let wish = |who: &str| MemberId(format!("U0{who}"));
    assert_eq!(reveal(&app.store, &id, &wish("BOB"), now).await.unwrap(), Revealed::NotTheirs);
    assert_eq!(reveal(&app.store, &id, &wish("NOBODY"), now).await.unwrap(), Revealed::NotTheirs);
    assert_eq!(reveal(&app.store, &id, &wish("ADA"), now).await.unwrap(), Revealed::Yes);
    assert_eq!(reveal(&app.store, &id, &wish("ADA"), now).await.unwrap(), Revealed::Already);
    assert_eq!(app.reporting.revise().await.unwrap(), 1);

    let texts = texts(&app);
    assert_eq!(texts.len(), 1);
    assert!(texts[0].contains("ADA"), "{}", texts[0]);
    assert_eq!(reveal(&app.store, &DeliveryId("none".into()), &wish("ADA"), now).await.unwrap(), Revealed::TooLate);
}

#[tokio::test]
async fn who_agreed_to_be_named_is_named_at_once() {
    let mut app = sunday().await;
    app.consents("ada", ConsentKind::Named).await;
    app.wind_to("2026-09-14T09:00:01Z");
    app.tick().await;
    app.deliver_until_idle().await;
    assert!(texts(&app)[0].contains("ADA"), "{}", texts(&app)[0]);
}

#[tokio::test]
async fn a_channel_that_may_not_be_written_to_gets_nothing_and_the_owner_hears_why() {
    for (trouble, reason) in [
        ((|app: &App| app.slack.share(CHANNEL)) as fn(&App), "channel_shared"),
        (|app| app.slack.archive(CHANNEL), "is_archived"),
        (|app| app.slack.remove_from(CHANNEL), "not_in_channel"),
        (|app| app.slack.delete_channel(CHANNEL), "channel_not_found"),
    ] {
        let mut app = sunday().await;
        trouble(&app);
        app.wind_to("2026-09-14T09:00:01Z");
        app.tick().await;
        app.deliver_until_idle().await;
        assert_eq!(app.slack.messages().len(), 0, "{reason}");
        assert_eq!(app.team_outcome("platform").await, Some(("failed".into(), Some(reason.into()))));
        let refusals = app.store.refusals(app.clock.now() - chrono::TimeDelta::days(1)).await.unwrap();
        assert!(refusals.iter().any(|(report, _, code, _)| report == "weekly" && code == reason), "{refusals:?}");
    }
}

#[tokio::test]
async fn a_shared_channel_is_written_to_where_the_settings_say_so() {
    let settings = [&SETTINGS[..], &[("WEEKLY__SHARED_CHANNELS", "true")]].concat();
    let mut app = sunday_with(&settings).await;
    app.slack.share(CHANNEL);
    app.wind_to("2026-09-14T09:00:01Z");
    app.tick().await;
    app.deliver_until_idle().await;
    assert_eq!(texts(&app).len(), 1);
}

#[tokio::test]
async fn a_team_without_members_is_skipped_and_a_small_one_tells_nothing_of_anybody() {
    let empty =
        [("TEAMS__PLATFORM__ENABLED", "true"), ("TEAMS__PLATFORM__MEMBERS", ""), ("TEAMS__PLATFORM__CHANNEL", CHANNEL)];
    let mut app = sunday_with(&empty).await;
    app.wind_to("2026-09-14T09:00:01Z");
    app.tick().await;
    app.deliver_until_idle().await;
    assert_eq!(app.team_outcome("platform").await, Some(("skipped".into(), Some("no_members".into()))));

    let two = [SETTINGS[0], ("TEAMS__PLATFORM__MEMBERS", "ada@example.com,bob@example.com"), SETTINGS[2]];
    let mut app = sunday_with(&two).await;
    app.wind_to("2026-09-14T09:00:01Z");
    app.tick().await;
    app.deliver_until_idle().await;
    let texts = texts(&app);
    assert!(texts[0].contains("2 of 2") && !texts[0].contains("sessions") && !texts[0].contains('$'), "{}", texts[0]);
}

#[tokio::test]
async fn nothing_is_posted_while_slack_does_not_say_whether_the_channel_is_shared() {
    let app = sunday().await;
    app.slack.fault("conversations.info", Fault::MissingScope("channels:read".into()), Times::UNTIL_CLEARED);
    app.wind_to("2026-09-14T09:00:01Z");
    planner::plan(&app.store, &app.rules().await, app.clock.now()).await.unwrap();
    assert!(app.reporting.step().await.unwrap());
    assert_eq!(app.team_outcome("platform").await, Some(("planned".into(), Some("channel_unseen".into()))));

    app.slack.clear_faults();
    app.slack.share(CHANNEL);
    app.wind_to("2026-09-14T09:30:00Z");
    app.tick().await;
    assert_eq!(app.team_outcome("platform").await, Some(("failed".into(), Some("channel_shared".into()))));
    assert_eq!(app.slack.messages().len(), 0);
}

#[tokio::test]
async fn who_does_not_want_to_be_named_any_more_is_taken_out_of_the_message() {
    let mut app = sunday().await;
    app.consents("ada", ConsentKind::Named).await;
    app.wind_to("2026-09-14T09:00:01Z");
    app.tick().await;
    app.deliver_until_idle().await;
    // No look at late rows is to come any more.
    app.wind_to("2026-09-16T09:00:00Z");
    while app.reporting.revise().await.unwrap() > 0 {}
    assert!(texts(&app)[0].contains("ADA"), "{}", texts(&app)[0]);

    app.consents("ada", ConsentKind::Unnamed).await;
    assert_eq!(app.reporting.revise().await.unwrap(), 1);
    assert!(!texts(&app)[0].contains("ADA") && texts(&app)[0].contains("7 sessions"), "{}", texts(&app)[0]);
}

#[tokio::test]
async fn a_halt_stops_updates_within_one_message() {
    let second =
        [("TEAMS__WEB__ENABLED", "true"), ("TEAMS__WEB__MEMBERS", SETTINGS[1].1), ("TEAMS__WEB__CHANNEL", CHANNEL)];
    let mut app = sunday_with(&[&SETTINGS[..], &second].concat()).await;
    app.wind_to("2026-09-14T09:00:01Z");
    app.tick().await;
    app.deliver_until_idle().await;
    assert_eq!(texts(&app).len(), 2);
    app.session("dan", "2026-09-12 22:00:00").await;
    app.wind_to("2026-09-14T10:00:02Z");
    app.slack.fault("chat.update", Fault::SlowReply(Duration::from_mins(10)), Times(1));

    let updated = || texts(&app).iter().filter(|text| text.contains("8 sessions")).count();
    let halt = async {
        while updated() == 0 {
            tokio::task::yield_now().await;
        }
        app.store.set_value(HALTED, Some("test")).await.unwrap();
    };
    let (revised, ()) = tokio::join!(app.reporting.revise(), halt);
    revised.unwrap();
    assert_eq!(updated(), 1);
    app.store.set_value(HALTED, None).await.unwrap();
    app.wind_to("2026-09-14T10:30:00Z");
    app.reporting.revise().await.unwrap();
    assert_eq!(updated(), 2);
}

#[tokio::test]
async fn a_summary_that_waited_is_looked_at_again_before_it_goes_to_a_channel_that_was_shared_meanwhile() {
    let mut app = sunday().await;
    app.wind_to("2026-09-14T09:00:01Z");
    app.tick().await;
    assert_eq!(app.team_outcome("platform").await.unwrap().0, "rendered");
    app.slack.share(CHANNEL);

    app.wind_to("2026-09-14T09:45:00Z");
    let before = app.clock.now() - chrono::TimeDelta::minutes(30);
    assert_eq!(app.store.recall(&app.rules().await.channels(), before, app.clock.now()).await.unwrap(), 1);
    app.tick().await;
    app.deliver_until_idle().await;

    assert_eq!(app.slack.messages().len(), 0);
    assert_eq!(app.team_outcome("platform").await, Some(("failed".into(), Some("channel_shared".into()))));
}
