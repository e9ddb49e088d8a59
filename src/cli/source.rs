//! The warehouse that a command reads: a server's, or the embedded engine for as long as the command runs.

use super::Failure;
use crate::{
    config::{Location, Settings},
    warehouse::{
        Connection, Warehouse, WarehouseError,
        embedded::{Engine, EngineOptions, Reached, reach},
    },
};

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
                let reached = reach(&options).await.map_err(|error| {
                    let hint = error.hint().to_owned();
                    Failure::of(error, hint)
                })?;
                Ok(match reached {
                    Reached::Own(engine) => Self { url: engine.url(), engine: Some(engine) },
                    Reached::Shared(url) => Self { url, engine: None },
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

/// Tells an error of the warehouse with its hint.
pub fn explained(error: WarehouseError) -> Failure {
    let hint = error.hint();
    Failure::of(error, hint)
}
