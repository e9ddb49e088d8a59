//! wrk, and what it says.

use recap::standin::signature;
use std::path::Path;
use tokio::process::Command;

pub const SIGNING_SECRET: &str = "bench-signing-secret";
const CONNECTIONS: &str = "16";
const SECONDS: &str = "8s";

/// What one run of wrk found.
#[derive(Debug, Clone, Copy)]
pub struct Run {
    pub per_second: f64,
    pub p99_ms: f64,
}

/// `/usage help` as Slack sends it, signed now, as a script for wrk.
pub fn script(now: i64) -> String {
    const BODY: &str = "token=x&team_id=T0BENCH&team_domain=bench&channel_id=C1&channel_name=general&user_id=U0BENCH\
        &user_name=ada&command=%2Fusage&text=help&api_app_id=A1&is_enterprise_install=false\
        &response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1%2F1%2Fx&trigger_id=1.2.3";
    let signature = signature(&SIGNING_SECRET.into(), now, BODY);
    format!(
        "wrk.method = \"POST\"\nwrk.body = \"{BODY}\"\n\
         wrk.headers[\"content-type\"] = \"application/x-www-form-urlencoded\"\n\
         wrk.headers[\"x-slack-request-timestamp\"] = \"{now}\"\nwrk.headers[\"x-slack-signature\"] = \"{signature}\"\n"
    )
}

/// Loads `url`, which is on this machine, for a few seconds.
pub async fn wrk(script: &Path, url: &str) -> Run {
    let mut command = Command::new("wrk");
    command.args(["--threads", "1", "--connections", CONNECTIONS, "--duration", SECONDS, "--latency", "--script"]);
    let output = command.arg(script).arg(url).output().await.expect("wrk: run `.ci/bench`");
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && !said.contains("Non-2xx") && !said.contains("Socket errors"), "{said}");
    let after = |label: &str| {
        let line = said.lines().map(str::trim).find_map(|line| line.strip_prefix(label));
        line.map_or_else(|| panic!("no {label} in {said}"), str::trim)
    };
    Run { per_second: after("Requests/sec:").parse().expect("a number"), p99_ms: milliseconds(after("99%")) }
}

/// `4.31ms`, `661.00us` or `1.02s`.
fn milliseconds(text: &str) -> f64 {
    let (number, factor) = [("us", 0.001), ("ms", 1.0), ("s", 1_000.0)]
        .into_iter()
        .find_map(|(unit, factor)| Some((text.strip_suffix(unit)?, factor)))
        .expect("a time");
    number.parse::<f64>().expect("a number") * factor
}
