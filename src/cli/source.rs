//! The warehouse that a command reads: a server's, or the embedded engine for as long as the command runs.

use super::Failure;
use crate::{
    config::{ClickHouse, Location, Settings},
    warehouse::{
        Connection, Warehouse, WarehouseError,
        embedded::{Engine, EngineOptions, Reached, reach},
    },
};
use clickhouse::Client;
use secrecy::ExposeSecret;

/// A place to ask, and what keeps it alive.
#[derive(Debug)]
pub struct Source {
    /// Where ClickHouse answers.
    pub url: String,
    /// The settings with the account that is used there.
    pub clickhouse: ClickHouse,
    engine: Option<Engine>,
}

impl Source {
    /// Finds the ClickHouse of the settings; the embedded one is started where no daemon runs it.
    pub async fn open(settings: &Settings) -> Result<Self, Failure> {
        let clickhouse = &settings.clickhouse;
        match &clickhouse.location {
            Location::Url(url) => Ok(Self { url: url.to_string(), clickhouse: clickhouse.clone(), engine: None }),
            Location::Embedded => {
                let executable = std::env::current_exe()?;
                let options = EngineOptions::new(&clickhouse.engine_dir, &clickhouse.data_dir, executable);
                let reached = reach(&options).await.map_err(|error| {
                    let hint = error.hint().to_owned();
                    Failure::of(error, hint)
                })?;
                let (access, engine) = match reached {
                    Reached::Own(engine) => (engine.access().clone(), Some(engine)),
                    Reached::Shared(access) => (access, None),
                };
                Ok(Self { clickhouse: access.within(clickhouse), url: access.url, engine })
            }
        }
    }

    /// The telemetry in it.
    pub async fn warehouse(&self) -> Result<Warehouse, Failure> {
        Warehouse::open(&self.url, &self.clickhouse).await.map_err(explained)
    }

    /// The account on it, whatever tables there are.
    pub async fn connection(&self) -> Result<Connection, Failure> {
        Connection::open(&self.url, &self.clickhouse).await.map_err(explained)
    }

    /// A client of the account, for writing sample data.
    pub fn client(&self) -> Client {
        Client::default()
            .with_url(&self.url)
            .with_user(&self.clickhouse.user)
            .with_password(self.clickhouse.password.expose_secret())
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
