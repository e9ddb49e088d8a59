//! Channels and user groups, as Slack describes them and as nobody should.

use super::{Answer, Scripted, client, client_within, ok, refusal, text};
use recap::{
    model::{ChannelId, MemberId},
    slack::{ChannelInfo, SlackError},
};
use serde_json::{Value, json};
use std::time::Duration;

fn channel() -> ChannelId {
    ChannelId("C012AB3CD".to_owned())
}

/// What a server makes of the channel that answers every call with `answer`.
async fn info(answer: impl Fn() -> Answer + Send + 'static) -> Result<Option<ChannelInfo>, SlackError> {
    let server = Scripted::start(move |_| answer()).await;
    client(&server).channel_info(&channel()).await
}

async fn members(answer: impl Fn() -> Answer + Send + 'static) -> Result<Option<Vec<MemberId>>, SlackError> {
    let server = Scripted::start(move |_| answer()).await;
    client(&server).usergroup_members("S0604QSJC").await
}

/// The example of Slack's reference, with what it says of sharing in newer places.
fn documented() -> Value {
    json!({
        "id": "C012AB3CD", "name": "general", "is_channel": true, "is_group": false, "is_im": false,
        "created": 1_449_252_889, "creator": "W012A3BCD", "is_archived": false, "is_general": true, "unlinked": 0,
        "name_normalized": "general", "is_read_only": false, "is_shared": false, "parent_conversation": null,
        "is_ext_shared": false, "is_org_shared": false, "pending_shared": [], "is_pending_ext_shared": false,
        "shared_team_ids": ["T12345ABCDE"], "pending_connected_team_ids": [], "is_member": true, "is_private": false,
        "is_mpim": false, "last_read": "1502126650.228446",
        "topic": { "value": "For public discussion of generalities", "creator": "W012A3BCD", "last_set": 1_449_709_364 },
        "previous_names": ["specifics", "abstractions", "etc"], "locale": "en-US",
    })
}

#[tokio::test]
async fn a_channel_is_read_as_slack_documents_it() {
    let server = Scripted::start(|_| ok(json!({ "channel": documented() }))).await;

    let found = client(&server).channel_info(&channel()).await.unwrap().unwrap();

    let expected = ChannelInfo {
        id: channel(),
        name: "general".to_owned(),
        archived: false,
        shared: false,
        member: true,
        private: false,
    };
    assert_eq!(found, expected);
    assert_eq!(server.calls("conversations.info")[0].query["channel"], "C012AB3CD");
}

#[tokio::test]
async fn odd_fields_of_a_channel_hide_no_others() {
    let mut odd = documented();
    for (field, value) in [
        ("created", json!("yesterday")),
        ("topic", json!(null)),
        ("name", json!(7)),
        ("is_archived", json!(true)),
        ("pending_connected_team_ids", json!(["T2"])),
        ("is_member", json!(false)),
    ] {
        odd[field] = value;
    }

    let found = info(move || ok(json!({ "channel": odd }))).await.unwrap().unwrap();

    assert_eq!((found.name.as_str(), found.archived, found.shared, found.member), ("general", true, true, false));
}

#[tokio::test]
async fn a_channel_that_recap_cannot_see_is_none_and_garbage_is_an_error() {
    assert_eq!(info(|| refusal("channel_not_found")).await, Ok(None));
    assert!(matches!(info(|| ok(json!({ "channel": [] }))).await, Err(SlackError::Unreadable { .. })));
    assert!(matches!(info(|| ok(json!({}))).await, Err(SlackError::Unreadable { .. })));
    let scope = info(|| refusal("missing_scope")).await;
    assert!(matches!(scope, Err(SlackError::Workspace { .. })), "{scope:?}");
}

#[tokio::test]
async fn a_server_without_the_method_leaves_it_to_the_post_to_tell() {
    let found = info(|| refusal("unknown_method")).await.unwrap().unwrap();
    assert_eq!((found.name.as_str(), found.archived, found.shared, found.member), ("C012AB3CD", false, false, true));
}

#[tokio::test]
async fn the_members_of_a_user_group_are_read_one_by_one() {
    let users = json!({ "users": ["U060R4BJ4", "W123A4BC5"] });
    let server = Scripted::start(move |_| ok(users.clone())).await;
    let found = client(&server).usergroup_members("S0604QSJC").await.unwrap().unwrap();
    assert_eq!(found, ["U060R4BJ4", "W123A4BC5"].map(|id| MemberId(id.to_owned())));
    assert_eq!(server.calls("usergroups.users.list")[0].query["usergroup"], "S0604QSJC");

    let odd = members(|| ok(json!({ "users": ["U1", 7, null, "", "U1/../x", "U2"], "cursor": {} }))).await.unwrap();
    assert_eq!(odd, Some(vec![MemberId("U1".into()), MemberId("U2".into())]));
    assert_eq!(members(|| ok(json!({ "users": [] }))).await, Ok(Some(Vec::new())));
}

#[tokio::test]
async fn a_user_group_that_is_gone_is_none_and_never_an_empty_one() {
    for code in ["no_such_subteam", "subteam_not_found"] {
        assert_eq!(members(move || refusal(code)).await, Ok(None), "{code}");
    }
    for answer in [|| ok(json!({})), || ok(json!({ "users": "U1" })), || refusal("unknown_method")] {
        assert!(members(answer).await.is_err(), "nobody left because of this");
    }
    let unpaid = members(|| refusal("plan_upgrade_required")).await;
    assert!(matches!(unpaid, Err(SlackError::Refused { .. })), "{unpaid:?}");
}

#[tokio::test]
async fn what_may_be_better_next_time_is_asked_again_later() {
    let answers: [fn() -> Answer; 4] =
        [|| refusal("internal_error"), || text(503, ""), || text(429, "").header("retry-after", "7"), || Answer::Lost];
    for answer in answers {
        for error in [info(answer).await.unwrap_err(), members(answer).await.unwrap_err()] {
            assert!(matches!(error, SlackError::Later { .. }), "{error:?}");
        }
    }
    let limited = info(|| text(429, "").header("retry-after", "7")).await.unwrap_err();
    assert!(
        matches!(limited, SlackError::Later { retry_after: Some(wait), limited: true, .. } if wait.as_secs() == 7),
        "{limited:?}"
    );
    let server = Scripted::start(|_| Answer::Silence).await;
    let late = client_within(&server.api_url, Duration::from_secs(1)).channel_info(&channel()).await;
    assert!(matches!(late, Err(SlackError::Later { .. })), "{late:?}");
}
