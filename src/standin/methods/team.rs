//! `api.test`, `apps.connections.open`, `auth.test`, `team.info` and the user groups.

use crate::standin::{
    call::Call,
    refusal::{Answer, Refusal},
    state::State,
    workspace::{BOT_ID, BOT_USER, UserGroup},
};
use serde_json::{Value, json};

pub(super) fn api_test(_state: &mut State, call: &Call) -> Answer {
    match call.text("error") {
        Some(code) => Err(Refusal::new(code)),
        None => Ok(json!({ "args": call.arguments() })),
    }
}

#[expect(clippy::unnecessary_wraps, reason = "every method has this signature")]
pub(super) fn auth_test(state: &mut State, _call: &Call) -> Answer {
    Ok(json!({
        "url": "https://example.slack.com/",
        "team": state.workspace().name,
        "user": "recap",
        "team_id": state.workspace().team_id,
        "user_id": BOT_USER,
        "bot_id": BOT_ID,
        "is_enterprise_install": false,
    }))
}

/// Where the app opens one socket; the address is good once.
#[expect(clippy::unnecessary_wraps, reason = "every method has this signature")]
pub(super) fn open_connection(state: &mut State, _call: &Call) -> Answer {
    Ok(json!({ "url": state.sockets.address() }))
}

pub(super) fn info(state: &mut State, call: &Call) -> Answer {
    let workspace = state.workspace();
    if call.text("team").is_some_and(|team| team != workspace.team_id) {
        return Err(Refusal::new("team_not_found"));
    }
    let (id, name) = (&workspace.team_id, &workspace.name);
    Ok(json!({ "team": { "id": id, "name": name, "domain": "example", "email_domain": "" } }))
}

#[expect(clippy::unnecessary_wraps, reason = "every method has this signature")]
pub(super) fn groups(state: &mut State, call: &Call) -> Answer {
    let (with_users, team_id) = (call.flag("include_users"), &state.workspace().team_id);
    let all = call.flag("include_disabled");
    let groups = state.workspace().groups.iter().filter(|group| all || !group.is_disabled);
    let groups: Vec<_> = groups.map(|group| shown(group, team_id, with_users)).collect();
    Ok(json!({ "usergroups": groups }))
}

fn shown(group: &UserGroup, team_id: &str, with_users: bool) -> Value {
    let mut shown = json!({
        "id": group.id,
        "team_id": team_id,
        "is_usergroup": true,
        "name": group.name,
        "description": "",
        "handle": group.handle,
        "is_external": false,
        "date_create": 1_700_000_000,
        "date_update": 1_700_000_000,
        "date_delete": if group.is_disabled { 1_700_000_001 } else { 0 },
        "auto_type": null,
        "created_by": BOT_USER,
        "updated_by": BOT_USER,
        "deleted_by": null,
        "prefs": { "channels": [], "groups": [] },
        "user_count": group.members.len(),
    });
    if with_users {
        shown["users"] = json!(group.members);
    }
    shown
}

pub(super) fn group_members(state: &mut State, call: &Call) -> Answer {
    let id = call.required("usergroup", "invalid_arguments")?;
    let all = call.flag("include_disabled");
    let group = state.workspace().groups.iter().find(|group| group.id == id && (all || !group.is_disabled));
    let group = group.ok_or_else(|| Refusal::new("no_such_subteam"))?;
    Ok(json!({ "users": group.members }))
}
