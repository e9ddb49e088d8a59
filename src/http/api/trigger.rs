//! `POST /api/reports/trigger`: one is sent now.

use super::{
    Caller, body,
    configure::{REPORTS, ReportName},
    fields::Fields,
    office, preview,
};
use crate::{
    admin::{Report, Subject},
    http::{
        desk::AdminDesk,
        problem::{FieldError, Problem},
    },
};
use axum::{
    Extension, Json,
    body::Body,
    extract::State,
    http::{HeaderMap, StatusCode},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The header that makes a repeated request harmless.
const KEY: &str = "idempotency-key";
/// The longest key.
const LONGEST_KEY: usize = 255;

/// What is sent.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = Trigger)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "this is the schema; the body is read field by field, for all faults at once")]
pub(super) struct TriggerBody {
    report: ReportName,
    /// Of a daily: whose, by address or id. Refused (409) without their consent, while they paused it, and where it is off.
    member: Option<String>,
    /// Of a weekly: the team's name.
    team: Option<String>,
}

/// What was planned.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Triggered {
    /// Its id, for `/api/admin/deliveries/{id}`.
    delivery: String,
}

/// Send one now
///
/// The scheduled one is still sent. With `Idempotency-Key` one at most is sent, however often it is asked for.
#[utoipa::path(
    post, path = "/api/reports/trigger", tag = "reports", request_body = TriggerBody,
    params(("Idempotency-Key" = Option<String>, Header, description = "Any text of 1 to 255 visible ASCII characters; \
        the same key with the same body answers with the same delivery.", min_length = 1, max_length = 255,
        pattern = "^[!-~]{1,255}$")),
    responses((status = 202, description = "It goes out now; the delivery tells how.", body = Triggered))
)]
pub(super) async fn trigger(
    State(desk): State<AdminDesk>,
    Extension(caller): Extension<Caller>,
    headers: HeaderMap,
    body: Body,
) -> Result<(StatusCode, Json<Triggered>), Problem> {
    let key = key(&headers)?;
    let mut fields = Fields::of(body::object(&headers, body).await?);
    let report = fields.choice("report", &REPORTS);
    let (member, team) = (fields.text("member"), fields.text("team"));
    let mut faults = fields.finish();
    let subject = match report {
        Some(report) => subject(report, member, team).map_err(|fault| faults.push(fault)).ok(),
        None if faults.iter().all(|fault| fault.field != "report") => {
            faults.push(FieldError::new("report", "is missing: `daily` or `weekly`"));
            None
        }
        None => None,
    };
    let Some(subject) = subject.filter(|_| faults.is_empty()) else { return Err(Problem::invalid(faults)) };
    let triggered = office(&desk)?.trigger(&caller.actor(), &subject, key.as_deref()).await?;
    Ok((StatusCode::ACCEPTED, Json(Triggered { delivery: triggered.delivery.0 })))
}

fn subject(report: Report, member: Option<String>, team: Option<String>) -> Result<Subject, FieldError> {
    if report == Report::Daily && member.is_none() && team.is_none() {
        return Err(FieldError::new("member", "is missing: a daily is somebody's"));
    }
    preview::subject(report, member, team)
}

fn key(headers: &HeaderMap) -> Result<Option<String>, Problem> {
    let mut keys = headers.get_all(KEY).iter();
    let Some(key) = keys.next() else { return Ok(None) };
    let visible = |byte: &u8| byte.is_ascii_graphic();
    let fits = |key: &&str| (1..=LONGEST_KEY).contains(&key.len()) && key.as_bytes().iter().all(visible);
    if let Some(key) = key.to_str().ok().filter(fits).filter(|_| keys.next().is_none()) {
        return Ok(Some(key.to_owned()));
    }
    let fault = FieldError::new("Idempotency-Key", "must be one text of 1 to 255 visible ASCII characters");
    Err(Problem::malformed("A header cannot be used.").with(vec![fault]))
}
