//! The warehouse of a running daemon: found when it first answers, and waited for meanwhile.

use super::{Warehouse, WarehouseError};
use crate::config::ClickHouse;
use std::sync::Arc;
use tokio::sync::OnceCell;

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
    /// When it does not answer, or is none. May be asked again.
    pub async fn warehouse(&self) -> Result<&Warehouse, WarehouseError> {
        self.opened.get_or_try_init(|| Warehouse::open(&self.url, &self.settings)).await
    }
}
