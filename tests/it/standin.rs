//! The stand-in Slack over real HTTP, as a client sees it.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on stops here")]

mod browser;
mod channels;
mod commands;
mod deliveries;
mod directory;
mod events;
mod faults;
mod modals;
mod page;
mod sockets;

use chrono::{DateTime, TimeDelta, Utc};
use recap::{
    clock::Clock,
    standin::{Channel, Person, Standin, UserGroup, Workspace},
};
use reqwest::{Client, Response, header};
use serde_json::{Value, json};

const TOKEN: &str = "xoxb-standin-test";

fn workspace() -> Workspace {
    Workspace::new("T0TEST", TOKEN)
        .person(Person::new("U0ADA", "Ada Lovelace").email("Ada@example.com").tz("Asia/Kathmandu"))
        .person(Person::new("U0BEN", "Ben").email("ben@example.com"))
        .person(Person::new("U0GONE", "Gone").email("gone@example.com").deactivated())
        .person(Person { is_bot: true, ..Person::new("U0BOT", "Other bot") })
        .channel(Channel::new("C0TEAM", "team"))
        .channel(Channel::new("C0ELSE", "elsewhere").without_recap())
        .channel(Channel::new("C0OLD", "old").archived())
        .group(UserGroup::new("S0PLAT", "platform", ["U0ADA"]))
}

/// A stand-in and a client that talks to it.
struct Talk {
    slack: Standin,
    client: Client,
}

impl Talk {
    async fn begin() -> Self {
        Self::with(workspace()).await
    }

    async fn with(workspace: Workspace) -> Self {
        Self { slack: Standin::start(workspace).await.unwrap(), client: Client::new() }
    }

    fn url(&self, method: &str) -> String {
        format!("{}/{method}", self.slack.api_url())
    }

    async fn send(&self, method: &str, arguments: &Value) -> reqwest::Result<Response> {
        self.client.post(self.url(method)).bearer_auth(TOKEN).json(arguments).send().await
    }

    /// Sends JSON and reads JSON.
    async fn call(&self, method: &str, arguments: Value) -> Value {
        self.send(method, &arguments).await.unwrap().json().await.unwrap()
    }

    /// The error code that a call is refused with.
    async fn refusal(&self, method: &str, arguments: Value) -> String {
        let answer = self.call(method, arguments).await;
        assert_eq!(answer["ok"], false, "{answer}");
        answer["error"].as_str().unwrap().to_owned()
    }

    async fn get(&self, method: &str, query: &[(&str, &str)]) -> Value {
        let mut url = reqwest::Url::parse(&self.url(method)).unwrap();
        url.query_pairs_mut().extend_pairs(query);
        self.client.get(url).bearer_auth(TOKEN).send().await.unwrap().json().await.unwrap()
    }

    async fn post_to_ada(&self, text: &str) -> reqwest::Result<Response> {
        self.send("chat.postMessage", &json!({ "channel": "U0ADA", "text": text })).await
    }

    fn texts_to_ada(&self) -> Vec<String> {
        self.slack.messages_to("ada@example.com").into_iter().map(|message| message.text).collect()
    }

    async fn page(&self, path: &str) -> Response {
        self.client.get(format!("{}{path}", self.slack.page_url().trim_end_matches('/'))).send().await.unwrap()
    }
}

fn noon() -> DateTime<Utc> {
    "2026-03-02T12:00:00Z".parse().unwrap()
}

#[tokio::test]
async fn a_message_to_a_person_arrives_in_the_direct_conversation_with_them() {
    let talk = Talk::begin().await;
    talk.slack.set_clock(Clock::fixed(noon()));

    let opened = talk.call("conversations.open", json!({ "users": "U0ADA" })).await;
    let again = talk.call("conversations.open", json!({ "users": "U0ADA" })).await;
    let channel = opened["channel"]["id"].as_str().unwrap();
    let blocks = json!([{ "type": "section", "text": { "type": "plain_text", "text": "Hello" } }]);
    let metadata = json!({ "event_type": "recap_delivery", "event_payload": { "delivery_id": "1" } });
    let message = json!({ "channel": channel, "text": "Hello", "blocks": blocks, "metadata": metadata });
    let posted = talk.call("chat.postMessage", message).await;
    let second = talk.call("chat.postMessage", json!({ "channel": "U0ADA", "text": "Again" })).await;

    assert_eq!(again["already_open"], true);
    assert_eq!(again["channel"]["id"], channel);
    assert_eq!(posted["channel"], channel);
    assert_eq!(posted["message"]["blocks"], blocks);
    assert_eq!(posted["message"]["ts"], posted["ts"]);
    assert_eq!((&posted["ts"], &second["ts"]), (&json!("1772452800.000000"), &json!("1772452800.000001")));
    let received = talk.slack.messages_to("ada@example.com");
    assert_eq!(received.len(), 2);
    assert_eq!((received[0].text.as_str(), received[0].at), ("Hello", noon()));
    assert_eq!(received[0].metadata.as_ref(), Some(&metadata));
    assert_eq!(talk.slack.messages_to("U0ADA"), received);
    assert_eq!(talk.slack.messages_to(channel), received);
    assert_eq!(talk.slack.messages_to("U0BEN"), []);
    assert_eq!(talk.slack.calls("chat.postMessage"), 2);
}

#[tokio::test]
async fn query_form_and_json_are_read_alike_and_the_token_may_be_an_argument() {
    let talk = Talk::begin().await;
    let (url, metadata) = (talk.url("chat.postMessage"), r#"{"event_type":"e","event_payload":{"k":"v"}}"#);
    let fields = [("token", TOKEN), ("channel", "C0TEAM"), ("text", "a & b"), ("metadata", metadata)];
    let form = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();

    let json = talk.call("chat.postMessage", json!({ "channel": "#team", "text": "a & b" })).await;
    let query: Value = talk.client.get(format!("{url}?{form}")).send().await.unwrap().json().await.unwrap();
    let post = talk.client.post(&url).header(header::CONTENT_TYPE, "application/x-www-form-urlencoded").body(form);
    let form: Value = post.send().await.unwrap().json().await.unwrap();

    for answer in [json, query, form] {
        assert_eq!((&answer["ok"], &answer["message"]["text"]), (&json!(true), &json!("a & b")), "{answer}");
    }
    let received = talk.slack.messages_to("team");
    assert_eq!(received.len(), 3);
    assert_eq!(received[1].metadata, received[2].metadata);
    let requests = talk.slack.requests();
    let seen: Vec<_> = requests.iter().map(|request| (request.verb.as_str(), request.outcome.as_deref())).collect();
    assert_eq!(seen, [("POST", Some("ok")), ("GET", Some("ok")), ("POST", Some("ok"))]);
    assert!(!format!("{requests:?} {:?}", talk.slack).contains(TOKEN));
}

#[tokio::test]
async fn what_is_not_allowed_is_refused_with_slacks_code() {
    let talk = Talk::begin().await;
    let bare = talk.client.get(talk.url("auth.test")).send().await.unwrap().json::<Value>().await.unwrap();
    assert_eq!(bare["error"], "not_authed");
    let wrong = talk.client.get(talk.url("auth.test")).bearer_auth("xoxb-other").send().await.unwrap();
    assert!(wrong.headers().get("x-oauth-scopes").is_none());
    assert_eq!(wrong.json::<Value>().await.unwrap()["error"], "invalid_auth");
    let broken = talk.client.post(talk.url("auth.test")).bearer_auth(TOKEN).body("{");
    let broken = broken.header(header::CONTENT_TYPE, "application/json").send().await.unwrap();
    assert_eq!(broken.json::<Value>().await.unwrap()["error"], "invalid_json");

    for (method, arguments, code) in [
        ("chat.shout", json!({}), "unknown_method"),
        ("chat.postMessage", json!({ "text": "x" }), "channel_not_found"),
        ("chat.postMessage", json!({ "channel": "C0NONE", "text": "x" }), "channel_not_found"),
        ("chat.postMessage", json!({ "channel": "DU0ADA", "text": "x" }), "channel_not_found"),
        ("chat.postMessage", json!({ "channel": "C0TEAM", "text": " " }), "no_text"),
        ("chat.postMessage", json!({ "channel": "C0TEAM", "text": "x".repeat(40_001) }), "msg_too_long"),
        ("chat.postMessage", json!({ "channel": "C0ELSE", "text": "x" }), "not_in_channel"),
        ("chat.postMessage", json!({ "channel": "C0OLD", "text": "x" }), "is_archived"),
        ("chat.postMessage", json!({ "channel": "U0GONE", "text": "x" }), "user_disabled"),
        ("chat.postMessage", json!({ "channel": "C0TEAM", "text": "x", "blocks": "[" }), "invalid_blocks_format"),
        ("chat.postMessage", metadata(&json!(7)), "invalid_metadata_format"),
        ("chat.update", json!({ "channel": "C0TEAM", "ts": "1.0", "text": "x" }), "message_not_found"),
        ("conversations.open", json!({ "users": "U0NONE" }), "user_not_found"),
        ("conversations.open", json!({ "users": "U0GONE" }), "user_disabled"),
        ("conversations.open", json!({ "users": "U0BOT" }), "cannot_dm_bot"),
        ("conversations.open", json!({}), "users_list_not_supplied"),
        ("conversations.history", json!({ "channel": "C0TEAM" }), "missing_scope"),
        ("users.lookupByEmail", json!({ "email": "nobody@example.com" }), "users_not_found"),
        ("users.lookupByEmail", json!({ "email": "gone@example.com" }), "users_not_found"),
        ("users.info", json!({ "user": "U0NONE" }), "user_not_found"),
        ("users.list", json!({ "cursor": "nonsense" }), "invalid_cursor"),
        ("users.list", json!({ "limit": "many" }), "invalid_limit"),
        ("views.publish", json!({ "user_id": "U0ADA", "view": { "type": "modal" } }), "invalid_arguments"),
    ] {
        assert_eq!(talk.refusal(method, arguments.clone()).await, code, "{method} {arguments}");
    }
    assert_eq!(talk.slack.messages(), []);
}

fn metadata(value: &Value) -> Value {
    let metadata = json!({ "event_type": "recap_delivery", "event_payload": { "delivery_id": value } });
    json!({ "channel": "C0TEAM", "text": "x", "metadata": metadata })
}

#[tokio::test]
async fn history_is_newest_first_in_pages_and_shows_metadata_when_asked() {
    let talk = Talk::begin().await;
    for minute in 0..5 {
        talk.slack.set_clock(Clock::fixed(noon() + TimeDelta::minutes(minute)));
        let id = format!("delivery-{minute}");
        let payload = json!({ "event_type": "recap_delivery", "event_payload": { "delivery_id": id } });
        let message = json!({ "channel": "U0ADA", "text": id, "metadata": payload });
        assert_eq!(talk.call("chat.postMessage", message).await["ok"], true);
    }
    let oldest = (noon() + TimeDelta::minutes(1)).timestamp().to_string();

    let query = [("channel", "DU0ADA"), ("limit", "2"), ("oldest", &oldest), ("include_all_metadata", "true")];
    let first = talk.get("conversations.history", &query).await;
    let cursor = first["response_metadata"]["next_cursor"].as_str().unwrap();
    let mut more = query.to_vec();
    more.push(("cursor", cursor));
    let second = talk.get("conversations.history", &more).await;
    let plain = talk.get("conversations.history", &[("channel", "DU0ADA"), ("latest", &oldest)]).await;

    let texts = |page: &Value| -> Vec<String> {
        page["messages"].as_array().unwrap().iter().map(|m| m["text"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!((texts(&first), &first["has_more"]), (vec!["delivery-4".into(), "delivery-3".into()], &json!(true)));
    assert_eq!((texts(&second), &second["has_more"]), (vec!["delivery-2".into()], &json!(false)));
    assert_eq!(first["messages"][0]["metadata"]["event_payload"]["delivery_id"], "delivery-4");
    assert_eq!(texts(&plain), ["delivery-0"], "both ends are left out unless `inclusive`");
    assert!(plain["messages"][0].get("metadata").is_none());
}

#[tokio::test]
async fn a_message_is_updated_deleted_or_shown_to_one_person_alone() {
    let talk = Talk::begin().await;
    let posted = talk.call("chat.postMessage", json!({ "channel": "C0TEAM", "text": "one" })).await;
    let updated = talk.call("chat.update", json!({ "channel": "C0TEAM", "ts": posted["ts"], "text": "two" })).await;
    assert_eq!((&updated["ts"], &updated["message"]["text"]), (&posted["ts"], &json!("two")));
    assert!(talk.slack.messages_to("#team")[0].edited);

    let private = json!({ "channel": "C0TEAM", "user": "U0ADA", "text": "psst" });
    assert_eq!(talk.call("chat.postEphemeral", private).await["ok"], true);
    assert_eq!(talk.texts_to_ada(), ["psst"]);
    assert_eq!(talk.slack.messages_to("U0BEN"), []);

    assert_eq!(talk.call("chat.delete", json!({ "channel": "C0TEAM", "ts": posted["ts"] })).await["ok"], true);
    assert!(talk.slack.messages_to("C0TEAM")[0].deleted);
    talk.slack.change(|workspace| _ = workspace.scopes.insert("channels:history".to_owned()));
    assert_eq!(talk.get("conversations.history", &[("channel", "C0TEAM")]).await["messages"], json!([]));
}

#[tokio::test]
async fn blocks_beyond_slacks_limits_are_refused_with_a_pointer() {
    let talk = Talk::begin().await;
    let section =
        |length: usize| json!({ "type": "section", "text": { "type": "plain_text", "text": "x".repeat(length) } });
    let header = json!({ "type": "header", "text": { "type": "plain_text", "text": "x".repeat(151) } });
    let divider = json!({ "type": "divider" });
    for (blocks, code, pointer) in [
        (vec![header], "invalid_blocks", "/blocks/0/text"),
        (vec![divider.clone(), section(3_001)], "invalid_blocks", "/blocks/1/text"),
        (vec![divider; 51], "invalid_blocks", "/blocks]"),
        (vec![json!({ "type": "banner" })], "invalid_blocks", "/blocks/0"),
        (vec![json!("text")], "invalid_blocks", "/blocks/0"),
        (vec![section(3_000); 4], "msg_blocks_too_long", "/blocks]"),
    ] {
        let answer = talk.call("chat.postMessage", json!({ "channel": "U0ADA", "text": "x", "blocks": blocks })).await;
        let line = answer["response_metadata"]["messages"][0].as_str().unwrap();
        assert_eq!((&answer["ok"], answer["error"].as_str()), (&json!(false), Some(code)), "{answer}");
        assert!(line.starts_with("[ERROR] ") && line.contains(&format!("[json-pointer:{pointer}")), "{line}");
    }
    let within = json!({ "channel": "U0ADA", "text": "x", "blocks": vec![section(2_900); 4] });
    assert_eq!(talk.call("chat.postMessage", within).await["ok"], true);
    assert_eq!(talk.texts_to_ada().len(), 1);
}
