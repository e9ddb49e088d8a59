//! Modals and App Home: opened, replaced and published, and what is said when it is too late.

use super::{Answer, Scripted, client, ok, refusal};
use recap::{
    model::MemberId,
    slack::{SlackError, ViewHandle},
};
use serde_json::{Value, json};

fn modal() -> Value {
    json!({ "type": "modal", "title": { "type": "plain_text", "text": "Title" }, "blocks": [] })
}

fn shown() -> Answer {
    ok(json!({ "view": { "id": "V1", "hash": "h2", "state": 7, "blocks": "odd" } }))
}

fn handle() -> ViewHandle {
    ViewHandle { id: "V1".to_owned(), hash: "h2".to_owned() }
}

#[tokio::test]
async fn views_go_out_as_they_were_built_and_come_back_with_id_and_hash() {
    let server = Scripted::start(|_| shown()).await;
    let client = client(&server);

    assert_eq!(client.open_view("t1", &modal()).await.unwrap(), Some(handle()));
    assert_eq!(client.push_view("t2", &modal()).await.unwrap(), Some(handle()));
    assert_eq!(client.update_view("V1", Some("h1"), &modal()).await.unwrap(), Some(handle()));
    assert_eq!(client.update_view("V1", None, &modal()).await.unwrap(), Some(handle()));
    let ada = MemberId("U1".to_owned());
    assert_eq!(client.publish_home(&ada, Some("h1"), &modal()).await.unwrap(), Some(handle()));
    assert_eq!(client.publish_home(&ada, Some(""), &modal()).await.unwrap(), Some(handle()));

    let sent = |method: &str| server.calls(method).into_iter().map(|call| call.body).collect::<Vec<_>>();
    assert_eq!(sent("views.open"), [json!({ "trigger_id": "t1", "view": modal() })]);
    assert_eq!(sent("views.push"), [json!({ "trigger_id": "t2", "view": modal() })]);
    assert_eq!(
        sent("views.update"),
        [json!({ "view_id": "V1", "view": modal(), "hash": "h1" }), json!({ "view_id": "V1", "view": modal() })]
    );
    assert_eq!(
        sent("views.publish"),
        [json!({ "user_id": "U1", "view": modal(), "hash": "h1" }), json!({ "user_id": "U1", "view": modal() })]
    );
}

#[tokio::test]
async fn what_came_too_late_is_no_error() {
    for code in ["expired_trigger_id", "exchanged_trigger_id", "trigger_expired", "invalid_trigger_id"] {
        let server = Scripted::start(move |_| refusal(code)).await;
        assert_eq!(client(&server).open_view("t", &modal()).await, Ok(None), "{code}");
        assert_eq!(client(&server).push_view("t", &modal()).await, Ok(None), "{code}");
    }
    for code in ["hash_conflict", "not_found", "view_not_found", "no_such_view"] {
        let server = Scripted::start(move |_| refusal(code)).await;
        let client = client(&server);
        assert_eq!(client.update_view("V1", Some("h1"), &modal()).await, Ok(None), "{code}");
        let published = client.publish_home(&MemberId("U1".to_owned()), Some("h1"), &modal()).await;
        assert_eq!(published, Ok(None), "{code}");
    }
}

#[tokio::test]
async fn a_view_that_slack_refuses_is_an_error_with_its_code() {
    for code in ["invalid_blocks", "invalid_arguments", "view_too_large", "not_enabled", "hash_conflict"] {
        let server = Scripted::start(move |_| refusal(code)).await;
        let refused = client(&server).open_view("t", &modal()).await.unwrap_err();
        assert!(matches!(&refused, SlackError::Refused { code: shown, .. } if shown == code), "{refused:?}");
    }
    let server = Scripted::start(|_| Answer::Lost).await;
    assert!(matches!(client(&server).open_view("t", &modal()).await, Err(SlackError::Later { .. })));
}
