//! How things stand: what is due next, what was sent last and why not, and whose usage matched nobody.

use super::{
    deliveries::Line,
    layout::{Moment, link, shown},
    visit::Visit,
};
use crate::{admin::TeamOverview, http::office::LedgerPage, model::parse_zone};
use axum::{http::StatusCode, response::Response};
use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use minijinja::context;
use serde::Serialize;

/// So many of what was sent last are shown.
const LATEST: u32 = 8;

shown!(Due, Person);

/// Something that is due.
#[derive(Debug, Clone, Serialize)]
struct Due {
    what: String,
    href: String,
    when: Moment,
}

pub(super) async fn show(visit: Visit) -> Result<Response, Response> {
    let page = LedgerPage { report: None, recipient: None, before: None, limit: LATEST };
    let actor = visit.actor();
    let (workspace, teams, latest) =
        tokio::try_join!(visit.office.overview(), visit.office.team_overview(&actor), visit.office.deliveries(&page))
            .map_err(|error| visit.failure(error))?;
    let zone = parse_zone(&workspace.zone).unwrap_or(Tz::UTC);
    let mut due: Vec<_> = teams.iter().filter_map(due).collect();
    let digests = workspace.next.filter(|_| workspace.enabled);
    due.extend(digests.map(|at| (at, "Personal digests".to_owned(), "/admin/personal".to_owned(), zone)));
    due.sort_by(|a, b| (a.0, &a.1).cmp(&(b.0, &b.1)));
    let due: Vec<_> =
        due.into_iter().map(|(at, what, href, zone)| Due { what, href, when: Moment::of(at, zone) }).collect();
    let names = visit.office.names(&latest).await.map_err(|error| visit.failure(error))?;
    let latest: Vec<_> = latest.into_iter().map(|record| Line::of(record, &names)).collect();
    let enabled = teams.iter().filter(|team| team.weekly.enabled_at.is_some()).count();
    Ok(visit.page(
        "overview.html",
        context! {
            here => "overview",
            due, latest,
            enabled => workspace.enabled,
            subscribed => workspace.subscribed,
            halted => workspace.halted,
            stopped => workspace.stopped.map(|code| crate::digest::reasons::reason_in_words(&code).into_owned()),
            teams => teams.len(),
            teams_enabled => enabled,
        },
    ))
}

fn due(team: &TeamOverview) -> Option<(DateTime<Utc>, String, String, Tz)> {
    let at = *team.next.first().filter(|_| team.weekly.enabled_at.is_some())?;
    let href = link("/admin/team", &[("name", &team.name)]);
    Some((at, format!("Summary of {}", team.name), href, team.weekly.schedule.zone))
}

#[derive(Debug, Clone, Serialize)]
struct Person {
    who: String,
    sessions: u64,
}

/// Whose usage matched nobody in Slack.
pub(super) async fn people(visit: Visit) -> Result<Response, Response> {
    let (people, all) = visit.office.unmatched().await.map_err(|error| visit.failure(error))?;
    let more = all.saturating_sub(people.len() as u64);
    let people: Vec<_> = people.into_iter().map(|one| Person { who: one.who, sessions: one.sessions }).collect();
    Ok(visit.page_with("people.html", StatusCode::OK, context! { here => "people", people, more }))
}
