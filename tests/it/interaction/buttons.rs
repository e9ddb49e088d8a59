//! Buttons in messages: one click, done, and the message shows it.

use super::{answered, buttons, by, clicked, people, place};
use crate::support::app::App;
use recap::{
    interaction::{self, Action, Chosen, Inbound, Place, Reply},
    message::Message,
    model::{ChannelId, DeliveryId, MemberId},
    standin::Accepted,
    store::ConsentKind,
    warehouse::Source,
    workspace::Workspace,
};
use tokio::net::TcpListener;

/// Thursday morning, with Ada's digest sent.
async fn sent() -> App {
    let mut app = App::with("2025-01-15T14:00:00Z", people(), &[("OPS__OWNERS", "bob@example.com")]).await;
    app.session("ada", "2025-01-15 10:00:00").await;
    app.opts_in("ada").await;
    app.wind_to("2025-01-16T09:00:01Z");
    app.tick().await;
    app.deliver_until_idle().await;
    app
}

fn digest(app: &App) -> Accepted {
    app.slack.messages_to("ada@example.com").remove(0)
}

/// What the digest offers now.
fn offers(app: &App) -> Vec<String> {
    let Accepted { text, blocks, .. } = digest(app);
    buttons(&Message { text, blocks })
}

async fn more(app: &App, value: &str) -> Reply {
    clicked(app, "ada", place(&digest(app)), ("digest_actions", "digest_more"), Some(value)).await
}

async fn again(app: &App, action: &str) -> Reply {
    clicked(app, "ada", place(&digest(app)), ("recap_buttons", action), None).await
}

fn said(reply: Reply) -> String {
    match reply {
        Reply::Say(message) => message.text,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn one_click_pauses_and_the_message_offers_to_resume() {
    let app = sent().await;
    let before = digest(&app);

    assert_eq!(more(&app, "pause_until_monday").await, Reply::Nothing);

    let after = digest(&app);
    // It was the first one, and said when the next one comes: that holds no more.
    let first = " This is your first digest. The next one comes on Friday, January 17 at 09:00.";
    let digest_alone = before.text.strip_suffix(first).unwrap();
    let paused = "Paused until Mon, Jan 20. The next one comes on Mon, Jan 20 at 09:00 (UTC).";
    assert_eq!(after.text, format!("{digest_alone} {paused}"));
    assert!(!serde_json::json!(after.blocks).to_string().contains("January 17"), "{:?}", after.blocks);
    assert_eq!(offers(&app), ["usage_resume", "digest_my_week", "usage_settings", "usage_stop"]);
    assert_eq!((after.blocks[..2].to_vec(), after.metadata), (before.blocks[..2].to_vec(), before.metadata.clone()));
    let until = app.store.preferences(&MemberId("U0ADA".into())).await.unwrap().pause_until.unwrap();
    assert_eq!(until.to_rfc3339(), "2025-01-20T00:00:00+00:00");

    again(&app, "usage_resume").await;
    assert!(digest(&app).text.contains("Your digests go on. The next one comes on Fri, Jan 17 at 09:00 (UTC)."));
    assert_eq!(offers(&app), ["digest_my_week", "usage_settings", "digest_more"]);
    let menu =
        |digest: &Accepted| digest.blocks.last().unwrap()["elements"].as_array().unwrap().last().unwrap().clone();
    assert_eq!(menu(&digest(&app))["options"], menu(&before)["options"], "what could be done, can be done again");
    assert_eq!(app.store.preferences(&MemberId("U0ADA".into())).await.unwrap().pause_until, None);

    // From the menu that came back.
    let chosen = clicked(&app, "ada", place(&digest(&app)), ("recap_buttons", "digest_more"), Some("pause_week")).await;
    assert_eq!(chosen, Reply::Nothing);
    // Today's has come: five that would have are skipped.
    let words = "Paused until Fri, Jan 24. The next one comes on Fri, Jan 24 at 09:00 (UTC).";
    assert_eq!(digest(&app).text, format!("{digest_alone} {words}"));
    again(&app, "usage_stop").await;
    assert!(digest(&app).text.ends_with("You get no more digests, and team summaries do not name you."));
    assert!(!digest(&app).text.contains("next one"), "{}", digest(&app).text);
    assert_eq!(offers(&app), ["usage_get_digest", "digest_my_week", "usage_settings"]);
}

#[tokio::test]
async fn whatever_is_clicked_on_an_old_message_it_ends_in_what_is_true() {
    let app = sent().await;
    let old = digest(&app);
    let click = |action, value| clicked(&app, "ada", place(&old), ("digest_actions", action), value);

    click("digest_more", Some("pause_week")).await;
    click("digest_more", Some("stop")).await;
    let stopped = digest(&app);
    assert!(stopped.text.ends_with("You get no more digests, and team summaries do not name you."), "{}", stopped.text);
    assert_eq!(offers(&app), ["usage_get_digest", "digest_my_week", "usage_settings"]);
    click("digest_more", Some("stop")).await;
    assert_eq!((digest(&app).text, digest(&app).blocks), (stopped.text, stopped.blocks), "pressed twice");
    click("usage_resume", None).await;
    assert!(digest(&app).text.ends_with("You get no digests."), "{}", digest(&app).text);

    click("usage_get_digest", None).await;
    assert!(
        digest(&app).text.contains("Your digests go on. The next one comes on Fri, Jan 17"),
        "{}",
        digest(&app).text
    );
    assert_eq!(offers(&app), ["digest_my_week", "usage_settings", "digest_more"]);
    // Stopped and resumed elsewhere meanwhile.
    app.consents("ada", ConsentKind::OptOut).await;
    click("usage_resume", None).await;
    assert_eq!(offers(&app), ["usage_get_digest", "digest_my_week", "usage_settings"]);
}

#[tokio::test]
async fn two_clicks_at_once_end_in_what_is_true() {
    let app = sent().await;
    let old = digest(&app);
    let click = |value| clicked(&app, "ada", place(&old), ("digest_actions", "digest_more"), Some(value));
    tokio::join!(click("pause_week"), click("stop"), click("pause_until_monday"), click("stop"));
    assert_eq!(offers(&app), ["usage_get_digest", "digest_my_week", "usage_settings"]);
    assert!(!digest(&app).text.contains("Paused"), "{}", digest(&app).text);
}

#[tokio::test]
async fn an_answer_about_a_pause_gives_way_to_what_holds_then() {
    let app = sent().await;
    super::told(&app, "ada", "pause 1w").await;
    let Place::Message { channel, ts, blocks, .. } = in_channel(None) else { unreachable!() };
    let text = "Paused until Thu, Jan 23.".into();
    let answer = Place::Message { channel, ts, ephemeral: true, text, blocks, delivery: None };
    let Reply::Say(after) = clicked(&app, "ada", answer, ("usage_actions", "usage_resume"), None).await else {
        panic!()
    };
    assert_eq!(after.text, "Your digests go on. The next one comes on Fri, Jan 17 at 09:00 (UTC).");
    assert_eq!(buttons(&after), ["digest_my_week", "usage_settings", "digest_more"]);
}

#[tokio::test]
async fn a_double_click_has_the_effect_of_one() {
    let app = sent().await;
    let first = digest(&app);
    for _ in 0..2 {
        clicked(&app, "ada", place(&first), ("digest_actions", "digest_more"), Some("pause_week")).await;
    }
    let audited = app.store.audited(Some("U0ADA"), 10).await.unwrap();
    assert_eq!(audited.iter().filter(|entry| entry.action == "preferences.set").count(), 1);
    for _ in 0..2 {
        clicked(&app, "ada", place(&first), ("digest_actions", "digest_more"), Some("stop")).await;
    }
    let audited = app.store.audited(Some("U0ADA"), 10).await.unwrap();
    assert_eq!(audited.iter().filter(|entry| entry.action == "consent.opt_out").count(), 1);
    assert_eq!(offers(&app), ["usage_get_digest", "digest_my_week", "usage_settings"]);
    assert!(!digest(&app).text.contains("Paused"));
}

#[tokio::test]
async fn who_stops_can_start_again_from_the_same_message() {
    let app = sent().await;
    more(&app, "stop").await;
    assert!(digest(&app).text.ends_with("You get no more digests, and team summaries do not name you."));
    let consent = app.store.consents_of(&MemberId("U0ADA".into())).await.unwrap().digest.unwrap();
    assert_eq!((consent.kind, consent.surface.as_str()), (ConsentKind::OptOut, "button"));

    again(&app, "usage_get_digest").await;
    assert!(
        digest(&app).text.contains("Your digests go on. The next one comes on Fri, Jan 17"),
        "{}",
        digest(&app).text
    );
    let consent = app.store.consents_of(&MemberId("U0ADA".into())).await.unwrap().digest.unwrap();
    assert_eq!(consent.kind, ConsentKind::OptIn);
}

#[tokio::test]
async fn a_yes_is_shown_before_any_usage_is_looked_for() {
    let app = sent().await;
    more(&app, "stop").await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    let workspace = Workspace { source: Source::new(url, app.settings.clickhouse.clone()), ..app.workspace() };
    let people = interaction::App::new(workspace);
    let click = Action {
        by: by("ada", "v0=again"),
        action_id: "usage_get_digest".into(),
        block_id: "recap_buttons".into(),
        chosen: Chosen::Nothing,
        place: place(&digest(&app)),
        respond: None,
    };
    let asked = async {
        let _silent = listener.accept().await.unwrap();
        digest(&app).text
    };
    tokio::select! {
        shown = asked => assert!(shown.contains("Your digests go on. The next one comes on Fri, Jan 17"), "{shown}"),
        reply = Box::pin(people.answer(Inbound::Action(click))) => panic!("nobody looked: {reply:?}"),
    }
}

#[tokio::test]
async fn who_starts_again_and_has_no_usage_hears_whom_to_ask() {
    let app = sent().await;
    let told = clicked(&app, "bob", place(&digest(&app)), ("digest_actions", "usage_get_digest"), None).await;
    let told = said(told);
    assert!(told.starts_with("No usage was found under bob@example.com in the last 30 days."), "{told}");
    assert!(told.contains("please ask bob@example.com"), "{told}");
    assert!(digest(&app).text.contains("Your digests go on."), "{}", digest(&app).text);
}

#[tokio::test]
async fn a_pause_in_an_old_message_of_who_stopped_pauses_nothing() {
    let app = sent().await;
    app.consents("ada", ConsentKind::OptOut).await;
    more(&app, "pause_week").await;
    assert_eq!(app.store.preferences(&MemberId("U0ADA".into())).await.unwrap().pause_until, None);
    assert_eq!(offers(&app), ["usage_get_digest", "digest_my_week", "usage_settings"]);
}

/// A summary or an invitation in a channel.
fn in_channel(delivery: Option<&str>) -> Place {
    Place::Message {
        channel: ChannelId("C0PLATFORM".into()),
        ts: "1736899200.000100".into(),
        ephemeral: false,
        text: "A summary".into(),
        blocks: vec![serde_json::json!({"type": "actions", "block_id": "weekly_actions", "elements": []})],
        delivery: delivery.map(|id| DeliveryId(id.into())),
    }
}

#[tokio::test]
async fn buttons_of_channel_messages_answer_who_clicked_and_leave_the_message_alone() {
    let app = sent().await;
    let click = |who, action| clicked(&app, who, in_channel(Some("0a")), ("weekly_actions", action), None);
    assert!(said(click("bob", "weekly_get_digest").await).starts_with("You get a daily digest from now on."));
    assert!(said(click("bob", "invite_get_digest").await).starts_with("You get a daily digest already."));
    assert!(said(click("ada", "weekly_see_mine").await).contains("this week so far"));
    assert!(said(click("ada", "invite_see_mine").await).contains("today so far"));
    assert!(said(click("guest", "weekly_get_digest").await).contains("full members"));
    assert!(said(click("ada", "usage_name_me").await).contains("name you when you are MVP"));
    assert!(app.store.consents_of(&MemberId("U0ADA".into())).await.unwrap().named);
    assert_eq!(click("ada", "weekly_unheard_of").await, Reply::Nothing);
    assert_eq!(app.slack.calls("chat.update"), 0);
}

#[tokio::test]
async fn who_did_not_win_cannot_show_a_name() {
    let app = sent().await;
    let id = digest(&app).metadata.unwrap()["event_payload"]["delivery_id"].as_str().unwrap().to_owned();
    for place in [in_channel(None), in_channel(Some("unknown")), in_channel(Some(&id))] {
        let answer = said(clicked(&app, "ada", place, ("b", "weekly_show_name_sessions"), None).await);
        assert_eq!(answer, "This summary can no longer be changed.");
    }
}

#[tokio::test]
async fn owners_settle_what_is_unknown_and_the_message_shows_it() {
    let app = sent().await;
    let id = digest(&app).metadata.unwrap()["event_payload"]["delivery_id"].as_str().unwrap().to_owned();
    let case = || match in_channel(None) {
        Place::Message { channel, ts, text, .. } => {
            Place::Message { channel, ts, text, ephemeral: true, blocks: Vec::new(), delivery: None }
        }
        view @ Place::View(_) => view,
    };
    let arrived = clicked(&app, "bob", case(), ("resolve", "resolve_arrived"), Some(&id)).await;
    assert_eq!(said(arrived), "Nothing is left to settle: this delivery is sent by now.");
    let none = clicked(&app, "bob", case(), ("resolve_1", "resolve_resend_1"), Some("00ff")).await;
    assert_eq!(said(none), "Recap has no record of this delivery any more.");
    for forged in ["", "../x", "' OR 1=1", &"a".repeat(65)] {
        let forged = clicked(&app, "bob", case(), ("resolve", "resolve_resend"), Some(forged)).await;
        assert_eq!(forged, Reply::Nothing);
    }
    let ada = clicked(&app, "ada", case(), ("resolve", "resolve_resend"), Some(&id)).await;
    assert!(said(ada).contains("Only the owners of this installation"));
    let line = app.store.audited(Some(&id), 9).await.unwrap().remove(0);
    assert_eq!((line.actor.as_str(), line.action.as_str()), ("U0ADA", "admin.refused"));
    let guest = clicked(&app, "guest", case(), ("resolve", "resolve_arrived"), Some(&id)).await;
    assert!(said(guest).contains("full members"));
}

#[tokio::test]
async fn the_same_click_again_is_not_acted_on() {
    let app = sent().await;
    let action = Action {
        by: by("ada", "v0=click"),
        action_id: "digest_more".into(),
        block_id: "digest_actions".into(),
        chosen: Chosen::One("stop".into()),
        place: place(&digest(&app)),
        respond: None,
    };
    answered(&app, Inbound::Action(action.clone())).await;
    app.opts_in("ada").await;
    assert_eq!(answered(&app, Inbound::Action(action)).await, Reply::Nothing);
    let consent = app.store.consents_of(&MemberId("U0ADA".into())).await.unwrap().digest.unwrap();
    assert_eq!(consent.kind, ConsentKind::OptIn);
}
