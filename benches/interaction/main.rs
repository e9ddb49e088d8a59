//! What Slack waits for: signed `/usage help` beside Bolt for JavaScript, and how soon `/usage` is acknowledged while the
//! warehouse holds 10 million events.
//!
//! The two servers answer the same request in turn, on the same machine; what is judged are ratios within this run. Exits 1
//! where one is missed.
#![expect(
    clippy::expect_used,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a benchmark prints its figures and ends at the first surprise"
)]

mod bolt;
mod daemon;
mod help;
mod load;
mod usage;

use std::process::ExitCode;

/// What an argument chooses; without one all are run.
const CHOICES: [&str; 2] = ["help", "usage"];

fn main() -> ExitCode {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime");
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    let chosen: Vec<&str> = match arguments.as_slice() {
        [] => CHOICES.to_vec(),
        [choice] if CHOICES.contains(&choice.as_str()) => vec![choice],
        other => {
            eprintln!("there is no {other:?}, choose one of {CHOICES:?}");
            return ExitCode::FAILURE;
        }
    };
    let mut holds = true;
    if chosen.contains(&"help") {
        holds &= runtime.block_on(help::measure());
    }
    if chosen.contains(&"usage") {
        holds &= runtime.block_on(usage::measure());
    }
    if holds { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Prints a figure beside its limit; answers whether it holds.
fn judge(what: &str, reached: f64, at_least: bool, limit: f64) -> bool {
    let holds = if at_least { reached >= limit } else { reached <= limit };
    let (bound, verdict) = (if at_least { "at least" } else { "at most" }, if holds { "holds" } else { "MISSED" });
    println!("{what:66} {reached:9.3}   {bound:8} {limit:7.2}   {verdict}");
    holds
}
