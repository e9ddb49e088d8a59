//! The admin API: JSON for scripts, over the same code as the page and Slack's modals.

pub(super) mod body;
mod configure;
mod deliveries;
mod fields;
mod openapi;
mod preview;
mod query;
mod teams;
mod trigger;

use super::{desk::Desk, office::Office, problem::Problem};
use crate::admin::Actor;
use axum::{
    Router,
    extract::{Request, State},
    http::{HeaderMap, HeaderValue, header},
    middleware::{self, Next},
    response::{IntoResponse, Response},
    routing::{delete, get, post},
};
use std::sync::Arc;

pub(super) use deliveries::is_id;
pub use openapi::openapi;
pub(super) use teams::{membership, section_names};

/// Who asks: the holder of the token of this name.
#[derive(Debug, Clone)]
struct Caller(String);

impl Caller {
    fn actor(&self) -> Actor {
        Actor::Token(self.0.clone())
    }

    /// Who answers them.
    ///
    /// # Errors
    /// While the daemon starts.
    fn office(&self, desk: &Desk) -> Result<Arc<dyn Office>, Problem> {
        desk.office().ok_or_else(Problem::starting)
    }
}

/// The routes below `/api`, for who has a token, and their description, for all.
pub(super) fn router(desk: Desk) -> Router {
    let api = Router::new()
        .route("/admin/reports/configure", post(configure::configure))
        .route("/admin/reports/preview", get(preview::preview))
        .route("/admin/teams", get(teams::teams))
        .route("/admin/teams/{team}", delete(teams::remove))
        .route("/admin/deliveries", get(deliveries::deliveries))
        .route("/admin/deliveries/{id}", get(deliveries::delivery))
        .route("/reports/trigger", post(trigger::trigger))
        .fallback(nowhere)
        .method_not_allowed_fallback(no_such_method)
        .layer(middleware::from_fn_with_state(desk.clone(), admit))
        .with_state(desk);
    Router::new().nest("/api", api).route("/openapi.json", get(openapi::describe))
}

async fn nowhere() -> Problem {
    Problem::not_found("The API has nothing at this address; `/openapi.json` describes what it has.")
}

async fn no_such_method() -> Problem {
    Problem::method_not_allowed()
}

/// Lets in who holds a token, before anything of the request is read.
async fn admit(State(desk): State<Desk>, mut request: Request, next: Next) -> Response {
    let Some(name) = bearer(request.headers()).and_then(|token| desk.tokens.name_of(token)) else {
        return Problem::unauthorized().into_response();
    };
    let caller = Caller(name.to_owned());
    request.extensions_mut().insert(caller);
    let mut response = next.run(request).await;
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    let (scheme, token) = headers.get(header::AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}
