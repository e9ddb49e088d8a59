//! `recap check`: whether everything that Recap depends on is as it must be.

mod directory;
mod line;
mod local;
mod people;
mod scopes;
mod slack;
mod store;
mod teams;
mod telemetry;

use super::{Context, Failure, answer};
use clap::ValueEnum;
use line::Line;
use std::path::Path;

/// Check settings, ClickHouse, Slack and templates
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Each line says `ok`, `warning` or `error`; any error exits with 1. Nothing is written or sent.

Examples:
  recap check
  recap --config recap.toml check --format json")]
pub struct Arguments {
    /// How it is printed; `json` is a list of `{"check", "status", "message", "hint"}`
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// Look into all events of the last 30 days, however long it takes; without it, into the latest 500,000
    #[arg(long)]
    thorough: bool,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Format {
    Text,
    Json,
}

/// Prints what was found, everything even where the first thing fails.
///
/// # Errors
/// When anything is an error.
pub async fn run(arguments: Arguments, config: Option<&Path>) -> Result<(), Failure> {
    let lines = match Context::load(config) {
        Ok(context) => look(&context, arguments.thorough).await,
        Err(failure) => without_settings(&failure),
    };
    answer(&match arguments.format {
        Format::Text => line::text(&lines),
        Format::Json => format!("{}\n", serde_json::to_string_pretty(&lines)?),
    })?;
    line::verdict(&lines)
}

/// ClickHouse and Slack are asked at the same time; only who is who needs both.
async fn look(context: &Context, thorough: bool) -> Vec<Line> {
    let (clickhouse, slack) = tokio::join!(telemetry::open(context, thorough), slack::look(context));
    let sight = clickhouse.sight.as_ref();
    let people = people::compare(sight, slack.directory.as_ref());
    let (skills, costs, people) = tokio::join!(telemetry::skills(sight), telemetry::costs(sight), people);
    let mut lines = vec![Line::ok("settings", "every key is known and every value can be used")];
    lines.extend(clickhouse.lines);
    lines.extend(skills);
    lines.extend(costs);
    lines.extend(slack.lines);
    lines.push(people);
    lines.push(store::look(context, slack.workspace.as_ref()).await);
    lines.extend(local::templates(&context.settings));
    if let Some(source) = clickhouse.source {
        source.close().await;
    }
    lines
}

/// One line for each fault; nothing else can be looked into.
fn without_settings(failure: &Failure) -> Vec<Line> {
    let reason = failure.reason();
    let faults: Vec<&str> = match reason.split_once('\n') {
        Some((_, faults)) => faults.lines().collect(),
        None => vec![&reason],
    };
    let hint = failure.advice().unwrap_or_default();
    let faults = faults.into_iter().map(|fault| Line::error("settings", fault, hint));
    let rest = ["clickhouse", "slack", "people", "store", "templates"];
    faults.chain(rest.map(|check| Line::skipped(check, "the settings cannot be used"))).collect()
}
