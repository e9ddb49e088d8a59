//! The embedded ClickHouse: it answers, survives a crash, keeps its data and says what is wrong with it.
#![expect(clippy::unwrap_used, reason = "a test ends at the first surprise")]

use std::path::{Path, PathBuf};
use std::time::Duration;

use recap::warehouse::embedded::{Engine, EngineError, EngineOptions};
use tempfile::TempDir;
use tokio::time::{Instant, sleep};

const RECAP: &str = env!("CARGO_BIN_EXE_recap");
/// How long a restart may take before a test gives up.
const PATIENCE: Duration = Duration::from_secs(30);

/// Where `make engine` puts the engine; a test that needs it fails without it.
pub fn engine_dir() -> PathBuf {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join(".engine");
    assert!(directory.join("package/libchdb.so").is_file(), "the embedded ClickHouse is missing: run `make engine`");
    directory
}

fn options(data: &TempDir) -> EngineOptions {
    EngineOptions::new(engine_dir(), data.path(), RECAP)
}

async fn ask_as(engine: &Engine, user: &str, sql: &str) -> Option<String> {
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let request = client.post(engine.url()).header("X-ClickHouse-User", user).body(sql.to_owned());
    Some(request.send().await.ok()?.text().await.ok()?.trim().to_owned())
}

async fn ask(engine: &Engine, sql: &str) -> String {
    ask_as(engine, "default", sql).await.unwrap()
}

/// Asks until the engine answers; for the time around a restart.
async fn ask_until_answered(engine: &Engine, sql: &str) -> String {
    let deadline = Instant::now() + PATIENCE;
    loop {
        if let Some(answer) = ask_as(engine, "default", sql).await {
            return answer;
        }
        assert!(Instant::now() < deadline, "the engine did not answer again");
        sleep(Duration::from_millis(50)).await;
    }
}

/// The process id of the engine that answers at `url`. A test asks for it rather than for a refused connection:
/// a port that was let go may be another test's by now.
pub async fn host_at(url: &str) -> Option<u32> {
    let client = reqwest::Client::builder().no_proxy().timeout(Duration::from_secs(2)).build().unwrap();
    let answer = client.post(url).body("SELECT getMacro('recap_host')").send().await.ok()?;
    answer.text().await.ok()?.trim().parse().ok()
}

pub fn signal(name: &str, process: u32) {
    assert_ne!(process, 0, "there is no process to signal");
    let status = std::process::Command::new("sh").arg("-c").arg(format!("kill -{name} {process}")).status().unwrap();
    assert!(status.success());
}

#[tokio::test]
async fn a_killed_engine_is_restarted_on_the_same_port_with_its_data() {
    let data = tempfile::tempdir().unwrap();
    let engine = Engine::start(options(&data)).await.unwrap();
    ask(&engine, "CREATE TABLE kept (n UInt8) ENGINE = MergeTree ORDER BY n").await;
    ask(&engine, "INSERT INTO kept VALUES (1), (2), (3)").await;
    let (url, killed) = (engine.url(), engine.process());

    signal("KILL", killed);

    assert_eq!(ask_until_answered(&engine, "SELECT sum(n) FROM kept").await, "6");
    let deadline = Instant::now() + PATIENCE;
    while engine.restarts() == 0 {
        assert!(Instant::now() < deadline, "the restart was not counted");
        sleep(Duration::from_millis(50)).await;
    }
    assert_eq!((engine.restarts(), engine.url()), (1, url));
    assert_ne!(engine.process(), killed);
    engine.stop().await;
}

#[tokio::test]
async fn a_stopped_engine_is_gone_and_the_next_one_has_its_data() {
    let data = tempfile::tempdir().unwrap();
    let engine = Engine::start(options(&data)).await.unwrap();
    ask(&engine, "CREATE TABLE kept (n UInt8) ENGINE = MergeTree ORDER BY n").await;
    ask(&engine, "INSERT INTO kept VALUES (7)").await;
    let (url, process) = (engine.url(), engine.process());
    assert_eq!(host_at(&url).await, Some(process));
    engine.stop().await;
    assert_ne!(host_at(&url).await, Some(process));

    let engine = Engine::start(options(&data)).await.unwrap();
    assert_eq!(ask(&engine, "SELECT n FROM kept").await, "7");
    engine.stop().await;
}

#[tokio::test]
async fn a_data_directory_belongs_to_one_daemon() {
    let data = tempfile::tempdir().unwrap();
    let engine = Engine::start(options(&data)).await.unwrap();

    let error = Engine::start(options(&data)).await.unwrap_err();

    assert!(matches!(error, EngineError::InUse { .. }), "{error:?}");
    assert_eq!(error.to_string(), format!("the data directory `{}` is in use by another Recap", data.path().display()));
    assert_eq!(ask(&engine, "SELECT 1").await, "1");
    engine.stop().await;
}

#[tokio::test]
async fn a_missing_engine_is_named_with_the_command_that_fetches_it() {
    let directory = tempfile::tempdir().unwrap();
    let error =
        Engine::start(EngineOptions::new(directory.path(), directory.path().join("data"), RECAP)).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        format!(
            "the embedded ClickHouse is not installed: there is no `{}`",
            directory.path().join("package/libchdb.so").display()
        )
    );
    assert_eq!(error.hint(), "run `make engine`, or set `clickhouse.url` to a ClickHouse server");
}

#[tokio::test]
async fn a_damaged_engine_is_named_with_the_command_that_mends_it() {
    let directory = tempfile::tempdir().unwrap();
    let library = directory.path().join("libchdb.so");
    std::fs::write(&library, "not a library").unwrap();
    let error =
        Engine::start(EngineOptions::new(directory.path(), directory.path().join("data"), RECAP)).await.unwrap_err();
    let text = error.to_string();
    let wanted = format!("the embedded ClickHouse is damaged: cannot load `{}`: ", library.display());
    assert!(text.starts_with(&wanted), "{text}");
    assert_eq!(error.hint(), "run `make engine`, or set `clickhouse.url` to a ClickHouse server");
}

#[tokio::test]
async fn a_truncated_engine_is_named_too() {
    let directory = tempfile::tempdir().unwrap();
    let library = directory.path().join("libchdb.so");
    let mut whole = std::fs::File::open(engine_dir().join("package/libchdb.so")).unwrap();
    let mut part = std::fs::File::create(&library).unwrap();
    std::io::copy(&mut std::io::Read::take(&mut whole, 1 << 20), &mut part).unwrap();
    drop(part);
    let error =
        Engine::start(EngineOptions::new(directory.path(), directory.path().join("data"), RECAP)).await.unwrap_err();
    assert!(error.to_string().contains(&library.display().to_string()), "{error}");
    assert!(error.hint().contains("`make engine`"), "{}", error.hint());
}

#[tokio::test]
async fn a_users_file_makes_a_user_who_may_only_read() {
    const USERS: &str = "<clickhouse>
        <profiles><default/><reading><readonly>1</readonly></reading></profiles>
        <quotas><default/></quotas>
        <users>
          <default><password/><networks><ip>127.0.0.1</ip></networks><profile>default</profile></default>
          <reader><password/><networks><ip>127.0.0.1</ip></networks><profile>reading</profile></reader>
        </users>
      </clickhouse>";
    let data = tempfile::tempdir().unwrap();
    let users = tempfile::Builder::new().suffix(".xml").tempfile().unwrap();
    std::fs::write(users.path(), USERS).unwrap();
    let users_config = Some(users.path().to_owned());
    let engine = Engine::start(EngineOptions { users_config, ..options(&data) }).await.unwrap();

    assert_eq!(ask_as(&engine, "reader", "SELECT getSetting('readonly')").await.unwrap(), "1");
    let refused = ask_as(&engine, "reader", "SELECT 1 SETTINGS max_execution_time = 1").await.unwrap();
    assert!(refused.contains("Code: 164"), "{refused}");
    engine.stop().await;
}

#[tokio::test]
async fn the_query_log_is_kept_where_asked_for() {
    let data = tempfile::tempdir().unwrap();
    let engine = Engine::start(EngineOptions { query_log: true, ..options(&data) }).await.unwrap();
    ask(&engine, "SELECT 'a question to find again'").await;
    ask(&engine, "SYSTEM FLUSH LOGS").await;
    let found = ask(
        &engine,
        "SELECT count() FROM system.query_log WHERE type = 'QueryFinish' AND query = $$SELECT 'a question to find again'$$",
    )
    .await;
    assert_eq!(found, "1");
    engine.stop().await;
}
