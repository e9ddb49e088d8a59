//! Answers through a `response_url`: five within half an hour, without a token.

use super::{Client, SlackError, client::counted, error::CallError};
use crate::message::Message;
use serde_json::{Value, json};
use url::Url;

/// What the address is called where a method of the Web API would be named.
const METHOD: &str = "response_url";
/// Slack's host for them.
const HOST: &str = "hooks.slack.com";
/// Longer than any that Slack makes.
const LONGEST: usize = 2_048;

/// Where a command or a click is answered later; Slack's hosts only. Whoever has it may post, so it is never shown.
#[derive(Clone, PartialEq, Eq)]
pub struct ResponseUrl(pub(super) String);

impl std::fmt::Debug for ResponseUrl {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("ResponseUrl(…)")
    }
}

/// What becomes of the message that was clicked, or where the answer stands.
#[derive(Debug, Clone, PartialEq)]
pub enum Response {
    /// For the eyes of who asked alone.
    Ephemeral(Message),
    /// In place of the message whose button was pressed.
    Replace(Message),
    /// The (ephemeral) message whose button was pressed goes away.
    Delete,
}

impl Response {
    fn body(&self) -> Value {
        match self {
            Self::Ephemeral(message) => json!({
                "response_type": "ephemeral",
                "replace_original": false,
                "text": message.text,
                "blocks": message.blocks,
                "unfurl_links": false,
                "unfurl_media": false,
            }),
            Self::Replace(message) => json!({
                "replace_original": true,
                "text": message.text,
                "blocks": message.blocks,
                "unfurl_links": false,
                "unfurl_media": false,
            }),
            Self::Delete => json!({ "delete_original": true }),
        }
    }
}

impl Client {
    /// The address as it came with a request; none where it does not lead to Slack (`https://hooks.slack.com`, or the host of
    /// `slack.api_url`).
    pub fn response_url(&self, text: &str) -> Option<ResponseUrl> {
        if text.len() > LONGEST {
            return None;
        }
        let url = Url::parse(text).ok()?;
        let is_bare = url.username().is_empty() && url.password().is_none() && url.fragment().is_none();
        (is_bare && (is_of_slack(&url) || is_beside(&url, self.base()))).then(|| ResponseUrl(url.into()))
    }

    /// Tries once more only where no connection came about.
    ///
    /// # Errors
    /// When Slack does not take it.
    pub async fn respond(&self, to: &ResponseUrl, response: &Response) -> Result<(), SlackError> {
        let body = response.body();
        let mut answer = self.transport().answer_later(&to.0, &body).await;
        if let Err(CallError::Connect(_)) = answer {
            answer = self.transport().answer_later(&to.0, &body).await;
        }
        counted(METHOD, answer).map_err(|error| SlackError::of(METHOD, error))
    }
}

fn is_of_slack(url: &Url) -> bool {
    url.scheme() == "https" && url.host_str() == Some(HOST) && url.port().is_none()
}

fn is_beside(url: &Url, base: &Url) -> bool {
    url.scheme() == base.scheme()
        && url.host() == base.host()
        && url.port_or_known_default() == base.port_or_known_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::slack::{CALL_TIMEOUT, ClientOptions};

    fn client(api_url: &str) -> Client {
        let options =
            ClientOptions { api_url: api_url.into(), token: "xoxb-1".into(), timeout: CALL_TIMEOUT, gate: None };
        Client::new(&options).unwrap()
    }

    #[test]
    fn only_addresses_of_slack_are_answered() {
        let slack = client("https://slack.com/api");
        for address in ["https://hooks.slack.com/commands/T1/2/3", "https://slack.com/x", "https://HOOKS.slack.com/a"] {
            assert!(slack.response_url(address).is_some(), "{address}");
        }
        for address in [
            "http://hooks.slack.com/commands/T1/2/3",
            "https://hooks.slack.com:8443/commands",
            "https://hooks.slack.com.example.com/",
            "https://example.com/hooks.slack.com",
            "https://user@hooks.slack.com/",
            "https://user:password@hooks.slack.com/",
            "https://hooks.slack.com@example.com/",
            "https://hooks.slack.com\\@example.com/#",
            "https://169.254.169.254/latest",
            "http://127.0.0.1:1/",
            "file:///etc/passwd",
            "hooks.slack.com",
            "",
            &format!("https://hooks.slack.com/{}", "a".repeat(LONGEST)),
        ] {
            assert!(slack.response_url(address).is_none(), "{address}");
        }
    }

    #[test]
    fn a_stand_in_is_answered_at_its_own_place_alone() {
        let standin = client("http://127.0.0.1:4242/api");
        assert!(standin.response_url("http://127.0.0.1:4242/respond/1").is_some());
        for address in ["http://127.0.0.1:4243/respond/1", "http://localhost:4242/a", "https://127.0.0.1:4242/a"] {
            assert!(standin.response_url(address).is_none(), "{address}");
        }
    }

    #[test]
    fn an_address_is_never_shown() {
        let url = client("https://slack.com/api").response_url("https://hooks.slack.com/commands/secret").unwrap();
        assert_eq!(format!("{url:?}"), "ResponseUrl(…)");
    }
}
