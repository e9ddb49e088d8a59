//! What was sent, to whom, and why not; with filters, page by page.

use super::{
    form::Form,
    layout::{Moment, link, shown},
    visit::{Visit, sentence},
};
use crate::{
    admin::Names,
    digest::reasons,
    http::{api::is_id, office::LedgerPage},
    model::DeliveryId,
    store::{AttemptRecord, DeliveryRecord},
};
use axum::{extract::RawQuery, http::StatusCode, response::Response};
use chrono_tz::Tz;
use minijinja::context;
use serde::Serialize;

/// Lines of a page.
const LINES: u32 = 25;

shown!(Line, Attempt);

/// A delivery as a line of a table.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Line {
    href: String,
    id: String,
    report: String,
    /// Whom it goes to: a name where one is known, foreign text.
    recipient: String,
    /// Their id, where that is something else.
    recipient_id: Option<String>,
    period: String,
    /// `good`, `bad` or `open`, for the eye; the words say it too.
    kind: &'static str,
    outcome: String,
    due: Moment,
    sent: Option<Moment>,
    attempts: u32,
    channel: Option<String>,
    channel_name: Option<String>,
}

impl Line {
    pub fn of(record: DeliveryRecord, names: &Names) -> Self {
        let known = names.of(&record.recipient).filter(|_| !record.report.ends_with("weekly")).map(str::to_owned);
        let channel_name = record.channel.as_deref().and_then(|id| match names.of(id) {
            Some(name) => Some(name.to_owned()),
            None => id.starts_with('D').then(|| "Direct message".to_owned()),
        });
        Self {
            href: link("/admin/delivery", &[("id", &record.id.0)]),
            report: report(&record.report),
            kind: match record.state.as_str() {
                "sent" => "good",
                "failed" | "unknown" | "missed" => "bad",
                "skipped" => "quiet",
                _ => "open",
            },
            outcome: sentence(&reasons::explain(&record.state, record.reason.as_deref())),
            due: Moment::of(record.due, record.zone),
            sent: record.final_at.map(|at| Moment::of(at, record.zone)),
            id: record.id.0,
            recipient_id: known.is_some().then(|| record.recipient.clone()),
            recipient: known.unwrap_or(record.recipient),
            period: record.period,
            attempts: record.attempt,
            channel: record.channel,
            channel_name,
        }
    }
}

/// A report's name in words.
fn report(name: &str) -> String {
    match name {
        "daily" => "Personal digest".to_owned(),
        "weekly" => "Team summary".to_owned(),
        "now.daily" => "Digest, by hand".to_owned(),
        "now.weekly" => "Summary, by hand".to_owned(),
        "invitation" => "Invitation".to_owned(),
        other => match other.strip_prefix("notice.") {
            Some(kind) => format!("Notice: {}", kind.replace('_', " ")),
            None => other.replace('_', " "),
        },
    }
}

pub(super) async fn show(visit: Visit, RawQuery(query): RawQuery) -> Result<Response, Response> {
    let query = Form::parse(query.unwrap_or_default().as_bytes());
    let given = |name: &str| Some(query.text(name).to_owned()).filter(|text| !text.is_empty());
    let (report, recipient) = (given("report"), given("recipient"));
    let before = given("before").filter(|id| is_id(id));
    let page = LedgerPage {
        report: report.clone(),
        recipient: recipient.clone(),
        before: before.clone().map(DeliveryId),
        limit: LINES + 1,
    };
    let mut found = visit.office.deliveries(&page).await.map_err(|error| visit.failure(error))?;
    let more = found.len() > LINES as usize;
    found.truncate(LINES as usize);
    let here = |last: Option<&str>| {
        let filters = [("report", report.as_deref()), ("recipient", recipient.as_deref()), ("before", last)];
        let set: Vec<_> = filters.into_iter().filter_map(|(name, value)| Some((name, value?))).collect();
        link("/admin/deliveries", &set)
    };
    let older = found.last().filter(|_| more).map(|last| here(Some(&last.id.0)));
    let latest = before.is_some().then(|| here(None));
    let names = visit.office.names(&found).await.map_err(|error| visit.failure(error))?;
    let lines: Vec<_> = found.into_iter().map(|record| Line::of(record, &names)).collect();
    Ok(visit.page("deliveries.html", context! { here => "deliveries", lines, older, latest, report, recipient }))
}

#[derive(Debug, Clone, Serialize)]
struct Attempt {
    number: u32,
    started: Moment,
    ended: Option<Moment>,
    outcome: String,
}

impl Attempt {
    fn of(record: &AttemptRecord, zone: Tz) -> Self {
        Self {
            number: record.attempt,
            started: Moment::of(record.started, zone),
            ended: record.ended.map(|at| Moment::of(at, zone)),
            outcome: match &record.outcome {
                None => "Under way.".to_owned(),
                Some(outcome) => sentence(&reasons::explain(outcome, record.code.as_deref())),
            },
        }
    }
}

pub(super) async fn one(visit: Visit, RawQuery(query): RawQuery) -> Result<Response, Response> {
    let query = Form::parse(query.unwrap_or_default().as_bytes());
    let id = query.text("id");
    let none = || {
        visit.refusal(StatusCode::NOT_FOUND, "There is no delivery of this id. The oldest are deleted after a time.")
    };
    if !is_id(id) {
        return Err(none());
    }
    let found = visit.office.delivery(&DeliveryId(id.to_owned())).await.map_err(|error| visit.failure(error))?;
    let Some((record, attempts)) = found else { return Err(none()) };
    let attempts: Vec<_> = attempts.iter().map(|attempt| Attempt::of(attempt, record.zone)).collect();
    let names = visit.office.names(std::slice::from_ref(&record)).await.map_err(|error| visit.failure(error))?;
    let line = Line::of(record, &names);
    Ok(visit.page("delivery.html", context! { here => "deliveries", line, attempts }))
}
