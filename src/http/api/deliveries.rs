//! `GET /api/admin/deliveries`: what was sent, to whom, and why not.

use super::{Caller, query::Query};
use crate::{
    digest::reasons,
    http::{desk::Desk, office::LedgerPage, problem::Problem},
    model::DeliveryId,
    store::{AttemptRecord, DeliveryRecord},
};
use axum::{
    Extension, Json,
    extract::{Path, RawQuery, State},
};
use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;

/// So many are answered where nobody says how many.
const USUAL: u32 = 50;
/// And no more than these.
const MOST: u32 = 200;

/// One message that was to be sent. What it said is not told: a digest is for its reader alone.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Delivery {
    id: String,
    /// `daily`, `weekly`, `now.daily`, `now.weekly` or `notice.…`.
    report: String,
    /// A member's or channel's id, or a team's name.
    recipient: String,
    /// A local date, an ISO week, or what makes a notice one of its kind.
    period: String,
    /// `planned`, `rendered`, `sending`, `retry`, `unknown`, `sent`, `failed`, `skipped` or `missed`.
    state: String,
    /// Why, as a code, where the state says not all.
    reason: Option<String>,
    /// State and reason in words.
    outcome: String,
    due: DateTime<Utc>,
    /// When it became final.
    final_at: Option<DateTime<Utc>>,
    /// How often it was tried.
    attempt: u32,
    /// The conversation that it was posted to.
    channel: Option<String>,
}

impl From<DeliveryRecord> for Delivery {
    fn from(record: DeliveryRecord) -> Self {
        Self {
            outcome: reasons::explain(&record.state, record.reason.as_deref()),
            id: record.id.0,
            report: record.report,
            recipient: record.recipient,
            period: record.period,
            state: record.state,
            reason: record.reason,
            due: record.due,
            final_at: record.final_at,
            attempt: record.attempt,
            channel: record.channel,
        }
    }
}

/// A page of the history.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Deliveries {
    /// Latest first.
    deliveries: Vec<Delivery>,
    /// What to ask for as `before` to go on; nothing where this is the end.
    next: Option<String>,
}

/// One request to Slack for a delivery.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Attempt {
    attempt: u32,
    started: DateTime<Utc>,
    ended: Option<DateTime<Utc>>,
    /// `sent`, `retry`, `unknown` or `failed`; nothing while it is under way.
    outcome: Option<String>,
    /// What Slack or the network said.
    code: Option<String>,
}

impl From<AttemptRecord> for Attempt {
    fn from(record: AttemptRecord) -> Self {
        let AttemptRecord { attempt, started, ended, outcome, code } = record;
        Self { attempt, started, ended, outcome, code }
    }
}

/// A delivery with its attempts.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct OneDelivery {
    #[serde(flatten)]
    delivery: Delivery,
    attempts: Vec<Attempt>,
}

/// Read the history, latest first
#[utoipa::path(
    get, path = "/api/admin/deliveries", tag = "deliveries",
    params(
        ("report" = Option<String>, Query, description = "Only this report: `daily`, `weekly`, `now.daily`, `now.weekly` or `notice.…`."),
        ("recipient" = Option<String>, Query, description = "Only this recipient: a member's id, a team's name or a channel's id."),
        ("before" = Option<String>, Query, description = "Go on after this delivery: the `next` of the page before.",
            pattern = "^[0-9a-f]{32}$"),
        ("limit" = Option<u32>, Query, description = "How many at most; 50 where it is left out.", minimum = 1, maximum = 200),
    ),
    responses((status = 200, description = "A page of it.", body = Deliveries))
)]
pub(super) async fn deliveries(
    State(desk): State<Desk>,
    Extension(caller): Extension<Caller>,
    RawQuery(query): RawQuery,
) -> Result<Json<Deliveries>, Problem> {
    let mut query = Query::of(query.as_deref());
    let (report, recipient) = (query.text("report"), query.text("recipient"));
    let before = query.fitting("before", is_id, "the id of a delivery").map(DeliveryId);
    let number = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit()) && text.parse().is_ok_and(allowed);
    let limit = query.fitting("limit", number, "a whole number from 1 to 200");
    query.finish()?;
    let limit = limit.and_then(|limit| limit.parse().ok()).unwrap_or(USUAL);
    // One more than is answered tells whether there is more.
    let page = LedgerPage { report, recipient, before, limit: limit + 1 };
    let mut found = caller.office(&desk)?.deliveries(&page).await?;
    let more = found.len() > limit as usize;
    found.truncate(limit as usize);
    let next = found.last().filter(|_| more).map(|last| last.id.0.clone());
    Ok(Json(Deliveries { deliveries: found.into_iter().map(Delivery::from).collect(), next }))
}

fn allowed(limit: u32) -> bool {
    (1..=MOST).contains(&limit)
}

/// Read about one delivery
#[utoipa::path(
    get, path = "/api/admin/deliveries/{id}", tag = "deliveries",
    params(("id" = String, Path, description = "The delivery's id.", pattern = "^[0-9a-f]{32}$")),
    responses((status = 200, description = "The delivery and its attempts.", body = OneDelivery))
)]
pub(super) async fn delivery(
    State(desk): State<Desk>,
    Extension(caller): Extension<Caller>,
    path: Result<Path<String>, axum::extract::rejection::PathRejection>,
) -> Result<Json<OneDelivery>, Problem> {
    let office = caller.office(&desk)?;
    let none = || Problem::not_found("There is no delivery of this id; the oldest are deleted after a time.");
    let Path(id) = path.map_err(|_| none())?;
    if !is_id(&id) {
        return Err(none());
    }
    let (delivery, attempts) = office.delivery(&DeliveryId(id)).await?.ok_or_else(none)?;
    let attempts = attempts.into_iter().map(Attempt::from).collect();
    Ok(Json(OneDelivery { delivery: delivery.into(), attempts }))
}

pub(in crate::http) fn is_id(text: &str) -> bool {
    text.len() == 32 && text.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte))
}
