//! The teams, with channel, schedule, and what became of their last summary.

use super::{
    deliveries::Line,
    layout::{Moment, link, shown},
    visit::Visit,
};
use crate::{
    admin::{Names, TeamOverview},
    config::Membership,
    model::Weekdays,
};
use axum::response::Response;
use minijinja::context;
use serde::Serialize;

shown!(TeamView);

/// A team for a template.
#[derive(Debug, Clone, Serialize)]
pub(super) struct TeamView {
    name: String,
    href: String,
    preview: String,
    enabled: bool,
    previewed: bool,
    in_file: bool,
    /// Where its summary goes, as people say it.
    channel: Option<String>,
    schedule: String,
    members: String,
    next: Vec<Moment>,
    last: Option<Line>,
}

impl From<TeamOverview> for TeamView {
    fn from(team: TeamOverview) -> Self {
        let schedule = &team.weekly.schedule;
        let day = super::team_form::DAYS.iter().find(|(short, _)| *short == Weekdays::from(schedule.day).to_string());
        let channel = team.weekly.channel.as_ref().map(|channel| match &team.channel_name {
            Some(name) => format!("#{name}"),
            None => channel.0.clone(),
        });
        Self {
            href: link("/admin/team", &[("name", &team.name)]),
            preview: link("/admin/team/preview", &[("name", &team.name)]),
            enabled: team.weekly.enabled_at.is_some(),
            previewed: team.previewed,
            in_file: team.in_file,
            channel,
            schedule: format!(
                "{}, {} {}",
                day.map_or("", |(_, name)| name),
                schedule.time,
                schedule.zone.name().replace('_', " ")
            ),
            members: members(&team),
            next: team.next.iter().map(|at| Moment::of(*at, schedule.zone)).collect(),
            last: team.last.map(|last| Line::of(last, &Names::default())),
            name: team.name,
        }
    }
}

fn members(team: &TeamOverview) -> String {
    let count = match team.members {
        Some(1) => "1 person".to_owned(),
        Some(count) => format!("{count} people"),
        None => String::new(),
    };
    match (&team.weekly.membership, count.as_str()) {
        (Membership::Members(_), _) => count,
        (Membership::Usergroup(group), "") => format!("user group {group}"),
        (Membership::Usergroup(group), _) => format!("{count}, user group {group}"),
        (Membership::Attribute { .. }, _) => "by telemetry attribute".to_owned(),
    }
}

pub(super) async fn show(visit: Visit) -> Result<Response, Response> {
    let teams = visit.office.team_overview(&visit.actor()).await.map_err(|error| visit.failure(error))?;
    let teams: Vec<_> = teams.into_iter().map(TeamView::from).collect();
    Ok(visit.page("teams.html", context! { here => "teams", teams }))
}
