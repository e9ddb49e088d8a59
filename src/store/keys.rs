//! Small values by key: whether sending is halted, the tzdb release, when the directory was read.

use super::{Store, StoreError};

impl Store {
    pub async fn value(&self, key: &str) -> Result<Option<String>, StoreError> {
        todo!()
    }

    pub async fn set_value(&self, key: &str, value: Option<&str>) -> Result<(), StoreError> {
        todo!()
    }

    /// Sets it only where it stands at `from` (`None`: not set); says whether it did. Of several replicas one wins.
    pub async fn swap_value(&self, key: &str, from: Option<&str>, to: Option<&str>) -> Result<bool, StoreError> {
        todo!()
    }
}

/// Set while sending is halted: who halted it.
pub const HALTED: &str = "halted";
/// Set while the workspace's token is refused: Slack's code.
pub const STOPPED: &str = "stopped";
