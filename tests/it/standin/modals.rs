//! Modals and App Homes: opened once by a trigger, filled in, submitted, stacked, closed.

use super::{Talk, noon};
use crate::support::pretend::Pretend;
use chrono::TimeDelta;
use recap::{
    clock::Clock,
    standin::{Choice, SubmitOutcome, Unusable},
};
use serde_json::{Value, json};

fn text(text: &str) -> Value {
    json!({ "type": "plain_text", "text": text })
}

fn option(value: &str) -> Value {
    json!({ "text": text(value), "value": value })
}

#[expect(clippy::needless_pass_by_value, reason = "its callers write it as JSON, in place")]
fn input(block: &str, element: Value) -> Value {
    json!({ "type": "input", "block_id": block, "label": text(block), "element": element })
}

/// A modal with an input of most kinds.
fn preferences() -> Value {
    let days = json!({ "type": "checkboxes", "action_id": "days", "options": [option("mon"), option("tue")],
        "initial_options": [option("mon")] });
    json!({
        "type": "modal",
        "callback_id": "preferences",
        "private_metadata": "kept",
        "notify_on_close": true,
        "title": text("Preferences"),
        "submit": text("Save"),
        "blocks": [
            input("time", json!({ "type": "timepicker", "action_id": "time", "initial_time": "09:00" })),
            input("days", days),
            input("zone", json!({ "type": "external_select", "action_id": "zone", "min_query_length": 1 })),
            input("name", json!({ "type": "plain_text_input", "action_id": "name", "max_length": 5 })),
            { "type": "input", "block_id": "who", "label": text("who"), "optional": true,
              "element": { "type": "multi_users_select", "action_id": "who" } },
            { "type": "section", "block_id": "now", "text": text("x"),
              "accessory": { "type": "button", "action_id": "now", "value": "1", "text": text("Now") } },
        ],
    })
}

async fn open(talk: &Talk, view: Value) -> String {
    let trigger = talk.slack.grant_trigger("U0ADA");
    let opened = talk.call("views.open", json!({ "trigger_id": trigger, "view": view })).await;
    assert_eq!(opened["ok"], true, "{opened}");
    opened["view"]["id"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_trigger_opens_one_modal_and_only_for_three_seconds() {
    let talk = Talk::begin().await;
    talk.slack.set_clock(Clock::fixed(noon()));
    let (used, late, expired) =
        (talk.slack.grant_trigger("U0ADA"), talk.slack.grant_trigger("U0ADA"), talk.slack.grant_trigger("U0ADA"));
    let open = |trigger: &str| json!({ "trigger_id": trigger, "view": preferences() });

    assert_eq!(talk.call("views.open", open(&used)).await["ok"], true);
    assert_eq!(talk.refusal("views.open", open(&used)).await, "exchanged_trigger_id");
    assert_eq!(talk.refusal("views.open", open("1.2.3")).await, "invalid_trigger_id");
    talk.slack.set_clock(Clock::fixed(noon() + TimeDelta::seconds(4)));
    assert_eq!(talk.refusal("views.open", open(&late)).await, "expired_trigger_id");
    talk.slack.set_clock(Clock::fixed(noon()));
    talk.slack.expire_triggers();
    assert_eq!(talk.refusal("views.open", open(&expired)).await, "expired_trigger_id");
    assert_eq!(talk.slack.modal_of("U0ADA").map(|modal| modal.id), talk.slack.modals().last().map(|m| m.id.clone()));
}

#[tokio::test]
async fn a_view_beyond_slacks_limits_is_refused_with_a_pointer() {
    let talk = Talk::begin().await;
    let modal = |more: Value| {
        let mut view = json!({ "type": "modal", "title": text("x"), "blocks": [{ "type": "divider" }] });
        view.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        view
    };
    let asks = input("a", json!({ "type": "plain_text_input", "action_id": "a" }));
    for (view, pointer) in [
        (modal(json!({ "title": text(&"x".repeat(25)) })), "/view/title"),
        (modal(json!({ "submit": { "type": "mrkdwn", "text": "x" } })), "/view/submit"),
        (modal(json!({ "private_metadata": "x".repeat(3_001) })), "/view/private_metadata"),
        (modal(json!({ "callback_id": "x".repeat(256) })), "/view/callback_id"),
        (modal(json!({ "blocks": vec![json!({ "type": "divider" }); 101] })), "/view]"),
        (modal(json!({ "blocks": [{ "type": "header", "text": text(&"x".repeat(151)) }] })), "/view/blocks/0/text"),
        (modal(json!({ "blocks": [asks] })), "/view]"),
        (modal(json!({ "colour": "red" })), "/view/colour"),
    ] {
        let call = json!({ "trigger_id": talk.slack.grant_trigger("U0ADA"), "view": view });
        let answer = talk.call("views.open", call).await;
        let line = answer["response_metadata"]["messages"][0].as_str().unwrap_or_default();
        assert_eq!(answer["error"], "invalid_arguments", "{pointer}");
        assert!(line.contains(&format!("[json-pointer:{pointer}")), "{pointer}: {line}");
    }
    open(&talk, modal(json!({ "blocks": vec![json!({ "type": "divider" }); 100] }))).await;
    let home = json!({ "type": "home", "title": text("x"), "blocks": [] });
    assert_eq!(talk.refusal("views.publish", json!({ "user_id": "U0ADA", "view": home })).await, "invalid_arguments");
}

#[tokio::test]
async fn what_is_filled_in_is_submitted_and_errors_stand_beside_it() {
    let talk = Talk::begin().await;
    let app = Pretend::start(&talk.slack, |request| async move {
        let payload = request.json();
        let name = &payload["view"]["state"]["values"]["name"]["name"]["value"];
        match (payload["type"].as_str().unwrap(), name.as_str()) {
            ("block_suggestion", _) => (200, json!({ "options": [option("Europe/Berlin")] })),
            ("view_submission", Some("bad")) => {
                (200, json!({ "response_action": "errors", "errors": { "name": "is taken" } }))
            }
            ("view_submission", Some("odd")) => {
                (200, json!({ "response_action": "errors", "errors": { "nowhere": "x" } }))
            }
            _ => (200, Value::Null),
        }
    })
    .await;
    let view = open(&talk, preferences()).await;
    let submit = async |values: &[(&str, Choice)]| talk.slack.submit("U0ADA", &view, values).await.unwrap();

    let SubmitOutcome::NotSent(missing) = submit(&[]).await else { panic!() };
    assert_eq!(missing.keys().collect::<Vec<_>>(), ["name", "zone"]);
    assert_eq!(app.received().len(), 0, "Slack does not send what is not complete");
    let unknown = talk.slack.fill("U0ADA", &view, "zone", "Europe/Berlin").unwrap_err();
    assert_eq!(unknown, Unusable::Value { action_id: "zone".to_owned(), value: "Europe/Berlin".to_owned() });

    let options = talk.slack.suggest("U0ADA", &view, "zone", "berl").await.unwrap();
    assert_eq!((options.len(), &app.last().json()["value"]), (1, &json!("berl")));
    talk.slack.fill("U0ADA", &view, "zone", "Europe/Berlin").unwrap();
    let values = [("name", "bad".into()), ("days", ["mon", "tue"].into()), ("who", ["U0BEN"].into())];
    let SubmitOutcome::Errors(errors) = submit(&values).await else { panic!() };
    assert_eq!(errors["name"], "is taken");
    assert_eq!(talk.slack.modal_of("U0ADA").unwrap().errors, errors);
    let SubmitOutcome::Failed(_) = submit(&[("name", "odd".into())]).await else { panic!() };
    let SubmitOutcome::NotSent(_) = submit(&[("name", "too long".into())]).await else { panic!() };

    assert_eq!(submit(&[("name", "Ada".into())]).await, SubmitOutcome::Closed);
    let payload = app.last().json();
    assert_eq!((&payload["type"], &payload["view"]["private_metadata"]), (&json!("view_submission"), &json!("kept")));
    let values = &payload["view"]["state"]["values"];
    assert_eq!(values["time"]["time"], json!({ "type": "timepicker", "selected_time": "09:00" }), "as it was offered");
    assert_eq!(values["days"]["days"]["selected_options"], json!([option("mon"), option("tue")]));
    assert_eq!(values["zone"]["zone"]["selected_option"], option("Europe/Berlin"));
    assert_eq!(values["who"]["who"]["selected_users"], json!(["U0BEN"]));
    assert_eq!(talk.slack.modal_of("U0ADA"), None);
    assert_eq!(talk.slack.submit("U0ADA", &view, &[]).await, Err(Unusable::View(view.clone())));
}

#[tokio::test]
async fn modals_lie_on_each_other_up_to_three_and_tell_when_they_are_closed() {
    let talk = Talk::begin().await;
    let app = Pretend::start(&talk.slack, |request| async move {
        let payload = request.json();
        if payload["type"] == "view_submission" {
            return (
                200,
                json!({ "response_action": payload["view"]["state"]["values"]["name"]["name"]["value"],
                "view": { "type": "modal", "title": text("Second"), "blocks": [] } }),
            );
        }
        (200, Value::Null)
    })
    .await;
    let first = open(&talk, preferences()).await;
    let silent = talk.slack.press_in_view("U0ADA", &first, "time", "10:00").await.unwrap_err();
    assert_eq!(silent, Unusable::Silent("time".to_owned()));
    talk.slack.press_in_view("U0ADA", &first, "now", Choice::Press).await.unwrap();
    let payload = app.last().json();
    assert_eq!(payload["container"], json!({ "type": "view", "view_id": first }));
    assert_eq!(payload["view"]["state"]["values"]["time"]["time"]["selected_time"], "10:00", "filled in, not told");
    assert_eq!(payload.get("response_url"), None);

    let push = json!({ "trigger_id": payload["trigger_id"], "view": preferences() });
    let pushed = talk.call("views.push", push).await;
    assert_eq!((&pushed["view"]["root_view_id"], &pushed["view"]["previous_view_id"]), (&json!(first), &json!(first)));
    let second = pushed["view"]["id"].as_str().unwrap();
    assert_eq!(talk.slack.close("U0ADA", &first).await, Err(Unusable::View(first.clone())), "it lies below");
    talk.slack.expire_triggers();
    let name = [("zone", Choice::Press), ("name", "push".into())];
    let SubmitOutcome::NotSent(_) = talk.slack.submit("U0ADA", second, &name).await.unwrap() else { panic!() };
    assert!(talk.slack.close("U0ADA", second).await.unwrap().unwrap().is_ok());
    let payload = app.last().json();
    assert_eq!((&payload["type"], &payload["is_cleared"]), (&json!("view_closed"), &json!(false)));
    assert_eq!(talk.slack.modal_of("U0ADA").unwrap().id, first);
    let gone = json!({ "view_id": second, "view": preferences() });
    assert_eq!(talk.refusal("views.update", gone).await, "not_found");
}

#[tokio::test]
async fn a_submission_is_answered_with_another_view_or_with_the_end_of_all() {
    let talk = Talk::begin().await;
    let name = json!({ "type": "plain_text_input", "action_id": "name" });
    let ask = json!({ "type": "modal", "title": text("Ask"), "submit": text("Go"), "blocks": [input("name", name)] });
    let next = ask.clone();
    let _app = Pretend::start(&talk.slack, move |request| {
        let (payload, next) = (request.json(), next.clone());
        let action = payload["view"]["state"]["values"]["name"]["name"]["value"].clone();
        async move { (200, json!({ "response_action": action, "view": next })) }
    })
    .await;
    let first = open(&talk, ask).await;
    let submit =
        async |view: &str, action: &str| talk.slack.submit("U0ADA", view, &[("name", action.into())]).await.unwrap();

    let SubmitOutcome::Updated(updated) = submit(&first, "update").await else { panic!() };
    assert_eq!(updated.id, first);
    let SubmitOutcome::Pushed(second) = submit(&first, "push").await else { panic!() };
    let SubmitOutcome::Pushed(third) = submit(&second.id, "push").await else { panic!() };
    assert_eq!(submit(&third.id, "push").await, SubmitOutcome::Failed("push_limit_reached".to_owned()));
    let SubmitOutcome::Failed(_) = submit(&third.id, "dance").await else { panic!() };
    assert_eq!(submit(&third.id, "clear").await, SubmitOutcome::Cleared);
    assert_eq!(talk.slack.modal_of("U0ADA"), None);
}

#[tokio::test]
async fn a_home_keeps_what_was_chosen_and_its_clicks_carry_it() {
    let talk = Talk::begin().await;
    let app = Pretend::start(&talk.slack, |_| async { (200, Value::Null) }).await;
    let menu = json!({ "type": "static_select", "action_id": "pause", "options": [option("week"), option("day")] });
    let home = json!({ "type": "home", "blocks": [{ "type": "actions", "block_id": "b", "elements": [menu] }] });
    talk.slack.open_home("U0ADA").await.unwrap();
    let event = app.last().json()["event"].clone();
    assert_eq!((&event["type"], &event["channel"]), (&json!("app_home_opened"), &json!("DU0ADA")));
    assert_eq!(event.get("view"), None, "it was not published yet");
    talk.call("views.publish", json!({ "user_id": "U0ADA", "view": home })).await;

    let id = talk.slack.home_of("U0ADA").unwrap().id;
    talk.slack.press_in_view("U0ADA", &id, "pause", "week").await.unwrap();
    let payload = app.last().json();
    assert_eq!(payload["actions"][0]["selected_option"]["value"], "week");
    assert_eq!(payload["view"]["state"]["values"]["b"]["pause"]["selected_option"]["value"], "week");
    talk.slack.open_home("U0ADA").await.unwrap();
    assert_eq!(app.last().json()["event"]["view"]["hash"], payload["view"]["hash"]);
    assert!(talk.slack.press_in_view("U0BEN", &id, "pause", "week").await.is_err(), "it is hers");
}
