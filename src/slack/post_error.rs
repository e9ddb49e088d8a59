//! What became of a message that was not plainly accepted, and with it whether it may be sent again.

use super::{
    error::{AMBIGUOUS_CODES, CallError, WORKSPACE_CODES},
    hint,
};
use std::time::Duration;

/// Our code for a stored message that is none.
pub const UNREADABLE_SNAPSHOT: &str = "unreadable_snapshot";

/// Why a post failed. Only `NotSent` may be repeated as it is, and `Unknown` never blindly.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PostError {
    /// Slack has not taken it: try again, after `retry_after` where Slack names it; `limited` where Slack asks to slow
    /// down, else Slack was not reached.
    #[error("the message was not sent: {what}")]
    NotSent { retry_after: Option<Duration>, limited: bool, what: String },
    /// Slack refused it for this recipient, for good.
    #[error("Slack refused the message: `{code}`")]
    Refused { code: String },
    /// Slack refuses everything until somebody mends the token; `needed` is the scope that is missing.
    #[error("{}", hint::workspace(code, needed.as_deref()))]
    Workspace { code: String, needed: Option<String> },
    /// Slack refused what the message is made of.
    #[error("Slack refused the form of the message: `{code}`")]
    Content { code: String },
    /// The message may have been posted.
    #[error("whether Slack posted the message is unknown: {what}")]
    Unknown { what: String },
}

impl PostError {
    pub(super) fn of(error: CallError) -> Self {
        let what = error.to_string();
        match error {
            CallError::Connect(_) => Self::NotSent { retry_after: None, limited: false, what },
            CallError::RateLimited { retry_after } => Self::NotSent { retry_after, limited: true, what },
            CallError::Timeout | CallError::Broken(_) | CallError::Status(_) | CallError::Unreadable { .. } => {
                Self::Unknown { what }
            }
            CallError::Api { code, needed } => Self::of_code(code, needed),
        }
    }

    /// What was stored is no message.
    pub(super) fn unreadable_snapshot() -> Self {
        Self::Content { code: UNREADABLE_SNAPSHOT.to_owned() }
    }

    fn of_code(code: String, needed: Option<String>) -> Self {
        if AMBIGUOUS_CODES.contains(&&*code) {
            Self::Unknown { what: format!("`{code}`") }
        } else if WORKSPACE_CODES.contains(&&*code) {
            Self::Workspace { code, needed }
        } else if is_about_content(&code) {
            Self::Content { code }
        } else {
            Self::Refused { code }
        }
    }

    /// Slack's code, or a word of ours where there is none.
    pub fn code(&self) -> &str {
        match self {
            Self::NotSent { limited: true, .. } => "ratelimited",
            Self::NotSent { .. } => "not_sent",
            Self::Unknown { .. } => "unknown",
            Self::Refused { code } | Self::Workspace { code, .. } | Self::Content { code } => code,
        }
    }

    /// What the reader can do.
    pub fn hint(&self) -> String {
        match self {
            Self::NotSent { retry_after, .. } => hint::later(*retry_after),
            Self::Refused { code } => hint::for_code(code),
            Self::Workspace { code, needed } => hint::for_workspace(code, needed.as_deref()),
            Self::Content { .. } => "run `recap template check`, and look at `recap preview --format json`".to_owned(),
            Self::Unknown { .. } => "look into the conversation in Slack before you send it again".to_owned(),
        }
    }
}

/// Whether Slack refused what the message is made of.
pub(super) fn is_about_content(code: &str) -> bool {
    const CODES: [&str; 5] =
        ["msg_blocks_too_long", "msg_too_long", "no_text", "metadata_too_large", "markdown_text_conflict"];
    code.starts_with("invalid_blocks") || code.starts_with("invalid_metadata") || CODES.contains(&code)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn class(error: &PostError) -> &'static str {
        match error {
            PostError::NotSent { .. } => "not sent",
            PostError::Refused { .. } => "refused",
            PostError::Workspace { .. } => "workspace",
            PostError::Content { .. } => "content",
            PostError::Unknown { .. } => "unknown",
        }
    }

    #[test]
    fn every_code_of_the_design_falls_into_its_class() {
        let classes = [
            (
                "refused",
                "channel_not_found not_in_channel is_archived account_inactive user_disabled restricted_action \
                 restricted_action_read_only_channel ekm_access_denied messages_tab_disabled something_new",
            ),
            ("workspace", "invalid_auth token_revoked missing_scope not_authed token_expired"),
            ("content", "invalid_blocks invalid_blocks_format msg_blocks_too_long msg_too_long no_text"),
            ("unknown", "internal_error fatal_error"),
        ];
        for (expected, codes) in classes {
            for code in codes.split_whitespace() {
                let error = PostError::of(CallError::Api { code: code.to_owned(), needed: None });
                assert_eq!(class(&error), expected, "{code}");
                assert!(!error.hint().is_empty(), "{code}");
            }
        }
    }

    #[test]
    fn only_what_cannot_have_arrived_is_called_not_sent() {
        for (error, expected) in [
            (CallError::Connect("refused".into()), "not sent"),
            (CallError::RateLimited { retry_after: None }, "not sent"),
            (CallError::Timeout, "unknown"),
            (CallError::Broken("reset".into()), "unknown"),
            (CallError::Status(503), "unknown"),
            (CallError::Status(404), "unknown"),
            (CallError::unreadable("HTML"), "unknown"),
        ] {
            assert_eq!(class(&PostError::of(error.clone())), expected, "{error}");
        }
        let code = |error| PostError::of(error).code().to_owned();
        assert_eq!(code(CallError::RateLimited { retry_after: None }), "ratelimited");
        assert_eq!(code(CallError::Connect("refused".into())), "not_sent");
    }
}
