//! Errors of the API as problem documents (RFC 9457).

use crate::admin::{AdminError, FieldFault};
use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::Serialize;
use std::borrow::Cow;
use utoipa::ToSchema;

/// The media type of a problem.
pub(super) const PROBLEM: &str = "application/problem+json";
/// Seconds after which somebody may ask again whom nobody could answer.
const AGAIN: u32 = 10;

/// Why a request was not served (RFC 9457).
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub(super) struct Problem {
    /// Names the kind of problem, for programs.
    #[serde(rename = "type")]
    #[schema(value_type = String, example = "urn:recap:problem:invalid")]
    kind: String,
    /// The kind in words, always the same.
    #[schema(value_type = String)]
    title: &'static str,
    status: u16,
    /// What happened, as a sentence.
    detail: String,
    /// Everything that is wrong with the request, field by field.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    errors: Vec<FieldError>,
}

/// What is wrong with one field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub(super) struct FieldError {
    /// The field's name in the body or the query.
    #[schema(value_type = String)]
    pub field: Cow<'static, str>,
    /// A clause about it.
    pub reason: String,
}

impl FieldError {
    pub fn new(field: impl Into<Cow<'static, str>>, reason: impl Into<String>) -> Self {
        Self { field: field.into(), reason: reason.into() }
    }
}

impl From<FieldFault> for FieldError {
    fn from(fault: FieldFault) -> Self {
        Self::new(fault.field, fault.reason)
    }
}

impl Problem {
    pub fn new(status: StatusCode, kind: &str, title: &'static str, detail: impl Into<String>) -> Self {
        let kind = format!("urn:recap:problem:{kind}");
        Self { kind, title, status: status.as_u16(), detail: detail.into(), errors: Vec::new() }
    }

    pub fn malformed(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "malformed", "The request cannot be read", detail)
    }

    pub fn with(mut self, errors: Vec<FieldError>) -> Self {
        self.errors = errors;
        self
    }

    /// All that is wrong with a body or query at once.
    pub fn invalid(errors: Vec<FieldError>) -> Self {
        let detail = match errors.len() {
            1 => "One field cannot be used.".to_owned(),
            count => format!("{count} fields cannot be used."),
        };
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid", "The request cannot be used", detail).with(errors)
    }

    pub fn unauthorized() -> Self {
        let detail = "Send one of the admin tokens of the settings as `Authorization: Bearer …`.";
        Self::new(StatusCode::UNAUTHORIZED, "unauthorized", "An admin token is needed", detail)
    }

    pub fn not_found(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_FOUND, "not-found", "There is no such thing", detail)
    }

    pub fn method_not_allowed() -> Self {
        let detail = "The header `Allow` names the methods that this address has.";
        Self::new(StatusCode::METHOD_NOT_ALLOWED, "method", "The address does not have this method", detail)
    }

    pub fn starting() -> Self {
        let detail = "Recap is starting: `/readyz` says what it waits for.";
        Self::new(StatusCode::SERVICE_UNAVAILABLE, "starting", "Recap is starting", detail)
    }

    #[cfg(test)]
    pub fn errors(&self) -> &[FieldError] {
        &self.errors
    }
}

/// A failure of ours is logged here, once; what is told of it is no more than the words.
impl From<AdminError> for Problem {
    fn from(error: AdminError) -> Self {
        let words = error.words();
        let conflict = |kind: &str, title| Self::new(StatusCode::CONFLICT, kind, title, words.clone());
        match &error {
            AdminError::Invalid(faults) => {
                return Self::invalid(faults.iter().cloned().map(FieldError::from).collect());
            }
            AdminError::NotAllowed(_) => {
                return Self::new(StatusCode::FORBIDDEN, "not-allowed", "This is not yours to decide", words);
            }
            AdminError::NotPreviewed => return conflict("not-previewed", "The preview was not shown yet"),
            AdminError::NoConsent => return conflict("no-consent", "The member has not agreed"),
            AdminError::NotSent(_) => return conflict("not-sent", "Nothing is sent to the member now"),
            AdminError::Changed(_) => return conflict("changed", "Somebody else changed this"),
            AdminError::Halted => return conflict("halted", "Sending is halted"),
            AdminError::KeyReused => {
                return Self::new(
                    StatusCode::UNPROCESSABLE_ENTITY,
                    "key-reused",
                    "The idempotency key is taken",
                    words,
                );
            }
            AdminError::NoSuchTeam { .. } | AdminError::NoSuchMember(_) => return Self::not_found(words),
            AdminError::Store(_)
            | AdminError::Slack(_)
            | AdminError::Warehouse(_)
            | AdminError::Message(_)
            | AdminError::AfterSaving(_) => {}
        }
        failed(&error);
        match error {
            AdminError::Message(_) => {
                Self::new(StatusCode::INTERNAL_SERVER_ERROR, "failed", "Something went wrong", words)
            }
            _ => Self::new(StatusCode::SERVICE_UNAVAILABLE, "unavailable", "Something does not answer", words),
        }
    }
}

/// Tells the log what failed on our side.
pub(super) fn failed(error: &AdminError) {
    tracing::error!(error = error as &dyn std::error::Error, "an admin could not be answered");
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let body = serde_json::to_vec(&self).unwrap_or_default();
        let mut response = (status, [(header::CONTENT_TYPE, PROBLEM)], body).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        match status {
            StatusCode::UNAUTHORIZED => {
                headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
            }
            StatusCode::SERVICE_UNAVAILABLE => {
                headers.insert(header::RETRY_AFTER, AGAIN.into());
            }
            _ => {}
        }
        response
    }
}
