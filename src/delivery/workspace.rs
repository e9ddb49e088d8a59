//! A workspace whose token was refused: asked again until it works.

use crate::{
    slack::{Client, SlackError},
    store::{AuditEntry, STOPPED, Store, StoreError},
};
use chrono::{DateTime, Utc};

/// Lets sending go on where the token works again; answers the code for which it still stands still, if any.
///
/// # Errors
/// When the store does not answer.
pub async fn revive(store: &Store, client: &Client, now: DateTime<Utc>) -> Result<Option<String>, StoreError> {
    let Some(code) = store.value(STOPPED).await? else { return Ok(None) };
    let works = match client.access().await {
        Ok(access) => code != "missing_scope" || access.missing.is_empty(),
        Err(SlackError::Later { .. }) => false,
        Err(error) => {
            tracing::debug!(slack.code = error.code(), "the bot token is still refused");
            false
        }
    };
    if !works {
        return Ok(Some(code));
    }
    if store.swap_value(STOPPED, Some(&code), None).await? {
        tracing::info!(slack.code = code, "Slack takes the bot token again, sending goes on");
        store
            .audit(&AuditEntry {
                at: now,
                actor: "recap".to_owned(),
                action: "sending.revive".to_owned(),
                subject: "workspace".to_owned(),
                detail: code,
            })
            .await?;
    }
    Ok(None)
}
