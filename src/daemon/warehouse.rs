//! The daemon's warehouse: opened after the listeners, and asked by `/readyz`.

use std::path::PathBuf;

use async_trait::async_trait;
use tokio::sync::watch;

use crate::config::{ClickHouse, Location};
use crate::http::Check;
use crate::warehouse::Ping;
use crate::warehouse::embedded::{Engine, EngineError, EngineOptions, Reached, reach};

/// Starts the embedded engine where the settings want one, and tells `ping` whom to ask.
pub(super) async fn open(
    settings: &ClickHouse,
    executable: PathBuf,
    ping: &watch::Sender<Option<Ping>>,
) -> Result<Option<Engine>, EngineError> {
    match &settings.location {
        Location::Url(url) => {
            ping.send_replace(Some(Ping::new(url.as_str(), settings)));
            Ok(None)
        }
        Location::Embedded => {
            let options = EngineOptions::new(&settings.engine_dir, &settings.data_dir, executable);
            let mut engine = match reach(&options).await? {
                Reached::Own(engine) => engine,
                Reached::Shared(_) => return Err(EngineError::InUse { path: options.data_dir }),
            };
            engine.share()?;
            ping.send_replace(Some(Ping::new(&engine.url(), &engine.access().within(settings))));
            tracing::info!(warehouse.url = engine.url(), "embedded ClickHouse answers");
            Ok(Some(engine))
        }
    }
}

/// Where the warehouse answers.
pub(super) fn url(settings: &ClickHouse, engine: Option<&Engine>) -> String {
    match (&settings.location, engine) {
        (_, Some(engine)) => engine.url(),
        (Location::Url(url), None) => url.to_string(),
        (Location::Embedded, None) => String::new(),
    }
}

/// Asks the warehouse, once there is one to ask.
pub(super) struct WarehouseCheck {
    pub(super) ping: watch::Receiver<Option<Ping>>,
}

#[async_trait]
impl Check for WarehouseCheck {
    fn name(&self) -> &'static str {
        "warehouse"
    }

    async fn ask(&self) -> Result<(), String> {
        let ping = self.ping.borrow().clone();
        match ping {
            Some(ping) => ping.ask().await,
            None => Err("the embedded ClickHouse is starting".into()),
        }
    }
}
