//! The HTTP surface: what Slack calls, health and metrics.

mod health;
mod metrics;
mod slack;

use axum::Router;
use axum::routing::get;

pub use health::{Check, Readiness};
pub use slack::Inlet;

/// What `http.listen` serves: what Slack calls, and that the process lives.
pub fn public_router(inlet: Inlet) -> Router {
    Router::new().route("/healthz", get(health::healthz)).merge(slack::router(inlet))
}

/// What `http.ops_listen` serves: health, readiness with reasons, and metrics.
pub fn ops_router(readiness: Readiness) -> Router {
    Router::new()
        .route("/healthz", get(health::healthz))
        .route("/readyz", get(health::readyz))
        .route("/metrics", get(metrics::metrics))
        .with_state(readiness)
}
