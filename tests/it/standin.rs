//! The stand-in Slack over real HTTP, as a client sees it.

use chrono::{DateTime, TimeDelta, Utc};
use recap::{
    clock::Clock,
    standin::{Channel, Fault, Person, RateLimits, Standin, Times, UserGroup, Workspace},
};
use reqwest::{Client, Response, header};
use serde_json::{Value, json};
use std::time::Duration;

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
        .group(UserGroup {
            id: "S0PLAT".to_owned(),
            handle: "platform".to_owned(),
            name: "Platform".to_owned(),
            members: vec!["U0ADA".to_owned()],
        })
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
        ("chat.postMessage", metadata(json!(7)), "invalid_metadata_format"),
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

fn metadata(value: Value) -> Value {
    let metadata = json!({ "event_type": "recap_delivery", "event_payload": { "delivery_id": value } });
    json!({ "channel": "C0TEAM", "text": "x", "metadata": metadata })
}

#[tokio::test]
async fn granted_scopes_are_told_and_a_missing_one_is_named() {
    let talk = Talk::with(workspace().scopes(["chat:write", "users:read"])).await;

    let test = talk.send("auth.test", &json!({})).await.unwrap();
    assert_eq!(test.headers()["x-oauth-scopes"], "chat:write,users:read");
    assert_eq!(test.json::<Value>().await.unwrap()["team_id"], "T0TEST");
    let refused = talk.get("users.lookupByEmail", &[("email", "ada@example.com")]).await;
    assert_eq!(
        refused,
        json!({ "ok": false, "error": "missing_scope", "needed": "users:read.email", "provided": "chat:write,users:read" })
    );
    let listed = talk.get("users.list", &[]).await;
    assert!(!listed.to_string().contains("ada@example.com"), "addresses need users:read.email");

    talk.slack.change(|workspace| workspace.scopes = ["users:read.email".to_owned()].into());
    let found = talk.get("users.lookupByEmail", &[("email", "ADA@example.com")]).await;
    assert_eq!(found["user"]["id"], "U0ADA");
}

#[tokio::test]
async fn the_directory_comes_in_pages() {
    let people = (0..450).map(|n| Person::new(format!("U{n:04}"), format!("Person {n}")));
    let talk = Talk::with(Workspace::new("T0TEST", TOKEN).people(people)).await;

    let (mut ids, mut pages, mut cursor) = (Vec::new(), 0, String::new());
    loop {
        let page = talk.get("users.list", &[("limit", "200"), ("cursor", &cursor)]).await;
        assert_eq!(page["ok"], true, "{page}");
        ids.extend(page["members"].as_array().unwrap().iter().map(|user| user["id"].as_str().unwrap().to_owned()));
        pages += 1;
        cursor = page["response_metadata"]["next_cursor"].as_str().unwrap().to_owned();
        if cursor.is_empty() {
            break;
        }
    }

    assert_eq!(pages, 3);
    let unique: std::collections::BTreeSet<_> = ids.iter().collect();
    assert_eq!((ids.len(), unique.len()), (452, 452), "everybody, the app's bot and Slackbot");
}

#[tokio::test]
async fn a_person_is_shown_as_slack_shows_them() {
    let talk = Talk::begin().await;
    talk.slack.set_clock(Clock::fixed(noon()));
    let ada = talk.get("users.info", &[("user", "U0ADA"), ("include_locale", "true")]).await;
    assert_eq!(ada["user"]["tz"], "Asia/Kathmandu");
    assert_eq!(ada["user"]["tz_offset"], 20_700);
    assert_eq!(ada["user"]["locale"], "en-US");
    assert_eq!(ada["user"]["profile"]["email"], "Ada@example.com");
    let slackbot = talk.get("users.info", &[("user", "USLACKBOT")]).await;
    assert_eq!(slackbot["user"]["is_bot"], false);
    let gone = talk.get("users.info", &[("user", "U0GONE")]).await;
    assert_eq!((&gone["user"]["deleted"], gone["user"].get("tz")), (&json!(true), None));
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
async fn channels_groups_and_the_team_are_described() {
    let talk = Talk::begin().await;
    let channel = talk.get("conversations.info", &[("channel", "C0ELSE")]).await;
    assert_eq!((&channel["channel"]["is_member"], &channel["channel"]["name"]), (&json!(false), &json!("elsewhere")));
    assert_eq!(talk.get("team.info", &[]).await["team"]["id"], "T0TEST");
    assert_eq!(talk.get("usergroups.list", &[]).await["usergroups"][0]["handle"], "platform");
    assert_eq!(talk.get("usergroups.users.list", &[("usergroup", "S0PLAT")]).await["users"], json!(["U0ADA"]));
    assert_eq!(talk.get("api.test", &[("foo", "bar")]).await["args"]["foo"], "bar");
}

#[tokio::test]
async fn views_are_kept_and_an_old_hash_is_a_conflict() {
    let talk = Talk::begin().await;
    let home = json!({ "type": "home", "blocks": [] });
    let first = talk.call("views.publish", json!({ "user_id": "U0ADA", "view": home })).await;
    let hash = &first["view"]["hash"];
    let again = json!({ "user_id": "U0ADA", "view": home, "hash": hash });
    assert_eq!(talk.call("views.publish", again.clone()).await["view"]["id"], first["view"]["id"]);
    assert_eq!(talk.refusal("views.publish", again).await, "hash_conflict");
    assert_eq!(talk.slack.home_of("ada@example.com").unwrap().view, home);

    let title = json!({ "type": "plain_text", "text": "Settings" });
    let modal = json!({ "type": "modal", "title": title, "blocks": [] });
    let opened = talk.call("views.open", json!({ "trigger_id": "1.2.3", "view": modal })).await;
    let divided = json!({ "type": "modal", "title": title, "blocks": [{ "type": "divider" }] });
    let update = json!({ "view_id": opened["view"]["id"], "view": divided });
    assert_eq!(talk.call("views.update", update).await["ok"], true);
    assert_eq!(talk.slack.modals()[0].view, divided);
}

#[tokio::test]
async fn each_fault_says_whether_the_message_was_accepted() {
    let talk = Talk::begin().await;
    for (fault, seen, accepted) in [
        (Fault::RateLimited { seconds: 7 }, "429 ratelimited retry-after 7", false),
        (Fault::Reset, "reset", false),
        (Fault::LoseReply, "reset", true),
        (Fault::ServerError(503), "503 no json", false),
        (Fault::ServerErrorAfterAccepting(500), "500 no json", true),
        (Fault::NotJson, "200 no json", false),
        (Fault::NotJsonAfterAccepting, "200 no json", true),
        (Fault::error("account_inactive"), "200 account_inactive", false),
        (Fault::ErrorAfterAccepting("internal_error".to_owned()), "200 internal_error", true),
        (Fault::MissingScope("chat:write".to_owned()), "200 missing_scope", false),
        (Fault::Delay(Duration::from_millis(1)), "200 ok", true),
        (Fault::SlowReply(Duration::from_millis(1)), "200 ok", true),
    ] {
        let before = talk.texts_to_ada().len();
        talk.slack.fault("chat.postMessage", fault.clone(), Times(1));
        assert_eq!(outcome(talk.post_to_ada("x").await).await, seen, "{fault:?}");
        assert_eq!(talk.texts_to_ada().len() - before, usize::from(accepted), "{fault:?}");
        assert_eq!(outcome(talk.post_to_ada("x").await).await, "200 ok", "once only: {fault:?}");
    }
}

async fn outcome(answer: reqwest::Result<Response>) -> String {
    let Ok(answer) = answer else { return "reset".to_owned() };
    let status = answer.status().as_u16();
    let wait = answer.headers().get(header::RETRY_AFTER).map(|wait| format!(" retry-after {}", wait.to_str().unwrap()));
    let body: Value = answer.json().await.unwrap_or(json!({ "error": "no json" }));
    format!("{status} {}{}", body["error"].as_str().unwrap_or("ok"), wait.unwrap_or_default())
}

#[tokio::test]
async fn a_slow_answer_meets_the_callers_own_deadline() {
    let talk = Talk::begin().await;
    let hour = Duration::from_secs(3600);
    let hurried = Client::builder().timeout(Duration::from_millis(200)).build().unwrap();
    for (fault, accepted) in [(Fault::Delay(hour), 0), (Fault::SlowReply(hour), 1)] {
        talk.slack.fault("*", fault, Times(1));
        let message = json!({ "channel": "U0ADA", "text": "x" });
        let call = hurried.post(talk.url("chat.postMessage")).bearer_auth(TOKEN).json(&message);
        assert!(call.send().await.unwrap_err().is_timeout());
        assert_eq!(talk.texts_to_ada().len(), accepted);
    }
}

#[tokio::test]
async fn faults_stay_until_they_are_cleared() {
    let talk = Talk::begin().await;
    talk.slack.fault("*", Fault::error("invalid_auth"), Times::UNTIL_CLEARED);
    for method in ["auth.test", "users.list", "auth.test"] {
        assert_eq!(talk.refusal(method, json!({})).await, "invalid_auth");
    }
    talk.slack.clear_faults();
    assert_eq!(talk.call("auth.test", json!({})).await["ok"], true);
}

#[tokio::test]
async fn rate_limits_hold_by_channel_and_by_method_until_their_time_is_over() {
    let talk = Talk::begin().await;
    talk.slack.limit_rates(RateLimits::SLACK);
    talk.slack.set_clock(Clock::fixed(noon()));
    assert_eq!(outcome(talk.post_to_ada("1").await).await, "200 ok");
    assert_eq!(outcome(talk.post_to_ada("2").await).await, "429 ratelimited retry-after 1");
    let direct = json!({ "channel": "DU0ADA", "text": "x" });
    assert_eq!(talk.refusal("chat.postMessage", direct).await, "ratelimited", "the same conversation by its own id");
    assert_eq!(talk.call("chat.postMessage", json!({ "channel": "U0BEN", "text": "x" })).await["ok"], true);
    for _ in 0..20 {
        assert_eq!(talk.call("users.list", json!({})).await["ok"], true);
    }
    assert_eq!(outcome(talk.send("users.list", &json!({})).await).await, "429 ratelimited retry-after 60");

    talk.slack.set_clock(Clock::fixed(noon() + TimeDelta::seconds(1)));
    assert_eq!(outcome(talk.post_to_ada("2").await).await, "200 ok");
    assert_eq!(outcome(talk.send("users.list", &json!({})).await).await, "429 ratelimited retry-after 59");
    talk.slack.set_clock(Clock::fixed(noon() + TimeDelta::seconds(60)));
    assert_eq!(talk.call("users.list", json!({})).await["ok"], true);
    assert_eq!(talk.texts_to_ada(), ["1", "2"]);
}

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
    assert!(talk.page("/page.js").await.text().await.unwrap().contains("EventSource"));
}
