//! The page on which one is somebody in the workspace: their conversations as Slack would draw them, live and to be used.

mod acts;
mod blocks;
mod conversation;
mod draw;
mod inputs;
mod modal;

use super::server::Site;
use axum::{
    Router,
    extract::{Query, State},
    http::{HeaderName, header},
    response::{
        Html, IntoResponse,
        sse::{Event, KeepAlive, Sse},
    },
    routing::get,
};
use futures::stream::{self, Stream, StreamExt};
use serde::Deserialize;
use std::{convert::Infallible, sync::Arc};

/// Nothing from elsewhere, nothing inline, no framing, no forms.
const POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; base-uri 'none'; \
     form-action 'none'; frame-ancestors 'none'";

const HEADERS: [(HeaderName, &str); 4] = [
    (header::CONTENT_SECURITY_POLICY, POLICY),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "no-referrer"),
    (header::CACHE_CONTROL, "no-store"),
];

#[derive(Debug, Deserialize)]
struct Wanted {
    /// The conversation to show: a person's own with the app, or a channel.
    to: Option<String>,
    /// Whoever one is in a channel.
    #[serde(rename = "as")]
    viewer: Option<String>,
    /// `home` for the App Home.
    tab: Option<String>,
}

pub(super) fn routes() -> Router<Arc<Site>> {
    Router::new()
        .route("/", get(show))
        .route("/page.css", get(style))
        .route("/page.js", get(script))
        .route("/changes", get(changes))
        .merge(acts::routes())
}

async fn show(State(site): State<Arc<Site>>, Query(wanted): Query<Wanted>) -> impl IntoResponse {
    let html = draw::page(&site.lock(), wanted.to.as_deref(), wanted.viewer.as_deref(), wanted.tab.as_deref());
    (HEADERS, Html(html))
}

async fn style() -> impl IntoResponse {
    (HEADERS, [(header::CONTENT_TYPE, "text/css; charset=utf-8")], draw::style())
}

async fn script() -> impl IntoResponse {
    (HEADERS, [(header::CONTENT_TYPE, "text/javascript; charset=utf-8")], include_str!("page.js"))
}

/// Tells an open page whenever a message came or changed, until the stand-in stops.
async fn changes(State(site): State<Arc<Site>>) -> impl IntoResponse {
    let watch = site.lock().messages.watch();
    let stopped = site.stop.clone().cancelled_owned();
    let events = stream::unfold(watch, |mut watch| async move {
        watch.changed().await.ok()?;
        let count = *watch.borrow_and_update();
        Some((count, watch))
    });
    (HEADERS, Sse::new(told(events).take_until(stopped)).keep_alive(KeepAlive::default()))
}

fn told(counts: impl Stream<Item = u64>) -> impl Stream<Item = Result<Event, Infallible>> {
    counts.map(|count| Ok(Event::default().data(count.to_string())))
}
