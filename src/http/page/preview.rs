//! What the next one will look like, as Slack draws it; below it stands what can be enabled now.

use super::{
    form::Form,
    layout::{Moment, link},
    visit::Visit,
};
use crate::{
    admin::{Preview, Subject},
    message::html,
};
use axum::{extract::RawQuery, http::StatusCode, response::Response};
use minijinja::{Value, context};

/// Of the workspace's personal digests, or of one member's.
pub(super) async fn personal(visit: Visit, RawQuery(query): RawQuery) -> Result<Response, Response> {
    let query = Form::parse(query.unwrap_or_default().as_bytes());
    let member = Some(query.text("member").to_owned()).filter(|member| !member.is_empty());
    let subject = Subject::Daily { member: member.clone() };
    let previewed = visit.office.preview(&visit.actor(), &subject).await;
    let preview = previewed.map_err(|error| visit.failure(error))?;
    let stands = visit.office.overview().await.map_err(|error| visit.failure(error))?;
    let title = match &member {
        None => "Preview of a personal digest".to_owned(),
        Some(member) => format!("Preview of the digest of {member}"),
    };
    let whole = member.is_none();
    let more = context! {
        here => "personal", title,
        member, asks_member => true,
        enabled => stands.enabled, version => stands.version,
        back => "/admin/personal", back_to => "Personal digests",
        action => "/admin/personal",
        enable => "Enable personal digests",
        // One person's preview shows nothing of what is enabled for all.
        can_enable => whole && !stands.enabled,
    };
    Ok(visit.page("preview.html", context! { ..shown(preview), ..more }))
}

pub(super) async fn team(visit: Visit, RawQuery(query): RawQuery) -> Result<Response, Response> {
    let query = Form::parse(query.unwrap_or_default().as_bytes());
    let team = query.text("name");
    let actor = visit.actor();
    let preview = visit.office.preview(&actor, &Subject::Weekly { team: team.to_owned() }).await;
    let preview = preview.map_err(|error| visit.failure(error))?;
    let teams = visit.office.team_overview(&actor).await.map_err(|error| visit.failure(error))?;
    let Some(stands) = teams.into_iter().find(|one| one.name == team) else {
        return Err(visit.refusal(StatusCode::NOT_FOUND, format!("There is no team \"{team}\".")));
    };
    let enabled = stands.weekly.enabled_at.is_some();
    let more = context! {
        here => "teams", title => format!("Preview of the summary of {team}"),
        team, enabled, version => stands.version,
        back => link("/admin/team", &[("name", team)]), back_to => team,
        action => "/admin/team",
        enable => format!("Enable the summary of {team}"),
        can_enable => !enabled && stands.weekly.channel.is_some(),
        lacks_channel => !enabled && stands.weekly.channel.is_none(),
    };
    Ok(visit.page("preview.html", context! { ..shown(preview), ..more }))
}

fn shown(preview: Preview) -> Value {
    let next: Vec<_> = preview.next.iter().map(|at| Moment::of(*at, preview.zone)).collect();
    context! {
        message => Value::from_safe_string(html::fragment(&preview.message)),
        text => preview.message.text,
        next,
        sample => preview.sample,
        notes => preview.notes,
        why_not => preview.why_not,
    }
}
