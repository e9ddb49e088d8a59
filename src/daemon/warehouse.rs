//! The daemon's warehouse: where it comes from, and whether it answers.

use std::time::Duration;

use async_trait::async_trait;
use tokio::sync::watch;

use crate::http::Check;
use crate::warehouse::embedded::EngineOptions;

/// How long the warehouse may take to answer the readiness question.
const ANSWER_WITHIN: Duration = Duration::from_secs(2);

/// Where usage is read from.
#[derive(Clone)]
pub enum WarehouseSource {
    /// The embedded engine, run by the daemon.
    Embedded(EngineOptions),
    /// A ClickHouse server.
    Server(clickhouse::Client),
}

// By hand: a client holds the password.
impl std::fmt::Debug for WarehouseSource {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Embedded(options) => formatter.debug_tuple("Embedded").field(options).finish(),
            Self::Server(_) => formatter.debug_tuple("Server").finish_non_exhaustive(),
        }
    }
}

/// Asks the warehouse, once there is one to ask.
pub(super) struct WarehouseCheck {
    pub(super) client: watch::Receiver<Option<clickhouse::Client>>,
}

#[async_trait]
impl Check for WarehouseCheck {
    fn name(&self) -> &'static str {
        "warehouse"
    }

    async fn ask(&self) -> Result<(), String> {
        let Some(client) = self.client.borrow().clone() else {
            return Err("the embedded ClickHouse is starting".into());
        };
        match tokio::time::timeout(ANSWER_WITHIN, client.query("SELECT 1").fetch_one::<u8>()).await {
            Ok(Ok(_)) => Ok(()),
            Ok(Err(clickhouse::error::Error::Network(_))) => Err("ClickHouse cannot be reached".into()),
            Ok(Err(error)) => {
                // Its words may hold what is none of a caller's business.
                tracing::warn!(%error, "ClickHouse refuses the readiness question");
                Err("ClickHouse refuses a plain query, the log says why".into())
            }
            Err(_) => Err(format!("ClickHouse did not answer within {} s", ANSWER_WITHIN.as_secs())),
        }
    }
}
