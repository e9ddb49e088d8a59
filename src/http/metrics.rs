//! What Prometheus reads (`/metrics`).

use crate::telemetry::metrics;
use axum::http::header::CONTENT_TYPE;
use axum::response::IntoResponse;

/// Prometheus' text format.
const TEXT_FORMAT: &str = "text/plain; version=0.0.4";

pub(super) async fn metrics() -> impl IntoResponse {
    ([(CONTENT_TYPE, TEXT_FORMAT)], metrics::render())
}
