//! What becomes of a delivery after an attempt. Pure.

use crate::{
    slack::{PostError, Posted, SlackError, UNREADABLE_SNAPSHOT},
    store::Settlement,
};
use chrono::{DateTime, TimeDelta, Utc};
use std::time::Duration;

/// How long an unknown outcome is left alone before it is looked for (scheduling-and-delivery.md, section 3).
pub const RECONCILE_AFTER: TimeDelta = TimeDelta::seconds(10);
/// The first pause before a request that did not leave is made again, and the longest.
const FIRST_PAUSE: Duration = Duration::from_secs(2);
const LONGEST_PAUSE: Duration = Duration::from_mins(5);

/// What is done about an attempt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Disposition {
    /// It is written to the ledger.
    Settle(Settlement),
    /// Nothing can be sent in this workspace until somebody mends the token; the delivery waits.
    Stop { code: String, settlement: Settlement },
}

impl Disposition {
    /// Decides from the outcome of the `attempt`th post, at `now`; `plain`: it was in plain sections already.
    pub fn of(outcome: Result<Posted, PostError>, attempt: u32, plain: bool, now: DateTime<Utc>) -> Self {
        let again = |pause: Duration| now + TimeDelta::from_std(pause).unwrap_or(TimeDelta::MAX);
        Self::Settle(match outcome {
            Ok(posted) => Settlement::Sent { channel: posted.channel, ts: posted.ts },
            Err(PostError::NotSent { retry_after, limited, .. }) => {
                let code = if limited { "ratelimited" } else { "unreachable" };
                let at = again(retry_after.unwrap_or_else(|| backoff(attempt)));
                Settlement::Retry { at, code: code.to_owned(), plain }
            }
            Err(PostError::Workspace { code, .. }) => {
                let settlement = Settlement::Retry { at: now, code: code.clone(), plain };
                return Self::Stop { code, settlement };
            }
            // A snapshot of ours that cannot be read is no better in plain sections.
            Err(PostError::Content { code }) if !plain && code != UNREADABLE_SNAPSHOT => {
                Settlement::Retry { at: now, code, plain: true }
            }
            Err(PostError::Content { code }) => Settlement::Failed { code, refused: false },
            Err(PostError::Refused { code, .. }) => Settlement::Failed { refused: is_about_recipient(&code), code },
            Err(PostError::Unknown { .. }) => {
                Settlement::Unknown { at: now + RECONCILE_AFTER, code: "no_answer".to_owned() }
            }
        })
    }

    /// Decides from a conversation that could not be opened; nothing was posted.
    pub fn of_unopened(error: &SlackError, attempt: u32, plain: bool, now: DateTime<Utc>) -> Self {
        let retry = |pause: Duration, code: &str| Settlement::Retry {
            at: now + TimeDelta::from_std(pause).unwrap_or(TimeDelta::MAX),
            code: code.to_owned(),
            plain,
        };
        match error {
            SlackError::Workspace { code, .. } => {
                Self::Stop { code: code.clone(), settlement: retry(Duration::ZERO, code) }
            }
            SlackError::Refused { code, .. } => {
                Self::Settle(Settlement::Failed { code: code.clone(), refused: is_about_recipient(code) })
            }
            SlackError::Later { retry_after, .. } => {
                Self::Settle(retry(retry_after.unwrap_or_else(|| backoff(attempt)), "unreachable"))
            }
            SlackError::Unreadable { .. } => Self::Settle(retry(backoff(attempt), "unreadable")),
        }
    }
}

/// Codes that say something about the recipient, and say it again tomorrow; an unknown one may be our own fault.
const ABOUT_RECIPIENT: [&str; 13] = [
    "account_inactive",
    "cannot_dm_bot",
    "channel_not_found",
    "ekm_access_denied",
    "is_archived",
    "messages_tab_disabled",
    "no_permission",
    "not_in_channel",
    "user_disabled",
    "user_not_found",
    "user_not_visible",
    "users_not_found",
    "restricted_action",
];

fn is_about_recipient(code: &str) -> bool {
    ABOUT_RECIPIENT.contains(&code) || code.starts_with("restricted_action")
}

/// The pause before attempt `attempt + 1`: doubling, at most 5 minutes.
pub fn backoff(attempt: u32) -> Duration {
    FIRST_PAUSE.saturating_mul(2_u32.saturating_pow(attempt.saturating_sub(1).min(16))).min(LONGEST_PAUSE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pause_doubles_up_to_five_minutes() {
        let seconds: Vec<_> = [0, 1, 2, 3, 8, 9, u32::MAX].map(|attempt| backoff(attempt).as_secs()).into();
        assert_eq!(seconds, [2, 2, 4, 8, 256, 300, 300]);
    }
}
