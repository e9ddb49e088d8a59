//! One team: its form, its switch, and its removal.

use super::{
    form::Form,
    layout::link,
    team_form::{DAYS, FIELDS, Typed},
    teams::TeamView,
    visit::{Trouble, Visit, sentence, with_notes},
};
use crate::{
    admin::{AdminError, Change, Configured, Report, Scope, TeamOverview},
    config::TeamSection,
};
use axum::{
    body::Body,
    extract::RawQuery,
    http::{HeaderMap, StatusCode},
    response::Response,
};
use minijinja::context;

pub(super) async fn show(visit: Visit, RawQuery(query): RawQuery) -> Result<Response, Response> {
    let query = Form::parse(query.unwrap_or_default().as_bytes());
    let team = found(&visit, query.text("name")).await?;
    draw(&visit, Some(team), None, &Trouble::none()).await
}

pub(super) async fn new(visit: Visit) -> Result<Response, Response> {
    draw(&visit, None, None, &Trouble::none()).await
}

/// The team, or the page that says that there is none.
async fn found(visit: &Visit, name: &str) -> Result<TeamOverview, Response> {
    let teams = visit.office.team_overview(&visit.actor()).await.map_err(|error| visit.failure(error))?;
    let team = teams.into_iter().find(|team| team.name == name);
    team.ok_or_else(|| visit.refusal(StatusCode::NOT_FOUND, format!("There is no team \"{name}\".")))
}

async fn draw(
    visit: &Visit,
    team: Option<TeamOverview>,
    typed: Option<Typed>,
    trouble: &Trouble,
) -> Result<Response, Response> {
    let default_zone = visit.office.overview().await.map_err(|error| visit.failure(error))?.zone;
    let new_one = || Typed::new_one(&default_zone);
    let typed = typed.unwrap_or_else(|| team.as_ref().map_or_else(new_one, Typed::as_it_stands));
    let version = team.as_ref().map(|team| team.version);
    let sections: Vec<_> = TeamSection::ALL.iter().map(|(name, _)| *name).collect();
    Ok(visit.page_with(
        "team.html",
        trouble.status,
        context! {
            here => "teams",
            stands => team.map(TeamView::from),
            typed, version, default_zone,
            all_days => DAYS, all_sections => sections,
            faults => trouble.by_field(), others => trouble.beside(&FIELDS), trouble => trouble.words.as_deref(),
        },
    ))
}

fn page_of(team: &str) -> String {
    link("/admin/team", &[("name", team)])
}

pub(super) async fn create(visit: Visit, headers: HeaderMap, body: Body) -> Result<Response, Response> {
    let form = Form::read(&visit, &headers, body).await?;
    let typed = Typed::of(&form);
    match save(&visit, &typed, None).await {
        Ok(configured) => {
            let words = "The team is there. Look at its preview, then enable it.";
            Ok(visit.done(&page_of(&typed.team), with_notes(words, configured.notes)))
        }
        Err(error) => again(&visit, None, typed, error).await,
    }
}

async fn save(visit: &Visit, typed: &Typed, stood: Option<&TeamOverview>) -> Result<Configured, AdminError> {
    let (change, mut faults) = typed.change(stood);
    if faults.is_empty() {
        return visit.office.configure(&visit.actor(), &change).await;
    }
    let more = visit.office.faults(&visit.actor(), &change).await?;
    faults.extend(more.into_iter().filter(|more| more.field != "team" || !typed.team.is_empty()));
    Err(AdminError::Invalid(faults))
}

/// The form with what was typed, and what is wrong with it; what others changed meanwhile is in it.
async fn again(
    visit: &Visit,
    team: Option<TeamOverview>,
    typed: Typed,
    error: AdminError,
) -> Result<Response, Response> {
    let typed = match (&error, &team) {
        (AdminError::Changed(_), Some(stands)) => typed.over(stands),
        _ => typed,
    };
    match Trouble::of(error) {
        Ok(trouble) => draw(visit, team, Some(typed), &trouble).await,
        Err(error) => Err(visit.failure(error)),
    }
}

pub(super) async fn change(visit: Visit, headers: HeaderMap, body: Body) -> Result<Response, Response> {
    let form = Form::read(&visit, &headers, body).await?;
    let team = form.text("team");
    let here = page_of(team);
    match form.text("do") {
        "on" => switch(&visit, &form, true).await,
        "off" => switch(&visit, &form, false).await,
        "remove" => match visit.office.remove_team(&visit.actor(), team).await {
            Ok(()) => Ok(visit.done("/admin/teams", format!("The team \"{team}\" is removed."))),
            Err(error) => Err(refused(&visit, &here, error)),
        },
        _ => {
            let (typed, stands) = (Typed::of(&form), found(&visit, team).await?);
            match save(&visit, &typed, Some(&stands)).await {
                Ok(configured) => Ok(visit.done(&here, with_notes("Saved.", configured.notes))),
                Err(error) => again(&visit, Some(stands), typed, error).await,
            }
        }
    }
}

async fn switch(visit: &Visit, form: &Form, enabled: bool) -> Result<Response, Response> {
    let team = form.text("team");
    let version = form.text("version").parse().ok();
    let change = Change { enabled: Some(enabled), version, ..Change::of(Report::Weekly, Scope::Team(team.to_owned())) };
    match visit.office.configure(&visit.actor(), &change).await {
        Ok(configured) => {
            let words = if enabled { "The summary is enabled." } else { "The summary is switched off." };
            Ok(visit.done(&page_of(team), with_notes(words, configured.notes)))
        }
        Err(error) => Err(refused(visit, &page_of(team), error)),
    }
}

/// What a button could not do is said on the page of the button; what failed is a page of its own.
fn refused(visit: &Visit, here: &str, error: AdminError) -> Response {
    match error {
        AdminError::Invalid(_) | AdminError::NotAllowed(_) | AdminError::NotPreviewed | AdminError::Changed(_) => {
            visit.not_done(here, sentence(&error.words()))
        }
        other => visit.failure(other),
    }
}
