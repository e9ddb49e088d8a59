//! The HTTP side: routes, the way of one call through its fault, and the reply.

use super::{
    call::Call,
    fault::Fault,
    line::{Line, Lines},
    methods, page,
    refusal::{Answer, Refusal},
    respond,
    state::State,
};
use axum::{
    Json, Router,
    body::Bytes,
    extract::{ConnectInfo, DefaultBodyLimit, Path, Request},
    http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header, uri::Authority},
    middleware::{self, Next},
    response::{Html, IntoResponse, Response},
    routing::{any, post},
};
use serde_json::json;
use std::{
    io,
    net::IpAddr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};
use tokio_util::sync::CancellationToken;

/// Slack's own limit is not published; nothing that Recap sends comes near this.
const LARGEST_BODY: usize = 1 << 20;

/// What the handlers share: the state, and the end of it all.
#[derive(Debug)]
pub(super) struct Site {
    state: Mutex<State>,
    pub stop: CancellationToken,
}

impl Site {
    pub fn new(state: State) -> Self {
        Self { state: Mutex::new(state), stop: CancellationToken::new() }
    }

    pub fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits, and answers whether the stand-in was not stopped meanwhile.
    async fn wait(&self, duration: Duration) -> bool {
        tokio::select! {
            () = tokio::time::sleep(duration) => true,
            () = self.stop.cancelled() => false,
        }
    }
}

/// Serves until the site is stopped and the requests under way are answered.
pub(super) async fn serve(lines: Lines, site: Arc<Site>) -> io::Result<()> {
    let stop = site.stop.clone();
    let router = Router::new()
        .route("/api/{method}", any(call))
        .route("/response/{token}", post(respond::respond))
        .merge(page::routes())
        .layer(DefaultBodyLimit::max(LARGEST_BODY))
        .layer(middleware::from_fn(own_host_only))
        .with_state(site);
    let service = router.into_make_service_with_connect_info::<Line>();
    axum::serve(lines, service).with_graceful_shutdown(stop.cancelled_owned()).await
}

/// A page elsewhere that points its own name at this machine must not read what is shown here.
async fn own_host_only(request: Request, next: Next) -> Response {
    let host = request.headers().get(header::HOST).and_then(|host| host.to_str().ok());
    if host.and_then(|host| host.parse::<Authority>().ok()).is_some_and(|host| is_loopback(host.host())) {
        return next.run(request).await;
    }
    (StatusCode::MISDIRECTED_REQUEST, "this server answers on loopback addresses only").into_response()
}

fn is_loopback(host: &str) -> bool {
    let address = host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
    host.eq_ignore_ascii_case("localhost") || address.is_ok_and(|address| address.is_loopback())
}

async fn call(
    axum::extract::State(site): axum::extract::State<Arc<Site>>,
    ConnectInfo(line): ConnectInfo<Line>,
    Path(method): Path<String>,
    verb: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let (call, malformed) = Call::read(&method, verb, uri.query(), &headers, &body);
    let length = body.len() + uri.query().map_or(0, str::len);
    let (number, fault) = {
        let mut state = site.lock();
        let now = state.now();
        (state.journal.open(&call, length, now), state.faults.take(&method))
    };
    let accept = || match &malformed {
        Some(refusal) => Err(refusal.clone()),
        None => methods::answer(&mut site.lock(), &call),
    };
    let reply = reply(&site, accept, fault).await;
    tracing::debug!(slack.method = method, outcome = reply.outcome(), "the stand-in Slack was called");
    site.lock().journal.close(number, &method, reply.outcome());
    let scopes = {
        let state = site.lock();
        let known = call.token.is_some_and(|token| state.workspace().is_token(&token));
        known.then(|| state.workspace().granted())
    };
    reply.into_response(&line, scopes)
}

/// What the caller gets to see.
enum Reply {
    Answer(Answer),
    Status(StatusCode),
    NotJson,
    Reset,
}

async fn reply(site: &Site, accept: impl Fn() -> Answer, fault: Option<Fault>) -> Reply {
    let Some(fault) = fault else { return Reply::Answer(accept()) };
    match fault {
        Fault::RateLimited { seconds } => Reply::Answer(Err(Refusal::rate_limited(seconds))),
        Fault::Delay(duration) if site.wait(duration).await => Reply::Answer(accept()),
        Fault::Delay(_) | Fault::Reset => Reply::Reset,
        Fault::ServerError(status) => Reply::status(status),
        Fault::NotJson => Reply::NotJson,
        Fault::Error(code) => Reply::Answer(Err(Refusal::new(code))),
        Fault::MissingScope(needed) => {
            Reply::Answer(Err(Refusal::missing_scope(&needed, &site.lock().workspace().granted())))
        }
        Fault::SlowReply(duration) => {
            let answer = accept();
            if site.wait(duration).await { Reply::Answer(answer) } else { Reply::Reset }
        }
        Fault::LoseReply => accepted(&accept, Reply::Reset),
        Fault::ServerErrorAfterAccepting(status) => accepted(&accept, Reply::status(status)),
        Fault::NotJsonAfterAccepting => accepted(&accept, Reply::NotJson),
        Fault::ErrorAfterAccepting(code) => accepted(&accept, Reply::Answer(Err(Refusal::new(code)))),
    }
}

/// Lets the call take its effect, and says something else.
fn accepted(accept: impl Fn() -> Answer, reply: Reply) -> Reply {
    if let Err(refusal) = accept() {
        tracing::debug!(outcome = refusal.code, "a call was refused whose answer a fault withholds");
    }
    reply
}

impl Reply {
    fn status(status: u16) -> Self {
        Self::Status(StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR))
    }

    fn outcome(&self) -> String {
        match self {
            Self::Answer(Ok(_)) => "ok".to_owned(),
            Self::Answer(Err(refusal)) => refusal.code.clone(),
            Self::Status(status) => format!("http {}", status.as_u16()),
            Self::NotJson => "not json".to_owned(),
            Self::Reset => "reset".to_owned(),
        }
    }

    fn into_response(self, line: &Line, scopes: Option<String>) -> Response {
        let mut response = match self {
            Self::Answer(Ok(fields)) => {
                let mut body = json!({ "ok": true });
                if let (Some(body), Some(fields)) = (body.as_object_mut(), fields.as_object()) {
                    body.extend(fields.clone());
                }
                Json(body).into_response()
            }
            Self::Answer(Err(refusal)) => match refusal.retry_after {
                Some(seconds) => {
                    let wait = [(header::RETRY_AFTER, seconds.to_string())];
                    (StatusCode::TOO_MANY_REQUESTS, wait, Json(refusal.body())).into_response()
                }
                None => Json(refusal.body()).into_response(),
            },
            Self::Status(status) => (status, "the stand-in was asked to fail here").into_response(),
            Self::NotJson => Html("<!doctype html><title>Slack</title><p>Something went wrong.").into_response(),
            Self::Reset => {
                line.cut();
                StatusCode::OK.into_response()
            }
        };
        if let Some(scopes) = scopes.and_then(|scopes| HeaderValue::from_str(&scopes).ok()) {
            response.headers_mut().insert("x-oauth-scopes", scopes);
        }
        response
    }
}
