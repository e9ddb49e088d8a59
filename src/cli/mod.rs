//! The command line: which commands there are, what they are given, and how they end.
//!
//! Each command is a file with `Arguments` and `async fn run`. One that needs settings also takes a [`Context`]; all
//! answer through [`answer`](fn@answer) and fail with a [`Failure`].

mod answer;
mod check;
mod clickhouse;
mod consent;
mod context;
mod daily;
mod default_config;
#[cfg(feature = "standin")]
mod demo;
mod explain;
mod failure;
mod grants;
mod halt;
mod healthcheck;
mod manifest;
mod preview;
mod resolve;
mod sample;
mod send;
mod serve;
mod simulate;
mod source;
mod state;
mod template;
mod weekly;

pub use answer::{answer, answer_lines};
pub use context::Context;
pub use failure::Failure;

use clap::{Parser, Subcommand};
use std::{ffi::OsString, io::Write, path::PathBuf, process::ExitCode, sync::LazyLock};

static VERSION: LazyLock<String> =
    LazyLock::new(|| format!("{} (tzdb {})", env!("CARGO_PKG_VERSION"), chrono_tz::IANA_TZDB_VERSION));

const EXAMPLES: &str = "\
Examples:
  recap default-config > recap.toml    start a settings file from the commented defaults
  recap --config recap.toml COMMAND    run a command with it
  RECAP__LOG__LEVEL=debug recap COMMAND
                                       set one key for one run

Settings: the defaults, then the file, then variables RECAP__SECTION__KEY; the last one wins.
Exit codes: 0 done, 1 failed with a reason on stderr, 2 wrong usage.";

/// Tells people in Slack how they use Claude Code, from the telemetry in ClickHouse.
#[derive(Debug, Parser)]
#[command(name = "recap", version = VERSION.as_str(), after_help = EXAMPLES, arg_required_else_help = true)]
struct Invocation {
    /// Settings file; without it the one that RECAP_CONFIG names, if any
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Serve(serve::Arguments),
    #[cfg(feature = "standin")]
    Demo(demo::Arguments),
    Preview(preview::Arguments),
    Send(send::Arguments),
    Consent(consent::Arguments),
    Explain(explain::Arguments),
    Resolve(resolve::Arguments),
    Halt(halt::HaltArguments),
    Resume(halt::ResumeArguments),
    Simulate(simulate::Arguments),
    Check(check::Arguments),
    Grants(grants::Arguments),
    Manifest(manifest::Arguments),
    DefaultConfig(default_config::Arguments),
    Sample(sample::Arguments),
    Clickhouse(clickhouse::Arguments),
    Healthcheck(healthcheck::Arguments),
    Template(template::Arguments),
}

impl Invocation {
    async fn run(self) -> Result<(), Failure> {
        let config = self.config.as_deref();
        match self.command {
            Command::Serve(arguments) => serve::run(arguments, &Context::load(config)?).await,
            #[cfg(feature = "standin")]
            Command::Demo(arguments) => demo::run(arguments, &Context::load(config)?).await,
            Command::Preview(arguments) => preview::run(arguments, &Context::load(config)?).await,
            Command::Send(arguments) => send::run(arguments, &Context::load(config)?).await,
            Command::Consent(arguments) => consent::run(arguments, &Context::load(config)?).await,
            Command::Explain(arguments) => explain::run(arguments, &Context::load(config)?).await,
            Command::Resolve(arguments) => resolve::run(arguments, &Context::load(config)?).await,
            Command::Halt(arguments) => halt::halt(arguments, &Context::load(config)?).await,
            Command::Resume(arguments) => halt::resume(arguments, &Context::load(config)?).await,
            Command::Simulate(arguments) => simulate::run(arguments, config).await,
            Command::Check(arguments) => check::run(arguments, config).await,
            Command::Grants(arguments) => grants::run(arguments, config).await,
            Command::Manifest(arguments) => manifest::run(arguments, config).await,
            Command::DefaultConfig(arguments) => default_config::run(arguments).await,
            Command::Sample(arguments) => sample::run(&arguments, &Context::load(config)?).await,
            Command::Clickhouse(arguments) => clickhouse::run(arguments).await,
            Command::Healthcheck(arguments) => healthcheck::run(arguments, &Context::load(config)?).await,
            Command::Template(arguments) => template::run(arguments).await,
        }
    }
}

/// Runs the command that `arguments` name, the program's own name first.
pub async fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let invocation = match Invocation::try_parse_from(arguments) {
        Ok(invocation) => invocation,
        Err(answer) => {
            // Help, the version or wrong usage; nobody may be reading it.
            let _ = answer.print();
            return u8::try_from(answer.exit_code()).map_or(ExitCode::FAILURE, ExitCode::from);
        }
    };
    match invocation.run().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => fail(&failure),
    }
}

/// Tells `failure` on stderr.
pub fn fail(failure: &Failure) -> ExitCode {
    // Where stderr is gone, the exit code is all that is left to say.
    let _ = writeln!(std::io::stderr(), "{failure}");
    failure.exit_code()
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_commands_are_well_formed() {
        Invocation::command().debug_assert();
    }
}
