//! From start to orderly stop: listeners and loops first, then the warehouse, then wait for a signal.

use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use super::from_slack::FromSlack;
use super::open::OpenError;
use super::opening::{Held, Opening, store_check};
use super::readiness::{SchedulerCheck, SlackStanding};
use super::signals::Signals;
use super::supervise::Supervisor;
use super::ticks::Ticker;
use super::warehouse::WarehouseCheck;
use crate::clock::Clock;
use crate::config::Settings;
use crate::http::{self, AdminDesk, Check, Readiness, ops_router, public_router};
use crate::message::TemplateError;
use crate::telemetry::metrics;
use crate::warehouse::embedded::EngineError;

/// How long open requests may take to end after a signal; the rest of ten seconds is the engine's.
const DRAIN_WITHIN: Duration = Duration::from_secs(5);
/// How long loops may take to finish what they do after a signal.
const LOOPS_WITHIN: Duration = Duration::from_secs(10);
/// How often measurements are folded into their histograms.
const UPKEEP_EVERY: Duration = Duration::from_secs(10);

/// An address to listen on, and the setting that names it.
#[derive(Debug, Clone, Copy)]
pub struct Listen {
    /// The setting, for errors.
    pub setting: &'static str,
    /// The address.
    pub address: SocketAddr,
}

/// Why the daemon does not run.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// An address is taken or not ours.
    #[error("cannot listen on `{}` (`{}`)", listen.address, listen.setting)]
    Listen {
        /// The address.
        listen: Listen,
        /// What the system says.
        source: io::Error,
    },
    /// Signals cannot be watched.
    #[error("cannot watch for signals")]
    Signals(#[source] io::Error),
    /// The embedded engine does not start.
    #[error(transparent)]
    Engine(#[from] EngineError),
    /// Store or Slack can never be used as they are.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// A template of the settings' folder cannot be used.
    #[error(transparent)]
    Templates(#[from] TemplateError),
    /// The address to call after each tick cannot be used.
    #[error("`ops.heartbeat_url` cannot be called")]
    Heartbeat(#[source] reqwest::Error),
    /// A listener ended by itself.
    #[error("the HTTP server ended")]
    Http(#[source] io::Error),
}

impl ServeError {
    /// What the reader can do about it.
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::Listen { listen, source } if source.kind() == io::ErrorKind::AddrInUse => {
                Some(format!("another process listens there: stop it, or set `{}` to a free port", listen.setting))
            }
            Self::Listen { listen, .. } => Some(format!("set `{}` to an address of this machine", listen.setting)),
            Self::Engine(error) => Some(error.hint().to_owned()),
            Self::Open(error) => Some(error.hint()),
            Self::Templates(_) => {
                Some("`recap template check DIR` shows every fault of a folder of templates".to_owned())
            }
            Self::Signals(_) | Self::Http(_) | Self::Heartbeat(_) => None,
        }
    }
}

/// Runs the daemon until SIGTERM, SIGINT or SIGHUP; `executable` is the `recap` binary, which hosts the embedded engine.
/// Ends as well when `stop` is cancelled.
pub async fn serve(
    settings: &Settings,
    executable: PathBuf,
    clock: &Clock,
    stop: CancellationToken,
) -> Result<(), ServeError> {
    tracing::info!(version = env!("CARGO_PKG_VERSION"), "starting");
    let mut signals = Signals::watch().map_err(ServeError::Signals)?;
    let public = bind(Listen { setting: "http.listen", address: settings.http.listen }).await?;
    let ops = bind(Listen { setting: "http.ops_listen", address: settings.http.ops_listen }).await?;

    metrics::install();
    let supervisor = Supervisor::new(clock.clone());
    let ticker = Ticker::start(clock, &supervisor);
    supervisor.run("upkeep", upkeep);

    let (ping, asked) = watch::channel(None);
    let (opened, standing) = (watch::Sender::new(None), SlackStanding::default());
    let slack = FromSlack::new(&settings.slack, clock);
    let mut checks: Vec<Box<dyn Check>> = vec![
        Box::new(SchedulerCheck { ticker: ticker.clone() }),
        Box::new(store_check(opened.subscribe())),
        Box::new(standing.clone()),
        Box::new(WarehouseCheck { ping: asked }),
    ];
    checks.extend(slack.check());
    let readiness = Readiness::new(checks);
    let desk = AdminDesk::new(&settings.http, clock.clone());
    let quit = CancellationToken::new();
    let mut servers = JoinSet::new();
    servers.spawn(http::run_apart(public, public_router(slack.inlet()), quit.clone()));
    servers.spawn(http::run(ops, ops_router(readiness, desk.clone()), quit.clone()));

    let opening = Opening {
        settings,
        clock,
        executable,
        ping: &ping,
        opened: &opened,
        standing,
        ticker,
        slack: &slack,
        desk: &desk,
    };
    let mut held = Held::default();
    let outcome = tokio::select! {
        outcome = opening.run(&supervisor, &mut held) => match outcome {
            Ok(()) => run(&mut signals, &mut servers, &stop).await,
            Err(error) => Err(error),
        },
        () = signals.next() => Ok(()),
        () = stop.cancelled() => Ok(()),
    };
    quit.cancel();
    tokio::join!(supervisor.stop(LOOPS_WITHIN), async {
        drain(servers).await;
        slack.finish().await;
    });
    held.release().await;
    tracing::info!("stopped");
    outcome
}

async fn bind(listen: Listen) -> Result<TcpListener, ServeError> {
    let fault = |source| ServeError::Listen { listen, source };
    let listener = TcpListener::bind(listen.address).await.map_err(fault)?;
    tracing::info!(http.address = %listener.local_addr().map_err(fault)?, setting = listen.setting, "listening");
    Ok(listener)
}

/// Waits for a signal; a listener that ends before it is a fault.
async fn run(
    signals: &mut Signals,
    servers: &mut JoinSet<io::Result<()>>,
    stop: &CancellationToken,
) -> Result<(), ServeError> {
    tokio::select! {
        () = signals.next() => Ok(()),
        () = stop.cancelled() => Ok(()),
        ended = servers.join_next() => match ended {
            Some(Ok(Err(source))) => Err(ServeError::Http(source)),
            Some(Err(source)) => Err(ServeError::Http(io::Error::other(source))),
            Some(Ok(Ok(()))) | None => Err(ServeError::Http(io::ErrorKind::UnexpectedEof.into())),
        },
    }
}

async fn upkeep(stop: CancellationToken) -> anyhow::Result<()> {
    while stop.run_until_cancelled(tokio::time::sleep(UPKEEP_EVERY)).await.is_some() {
        metrics::upkeep();
    }
    Ok(())
}

async fn drain(mut servers: JoinSet<io::Result<()>>) {
    let all = async { while servers.join_next().await.is_some() {} };
    if tokio::time::timeout(DRAIN_WITHIN, all).await.is_err() {
        tracing::warn!("open requests were cut off");
    }
}
