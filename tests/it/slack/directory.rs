//! Looking people up, one by one and page by page.

use super::{Answer, Scripted, auth, client, client_within, deserted, ok, refusal, text};
use recap::{
    model::MemberEmail,
    slack::{SlackError, Status},
};
use serde_json::{Value, json};
use std::time::Duration;

fn ada() -> MemberEmail {
    MemberEmail::parse("ada+recap@example.com").unwrap()
}

/// A server whose directory look-up answers `answer`.
async fn looking_up(answer: impl Fn() -> Answer + Send + 'static) -> Scripted {
    Scripted::start(move |call| if call.method == "auth.test" { auth() } else { answer() }).await
}

/// A server with three pages of two, the middle one as `middle`.
async fn three_pages(middle: impl Fn(u32) -> Answer + Send + 'static) -> Scripted {
    let mut asked = 0;
    Scripted::start(move |call| {
        if call.method == "auth.test" {
            return auth();
        }
        let page = |members: Value, next: &str| {
            ok(json!({ "members": members, "response_metadata": { "next_cursor": next } }))
        };
        match call.query.get("cursor").map(String::as_str) {
            None => page(json!([{ "id": "U1" }, { "id": "U2" }]), "dXNlcjpVMg=="),
            Some("dXNlcjpVMg==") => {
                asked += 1;
                middle(asked)
            }
            Some("third") => page(json!([{ "id": "U5" }, { "id": "USLACKBOT" }]), ""),
            Some(_) => refusal("invalid_cursor"),
        }
    })
    .await
}

fn middle(members: &Value) -> Answer {
    ok(json!({ "members": members, "response_metadata": { "next_cursor": "third" } }))
}

#[tokio::test]
async fn a_member_is_found_by_an_address_that_needs_escaping() {
    let server = looking_up(|| ok(json!({ "user": { "id": "U1", "team_id": "T1", "tz": "Europe/Berlin" } }))).await;

    let member = client(&server).member_by_email(&ada()).await.unwrap().unwrap();

    assert_eq!((member.id.0.as_str(), member.zone), ("U1", Some(chrono_tz::Tz::Europe__Berlin)));
    assert_eq!(server.calls("users.lookupByEmail")[0].query["email"], "ada+recap@example.com");
}

#[tokio::test]
async fn an_address_that_nobody_has_is_no_error() {
    let server = looking_up(|| refusal("users_not_found")).await;

    assert_eq!(client(&server).member_by_email(&ada()).await.unwrap(), None);
}

#[tokio::test]
async fn a_missing_scope_is_named() {
    let server = looking_up(|| {
        text(200, r#"{"ok":false,"error":"missing_scope","needed":"users:read.email","provided":"chat:write"}"#)
    })
    .await;

    let error = client(&server).member_by_email(&ada()).await.unwrap_err();

    assert_eq!(error.to_string(), "the bot token lacks the scope `users:read.email` (`missing_scope`)");
}

/// A server that knows only `users.list`, and answers everything else with `unknown`.
async fn listing_only(unknown: impl Fn() -> Answer + Send + 'static) -> Scripted {
    let member = |id: &str, more: Value| {
        let mut member = json!({ "id": id, "team_id": "T9", "profile": { "email": "Ada+Recap@example.com" } });
        member.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        member
    };
    let mut paused = false;
    Scripted::start(move |call| match (call.method.as_str(), call.query.get("cursor")) {
        ("users.list", None) => ok(json!({
            "members": [{ "id": "U1" }, member("U2", json!({ "deleted": true }))],
            "response_metadata": { "next_cursor": "second" },
        })),
        ("users.list", Some(_)) if !std::mem::replace(&mut paused, true) => text(429, "").header("retry-after", "0"),
        ("users.list", Some(_)) => ok(json!({ "members": [
            { "id": "U3", "is_stranger": true, "profile": { "email": "eve@example.com" } },
            member("U4", json!({})),
        ] })),
        _ => unknown(),
    })
    .await
}

#[tokio::test]
async fn a_server_that_only_lists_its_members_is_enough() {
    for unknown in [|| refusal("unknown_method"), || text(404, "no such page")] {
        let server = listing_only(unknown).await;
        let client = client(&server);

        let member = client.member_by_email(&ada()).await.unwrap().unwrap();
        let stranger = client.member_by_email(&MemberEmail::parse("eve@example.com").unwrap()).await.unwrap().unwrap();
        let nobody = client.member_by_email(&MemberEmail::parse("nobody@example.com").unwrap()).await.unwrap();

        assert_eq!((member.id.0.as_str(), member.status), ("U4", Status::Active), "an active account comes first");
        assert_eq!((stranger.status, nobody), (Status::OtherWorkspace, None));
        assert_eq!((server.calls("auth.test").len(), server.calls("users.list").len()), (1, 7));
    }
}

#[tokio::test]
async fn a_refusal_is_no_reason_to_go_another_way() {
    for code in ["invalid_auth", "missing_scope", "not_allowed_token_type"] {
        for refusing in ["auth.test", "users.lookupByEmail"] {
            let server = Scripted::start(move |call| match call.method.as_str() {
                method if method == refusing => refusal(code),
                "auth.test" => auth(),
                _ => ok(json!({ "members": [] })),
            })
            .await;

            let error = client(&server).member_by_email(&ada()).await.unwrap_err();

            assert!(matches!(&error, SlackError::Workspace { code: told, .. } if told == code), "{error:?}");
            assert_eq!(server.calls("users.list").len(), 0);
        }
    }
}

#[tokio::test]
async fn the_directory_is_read_over_all_its_pages() {
    let server =
        three_pages(|_| middle(&json!([{ "id": "U3", "deleted": true }, { "id": "U4", "is_restricted": true }]))).await;

    let everybody = client(&server).all_members(Duration::ZERO).await.unwrap();

    let statuses: Vec<_> = everybody.members.iter().map(|member| (member.id.0.as_str(), member.status)).collect();
    assert_eq!(
        statuses,
        [
            ("U1", Status::Active),
            ("U2", Status::Active),
            ("U3", Status::Deactivated),
            ("U4", Status::Guest),
            ("U5", Status::Active),
            ("USLACKBOT", Status::Bot),
        ]
    );
    let calls = server.calls("users.list");
    assert!(calls.iter().all(|call| call.query["limit"] == "200") && calls.len() == 3, "{calls:?}");
    assert_eq!(server.calls("auth.test").len(), 1);
}

#[tokio::test]
async fn one_garbled_member_costs_only_itself() {
    let server = three_pages(|_| middle(&json!([{ "id": 3, "profile": "?" }, { "id": "U4" }]))).await;

    let everybody = client(&server).all_members(Duration::ZERO).await.unwrap();

    assert_eq!((everybody.members.len(), everybody.skipped), (5, 1));
}

#[tokio::test]
async fn a_request_to_slow_down_repeats_the_page_and_no_other() {
    let server = three_pages(|asked| match asked {
        1 => text(429, "").header("retry-after", "0"),
        _ => middle(&json!([])),
    })
    .await;

    let everybody = client(&server).all_members(Duration::ZERO).await.unwrap();

    assert_eq!((everybody.members.len(), server.calls("users.list").len()), (4, 4));
}

#[tokio::test]
async fn a_pause_longer_than_our_patience_is_reported_with_its_length() {
    let server = three_pages(|_| text(429, "").header("retry-after", "30")).await;

    let error = client(&server).all_members(Duration::from_secs(29)).await.unwrap_err();

    assert!(matches!(error, SlackError::Later { retry_after: Some(pause), .. } if pause.as_secs() == 30), "{error:?}");
    assert_eq!(error.hint(), "try again in 30 s");
}

#[tokio::test]
async fn a_server_that_never_stops_asking_to_slow_down_is_left() {
    let server = three_pages(|_| text(429, "").header("retry-after", "0")).await;

    assert!(matches!(client(&server).all_members(Duration::ZERO).await, Err(SlackError::Later { .. })));
    assert_eq!(server.calls("users.list").len(), 12);
}

#[tokio::test]
async fn a_cursor_that_leads_to_itself_is_an_error_not_a_loop() {
    let server = looking_up(|| ok(json!({ "members": [], "response_metadata": { "next_cursor": "again" } }))).await;

    let error = client(&server).all_members(Duration::ZERO).await.unwrap_err();

    assert_eq!((error.code(), server.calls("users.list").len()), ("unreadable", 2));
}

#[tokio::test]
async fn cursors_that_lead_in_a_circle_are_an_error_not_a_loop() {
    let page = |next: &str| ok(json!({ "members": [], "response_metadata": { "next_cursor": next } }));
    let server = Scripted::start(move |call| match call.query.get("cursor").map(String::as_str) {
        _ if call.method == "auth.test" => auth(),
        Some("a") => page("b"),
        _ => page("a"),
    })
    .await;

    let error = client(&server).all_members(Duration::ZERO).await.unwrap_err();

    assert_eq!((error.code(), server.calls("users.list").len()), ("unreadable", 3));
}

#[tokio::test]
async fn slack_out_of_reach_is_for_later() {
    let (nowhere, _kept) = deserted();
    let refused = client_within(&nowhere, Duration::from_secs(20)).member_by_email(&ada()).await.unwrap_err();
    let server = looking_up(|| Answer::Silence).await;
    let silent = client_within(&server.api_url, Duration::from_secs(1)).member_by_email(&ada()).await.unwrap_err();
    let failing = looking_up(|| text(503, "upstream")).await;
    let failing = client(&failing).member_by_email(&ada()).await.unwrap_err();

    for error in [refused, silent, failing] {
        assert!(matches!(error, SlackError::Later { retry_after: None, .. }), "{error:?}");
        assert!(!error.to_string().contains("ada"), "{error}");
    }
}
