//! Answers through a `response_url`, where Slack does not take them.

use super::{Answer, Scripted, client, client_within, deserted, shown, text};
use recap::{
    message::Message,
    slack::{Client, Response, ResponseUrl},
};
use std::time::Duration;

fn hello() -> Response {
    Response::Ephemeral(Message { text: "Hello, Ada".into(), blocks: Vec::new() })
}

fn url(client: &Client, api_url: &str) -> ResponseUrl {
    client.response_url(&api_url.replace("/proxied/api", "/actions/secret-ticket")).unwrap()
}

#[tokio::test]
async fn an_answer_goes_out_once_and_without_the_token() {
    let server = Scripted::start(|_| text(200, "ok")).await;
    let client = client(&server);
    let to = client.response_url(&format!("{}once", server.api_url)).unwrap();

    client.respond(&to, &hello()).await.unwrap();

    let calls = server.calls("once");
    assert_eq!((calls.len(), calls[0].authorization.as_str()), (1, ""));
    assert_eq!(calls[0].body["text"], "Hello, Ada");
}

#[tokio::test]
async fn what_slack_does_not_take_is_told_by_its_code_and_not_by_its_address() {
    for (answer, code) in [
        (text(404, "used_url"), "used_url"),
        (text(404, "<html>secret-ticket</html>"), "unreadable"),
        (text(200, r#"{"ok":false,"error":"invalid_blocks"}"#), "invalid_blocks"),
        (text(302, ""), "unreadable"),
        (text(429, ""), "unavailable"),
        (text(503, ""), "unavailable"),
        (Answer::Lost, "unavailable"),
        (text(404, &"a".repeat(9 * 1024 * 1024)), "unreadable"),
    ] {
        let mut answer = Some(answer);
        let server = Scripted::start(move |_| answer.take().unwrap_or_else(|| text(200, "ok"))).await;
        let client = client(&server);
        let to = url(&client, &server.api_url);

        let error = client.respond(&to, &hello()).await.unwrap_err();

        assert_eq!(error.code(), code, "{error}");
        assert!(!shown(&error, &error.hint()).contains("secret-ticket"), "{error:?}");
    }
}

#[tokio::test]
async fn where_nobody_listens_the_answer_is_given_up() {
    let (address, _held) = deserted();
    let client = client_within(&format!("{address}/proxied/api"), Duration::from_secs(5));
    let to = url(&client, &format!("{address}/proxied/api"));

    let error = client.respond(&to, &hello()).await.unwrap_err();

    assert_eq!(error.code(), "unavailable");
    assert!(!shown(&error, &error.hint()).contains("secret-ticket"), "{error:?}");
}
