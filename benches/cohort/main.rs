//! A cohort of 20,000 against the bare queries, a plain `GROUP BY`, one query per member, and 40,000; and 500 teams of
//! these people.
//!
//! Each part runs in a process of its own, so that its peak memory is its own; figures are medians of several runs
//! in turn, and what is judged are ratios within this run. Exits 1 where a ratio is missed.
#![expect(
    clippy::expect_used,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a benchmark prints its figures and ends at the first surprise"
)]

mod check;
mod figures;
mod parts;
mod teams;

use figures::Report;
use recap::warehouse::embedded::{Engine, EngineOptions};
use std::{env, path::Path, process::ExitCode};

/// How many members, over how many days, with about how many events.
const MEMBERS: u32 = 20_000;
const DAYS: u32 = 30;
const EVENTS: u64 = 10_000_000;
/// Divides members and events, to try the program out: its figures then say nothing.
const REDUCED: &str = "RECAP_BENCH_REDUCED_BY";
/// What an argument chooses; without one all are run.
const CHOICES: [&str; 3] = ["digests", "teams", "check"];

fn main() -> ExitCode {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime");
    let arguments: Vec<String> = env::args().skip(1).filter(|argument| argument != "--bench").collect();
    match arguments.as_slice() {
        [part, url, database, addresses] => {
            println!("{}", runtime.block_on(parts::measure(part, url, database, addresses)));
            ExitCode::SUCCESS
        }
        [] => runtime.block_on(run(&CHOICES)),
        [choice] if CHOICES.contains(&choice.as_str()) => runtime.block_on(run(&[choice])),
        other => {
            eprintln!("there is no {other:?}, choose one of {CHOICES:?}");
            ExitCode::FAILURE
        }
    }
}

async fn run(chosen: &[&str]) -> ExitCode {
    let chosen = |choice: &str| chosen.contains(&choice);
    let reduced = env::var(REDUCED).map_or(1, |by| by.parse::<u32>().expect("a number"));
    let (members, events) = (MEMBERS / reduced, EVENTS / u64::from(reduced));
    let folder = tempfile::tempdir_in(Path::new(env!("CARGO_MANIFEST_DIR")).join("target")).expect("a folder");
    let engine_dir = Path::new(env!("CARGO_MANIFEST_DIR")).join(".engine");
    let mut options = EngineOptions::new(&engine_dir, folder.path(), env!("CARGO_BIN_EXE_recap"));
    // It tells how many queries there were.
    options.query_log = true;
    let engine = Engine::start(options).await.expect("the engine: run `make engine`");
    let twice = chosen("digests").then_some(2 * members);
    for members in [Some(members), twice].into_iter().flatten().filter(|_| chosen("digests") || chosen("teams")) {
        figures::say(&format!("writing {events} events of {members} members over {DAYS} days"));
        let usage = parts::usage(members, DAYS, events, parts::end());
        parts::fill(engine.access(), &parts::database(members), usage).await;
        parts::write_addresses(&figures::addresses(folder.path(), members), members);
    }
    if chosen("check") {
        let usage = parts::usage(check::MEMBERS / reduced, DAYS, check::EVENTS / u64::from(reduced), check::end());
        parts::fill(engine.access(), check::DATABASE, usage).await;
    }
    let digests = chosen("digests").then(|| Report::measure(engine.access(), folder.path(), members));
    let teams = chosen("teams").then(|| teams::Report::measure(engine.access(), folder.path(), members));
    engine.stop().await;
    if let Some(report) = &digests {
        print!("{report}");
    }
    if let Some(report) = &teams {
        print!("{report}");
    }
    let quick = !chosen("check") || check::measure(&engine_dir, folder.path()).await;
    let holds = digests.is_none_or(|report| report.holds()) && teams.is_none_or(|report| report.holds());
    if holds && quick { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
