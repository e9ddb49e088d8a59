//! Modals and App Home.

use super::{Client, SlackError};
use crate::model::MemberId;
use serde::Deserialize;
use serde_json::{Value, json};

const OPEN: &str = "views.open";
const PUSH: &str = "views.push";
const UPDATE: &str = "views.update";
const PUBLISH: &str = "views.publish";

/// Slack's words for a trigger that was used, or is older than three seconds.
const SPENT: [&str; 4] = ["expired_trigger_id", "exchanged_trigger_id", "trigger_expired", "invalid_trigger_id"];

/// Its words for a view that was closed, or changed meanwhile.
const PASSED: [&str; 4] = ["hash_conflict", "not_found", "view_not_found", "no_such_view"];

/// A view as Slack holds it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ViewHandle {
    pub id: String,
    /// Changes with every update; an update that names an older one is refused.
    pub hash: String,
}

/// What was answered stays raw: one odd field must not hide the others.
#[derive(Deserialize)]
struct Answer {
    #[serde(default)]
    view: Value,
}

impl Client {
    /// Opens a modal; none where the trigger has expired (it lives for three seconds) or was used.
    ///
    /// # Errors
    /// When Slack does not answer, or refuses the view.
    pub async fn open_view(&self, trigger: &str, view: &Value) -> Result<Option<ViewHandle>, SlackError> {
        self.view(OPEN, json!({ "trigger_id": trigger, "view": view }), &SPENT).await
    }

    /// Opens a modal on top of the one that is open.
    ///
    /// # Errors
    /// As [`Client::open_view`].
    pub async fn push_view(&self, trigger: &str, view: &Value) -> Result<Option<ViewHandle>, SlackError> {
        self.view(PUSH, json!({ "trigger_id": trigger, "view": view }), &SPENT).await
    }

    /// Replaces a view; none where it was closed, or (with `hash`) changed meanwhile.
    ///
    /// # Errors
    /// When Slack does not answer, or refuses the view.
    pub async fn update_view(
        &self,
        id: &str,
        hash: Option<&str>,
        view: &Value,
    ) -> Result<Option<ViewHandle>, SlackError> {
        self.view(UPDATE, with_hash(json!({ "view_id": id, "view": view }), hash), &PASSED).await
    }

    /// Publishes somebody's App Home; none where `hash` is not the latest: somebody else was faster.
    ///
    /// # Errors
    /// When Slack does not answer, or refuses the view.
    pub async fn publish_home(
        &self,
        member: &MemberId,
        hash: Option<&str>,
        view: &Value,
    ) -> Result<Option<ViewHandle>, SlackError> {
        self.view(PUBLISH, with_hash(json!({ "user_id": member, "view": view }), hash), &PASSED).await
    }

    /// `none` holds the codes with which Slack says that it is too late for this view.
    async fn view(
        &self,
        method: &'static str,
        request: Value,
        none: &[&str],
    ) -> Result<Option<ViewHandle>, SlackError> {
        match self.write::<Answer>(method, &request).await {
            Ok(answer) => Ok(Some(ViewHandle::parse(&answer.view))),
            Err(error) => match SlackError::of(method, error) {
                SlackError::Refused { code, .. } if none.contains(&code.as_str()) => {
                    tracing::debug!(slack.method = method, slack.code = code, "it is too late for this view");
                    Ok(None)
                }
                error => Err(error),
            },
        }
    }
}

impl ViewHandle {
    /// Of an answer without id or hash, as a stand-in for Slack may give, they are empty.
    fn parse(view: &Value) -> Self {
        let text = |name: &str| view.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
        Self { id: text("id"), hash: text("hash") }
    }
}

/// An empty hash is none.
fn with_hash(mut request: Value, hash: Option<&str>) -> Value {
    if let Some(hash) = hash.filter(|hash| !hash.is_empty()) {
        request["hash"] = json!(hash);
    }
    request
}
