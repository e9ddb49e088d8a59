//! Commands beside a daemon that runs the embedded engine on the same data directory.

use std::fs;

use recap::warehouse::embedded::{Engine, EngineOptions, Reached, reach};
use tempfile::TempDir;
use tokio::process::Command;

use crate::{
    engine::{client, engine_dir, host_at, shared},
    support::binary,
};

const RECAP: &str = env!("CARGO_BIN_EXE_recap");

fn sample(data: &TempDir) -> Command {
    let mut command = binary::command();
    command.args(["sample", "--members", "1", "--days", "2"]).current_dir(data.path());
    command.env("RECAP__CLICKHOUSE__URL", "embedded").env("RECAP__CLICKHOUSE__ENGINE_DIR", engine_dir());
    command.env("RECAP__CLICKHOUSE__DATA_DIR", data.path());
    command
}

#[tokio::test]
async fn a_command_uses_the_engine_that_a_daemon_shares() {
    let data = tempfile::tempdir().unwrap();
    // What a killed daemon left must mislead nobody.
    fs::write(data.path().join("engine.url"), "http://127.0.0.1:1\nrecap\nsecret\n").unwrap();
    let options = EngineOptions::new(engine_dir(), data.path(), RECAP);
    let mut engine = Engine::start(options.clone()).await.unwrap();
    assert!(!data.path().join("engine.url").exists());
    engine.share().unwrap();
    let access = shared(data.path());
    let reached = reach(&options).await.unwrap();
    assert!(matches!(&reached, Reached::Shared(found) if found.url == engine.url()), "{reached:?}");

    let output = sample(&data).output().await.unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let rows: u64 = client(&access).query("SELECT count() FROM otel_logs").fetch_one().await.unwrap();
    assert!(rows > 0 && host_at(&access).await.is_some(), "{rows} rows, and the engine goes on");

    // Another directory with the same note: its own lock is free, so it gets an engine of its own.
    let elsewhere = tempfile::tempdir().unwrap();
    fs::copy(data.path().join("engine.url"), elsewhere.path().join("engine.url")).unwrap();
    let reached = reach(&EngineOptions::new(engine_dir(), elsewhere.path(), RECAP)).await.unwrap();
    assert!(matches!(reached, Reached::Own(_)), "{reached:?}");
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
