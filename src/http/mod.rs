//! The HTTP surface: health for now.

mod health;

use axum::Router;
use axum::routing::get;

pub use health::{Check, Readiness};

/// What `http.listen` serves: that the process lives.
pub fn public_router() -> Router {
    Router::new().route("/healthz", get(health::healthz))
}

/// What `http.ops_listen` serves: health, and readiness with reasons.
pub fn ops_router(readiness: Readiness) -> Router {
    Router::new().route("/healthz", get(health::healthz)).route("/readyz", get(health::readyz)).with_state(readiness)
}
