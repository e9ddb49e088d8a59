//! Yes and no, by command: what is recorded, what follows, and what is never undone.

use super::{buttons, people, told, told_for};
use crate::support::app::App;
use recap::{
    model::MemberId,
    personal::{self, Surface},
    store::{Activity, ConsentKind},
    warehouse::Source,
};
use std::sync::Arc;

fn id(who: &str) -> MemberId {
    MemberId(format!("U0{}", who.to_uppercase()))
}

/// Wednesday afternoon; Ada used Claude Code yesterday.
async fn wednesday(settings: &[(&str, &str)]) -> App {
    let app = App::with("2025-01-15T14:32:30Z", people(), settings).await;
    app.session("ada", "2025-01-14 10:00:00").await;
    app
}

async fn recorded(app: &App, who: &str) -> Vec<String> {
    let audited = app.store.audited(Some(&id(who).0), 100).await.unwrap();
    audited.into_iter().rev().map(|entry| format!("{} by {} ({})", entry.action, entry.actor, entry.detail)).collect()
}

#[tokio::test]
async fn a_yes_is_recorded_and_answered_with_the_latest_digest_and_the_next_time() {
    let app = wednesday(&[]).await;

    let yes = told(&app, "ada", "Opt-In").await;

    assert!(
        yes.text.starts_with("You get a daily digest from now on. The next one comes on Thu, Jan 16 at 09:00 (UTC).")
    );
    assert!(yes.text.contains("Your Claude Code Daily Digest for Tuesday, January 14: 1 session"), "{}", yes.text);
    assert_eq!(buttons(&yes), ["usage_name_me", "usage_settings"]);
    let consent = app.store.consents_of(&id("ada")).await.unwrap().digest.unwrap();
    assert_eq!(
        (consent.kind, consent.surface.as_str(), consent.actor.as_str()),
        (ConsentKind::OptIn, "command", "U0ADA")
    );
    assert_eq!(consent.wording, "a daily digest of their own Claude Code usage, by direct message");

    let again = told(&app, "ada", "on").await;
    assert!(again.text.starts_with("You get a daily digest already."), "{}", again.text);
    assert_eq!(recorded(&app, "ada").await, ["consent.opt_in by U0ADA (command)"]);
}

#[tokio::test]
async fn yes_no_and_yes_again_each_hold_from_then_on() {
    let mut app = wednesday(&[]).await;
    told(&app, "ada", "on").await;
    let no = told(&app, "ada", "off").await;
    assert!(no.text.starts_with("You get no more digests"), "{}", no.text);
    assert_eq!(buttons(&no), ["usage_get_digest"]);
    let still = told(&app, "ada", "stop").await;
    assert!(still.text.contains("Nothing has changed"), "{}", still.text);

    app.wind_to("2025-01-16T09:00:01Z");
    app.tick().await;
    app.deliver_until_idle().await;
    assert_eq!(app.slack.messages_to("ada@example.com").len(), 0);

    told(&app, "ada", "subscribe").await;
    app.session("ada", "2025-01-16 10:00:00").await;
    app.wind_to("2025-01-17T09:00:01Z");
    app.tick().await;
    app.deliver_until_idle().await;
    assert_eq!(app.slack.messages_to("ada@example.com").len(), 1);
    let kinds =
        ["consent.opt_in", "consent.opt_out", "consent.opt_in"].map(|kind| format!("{kind} by U0ADA (command)"));
    assert_eq!(recorded(&app, "ada").await, kinds);
}

#[tokio::test]
async fn a_no_between_planning_and_sending_stops_that_delivery_too() {
    let mut app = wednesday(&[]).await;
    told(&app, "ada", "on").await;
    app.session("ada", "2025-01-15 15:00:00").await;
    app.wind_to("2025-01-16T09:00:01Z");
    app.tick().await;
    assert_eq!(app.outcome("ada").await.0, "rendered");

    told(&app, "ada", "off").await;
    app.deliver_until_idle().await;

    assert_eq!(app.slack.messages().len(), 0);
    assert_eq!(app.outcome("ada").await, ("skipped".into(), Some("opted_out".into())));
}

#[tokio::test]
async fn deleted_data_leaves_a_suppression_that_only_a_yes_lifts() {
    let mut app = wednesday(&[("DIGEST__ENROLLMENT", "opt_out")]).await;
    app.learn_usage().await;
    app.refresh().await;
    assert!(app.store.subscription("daily", "U0ADA").await.unwrap().is_some());
    told(&app, "ada", "time 08:00").await;

    let member = app.store.member(&id("ada")).await.unwrap().unwrap();
    personal::delete_data(&app.workspace(), &member).await.unwrap();
    app.learn_usage().await;
    app.sync().await;

    assert_eq!(app.store.subscription("daily", "U0ADA").await.unwrap(), None);
    assert_eq!(app.store.preferences(&id("ada")).await.unwrap().time, None);
    assert_eq!(recorded(&app, "ada").await.last().unwrap(), "member.delete_data by U0ADA ()");
    let consents = app.store.consents_of(&id("ada")).await.unwrap();
    assert!(consents.suppressed && consents.digest.is_none());
    assert!(told(&app, "ada", "today").await.text.contains("no sessions yet"));

    told(&app, "ada", "on").await;
    let subscription = app.store.subscription("daily", "U0ADA").await.unwrap().unwrap();
    assert_eq!(subscription.activity, Activity::On);
    assert!(!app.store.consents_of(&id("ada")).await.unwrap().suppressed);
}

#[tokio::test]
async fn who_has_no_usage_hears_which_address_was_looked_for_and_whom_to_ask() {
    let app = wednesday(&[("OPS__OWNERS", "grace@example.com,linus@example.com")]).await;
    app.session("bob", "2024-12-10 10:00:00").await;
    let yes = told(&app, "bob", "on").await;
    assert!(yes.text.contains("No usage was found under bob@example.com in the last 30 days"), "{}", yes.text);
    assert!(yes.text.contains("please ask grace@example.com, linus@example.com"), "{}", yes.text);
    assert!(yes.text.contains("API key"), "{}", yes.text);
    assert!(yes.text.contains("Thu, Jan 16 at 09:00 (Europe/Berlin)"), "{}", yes.text);
}

#[tokio::test]
async fn before_personal_digests_are_enabled_a_yes_says_so_and_holds_for_later() {
    let mut app = wednesday(&[]).await;
    Arc::make_mut(&mut app.settings).digest.enabled = false;
    app.store.set_value("daily.enabled_at", None).await.unwrap();
    let yes = told(&app, "ada", "on").await;
    assert!(
        yes.text.starts_with("You agreed to a daily digest. Personal digests are not enabled in this workspace yet;")
    );
    assert!(!yes.text.contains("The next one comes"), "{}", yes.text);
    assert!(app.store.consents_of(&id("ada")).await.unwrap().digest.is_some());
    let stands = told(&app, "ada", "resume").await;
    assert!(stands.text.contains("not enabled"), "{}", stands.text);
}

#[tokio::test]
async fn a_yes_stands_while_the_warehouse_does_not_answer() {
    let app = wednesday(&[]).await;
    let mut workspace = app.workspace();
    workspace.source = Source::new("http://127.0.0.1:9/".into(), app.settings.clickhouse.clone());
    let member = app.store.member(&id("ada")).await.unwrap().unwrap();
    let opted = personal::opt_in(&workspace, &member, Surface::Button).await.unwrap();
    assert!(!opted.already);
    assert_eq!(personal::look_for(&workspace, &member).await, personal::Found::Unknown);
    assert_eq!(opted.next.unwrap().0, "2025-01-16T09:00:00Z".parse::<chrono::DateTime<chrono::Utc>>().unwrap());
    assert_eq!(recorded(&app, "ada").await, ["consent.opt_in by U0ADA (button)"]);
}

#[tokio::test]
async fn being_named_is_a_yes_of_its_own_and_goes_with_a_no_to_all() {
    let app = wednesday(&[]).await;
    assert!(told(&app, "ada", "name me").await.text.contains("name you when you are MVP"));
    assert!(app.store.consents_of(&id("ada")).await.unwrap().named);
    told(&app, "ada", "off").await;
    assert!(!app.store.consents_of(&id("ada")).await.unwrap().named);
    told(&app, "ada", "name me").await;
    told(&app, "ada", "don\u{2019}t name me").await;
    assert!(!app.store.consents_of(&id("ada")).await.unwrap().named);
}

#[tokio::test]
async fn the_same_signed_request_again_has_no_second_effect_and_yet_an_answer() {
    let app = wednesday(&[]).await;
    told_for(&app, "ada", "on", "v0=on").await;
    told_for(&app, "ada", "off", "v0=off").await;
    let replayed = told_for(&app, "ada", "on", "v0=on").await;
    assert!(replayed.text.starts_with("You get no digests."), "{}", replayed.text);
    let consents = app.store.consents_of(&id("ada")).await.unwrap();
    assert_eq!(consents.digest.unwrap().kind, ConsentKind::OptOut);
    told_for(&app, "ada", "week", "v0=week").await;
    for text in ["week", "", "preview", "team", "why"] {
        let again = super::answered(&app, super::typed("ada", text, "v0=week")).await;
        assert_eq!(again, recap::interaction::Reply::Nothing, "{text}");
    }
}
