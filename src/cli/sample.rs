//! `recap sample`

use super::{Context, Failure, source::Source};
use crate::{
    config::ClickHouse,
    sample::{self, Options, Shape, Tables, Usage, Written},
};
use clap::{ValueEnum, value_parser};
use clickhouse::Client;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::{
    io::Write,
    time::{Duration, Instant},
};

/// Write made-up usage to the configured ClickHouse
#[derive(Debug, Clone, clap::Args)]
#[command(after_help = "\
Makes the tables where they are missing and replaces an earlier sample.
Refuses a table that holds rows of others.

Examples:
  recap sample --members 25 --days 30
  recap sample --members 25 --days 30 --shape zeude")]
pub struct Arguments {
    /// How many people; the first eight each have a story
    #[arg(long, value_name = "N", value_parser = value_parser!(u32).range(1..=1_000_000))]
    pub members: u32,
    /// How many days, up to now
    #[arg(long, value_name = "N", value_parser = value_parser!(u32).range(1..=400))]
    pub days: u32,
    /// The same seed makes up the same usage
    #[arg(long, value_name = "S", default_value_t = 1)]
    pub seed: u64,
    /// The shape of the tables
    #[arg(long, value_enum, default_value_t = TableShape::Map)]
    pub shape: TableShape,
}

/// A shape by the name that the command line gives it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum TableShape {
    /// The collector's exporter, attributes as maps
    Map,
    /// The collector's exporter with `json: true`
    Json,
    /// zeude's log and prompt tables
    Zeude,
}

impl From<TableShape> for Shape {
    fn from(shape: TableShape) -> Self {
        match shape {
            TableShape::Map => Self::Map,
            TableShape::Json => Self::Json,
            TableShape::Zeude => Self::Zeude,
        }
    }
}

/// Writes made-up usage to the configured ClickHouse.
///
/// # Errors
/// When the tables hold rows of others or have another shape, or ClickHouse does not take the rows.
pub async fn run(arguments: &Arguments, context: &Context) -> Result<(), Failure> {
    let settings = &context.settings.clickhouse;
    let source = Source::open(&context.settings).await?;
    let client = source.client();
    let options = Options {
        members: arguments.members,
        days: arguments.days,
        seed: arguments.seed,
        end: context.clock.now(),
        events_target: None,
    };
    let filled = fill(&client, settings, arguments.shape.into(), options).await;
    source.close().await;
    filled.map(|_| ())
}

/// Writes made-up usage through `client` and tells on stderr how far it is and what was done.
///
/// # Errors
/// As for [`run`].
pub async fn fill(client: &Client, settings: &ClickHouse, shape: Shape, options: Options) -> Result<Written, Failure> {
    let tables =
        Tables::of(shape, &settings.database, settings.logs_table.as_deref(), settings.prompts_table.as_deref());
    let usage = Usage::new(options);
    let bar = bar(usage.estimate());
    let begun = Instant::now();
    let written = sample::write(client, &tables, shape, usage, |rows| {
        bar.set_length(bar.length().unwrap_or_default().max(rows));
        bar.set_position(rows);
    })
    .await;
    bar.finish_and_clear();
    let written = written.map_err(|error| {
        let hint = error.hint();
        Failure::of(error, hint)
    })?;
    // The rows are written all the same where nobody can be told.
    let _ = writeln!(std::io::stderr(), "{}", told(written, &tables, begun.elapsed()));
    Ok(written)
}

/// Drawn on stderr, and only where that is a terminal.
fn bar(estimate: u64) -> ProgressBar {
    let bar = ProgressBar::with_draw_target(Some(estimate), ProgressDrawTarget::stderr());
    ProgressStyle::with_template("{bar:30} {human_pos} of about {human_len} rows, {eta} left")
        .map(|style| bar.clone().with_style(style))
        .unwrap_or(bar)
}

fn told(written: Written, tables: &Tables, took: Duration) -> String {
    let prompts = match written.prompts {
        0 => String::new(),
        prompts => format!(" and {prompts} to `{}`", tables.prompts.name),
    };
    let replaced = if written.replaced { "; the rows of an earlier sample are replaced" } else { "" };
    let (rows, logs, seconds) = (written.rows, &tables.logs.name, took.as_secs_f64());
    format!("wrote {rows} made-up rows to `{logs}`{prompts} in {seconds:.1} s{replaced}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::Parser;

    #[derive(Debug, Parser)]
    struct Line {
        #[command(flatten)]
        arguments: Arguments,
    }

    fn parse(line: &str) -> Result<Arguments, clap::Error> {
        Line::try_parse_from(std::iter::once("sample").chain(line.split(' '))).map(|line| line.arguments)
    }

    #[test]
    fn the_shape_is_map_and_the_seed_fixed_unless_told_otherwise() {
        let arguments = parse("--members 25 --days 30").unwrap();
        assert_eq!((arguments.seed, arguments.shape), (1, TableShape::Map));
        assert_eq!(parse("--members 1 --days 400 --shape zeude").unwrap().shape, TableShape::Zeude);
    }

    #[test]
    fn numbers_out_of_range_are_wrong_usage() {
        for line in [
            "--members 0 --days 1",
            "--members 1000001 --days 1",
            "--members 1 --days 0",
            "--members 1 --days 401",
            "--members 1 --days -1",
            "--members 1 --days 1 --shape csv",
            "--members 1",
            "--days 1",
        ] {
            assert_eq!(parse(line).unwrap_err().exit_code(), 2, "{line}");
        }
    }

    #[test]
    fn a_replaced_sample_is_told() {
        let tables = Tables::of(Shape::Zeude, "default", None, None);
        let written = Written { rows: 7, prompts: 2, replaced: true };
        assert_eq!(
            told(written, &tables, Duration::from_millis(1_240)),
            "wrote 7 made-up rows to `claude_code_logs` and 2 to `ai_prompts` in 1.2 s; the rows of an earlier sample are replaced"
        );
    }
}
