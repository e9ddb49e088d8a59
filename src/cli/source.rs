//! The warehouse that a command reads: a server's, or the embedded engine for as long as the command runs.

use super::Failure;
use crate::{
    config::{Location, Settings},
    warehouse::{
        Connection, Warehouse, WarehouseError,
        embedded::{Engine, EngineError, EngineOptions, running_at},
    },
};
use std::time::Duration;
use tokio::time::{Instant, sleep};

/// How long another command may keep the data directory, or a daemon take to start its engine.
const OTHERS_END_WITHIN: Duration = Duration::from_secs(15);
/// How often the data directory is tried again.
const RETRY_EVERY: Duration = Duration::from_millis(100);

/// A place to ask, and what keeps it alive.
#[derive(Debug)]
pub struct Source {
    /// Where ClickHouse answers.
    pub url: String,
    engine: Option<Engine>,
}

impl Source {
    /// Finds the ClickHouse of the settings; the embedded one is started where no daemon runs it.
    pub async fn open(settings: &Settings) -> Result<Self, Failure> {
        match &settings.clickhouse.location {
            Location::Url(url) => Ok(Self { url: url.to_string(), engine: None }),
            Location::Embedded => {
                let clickhouse = &settings.clickhouse;
                let executable = std::env::current_exe()?;
                let options = EngineOptions::new(&clickhouse.engine_dir, &clickhouse.data_dir, executable);
                embedded(options).await.map_err(|error| {
                    let hint = error.hint().to_owned();
                    Failure::of(error, hint)
                })
            }
        }
    }

    /// The telemetry in it.
    pub async fn warehouse(&self, settings: &Settings) -> Result<Warehouse, Failure> {
        Warehouse::open(&self.url, &settings.clickhouse).await.map_err(explained)
    }

    /// The account on it, whatever tables there are.
    pub async fn connection(&self, settings: &Settings) -> Result<Connection, Failure> {
        Connection::open(&self.url, &settings.clickhouse).await.map_err(explained)
    }

    /// Stops the engine, if this command started it.
    pub async fn close(self) {
        if let Some(engine) = self.engine {
            engine.stop().await;
        }
    }
}

/// The engine of a daemon that uses the same data directory, else one of our own; while another command has the
/// directory, waits for its end.
async fn embedded(options: EngineOptions) -> Result<Source, EngineError> {
    let deadline = Instant::now() + OTHERS_END_WITHIN;
    loop {
        match Engine::start(options.clone()).await {
            Ok(engine) => return Ok(Source { url: engine.url(), engine: Some(engine) }),
            Err(EngineError::InUse { path }) => {
                if let Some(url) = running_at(&options.data_dir).await {
                    return Ok(Source { url, engine: None });
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

/// Tells an error of the warehouse with its hint.
pub fn explained(error: WarehouseError) -> Failure {
    let hint = error.hint();
    Failure::of(error, hint)
}
