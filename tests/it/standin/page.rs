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
