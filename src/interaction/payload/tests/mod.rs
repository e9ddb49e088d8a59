//! What Slack documents is read as it is meant, and what is hostile is refused.

mod hostile;

use super::*;
use crate::slack::{CALL_TIMEOUT, Client, ClientOptions};
use serde_json::json;
use std::sync::LazyLock;

static CLIENT: LazyLock<Client> = LazyLock::new(|| {
    let options = ClientOptions {
        api_url: "https://slack.com/api".into(),
        token: "xoxb-1".into(),
        timeout: CALL_TIMEOUT,
        gate: None,
    };
    Client::new(&options).unwrap()
});

fn by_http(route: Route, body: &str) -> Result<Body, Malformed> {
    route.read(body.as_bytes(), "v0=abc", &CLIENT)
}

fn interaction(payload: &Value) -> Result<Vec<Inbound>, Malformed> {
    Route::Interactions.read_payload(payload.clone(), "e-1", &CLIENT)
}

fn event(payload: &Value) -> Result<Inbound, Malformed> {
    Route::Events.read_payload(payload.clone(), "e-1", &CLIENT).map(|mut inbound| inbound.remove(0))
}

fn channel(id: &str) -> ChannelId {
    ChannelId(id.to_owned())
}

fn member(id: &str) -> MemberId {
    MemberId(id.to_owned())
}

fn workspace(id: &str) -> WorkspaceId {
    WorkspaceId(id.to_owned())
}

/// A click in a message, as Slack documents it.
fn click() -> Value {
    json!({
        "type": "block_actions",
        "user": { "id": "U0ADA", "username": "ada", "name": "ada", "team_id": "T0HERE" },
        "api_app_id": "A02",
        "token": "Shh_its_a_seekrit",
        "container": { "type": "message", "message_ts": "1548261231.000200", "channel_id": "D0ADA", "is_ephemeral": false },
        "trigger_id": "12321423423.333649436676.d8c1bb837935619ccad0f624c448ffb3",
        "team": { "id": "T0HERE", "domain": "here" },
        "enterprise": null,
        "is_enterprise_install": false,
        "channel": { "id": "D0ADA", "name": "directmessage" },
        "message": {
            "bot_id": "B1", "type": "message", "text": "Your digest", "user": "U0BOT", "ts": "1548261231.000200",
            "blocks": [{ "type": "divider", "block_id": "a" }],
            "metadata": { "event_type": "recap_delivery", "event_payload": { "delivery_id": "00ff" } },
        },
        "response_url": "https://hooks.slack.com/actions/T0HERE/1/2",
        "actions": [
            { "action_id": "digest_more", "block_id": "b", "type": "overflow", "selected_option": { "value": "stop" }, "action_ts": "1.2" },
            { "action_id": "digest_settings", "block_id": "b", "type": "button", "value": "x", "action_ts": "1.2" },
        ],
    })
}

/// A modal that was sent off.
fn submission() -> Value {
    json!({
        "type": "view_submission",
        "team": { "id": "T0HERE", "domain": "here" },
        "user": { "id": "U0ADA", "name": "ada", "team_id": "T0HERE" },
        "trigger_id": "1.2.3",
        "view": {
            "id": "V0MODAL", "team_id": "T0HERE", "type": "modal", "hash": "156772938.1827394",
            "callback_id": "preferences", "private_metadata": "{}",
            "state": { "values": { "time": { "preferences_time": { "type": "timepicker", "selected_time": "09:30" } } } },
        },
        "response_urls": [],
    })
}

#[test]
fn each_action_of_a_click_is_one_and_knows_its_message() {
    let actions = interaction(&click()).unwrap();
    let [Inbound::Action(first), Inbound::Action(second)] = actions.as_slice() else { panic!("{actions:?}") };
    assert_eq!(first.chosen, Chosen::One("stop".into()));
    assert_eq!((&*second.action_id, second.chosen.one()), ("digest_settings", Some("x")));
    assert_eq!(
        first.by,
        By {
            member: member("U0ADA"),
            member_of: Some(workspace("T0HERE")),
            workspace: Some(workspace("T0HERE")),
            enterprise: None,
            trigger: Some("12321423423.333649436676.d8c1bb837935619ccad0f624c448ffb3".into()),
            request: "e-1".into(),
        }
    );
    assert!(first.respond.is_some() && first.place == second.place);
    let expected = Place::Message {
        channel: channel("D0ADA"),
        ts: "1548261231.000200".into(),
        ephemeral: false,
        text: "Your digest".into(),
        blocks: vec![json!({ "type": "divider", "block_id": "a" })],
        delivery: Some(DeliveryId("00ff".into())),
    };
    assert_eq!(first.place, expected);
}

#[test]
fn an_ephemeral_message_is_known_by_its_container_alone() {
    let mut payload = click();
    payload["message"].take();
    payload["channel"].take();
    payload["container"]["is_ephemeral"] = json!(true);
    let actions = interaction(&payload).unwrap();
    let Inbound::Action(Action { place: Place::Message { channel: at, ephemeral, delivery, .. }, .. }) = &actions[0]
    else {
        panic!("{actions:?}")
    };
    assert_eq!((at, *ephemeral, delivery), (&channel("D0ADA"), true, &None));
}

#[test]
fn a_click_in_app_home_of_an_organisation_names_no_workspace() {
    let mut payload = click();
    payload["team"] = Value::Null;
    payload["enterprise"] = json!({ "id": "E0ORG", "name": "Org" });
    payload["is_enterprise_install"] = json!(true);
    payload["container"] = json!({ "type": "view", "view_id": "V0HOME" });
    payload["view"] = json!({ "id": "V0HOME", "type": "home", "hash": "1.a", "state": { "values": {} } });
    let actions = interaction(&payload).unwrap();
    let Inbound::Action(action) = &actions[0] else { panic!("{actions:?}") };
    assert_eq!((&action.by.workspace, action.by.enterprise.as_deref()), (&None, Some("E0ORG")));
    let Place::View(view) = &action.place else { panic!("{action:?}") };
    assert_eq!((&*view.id, &*view.kind, &*view.hash, &*view.callback_id), ("V0HOME", "home", "1.a", ""));
}

#[test]
fn modals_and_selects_are_read() {
    let sent = interaction(&submission()).unwrap();
    let [Inbound::Submission(sent)] = sent.as_slice() else { panic!("{sent:?}") };
    assert_eq!((&*sent.view.callback_id, &*sent.view.private_metadata), ("preferences", "{}"));
    assert_eq!(sent.view.state.of("time", "preferences_time").one(), Some("09:30"));

    let mut closed = submission();
    closed["type"] = json!("view_closed");
    assert!(matches!(interaction(&closed).unwrap()[..], [Inbound::Closed(_)]));

    let asked = json!({
        "type": "block_suggestion", "user": { "id": "U0ADA" }, "team": { "id": "T0HERE" },
        "action_id": "preferences_zone", "block_id": "zone", "value": "berl", "view": { "id": "V1" },
    });
    let asked = interaction(&asked).unwrap();
    let [Inbound::Suggestion(asked)] = asked.as_slice() else { panic!("{asked:?}") };
    assert_eq!((&*asked.action_id, &*asked.typed), ("preferences_zone", "berl"));
}

#[test]
fn what_is_new_to_us_is_unknown_by_its_type() {
    for kind in ["shortcut", "message_action", "interactive_message", "of_tomorrow"] {
        assert_eq!(interaction(&json!({ "type": kind })), Ok(vec![Inbound::Unknown(kind.into())]));
    }
    assert_eq!(event(&json!({ "type": "app_rate_limited" })), Ok(Inbound::Unknown("app_rate_limited".into())));
    let mut nowhere = click();
    for part in ["message", "channel", "container"] {
        nowhere[part].take();
    }
    assert_eq!(interaction(&nowhere), Ok(vec![Inbound::Unknown("block_actions".into())]));
}

#[test]
fn foreign_ids_that_are_none_refuse_the_whole_payload() {
    let long = "U".repeat(33);
    for (path, bad) in [
        ("/user/id", json!("U1; DROP TABLE members")),
        ("/user/id", json!(long)),
        ("/user/id", json!(7)),
        ("/user/id", Value::Null),
        ("/user/team_id", json!("<!channel>")),
        ("/team/id", json!(["T0HERE"])),
        ("/channel/id", json!("../../etc")),
        ("/container/channel_id", json!("C1\n")),
        ("/message/ts", json!("1' OR '1'='1")),
        ("/message/metadata/event_payload/delivery_id", json!("a b")),
        ("/actions", json!("none")),
        ("/actions/0/action_id", json!("a".repeat(256))),
        ("/type", json!("Block Actions")),
        ("/type", Value::Null),
    ] {
        let mut payload = click();
        *payload.pointer_mut(path).unwrap() = bad.clone();
        assert!(interaction(&payload).is_err(), "{path} {bad}");
    }
    let mut payload = click();
    payload["actions"] = Value::Array(vec![click()["actions"][0].clone(); 101]);
    assert_eq!(interaction(&payload), Err(Malformed::Long("actions")));
}

#[test]
fn a_foreign_address_is_no_way_to_answer() {
    let mut payload = click();
    payload["response_url"] = json!("https://example.com/steal");
    let actions = interaction(&payload).unwrap();
    assert!(matches!(&actions[0], Inbound::Action(Action { respond: None, .. })), "{actions:?}");
}

const COMMAND: &str = "token=x&team_id=T0HERE&team_domain=here&enterprise_id=&channel_id=C0TEAM&channel_name=team&user_id=U0ADA\
                       &user_name=ada&command=%2Fusage&text=pause+1w&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2F1\
                       &trigger_id=13345224609.738474920.8088930838d88f008e0&api_app_id=A1&is_enterprise_install=false";

#[test]
fn a_command_is_the_same_by_both_ways() {
    let Ok(Body::Inbound(by_http)) = by_http(Route::Commands, COMMAND) else { panic!() };
    let Inbound::Command(command) = &by_http[0] else { panic!("{by_http:?}") };
    assert_eq!((&*command.command, &*command.text), ("/usage", "pause 1w"));
    assert_eq!((&command.channel, command.respond.is_some()), (&Some(channel("C0TEAM")), true));
    assert_eq!((&command.by.workspace, &command.by.enterprise), (&Some(workspace("T0HERE")), &None));
    assert_eq!(command.by.request, "v0=abc");

    let fields: serde_json::Map<_, _> =
        url::form_urlencoded::parse(COMMAND.as_bytes()).map(|(key, value)| (key.into(), json!(value))).collect();
    let by_socket = Route::Commands.read_payload(Value::Object(fields), "v0=abc", &CLIENT);
    assert_eq!(by_socket, Ok(by_http));
}

#[test]
fn a_form_that_slack_would_not_send_is_refused() {
    for body in [
        "",
        "command=%2Fusage",
        "user_id=U1",
        "user_id=U%201&command=%2Fusage",
        "user_id=U1&command=%2Fusage&team_id=%3C",
        "user_id=U1&command=%2",
        "payload=%7B%7D",
    ] {
        assert!(by_http(Route::Commands, body).is_err(), "{body}");
    }
    for body in [
        "",
        "payload=",
        "payload=%7B",
        "payload=null",
        "payload=%5B%5D",
        "payload=%7B%22type%22%3A%22block_actions%22%7D",
    ] {
        assert!(by_http(Route::Interactions, body).is_err(), "{body}");
    }
    for body in ["", "{", "null", "[]", "7", r#"{"type":"event_callback"}"#, r#"{"type":"url_verification"}"#] {
        assert!(by_http(Route::Events, body).is_err(), "{body}");
    }
}

#[test]
fn slacks_looks_at_the_address_itself_are_told_apart() {
    assert_eq!(by_http(Route::Commands, "ssl_check=1&token=x"), Ok(Body::SslCheck));
    assert_eq!(by_http(Route::Interactions, "ssl_check=1"), Ok(Body::SslCheck));
    let body = r#"{"type":"url_verification","token":"x","challenge":"3eZbrw1a"}"#;
    assert_eq!(by_http(Route::Events, body), Ok(Body::Challenge("3eZbrw1a".into())));
    assert_eq!(challenge_of(body.as_bytes()).as_deref(), Some("3eZbrw1a"));
    assert_eq!(challenge_of(b"{}"), None);
    assert!(
        is_ssl_check(b"token=x&ssl_check=1") && !is_ssl_check(b"text=ssl_check%3D1") && !is_ssl_check(b"ssl_check=0")
    );
}

#[test]
fn events_are_read_by_what_follows_from_them() {
    let changed = Event::ChannelChanged { channel: channel("C1") };
    let group = Event::UserGroupChanged { group: "S1".into() };
    let user = json!({ "id": "U0ADA", "team_id": "T0HERE", "deleted": true });
    for (sent, expected) in [
        (json!({ "type": "channel_archive", "channel": "C1", "user": "U1" }), changed.clone()),
        (json!({ "type": "channel_unarchive", "channel": "C1" }), changed.clone()),
        (json!({ "type": "channel_rename", "channel": { "id": "C1", "name": "new" } }), changed.clone()),
        (json!({ "type": "channel_deleted", "channel": "C1" }), changed.clone()),
        (json!({ "type": "channel_shared", "channel": "C1", "connected_team_id": "T0ELSE" }), changed.clone()),
        (json!({ "type": "channel_unshared", "channel": "C1" }), changed.clone()),
        (json!({ "type": "group_archive", "channel": "C1" }), changed.clone()),
        (json!({ "type": "group_rename", "channel": { "id": "C1" } }), changed),
        (
            json!({ "type": "member_left_channel", "user": "U0BOT", "channel": "C1", "team": "T0HERE" }),
            Event::MemberLeft { channel: channel("C1"), member: member("U0BOT") },
        ),
        (json!({ "type": "user_change", "user": user }), Event::UserChanged(user.clone())),
        (json!({ "type": "team_join", "user": user }), Event::UserChanged(user.clone())),
        (json!({ "type": "subteam_members_changed", "subteam_id": "S1" }), group.clone()),
        (json!({ "type": "subteam_updated", "subteam": { "id": "S1", "users": [] } }), group),
        (json!({ "type": "app_uninstalled" }), Event::AppUninstalled),
        (json!({ "type": "tokens_revoked", "tokens": { "oauth": ["U1"], "bot": ["U2"] } }), Event::TokensRevoked),
        (json!({ "type": "tokens_revoked" }), Event::TokensRevoked),
        (
            json!({ "type": "tokens_revoked", "tokens": { "oauth": ["U1"], "bot": [] } }),
            Event::Unknown("tokens_revoked".into()),
        ),
        (json!({ "type": "message", "text": "hello" }), Event::Unknown("message".into())),
        (
            json!({ "type": "app_home_opened", "user": "U0ADA", "channel": "D1", "tab": "home", "view": { "hash": "1.a" } }),
            Event::AppHomeOpened {
                member: member("U0ADA"),
                channel: Some(channel("D1")),
                tab: "home".into(),
                hash: Some("1.a".into()),
            },
        ),
    ] {
        let payload = json!({ "type": "event_callback", "team_id": "T0HERE", "event_id": "Ev1", "event": sent });
        let Ok(Inbound::Event(envelope)) = event(&payload) else { panic!("{payload}") };
        assert_eq!((&*envelope.id, envelope.event), ("Ev1", expected), "{payload}");
        assert_eq!(envelope.workspace, Some(workspace("T0HERE")));
    }
}

#[test]
fn an_event_is_for_the_installation_that_is_authorised() {
    let of = |fields: Value| {
        let mut payload =
            json!({ "type": "event_callback", "event_id": "Ev1", "event": { "type": "app_uninstalled" } });
        payload.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
        let Ok(Inbound::Event(envelope)) = event(&payload) else { panic!("{payload}") };
        envelope.workspace
    };
    let authorised = |team: Value| json!([{ "enterprise_id": null, "team_id": team, "is_bot": true }]);
    assert_eq!(of(json!({ "team_id": "T0ELSE" })), Some(workspace("T0ELSE")));
    assert_eq!(
        of(json!({ "team_id": "T0ELSE", "authorizations": authorised(json!("T0HERE")) })),
        Some(workspace("T0HERE"))
    );
    assert_eq!(of(json!({ "team_id": "T0ELSE", "authorizations": authorised(Value::Null) })), None);
    assert_eq!(of(json!({ "team_id": "T0HERE", "authorizations": [] })), Some(workspace("T0HERE")));
}

#[test]
fn an_event_with_ids_that_are_none_is_refused() {
    for sent in [
        json!({ "type": "channel_archive" }),
        json!({ "type": "channel_archive", "channel": "C 1" }),
        json!({ "type": "member_left_channel", "channel": "C1" }),
        json!({ "type": "user_change", "user": "U1" }),
        json!({ "type": "user_change", "user": { "id": "<U1>" } }),
        json!({ "type": "subteam_updated", "subteam": {} }),
        json!({ "type": 7 }),
        json!("text"),
    ] {
        assert!(event(&json!({ "type": "event_callback", "event_id": "Ev1", "event": sent })).is_err(), "{sent}");
    }
    for id in [json!(""), json!("Ev 1"), json!("E".repeat(256)), Value::Null] {
        let payload = json!({ "type": "event_callback", "event_id": id, "event": { "type": "app_uninstalled" } });
        assert!(event(&payload).is_err(), "{id}");
    }
}
