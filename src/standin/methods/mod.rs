//! The Web API's methods: which there are, what each needs, and who answers.

pub(super) mod chat;
mod conversations;
mod cursor;
pub(super) mod limits;
mod team;
pub(super) mod users;
mod views;

use super::{
    call::Call,
    rates::Tier,
    refusal::{Answer, Refusal},
    state::State,
};

struct Method {
    name: &'static str,
    /// The scope it needs; where that depends on the conversation, the method asks itself.
    scope: Option<&'static str>,
    tier: Tier,
    run: fn(&mut State, &Call) -> Answer,
}

const fn method(
    name: &'static str,
    scope: Option<&'static str>,
    tier: Tier,
    run: fn(&mut State, &Call) -> Answer,
) -> Method {
    Method { name, scope, tier, run }
}

/// Scopes and tiers as each method's page in Slack's reference states them.
const METHODS: &[Method] = &[
    method("api.test", None, Tier::Free, team::api_test),
    method("apps.connections.open", None, Tier::Free, team::open_connection),
    method("auth.test", None, Tier::Free, team::auth_test),
    method("chat.delete", Some("chat:write"), Tier::Three, chat::delete),
    method("chat.postEphemeral", Some("chat:write"), Tier::Four, chat::post_ephemeral),
    method("chat.postMessage", Some("chat:write"), Tier::Message, chat::post_message),
    method("chat.update", Some("chat:write"), Tier::Three, chat::update),
    method("conversations.history", None, Tier::Three, conversations::history),
    method("conversations.info", None, Tier::Three, conversations::info),
    method("conversations.open", Some("im:write"), Tier::Three, conversations::open),
    method("team.info", Some("team:read"), Tier::Three, team::info),
    method("usergroups.list", Some("usergroups:read"), Tier::Two, team::groups),
    method("usergroups.users.list", Some("usergroups:read"), Tier::Two, team::group_members),
    method("users.info", Some("users:read"), Tier::Four, users::info),
    method("users.list", Some("users:read"), Tier::Two, users::list),
    method("users.lookupByEmail", Some("users:read.email"), Tier::Three, users::by_email),
    method("views.open", None, Tier::Four, views::open),
    method("views.push", None, Tier::Four, views::push),
    method("views.publish", None, Tier::Four, views::publish),
    method("views.update", None, Tier::Four, views::update),
];

/// Answers a call as Slack would: known method, right token, scope, rate, then the method itself.
pub(super) fn answer(state: &mut State, call: &Call) -> Answer {
    let Some(method) = METHODS.iter().find(|method| method.name == call.method) else {
        return Err(Refusal::new("unknown_method").message(format!("[ERROR] unknown method: {}", call.method)));
    };
    if method.name != "api.test" {
        let token = call.token.as_deref().ok_or_else(|| Refusal::new("not_authed"))?;
        state.workspace().admit(token, method.name == "apps.connections.open").map_err(Refusal::new)?;
    }
    if let Some(scope) = method.scope {
        state.need(scope)?;
    }
    let channel = call.text("channel").and_then(|name| state.destination_id(&name));
    let now = state.now();
    state.rates.admit(method.name, method.tier, channel.as_deref(), now).map_err(Refusal::rate_limited)?;
    (method.run)(state, call)
}
