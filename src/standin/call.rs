//! One call as it arrived: method, token and arguments, whichever way they were sent.

use super::refusal::Refusal;
use axum::http::{HeaderMap, Method, header};
use serde_json::{Map, Value};

/// A Web API call with its arguments from the query, a form or a JSON body.
#[derive(Debug)]
pub(super) struct Call {
    pub method: String,
    pub verb: Method,
    pub token: Option<String>,
    arguments: Map<String, Value>,
}

impl Call {
    /// Reads a call. Slack takes GET with a query and POST with a form or JSON alike; a token may stand in the
    /// `Authorization` header or in an argument.
    pub fn read(
        method: &str,
        verb: Method,
        query: Option<&str>,
        headers: &HeaderMap,
        body: &[u8],
    ) -> (Self, Option<Refusal>) {
        let mut arguments: Map<String, Value> = pairs(query.unwrap_or_default().as_bytes()).collect();
        let mut refusal = None;
        match read_body(headers, body) {
            Ok(more) => arguments.extend(more),
            Err(code) => refusal = Some(Refusal::new(code)),
        }
        let argument = arguments.remove("token").and_then(|token| token.as_str().map(str::to_owned));
        let token = bearer(headers).or(argument);
        (Self { method: method.to_owned(), verb, token, arguments }, refusal)
    }

    /// What was sent, without the token.
    pub fn arguments(&self) -> &Map<String, Value> {
        &self.arguments
    }

    /// A text argument; numbers count as text, as in a query.
    pub fn text(&self, name: &str) -> Option<String> {
        match self.arguments.get(name)? {
            Value::String(text) if !text.is_empty() => Some(text.clone()),
            Value::Number(number) => Some(number.to_string()),
            _ => None,
        }
    }

    /// A text argument that the method cannot do without.
    pub fn required(&self, name: &str, code: &str) -> Result<String, Refusal> {
        self.text(name).ok_or_else(|| {
            Refusal::new(code).message(format!("[ERROR] missing required field: {name} [json-pointer:/{name}]"))
        })
    }

    /// A flag, written `true`, `"true"`, `1` or `"1"`.
    pub fn flag(&self, name: &str) -> bool {
        match self.arguments.get(name) {
            Some(Value::Bool(flag)) => *flag,
            _ => matches!(self.text(name).as_deref(), Some("true" | "1")),
        }
    }

    /// The page size that was asked for, if any.
    pub fn limit(&self) -> Result<Option<usize>, Refusal> {
        self.text("limit").map(|text| text.parse().map_err(|_| Refusal::new("invalid_limit"))).transpose()
    }

    /// A structured argument: JSON, or JSON in a string as forms carry it.
    pub fn json(&self, name: &str, code: &str) -> Result<Option<Value>, Refusal> {
        match self.arguments.get(name) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(text)) if text.is_empty() => Ok(None),
            Some(Value::String(text)) => serde_json::from_str(text).map(Some).map_err(|_| Refusal::new(code)),
            Some(value) => Ok(Some(value.clone())),
        }
    }
}

fn bearer(headers: &HeaderMap) -> Option<String> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim().to_owned())
}

fn read_body(headers: &HeaderMap, body: &[u8]) -> Result<Map<String, Value>, &'static str> {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    match kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase().as_str() {
        _ if body.is_empty() => Ok(Map::new()),
        "application/json" => match serde_json::from_slice(body) {
            Ok(Value::Object(arguments)) => Ok(arguments),
            Ok(_) => Err("json_not_object"),
            Err(_) => Err("invalid_json"),
        },
        "application/x-www-form-urlencoded" => Ok(pairs(body).collect()),
        "" => Err("missing_post_type"),
        _ => Err("invalid_post_type"),
    }
}

fn pairs(encoded: &[u8]) -> impl Iterator<Item = (String, Value)> + '_ {
    url::form_urlencoded::parse(encoded).map(|(name, value)| (name.into_owned(), Value::String(value.into_owned())))
}
