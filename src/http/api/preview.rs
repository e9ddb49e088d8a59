//! `GET /api/admin/reports/preview`: what the next one will look like.

use super::{Caller, office, query::Query};
use crate::{
    admin::{self, Report, Subject},
    http::{
        desk::AdminDesk,
        problem::{FieldError, Problem},
    },
    message::html,
};
use axum::{
    Extension, Json,
    extract::{RawQuery, State},
};
use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

/// A message as it would be posted.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Preview {
    /// The whole message as sentences.
    text: String,
    /// Slack's Block Kit.
    #[schema(value_type = Vec<Object>)]
    blocks: Vec<Value>,
    /// As Slack draws it; no scripts and no requests, all foreign text escaped.
    html: String,
    /// The next five times at which it is sent.
    next: Vec<DateTime<Utc>>,
    /// The numbers are made up.
    sample: bool,
    /// What else there is to know, as sentences.
    notes: Vec<String>,
    /// Why it does not come at these times as things stand, as a sentence; nothing where it does.
    why_not: Option<String>,
}

impl From<admin::Preview> for Preview {
    fn from(preview: admin::Preview) -> Self {
        Self {
            html: html::fragment(&preview.message),
            text: preview.message.text,
            blocks: preview.message.blocks,
            next: preview.next,
            sample: preview.sample,
            notes: preview.notes,
            why_not: preview.why_not,
        }
    }
}

/// See what the next one will look like
///
/// Through the real path. That this token was shown it is remembered, for nothing can be enabled unseen.
#[utoipa::path(
    get, path = "/api/admin/reports/preview", tag = "reports",
    params(
        ("report" = super::configure::ReportName, Query, description = "Which report."),
        ("member" = Option<String>, Query, description = "Of a daily: whose it is, by address or id. Without it, the \
            digest of the workspace. A member's numbers are sample numbers, and the text says so."),
        ("team" = Option<String>, Query, description = "Of a weekly: the team's name."),
    ),
    responses((status = 200, description = "The message.", body = Preview))
)]
pub(super) async fn preview(
    State(desk): State<AdminDesk>,
    Extension(caller): Extension<Caller>,
    RawQuery(query): RawQuery,
) -> Result<Json<Preview>, Problem> {
    let mut query = Query::of(query.as_deref());
    let report = query.fitting("report", |text| text == "daily" || text == "weekly", "`daily` or `weekly`");
    let (member, team) = (query.text("member"), query.text("team"));
    query.finish()?;
    let Some(report) = report else {
        let missing = FieldError::new("report", "is missing: `daily` or `weekly`");
        return Err(Problem::malformed("The query lacks a parameter.").with(vec![missing]));
    };
    let report = if report == "weekly" { Report::Weekly } else { Report::Daily };
    let subject = subject(report, member, team).map_err(|fault| Problem::invalid(vec![fault]))?;
    Ok(Json(office(&desk)?.preview(&caller.actor(), &subject).await?.into()))
}

/// What is asked for: a daily is somebody's or everybody's, a weekly is a team's.
pub(super) fn subject(report: Report, member: Option<String>, team: Option<String>) -> Result<Subject, FieldError> {
    match (report, member, team) {
        (Report::Daily, member, None) => Ok(Subject::Daily { member }),
        (Report::Weekly, None, Some(team)) => Ok(Subject::Weekly { team }),
        (Report::Daily, _, Some(_)) => Err(FieldError::new("team", "belongs to a weekly")),
        (Report::Weekly, Some(_), _) => Err(FieldError::new("member", "belongs to a daily")),
        (Report::Weekly, None, None) => Err(FieldError::new("team", "is missing: a weekly is a team's")),
    }
}
