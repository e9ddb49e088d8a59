//! Scopes, people, channels, groups and views.

use super::{TOKEN, Talk, noon, workspace};
use recap::{
    clock::Clock,
    standin::{Person, Workspace},
};
use serde_json::{Value, json};
use slack_morphism::prelude::{
    SlackApiAuthTestResponse, SlackApiChatPostMessageResponse, SlackApiChatUpdateResponse,
    SlackApiConversationsHistoryResponse, SlackApiConversationsInfoResponse, SlackApiConversationsOpenResponse,
    SlackApiTeamInfoResponse, SlackApiUserGroupsListResponse, SlackApiUsersListResponse, SlackApiViewsOpenResponse,
    SlackBasicChannelInfo,
};

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
    let opened =
        talk.call("views.open", json!({ "trigger_id": talk.slack.grant_trigger("U0ADA"), "view": modal })).await;
    let divided = json!({ "type": "modal", "title": title, "blocks": [{ "type": "divider" }] });
    let update = json!({ "view_id": opened["view"]["id"], "view": divided });
    assert_eq!(talk.call("views.update", update).await["ok"], true);
    assert_eq!(talk.slack.modals()[0].view, divided);
}

#[tokio::test]
async fn every_answer_has_the_shape_that_slack_morphism_reads() {
    fn read<T: serde::de::DeserializeOwned>(answer: Value) {
        let shown = answer.to_string();
        if let Err(error) = serde_json::from_value::<T>(answer) {
            panic!("{error}: {shown}");
        }
    }
    let scopes =
        ["chat:write", "im:history", "im:write", "users:read", "team:read", "channels:read", "usergroups:read"];
    let talk = Talk::with(workspace().scopes(scopes)).await;
    let blocks = json!([{ "type": "divider" }]);
    let message = json!({ "channel": "U0ADA", "text": "x", "blocks": blocks });
    let posted = talk.call("chat.postMessage", message).await;
    let update = json!({ "channel": posted["channel"], "ts": posted["ts"], "text": "y" });
    let view = json!({ "type": "home", "blocks": blocks });

    read::<SlackApiChatPostMessageResponse>(posted);
    read::<SlackApiChatUpdateResponse>(talk.call("chat.update", update).await);
    read::<SlackApiAuthTestResponse>(talk.get("auth.test", &[]).await);
    read::<SlackApiUsersListResponse>(talk.get("users.list", &[]).await);
    read::<SlackApiTeamInfoResponse>(talk.get("team.info", &[]).await);
    read::<SlackApiUserGroupsListResponse>(talk.get("usergroups.list", &[]).await);
    read::<SlackApiConversationsInfoResponse>(talk.get("conversations.info", &[("channel", "C0TEAM")]).await);
    read::<SlackApiConversationsHistoryResponse>(talk.get("conversations.history", &[("channel", "DU0ADA")]).await);
    let opened = talk.call("conversations.open", json!({ "users": "U0BEN" })).await;
    read::<SlackApiConversationsOpenResponse<SlackBasicChannelInfo>>(opened);
    let published = json!({ "user_id": "U0ADA", "view": view });
    read::<SlackApiViewsOpenResponse>(talk.call("views.publish", published).await);
}
