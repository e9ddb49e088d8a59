//! Channels that are archived, shared and left, groups that change, and messages that are updated there.

use super::{TOKEN, Talk, noon, workspace};
use chrono::TimeDelta;
use recap::{
    clock::Clock,
    standin::{Channel, RateLimits, UserGroup, Workspace},
};
use serde_json::{Value, json};

fn post(channel: &str) -> Value {
    json!({ "channel": channel, "text": "x" })
}

async fn info(talk: &Talk, channel: &str) -> Value {
    talk.get("conversations.info", &[("channel", channel)]).await["channel"].clone()
}

#[tokio::test]
async fn a_channel_takes_messages_as_long_as_it_lives_and_recap_is_in_it() {
    let channels = ["A", "B", "C", "D"].map(|id| Channel::new(format!("C0{id}"), id.to_lowercase()));
    let talk = Talk::with(Workspace::new("T0TEST", TOKEN).channels(channels)).await;
    for channel in ["C0A", "C0B", "C0C", "C0D"] {
        assert_eq!(talk.call("chat.postMessage", post(channel)).await["ok"], true);
    }

    talk.slack.archive("C0A");
    talk.slack.remove_from("b");
    talk.slack.delete_channel("C0C");
    talk.slack.share("C0D");

    assert_eq!(talk.refusal("chat.postMessage", post("C0A")).await, "is_archived");
    assert_eq!(talk.refusal("chat.postMessage", post("C0B")).await, "not_in_channel");
    assert_eq!(talk.refusal("chat.postMessage", post("C0C")).await, "channel_not_found");
    assert_eq!(talk.call("chat.postMessage", post("C0D")).await["ok"], true, "Slack does not mind");
    assert_eq!(
        (&info(&talk, "C0A").await["is_archived"], &info(&talk, "C0B").await["is_member"]),
        (&json!(true), &json!(false))
    );
    assert_eq!(info(&talk, "C0D").await["is_ext_shared"], true);
    talk.slack.invite_to("C0B");
    assert_eq!(talk.call("chat.postMessage", post("C0B")).await["ok"], true);
    assert_eq!((talk.slack.messages_in("b").len(), talk.slack.messages_in("C0C").len()), (2, 0));
}

#[tokio::test]
async fn private_channels_are_hidden_from_who_is_not_in_them() {
    let talk = Talk::with(workspace().channels([
        Channel::new("C0OPEN", "open").private(),
        Channel::new("C0SHUT", "shut").private().without_recap(),
        Channel::new("C0SOON", "soon").about_to_be_shared(),
    ]))
    .await;
    assert_eq!(info(&talk, "C0OPEN").await["is_private"], true);
    assert_eq!(info(&talk, "C0SOON").await["is_pending_ext_shared"], true);
    for method in ["conversations.info", "chat.postMessage"] {
        assert_eq!(talk.refusal(method, post("C0SHUT")).await, "channel_not_found", "{method}");
    }
    talk.slack.change(|workspace| workspace.scopes.retain(|scope| scope != "groups:read"));
    assert_eq!(talk.refusal("conversations.info", post("C0OPEN")).await, "missing_scope");
}

#[tokio::test]
async fn a_user_group_changes_is_switched_off_and_vanishes() {
    let talk = Talk::with(workspace().group(UserGroup::new("S0WEB", "web", ["U0ADA", "U0BEN"]))).await;
    let members = async |group: &str| talk.get("usergroups.users.list", &[("usergroup", group)]).await;

    talk.slack.leave_group("S0WEB", "U0ADA");
    talk.slack.join_group("S0PLAT", "U0BEN");
    assert_eq!(members("S0WEB").await["users"], json!(["U0BEN"]));
    assert_eq!(members("S0PLAT").await["users"], json!(["U0ADA", "U0BEN"]));

    talk.slack.change(|workspace| workspace.groups[0].is_disabled = true);
    talk.slack.delete_group("S0WEB");
    for group in ["S0PLAT", "S0WEB"] {
        assert_eq!(members(group).await["error"], "no_such_subteam", "{group}");
    }
    let all = [("usergroup", "S0PLAT"), ("include_disabled", "true")];
    assert_eq!(talk.get("usergroups.users.list", &all).await["users"], json!(["U0ADA", "U0BEN"]));
}

#[tokio::test]
async fn an_updated_message_tells_what_it_said_before() {
    let talk = Talk::begin().await;
    talk.slack.set_clock(Clock::fixed(noon()));
    let posted = talk.call("chat.postMessage", json!({ "channel": "C0TEAM", "text": "one" })).await;
    let ts = posted["ts"].as_str().unwrap();
    let update = |text: &str| json!({ "channel": "C0TEAM", "ts": ts, "text": text });
    let later = noon() + TimeDelta::hours(1);
    talk.slack.set_clock(Clock::fixed(later));
    assert_eq!(talk.call("chat.update", update("two")).await["ok"], true);
    let too_long =
        json!({ "channel": "C0TEAM", "ts": ts, "text": "x", "blocks": vec![json!({ "type": "divider" }); 51] });
    assert_eq!(talk.refusal("chat.update", too_long).await, "invalid_blocks");

    let versions = talk.slack.versions_of(ts);
    let said: Vec<_> = versions.iter().map(|version| (version.at, version.text.as_str())).collect();
    assert_eq!(said, [(noon(), "one"), (later, "two")]);
    assert_eq!(talk.slack.versions_of("1.000001"), []);
    let html = talk.page("/?to=C0TEAM").await.text().await.unwrap();
    assert!(html.contains("# team") && html.contains("edited") && html.contains("two"), "{html}");
    let before =
        html.split_once("What it said before").map(|(now, before)| (now.contains(">one<"), before.contains(">one<")));
    assert_eq!(before, Some((false, true)), "as it stands now, and folded away what it was: {html}");
}

#[tokio::test]
async fn only_recaps_own_lasting_messages_can_be_changed() {
    let talk = Talk::begin().await;
    let theirs = talk.slack.say("C0TEAM", "U0ADA", "hello").unwrap();
    let private = json!({ "channel": "C0TEAM", "user": "U0ADA", "text": "psst" });
    let shown = talk.call("chat.postEphemeral", private).await["message_ts"].as_str().unwrap().to_owned();
    let update = |channel: &str, ts: &str| json!({ "channel": channel, "ts": ts, "text": "x" });

    for ts in [&theirs, &shown] {
        assert_eq!(talk.refusal("chat.update", update("C0TEAM", ts)).await, "cant_update_message");
    }
    assert_eq!(talk.refusal("chat.delete", update("C0TEAM", &theirs)).await, "cant_delete_message");
    assert_eq!(talk.refusal("chat.update", update("team", &theirs)).await, "channel_not_found", "an id is needed");
    talk.slack.archive("C0TEAM");
    assert_eq!(talk.refusal("chat.update", update("C0TEAM", &theirs)).await, "is_inactive");
    assert_eq!(talk.slack.say("C0NONE", "U0ADA", "hello"), None);
    let html = talk.page("/?to=C0TEAM").await.text().await.unwrap();
    assert!(html.contains("<strong>Ada Lovelace</strong>") && html.contains("archived"), "{html}");
}

#[tokio::test]
async fn a_channel_takes_one_message_a_second() {
    let talk = Talk::begin().await;
    talk.slack.limit_rates(RateLimits::SLACK);
    talk.slack.set_clock(Clock::fixed(noon()));
    assert_eq!(talk.call("chat.postMessage", post("C0TEAM")).await["ok"], true);
    assert_eq!(talk.refusal("chat.postMessage", post("#team")).await, "ratelimited");
    talk.slack.set_clock(Clock::fixed(noon() + TimeDelta::seconds(1)));
    assert_eq!(talk.call("chat.postMessage", post("C0TEAM")).await["ok"], true);
}
