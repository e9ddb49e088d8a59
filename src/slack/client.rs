//! The client: where the Web API is, with which token, and how calls are made.

use super::{
    access::Identity,
    error::{CallError, SlackError},
    gate::Gate,
    transport::Transport,
};
use crate::telemetry::metrics::{self, CallOutcome};
use secrecy::{ExposeSecret, SecretString};
use serde::{Serialize, de::DeserializeOwned};
use slack_morphism::{SlackApiToken, SlackApiTokenValue, SlackClient, SlackClientSession};
use std::{fmt, net::IpAddr, sync::Arc, time::Duration};
use tokio::sync::OnceCell;
use url::{Host, Url};

/// How long a whole call may take by default, connecting included.
pub const CALL_TIMEOUT: Duration = Duration::from_secs(15);

/// What a client needs to know.
#[derive(Debug, Clone)]
pub struct ClientOptions {
    /// Base address of the Web API, `https` unless loopback; a trailing slash does not matter.
    pub api_url: String,
    pub token: SecretString,
    /// How long a whole call may take, connecting included; usually [`CALL_TIMEOUT`].
    pub timeout: Duration,
    /// What every call waits for; `None` where nothing does, as in a command that calls a few times.
    pub gate: Option<Arc<dyn Gate>>,
}

/// Why a client cannot be made.
#[derive(Debug, thiserror::Error)]
pub enum OptionsError {
    #[error("`slack.api_url` is no web address: {why}")]
    Address { why: &'static str },
    #[error("`slack.bot_token` is empty")]
    NoToken,
    #[error("`slack.bot_token` holds characters that no token has")]
    Token,
    #[error("the HTTP client could not be set up")]
    Http(#[source] reqwest::Error),
}

impl OptionsError {
    /// What the reader can do.
    pub fn hint(&self) -> &'static str {
        match self {
            Self::Address { .. } => "use `https://slack.com/api`, or `http` on a loopback address for a stand-in",
            Self::NoToken | Self::Token => {
                "copy the Bot User OAuth Token from the app's page \"OAuth & Permissions\" and set it as \
                 `RECAP__SLACK__BOT_TOKEN`"
            }
            Self::Http(_) => "check the machine's certificates",
        }
    }
}

/// A client for one workspace; cheap to clone.
#[derive(Clone)]
pub struct Client {
    shared: Arc<Shared>,
    gate: Option<Arc<dyn Gate>>,
}

struct Shared {
    api: SlackClient<Transport>,
    base: Url,
    token: SlackApiToken,
    /// Empty inside where the server cannot tell.
    identity: OnceCell<Option<Identity>>,
}

impl Client {
    /// A client that has not called Slack yet.
    ///
    /// # Errors
    /// When the address is not `https` and not loopback, or the token is empty or cannot stand in a header.
    pub fn new(options: &ClientOptions) -> Result<Self, OptionsError> {
        let (base, loopback) = parse_base(&options.api_url)?;
        let token = options.token.expose_secret().trim();
        if token.is_empty() {
            return Err(OptionsError::NoToken);
        }
        if !token.chars().all(|letter| letter.is_ascii_graphic()) {
            return Err(OptionsError::Token);
        }
        let transport = Transport::new(base.clone(), options.timeout, loopback).map_err(OptionsError::Http)?;
        Ok(Self {
            shared: Arc::new(Shared {
                api: SlackClient::new(transport),
                base,
                token: SlackApiToken::new(SlackApiTokenValue(token.to_owned())),
                identity: OnceCell::new(),
            }),
            gate: options.gate.clone(),
        })
    }

    /// The same client behind another gate: its connections and what it knows are shared.
    #[must_use]
    pub fn behind(&self, gate: Arc<dyn Gate>) -> Self {
        Self { shared: Arc::clone(&self.shared), gate: Some(gate) }
    }

    pub(super) fn has_gate(&self) -> bool {
        self.gate.is_some()
    }

    /// slack-morphism's typed calls, within our limits of time and size; their errors convert to `CallError`.
    pub(super) fn session(&self) -> SlackClientSession<'_, Transport> {
        self.shared.api.open_session(&self.shared.token)
    }

    /// Where the Web API is.
    pub(super) fn base(&self) -> &Url {
        &self.shared.base
    }

    pub(super) fn transport(&self) -> &Transport {
        &self.shared.api.http_api.connector
    }

    /// Who we are, asked once in the life of the client; `None` where the server has no `auth.test`.
    pub(super) async fn identity(&self) -> Result<Option<&Identity>, SlackError> {
        Ok(self.shared.identity.get_or_try_init(|| self.auth()).await?.as_ref())
    }

    /// Calls a reading method with a query string.
    pub(super) async fn read<T: DeserializeOwned + Send>(
        &self,
        method: &'static str,
        parameters: &[(&str, &str)],
    ) -> Result<T, SlackError> {
        self.get(method, parameters).await.map_err(|error| SlackError::of(method, error))
    }

    /// Calls a reading method that a stand-in for Slack may lack; `None` where it does.
    pub(super) async fn read_if_offered<T: DeserializeOwned + Send>(
        &self,
        method: &'static str,
        parameters: &[(&str, &str)],
    ) -> Result<Option<T>, SlackError> {
        match self.get(method, parameters).await {
            Ok(answer) => Ok(Some(answer)),
            Err(error) if error.is_of_an_unknown_method() => {
                tracing::debug!(slack.method = method, "the server does not know this method");
                Ok(None)
            }
            Err(error) => Err(SlackError::of(method, error)),
        }
    }

    /// Calls a reading method; its errors are not yet sorted by what they mean.
    pub(super) async fn get<T: DeserializeOwned + Send>(
        &self,
        method: &'static str,
        parameters: &[(&str, &str)],
    ) -> Result<T, CallError> {
        self.admit(method).await;
        let parameters: Vec<_> = parameters.iter().map(|(name, value)| (*name, Some(*value))).collect();
        let answer = self.session().http_session_api.http_get(method, &parameters, None).await;
        self.heard(method, answer.map_err(CallError::from))
    }

    /// Calls a writing method with a JSON body.
    pub(super) async fn write<T: DeserializeOwned + Send>(
        &self,
        method: &'static str,
        request: &(impl Serialize + Send + Sync),
    ) -> Result<T, CallError> {
        self.admit(method).await;
        self.write_admitted(method, request).await
    }

    /// As [`Client::write`], for a call that its caller has admitted.
    pub(super) async fn write_admitted<T: DeserializeOwned + Send>(
        &self,
        method: &'static str,
        request: &(impl Serialize + Send + Sync),
    ) -> Result<T, CallError> {
        let answer = self.session().http_session_api.http_post(method, request, None).await;
        self.heard(method, answer.map_err(CallError::from))
    }

    async fn admit(&self, method: &'static str) {
        if let Some(gate) = &self.gate {
            gate.admit(method).await;
        }
    }

    /// Tells the gate what Slack answered, if it did.
    fn heard<T>(&self, method: &'static str, answer: Result<T, CallError>) -> Result<T, CallError> {
        metrics::call(method, outcome_of(&answer));
        if let Some(gate) = &self.gate {
            match &answer {
                Err(CallError::RateLimited { retry_after }) => gate.limited(method, *retry_after),
                Err(CallError::Connect(_) | CallError::Timeout | CallError::Broken(_)) => {}
                Ok(_) | Err(_) => gate.answered(method),
            }
        }
        answer
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Client")
            .field("base", &self.shared.base.as_str())
            .field("gate", &self.gate)
            .finish_non_exhaustive()
    }
}

/// Counts what became of a call that no gate stands before.
pub(super) fn counted<T>(method: &'static str, answer: Result<T, CallError>) -> Result<T, CallError> {
    metrics::call(method, outcome_of(&answer));
    answer
}

fn outcome_of<T>(answer: &Result<T, CallError>) -> CallOutcome {
    match answer {
        Ok(_) => CallOutcome::Ok,
        Err(CallError::RateLimited { .. }) => CallOutcome::RateLimited,
        Err(CallError::Api { .. }) => CallOutcome::Refused,
        Err(CallError::Connect(_)) => CallOutcome::NotSent,
        Err(CallError::Timeout | CallError::Broken(_) | CallError::Status(_) | CallError::Unreadable { .. }) => {
            CallOutcome::Unknown
        }
    }
}

/// Whether an address leads to this machine.
pub(super) fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => IpAddr::from(address).is_loopback(),
        Some(Host::Ipv6(address)) => IpAddr::from(address).is_loopback(),
        None => false,
    }
}

/// Reads the base address; the second value tells whether it is loopback.
fn parse_base(text: &str) -> Result<(Url, bool), OptionsError> {
    let refused = |why| OptionsError::Address { why };
    let base = Url::parse(text.trim().trim_end_matches('/')).map_err(|_| refused("it cannot be read"))?;
    if base.host().is_none() {
        return Err(refused("it names no host"));
    }
    let loopback = is_loopback(&base);
    if !base.username().is_empty() || base.password().is_some() {
        return Err(refused("it must hold no user name or password"));
    }
    if base.query().is_some() || base.fragment().is_some() {
        return Err(refused("it must end with the path"));
    }
    match base.scheme() {
        "https" => Ok((base, loopback)),
        "http" if loopback => Ok((base, loopback)),
        "http" => Err(refused("`http` would show the token to everybody on the way")),
        _ => Err(refused("it must begin with `https://`")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn client(api_url: &str, token: &str) -> Result<Client, OptionsError> {
        Client::new(&ClientOptions { api_url: api_url.into(), token: token.into(), timeout: CALL_TIMEOUT, gate: None })
    }

    #[test]
    fn plain_http_is_for_loopback_only() {
        for address in [
            "https://slack.com/api",
            "https://slack.com/api/",
            "http://localhost:1/api",
            "http://127.0.0.1:1/api",
            "http://[::1]:1",
        ] {
            assert!(client(address, "xoxb-1").is_ok(), "{address}");
        }
        for address in [
            "http://slack.com/api",
            "http://127.0.0.1.example.com/api",
            "http://slack.localhost/api",
            "ftp://slack.com",
            "slack.com/api",
            "https://user:password@slack.com/api",
            "https://slack.com/api?a=b",
            "",
        ] {
            assert!(matches!(client(address, "xoxb-1"), Err(OptionsError::Address { .. })), "{address}");
        }
    }

    #[test]
    fn a_token_that_no_header_can_carry_is_refused_without_being_shown() {
        assert!(matches!(client("https://slack.com/api", " \n"), Err(OptionsError::NoToken)));
        let error = client("https://slack.com/api", "xoxb-sec\nret").unwrap_err();
        assert!(matches!(error, OptionsError::Token));
        assert!(!format!("{error} {error:?}").contains("xoxb"));
    }

    #[test]
    fn a_client_shows_where_it_points_and_not_its_token() {
        let shown = format!("{:?}", client("https://slack.com/api", "xoxb-secret").unwrap());
        assert!(shown.contains("https://slack.com/api") && !shown.contains("secret"), "{shown}");
    }
}
