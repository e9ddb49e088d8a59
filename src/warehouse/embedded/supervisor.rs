//! The parent's side: keeps one engine running on one port for as long as it is wanted.

use std::net::{Ipv4Addr, TcpListener};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::time::Duration;

use secrecy::SecretString;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tokio::time::Instant;

use super::access::{self, Access};
use super::address::{self, Told};
use super::ask;
use super::child::Host;
use super::library::EngineLibrary;
use super::lock::DirectoryLock;
use super::{EngineError, EngineOptions};

/// The pause before the first restart; each further one is twice as long.
const FIRST_PAUSE: Duration = Duration::from_millis(100);
/// The longest pause between restarts.
const LONGEST_PAUSE: Duration = Duration::from_secs(30);
/// An engine that ran this long has earned the first pause again.
const HEALTHY_AFTER: Duration = Duration::from_mins(1);
/// How many free ports are tried: another process may take one before the child does.
const PORTS: u32 = 5;

/// A running embedded ClickHouse; dropping it kills the child.
#[derive(Debug)]
pub struct Engine {
    access: Access,
    counters: Arc<Counters>,
    stop: Option<oneshot::Sender<()>>,
    supervisor: JoinHandle<()>,
    data_dir: PathBuf,
    // Forgotten before the lock is let go.
    told: Option<Told>,
    _lock: DirectoryLock,
}

#[derive(Debug, Default)]
struct Counters {
    restarts: AtomicU64,
    process: AtomicU32,
}

impl Engine {
    /// Starts the engine on a free loopback port and waits until it answers. Fails if it is missing or damaged, if
    /// another Recap uses the data directory, or if it does not answer within 30 s.
    pub async fn start(options: EngineOptions) -> Result<Self, EngineError> {
        EngineLibrary::find(&options.engine_dir)?;
        let lock = DirectoryLock::take(&options.data_dir, "recap.lock", Duration::ZERO)?;
        let fault = |source| EngineError::DataDirectory { path: options.data_dir.clone(), source };
        address::clear(&options.data_dir).map_err(fault)?;
        let client = ask::client().map_err(|error| EngineError::Loopback(Box::new(error)))?;
        let (host, port, access) = first(&options, &client).await?;
        let counters = Arc::new(Counters { process: host.process().into(), ..Counters::default() });
        let (stop, stopped) = oneshot::channel();
        let data_dir = options.data_dir.clone();
        let supervision =
            Supervision { options, port, access: access.clone(), client, counters: Arc::clone(&counters) };
        let supervisor = tokio::spawn(supervision.run(host, stopped));
        Ok(Self { access, counters, stop: Some(stop), supervisor, data_dir, told: None, _lock: lock })
    }

    /// Lets other commands with the same data directory find this engine; for one that stays.
    pub fn share(&mut self) -> Result<(), EngineError> {
        let told = Told::write(&self.data_dir, &self.access);
        let fault = |source| EngineError::DataDirectory { path: self.data_dir.clone(), source };
        self.told = Some(told.map_err(fault)?);
        Ok(())
    }

    /// The address of the HTTP interface; it stays the same across restarts.
    pub fn url(&self) -> String {
        self.access.url.clone()
    }

    /// The address and the account to ask it with; they stay the same across restarts.
    pub fn access(&self) -> &Access {
        &self.access
    }

    /// How often the engine died and answered again.
    pub fn restarts(&self) -> u64 {
        self.counters.restarts.load(Ordering::Relaxed)
    }

    /// The process id of the present child, as the system knows it; 0 while it is being restarted.
    pub fn process(&self) -> u32 {
        self.counters.process.load(Ordering::Relaxed)
    }

    /// Ends the child and waits until it is gone.
    pub async fn stop(mut self) {
        self.told = None;
        if let Some(stop) = self.stop.take() {
            // An error means that the supervisor is gone, and the child with it.
            let _ = stop.send(());
        }
        if let Err(error) = (&mut self.supervisor).await {
            tracing::warn!(%error, "the embedded ClickHouse was not stopped in order");
        }
    }
}

impl Drop for Engine {
    fn drop(&mut self) {
        // The task owns the child, which is killed when it is dropped.
        self.supervisor.abort();
    }
}

/// Starts the first child, on another port if the chosen one was taken meanwhile.
async fn first(options: &EngineOptions, client: &reqwest::Client) -> Result<(Host, u16, Access), EngineError> {
    let mut tried = 0;
    loop {
        let port = free_port().map_err(|error| EngineError::Loopback(Box::new(error)))?;
        // A new password each time: whoever took a port may have been told the last one.
        let access = access(options, port)?;
        match Host::start(options, port, &access, client).await {
            Ok(host) => return Ok((host, port, access)),
            Err(_) if tried < PORTS && TcpListener::bind((Ipv4Addr::LOCALHOST, port)).is_err() => tried += 1,
            Err(error) => return Err(error),
        }
    }
}

fn access(options: &EngineOptions, port: u16) -> Result<Access, EngineError> {
    let url = format!("http://127.0.0.1:{port}");
    if options.users_config.is_some() {
        return Ok(Access { url, user: "default".into(), password: SecretString::default() });
    }
    let password = access::new_password().map_err(EngineError::Password)?;
    Ok(Access { url, user: access::USER.into(), password })
}

fn free_port() -> std::io::Result<u16> {
    Ok(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port())
}

struct Supervision {
    options: EngineOptions,
    port: u16,
    access: Access,
    client: reqwest::Client,
    counters: Arc<Counters>,
}

impl Supervision {
    async fn run(self, mut host: Host, mut stopped: oneshot::Receiver<()>) {
        let mut pause = FIRST_PAUSE;
        loop {
            let since = Instant::now();
            let status = tokio::select! {
                status = host.ended() => status,
                _ = &mut stopped => return host.kill().await,
            };
            self.counters.process.store(0, Ordering::Relaxed);
            match status {
                Ok(status) => tracing::warn!(engine.status = %status, "embedded ClickHouse died, starting it again"),
                Err(error) => tracing::warn!(%error, "lost sight of the embedded ClickHouse, starting it again"),
            }
            pause = after(pause, since.elapsed());
            host = tokio::select! {
                (host, next) = self.restart(pause) => {
                    pause = next;
                    host
                }
                // Dropping the half-started child kills it.
                _ = &mut stopped => return,
            };
        }
    }

    /// Tries until a child answers on the same port; returns it and the pause before the next restart.
    async fn restart(&self, mut pause: Duration) -> (Host, Duration) {
        loop {
            tokio::time::sleep(pause).await;
            pause = longer(pause);
            match Host::start(&self.options, self.port, &self.access, &self.client).await {
                Ok(host) => {
                    self.counters.process.store(host.process(), Ordering::Relaxed);
                    let restarts = self.counters.restarts.fetch_add(1, Ordering::Relaxed) + 1;
                    tracing::info!(engine.restarts = restarts, "embedded ClickHouse answers again");
                    return (host, pause);
                }
                Err(error) => tracing::error!(
                    error = &error as &dyn std::error::Error,
                    hint = error.hint(),
                    pause_ms = pause.as_millis(),
                    "embedded ClickHouse does not start"
                ),
            }
        }
    }
}

fn longer(pause: Duration) -> Duration {
    (pause * 2).min(LONGEST_PAUSE)
}

fn after(pause: Duration, ran: Duration) -> Duration {
    if ran >= HEALTHY_AFTER { FIRST_PAUSE } else { pause }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_double_up_to_the_longest_and_a_healthy_run_resets_them() {
        let pauses: Vec<u128> = std::iter::successors(Some(FIRST_PAUSE), |pause| Some(longer(*pause)))
            .take(11)
            .map(|pause| pause.as_millis())
            .collect();
        assert_eq!(pauses, [100, 200, 400, 800, 1_600, 3_200, 6_400, 12_800, 25_600, 30_000, 30_000]);
        assert_eq!(after(LONGEST_PAUSE, Duration::from_secs(59)), LONGEST_PAUSE);
        assert_eq!(after(LONGEST_PAUSE, HEALTHY_AFTER), FIRST_PAUSE);
    }
}
