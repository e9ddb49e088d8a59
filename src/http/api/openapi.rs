//! `GET /openapi.json`: the description of the API, made from the code that serves it.

use super::{configure, deliveries, preview, teams, trigger};
use crate::http::problem::{FieldError, PROBLEM, Problem};
use axum::{
    http::header,
    response::{IntoResponse, Response},
};
use std::sync::LazyLock;
use utoipa::{
    Modify, OpenApi,
    openapi::{
        self, Content, Header, HeaderBuilder, Ref, ResponseBuilder,
        path::Operation,
        schema::{ObjectBuilder, Type},
        security::{HttpAuthScheme, HttpBuilder, SecurityScheme},
    },
};

/// As `security` below names it.
const TOKEN: &str = "admin_token";

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Recap's admin API",
        description = "What is sent, when and where, and what became of it. Errors are problem documents (RFC 9457).",
        license(name = "Apache-2.0", identifier = "Apache-2.0")
    ),
    paths(
        configure::configure,
        preview::preview,
        trigger::trigger,
        teams::teams,
        teams::remove,
        deliveries::deliveries,
        deliveries::delivery,
    ),
    components(schemas(Problem, FieldError)),
    security(("admin_token" = [])),
    modifiers(&Common)
)]
struct Api;

/// What all operations have in common: the token, and how they refuse.
struct Common;

/// Refusals of an operation by status; `body` and `sought` say whether it takes a body or looks for one thing.
fn refusals(body: bool, query: bool, sought: bool) -> Vec<(u16, &'static str)> {
    let mut refusals = vec![
        (401, "No admin token, or a wrong one."),
        (403, "What is asked for is not the caller's to decide."),
        (500, "Something went wrong on Recap's side."),
        (503, "Recap is starting, or something that it needs does not answer; `Retry-After` says when to ask again."),
    ];
    if body || query {
        refusals.push((400, "The body is not JSON, or a parameter or header cannot be used."));
        refusals.push((422, "Fields cannot be used: all of them are told at once."));
    }
    if body {
        refusals
            .push((409, "It cannot be done as things stand: not previewed, no consent, changed meanwhile, or halted."));
        refusals.push((413, "The body is larger than 64 KiB."));
        refusals.push((415, "The body is no JSON."));
    }
    if sought {
        refusals.push((404, "There is no such team, member or delivery."));
    }
    refusals
}

impl Modify for Common {
    fn modify(&self, api: &mut openapi::OpenApi) {
        let scheme = HttpBuilder::new().scheme(HttpAuthScheme::Bearer);
        let scheme = scheme.description(Some("One of `http.admin_tokens` of the settings.")).build();
        let components = api.components.get_or_insert_default();
        components.add_security_scheme(TOKEN, SecurityScheme::Http(scheme));
        for (path, item) in &mut api.paths.paths {
            let sought = !path.ends_with("/teams") && !path.ends_with("/deliveries");
            let operations = [&mut item.get, &mut item.post, &mut item.delete];
            for operation in operations.into_iter().flatten() {
                refuse(operation, sought);
            }
        }
    }
}

fn refuse(operation: &mut Operation, sought: bool) {
    let in_query =
        |parameter: &openapi::path::Parameter| matches!(parameter.parameter_in, openapi::path::ParameterIn::Query);
    let query = operation.parameters.iter().flatten().any(in_query);
    let (body, removes) = (operation.request_body.is_some(), operation.responses.responses.contains_key("204"));
    for (status, description) in refusals(body, query, sought) {
        let content = Content::new(Some(Ref::from_schema_name("Problem")));
        let mut response = ResponseBuilder::new().description(description).content(PROBLEM, content);
        if let Some((name, header)) = headers(status) {
            response = response.header(name, header);
        }
        operation.responses.responses.insert(status.to_string(), response.build().into());
    }
    if removes {
        // What the settings file has cannot be removed here.
        operation.responses.responses.insert("409".to_owned(), conflict().into());
        operation.responses.responses.insert("422".to_owned(), conflict().into());
    }
}

fn conflict() -> openapi::Response {
    let content = Content::new(Some(Ref::from_schema_name("Problem")));
    ResponseBuilder::new().description("The team cannot be removed as things stand.").content(PROBLEM, content).build()
}

fn headers(status: u16) -> Option<(&'static str, Header)> {
    let text = |kind| HeaderBuilder::new().schema(ObjectBuilder::new().schema_type(kind).build());
    match status {
        401 => Some(("WWW-Authenticate", text(Type::String).description(Some("`Bearer`.")).build())),
        503 => Some(("Retry-After", text(Type::Integer).description(Some("Seconds.")).build())),
        _ => None,
    }
}

/// The description of the admin API.
pub fn openapi() -> openapi::OpenApi {
    Api::openapi()
}

pub(super) async fn describe() -> Response {
    static DOCUMENT: LazyLock<String> = LazyLock::new(|| openapi().to_json().unwrap_or_default());
    ([(header::CONTENT_TYPE, "application/json")], DOCUMENT.as_str()).into_response()
}
