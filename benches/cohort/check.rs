//! How long `recap check` takes, the start of the embedded engine included: what a person at a terminal waits.

use recap::{
    clock::Clock,
    standin::{Person, Standin, Workspace},
};
use std::{path::Path, process::Stdio, time::Instant};
use tokio::process::Command;

/// The database that is checked: usage up to now, of this many members, with about this many events.
pub const DATABASE: &str = "bench_check";
pub const MEMBERS: u32 = 2_000;
pub const EVENTS: u64 = 2_000_000;
/// What it may take, in seconds.
const LIMIT: f64 = 3.0;
const RUNS: usize = 5;
const TOKEN: &str = "xoxb-bench";

/// The present, where the usage that is checked ends.
pub fn end() -> chrono::DateTime<chrono::Utc> {
    Clock::system().now()
}

/// Runs `recap check` on the embedded engine's data in `folder`, after one run that warms the page cache; prints the
/// median and tells whether it holds.
pub async fn measure(engine_dir: &Path, folder: &Path) -> bool {
    let workspace = Workspace::new("T0BENCH", TOKEN).person(Person::new("U0BENCH", "Ada").email("ada@example.com"));
    let slack = Standin::start(workspace).await.expect("a stand-in for Slack");
    let mut seconds = Vec::new();
    for run in 0..=RUNS {
        let started = Instant::now();
        let mut command = Command::new(env!("CARGO_BIN_EXE_recap"));
        command.arg("check").stdout(Stdio::null()).stderr(Stdio::inherit());
        command.env("RECAP__CLICKHOUSE__ENGINE_DIR", engine_dir).env("RECAP__CLICKHOUSE__DATA_DIR", folder);
        command.env("RECAP__CLICKHOUSE__DATABASE", DATABASE);
        command.env("RECAP__SLACK__API_URL", slack.api_url()).env("RECAP__SLACK__BOT_TOKEN", TOKEN);
        assert!(command.status().await.expect("a run").success(), "`recap check` found errors");
        if run > 0 {
            seconds.push(started.elapsed().as_secs_f64());
        }
    }
    slack.stop().await;
    seconds.sort_by(f64::total_cmp);
    let median = seconds[RUNS / 2];
    let verdict = if median < LIMIT { "holds" } else { "MISSED" };
    println!(
        "{:56} {median:9.2}   limit {LIMIT:6.1}   {verdict}",
        "`recap check`, 2 million events, embedded, in seconds"
    );
    median < LIMIT
}
