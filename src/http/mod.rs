//! The HTTP surface: health and metrics for now.

mod health;
mod metrics;

use axum::Router;
use axum::routing::get;

pub use health::{Check, Readiness};

/// What `http.listen` serves: that the process lives.
pub fn public_router() -> Router {
    Router::new().route("/healthz", get(health::healthz))
}

/// What `http.ops_listen` serves: health, readiness with reasons, and metrics.
pub fn ops_router(readiness: Readiness) -> Router {
    Router::new()
        .route("/healthz", get(health::healthz))
        .route("/readyz", get(health::readyz))
        .route("/metrics", get(metrics::metrics))
        .with_state(readiness)
}
