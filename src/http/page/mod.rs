//! The page for admins: server-rendered, without scripts, over the same code as the API and Slack's modals.

mod deliveries;
mod form;
mod invitation;
mod layout;
mod overview;
mod personal;
mod preview;
mod session;
mod sign_in;
mod team;
mod team_form;
mod teams;
mod visit;

use super::desk::Desk;
use axum::{
    Router,
    http::{StatusCode, Uri},
    middleware,
    response::Response,
    routing::{get, post},
};
use layout::see;
use minijinja::context;

pub(super) use session::Sessions;

/// The routes below `/admin`. All but the sign-in and the style sheet are for who is signed in.
pub(super) fn router(desk: Desk) -> Router {
    Router::new()
        .route("/", get(async || see("/admin")))
        .route("/admin", get(overview::show))
        .route("/admin/sign-in", get(sign_in::show).post(sign_in::sign_in))
        .route("/admin/sign-out", post(sign_in::sign_out))
        .route("/admin/style.css", get(layout::style))
        .route("/admin/personal", get(personal::show).post(personal::change))
        .route("/admin/personal/preview", get(preview::personal))
        .route("/admin/teams", get(teams::show))
        .route("/admin/team", get(team::show).post(team::change))
        .route("/admin/team/new", get(team::new).post(team::create))
        .route("/admin/team/preview", get(preview::team))
        .route("/admin/invitation", get(invitation::show).post(invitation::post))
        .route("/admin/deliveries", get(deliveries::show))
        .route("/admin/delivery", get(deliveries::one))
        .route("/admin/people", get(overview::people))
        .fallback(nowhere)
        .layer(middleware::from_fn(layout::guard))
        .with_state(desk)
}

async fn nowhere(uri: Uri) -> Response {
    if uri.path() == "/admin/" {
        return see("/admin");
    }
    let words = "Nothing is at this address.";
    layout::render("refusal.html", StatusCode::NOT_FOUND, context! { title => "There is nothing here", words })
}
