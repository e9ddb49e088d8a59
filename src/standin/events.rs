//! Events: told to the app, and told again where it did not take them.

use super::{
    Standin,
    app::{self, Answered, Outgoing},
    elements::Unusable,
    payload::TOKEN,
    server::Site,
    workspace::{APP_ID, BOT_USER},
};
use serde_json::{Value, json};

/// How often an event is told again.
const RETRIES: u32 = 3;

impl Standin {
    /// Tells the app of an event (`{"type": …}`), up to four times. Answers what it said each time.
    pub async fn event(&self, event: Value) -> Vec<Answered> {
        tell(&self.site, event).await
    }

    /// Somebody opens the App Home.
    ///
    /// # Errors
    /// When there is no such person.
    pub async fn open_home(&self, user: &str) -> Result<Vec<Answered>, Unusable> {
        open_home(&self.site, user).await
    }

    /// Asks the app for the challenge, as Slack does before it sends events; whether it is answered.
    pub async fn verify_url(&self) -> bool {
        let challenge = format!("{:032x}", rand::random::<u128>());
        let ask = json!({ "token": TOKEN, "challenge": challenge, "type": "url_verification" });
        let answered = app::send(&self.site, &Outgoing::Event(ask), None).await;
        answered.is_ok() && (answered.body == *challenge || answered.body["challenge"] == *challenge)
    }

    /// Asks whether the command's address is there, as Slack does for its certificate.
    pub async fn check_ssl(&self) -> Answered {
        let ask = vec![("ssl_check", "1".to_owned()), ("token", TOKEN.to_owned())];
        app::send(&self.site, &Outgoing::Command(ask), None).await
    }

    /// How many sockets the app has open.
    pub fn sockets(&self) -> usize {
        self.site.lock().sockets.count()
    }

    /// Tells the app's sockets to go: `warning`, `refresh_requested` or `link_disabled`.
    pub fn disconnect(&self, reason: &str) {
        self.site.lock().sockets.disconnect(reason);
    }

    /// Lets the app's sockets break off without a word.
    pub fn cut_sockets(&self) {
        self.site.lock().sockets.cut();
    }
}

pub(super) async fn open_home(site: &Site, user: &str) -> Result<Vec<Answered>, Unusable> {
    let event = {
        let mut state = site.lock();
        let person = state.somebody(user)?.id.clone();
        let (channel, now) = (state.messages.open_direct(&person).0, state.now());
        let ts = state.messages.next_ts(now);
        let mut event =
            json!({ "type": "app_home_opened", "user": person, "channel": channel, "tab": "home", "event_ts": ts });
        if let Some(home) = state.views.home(&person) {
            event["view"] = state.view_shown(home);
        }
        event
    };
    Ok(tell(site, event).await)
}

/// Tells of an event until it is taken; an app may say that it wants no retries by its status alone here.
pub(super) async fn tell(site: &Site, mut event: Value) -> Vec<Answered> {
    let envelope = {
        let mut state = site.lock();
        let now = state.now();
        let ts = state.messages.next_ts(now);
        if let Value::Object(fields) = &mut event {
            fields.entry("event_ts").or_insert_with(|| json!(ts));
        }
        let team = &state.workspace().team_id;
        json!({
            "token": TOKEN,
            "team_id": team,
            "api_app_id": APP_ID,
            "event": event,
            "type": "event_callback",
            "event_id": format!("Ev{:016X}", rand::random::<u64>()),
            "event_time": now.timestamp(),
            "authorizations": [{
                "enterprise_id": null, "team_id": team, "user_id": BOT_USER,
                "is_bot": true, "is_enterprise_install": false,
            }],
            "is_ext_shared_channel": false,
        })
    };
    let outgoing = Outgoing::Event(envelope);
    let mut answers = vec![app::send(site, &outgoing, None).await];
    for number in 1..=RETRIES {
        let Some(last) = answers.last().filter(|last| !last.is_ok()) else { break };
        let again = app::send(site, &outgoing, Some((number, last.reason()))).await;
        answers.push(again);
    }
    answers
}
