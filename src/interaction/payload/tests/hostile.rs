//! Noise, and what resembles Slack's: it is read or refused, and no id gets through that is none.

use super::*;
use proptest::prelude::*;

#[test]
fn nesting_without_end_is_refused_and_not_followed() {
    let deep = "[".repeat(300_000);
    let event = format!(r#"{{"type":"event_callback","event_id":"Ev1","event":{deep}"#);
    assert_eq!(by_http(Route::Events, &event), Err(Malformed::Form));
    assert_eq!(by_http(Route::Interactions, &format!("payload={deep}")), Err(Malformed::Form));
}

/// JSON that resembles Slack's where it is not noise.
fn json_like_slacks() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        "\\PC{0,40}".prop_map(Value::from),
        prop::sample::select(vec![
            "block_actions",
            "view_submission",
            "event_callback",
            "user_change",
            "U1",
            "T1",
            "1.2"
        ])
        .prop_map(Value::from),
    ];
    let key = prop::sample::select(vec![
        "type",
        "user",
        "id",
        "team",
        "team_id",
        "channel",
        "container",
        "message",
        "ts",
        "view",
        "state",
        "values",
        "actions",
        "action_id",
        "selected_options",
        "selected_users",
        "event",
        "event_id",
        "authorizations",
        "tokens",
        "command",
        "user_id",
        "metadata",
        "event_payload",
        "delivery_id",
        "subteam",
        "view_id",
        "hash",
    ]);
    leaf.prop_recursive(6, 120, 12, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::vec((key.clone(), inner), 0..12)
                .prop_map(|fields| fields.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()),
        ]
    })
}

fn ids(inbound: &Inbound) -> Vec<&str> {
    fn of_by(by: &By) -> Vec<&str> {
        let workspaces = [by.member_of.as_ref(), by.workspace.as_ref()].into_iter().flatten().map(|id| id.0.as_str());
        workspaces.chain(by.enterprise.as_deref()).chain([by.member.0.as_str()]).collect()
    }
    match inbound {
        Inbound::Command(command) => of_by(&command.by),
        Inbound::Action(action) => of_by(&action.by),
        Inbound::Submission(submission) => of_by(&submission.by),
        Inbound::Closed(closed) => of_by(&closed.by),
        Inbound::Suggestion(suggestion) => of_by(&suggestion.by),
        Inbound::Event(event) => vec![&event.id],
        Inbound::Unknown(_) => Vec::new(),
    }
}

proptest! {
    #[test]
    fn hostile_bytes_are_read_or_refused(body: Vec<u8>) {
        for route in [Route::Commands, Route::Interactions, Route::Events] {
            let _ = route.read(&body, "v0=", &CLIENT);
        }
        let _ = (challenge_of(&body), is_ssl_check(&body));
    }

    #[test]
    fn no_id_gets_through_that_is_none(
        noise in json_like_slacks(), path in prop::sample::select(vec![
            "/type", "/user", "/user/id", "/team", "/view", "/view/id", "/view/state", "/message", "/container", "/actions/0",
        ]), whole in any::<bool>(), kind in prop::sample::select(vec!["view_submission", "block_actions", "view_closed"])
    ) {
        let mut payload = click();
        payload["view"] = submission()["view"].clone();
        payload["type"] = json!(kind);
        if whole {
            payload = noise;
        } else {
            *payload.pointer_mut(path).unwrap() = noise;
        }
        for route in [Route::Commands, Route::Interactions, Route::Events] {
            for inbound in route.read_payload(payload.clone(), "e-1", &CLIENT).unwrap_or_default() {
                for id in ids(&inbound) {
                    let fits = |letter: u8| letter.is_ascii_alphanumeric() || b"_-".contains(&letter);
                    prop_assert!((1..=32).contains(&id.len()) && id.bytes().all(fits), "{}", id);
                }
            }
        }
    }
}
