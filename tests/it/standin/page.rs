//! Where it listens, when it stops, and what its page shows.

use super::{Talk, noon, workspace};
use recap::{
    clock::Clock,
    standin::{Person, Standin},
};
use reqwest::header;
use serde_json::json;
use std::time::Duration;

#[tokio::test]
async fn it_listens_on_loopback_only_and_stops_when_told_or_dropped() {
    let refused = Standin::start_on("0.0.0.0:0".parse().unwrap(), workspace()).await.unwrap_err();
    assert_eq!(refused.to_string(), "`0.0.0.0` is not a loopback address, and the stand-in listens nowhere else");

    let talk = Talk::begin().await;
    let foreign = talk.client.get(talk.slack.page_url()).header(header::HOST, "evil.example").send().await.unwrap();
    assert_eq!(foreign.status(), 421, "a name that was pointed at this machine");
    let live = talk.page("/changes").await;
    talk.slack.stop().await;
    assert!(live.bytes().await.is_ok(), "the open stream ends in order");
    assert!(talk.send("auth.test", &json!({})).await.is_err());

    let slack = Standin::start(workspace()).await.unwrap();
    let address = slack.api_url();
    let copy = slack.clone();
    drop(slack);
    assert!(reqwest::get(format!("{address}/api.test")).await.is_ok(), "a copy is still held");
    drop(copy);
    tokio::task::yield_now().await;
    let gone = async { while reqwest::get(format!("{address}/api.test")).await.is_ok() {} };
    tokio::time::timeout(Duration::from_secs(10), gone).await.unwrap();
}

#[tokio::test]
async fn foreign_text_on_the_page_is_letters_and_nothing_comes_from_elsewhere() {
    let evil = "<script>alert(1)</script> \"&' <img src=https://evil.example/x>";
    let mut workspace = workspace().person(Person::new("U0\"><script>x", evil));
    workspace.name = evil.to_owned();
    let talk = Talk::with(workspace).await;
    talk.slack.set_clock(Clock::fixed(noon()));
    let section = json!({ "type": "section", "text": { "type": "plain_text", "text": evil } });
    let message = json!({ "channel": "U0ADA", "text": evil, "blocks": [section] });
    assert_eq!(talk.call("chat.postMessage", message).await["ok"], true);

    for path in ["/", "/?to=U0ADA", "/?to=%3Cscript%3E"] {
        let page = talk.page(path).await;
        let policy = page.headers()[header::CONTENT_SECURITY_POLICY].to_str().unwrap().to_owned();
        assert!(policy.contains("default-src 'none'") && !policy.contains("unsafe"), "{policy}");
        let html = page.text().await.unwrap();
        assert_eq!(html.matches("<script").count(), 1, "the page's own: {html}");
        assert!(!html.contains("<img") && !html.contains("//evil.example/x>"), "{html}");
        assert!(html.contains("&lt;script&gt;alert(1)&lt;/script&gt;"), "{html}");
    }
    let shown = talk.page("/?to=U0ADA").await.text().await.unwrap();
    assert!(shown.contains("<div class=\"slack-message\">"), "drawn as Slack would: {shown}");
    assert!(shown.contains("datetime=\"2026-03-02T12:00:00+00:00\">Mon, Mar 2, 17:45"), "in her zone: {shown}");
    assert!(talk.page("/page.css").await.text().await.unwrap().contains(".slack-message"));
    assert!(talk.page("/page.js").await.text().await.unwrap().contains("EventSource"));
}

#[tokio::test]
async fn foreign_text_in_forms_is_letters_too() {
    let evil = "\"><script>alert(1)</script>'&<img src=x onerror=alert(1)>";
    let talk = Talk::begin().await;
    let text = json!({ "type": "plain_text", "text": evil });
    let confirm = json!({ "title": text, "text": text, "confirm": { "type": "plain_text", "text": "y" },
        "deny": { "type": "plain_text", "text": "n" } });
    let option = json!({ "text": text, "value": evil, "description": text });
    let input = |element: serde_json::Value| {
        json!({ "type": "input", "block_id": format!("{evil}{}", element["action_id"]), "label": text, "hint": text,
            "element": element })
    };
    let view = json!({
        "type": "modal", "title": { "type": "plain_text", "text": "<script>'\"" }, "submit": { "type": "plain_text", "text": "<img>" },
        "blocks": [
            { "type": "actions", "elements": [
                { "type": "button", "action_id": evil, "value": evil, "confirm": confirm,
                  "text": { "type": "plain_text", "text": "<script>" }, "accessibility_label": evil },
                { "type": "overflow", "action_id": format!("{evil}o"), "options": [option] },
                { "type": "static_select", "action_id": format!("{evil}s"), "placeholder": text, "options": [option],
                  "initial_option": option }] },
            input(json!({ "type": "plain_text_input", "action_id": format!("{evil}p"), "initial_value": evil, "multiline": true })),
            input(json!({ "type": "plain_text_input", "action_id": format!("{evil}q"), "initial_value": evil, "placeholder": text })),
            input(json!({ "type": "checkboxes", "action_id": format!("{evil}c"), "options": [option] })),
            input(json!({ "type": "external_select", "action_id": format!("{evil}e"), "initial_option": option })),
        ],
    });
    let call = json!({ "trigger_id": talk.slack.grant_trigger("U0ADA"), "view": view });
    let opened = talk.call("views.open", call).await;
    assert_eq!(opened["ok"], true, "{opened}");

    let html = talk.page("/?to=U0ADA").await.text().await.unwrap();

    assert_eq!(html.matches("<script").count(), 1, "the page's own: {html}");
    assert!(!html.contains("<img"), "{html}");
    assert!(html.matches("&lt;script&gt;alert(1)").count() > 10, "{html}");
}

#[tokio::test]
async fn only_the_page_itself_can_act_for_somebody() {
    let talk = Talk::begin().await;
    let say = |kind: &str, host: Option<&str>| {
        let url = format!("{}do/say", talk.slack.page_url());
        let body = json!({ "user": "U0ADA", "channel": "C0TEAM", "text": "hello" }).to_string();
        let request = talk.client.post(url).header(header::CONTENT_TYPE, kind).body(body);
        host.map_or(request.try_clone().unwrap(), |host| request.header(header::HOST, host)).send()
    };
    assert_eq!(say("text/plain", None).await.unwrap().status(), 415, "what a foreign form can send");
    assert_eq!(say("application/json", Some("evil.example")).await.unwrap().status(), 421);
    assert_eq!(talk.slack.messages().len(), 0);
    assert_eq!(say("application/json", None).await.unwrap().status(), 200);
    let said = talk.slack.messages_to("C0TEAM").remove(0);
    assert_eq!((said.by.as_deref(), said.text.as_str()), (Some("U0ADA"), "hello"));
}

#[tokio::test]
async fn an_open_page_hears_of_each_message_at_once() {
    let talk = Talk::begin().await;
    let mut live = talk.page("/changes").await;
    assert_eq!(live.headers()[header::CONTENT_TYPE], "text/event-stream");
    for number in 1..=2 {
        assert!(talk.post_to_ada("x").await.unwrap().status().is_success());
        let event = live.chunk().await.unwrap().unwrap();
        assert_eq!(event, format!("data: {number}\n\n").as_bytes());
    }
}
