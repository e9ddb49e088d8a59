//! The warehouse of a running daemon: found when it first answers, and waited for meanwhile.

use super::{Warehouse, WarehouseError};
use crate::config::ClickHouse;
use std::{sync::Arc, time::Duration};
use tokio::{sync::OnceCell, time::timeout};

/// What waits for it waits in a row, each for another try, and people wait too.
const OPENS_WITHIN: Duration = Duration::from_secs(30);

/// Where the warehouse is, and the warehouse once it was opened; cheap to clone.
#[derive(Debug, Clone)]
pub struct Source {
    url: String,
    settings: ClickHouse,
    opened: Arc<OnceCell<Warehouse>>,
}

impl Source {
    pub fn new(url: String, settings: ClickHouse) -> Self {
        Self { url, settings, opened: Arc::default() }
    }

    /// The warehouse; its shape is found once.
    ///
    /// # Errors
    /// When it does not answer within half a minute, or is none. May be asked again.
    pub async fn warehouse(&self) -> Result<&Warehouse, WarehouseError> {
        let opening = self.opened.get_or_try_init(|| Warehouse::open(&self.url, &self.settings));
        timeout(OPENS_WITHIN, Box::pin(opening)).await.unwrap_or(Err(WarehouseError::Deadline(OPENS_WITHIN)))
    }
}
