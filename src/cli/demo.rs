//! `recap demo`: everything in one go, on this machine alone: made-up usage, the real path, a stand-in for Slack.

mod enrolled;
mod people;
mod team;
mod told;

use super::{Context, Failure, answer, sample, source::Source, state};
use crate::{
    clock::Clock,
    config::Settings,
    daemon::{Signals, serve},
    sample::{Options, Shape, Usage},
    standin::{AppEndpoint, Standin},
    warehouse::embedded::{Access, Engine, EngineError, EngineOptions},
};
use anyhow::Context as _;
use clap::value_parser;
use secrecy::{ExposeSecret, SecretString};
use std::{
    collections::BTreeMap,
    net::{Ipv4Addr, TcpListener},
    path::Path,
    time::Duration,
};
use tokio_util::{sync::CancellationToken, task::AbortOnDropHandle};

/// How many people of the sample opt in.
const MOST_ENROLLED: usize = 12;
/// How often the daemon's work is looked at.
const LOOK_EVERY: Duration = Duration::from_millis(200);
/// How long the daemon may take.
const PATIENCE: Duration = Duration::from_mins(2);
/// A fixed seed: the demo of one day looks the same each time.
const SEED: u64 = 1;

/// See a digest: sample usage, embedded ClickHouse, stand-in Slack
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Needs the embedded ClickHouse (`make engine`) and no settings. Those of `[digest]`, `[messages]` and `[log]` count,
so that a template of your own is seen; the ClickHouse and the Slack of the settings are left alone.")]
pub struct Arguments {
    /// End once the digests are delivered
    #[arg(long)]
    once: bool,
    /// How many people the sample has; the first eight each have a story
    #[arg(long, value_name = "N", default_value_t = 12, value_parser = value_parser!(u32).range(1..=10_000))]
    members: u32,
    /// How many days of usage, up to now; at least the five that the digest of a Monday morning reaches back
    #[arg(long, value_name = "N", default_value_t = 30, value_parser = value_parser!(u32).range(5..=400))]
    days: u32,
}

/// Delivers the digests and stays up until SIGINT, SIGTERM or SIGHUP, or ends at once if told so. Nothing is left behind.
///
/// # Errors
/// When the engine is missing, a digest cannot be made, or a signal comes before the digests are delivered.
pub async fn run(arguments: Arguments, context: &Context) -> Result<(), Failure> {
    let mut signals = Signals::watch().context("cannot watch for signals")?;
    let data = tempfile::Builder::new().prefix("recap-demo-").tempdir();
    let data = data.context("cannot make a directory for the demo's data")?;
    told::starting(data.path());
    // Started in any case, for only a child that is known is ended in order; a signal meanwhile counts below.
    let engine = start(context, data.path()).await?;
    let shown = tokio::select! {
        shown = show(&arguments, context, engine.access(), data.path()) => shown,
        () = signals.next() => Err(Failure::new("stopped before the digests were delivered")),
    };
    let outcome = match shown {
        Ok(shown) => {
            if !arguments.once {
                signals.next().await;
            }
            shown.end().await
        }
        Err(failure) => Err(failure),
    };
    engine.stop().await;
    outcome
}

/// What is there to see: the stand-in, and the daemon that sends to it.
struct Shown {
    standin: Standin,
    daemon: AbortOnDropHandle<Result<(), Failure>>,
    stop: CancellationToken,
}

impl Shown {
    async fn end(self) -> Result<(), Failure> {
        self.stop.cancel();
        let ended = self.daemon.await;
        self.standin.stop().await;
        ended.context("the daemon broke off")?
    }
}

async fn start(context: &Context, data: &Path) -> Result<Engine, Failure> {
    let options = EngineOptions::new(&context.settings.clickhouse.engine_dir, data, std::env::current_exe()?);
    Engine::start(options).await.map_err(|error| {
        let hint = hint(&error).to_owned();
        Failure::of(error, hint)
    })
}

/// What mends it here, where no other ClickHouse and no other directory of the settings counts.
fn hint(error: &EngineError) -> &str {
    use EngineError::{Damaged, DataDirectory, Died, InUse, Missing, Path, Refused, Silent};
    match error {
        Missing { .. } | Damaged { .. } | Died { .. } | Silent { .. } | Refused { hint: None, .. } => {
            "run `make engine`, or set `clickhouse.engine_dir` to the directory that it fills"
        }
        InUse { .. } | DataDirectory { .. } | Path { .. } => "set TMPDIR to a directory that you may write",
        other => other.hint(),
    }
}

/// Fills the engine, lets the daemon deliver to a stand-in and tells what there is to see.
async fn show(arguments: &Arguments, context: &Context, engine: &Access, data: &Path) -> Result<Shown, Failure> {
    // One instant for all: the usage ends where the digests look back from.
    let now = context.clock.now();
    let options =
        Options { members: arguments.members, days: arguments.days, seed: SEED, end: now, events_target: None };
    let members = Usage::new(options.clone()).members();
    let standin = Standin::start(people::workspace(&members)).await.context("cannot start the stand-in for Slack")?;
    let mut variables = variables(engine, &standin, data);
    // The daemon wakes at the latest occurrence, so that nobody waits for nine o'clock.
    let occurrence = enrolled::latest_occurrence(&context.settings, &members, now);
    variables.extend(team::variables(&members, occurrence));
    let settings = settings(&context.settings, &variables)?;
    let source = Source::open(&settings).await?;
    sample::fill(&source.client(), &settings.clickhouse, Shape::Map, options).await?;

    let clock = Clock::running(occurrence, 1.0);
    standin.set_clock(clock.clone());
    let mut context = Context { settings, clock };
    let enrolled = enrolled::enroll(&context, &members, occurrence, MOST_ENROLLED).await?;
    told::enrolled(enrolled.len());
    let admin = connect(&mut context.settings, &standin)?;
    let shown = daemon(&context, standin)?;
    wait(&context, &shown).await?;

    let messages = shown.standin.messages();
    for message in &messages {
        answer(&line(&message.text))?;
    }
    told::delivered(messages.len());
    answer(&format!("{}\n", shown.standin.page_url()))?;
    if !arguments.once {
        told::admin_page(context.settings.http.ops_listen, &admin);
    }
    if let (false, Some(email)) = (arguments.once, enrolled.first()) {
        told::next(&variables, email, &context.settings.slack.command);
    }
    Ok(shown)
}

/// Lets the stand-in send commands and clicks to the daemon, signed with a secret of this run alone, and whoever has the
/// returned token into its admin page.
///
/// The ports are looked for just before the daemon takes them, for the stand-in and the reader must know them beforehand.
fn connect(settings: &mut Settings, standin: &Standin) -> Result<SecretString, Failure> {
    let free = || TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).context("cannot find a free port");
    // Both are held at once, so that they differ.
    let (public, ops) = (free()?, free()?);
    settings.http.listen = public.local_addr().context("cannot find a free port")?;
    settings.http.ops_listen = ops.local_addr().context("cannot find a free port")?;
    let random = || SecretString::from(format!("{:032x}", rand::random::<u128>()));
    let (secret, token) = (random(), random());
    standin.connect_app(AppEndpoint {
        base_url: format!("http://{}", settings.http.listen),
        signing_secret: secret.clone(),
        command: settings.slack.command.clone(),
    });
    settings.slack.signing_secret = Some(secret);
    settings.http.admin_tokens = BTreeMap::from([("demo".to_owned(), token.clone())]);
    Ok(token)
}

/// Starts the daemon, as `recap serve` would.
fn daemon(context: &Context, standin: Standin) -> Result<Shown, Failure> {
    let (stop, executable) = (CancellationToken::new(), std::env::current_exe()?);
    let (context, stopped) = (context.clone(), stop.clone());
    let daemon = tokio::spawn(async move {
        serve(&context.settings, executable, &context.clock, stopped).await.map_err(Failure::from)
    });
    Ok(Shown { standin, daemon: AbortOnDropHandle::new(daemon), stop })
}

/// Waits until every delivery of the daemon is final.
async fn wait(context: &Context, shown: &Shown) -> Result<(), Failure> {
    let store = state::store(context).await?;
    let all = async {
        loop {
            tokio::time::sleep(LOOK_EVERY).await;
            if shown.daemon.is_finished() {
                return Err(Failure::new("the daemon ended before the digests were delivered"));
            }
            let open = store.open_deliveries().await.map_err(state::explained)?;
            if open.is_empty() && !shown.standin.messages().is_empty() {
                return Ok(());
            }
        }
    };
    let outcome = tokio::time::timeout(PATIENCE, all).await.unwrap_or_else(|_| {
        Err(Failure::new("nobody in the sample had a session in the time that their digest covers")
            .hint("leave `digest.default_days` as it is, or choose more `--members`"))
    });
    store.database().close().await;
    outcome
}

/// The settings that lead a command to this demo.
fn variables(engine: &Access, standin: &Standin, data: &Path) -> Vec<(String, String)> {
    [
        ("RECAP__CLICKHOUSE__URL", engine.url.clone()),
        ("RECAP__CLICKHOUSE__USER", engine.user.clone()),
        ("RECAP__CLICKHOUSE__PASSWORD", engine.password.expose_secret().to_owned()),
        ("RECAP__SLACK__API_URL", standin.api_url()),
        ("RECAP__SLACK__BOT_TOKEN", people::TOKEN.to_owned()),
        ("RECAP__STORE__URL", format!("sqlite:{}", data.join("recap.sqlite").display())),
        ("RECAP__DIGEST__ENABLED", "true".to_owned()),
        ("RECAP__HTTP__LISTEN", "127.0.0.1:0".to_owned()),
        ("RECAP__HTTP__OPS_LISTEN", "127.0.0.1:0".to_owned()),
    ]
    .map(|(name, value)| (name.to_owned(), value))
    .into()
}

/// The installation's settings, but for what the demo has of its own: of ClickHouse, Slack, store, listeners and owners
/// only what `variables` say.
fn settings(installation: &Settings, variables: &[(String, String)]) -> Result<Settings, Failure> {
    let demo = Settings::load(None, variables.iter().cloned())?;
    let mut settings = Settings {
        slack: demo.slack,
        clickhouse: demo.clickhouse,
        store: demo.store,
        http: demo.http,
        ops: demo.ops,
        teams: demo.teams,
        ..installation.clone()
    };
    settings.digest.enabled = true;
    settings.digest.jitter_minutes = 0;
    Ok(settings)
}

/// The top-level text, which a template of somebody's own could break.
fn line(text: &str) -> String {
    let words: Vec<_> = text.split_whitespace().collect();
    format!("{}\n", words.join(" "))
}

#[cfg(test)]
mod tests;
