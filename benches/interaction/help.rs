//! `/usage help`, which asks neither store nor warehouse: what the transport itself costs.

use super::{bolt, daemon::Daemon, judge, load};
use recap::clock::Clock;

const ROUNDS: usize = 3;
/// How many times Bolt's requests per second.
const TIMES: f64 = 6.0;
/// What part of Bolt's p99.
const PART: f64 = 0.25;

/// Loads both in turn; answers whether the ratios hold.
pub async fn measure() -> bool {
    let files = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("a folder");
    let daemon = Daemon::start(files.path(), &["ada@example.com".to_owned()], None).await;
    let answer = daemon.help().await;
    let port = super::daemon::free_port().await;
    let mut other = bolt::start(port, &answer).await;
    let (ours, theirs) =
        (format!("{}/slack/commands", daemon.url()), format!("http://127.0.0.1:{port}/slack/commands"));
    let script = files.path().join("help.lua");
    let (mut recap, mut bolt) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        // Signed anew: Slack's requests are good for five minutes.
        std::fs::write(&script, load::script(Clock::system().now().timestamp())).expect("a script");
        recap.push(load::wrk(&script, &ours).await);
        bolt.push(load::wrk(&script, &theirs).await);
    }
    other.kill().await.expect("it ends");
    daemon.stop().await;
    let (recap, bolt) = (median(&recap), median(&bolt));
    println!(
        "`/usage help`, signed, 16 connections: Recap {:.0} a second, p99 {:.2} ms; Bolt for JavaScript {:.0}, {:.2} ms",
        recap.per_second, recap.p99_ms, bolt.per_second, bolt.p99_ms
    );
    let faster = judge("requests a second, of Bolt's", recap.per_second / bolt.per_second, true, TIMES);
    judge("p99, of Bolt's", recap.p99_ms / bolt.p99_ms, false, PART) && faster
}

fn median(runs: &[load::Run]) -> load::Run {
    let middle = |value: fn(&load::Run) -> f64| {
        let mut values: Vec<_> = runs.iter().map(value).collect();
        values.sort_by(f64::total_cmp);
        values[values.len() / 2]
    };
    load::Run { per_second: middle(|run| run.per_second), p99_ms: middle(|run| run.p99_ms) }
}
