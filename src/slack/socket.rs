//! Where a connection of Socket Mode is opened; asked with the app-level token.

use super::{Client, SlackError, client::is_loopback, error::CallError};
use serde::Deserialize;
use serde_json::json;
use std::fmt;
use url::Url;

const METHOD: &str = "apps.connections.open";

/// An address for one connection; whoever has it hears what people do, so it is never shown.
#[derive(Clone, PartialEq, Eq)]
pub struct SocketAddress(Url);

impl SocketAddress {
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }
}

impl fmt::Debug for SocketAddress {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("SocketAddress(…)")
    }
}

#[derive(Deserialize)]
struct Opened {
    url: String,
}

impl Client {
    /// Asks for an address; this client's token is the app's.
    ///
    /// # Errors
    /// When Slack names none, or one without TLS that is not on this machine.
    pub async fn open_socket(&self) -> Result<SocketAddress, SlackError> {
        let opened: Opened = self.write(METHOD, &json!({})).await.map_err(|error| SlackError::of(METHOD, error))?;
        socket_address(&opened.url, self.base())
            .ok_or_else(|| SlackError::of(METHOD, CallError::unreadable("its address is none of a safe connection")))
    }
}

/// TLS, but between this machine and a stand-in on it.
fn socket_address(text: &str, base: &Url) -> Option<SocketAddress> {
    let url = Url::parse(text).ok()?;
    let safe = match url.scheme() {
        "wss" => url.host().is_some(),
        "ws" => base.scheme() == "http" && is_loopback(base) && is_loopback(&url),
        _ => false,
    };
    safe.then_some(SocketAddress(url))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_connection_without_tls_stays_on_this_machine() {
        for (base, address, fits) in [
            ("https://slack.com/api", "wss://wss-primary.slack.com/link/?ticket=1", true),
            ("https://slack.com/api", "ws://wss-primary.slack.com/link/?ticket=1", false),
            ("https://slack.com/api", "ws://127.0.0.1:1/link", false),
            ("https://slack.com/api", "https://slack.com/", false),
            ("https://slack.com/api", "", false),
            ("http://127.0.0.1:1/api", "ws://127.0.0.1:2/link", true),
            ("http://localhost:1/api", "ws://127.0.0.1:2/link", true),
            ("http://127.0.0.1:1/api", "ws://example.com/link", false),
            ("http://127.0.0.1:1/api", "wss://example.com/link", true),
        ] {
            let base = Url::parse(base).unwrap();
            assert_eq!(socket_address(address, &base).is_some(), fits, "{base} {address}");
        }
    }

    #[test]
    fn a_ticket_is_never_shown() {
        let base = Url::parse("https://slack.com/api").unwrap();
        let address = socket_address("wss://slack.com/link/?ticket=secret", &base).unwrap();
        assert_eq!(format!("{address:?}"), "SocketAddress(…)");
    }
}
