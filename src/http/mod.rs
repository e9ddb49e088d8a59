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
use tokio::runtime::Handle;

pub use api::openapi;
pub use desk::AdminDesk;
pub use health::{Check, Readiness};
pub use office::{LedgerPage, Office};
pub use server::{run, run_apart};
pub use slack::Inlet;

/// What `http.listen` serves: what Slack calls, and that the process lives. Wherever it is served, a look at its health is
/// answered by the runtime in which this is made, so that one that hangs does not seem to live.
///
/// # Panics
/// Outside of a runtime.
pub fn public_router(inlet: Inlet) -> Router {
    let home = Handle::current();
    let healthz = async move || {
        // An error is its end, which the listener sees to.
        let _ = home.spawn(async {}).await;
        health::healthz().await
    };
    Router::new().route("/healthz", get(healthz)).merge(slack::router(inlet))
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
