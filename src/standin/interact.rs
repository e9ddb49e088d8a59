//! What people do in messages: commands that they type, elements that they use.

use super::{
    Standin,
    app::{self, Answered, Failure, Outgoing},
    elements::{Choice, Filled, Unusable, find, with_ids},
    messages::Accepted,
    payload::TOKEN,
    respond,
    server::Site,
    workspace::APP_ID,
};
use serde_json::{Value, json};
use std::time::Duration;

/// What came of a command.
#[derive(Debug, Clone, PartialEq)]
pub struct CommandOutcome {
    /// The HTTP status; 200 for what was acknowledged over a socket, none where no answer came in time.
    pub status: Option<u16>,
    /// The answer's JSON, its text as a string, or null.
    pub body: Value,
    pub elapsed: Duration,
    /// What the answer shows.
    pub message: Option<Accepted>,
    /// What Slack says where the app did not answer as it must.
    pub failure: Option<String>,
    /// Opens a modal, once.
    pub trigger_id: String,
    pub response_url: String,
}

impl Standin {
    /// Says where the app takes requests; it is sent there from now on, unless it opens a socket.
    pub fn connect_app(&self, endpoint: super::AppEndpoint) {
        self.site.lock().app.endpoint = Some(endpoint);
    }

    /// How long the app may take to answer, and how long a trigger lives: 3 s to begin with.
    pub fn set_patience(&self, patience: Duration) {
        self.site.lock().app.patience = patience;
    }

    /// Somebody types `/usage week` in a conversation: a channel, or (by their own id) their direct one with the app.
    ///
    /// # Errors
    /// When there is no such person or conversation.
    pub async fn command(&self, user: &str, channel: &str, typed: &str) -> Result<CommandOutcome, Unusable> {
        command(&self.site, user, channel, typed).await
    }

    /// Somebody uses an element of a message, which `at` names by its channel and `ts`.
    ///
    /// # Errors
    /// When they do not see such a message, element or option.
    pub async fn press(
        &self,
        user: &str,
        at: (&str, &str),
        action_id: &str,
        choice: impl Into<Choice>,
    ) -> Result<Answered, Unusable> {
        press(&self.site, user, at, action_id, choice.into()).await
    }

    /// The last request by HTTP once more, the same to the letter.
    pub async fn replay_last(&self) -> Answered {
        app::replay(&self.site).await
    }

    /// A trigger as `user` would give one to the app.
    pub fn grant_trigger(&self, user: &str) -> String {
        self.site.lock().trigger(user, None)
    }

    /// Lets every trigger that was not used yet be too old.
    pub fn expire_triggers(&self) {
        self.site.lock().tickets.expire_triggers();
    }

    /// Lets every `response_url` be too old.
    pub fn expire_response_urls(&self) {
        self.site.lock().tickets.expire_answers();
    }
}

pub(super) async fn command(site: &Site, user: &str, channel: &str, typed: &str) -> Result<CommandOutcome, Unusable> {
    let (command, text) = typed.trim().split_once(char::is_whitespace).unwrap_or((typed.trim(), ""));
    let (fields, person, channel, trigger_id, response_url) = {
        let mut state = site.lock();
        let person = state.somebody(user)?.clone();
        let (channel, name) = state.place(&person.id, channel)?;
        let trigger = state.trigger(&person.id, None);
        let url = state.response_url(&person.id, &channel, None);
        let fields = vec![
            ("token", TOKEN.to_owned()),
            ("team_id", person.team_id.clone().unwrap_or_else(|| state.workspace().team_id.clone())),
            ("team_domain", "example".to_owned()),
            ("channel_id", channel.clone()),
            ("channel_name", name),
            ("user_id", person.id.clone()),
            ("user_name", person.real_name.to_lowercase().replace(' ', ".")),
            ("command", command.to_owned()),
            ("text", text.trim().to_owned()),
            ("api_app_id", APP_ID.to_owned()),
            ("is_enterprise_install", "false".to_owned()),
            ("response_url", url.clone()),
            ("trigger_id", trigger.clone()),
        ];
        let known = state.app.endpoint.as_ref().map(|endpoint| endpoint.command.clone());
        if known.is_some_and(|known| known != command) {
            return Ok(CommandOutcome {
                status: None,
                body: Value::Null,
                elapsed: Duration::ZERO,
                message: None,
                failure: Some(format!("{command} is not a valid command.")),
                trigger_id: trigger,
                response_url: url,
            });
        }
        (fields, person.id, channel, trigger, url)
    };
    let answered = app::send(site, &Outgoing::Command(fields), None).await;
    let (message, failure) = match answered.failure {
        None => match respond::shown(&mut site.lock(), &person, &channel, &answered) {
            Ok(message) => (message, None),
            Err(refusal) => (None, Some(format!("{command} failed with the error “{}”", refusal.code))),
        },
        Some(Failure::TimedOut) => (None, Some(format!("{command} failed because the app did not respond"))),
        Some(_) => (None, Some(format!("{command} failed with the error “dispatch_failed”"))),
    };
    let Answered { status, body, elapsed, .. } = answered;
    Ok(CommandOutcome { status, body, elapsed, message, failure, trigger_id, response_url })
}

pub(super) async fn press(
    site: &Site,
    user: &str,
    (channel, ts): (&str, &str),
    action_id: &str,
    choice: Choice,
) -> Result<Answered, Unusable> {
    let payload = {
        let mut state = site.lock();
        let person = state.somebody(user)?.clone();
        let (channel, name) = state.place(&person.id, channel)?;
        let seen = |message: &&Accepted| message.only_for.as_ref().is_none_or(|only| *only == person.id);
        let message = state.messages.find(&channel, ts).filter(seen).cloned();
        let message = message.ok_or_else(|| Unusable::Message(ts.to_owned()))?;
        let blocks = with_ids(&json!(message.blocks));
        let element = find(&blocks, action_id, &choice)?;
        let mut filled = Filled::of(&blocks, &Filled::default());
        let action = state.acted(&element, &choice)?;
        if let Ok(value) = state.chosen(&element, &choice) {
            filled.set(&element, value);
        }
        let mut payload = state.interaction("block_actions", &person);
        payload["container"] = json!({
            "type": "message",
            "message_ts": ts,
            "channel_id": channel,
            "is_ephemeral": message.only_for.is_some(),
        });
        payload["trigger_id"] = json!(state.trigger(&person.id, None));
        payload["channel"] = json!({ "id": channel, "name": name });
        // Slack does not send along what one person alone sees.
        if message.only_for.is_none() {
            payload["message"] = state.carried(&message);
        }
        payload["state"] = filled.state();
        payload["response_url"] = json!(state.response_url(&person.id, &channel, Some(ts)));
        payload["actions"] = json!([action]);
        payload
    };
    Ok(app::send(site, &Outgoing::Interaction(payload), None).await)
}
