//! Which daemons work on this store. Each shows that it is alive by counting up; the others watch the count by their
//! own clocks, so the clocks need not agree.

use super::{Store, StoreError};

impl Store {
    /// Joins, or counts one up.
    pub async fn beat(&self, replica: &str) -> Result<(), StoreError> {
        todo!()
    }

    /// Every replica and its count.
    pub async fn beats(&self) -> Result<Vec<(String, i64)>, StoreError> {
        todo!()
    }

    /// Takes replicas off the list.
    pub async fn dismiss(&self, replicas: &[String]) -> Result<(), StoreError> {
        todo!()
    }

    /// Everybody who holds a claim, on the list or not.
    pub async fn holders(&self) -> Result<Vec<String>, StoreError> {
        todo!()
    }
}
