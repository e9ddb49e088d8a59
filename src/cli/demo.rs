//! `recap demo`: everything in one go, on this machine alone: made-up usage, the real path, a stand-in for Slack.

mod people;
mod told;

use super::{Context, Failure, answer, daily, sample, source::Source};
use crate::{
    clock::Clock,
    config::Settings,
    daemon::Signals,
    message::Message,
    model::MemberEmail,
    sample::{Member, Options, Shape, Usage},
    standin::Standin,
    warehouse::embedded::{Access, Engine, EngineOptions},
};
use anyhow::Context as _;
use clap::value_parser;
use secrecy::ExposeSecret;
use std::path::Path;

/// The most digests that are sent.
const MOST_DIGESTS: usize = 6;
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
        shown = show(&arguments, context, engine.access()) => shown,
        () = signals.next() => Err(Failure::new("stopped before the digests were delivered")),
    };
    let outcome = match shown {
        Ok(standin) => {
            if !arguments.once {
                signals.next().await;
            }
            standin.stop().await;
            Ok(())
        }
        Err(failure) => Err(failure),
    };
    engine.stop().await;
    outcome
}

async fn start(context: &Context, data: &Path) -> Result<Engine, Failure> {
    let options = EngineOptions::new(&context.settings.clickhouse.engine_dir, data, std::env::current_exe()?);
    Engine::start(options).await.map_err(|error| {
        let hint = error.hint().to_owned();
        Failure::of(error, hint)
    })
}

/// Fills the engine, delivers the digests to a stand-in and tells what there is to see.
async fn show(arguments: &Arguments, context: &Context, engine: &Access) -> Result<Standin, Failure> {
    // One instant for all: the usage ends where the digests look back from.
    let now = context.clock.now();
    let options =
        Options { members: arguments.members, days: arguments.days, seed: SEED, end: now, events_target: None };
    let members = Usage::new(options.clone()).members();
    let standin = Standin::start(people::workspace(&members)).await.context("cannot start the stand-in for Slack")?;
    let variables = variables(engine, &standin);
    let settings = settings(&context.settings, &variables)?;
    let context = Context { settings, clock: Clock::fixed(now) };

    let source = Source::open(&context.settings).await?;
    sample::fill(&source.client(), &context.settings.clickhouse, Shape::Map, options).await?;
    let sent = deliver(&context, &source, &members).await?;
    told::delivered(&sent);
    answer(&format!("{}\n", standin.page_url()))?;
    if let (false, Some(email)) = (arguments.once, sent.last()) {
        told::next(&variables, email);
    }
    Ok(standin)
}

/// The settings that lead a command to this demo.
fn variables(engine: &Access, standin: &Standin) -> [(String, String); 5] {
    [
        ("RECAP__CLICKHOUSE__URL", engine.url.clone()),
        ("RECAP__CLICKHOUSE__USER", engine.user.clone()),
        ("RECAP__CLICKHOUSE__PASSWORD", engine.password.expose_secret().to_owned()),
        ("RECAP__SLACK__API_URL", standin.api_url()),
        ("RECAP__SLACK__BOT_TOKEN", people::TOKEN.to_owned()),
    ]
    .map(|(name, value)| (name.to_owned(), value))
}

/// The installation's settings, but for its ClickHouse and its Slack: of those, only what `variables` say.
fn settings(installation: &Settings, variables: &[(String, String)]) -> Result<Settings, Failure> {
    let demo = Settings::load(None, variables.iter().cloned())?;
    Ok(Settings { slack: demo.slack, clickhouse: demo.clickhouse, ..installation.clone() })
}

/// Sends their latest digest to those who had a session, and prints its text; the first member comes last, for the
/// page opens with the newest message.
async fn deliver(context: &Context, source: &Source, members: &[Member]) -> Result<Vec<MemberEmail>, Failure> {
    let templates = daily::templates(&context.settings)?;
    let client = daily::slack_client(&context.settings)?;
    let warehouse = source.warehouse().await?;
    let mut digests = Vec::new();
    for email in members.iter().filter_map(|member| member.email.as_deref()).take(2 * MOST_DIGESTS) {
        let email = MemberEmail::parse(email)?;
        let member = daily::addressee(&client, &email).await?;
        let report = daily::latest(context, &warehouse, &templates, &member, &email).await?;
        if !report.digest.empty {
            digests.push((email, member, report.message));
        }
        if digests.len() == MOST_DIGESTS {
            break;
        }
    }
    let mut sent = Vec::new();
    for (email, member, message) in digests.into_iter().rev() {
        daily::deliver(&client, &member, &message).await?;
        answer(&line(&message))?;
        sent.push(email);
    }
    if sent.is_empty() {
        return Err(Failure::new("nobody in the sample had a session in the time that their digest covers")
            .hint("leave `digest.default_days` as it is, or choose more `--members`"));
    }
    Ok(sent)
}

/// The top-level text, which a template of somebody's own could break.
fn line(message: &Message) -> String {
    let words: Vec<_> = message.text.split_whitespace().collect();
    format!("{}\n", words.join(" "))
}

#[cfg(test)]
mod tests;
