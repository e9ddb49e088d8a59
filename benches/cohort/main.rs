//! A cohort of 20,000 against the bare queries, a plain `GROUP BY`, one query per member, and 40,000.
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

use figures::Report;
use recap::warehouse::embedded::{Engine, EngineOptions};
use std::{env, path::Path, process::ExitCode};

/// How many members, over how many days, with about how many events.
const MEMBERS: u32 = 20_000;
const DAYS: u32 = 30;
const EVENTS: u64 = 10_000_000;

fn main() -> ExitCode {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime");
    let arguments: Vec<String> = env::args().skip(1).filter(|argument| argument != "--bench").collect();
    match arguments.as_slice() {
        [part, url, database, addresses] => {
            println!("{}", runtime.block_on(parts::measure(part, url, database, addresses)));
            ExitCode::SUCCESS
        }
        _ => runtime.block_on(all()),
    }
}

async fn all() -> ExitCode {
    let folder = tempfile::tempdir_in(Path::new(env!("CARGO_MANIFEST_DIR")).join("target")).expect("a folder");
    let engine_dir = Path::new(env!("CARGO_MANIFEST_DIR")).join(".engine");
    let options = EngineOptions::new(&engine_dir, folder.path(), env!("CARGO_BIN_EXE_recap"));
    let engine = Engine::start(options).await.expect("the engine: run `make engine`");
    for members in [MEMBERS, 2 * MEMBERS] {
        figures::say(&format!("writing {EVENTS} events of {members} members over {DAYS} days"));
        let usage = parts::usage(members, DAYS, EVENTS, parts::end());
        parts::fill(engine.access(), &parts::database(members), usage).await;
        parts::write_addresses(&figures::addresses(folder.path(), members), members);
    }
    let usage = parts::usage(check::MEMBERS, DAYS, check::EVENTS, check::end());
    parts::fill(engine.access(), check::DATABASE, usage).await;
    let report = Report::measure(engine.access(), folder.path(), MEMBERS);
    engine.stop().await;
    print!("{report}");
    let quick = check::measure(&engine_dir, folder.path()).await;
    if report.holds() && quick { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
