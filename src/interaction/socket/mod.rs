//! Socket Mode: connections that Recap opens to Slack, so that Slack need not reach it.

mod connection;
mod frame;
mod pause;
mod standing;

use super::Desk;
use crate::{
    clock::Clock,
    slack::{Client, SlackError},
};
use connection::{Connection, End};
use pause::{pause, switched_off};
use std::time::Duration;
use tokio_util::sync::CancellationToken;

pub use standing::SocketStanding;

/// Slack allows ten; with two, one may be renewed or lost and nothing is missed.
pub const CONNECTIONS: usize = 2;
/// A connection that stood this long was good: the next is opened at once.
const GOOD_RUN: Duration = Duration::from_secs(10);
/// Slack closes a connection that it asked to renew after about 10 s; longer than this it is not waited for.
const RENEWED_WITHIN: Duration = Duration::from_mins(1);

/// One place for a connection, in which there is always one or the next; cheap to clone.
#[derive(Debug, Clone)]
pub struct Link {
    /// With the app's token.
    pub client: Client,
    pub desk: Desk,
    pub clock: Clock,
    pub standing: SocketStanding,
}

impl Link {
    /// Keeps a connection until `stop`. Where Socket Mode is switched off for the app, it is looked seldom whether it is on
    /// again.
    ///
    /// # Errors
    /// Never: what fails is tried again.
    pub async fn run(self, stop: CancellationToken) -> anyhow::Result<()> {
        let mut failures = 0;
        while let Some(opened) = stop.run_until_cancelled(Box::pin(self.open())).await {
            let (began, mut asked_for) = (self.clock.elapsed(), None);
            match opened {
                Ok(mut connection) => match connection.serve(&stop).await {
                    End::Stopped => break,
                    End::Disabled => {
                        if self.standing.switched_off() {
                            tracing::error!("Socket Mode is switched off for the app, so nothing comes from Slack");
                        }
                        asked_for = Some(switched_off(rand::random()));
                    }
                    End::Renew => self.finish(connection, stop.clone()),
                    End::Lost(why) => {
                        self.standing.failed(why);
                        tracing::info!(why, "a connection of Socket Mode was lost");
                    }
                },
                Err(fault) => {
                    self.standing.failed(&fault.why);
                    tracing::warn!(fault = fault.why, "Socket Mode does not connect");
                    asked_for = fault.retry_after;
                }
            }
            let was_good = self.clock.elapsed().saturating_sub(began) >= GOOD_RUN;
            failures = if was_good { 0 } else { failures + 1 };
            let pause = pause(failures, rand::random()).max(asked_for.unwrap_or_default());
            stop.run_until_cancelled(self.clock.sleep(pause)).await;
        }
        Ok(())
    }

    async fn open(&self) -> Result<Connection, Fault> {
        let address = self.client.open_socket().await?;
        let opened = Connection::open(&address, self).await;
        opened.map_err(|why| Fault { why, retry_after: None })
    }

    /// The old connection is listened to until Slack closes it, while the next one is opened.
    fn finish(&self, mut old: Connection, stop: CancellationToken) {
        let clock = self.clock.clone();
        self.desk.spawn(async move {
            // Slack may say more than once that it will close it.
            let served = async { while old.serve(&stop).await == End::Renew {} };
            tokio::select! {
                () = served => {}
                () = clock.sleep(RENEWED_WITHIN) => {}
            }
        });
    }
}

/// Why there is no connection, as a clause without secrets.
struct Fault {
    why: String,
    retry_after: Option<Duration>,
}

impl From<SlackError> for Fault {
    fn from(error: SlackError) -> Self {
        let retry_after = match &error {
            SlackError::Later { retry_after, .. } => *retry_after,
            _ => None,
        };
        let why = match &error {
            SlackError::Workspace { code, .. } => format!("Slack refuses `slack.app_token` (`{code}`)"),
            _ => error.to_string(),
        };
        Self { why, retry_after }
    }
}
