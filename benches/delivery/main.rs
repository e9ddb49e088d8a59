//! How fast deliveries are planned and sent, against Slack's limits and against slack-morphism's own rate control, and
//! the memory of a daemon with 50,000 of them.
//!
//! A stand-in enforces the limits, by a clock that both sides share and that runs faster than the machine's. Arguments
//! choose parts; without any all run. Exits 1 where a limit is missed.
#![expect(
    clippy::expect_used,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a benchmark prints its figures and ends at the first surprise"
)]

mod daemon;
mod figures;
mod office;
mod own_control;
mod pace;
mod people;
mod planning;
mod usage;

use figures::Report;
use std::{env, process::ExitCode};

const PARTS: [&str; 5] = ["cached", "uncached", "own-control", "planning", "daemon"];

fn main() -> ExitCode {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime");
    let chosen: Vec<String> = env::args().skip(1).filter(|argument| argument != "--bench").collect();
    if let Some(unknown) = chosen.iter().find(|name| !PARTS.contains(&name.as_str())) {
        eprintln!("there is no part `{unknown}`, the parts are {PARTS:?}");
        return ExitCode::FAILURE;
    }
    let mut report = Report::default();
    for part in PARTS.into_iter().filter(|part| chosen.is_empty() || chosen.iter().any(|chosen| chosen == part)) {
        eprintln!("{part}");
        runtime.block_on(async {
            match part {
                "cached" => pace::cached(&mut report).await,
                "uncached" => pace::uncached(&mut report).await,
                "own-control" => own_control::compare(&mut report).await,
                "planning" => planning::measure(&mut report).await,
                _ => daemon::measure(&mut report).await,
            }
        });
    }
    print!("{report}");
    if report.holds() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
