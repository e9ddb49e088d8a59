//! Templates, the style sheet, and the headers that every page carries.

use axum::{
    extract::Request,
    http::{HeaderName, HeaderValue, StatusCode, header},
    middleware::Next,
    response::{Html, IntoResponse, Response},
};
use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use minijinja::{Environment, Value, syntax::SyntaxConfig};
use serde::Serialize;
use std::sync::LazyLock;

use crate::message::html;

/// Nothing is loaded but our own style sheet; nothing runs, nobody frames it, and forms go nowhere else.
const POLICY: &str =
    "default-src 'none'; style-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";
const OWN_STYLE: &str = include_str!("style.css");

const HEADERS: [(HeaderName, &str); 6] = [
    (header::CONTENT_SECURITY_POLICY, POLICY),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "no-referrer"),
    (header::X_FRAME_OPTIONS, "DENY"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
];

macro_rules! templates {
    ($($name:literal),* $(,)?) => { [$(($name, include_str!($name))),*] };
}

static TEMPLATES: LazyLock<Environment<'static>> = LazyLock::new(|| {
    let mut environment = Environment::new();
    if let Ok(syntax) = SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build() {
        environment.set_syntax(syntax);
    }
    environment.add_function("section_labels", section_labels);
    for (name, source) in templates![
        "layout.html",
        "parts.html",
        "sign_in.html",
        "refusal.html",
        "overview.html",
        "personal.html",
        "preview.html",
        "teams.html",
        "team.html",
        "invitation.html",
        "deliveries.html",
        "delivery.html",
        "people.html",
    ] {
        if let Err(error) = environment.add_template(name, source) {
            tracing::error!(error = &error as &dyn std::error::Error, template = name, "a page cannot be drawn");
        }
    }
    environment
});

/// Sections of settings with what people read: `new_skills` is `New skills`.
fn section_labels(names: Vec<String>) -> Value {
    let label = |name: &str| match name {
        "mvp" => "MVP".to_owned(),
        "cost" => "Estimated cost".to_owned(),
        "active" => "Active members".to_owned(),
        "comparison" => "Comparison with your average".to_owned(),
        "cache" => "Cache hit rate".to_owned(),
        other => {
            let mut letters = other.chars();
            let first = letters.next().map(|letter| letter.to_ascii_uppercase());
            first.into_iter().chain(letters.map(|letter| if letter == '_' { ' ' } else { letter })).collect()
        }
    };
    names.into_iter().map(|name| (label(&name), name)).map(|(label, name)| vec![name, label]).collect()
}

/// The page `template`.
pub(super) fn render(template: &str, status: StatusCode, context: Value) -> Response {
    match TEMPLATES.get_template(template).and_then(|template| template.render(context)) {
        Ok(page) => (status, Html(page)).into_response(),
        Err(error) => {
            tracing::error!(error = &error as &dyn std::error::Error, template, "a page cannot be drawn");
            (StatusCode::INTERNAL_SERVER_ERROR, "This page cannot be drawn.\n").into_response()
        }
    }
}

/// On to `path`, by GET.
pub(super) fn see(path: &str) -> Response {
    let location = HeaderValue::from_str(path).unwrap_or(HeaderValue::from_static("/admin"));
    (StatusCode::SEE_OTHER, [(header::LOCATION, location)]).into_response()
}

/// `path?name=value`.
pub(super) fn link(path: &str, parameters: &[(&str, &str)]) -> String {
    let query = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(parameters).finish();
    format!("{path}?{query}")
}

pub(super) async fn style() -> Response {
    let style = format!("{OWN_STYLE}{}", html::STYLE);
    ([(header::CONTENT_TYPE, "text/css; charset=utf-8")], style).into_response()
}

/// Puts the headers on whatever is answered.
pub(super) async fn guard(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    for (name, value) in HEADERS {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// Lets templates read a type as it is serialized.
macro_rules! shown {
    ($($name:ty),*) => { $(impl From<$name> for minijinja::Value {
        fn from(shown: $name) -> Self {
            Self::from(minijinja::value::Serde(shown))
        }
    })* };
}
pub(super) use shown;

shown!(Moment);

/// An instant for a template.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Moment {
    utc: String,
    words: String,
}

impl Moment {
    /// As the clocks in `zone` show it.
    pub fn of(at: DateTime<Utc>, zone: Tz) -> Self {
        let local = at.with_timezone(&zone);
        Self {
            utc: at.format("%Y-%m-%dT%H:%M:%SZ").to_string(),
            words: format!("{} {}", local.format("%a, %b %-d, %Y, %H:%M"), zone.name().replace('_', " ")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use minijinja::context;

    #[test]
    fn every_template_is_one() {
        for (name, _) in TEMPLATES.templates() {
            assert!(name.strip_suffix(".html").is_some(), "{name} would not be escaped");
        }
        assert_eq!(TEMPLATES.templates().count(), 13);
    }

    #[test]
    fn foreign_text_is_escaped() {
        let evil = "<script>'\"&";
        let page = TEMPLATES.get_template("refusal.html").unwrap().render(context! { title => evil, words => evil });
        let page = page.unwrap();
        assert!(!page.contains("<script"), "{page}");
        assert!(page.contains("&lt;script&gt;&#x27;&quot;&amp;"), "{page}");
    }

    #[test]
    fn a_moment_is_told_as_clocks_show_it() {
        let moment = Moment::of("2026-09-14T07:00:00Z".parse().unwrap(), Tz::Europe__Berlin);
        assert_eq!(
            (moment.utc.as_str(), moment.words.as_str()),
            ("2026-09-14T07:00:00Z", "Mon, Sep 14, 2026, 09:00 Europe/Berlin")
        );
    }
}
