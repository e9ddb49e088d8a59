//! The gate that calls of the Web API pass: who asks for the turn of a method, and hears what Slack answered.

use async_trait::async_trait;
use std::{fmt, time::Duration};

/// Paces the calls of a client. Without one a client calls at once and leaves pauses to its callers.
#[async_trait]
pub trait Gate: Send + Sync + fmt::Debug {
    /// Waits until `method` may be called. Never asked for `chat.postMessage`, which the relay admits itself before it
    /// commits.
    async fn admit(&self, method: &'static str);

    /// Slack answered `method` with 429.
    fn limited(&self, method: &'static str, retry_after: Option<Duration>);

    /// Slack answered `method` in any other way.
    fn answered(&self, method: &'static str);
}
