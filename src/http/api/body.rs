//! Bodies of requests: small, of the right type, and read only as far as they may go.

use crate::http::problem::Problem;
use axum::{
    body::{self, Body},
    http::{HeaderMap, StatusCode, header},
};
use serde_json::{Map, Value};

/// No request needs more.
pub(in crate::http) const LARGEST: usize = 64 * 1024;

/// The whole body, if it is not too large; what says that it is too large is not read at all.
pub(in crate::http) async fn read(headers: &HeaderMap, body: Body) -> Result<Vec<u8>, Problem> {
    let announced = headers.get(header::CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse::<u64>().ok());
    if announced.is_some_and(|length| length > LARGEST as u64) {
        return Err(too_large());
    }
    match body::to_bytes(body, LARGEST).await {
        Ok(bytes) => Ok(bytes.to_vec()),
        Err(error) if is_limit(&error) => Err(too_large()),
        Err(_) => Err(Problem::malformed("The body ended before it was complete.")),
    }
}

fn is_limit(error: &axum::Error) -> bool {
    let source = std::error::Error::source(error);
    source.is_some_and(|source| source.to_string().contains("limit"))
}

fn too_large() -> Problem {
    let detail = format!("A body may have {} KiB.", LARGEST / 1024);
    Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "too-large", "The body is too large", detail)
}

/// The fields of a JSON object.
pub(super) async fn object(headers: &HeaderMap, body: Body) -> Result<Map<String, Value>, Problem> {
    if !is_json(headers) {
        let detail = "Send JSON, as `Content-Type: application/json`.";
        let title = "The body is not JSON";
        return Err(Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "media-type", title, detail));
    }
    match serde_json::from_slice(&read(headers, body).await?) {
        Ok(Value::Object(fields)) => Ok(fields),
        Ok(_) => Err(Problem::malformed("The body must be a JSON object.")),
        Err(error) => Err(Problem::malformed(format!(
            "The body is not JSON: it breaks at line {}, column {}.",
            error.line(),
            error.column()
        ))),
    }
}

fn is_json(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    kind.split(';').next().unwrap_or_default().trim().eq_ignore_ascii_case("application/json")
}
