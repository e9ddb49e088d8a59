//! What is not answered in time, or cannot be in the answer itself, goes to the `response_url`.

use super::{Scripted, hello, slack::Slack};
use async_trait::async_trait;
use recap::{
    interaction::{ANSWER_WITHIN, Answered, Answers, Body, Inbound, Reply, Route},
    slack::{Client, Response},
};
use serde_json::{Value, json};
use std::{sync::Arc, time::Duration};
use tokio::sync::Notify;

fn command(slack: &Slack, client: &Client) -> Vec<Inbound> {
    let fields = json!({ "user_id": "U0ADA", "command": "/usage", "response_url": slack.response_url() });
    Route::Commands.read_payload(fields, "e-1", client).unwrap()
}

fn click(slack: &Slack, client: &Client) -> Vec<Inbound> {
    let payload = json!({
        "type": "block_actions", "user": { "id": "U0ADA" }, "channel": { "id": "D1" }, "message": { "ts": "1.2" },
        "actions": [{ "type": "button", "action_id": "digest_my_week", "block_id": "b" }],
        "response_url": slack.response_url(),
    });
    Route::Interactions.read_payload(payload, "e-1", client).unwrap()
}

fn said() -> Value {
    json!({
        "response_type": "ephemeral", "replace_original": false, "text": "Hello, Ada",
        "blocks": [{ "type": "divider" }], "unfurl_links": false, "unfurl_media": false,
    })
}

#[tokio::test]
async fn an_answer_that_is_late_follows() {
    let slack = Slack::start().await;
    let go_on = Arc::new(Notify::new());
    let on = Arc::clone(&go_on);
    let answers = Scripted::of(move |_| {
        let on = Arc::clone(&on);
        async move {
            on.notified().await;
            hello()
        }
    });
    let desk = slack.desk(answers);
    let inbound = command(&slack, desk.client());

    assert_eq!(desk.answer(Route::Commands, inbound, Duration::ZERO).await, Answered::Later);
    go_on.notify_one();

    assert_eq!(slack.response().await, said());
}

#[tokio::test]
async fn a_click_is_answered_where_slack_shows_it() {
    let (slack, answers) = (Slack::start().await, Scripted::saying(hello()));
    let desk = slack.desk(Arc::clone(&answers) as _);
    let inbound = click(&slack, desk.client());

    let answered = desk.answer(Route::Interactions, inbound, ANSWER_WITHIN).await;

    assert_eq!(answered, Answered::Reply(Reply::Nothing));
    assert_eq!(slack.response().await, said());
}

#[tokio::test]
async fn each_action_is_handled_even_when_one_fails() {
    let (slack, answers) = (
        Slack::start().await,
        Scripted::of(async |inbound| match inbound {
            Inbound::Action(action) if action.action_id == "bad" => panic!("a bug"),
            _ => Reply::Nothing,
        }),
    );
    let desk = slack.desk(Arc::clone(&answers) as _);
    let mut inbound = click(&slack, desk.client());
    inbound.extend(click(&slack, desk.client()));
    let Inbound::Action(first) = &mut inbound[0] else { panic!() };
    first.action_id = "bad".into();

    let answered = desk.answer(Route::Interactions, inbound, ANSWER_WITHIN).await;

    assert_eq!(answered, Answered::Failed(Reply::Nothing));
    assert_eq!(answers.heard().len(), 2);
    let said = slack.response().await;
    assert!(said["text"].as_str().unwrap().contains("Something went wrong inside Recap"), "{said}");
}

/// Says `hello` to whoever asks nothing of anybody.
struct Quick;

#[async_trait]
impl Answers for Quick {
    async fn answer(&self, _: Inbound) -> Reply {
        panic!("a bug")
    }

    fn at_once(&self, inbound: &Inbound) -> Option<Reply> {
        match inbound {
            Inbound::Command(command) if command.text == "help" => Some(hello()),
            Inbound::Command(_) => panic!("another bug"),
            _ => None,
        }
    }
}

#[tokio::test]
async fn what_needs_nobody_is_answered_before_any_work_and_a_fault_there_is_told() {
    let slack = Slack::start().await;
    let desk = slack.desk(Arc::new(Quick));
    let typed = |text: &str| {
        let form = format!("user_id=U0ADA&command=%2Fusage&text={text}");
        let Ok(Body::Inbound(inbound)) = Route::Commands.read(form.as_bytes(), "1", desk.client()) else { panic!() };
        inbound
    };
    assert_eq!(desk.answer(Route::Commands, typed("help"), ANSWER_WITHIN).await, Answered::Reply(hello()));
    let Answered::Failed(reply) = desk.answer(Route::Commands, typed("other"), ANSWER_WITHIN).await else { panic!() };
    assert!(reply.words().unwrap().text.contains("Something went wrong inside Recap"), "{reply:?}");
}

#[tokio::test]
async fn each_way_of_answering_has_the_form_that_slack_documents() {
    let slack = Slack::start().await;
    let client = slack.client();
    let url = client.response_url(&slack.response_url()).unwrap();
    let Reply::Say(message) = hello() else { panic!() };
    for (response, expected) in [
        (Response::Ephemeral(message.clone()), said()),
        (
            Response::Replace(message),
            json!({
                "replace_original": true, "text": "Hello, Ada", "blocks": [{ "type": "divider" }],
                "unfurl_links": false, "unfurl_media": false,
            }),
        ),
        (Response::Delete, json!({ "delete_original": true })),
    ] {
        client.respond(&url, &response).await.unwrap();
        assert_eq!(slack.response().await, expected);
    }
}
