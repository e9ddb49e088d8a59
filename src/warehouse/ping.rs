//! Whether ClickHouse answers at all: one question, asked once.

use std::fmt;
use std::time::Duration;

use clickhouse::{Client, error::Error};
use tokio::time::timeout;

use super::connection::client;
use super::error::exception;
use crate::config;

/// How long ClickHouse may take.
const ANSWER_WITHIN: Duration = Duration::from_secs(2);

/// The question of a readiness check: cheap, not repeated, and the same under `readonly = 1`.
#[derive(Clone)]
pub struct Ping {
    client: Client,
}

impl Ping {
    /// Asks at `url` with the account of `settings`.
    pub fn new(url: &str, settings: &config::ClickHouse) -> Self {
        Self { client: client(url, settings) }
    }

    /// Asks once.
    ///
    /// # Errors
    /// When there is no answer within 2 s, with a clause that quotes nothing of ClickHouse's own words.
    pub async fn ask(&self) -> Result<(), String> {
        match timeout(ANSWER_WITHIN, self.client.query_raw("SELECT toUInt8(1)").fetch_one::<u8>()).await {
            Ok(Ok(_)) => Ok(()),
            Ok(Err(Error::Network(_))) => Err("ClickHouse cannot be reached".into()),
            Ok(Err(error)) => {
                // What answers may be no ClickHouse; a page of its own words has no place in the log.
                if let Some((code, reason)) = exception(&error.to_string()) {
                    tracing::warn!(clickhouse.code = code, reason, "ClickHouse refuses the readiness question");
                } else {
                    tracing::warn!("what answers the readiness question is not ClickHouse");
                }
                Err("ClickHouse refuses a plain query, the log says why".into())
            }
            Err(_) => Err(format!("ClickHouse did not answer within {} s", ANSWER_WITHIN.as_secs())),
        }
    }
}

impl fmt::Debug for Ping {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Ping").finish_non_exhaustive()
    }
}
