//! Why a call to Slack failed: what one request met, and what that means for a call that may be repeated.

use super::hint;
use slack_morphism::errors::{SlackClientError, SlackClientSystemError};
use std::{error::Error, time::Duration};

/// What one request met. Holds codes only: never a body, an address or a token.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum CallError {
    /// No connection, so not a byte was written.
    #[error("no connection: {0}")]
    Connect(String),
    #[error("no answer in time")]
    Timeout,
    /// The connection broke after writing may have begun.
    #[error("the connection broke: {0}")]
    Broken(String),
    #[error("Slack asks to slow down (`ratelimited`)")]
    RateLimited { retry_after: Option<Duration> },
    /// Slack's own refusal; `needed` is the scope that `missing_scope` names.
    #[error("`{code}`")]
    Api { code: String, needed: Option<String> },
    /// An HTTP status without a code of Slack's.
    #[error("HTTP status {0}")]
    Status(u16),
    #[error("the answer cannot be read: {why}")]
    Unreadable { why: String },
}

impl CallError {
    pub(super) fn unreadable(why: &str) -> Self {
        Self::Unreadable { why: why.to_owned() }
    }

    /// Whether what answers lacks the method, as stand-ins for Slack may.
    pub(super) fn is_of_an_unknown_method(&self) -> bool {
        match self {
            Self::Api { code, .. } => code == "unknown_method",
            Self::Status(status) => *status == 404,
            _ => false,
        }
    }

    pub(super) fn from_http(error: &reqwest::Error) -> Self {
        if error.is_connect() {
            Self::Connect(root_cause(error))
        } else if error.is_timeout() {
            Self::Timeout
        } else if error.is_builder() {
            Self::Connect("the request could not be formed".to_owned())
        } else {
            Self::Broken(root_cause(error))
        }
    }
}

/// The innermost cause; the outer ones repeat the URL, and with it an address.
fn root_cause(error: &reqwest::Error) -> String {
    let mut cause: &dyn Error = match error.source() {
        Some(source) => source,
        None => return "no reason given".to_owned(),
    };
    while let Some(source) = cause.source() {
        cause = source;
    }
    cause.to_string()
}

impl From<CallError> for SlackClientError {
    fn from(error: CallError) -> Self {
        Self::SystemError(SlackClientSystemError::new().with_cause(Box::new(error)))
    }
}

impl From<SlackClientError> for CallError {
    /// Takes our own error out of slack-morphism's envelope; the rest is faults of forming a request.
    fn from(error: SlackClientError) -> Self {
        match error {
            SlackClientError::SystemError(SlackClientSystemError { cause: Some(cause), .. }) => cause
                .downcast::<Self>()
                .map_or_else(|_| Self::unreadable("the client failed"), |call_error| *call_error),
            _ => Self::unreadable("the client failed"),
        }
    }
}

/// Codes that concern the token and with it everybody, not one member.
pub(super) const WORKSPACE_CODES: [&str; 16] = [
    "access_denied",
    "accesslimited",
    "app_access_denied",
    "deprecated_endpoint",
    "enterprise_is_restricted",
    "invalid_auth",
    "method_deprecated",
    "missing_scope",
    "not_allowed_token_type",
    "not_authed",
    "org_login_required",
    "team_access_not_granted",
    "team_added_to_org",
    "token_expired",
    "token_revoked",
    "two_factor_setup_required",
];

/// Codes after which part of the operation may have been done.
pub(super) const AMBIGUOUS_CODES: [&str; 4] =
    ["fatal_error", "internal_error", "request_timeout", "service_unavailable"];

/// Why a call that may be repeated (reading, or opening a conversation) failed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SlackError {
    /// Try again, after `retry_after` where Slack names it; `limited` where Slack asks to slow down.
    #[error("Slack did not answer `{method}`: {what}")]
    Later { method: &'static str, what: String, retry_after: Option<Duration>, limited: bool },
    /// Nothing works until somebody mends the token; `needed` is the scope that is missing.
    #[error("{}", hint::workspace(code, needed.as_deref()))]
    Workspace { code: String, needed: Option<String> },
    /// Slack said no to this call, for good.
    #[error("Slack refused `{method}`: `{code}`")]
    Refused { method: &'static str, code: String },
    /// What answered does not speak as Slack does.
    #[error("`{method}` was not answered as Slack answers: {what}")]
    Unreadable { method: &'static str, what: String },
}

impl SlackError {
    pub(super) fn of(method: &'static str, error: CallError) -> Self {
        let what = error.to_string();
        match error {
            CallError::Connect(_) | CallError::Timeout | CallError::Broken(_) | CallError::Status(500..) => {
                Self::Later { method, what, retry_after: None, limited: false }
            }
            CallError::RateLimited { retry_after } => Self::Later { method, what, retry_after, limited: true },
            CallError::Api { code, .. } if AMBIGUOUS_CODES.contains(&code.as_str()) => {
                Self::Later { method, what, retry_after: None, limited: false }
            }
            // Slack's word for a bot token of a deleted workspace or app, for all but a recipient.
            CallError::Api { code, needed } if WORKSPACE_CODES.contains(&&*code) || code == "account_inactive" => {
                Self::Workspace { code, needed }
            }
            CallError::Api { code, .. } => Self::Refused { method, code },
            CallError::Status(_) | CallError::Unreadable { .. } => Self::Unreadable { method, what },
        }
    }

    /// Slack's code, or a word of ours where there is none.
    pub fn code(&self) -> &str {
        match self {
            Self::Later { .. } => "unavailable",
            Self::Unreadable { .. } => "unreadable",
            Self::Workspace { code, .. } | Self::Refused { code, .. } => code,
        }
    }

    /// Whether the call fails until somebody changes something about it: a scope, an invitation, what answers. A dead
    /// token is not meant, for it says nothing about the call.
    pub fn is_for_good(&self) -> bool {
        match self {
            Self::Later { .. } => false,
            Self::Workspace { code, .. } => code == "missing_scope",
            Self::Refused { .. } | Self::Unreadable { .. } => true,
        }
    }

    /// What the reader can do.
    pub fn hint(&self) -> String {
        match self {
            Self::Later { retry_after, .. } => hint::later(*retry_after),
            Self::Workspace { code, needed } => hint::for_workspace(code, needed.as_deref()),
            Self::Refused { code, .. } => hint::for_code(code),
            Self::Unreadable { .. } => hint::UNREADABLE.to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(code: &str) -> SlackError {
        SlackError::of("users.list", CallError::Api { code: code.to_owned(), needed: None })
    }

    #[test]
    fn a_call_is_repeated_later_given_up_or_waits_for_the_token() {
        for code in ["internal_error", "service_unavailable"] {
            assert!(matches!(refused(code), SlackError::Later { .. }), "{code}");
        }
        for code in ["invalid_auth", "token_revoked", "account_inactive", "missing_scope"] {
            assert!(matches!(refused(code), SlackError::Workspace { .. }), "{code}");
        }
        assert!(matches!(refused("users_not_found"), SlackError::Refused { .. }));
        assert!(matches!(SlackError::of("users.list", CallError::Status(502)), SlackError::Later { .. }));
        assert!(matches!(SlackError::of("users.list", CallError::Status(404)), SlackError::Unreadable { .. }));
        for (code, for_good) in [
            ("internal_error", false),
            ("token_revoked", false),
            ("missing_scope", true),
            ("channel_not_found", true),
            ("not_in_channel", true),
        ] {
            assert_eq!(refused(code).is_for_good(), for_good, "{code}");
        }
    }

    #[test]
    fn a_missing_scope_is_named_with_the_way_to_add_it() {
        let error = SlackError::of(
            "users.lookupByEmail",
            CallError::Api { code: "missing_scope".to_owned(), needed: Some("users:read.email".to_owned()) },
        );
        assert_eq!(error.to_string(), "the bot token lacks the scope `users:read.email` (`missing_scope`)");
        assert!(error.hint().contains("`users:read.email`") && error.hint().contains("reinstall"), "{}", error.hint());
    }

    #[test]
    fn our_error_survives_the_envelope_of_the_library() {
        let error = CallError::RateLimited { retry_after: Some(Duration::from_secs(7)) };
        assert_eq!(CallError::from(SlackClientError::from(error.clone())), error);
    }
}
