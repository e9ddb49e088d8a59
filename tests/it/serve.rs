//! The daemon as a process: it listens, answers health, stops in order and leaves no engine behind.
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test ends at the first surprise")]

mod from_slack;

use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::process::Stdio;
use std::time::Duration;

use recap::warehouse::embedded::Access;
use serde_json::json;
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt, BufReader, Lines};
use tokio::net::TcpSocket;
use tokio::process::{Child, ChildStderr, Command};
use tokio::time::timeout;

use crate::{
    engine::{engine_dir, eventually, host_at, shared, signal},
    support::binary,
};

/// How long any step of a daemon may take before a test gives up.
const PATIENCE: Duration = Duration::from_secs(40);

/// The command `recap` with settings for a test: the embedded engine, and ports that the system chooses.
fn recap(command: &str, data: &TempDir) -> Command {
    let mut recap = binary::command();
    recap.arg(command).current_dir(data.path());
    recap.env("NO_COLOR", "1").env("RECAP__LOG__FORMAT", "text").env("RECAP__LOG__LEVEL", "info");
    recap.env("RECAP__HTTP__LISTEN", "127.0.0.1:0").env("RECAP__HTTP__OPS_LISTEN", "127.0.0.1:0");
    recap.env("RECAP__CLICKHOUSE__URL", "embedded").env("RECAP__CLICKHOUSE__ENGINE_DIR", engine_dir());
    recap.env("RECAP__CLICKHOUSE__DATA_DIR", data.path());
    recap
}

struct Daemon {
    child: Child,
    log: Lines<BufReader<ChildStderr>>,
    first_line: String,
    public: SocketAddr,
    ops: SocketAddr,
}

impl Daemon {
    /// Starts a daemon and reads its log until it listens.
    async fn start(command: &mut Command) -> Self {
        let mut child = command.stderr(Stdio::piped()).spawn().unwrap();
        let mut log = BufReader::new(child.stderr.take().unwrap()).lines();
        let first_line = next_line(&mut log).await;
        let public = field(&mut log, "http.address").await.parse().unwrap();
        let ops = field(&mut log, "http.address").await.parse().unwrap();
        Self { child, log, first_line, public, ops }
    }

    /// The daemon's engine and its process id, as soon as that answers.
    async fn engine(&mut self, data: &TempDir) -> (Access, u32) {
        let url = field(&mut self.log, "warehouse.url").await.trim_matches('"').to_owned();
        let access = shared(data.path());
        assert_eq!(access.url, url);
        let process = host_at(&access).await.unwrap();
        (access, process)
    }

    async fn stop(&mut self) -> Option<i32> {
        signal("TERM", self.child.id().unwrap());
        timeout(Duration::from_secs(10), self.child.wait()).await.expect("stops within 10 s").unwrap().code()
    }
}

async fn next_line(log: &mut Lines<BufReader<ChildStderr>>) -> String {
    let line = timeout(PATIENCE, log.next_line()).await.expect("the daemon logs in time").unwrap();
    line.expect("the daemon goes on")
}

/// The value of the next `name=value` in the log.
async fn field(log: &mut Lines<BufReader<ChildStderr>>, name: &str) -> String {
    loop {
        let line = next_line(log).await;
        if let Some((_, rest)) = line.split_once(&format!("{name}=")) {
            return rest.split_whitespace().next().unwrap_or_default().to_owned();
        }
    }
}

/// A port that is taken and does not listen: connections are refused for as long as the socket is held.
fn deaf() -> (TcpSocket, SocketAddr) {
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind((Ipv4Addr::LOCALHOST, 0).into()).unwrap();
    let address = socket.local_addr().unwrap();
    (socket, address)
}

async fn ask(address: SocketAddr, path: &str) -> reqwest::Response {
    let client = reqwest::Client::builder().no_proxy().timeout(PATIENCE).build().unwrap();
    client.get(format!("http://{address}{path}")).send().await.unwrap()
}

async fn get(address: SocketAddr, path: &str) -> (u16, String) {
    let response = ask(address, path).await;
    (response.status().as_u16(), response.text().await.unwrap())
}

#[tokio::test]
async fn a_daemon_answers_health_is_ready_with_its_engine_and_stops_in_order() {
    let data = tempfile::tempdir().unwrap();
    let mut daemon = Daemon::start(&mut recap("serve", &data)).await;
    assert!(daemon.first_line.contains("starting"), "{}", daemon.first_line);
    assert_eq!(get(daemon.public, "/healthz").await.0, 200);
    assert_eq!(get(daemon.public, "/readyz").await.0, 404);
    let (access, engine) = daemon.engine(&data).await;
    // All but Slack: without a token nothing can be sent.
    let body = eventually("it waits for a token alone", async || {
        let (status, body) = get(daemon.ops, "/readyz").await;
        let reasons: Vec<_> = body.matches("\"reason\"").collect();
        (status == 503 && reasons.len() == 1 && body.contains("`slack.bot_token` is not set")).then_some(body)
    });
    body.await;

    let mut healthcheck = recap("healthcheck", &data);
    healthcheck.env("RECAP__HTTP__LISTEN", daemon.public.to_string());
    assert!(healthcheck.status().await.unwrap().success());

    assert_eq!(daemon.stop().await, Some(0));
    assert_ne!(host_at(&access).await, Some(engine), "the engine is still there");
}

#[tokio::test]
async fn a_healthcheck_without_a_daemon_fails_and_says_where_it_asked() {
    let data = tempfile::tempdir().unwrap();
    let (_deaf, nobody) = deaf();
    let output = recap("healthcheck", &data).env("RECAP__HTTP__LISTEN", nobody.to_string()).output().await.unwrap();
    assert_eq!(output.status.code(), Some(1));
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.contains(&format!("error: no daemon answers on `{nobody}`\nhint: start it")), "{said}");
}

#[tokio::test]
async fn a_killed_daemon_leaves_no_engine() {
    let data = tempfile::tempdir().unwrap();
    let mut daemon = Daemon::start(&mut recap("serve", &data)).await;
    let (access, engine) = daemon.engine(&data).await;

    daemon.child.kill().await.unwrap();

    eventually("the engine is gone", async || (host_at(&access).await != Some(engine)).then_some(())).await;
    let mut next = Daemon::start(&mut recap("serve", &data)).await;
    next.engine(&data).await;
    assert_eq!(next.stop().await, Some(0));
}

#[tokio::test]
async fn a_daemon_without_its_clickhouse_lives_and_says_why_it_is_not_ready() {
    let data = tempfile::tempdir().unwrap();
    let (_deaf, nobody) = deaf();
    let mut command = recap("serve", &data);
    command.env("RECAP__CLICKHOUSE__URL", format!("http://{nobody}"));
    let mut daemon = Daemon::start(&mut command).await;

    assert_eq!(get(daemon.public, "/healthz").await, (200, "ok\n".to_owned()));
    assert_eq!(get(daemon.ops, "/healthz").await.0, 200);
    let expected = json!({"ready": false, "checks": [
        {"name": "scheduler", "ready": true},
        {"name": "store", "ready": true},
        {"name": "slack", "ready": false, "reason": "`slack.bot_token` is not set, so nothing is sent"},
        {"name": "warehouse", "ready": false, "reason": "ClickHouse cannot be reached"}
    ]});
    eventually("it says all that is missing", async || {
        let (status, body) = get(daemon.ops, "/readyz").await;
        (status == 503 && serde_json::from_str::<serde_json::Value>(&body).unwrap() == expected).then_some(())
    })
    .await;
    assert_eq!(daemon.stop().await, Some(0));
}

#[tokio::test]
async fn a_daemon_shows_its_metrics_to_operators_alone() {
    let data = tempfile::tempdir().unwrap();
    let (_deaf, nobody) = deaf();
    let mut command = recap("serve", &data);
    command.env("RECAP__CLICKHOUSE__URL", format!("http://{nobody}"));
    let mut daemon = Daemon::start(&mut command).await;

    let response = ask(daemon.ops, "/metrics").await;
    assert_eq!(response.headers()["content-type"], "text/plain; version=0.0.4");
    let shown = response.text().await.unwrap();
    let version = format!("recap_build_info{{version=\"{}\"}} 1", env!("CARGO_PKG_VERSION"));
    for line in [&*version, "recap_scheduler_restarts_total 0", "# TYPE recap_scheduler_restarts_total counter"] {
        assert!(shown.lines().any(|shown| shown == line), "{line}\n{shown}");
    }
    assert_eq!(get(daemon.public, "/metrics").await.0, 404);
    assert_eq!(daemon.stop().await, Some(0));
}

#[tokio::test]
async fn a_taken_port_is_named_with_its_setting() {
    let data = tempfile::tempdir().unwrap();
    let taken = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let address = taken.local_addr().unwrap();
    let mut command = recap("serve", &data);
    let output = command.env("RECAP__HTTP__OPS_LISTEN", address.to_string()).output().await.unwrap();
    assert_eq!(output.status.code(), Some(1));
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.contains(&format!("error: cannot listen on `{address}` (`http.ops_listen`): ")), "{said}");
    let hint = "hint: another process listens there: stop it, or set `http.ops_listen` to a free port";
    assert!(said.contains(hint), "{said}");
}

#[tokio::test]
async fn a_daemon_without_its_engine_fails_with_the_command_that_fetches_it() {
    let data = tempfile::tempdir().unwrap();
    let mut command = recap("serve", &data);
    let output = command.env("RECAP__CLICKHOUSE__ENGINE_DIR", data.path()).output().await.unwrap();
    assert_eq!(output.status.code(), Some(1));
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.contains("error: the embedded ClickHouse is not installed: there is no `"), "{said}");
    assert!(said.contains("hint: run `make engine`"), "{said}");
}
