//! Opens what the daemon works on: the store, the workspace that the bot token is for, and Slack's client.

use crate::{
    clock::Clock,
    config::{self, Settings},
    slack::{self, CALL_TIMEOUT, Client, ClientOptions, Gate, OptionsError, SlackError},
    store::{DaemonLock, Database, Store, StoreError, StoreOptions},
};
use std::{sync::Arc, time::Duration};

/// Between two tries to reach what does not answer yet.
const AGAIN: Duration = Duration::from_secs(5);

/// Why the daemon cannot work at all; whatever may pass by itself is waited for.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Options(#[from] OptionsError),
}

impl OpenError {
    /// What the reader can do.
    pub fn hint(&self) -> String {
        match self {
            Self::Store(error) => error.hint(),
            Self::Options(error) => error.hint().to_owned(),
        }
    }
}

/// The database, and its place if only one daemon may have it. Waits for a database that does not answer.
///
/// # Errors
/// When it can never be used: a wrong address, a newer version, another daemon on the file.
pub(super) async fn database(
    settings: &config::Store,
    clock: &Clock,
) -> Result<(Database, Option<DaemonLock>), OpenError> {
    let options = StoreOptions { url: settings.url.clone(), schema: settings.schema.clone() };
    let database = once_it_answers(clock, || Database::open(&options)).await?;
    let lock = database.lock_for_daemon()?;
    Ok((database, lock))
}

/// Slack's client, whose every call waits at `gate`.
///
/// # Errors
/// When the settings of Slack cannot be used.
pub(super) fn client(settings: &Settings, gate: Arc<dyn Gate>) -> Result<Option<Client>, OpenError> {
    let Ok(token) = settings.slack.require_bot_token() else { return Ok(None) };
    let options = ClientOptions {
        api_url: settings.slack.api_url.clone(),
        token: token.clone(),
        timeout: CALL_TIMEOUT,
        gate: Some(gate),
    };
    Ok(Some(Client::new(&options)?))
}

/// The store of the workspace that the token is for. Waits for Slack, and for a token that works.
///
/// # Errors
/// When the store belongs to another workspace.
pub(super) async fn store(
    database: &Database,
    client: &Client,
    clock: &Clock,
    told: impl Fn(&SlackError),
) -> Result<Store, OpenError> {
    loop {
        match client.access().await {
            Ok(access) => {
                let known = once_it_answers(clock, || database.workspace()).await?;
                let workspace = slack::workspace_of(access.identity.as_ref(), known);
                let opening = || database.of_workspace(&workspace, clock.now());
                return Ok(once_it_answers(clock, opening).await?);
            }
            Err(error) => {
                told(&error);
                clock.sleep(AGAIN).await;
            }
        }
    }
}

/// Waits for a store that does not answer.
///
/// # Errors
/// When the store fails in a way that waiting does not mend.
pub(super) async fn once_it_answers<T, Asking>(clock: &Clock, ask: impl Fn() -> Asking) -> Result<T, StoreError>
where
    Asking: Future<Output = Result<T, StoreError>>,
{
    loop {
        match ask().await {
            Err(error) if error.is_transient() => {
                tracing::warn!(error = &error as &dyn std::error::Error, "the store does not answer yet");
                clock.sleep(AGAIN).await;
            }
            outcome => return outcome,
        }
    }
}
