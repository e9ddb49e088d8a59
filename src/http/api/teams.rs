//! `GET /api/admin/teams` and the removal of one.

use super::{Caller, deliveries::Delivery};
use crate::{
    admin::TeamOverview,
    config::{Membership, TeamSection},
    http::{desk::Desk, problem::Problem},
    model::Weekdays,
};
use axum::{
    Extension, Json,
    extract::{Path, State, rejection::PathRejection},
    http::StatusCode,
};
use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;

/// A team as it stands: what settings and changes say together.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Team {
    name: String,
    enabled: bool,
    channel: Option<String>,
    channel_name: Option<String>,
    /// The local time of its summary.
    time: String,
    days: String,
    zone: String,
    sections: Vec<&'static str>,
    /// E-mail addresses, where a list says who is on it.
    members: Option<Vec<String>>,
    /// A Slack user group's id, where that does.
    usergroup: Option<String>,
    /// A value of the telemetry attribute, or `key=value`, where that does.
    attribute: Option<String>,
    exclude: Vec<String>,
    owners: Vec<String>,
    min_active: u32,
    /// How many are on it, where a list or user group says so.
    size: Option<usize>,
    next: Vec<DateTime<Utc>>,
    /// The latest summary.
    last: Option<Delivery>,
    /// The settings file has it, so it cannot be removed here.
    in_file: bool,
    /// This token was shown its preview, and may enable it.
    previewed: bool,
    /// For a change that must not go over somebody else's.
    version: i64,
}

impl From<TeamOverview> for Team {
    fn from(team: TeamOverview) -> Self {
        let TeamOverview { name, weekly, channel_name, members: size, next, last, in_file, previewed, version } = team;
        let (members, usergroup, attribute) = membership(&weekly.membership);
        Self {
            enabled: weekly.enabled_at.is_some(),
            channel: weekly.channel.map(|channel| channel.0),
            time: weekly.schedule.time.to_string(),
            days: Weekdays::from(weekly.schedule.day).to_string(),
            zone: weekly.schedule.zone.name().to_owned(),
            sections: section_names(&weekly.sections),
            exclude: weekly.exclude.into_iter().map(String::from).collect(),
            owners: weekly.owners.into_iter().map(String::from).collect(),
            min_active: weekly.min_active,
            last: last.map(Delivery::from),
            name,
            channel_name,
            members,
            usergroup,
            attribute,
            size,
            next,
            in_file,
            previewed,
            version,
        }
    }
}

/// Sections by the names that settings use.
pub(in crate::http) fn section_names(sections: &[TeamSection]) -> Vec<&'static str> {
    TeamSection::ALL.iter().filter(|(_, section)| sections.contains(section)).map(|(name, _)| *name).collect()
}

/// List, user group and attribute; one of them is there.
pub(in crate::http) fn membership(membership: &Membership) -> (Option<Vec<String>>, Option<String>, Option<String>) {
    match membership {
        Membership::Members(members) => (Some(members.iter().cloned().map(String::from).collect()), None, None),
        Membership::Usergroup(group) => (None, Some(group.clone()), None),
        Membership::Attribute { key: Some(key), value } => (None, None, Some(format!("{key}={value}"))),
        Membership::Attribute { key: None, value } => (None, None, Some(value.clone())),
    }
}

/// All teams.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Teams {
    /// By name.
    teams: Vec<Team>,
}

/// Read how the teams stand
#[utoipa::path(
    get, path = "/api/admin/teams", tag = "teams",
    responses((status = 200, description = "All teams.", body = Teams))
)]
pub(super) async fn teams(
    State(desk): State<Desk>,
    Extension(caller): Extension<Caller>,
) -> Result<Json<Teams>, Problem> {
    let teams = caller.office(&desk)?.team_overview(&caller.actor()).await?;
    Ok(Json(Teams { teams: teams.into_iter().map(Team::from).collect() }))
}

/// Remove a team
///
/// One that was made in Slack, on the page or through the API; what the settings file has stays.
#[utoipa::path(
    delete, path = "/api/admin/teams/{team}", tag = "teams",
    params(("team" = String, Path, description = "The team's name.")),
    responses((status = 204, description = "Removed."))
)]
pub(super) async fn remove(
    State(desk): State<Desk>,
    Extension(caller): Extension<Caller>,
    path: Result<Path<String>, PathRejection>,
) -> Result<StatusCode, Problem> {
    let office = caller.office(&desk)?;
    let Path(team) = path.map_err(|_| Problem::not_found("No team has this name."))?;
    office.remove_team(&caller.actor(), &team).await?;
    Ok(StatusCode::NO_CONTENT)
}
