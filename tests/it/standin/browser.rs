//! The page in a real browser: a command is typed, a button pressed, a modal filled in, as somebody trying the demo does.

use super::{Talk, workspace};
use crate::support::{
    browser::Browser,
    pretend::{Pretend, Received},
};
use recap::standin::{BOT_SCOPES, Channel, Person, Workspace};
use serde_json::{Value, json};

fn text(text: &str) -> Value {
    json!({ "type": "plain_text", "text": text })
}

fn option(label: &str, value: &str) -> Value {
    json!({ "text": text(label), "value": value })
}

#[expect(clippy::needless_pass_by_value, reason = "its callers write it as JSON, in place")]
fn input(label: &str, element: Value) -> Value {
    json!({ "type": "input", "block_id": format!("{}_block", element["action_id"].as_str().unwrap()),
        "label": text(label), "element": element })
}

fn preferences() -> Value {
    let days = ["Monday", "Tuesday", "Wednesday"].map(|day| option(day, &day.to_lowercase()));
    let radio = json!({ "type": "radio_buttons", "action_id": "covers", "initial_option": option("The day before", "day"),
        "options": [option("The day before", "day"), option("Up to now", "now")] });
    let mut name = input(
        "What to call you",
        json!({ "type": "plain_text_input", "action_id": "name",
        "placeholder": text("Ada") }),
    );
    name["hint"] = text("As your team sees it.");
    let mut people = input("Owners", json!({ "type": "multi_users_select", "action_id": "owners" }));
    people["optional"] = json!(true);
    json!({
        "type": "modal", "callback_id": "preferences", "title": text("Preferences"), "submit": text("Save"),
        "blocks": [
            { "type": "section", "text": { "type": "mrkdwn", "text": "When should your digest come? *Every* change counts." },
              "accessory": { "type": "button", "action_id": "more", "text": text("More"), "value": "1" } },
            input("Time", json!({ "type": "timepicker", "action_id": "time", "initial_time": "09:00" })),
            input("Days", json!({ "type": "checkboxes", "action_id": "days", "options": days,
                "initial_options": [option("Monday", "monday")] })),
            input("Covers", radio),
            input("Zone", json!({ "type": "external_select", "action_id": "zone", "min_query_length": 2,
                "placeholder": text("Search a city") })),
            input("Channel", json!({ "type": "conversations_select", "action_id": "channel" })),
            name, people,
            input("Pause until", json!({ "type": "datepicker", "action_id": "until", "initial_date": "2026-03-09" })),
        ],
    })
}

fn answer() -> Value {
    json!({ "response_type": "ephemeral", "text": "Today so far: 4 sessions.", "blocks": [
        { "type": "header", "text": text("Today so far") },
        { "type": "section", "fields": [
            { "type": "mrkdwn", "text": "*Sessions*\n4" }, { "type": "mrkdwn", "text": "*Cost*\n$1.20" }] },
        { "type": "actions", "elements": [
            { "type": "button", "action_id": "on", "style": "primary", "text": text("Send me this daily") },
            { "type": "button", "action_id": "settings", "text": text("Settings") },
            { "type": "static_select", "action_id": "pause", "placeholder": text("Pause"),
              "options": [option("A day", "day"), option("A week", "week")] },
            { "type": "overflow", "action_id": "rest", "options": [option("Stop", "stop"), option("Why", "why")] },
            { "type": "button", "action_id": "forget", "style": "danger", "text": text("Forget me"), "confirm": {
                "title": text("Forget you?"), "text": text("This cannot be taken back."),
                "confirm": text("Forget me"), "deny": text("Keep me") } },
        ] },
        { "type": "context", "elements": [{ "type": "mrkdwn", "text": "Europe/Berlin · only you see this" }] },
    ] })
}

/// What the made-up app does, with the Web API at `api`.
async fn act(api: String, request: Received) -> (u16, Value) {
    let client = reqwest::Client::new();
    let call = async |method: &str, body: Value| {
        let url = format!("{api}/{method}");
        let answer = client.post(url).bearer_auth(super::TOKEN).json(&body).send().await.unwrap();
        let answer: Value = answer.json().await.unwrap();
        assert_eq!(answer["ok"], true, "{method}: {answer}");
    };
    let payload = request.json();
    if request.path == "/slack/commands" {
        return if request.fields()["text"] == "fail" { (500, Value::Null) } else { (200, answer()) };
    }
    let kind = payload["type"].as_str().unwrap();
    let (respond, trigger) = (payload["response_url"].as_str(), &payload["trigger_id"]);
    match (kind, payload["actions"][0]["action_id"].as_str()) {
        ("event_callback", _) => {
            let home = json!({ "type": "home", "blocks": [{ "type": "header", "text": text("Your week") },
                { "type": "actions", "elements": [
                    { "type": "button", "action_id": "settings", "text": text("Preferences") }] }] });
            call("views.publish", json!({ "user_id": payload["event"]["user"], "view": home })).await;
        }
        ("block_actions", Some("settings")) => {
            call("views.open", json!({ "trigger_id": trigger, "view": preferences() })).await;
        }
        ("block_actions", Some("more")) => {
            let more = json!({ "type": "modal", "title": text("More"), "blocks": [
                { "type": "section", "text": text("There is nothing more.") }] });
            call("views.push", json!({ "trigger_id": trigger, "view": more })).await;
        }
        ("block_actions", Some(_)) => {
            let action = &payload["actions"][0];
            let chosen = action["selected_option"]["value"].as_str().unwrap_or_default();
            let said = format!("Done: {} {chosen}", action["action_id"].as_str().unwrap());
            let body = json!({ "replace_original": true, "text": said });
            assert_eq!(client.post(respond.unwrap()).json(&body).send().await.unwrap().status(), 200);
        }
        ("block_suggestion", _) => {
            return (200, json!({ "options": [option("Europe/Berlin", "berlin"), option("Europe/Bern <b>", "bern")] }));
        }
        ("view_submission", _) => {
            let values = &payload["view"]["state"]["values"];
            if values["name_block"]["name"]["value"] == "x" {
                return (200, json!({ "response_action": "errors", "errors": { "name_block": "That is too short" } }));
            }
        }
        _ => {}
    }
    (200, Value::Null)
}

async fn begin() -> (Talk, Pretend, Browser) {
    let people = ["Ben Okri", "Cleo Smith", "Dora Maar"].into_iter().enumerate();
    let people =
        people.map(|(index, name)| Person::new(format!("U0P{index}"), name).email(format!("p{index}@example.com")));
    let workspace = Workspace { name: "Example".to_owned(), ..workspace() };
    let workspace = Workspace::people(workspace, people).scopes(BOT_SCOPES).channel(Channel::new("C0PLAT", "platform"));
    let talk = Talk::with(workspace).await;
    talk.slack.set_patience(std::time::Duration::from_secs(30));
    let api = talk.slack.api_url();
    let app = Pretend::start(&talk.slack, move |request| act(api.clone(), request)).await;
    let mut browser = Browser::launch().await;
    browser.view(1280, 800, false).await;
    (talk, app, browser)
}

#[tokio::test]
async fn a_command_a_button_and_a_modal_work_in_a_browser() {
    let (talk, app, mut browser) = begin().await;
    let page = talk.slack.page_url();
    browser.open(&format!("{page}?to=U0ADA")).await;

    browser.fill("#typed", "/usage fail").await;
    browser.key("Enter").await;
    browser.wait_for_text("/usage failed with the error “dispatch_failed”").await;
    browser.screenshot("failed").await;
    browser.fill("#typed", "/usage").await;
    browser.key("Enter").await;
    browser.wait_for_text("Only visible to you").await;
    browser.wait_for("document.querySelector('.composer .problem').textContent === ''").await;
    browser.screenshot("answer").await;

    browser.click("button[data-action-id=settings]").await;
    browser.wait_for_element("dialog[open]").await;
    browser.screenshot("modal").await;
    browser.fill("#f-name", "x").await;
    browser.choose("#f-time", "10:30").await;
    browser.click("button[data-action-id=more]").await;
    browser.wait_for_text("There is nothing more.").await;
    browser.key("Escape").await;
    browser.wait_for_element("#f-name").await;
    assert_eq!(browser.evaluate("document.querySelector('#f-time').value").await, "10:30", "what was filled in stays");

    browser.click("dialog button[type=submit]").await;
    browser.wait_for_text("Please complete this required field.").await;
    browser.fill("#f-zone", "ber").await;
    browser.wait_for_text("Europe/Bern <b>").await;
    browser.screenshot("suggestions").await;
    browser.key("ArrowDown").await;
    browser.key("Enter").await;
    browser.choose("#f-channel", "C0PLAT").await;
    browser.click("dialog button[type=submit]").await;
    browser.wait_for_text("That is too short").await;
    assert_eq!(browser.evaluate("document.activeElement.id").await, "f-name", "the fault is focused");
    browser.screenshot("errors").await;
    browser.fill("#f-name", "Ada").await;
    browser.click(".boxes input[value=tuesday]").await;
    browser.click("dialog button[type=submit]").await;
    browser.wait_for("!document.querySelector('#modal dialog')").await;

    let submitted = app.last().json()["view"]["state"]["values"].clone();
    assert_eq!(submitted["time_block"]["time"]["selected_time"], "10:30");
    assert_eq!(submitted["days_block"]["days"]["selected_options"].as_array().unwrap().len(), 2);
    assert_eq!(submitted["zone_block"]["zone"]["selected_option"]["value"], "berlin");
    assert_eq!(submitted["channel_block"]["channel"]["selected_conversation"], "C0PLAT");
    assert_eq!(submitted["name_block"]["name"]["value"], "Ada");
    assert_eq!(submitted["until_block"]["until"]["selected_date"], "2026-03-09");
    assert_eq!(submitted["covers_block"]["covers"]["selected_option"]["value"], "day");

    browser.click("button[data-action-id=forget]").await;
    browser.wait_for_text("This cannot be taken back.").await;
    browser.screenshot("sure").await;
    browser.click("dialog.sure button[value=no]").await;
    browser.wait_for("!document.querySelector('dialog.sure')").await;
    browser.choose("[data-action-id=pause] select", "week").await;
    browser.wait_for_text("Done: pause week").await;
    assert_eq!(
        browser.complaints().iter().filter(|line| !line.contains("500")).count(),
        0,
        "{:?}",
        browser.complaints()
    );
}

#[tokio::test]
async fn the_page_shows_each_person_their_own_and_fits_a_phone() {
    let (talk, _app, mut browser) = begin().await;
    let page = talk.slack.page_url();
    talk.slack.command("U0ADA", "C0TEAM", "/usage").await.unwrap();
    browser.open(&format!("{page}?to=C0TEAM&as=U0BEN")).await;
    browser.wait_for_text("Nothing was sent here yet.").await;
    browser.fill("#typed", "<b>hello</b>").await;
    browser.key("Enter").await;
    browser.wait_for_text("<b>hello</b>").await;
    assert!(!browser.text("main").await.contains("Today so far"), "it is for her alone");
    browser.open(&format!("{page}?to=C0TEAM&as=U0ADA")).await;
    browser.wait_for_text("Today so far").await;
    browser.click("details.menu summary").await;
    browser.screenshot("overflow").await;
    browser.click("details.menu button[data-value=stop]").await;
    browser.wait_for_text("Done: rest stop").await;
    browser.wait_for_text("What it said before").await;
    browser.open(&format!("{page}?to=U0ADA&tab=home")).await;
    browser.wait_for_text("Your week").await;
    browser.screenshot("home").await;
    browser.click("button[data-action-id=settings]").await;
    browser.wait_for_element("dialog[open]").await;
    for (width, height, dark) in [(390, 844, false), (390, 844, true), (1280, 800, true)] {
        browser.view(width, height, dark).await;
        let fits = "document.documentElement.scrollWidth <= innerWidth";
        assert_eq!(browser.evaluate(fits).await, true, "at {width}");
        browser.screenshot(&format!("modal-{width}-{dark}")).await;
    }
    browser.fill("#f-name", "Grace").await;
    browser.choose("#f-time", "11:15").await;
    let mut view = preferences();
    view["blocks"].as_array_mut().unwrap().push(json!({ "type": "divider" }));
    let id = talk.slack.modal_of("U0ADA").unwrap().id;
    assert_eq!(talk.call("views.update", json!({ "view_id": id, "view": view })).await["ok"], true);
    browser.wait_for_element("dialog hr").await;
    let filled = "['#f-name', '#f-time'].map((field) => document.querySelector(field).value)";
    assert_eq!(
        browser.evaluate(filled).await,
        json!(["Grace", "11:15"]),
        "what was filled in stays as the app updates"
    );
    browser.key("Escape").await;
    browser.wait_for("!document.querySelector('#modal dialog')").await;
    talk.slack.command("U0ADA", "U0ADA", "/usage").await.unwrap();
    browser.open(&format!("{page}?to=U0ADA")).await;
    browser.wait_for_text("Today so far").await;
    for (width, height, dark) in [(390, 844, false), (390, 844, true), (1280, 800, true)] {
        browser.view(width, height, dark).await;
        assert_eq!(browser.evaluate("document.documentElement.scrollWidth <= innerWidth").await, true, "at {width}");
        browser.screenshot(&format!("page-{width}-{dark}")).await;
    }
    assert_eq!(browser.complaints().len(), 0, "{:?}", browser.complaints());
}
