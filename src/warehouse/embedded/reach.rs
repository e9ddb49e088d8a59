//! The engine of a data directory, whoever runs it: each directory has one at a time, and many commands.

use std::time::Duration;

use tokio::time::{Instant, sleep};

use super::{Access, Engine, EngineError, EngineOptions, address};

/// How long another command may keep the data directory, or a daemon take to start its engine.
const OTHERS_WITHIN: Duration = Duration::from_secs(15);
/// How often the data directory is tried again.
const RETRY_EVERY: Duration = Duration::from_millis(100);

/// An engine that answers.
#[derive(Debug)]
pub enum Reached {
    /// One that was started for this caller.
    Own(Engine),
    /// One that another Recap runs and shares.
    Shared(Access),
}

/// Starts the engine, or finds the one that a daemon shares; while another command has the data directory, waits for
/// its end.
pub async fn reach(options: &EngineOptions) -> Result<Reached, EngineError> {
    let deadline = Instant::now() + OTHERS_WITHIN;
    loop {
        match Engine::start(options.clone()).await {
            Ok(engine) => return Ok(Reached::Own(engine)),
            Err(EngineError::InUse { path }) => {
                if let Some(access) = address::find(&options.data_dir).await {
                    return Ok(Reached::Shared(access));
                }
                if Instant::now() >= deadline {
                    return Err(EngineError::InUse { path });
                }
            }
            Err(error) => return Err(error),
        }
        sleep(RETRY_EVERY).await;
    }
}
