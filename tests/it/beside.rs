//! Commands beside a daemon that runs the embedded engine on the same data directory.
#![expect(clippy::unwrap_used, reason = "a test ends at the first surprise")]

use std::{fs, process::Stdio};

use recap::warehouse::embedded::{Engine, EngineOptions, running_at};
use tempfile::TempDir;
use tokio::process::Command;

use crate::engine::{engine_dir, host_at};

const RECAP: &str = env!("CARGO_BIN_EXE_recap");

fn sample(data: &TempDir) -> Command {
    let mut command = Command::new(RECAP);
    command.args(["sample", "--members", "1", "--days", "2"]).stdin(Stdio::null()).current_dir(data.path());
    command.env("RECAP__CLICKHOUSE__URL", "embedded").env("RECAP__CLICKHOUSE__ENGINE_DIR", engine_dir());
    command.env("RECAP__CLICKHOUSE__DATA_DIR", data.path());
    command
}

#[tokio::test]
async fn a_command_uses_the_engine_that_a_daemon_shares() {
    let data = tempfile::tempdir().unwrap();
    // What a killed daemon left must mislead nobody.
    fs::write(data.path().join("engine.url"), "http://127.0.0.1:1").unwrap();
    let mut engine = Engine::start(EngineOptions::new(engine_dir(), data.path(), RECAP)).await.unwrap();
    assert_eq!(running_at(data.path()).await, None);
    engine.share().unwrap();
    assert_eq!(running_at(data.path()).await, Some(engine.url()));

    let output = sample(&data).output().await.unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let client = clickhouse::Client::default().with_url(engine.url());
    let rows: u64 = client.query("SELECT count() FROM otel_logs").fetch_one().await.unwrap();
    let elsewhere = tempfile::tempdir().unwrap();
    fs::copy(data.path().join("engine.url"), elsewhere.path().join("engine.url")).unwrap();

    assert!(rows > 0 && host_at(&engine.url()).await.is_some(), "{rows} rows, and the engine goes on");
    assert_eq!(running_at(elsewhere.path()).await, None, "an engine of another directory");
    engine.stop().await;
    assert!(!data.path().join("engine.url").exists());
}

#[tokio::test]
async fn commands_that_bring_their_own_engine_wait_for_each_other() {
    let data = tempfile::tempdir().unwrap();
    let (mut one, mut other) = (sample(&data), sample(&data));
    let (one, other) = tokio::join!(one.output(), other.output());
    for output in [one.unwrap(), other.unwrap()] {
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }
}
