//! The HTTP surface: what Slack calls, health and metrics, the admin API, and the page for admins.

mod api;
mod desk;
mod health;
mod metrics;
mod office;
mod page;
mod problem;
mod server;
mod slack;
mod tokens;

use axum::{Router, routing::get};

pub use api::openapi;
pub use desk::AdminDesk;
pub use health::{Check, Readiness};
pub use office::{LedgerPage, Office};
pub use server::{run, run_apart};
pub use slack::Inlet;

/// What `http.listen` serves: what Slack calls, and that the process lives.
pub fn public_router(inlet: Inlet) -> Router {
    Router::new().route("/healthz", get(health::healthz)).merge(slack::router(inlet))
}

/// What `http.ops_listen` serves: health, readiness with reasons, metrics, the admin API and the page.
pub fn ops_router(readiness: Readiness, desk: AdminDesk) -> Router {
    Router::new()
        .route("/healthz", get(health::healthz))
        .route("/readyz", get(health::readyz))
        .route("/metrics", get(metrics::metrics))
        .with_state(readiness)
        .merge(api::router(desk.clone()))
        .merge(page::router(desk))
}
