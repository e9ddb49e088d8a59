//! How a call travels: HTTP within limits of time and size, its failures told apart by whether Slack may have acted.
//!
//! slack-morphism's own connector has no timeout, reads bodies of any size, hides the response headers, and takes a
//! 429 without a JSON body for a protocol error; so its typed client is given this connector instead.

use super::error::CallError;
use futures::{FutureExt, future::BoxFuture};
use reqwest::{
    RequestBuilder, Response, StatusCode,
    header::{HeaderMap, HeaderValue, RETRY_AFTER},
    redirect,
};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::Value;
use slack_morphism::{
    ClientResult, SlackClientApiCallContext, SlackClientHttpConnector, SlackClientId, SlackClientSecret,
    errors::SlackClientError, multipart_form::FileMultipartData,
};
use std::{
    collections::BTreeSet,
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};
use url::Url;

/// How long name look-up, TCP and TLS may take together; less than a whole call, so that a host that swallows
/// packets counts as not reached, not as unknown.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);

/// How long an idle connection is kept: less than servers do, since the outcome of a post is unknown when it goes out
/// on a connection that the other side is just closing.
const KEEP_IDLE: Duration = Duration::from_secs(20);

/// The largest answer that is read; 200 members of `users.list` are about half a megabyte.
const LARGEST_ANSWER: usize = 8 * 1024 * 1024;

/// The longest pause that a `Retry-After` can ask for.
const LONGEST_PAUSE: Duration = Duration::from_hours(24);

/// The response header with the scopes of the token.
const SCOPES_HEADER: &str = "x-oauth-scopes";

/// The connector under slack-morphism's client.
#[derive(Debug)]
pub(super) struct Transport {
    http: reqwest::Client,
    base: Url,
    scopes: Mutex<Option<BTreeSet<String>>>,
}

#[derive(Deserialize)]
struct Envelope {
    ok: bool,
    #[serde(default)]
    error: Value,
    #[serde(default)]
    needed: Value,
}

impl Transport {
    /// A connector to the API at `base` (no trailing slash); `loopback` leaves proxies and trust roots out.
    pub(super) fn new(base: Url, timeout: Duration, loopback: bool) -> reqwest::Result<Self> {
        let builder = reqwest::Client::builder()
            .timeout(timeout)
            .connect_timeout(CONNECT_TIMEOUT.min(timeout / 2))
            .pool_idle_timeout(KEEP_IDLE)
            .redirect(redirect::Policy::none())
            .user_agent(concat!("recap/", env!("CARGO_PKG_VERSION")));
        let builder =
            if loopback { builder.no_proxy().tls_built_in_root_certs(base.scheme() == "https") } else { builder };
        Ok(Self { http: builder.build()?, base, scopes: Mutex::new(None) })
    }

    /// The scopes that Slack named in its latest answer; none where it named none yet.
    pub(super) fn scopes(&self) -> Option<BTreeSet<String>> {
        self.scopes.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    async fn call<T: DeserializeOwned>(
        &self,
        request: RequestBuilder,
        context: SlackClientApiCallContext<'_>,
    ) -> ClientResult<T> {
        let body = self.answer(authorized(request, &context)?).await.map_err(SlackClientError::from)?;
        serde_json::from_slice(&body).map_err(|_| CallError::unreadable("it lacks what was asked for").into())
    }

    async fn answer(&self, request: RequestBuilder) -> Result<Vec<u8>, CallError> {
        let started = Instant::now();
        let mut response = request.send().await.map_err(|error| CallError::from_http(&error))?;
        let status = response.status();
        self.note_scopes(response.headers());
        tracing::debug!(
            http.status = status.as_u16(),
            duration_ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX),
            slack.method = response.url().path_segments().and_then(Iterator::last),
            "Slack answered"
        );
        if status == StatusCode::TOO_MANY_REQUESTS {
            return Err(CallError::RateLimited { retry_after: retry_after(response.headers()) });
        }
        if status.is_server_error() {
            return Err(CallError::Status(status.as_u16()));
        }
        let body = read(&mut response).await?;
        verdict(status, &body, retry_after(response.headers())).map(|()| body)
    }

    /// Posts `body` to a `response_url`, without the token. The address is a secret, so nothing of it is logged.
    pub(super) async fn answer_later(&self, address: &str, body: &Value) -> Result<(), CallError> {
        let request = self.http.post(address).header("content-type", "application/json; charset=utf-8").json(body);
        let mut response = request.send().await.map_err(|error| CallError::from_http(&error))?;
        let status = response.status();
        tracing::debug!(http.status = status.as_u16(), "Slack took an answer, or not");
        if status == StatusCode::TOO_MANY_REQUESTS {
            return Err(CallError::RateLimited { retry_after: retry_after(response.headers()) });
        }
        if status.is_server_error() {
            return Err(CallError::Status(status.as_u16()));
        }
        answer_taken(status, &read(&mut response).await?)
    }

    fn note_scopes(&self, headers: &HeaderMap) {
        let Some(text) = headers.get(SCOPES_HEADER).and_then(|value| value.to_str().ok()) else { return };
        let scopes = text.split(',').map(str::trim).filter(|scope| !scope.is_empty()).map(str::to_owned).collect();
        *self.scopes.lock().unwrap_or_else(PoisonError::into_inner) = Some(scopes);
    }
}

fn authorized(request: RequestBuilder, context: &SlackClientApiCallContext<'_>) -> Result<RequestBuilder, CallError> {
    let Some(token) = context.token else { return Ok(request) };
    let mut value = HeaderValue::from_str(&format!("Bearer {}", token.token_value.0))
        .map_err(|_| CallError::Api { code: "invalid_auth".to_owned(), needed: None })?;
    value.set_sensitive(true);
    Ok(request.header(reqwest::header::AUTHORIZATION, value))
}

async fn read(response: &mut Response) -> Result<Vec<u8>, CallError> {
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|error| CallError::from_http(&error))? {
        if body.len() + chunk.len() > LARGEST_ANSWER {
            return Err(CallError::unreadable("it is too large"));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

/// What Slack's envelope says; an answer without one is nobody's word, except for its HTTP status.
fn verdict(status: StatusCode, body: &[u8], retry_after: Option<Duration>) -> Result<(), CallError> {
    let Ok(envelope) = serde_json::from_slice::<Envelope>(body) else {
        return Err(if status.is_success() {
            CallError::unreadable("it is not Slack's JSON")
        } else {
            CallError::Status(status.as_u16())
        });
    };
    if envelope.ok {
        return if status.is_success() { Ok(()) } else { Err(CallError::Status(status.as_u16())) };
    }
    match envelope.error.as_str().and_then(safe_code) {
        Some(code) if code == "ratelimited" || code == "rate_limited" => Err(CallError::RateLimited { retry_after }),
        Some(code) => Err(CallError::Api { code, needed: envelope.needed.as_str().and_then(safe_scopes) }),
        None => Err(CallError::unreadable("it names no error code")),
    }
}

/// What a `response_url` says: the bare word `ok`, or JSON, or a bare code such as `used_url`.
fn answer_taken(status: StatusCode, body: &[u8]) -> Result<(), CallError> {
    if serde_json::from_slice::<Envelope>(body).is_ok() {
        return verdict(status, body, None);
    }
    if status.is_success() {
        return Ok(());
    }
    let code = std::str::from_utf8(body).ok().map(str::trim).and_then(safe_code);
    Err(code.map_or(CallError::Status(status.as_u16()), |code| CallError::Api { code, needed: None }))
}

fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let seconds = headers.get(RETRY_AFTER)?.to_str().ok()?.trim().parse().ok()?;
    Some(Duration::from_secs(seconds).min(LONGEST_PAUSE))
}

/// An error code as Slack forms them; anything else could be a secret or a page of HTML.
fn safe_code(text: &str) -> Option<String> {
    let fits = |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '_';
    ((1..=64).contains(&text.len()) && text.chars().all(fits)).then(|| text.to_owned())
}

fn safe_scopes(text: &str) -> Option<String> {
    let fits = |letter: char| letter.is_ascii_lowercase() || ":._,".contains(letter);
    ((1..=128).contains(&text.len()) && text.chars().all(fits)).then(|| text.to_owned())
}

fn not_offered<'a, T: Send + 'a>() -> BoxFuture<'a, ClientResult<T>> {
    async { Err(CallError::unreadable("Recap neither uploads files nor installs itself by OAuth").into()) }.boxed()
}

impl SlackClientHttpConnector for Transport {
    fn create_method_uri_path(&self, method: &str) -> ClientResult<Url> {
        Ok(format!("{}/{method}", self.base.as_str().trim_end_matches('/')).parse()?)
    }

    fn http_get_uri<'a, RS>(
        &'a self,
        full_uri: Url,
        context: SlackClientApiCallContext<'a>,
    ) -> BoxFuture<'a, ClientResult<RS>>
    where
        RS: for<'de> Deserialize<'de> + Send + 'a,
    {
        self.call(self.http.get(full_uri), context).boxed()
    }

    fn http_post_uri<'a, RQ, RS>(
        &'a self,
        full_uri: Url,
        request_body: &'a RQ,
        context: SlackClientApiCallContext<'a>,
    ) -> BoxFuture<'a, ClientResult<RS>>
    where
        RQ: Serialize + Send + Sync,
        RS: for<'de> Deserialize<'de> + Send + 'a,
    {
        // Slack warns about JSON without a charset, and `RequestBuilder::json` keeps a content type that stands.
        let request = self.http.post(full_uri).header("content-type", "application/json; charset=utf-8");
        self.call(request.json(request_body), context).boxed()
    }

    fn http_post_uri_binary<'a, 'p, RS>(
        &'a self,
        _full_uri: Url,
        _content_type: String,
        _data: &'a [u8],
        _context: SlackClientApiCallContext<'a>,
    ) -> BoxFuture<'a, ClientResult<RS>>
    where
        RS: for<'de> Deserialize<'de> + Send + 'a,
    {
        not_offered()
    }

    fn http_post_uri_multipart_form<'a, 'p, RS, PT, TS>(
        &'a self,
        _full_uri: Url,
        _file: Option<FileMultipartData<'p>>,
        _params: &'p PT,
        _context: SlackClientApiCallContext<'a>,
    ) -> BoxFuture<'a, ClientResult<RS>>
    where
        RS: for<'de> Deserialize<'de> + Send + 'a,
        PT: IntoIterator<Item = (&'p str, Option<TS>)> + Clone,
        TS: AsRef<str> + 'p + Send,
    {
        not_offered()
    }

    fn http_get_with_client_secret<'a, RS>(
        &'a self,
        _full_uri: Url,
        _client_id: &'a SlackClientId,
        _client_secret: &'a SlackClientSecret,
    ) -> BoxFuture<'a, ClientResult<RS>>
    where
        RS: for<'de> Deserialize<'de> + Send + 'a,
    {
        not_offered()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_slacks_own_words_are_taken_from_an_answer() {
        let of = |body: &str| verdict(StatusCode::OK, body.as_bytes(), None);
        assert_eq!(of(r#"{"ok":true}"#), Ok(()));
        assert_eq!(
            of(r#"{"ok":false,"error":"missing_scope","needed":"users:read.email"}"#),
            Err(CallError::Api { code: "missing_scope".into(), needed: Some("users:read.email".into()) })
        );
        assert_eq!(of(r#"{"ok":false,"error":"ratelimited"}"#), Err(CallError::RateLimited { retry_after: None }));
        for body in ["", "{}", "<html>", "[]", r#"{"ok":false}"#, r#"{"ok":false,"error":"xoxb-1-secret"}"#] {
            assert!(matches!(of(body), Err(CallError::Unreadable { .. })), "{body}");
        }
    }

    #[test]
    fn a_client_error_speaks_by_its_code_or_by_its_status() {
        let of = |body: &str| verdict(StatusCode::FORBIDDEN, body.as_bytes(), None);
        assert_eq!(
            of(r#"{"ok":false,"error":"invalid_auth"}"#),
            Err(CallError::Api { code: "invalid_auth".into(), needed: None })
        );
        assert_eq!(of("<html>"), Err(CallError::Status(403)));
        assert_eq!(of(r#"{"ok":true}"#), Err(CallError::Status(403)));
    }

    #[test]
    fn what_a_response_url_says_is_a_word_or_json() {
        let of = |status: u16, body: &str| answer_taken(StatusCode::from_u16(status).unwrap(), body.as_bytes());
        let refused = |code: &str| Err(CallError::Api { code: code.to_owned(), needed: None });
        for body in ["ok", "", r#"{"ok":true}"#] {
            assert_eq!(of(200, body), Ok(()), "{body}");
        }
        assert_eq!(of(200, r#"{"ok":false,"error":"invalid_blocks"}"#), refused("invalid_blocks"));
        assert_eq!(of(404, "used_url"), refused("used_url"));
        assert_eq!(of(404, "<html>"), Err(CallError::Status(404)));
    }

    #[test]
    fn a_retry_after_is_seconds_within_reason() {
        let of =
            |text: &'static str| retry_after(&HeaderMap::from_iter([(RETRY_AFTER, HeaderValue::from_static(text))]));
        assert_eq!(of("30"), Some(Duration::from_secs(30)));
        assert_eq!(of("99999999999999"), Some(LONGEST_PAUSE));
        assert_eq!(of("soon"), None);
        assert_eq!(retry_after(&HeaderMap::new()), None);
    }
}
