//! The heartbeat: a URL that is called after each good tick, so that somebody else notices when none comes.

use crate::{clock::Clock, telemetry::metrics};
use reqwest::{Client, redirect};
use secrecy::{ExposeSecret, SecretString};
use std::{fmt, sync::Arc, time::Duration};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

/// How long a call may take.
const TIMEOUT: Duration = Duration::from_secs(10);
/// Between two calls.
const MINUTE: Duration = Duration::from_mins(1);
/// How many redirects within the host are followed.
const MOST_REDIRECTS: usize = 5;

/// Calls the URL; cheap to clone. The URL holds a key, so nothing shows it.
#[derive(Clone)]
pub struct Heartbeat {
    url: SecretString,
    client: Client,
    clock: Clock,
    good: Arc<Notify>,
}

impl Heartbeat {
    /// One that calls `url`, at most once in a minute of `clock`.
    ///
    /// # Errors
    /// When the system's certificates cannot be used.
    pub fn new(url: SecretString, clock: Clock) -> reqwest::Result<Self> {
        let client = Client::builder()
            .timeout(TIMEOUT)
            .redirect(redirect::Policy::custom(within_the_host))
            .user_agent(concat!("recap/", env!("CARGO_PKG_VERSION")))
            .build()?;
        Ok(Self { url, client, clock, good: Arc::default() })
    }

    /// A tick was good. Returns at once; ticks during a call, or too soon after one, are one.
    pub fn good_tick(&self) {
        self.good.notify_one();
    }

    /// Calls the URL after good ticks until `stop`.
    pub async fn run(&self, stop: CancellationToken) {
        let calls = async {
            let mut well = true;
            loop {
                self.good.notified().await;
                (well, ()) = tokio::join!(self.call(well), self.clock.sleep(MINUTE));
            }
        };
        tokio::select! {
            () = stop.cancelled() => {}
            () = calls => {}
        }
    }

    /// Calls it once; says whether it took it. A series of failures is told at its begin and its end.
    async fn call(&self, was_well: bool) -> bool {
        let answer = self.client.get(self.url.expose_secret()).send().await;
        let fault = match answer.and_then(reqwest::Response::error_for_status) {
            Ok(answer) if answer.status().is_success() => None,
            Ok(answer) => Some(format!("it answered {}", answer.status().as_u16())),
            Err(error) => Some(said(&error)),
        };
        metrics::heartbeat(fault.is_none());
        match &fault {
            Some(fault) if was_well => tracing::warn!(error = fault, "the heartbeat URL does not take the call"),
            None if !was_well => tracing::info!("the heartbeat URL takes calls again"),
            Some(_) | None => {}
        }
        fault.is_none()
    }
}

impl fmt::Debug for Heartbeat {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Heartbeat").finish_non_exhaustive()
    }
}

/// Another host must not learn what the URL holds.
fn within_the_host(attempt: redirect::Attempt<'_>) -> redirect::Action {
    let from = attempt.previous().last();
    let stays = from.is_some_and(|from| from.origin() == attempt.url().origin());
    if stays && attempt.previous().len() <= MOST_REDIRECTS { attempt.follow() } else { attempt.stop() }
}

/// What went wrong, in words without the URL: errors of the client quote it.
fn said(error: &reqwest::Error) -> String {
    match error.status() {
        Some(status) => format!("it answered {}", status.as_u16()),
        None if error.is_timeout() => format!("no answer within {} s", TIMEOUT.as_secs()),
        None if error.is_connect() => "it cannot be reached".to_owned(),
        None => "the call failed".to_owned(),
    }
}
