//! Answers that come after the acknowledgement, through `response_url`.

use super::{by, place, typed};
use crate::support::{app::App, installation::TOKEN, pretend::Pretend};
use recap::{
    interaction::{self, Action, Chosen, Inbound, Place, Reply},
    model::ChannelId,
    slack::ResponseUrl,
    standin::{Accepted, Channel, Choice, Person, Workspace},
    store::ConsentKind,
};
use serde_json::Value;

/// Thursday morning, with Ada's digest sent.
async fn sent() -> (App, Pretend) {
    let workspace = Workspace::new("T0TEST", TOKEN)
        .person(Person::new("U0ADA", "Ada").email("ada@example.com").tz("UTC"))
        .channel(Channel::new("C0GENERAL", "general"));
    let mut app = App::of("2025-01-15T14:00:00Z", workspace, &[]).await;
    app.session("ada", "2025-01-15 10:00:00").await;
    app.opts_in("ada").await;
    app.wind_to("2025-01-16T09:00:01Z");
    app.tick().await;
    app.deliver_until_idle().await;
    let pretend = Pretend::start(&app.slack, |_| async { (200, Value::Null) }).await;
    (app, pretend)
}

fn respond(app: &App, text: &str) -> ResponseUrl {
    app.client.response_url(text).unwrap()
}

/// Answers, and waits for what goes on after the acknowledgement.
async fn acknowledged(app: &App, inbound: Inbound) -> Reply {
    let workspace = app.workspace();
    let reply = Box::pin(interaction::App::new(workspace.clone()).answer(inbound)).await;
    workspace.tasks.close();
    workspace.tasks.wait().await;
    reply
}

fn seen(app: &App) -> Vec<Accepted> {
    app.slack.messages().into_iter().filter(|message| message.only_for.as_deref() == Some("U0ADA")).collect()
}

#[tokio::test]
async fn what_the_warehouse_is_asked_for_comes_by_itself_and_is_seen_by_who_asked() {
    let (app, pretend) = sent().await;
    app.slack.command("U0ADA", "C0GENERAL", "/usage").await.unwrap();
    let url = pretend.last().fields()["response_url"].clone();
    let Inbound::Command(mut command) = typed("ada", "", "v0=1") else { unreachable!() };
    command.respond = Some(respond(&app, &url));

    assert_eq!(acknowledged(&app, Inbound::Command(command.clone())).await, Reply::Nothing);

    let answers = seen(&app);
    assert_eq!(answers.len(), 1, "{answers:?}");
    assert!(answers[0].text.contains("today so far"), "{}", answers[0].text);

    // What the store knows stands in the reply, or comes by itself where the machine is slow: once either way.
    command.text = "pause 1w".into();
    command.by = by("ada", "v0=other");
    let reply = acknowledged(&app, Inbound::Command(command)).await;
    let told = match reply {
        Reply::Say(message) => message.text,
        _ => seen(&app).pop().unwrap().text,
    };
    assert!(told.starts_with("Paused until"), "{told}");
}

#[tokio::test]
async fn a_clicked_digest_is_updated_through_its_own_address() {
    let (app, pretend) = sent().await;
    let digest = app.slack.messages_to("ada@example.com").remove(0);
    let at = (digest.channel.as_str(), digest.ts.as_str());
    app.slack.press("U0ADA", at, "digest_more", "stop").await.unwrap();
    let payload = pretend.last().json();
    let action = Action {
        by: by("ada", "v0=2"),
        action_id: "digest_more".into(),
        block_id: payload["actions"][0]["block_id"].as_str().unwrap().into(),
        chosen: Chosen::One("stop".into()),
        place: place(&digest),
        respond: Some(respond(&app, payload["response_url"].as_str().unwrap())),
    };

    assert_eq!(acknowledged(&app, Inbound::Action(action)).await, Reply::Nothing);

    let after = app.slack.messages_to("ada@example.com");
    assert_eq!(after.len(), 1);
    assert!(
        after[0].text.ends_with("You get no more digests, and team summaries do not name you."),
        "{}",
        after[0].text
    );
    assert_eq!((after[0].edited, app.slack.calls("chat.update")), (true, 0));
}

#[tokio::test]
async fn a_yes_takes_the_place_of_the_answer_in_which_it_was_clicked() {
    let (app, pretend) = sent().await;
    app.consents("ada", ConsentKind::OptOut).await;
    app.slack.command("U0ADA", "C0GENERAL", "/usage").await.unwrap();
    let Inbound::Command(mut command) = typed("ada", "", "v0=1") else { unreachable!() };
    command.respond = Some(respond(&app, &pretend.last().fields()["response_url"]));
    acknowledged(&app, Inbound::Command(command)).await;
    let today = seen(&app).remove(0);

    let at = (today.channel.as_str(), today.ts.as_str());
    app.slack.press("U0ADA", at, "usage_get_digest", Choice::Press).await.unwrap();
    let payload = pretend.last().json();
    let action = Action {
        by: by("ada", "v0=2"),
        action_id: "usage_get_digest".into(),
        block_id: payload["actions"][0]["block_id"].as_str().unwrap().into(),
        chosen: Chosen::Nothing,
        place: Place::Message {
            channel: ChannelId(today.channel.clone()),
            ts: today.ts.clone(),
            ephemeral: true,
            text: String::new(),
            blocks: Vec::new(),
            delivery: None,
        },
        respond: Some(respond(&app, payload["response_url"].as_str().unwrap())),
    };
    acknowledged(&app, Inbound::Action(action)).await;

    let answers = seen(&app);
    assert_eq!(answers.len(), 1, "{answers:?}");
    assert!(answers[0].text.starts_with("You get a daily digest from now on."), "{}", answers[0].text);
}
