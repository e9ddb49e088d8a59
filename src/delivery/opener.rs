//! Opens direct conversations ahead of time, so that a first contact with many people does not hold up their digests.

use crate::{
    slack::{Client, SlackError},
    store::{Store, StoreError},
};
use tokio_util::sync::CancellationToken;

/// Members looked up at once.
const PAGE: u32 = 50;

/// Opens conversations that will be needed; its client should give way to the relay's.
#[derive(Debug)]
pub struct Opener {
    store: Store,
    client: Client,
    stop: CancellationToken,
    /// Members with whom no conversation can be opened, for as long as this process lives.
    refused: std::collections::HashSet<String>,
}

impl Opener {
    pub fn new(store: Store, client: Client, stop: CancellationToken) -> Self {
        Self { store, client, stop, refused: std::collections::HashSet::new() }
    }

    /// Opens the next few; answers how many.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn step(&mut self) -> Result<usize, StoreError> {
        let most = PAGE.saturating_add(u32::try_from(self.refused.len()).unwrap_or(u32::MAX));
        let members = self.store.without_dm(most).await?;
        let mut opened = 0;
        for member in members
            .into_iter()
            .filter(|member| !self.refused.contains(&member.0))
            .take(PAGE as usize)
            .collect::<Vec<_>>()
        {
            let outcome = tokio::select! {
                outcome = self.client.open_dm(&member) => outcome,
                () = self.stop.cancelled() => return Ok(opened),
            };
            match outcome {
                Ok(channel) => {
                    self.store.learn_dm(&member, &channel).await?;
                    opened += 1;
                }
                // The relay meets the same refusal with the delivery, and settles it.
                Err(SlackError::Refused { .. }) => {
                    self.refused.insert(member.0);
                }
                Err(error) => {
                    tracing::debug!(error = %error, "no conversations are opened ahead for now");
                    return Ok(opened);
                }
            }
        }
        Ok(opened)
    }
}
