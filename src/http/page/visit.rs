//! One request of somebody who is signed in, and the pages that answer it.

use super::{
    layout::{render, see},
    session::{Said, Visitor},
};
use crate::{
    admin::{Actor, AdminError, FieldFault},
    http::{desk::AdminDesk, office::Office, problem},
};
use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, StatusCode, header, request::Parts},
    response::{IntoResponse, Response},
};
use minijinja::{Value, context, value::Serde};
use std::{collections::BTreeMap, sync::Arc};

/// The session's cookie.
pub(super) const COOKIE: &str = "recap_session";

/// Who asks, and who answers.
pub(super) struct Visit {
    pub desk: AdminDesk,
    pub visitor: Visitor,
    pub office: Arc<dyn Office>,
}

impl FromRequestParts<AdminDesk> for Visit {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, desk: &AdminDesk) -> Result<Self, Response> {
        let Some(visitor) = visitor(desk, &parts.headers) else { return Err(see("/admin/sign-in")) };
        let Some(office) = desk.office() else {
            let words = "Recap is starting. Please reload this page in a moment.";
            let mut response = render(
                "refusal.html",
                StatusCode::SERVICE_UNAVAILABLE,
                context! { title => "Recap is starting", words, name => visitor.name, csrf => visitor.csrf },
            );
            response.headers_mut().insert(header::RETRY_AFTER, 10.into());
            return Err(response);
        };
        Ok(Self { desk: desk.clone(), visitor, office })
    }
}

/// Whose session the request's cookie is.
pub(super) fn visitor(desk: &AdminDesk, headers: &HeaderMap) -> Option<Visitor> {
    let lines = headers.get_all(header::COOKIE).iter().filter_map(|line| line.to_str().ok());
    let cookies = lines.flat_map(|line| line.split(';')).filter_map(|cookie| cookie.trim().split_once('='));
    let ours = cookies.filter(|(name, _)| *name == COOKIE);
    ours.map(|(_, value)| value).find_map(|value| desk.sessions.visitor(value, desk.clock.now()))
}

impl Visit {
    pub fn actor(&self) -> Actor {
        Actor::Token(self.visitor.name.clone())
    }

    /// The page `template`, below what was said to them last.
    pub fn page(&self, template: &str, more: Value) -> Response {
        self.page_with(template, StatusCode::OK, more)
    }

    pub fn page_with(&self, template: &str, status: StatusCode, more: Value) -> Response {
        let said = self.desk.sessions.hear(&self.visitor);
        render(
            template,
            status,
            context! { said, name => self.visitor.name.as_str(), csrf => self.visitor.csrf.as_str(), ..more },
        )
    }

    /// A page that says why there is nothing else.
    pub fn refusal(&self, status: StatusCode, words: impl Into<String>) -> Response {
        let title = match status {
            StatusCode::NOT_FOUND => "There is nothing here",
            StatusCode::SERVICE_UNAVAILABLE | StatusCode::INTERNAL_SERVER_ERROR => "That did not work",
            _ => "That cannot be done",
        };
        self.page_with("refusal.html", status, context! { title, words => words.into() })
    }

    /// The page for an error that no form can show.
    pub fn failure(&self, error: AdminError) -> Response {
        let words = error.words();
        let status = problem::Problem::from(error).into_response().status();
        self.refusal(status, words)
    }

    /// Goes on to `path`, which says `words`.
    pub fn done(&self, path: &str, words: impl Into<String>) -> Response {
        self.desk.sessions.say(&self.visitor, Said { bad: false, words: words.into() });
        see(path)
    }

    /// As [`Self::done`], where something was not.
    pub fn not_done(&self, path: &str, words: impl Into<String>) -> Response {
        self.desk.sessions.say(&self.visitor, Said { bad: true, words: words.into() });
        see(path)
    }
}

/// Why a form is shown again: what is wrong with fields, or words about the whole.
pub(super) struct Trouble {
    pub status: StatusCode,
    pub faults: Vec<FieldFault>,
    pub words: Option<String>,
}

impl Trouble {
    pub fn none() -> Self {
        Self { status: StatusCode::OK, faults: Vec::new(), words: None }
    }

    /// What the form can show of `error`; anything else is a page of its own.
    pub fn of(error: AdminError) -> Result<Self, AdminError> {
        match error {
            AdminError::Invalid(faults) => {
                let words = Some("Nothing was saved: see what is said beside the fields.".to_owned());
                Ok(Self { status: StatusCode::UNPROCESSABLE_ENTITY, faults, words })
            }
            AdminError::Changed(_) => {
                let kept = "What you changed is still here: look at it, and save it again.";
                let words = Some(format!("{} {kept}", error.words()));
                Ok(Self { status: StatusCode::CONFLICT, faults: Vec::new(), words })
            }
            AdminError::NotPreviewed => {
                let words = Some(error.words());
                Ok(Self { status: StatusCode::CONFLICT, faults: Vec::new(), words })
            }
            other => Err(other),
        }
    }

    /// What is wrong with each field, for a template.
    pub fn by_field(&self) -> Value {
        let mut faults = BTreeMap::<_, Vec<_>>::new();
        for fault in &self.faults {
            faults.entry(fault.field).or_default().push(sentence(&fault.reason));
        }
        let faults: BTreeMap<_, _> = faults.into_iter().map(|(field, words)| (field, words.join(" "))).collect();
        Value::from(Serde(faults))
    }

    /// What is wrong with fields that the form does not have.
    pub fn beside(&self, fields: &[&str]) -> Vec<String> {
        let other = self.faults.iter().filter(|fault| !fields.contains(&fault.field));
        other.map(|fault| format!("{}: {}", fault.field, fault.reason)).collect()
    }
}

/// `words`, and what else there is to know.
pub(super) fn with_notes(words: impl Into<String>, notes: Vec<String>) -> String {
    [vec![words.into()], notes].concat().join(" ")
}

/// A clause as people read it: no backticks, and a full stop.
pub(super) fn sentence(clause: &str) -> String {
    let words = clause.replace('`', "\"");
    let mut letters = words.chars();
    let first = letters.next().map(|letter| letter.to_uppercase().to_string()).unwrap_or_default();
    let stop = if words.ends_with(['.', '?']) { "" } else { "." };
    format!("{first}{}{stop}", letters.as_str())
}
