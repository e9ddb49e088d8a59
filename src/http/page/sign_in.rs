//! Signing in with an admin token, and out.

use super::{
    form::{self, Form},
    layout::{render, see},
    session::{LASTS, Refused},
    visit::{COOKIE, Visit, visitor},
};
use crate::http::desk::Desk;
use axum::{
    body::Body,
    extract::State,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::Response,
};
use minijinja::context;

pub(super) async fn show(State(desk): State<Desk>, headers: HeaderMap) -> Response {
    if visitor(&desk, &headers).is_some() {
        return see("/admin");
    }
    page(&desk, StatusCode::OK, None)
}

fn page(desk: &Desk, status: StatusCode, fault: Option<&str>) -> Response {
    render("sign_in.html", status, context! { fault, no_tokens => desk.tokens.is_empty() })
}

pub(super) async fn sign_in(State(desk): State<Desk>, headers: HeaderMap, body: Body) -> Response {
    if form::is_foreign(&headers) {
        return page(&desk, StatusCode::FORBIDDEN, Some("This form is not from this page. Please try again."));
    }
    let form = match form::raw(&headers, body).await {
        Ok(bytes) => Form::parse(&bytes),
        Err((status, words)) => return page(&desk, status, Some(words)),
    };
    match desk.sessions.sign_in(&desk.tokens, form.text("token"), desk.clock.now()) {
        Ok(cookie) => with_cookie(&desk, see("/admin"), &cookie, LASTS.num_seconds()),
        Err(Refused::Wrong) => page(&desk, StatusCode::UNAUTHORIZED, Some("No admin token is like this one.")),
        Err(Refused::TooOften) => {
            let words = "Too many wrong tokens were tried. Please wait a minute.";
            let mut response = page(&desk, StatusCode::TOO_MANY_REQUESTS, Some(words));
            response.headers_mut().insert(header::RETRY_AFTER, 60.into());
            response
        }
    }
}

pub(super) async fn sign_out(visit: Visit, headers: HeaderMap, body: Body) -> Result<Response, Response> {
    Form::read(&visit, &headers, body).await?;
    visit.desk.sessions.sign_out(&visit.visitor);
    Ok(with_cookie(&visit.desk, see("/admin/sign-in"), "", 0))
}

fn with_cookie(desk: &Desk, mut response: Response, value: &str, seconds: i64) -> Response {
    let secure = if desk.secure { "; Secure" } else { "" };
    let cookie = format!("{COOKIE}={value}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Strict{secure}");
    if let Ok(cookie) = HeaderValue::from_str(&cookie) {
        response.headers_mut().insert(header::SET_COOKIE, cookie);
    }
    response
}
