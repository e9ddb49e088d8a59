//! The API: who may, what is refused and how, and what is answered.

use super::{
    Door, OTHER, TOKEN, header,
    office::{PlayedOffice, record},
};
use recap::{
    admin::{Actor, AdminError, Report, Scope, Subject},
    slack::SlackError,
};
use reqwest::{Method, Response, header::AUTHORIZATION};
use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

const CONFIGURE: &str = "/api/admin/reports/configure";
const TRIGGER: &str = "/api/reports/trigger";

/// Status and problem; a problem is always one by its type too.
async fn problem(response: Response) -> (u16, Value) {
    let status = response.status().as_u16();
    assert_eq!(header(&response, "content-type"), "application/problem+json");
    let problem: Value = response.json().await.unwrap();
    assert_eq!(problem["status"], status);
    for member in ["type", "title", "detail"] {
        assert!(problem[member].is_string(), "{problem}");
    }
    (status, problem)
}

/// The fields that a problem names.
fn fields(problem: &Value) -> Vec<&str> {
    problem["errors"].as_array().unwrap().iter().map(|error| error["field"].as_str().unwrap()).collect()
}

fn later() -> AdminError {
    AdminError::Slack(SlackError::Later {
        method: "conversations.info",
        what: "secret details".to_owned(),
        retry_after: None,
        limited: false,
    })
}

#[tokio::test]
async fn without_a_token_or_with_a_wrong_one_nothing_answers() {
    let door = Door::open().await;
    let wrong = ["", "Bearer", "Bearer ", "Bearer wrong", "Basic YWRhOmE=", &format!("Bearer {TOKEN}x"), TOKEN];
    for path in [CONFIGURE, "/api/admin/teams", "/api/admin/deliveries", "/api/nothing", TRIGGER] {
        for method in [Method::GET, Method::POST, Method::DELETE, Method::PATCH] {
            let bare = door.client.request(method.clone(), door.url(path)).send().await.unwrap();
            assert_eq!(header(&bare, "www-authenticate"), "Bearer", "{method} {path}");
            assert_eq!(problem(bare).await.0, 401, "{method} {path}");
        }
        for wrong in wrong {
            let refused = door.client.get(door.url(path)).header(AUTHORIZATION, wrong).send().await.unwrap();
            assert_eq!(refused.status(), 401, "{wrong}");
        }
    }
    for open in ["/healthz", "/readyz", "/metrics", "/openapi.json", "/admin/sign-in", "/admin/style.css"] {
        assert_eq!(door.client.get(door.url(open)).send().await.unwrap().status(), 200, "{open}");
    }
}

#[tokio::test]
async fn with_no_tokens_configured_none_is_right() {
    let door = Door::of(&[], true).await;
    for token in ["", TOKEN] {
        assert_eq!(
            door.client.get(door.url("/api/admin/teams")).bearer_auth(token).send().await.unwrap().status(),
            401
        );
    }
}

#[tokio::test]
async fn before_the_daemon_is_open_it_says_when_to_ask_again() {
    let door = Door::of(&[("ADMIN_TOKENS__ADA", TOKEN)], false).await;
    let answer = door.get("/api/admin/teams").await;
    assert_eq!(header(&answer, "retry-after"), "10");
    assert_eq!(problem(answer).await.0, 503);
    let stranger = door.client.get(door.url("/api/admin/teams")).send().await.unwrap();
    assert_eq!(stranger.status(), 401, "strangers are told nothing");
}

#[tokio::test]
async fn a_change_is_made_under_the_name_of_the_token() {
    let door = Door::open().await;
    let body = json!({"report": "weekly", "team": "platform", "time": "10:00", "sections": ["mvp"], "version": 3});
    let answer = door.client.post(door.url(CONFIGURE)).bearer_auth(OTHER).json(&body).send().await.unwrap();
    assert_eq!((answer.status().as_u16(), header(&answer, "cache-control")), (200, "no-store"));
    let answer: Value = answer.json().await.unwrap();
    assert_eq!((&answer["enabled"], &answer["version"]), (&json!(false), &json!(3)));
    assert_eq!(answer["next"][0], "2026-09-21T08:00:00Z");
    assert_eq!(answer["not_in_slack"], json!(["zoe@example.com"]), "{answer}");
    let state = door.office.state();
    let (actor, change) = &state.changes[0];
    assert_eq!((actor, change.report), (&Actor::Token("grace".into()), Report::Weekly));
    assert_eq!((&change.scope, change.time.as_deref()), (&Scope::Team("platform".into()), Some("10:00")));
    assert_eq!((change.enabled, &change.channel), (None, &None), "what is absent stays");
}

#[tokio::test]
async fn all_faults_of_a_body_are_told_at_once() {
    let door = Door::open().await;
    let five = json!({"report": "daily", "time": "25:00", "days": "funday", "zone": "Mars/Base", "enabled": "yes",
        "colour": "red"});
    let (status, told) = problem(door.post(CONFIGURE, &five).await).await;
    assert_eq!((status, fields(&told)), (422, vec!["enabled", "colour", "time", "days", "zone"]));
    // These all have the right types, and are the office's to find.
    let five = json!({"report": "weekly", "team": "a", "time": "x", "days": "x", "zone": "x", "channel": "x",
        "members": ["x"]});
    let (status, told) = problem(door.post(CONFIGURE, &five).await).await;
    assert_eq!((status, fields(&told)), (422, vec!["time", "days", "zone", "channel", "members"]));
    assert!(door.office.state().changes.is_empty());
}

#[tokio::test]
async fn what_is_no_request_of_this_api_is_refused_in_its_words() {
    let door = Door::open().await;
    for (body, status) in [("{", 400), ("", 400), ("[]", 400), ("\"daily\"", 400), ("null", 400), ("{\"a\":1}", 422)] {
        let sent = door.posting(CONFIGURE).header("content-type", "application/json").body(body).send().await.unwrap();
        assert_eq!(problem(sent).await.0, status, "{body}");
    }
    let deep = "[".repeat(5_000);
    let sent = door.posting(CONFIGURE).header("content-type", "application/json").body(deep).send().await.unwrap();
    assert_eq!(problem(sent).await.0, 400);
    for kind in ["text/plain", "application/x-www-form-urlencoded", ""] {
        let sent = door.posting(CONFIGURE).header("content-type", kind).body("{}").send().await.unwrap();
        assert_eq!(problem(sent).await.0, 415, "{kind}");
    }
    let charset = door.posting(CONFIGURE).header("content-type", "application/json; charset=utf-8").body("{}");
    assert_eq!(charset.send().await.unwrap().status(), 422);
    assert_eq!(problem(door.get("/api/nothing").await).await.0, 404);
    let wrong_method = door.get(CONFIGURE).await;
    assert_eq!(header(&wrong_method, "allow"), "POST");
    assert_eq!(problem(wrong_method).await.0, 405);
}

#[tokio::test]
async fn a_large_body_is_refused_before_it_is_read() {
    let door = Door::open().await;
    let sent = door.posting(CONFIGURE).header("content-type", "application/json").body("x".repeat(64 * 1024 + 1));
    assert_eq!(problem(sent.send().await.unwrap()).await.0, 413);
    // Ten megabytes are announced, and nothing of them is sent: the answer comes all the same.
    let mut stream = TcpStream::connect(door.url.trim_start_matches("http://")).await.unwrap();
    let head = format!(
        "POST {CONFIGURE} HTTP/1.1\r\nhost: recap\r\nauthorization: Bearer {TOKEN}\r\ncontent-type: application/json\r\n\
         content-length: 10485760\r\n\r\n"
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    let mut answer = vec![0; 12];
    stream.read_exact(&mut answer).await.unwrap();
    assert_eq!(answer, b"HTTP/1.1 413");
    // A body without a length is cut off where it gets too large.
    let mut stream = TcpStream::connect(door.url.trim_start_matches("http://")).await.unwrap();
    let head = head.replace("content-length: 10485760", "transfer-encoding: chunked");
    stream.write_all(head.as_bytes()).await.unwrap();
    let chunk = format!("4000\r\n{}\r\n", "x".repeat(0x4000));
    for _ in 0..5 {
        stream.write_all(chunk.as_bytes()).await.unwrap();
    }
    stream.read_exact(&mut answer).await.unwrap();
    assert_eq!(answer, b"HTTP/1.1 413");
}

#[tokio::test]
async fn each_refusal_has_its_status_and_no_cause_is_told() {
    let door = Door::open().await;
    let body = json!({"report": "daily", "enabled": true});
    let (status, told) = problem(door.post(CONFIGURE, &body).await).await;
    assert_eq!((status, &told["type"]), (409, &json!("urn:recap:problem:not-previewed")));
    for (error, status, kind) in [
        (AdminError::NoConsent, 409, "no-consent"),
        (AdminError::Changed(Vec::new()), 409, "changed"),
        (AdminError::Halted, 409, "halted"),
        (AdminError::KeyReused, 422, "key-reused"),
        (AdminError::NotAllowed("Only admins may.".into()), 403, "not-allowed"),
        (AdminError::NoSuchMember("x".into()), 404, "not-found"),
        (AdminError::NoSuchTeam { name: "x".into(), nearest: None }, 404, "not-found"),
        (later(), 503, "unavailable"),
    ] {
        door.office.refuse(error);
        let answer = door.post(CONFIGURE, &body).await;
        assert_eq!(header(&answer, "retry-after"), if status == 503 { "10" } else { "" });
        let (found, told) = problem(answer).await;
        assert_eq!((found, &told["type"]), (status, &json!(format!("urn:recap:problem:{kind}"))));
        assert!(!told.to_string().contains("secret details"), "{told}");
    }
}

#[tokio::test]
async fn what_was_previewed_can_be_enabled_by_the_same_token() {
    let door = Door::open().await;
    let preview: Value = door.get("/api/admin/reports/preview?report=weekly&team=design").await.json().await.unwrap();
    assert!(preview["text"].as_str().unwrap().contains("Platform"), "{}", preview["text"]);
    assert!(preview["blocks"].as_array().unwrap().len() > 3);
    assert!(preview["html"].as_str().unwrap().starts_with("<div class=\"slack-message\">"));
    assert_eq!((preview["next"].as_array().unwrap().len(), &preview["sample"]), (5, &json!(false)));
    let enable = json!({"report": "weekly", "team": "design", "enabled": true});
    let other = door.client.post(door.url(CONFIGURE)).bearer_auth(OTHER).json(&enable).send().await.unwrap();
    assert_eq!(other.status(), 409, "another token was shown nothing");
    assert_eq!(door.post(CONFIGURE, &enable).await.status(), 200);
}

#[tokio::test]
async fn a_preview_is_of_something_and_unknown_things_are_not_found() {
    let door = Door::open().await;
    let path = "/api/admin/reports/preview";
    for (query, status, named) in [
        ("", 400, "report"),
        ("?report=monthly", 400, "report"),
        ("?report=daily&report=daily", 400, "report"),
        ("?report=daily&colour=red", 400, "colour"),
        ("?report=weekly", 422, "team"),
        ("?report=weekly&member=ada", 422, "member"),
        ("?report=daily&team=design", 422, "team"),
    ] {
        let (found, told) = problem(door.get(&format!("{path}{query}")).await).await;
        assert_eq!((found, fields(&told)), (status, vec![named]), "{query}");
    }
    let (status, told) = problem(door.get(&format!("{path}?report=weekly&team=platfrom")).await).await;
    assert_eq!((status, &told["detail"]), (404, &json!("There is no team \"platfrom\". Did you mean \"platform\"?")));
    assert_eq!(problem(door.get(&format!("{path}?report=daily&member=x")).await).await.0, 404);
    let sample: Value = door.get(&format!("{path}?report=daily&member=ada@example.com")).await.json().await.unwrap();
    assert_eq!((&sample["sample"], &sample["why_not"]), (&json!(true), &json!("Ada has not opted in.")), "{sample}");
}

#[tokio::test]
async fn a_key_sends_one_however_often_it_is_used() {
    let door = Door::open().await;
    let body = json!({"report": "weekly", "team": "platform"});
    let send = async |key: &str, body: &Value| {
        door.posting(TRIGGER).header("Idempotency-Key", key).json(body).send().await.unwrap()
    };
    let first = send("a-key", &body).await;
    assert_eq!(first.status(), 202);
    let first: Value = first.json().await.unwrap();
    assert_eq!(send("a-key", &body).await.json::<Value>().await.unwrap(), first);
    let weekly = Subject::Weekly { team: "platform".into() };
    assert_eq!(door.office.state().triggered, [(weekly, Some("a-key".to_owned()))]);
    assert_eq!(problem(send("a-key", &json!({"report": "weekly", "team": "design"})).await).await.0, 422);
    for odd in ["", "with space", &"x".repeat(256)] {
        assert_eq!(problem(send(odd, &body).await).await.0, 400, "{odd}");
    }
    let (status, told) =
        problem(door.post(TRIGGER, &json!({"report": "daily", "member": "ada@example.com"})).await).await;
    assert_eq!((status, &told["type"]), (409, &json!("urn:recap:problem:no-consent")));
    for (body, named) in [
        (json!({}), "report"),
        (json!({"report": "daily"}), "member"),
        (json!({"report": "weekly"}), "team"),
        (json!({"report": "weekly", "team": "a", "now": true}), "now"),
    ] {
        let (status, told) = problem(door.post(TRIGGER, &body).await).await;
        assert_eq!((status, fields(&told)), (422, vec![named]));
    }
}

/// The ids of a page, and where it goes on.
async fn page(door: &Door, query: &str) -> (Vec<String>, Option<String>) {
    let page: Value = door.get(&format!("/api/admin/deliveries{query}")).await.json().await.unwrap();
    let id = |delivery: &Value| delivery["id"].as_str().unwrap().to_owned();
    (page["deliveries"].as_array().unwrap().iter().map(id).collect(), page["next"].as_str().map(str::to_owned))
}

#[tokio::test]
async fn the_history_is_read_page_by_page_and_says_nothing_of_what_was_said() {
    let door = Door::open().await;
    let (first, next) = page(&door, "").await;
    assert_eq!((first.len(), next.as_ref()), (50, first.last()));
    let (second, next) = page(&door, &format!("?before={}", next.unwrap())).await;
    assert_eq!((second.len(), next), (10, None));
    let mut all: Vec<_> = [first, second].concat();
    all.dedup();
    assert_eq!(all, (0..60).map(|number| record(number).id.0).collect::<Vec<_>>());
    assert_eq!(page(&door, "?report=weekly&recipient=platform&limit=30").await.0.len(), 30);
    assert_eq!(page(&door, "?report=weekly&limit=30").await.1, None, "exactly as many as there are");
    for odd in ["?limit=0", "?limit=201", "?limit=+5", "?limit=x", "?before=x", "?colour=red"] {
        assert_eq!(problem(door.get(&format!("/api/admin/deliveries{odd}")).await).await.0, 400, "{odd}");
    }

    let text = door.get("/api/admin/deliveries?limit=3").await.text().await.unwrap();
    assert!(!text.contains("for her alone") && !text.contains("ada@example.com"), "{text}");
    assert!(text.contains("failed: the channel is archived (`is_archived`)"), "{text}");
    let one: Value = door.get(&format!("/api/admin/deliveries/{}", record(4).id)).await.json().await.unwrap();
    assert_eq!(
        (&one["outcome"], &one["attempts"][0]["code"]),
        (&json!("waiting to be sent again: `http_503`"), &json!("http_503"))
    );
    for none in ["ffffffffffffffffffffffffffffffff", "x", "%ff", "..%2f"] {
        assert_eq!(problem(door.get(&format!("/api/admin/deliveries/{none}")).await).await.0, 404, "{none}");
    }
}

#[tokio::test]
async fn teams_are_listed_and_those_made_here_removed() {
    let door = Door::open().await;
    let teams: Value = door.get("/api/admin/teams").await.json().await.unwrap();
    let platform = &teams["teams"][1];
    assert_eq!(
        (&platform["name"], &platform["enabled"], &platform["days"]),
        (&json!("platform"), &json!(true), &json!("mon"))
    );
    assert_eq!(platform["members"], json!(["ada@example.com", "grace@example.com"]));
    assert_eq!(platform["last"]["outcome"], "sent");
    let remove = async |team: &str| {
        let url = door.url(&format!("/api/admin/teams/{team}"));
        door.client.delete(url).bearer_auth(TOKEN).send().await.unwrap()
    };
    assert_eq!(remove("design").await.status(), 204);
    assert_eq!(problem(remove("platform").await).await.0, 403);
    assert_eq!(problem(remove("none").await).await.0, 404);
    assert_eq!(problem(remove("%ff").await).await.0, 404);
    assert_eq!(PlayedOffice::state(&door.office).removed, ["design"]);
}
