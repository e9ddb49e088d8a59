//! The embedded ClickHouse: it answers, survives a crash, keeps its data and says what is wrong with it.
#![expect(clippy::unwrap_used, reason = "a test ends at the first surprise")]

use std::path::{Path, PathBuf};
use std::time::Duration;

use recap::warehouse::embedded::{Access, Engine, EngineError, EngineOptions};
use secrecy::{ExposeSecret, SecretString};
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::time::timeout;

use crate::support::binary;

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

/// A client of the account that an engine gave.
pub fn client(access: &Access) -> clickhouse::Client {
    let client = clickhouse::Client::default().with_url(&access.url);
    client.with_user(&access.user).with_password(access.password.expose_secret())
}

/// What a daemon that uses `directory` tells other commands.
pub fn shared(directory: &Path) -> Access {
    let told = std::fs::read_to_string(directory.join("engine.url")).unwrap();
    let [url, user, password] = told.lines().collect::<Vec<_>>().try_into().unwrap();
    Access { url: url.to_owned(), user: user.to_owned(), password: password.into() }
}

async fn ask_as(access: &Access, sql: &str) -> Option<String> {
    let client = reqwest::Client::builder().no_proxy().timeout(PATIENCE).build().unwrap();
    let request = client.post(&access.url).header("X-ClickHouse-User", &access.user);
    let request = request.header("X-ClickHouse-Key", access.password.expose_secret()).body(sql.to_owned());
    Some(request.send().await.ok()?.text().await.ok()?.trim().to_owned())
}

async fn ask(engine: &Engine, sql: &str) -> String {
    ask_as(engine.access(), sql).await.unwrap()
}

/// As somebody who knows only where the engine answers and a user's name.
fn without_password(engine: &Engine, user: &str) -> Access {
    Access { url: engine.url(), user: user.to_owned(), password: SecretString::default() }
}

/// Tries every moment until there is an outcome.
pub async fn eventually<T>(what: &str, attempt: impl AsyncFn() -> Option<T>) -> T {
    let mut moments = tokio::time::interval(Duration::from_millis(50));
    let tries = async {
        loop {
            moments.tick().await;
            if let Some(outcome) = attempt().await {
                return outcome;
            }
        }
    };
    timeout(PATIENCE, tries).await.unwrap_or_else(|_| panic!("not within {} s: {what}", PATIENCE.as_secs()))
}

/// The process id of the engine that answers. A test asks for it rather than for a refused connection: a port that was
/// let go may be another test's by now.
pub async fn host_at(access: &Access) -> Option<u32> {
    ask_as(access, "SELECT getMacro('recap_host')").await?.parse().ok()
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

    let sum = async || ask_as(engine.access(), "SELECT sum(n) FROM kept").await;
    assert_eq!(eventually("the engine answers again", sum).await, "6");
    eventually("the restart is counted", async || (engine.restarts() > 0).then_some(())).await;
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
    let (access, process) = (engine.access().clone(), engine.process());
    assert_eq!(host_at(&access).await, Some(process));
    engine.stop().await;
    assert_ne!(host_at(&access).await, Some(process));

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

const USERS: &str = "<clickhouse>
    <profiles><default/><reading><readonly>1</readonly></reading></profiles>
    <quotas><default/></quotas>
    <users>
      <default><password/><networks><ip>127.0.0.1</ip></networks><profile>default</profile></default>
      <reader><password/><networks><ip>127.0.0.1</ip></networks><profile>reading</profile></reader>
    </users>
  </clickhouse>";

/// Writes [`USERS`] into the directory that a test has.
fn users(directory: &TempDir) -> PathBuf {
    let file = directory.path().join("users.xml");
    std::fs::write(&file, USERS).unwrap();
    file
}

#[tokio::test]
async fn a_users_file_makes_a_user_who_may_only_read() {
    let data = tempfile::tempdir().unwrap();
    let engine = Engine::start(EngineOptions { users_config: Some(users(&data)), ..options(&data) }).await.unwrap();

    assert_eq!(ask_as(&without_password(&engine, "reader"), "SELECT getSetting('readonly')").await.unwrap(), "1");
    let refused =
        ask_as(&without_password(&engine, "reader"), "SELECT 1 SETTINGS max_execution_time = 1").await.unwrap();
    assert!(refused.contains("Code: 164"), "{refused}");
    engine.stop().await;
}

#[tokio::test]
async fn the_query_log_is_kept_where_asked_for() {
    let data = tempfile::tempdir().unwrap();
    let engine = Engine::start(EngineOptions { query_log: true, users_config: Some(users(&data)), ..options(&data) })
        .await
        .unwrap();
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

#[tokio::test]
async fn nobody_without_the_password_reads_files_or_telemetry_or_stops_the_engine() {
    let data = tempfile::tempdir().unwrap();
    let engine = Engine::start(options(&data)).await.unwrap();
    ask(&engine, "CREATE TABLE otel_logs (Body String) ENGINE = MergeTree ORDER BY Body").await;
    ask(&engine, "INSERT INTO otel_logs VALUES ('a secret prompt')").await;
    for (user, code) in [("default", "Code: 700."), ("recap", "Code: 516.")] {
        let anybody = without_password(&engine, user);
        for sql in [
            "SELECT line FROM file('/etc/passwd', 'LineAsString', 'line String')",
            "SELECT Body FROM otel_logs",
            "SYSTEM STOP LISTEN HTTP",
            "SELECT 1 SETTINGS max_sessions_for_user = 0",
        ] {
            let answer = ask_as(&anybody, sql).await.unwrap();
            assert!(answer.starts_with(code), "{user}: {sql}: {answer}");
        }
    }
    assert_eq!(ask(&engine, "SELECT Body FROM otel_logs").await, "a secret prompt");
    engine.stop().await;
}

#[tokio::test]
async fn the_account_of_recap_reaches_no_file_and_no_other_server() {
    let data = tempfile::tempdir().unwrap();
    let engine = Engine::start(options(&data)).await.unwrap();
    for sql in [
        "SELECT line FROM file('/etc/passwd', 'LineAsString', 'line String')",
        "INSERT INTO FUNCTION file('/tmp/recap-was-here', 'CSV', 'n UInt8') VALUES (1)",
        "SELECT a FROM url('http://127.0.0.1:1/', 'CSV', 'a String')",
        "CREATE TABLE outside (a String) ENGINE = File(CSV)",
        "CREATE TABLE outside (a String) ENGINE = Executable('x', 'CSV')",
        "CREATE DATABASE outside ENGINE = Filesystem('/etc')",
        "SYSTEM STOP LISTEN HTTP",
        "SYSTEM SHUTDOWN",
        "GRANT ALL ON *.* TO recap",
    ] {
        let answer = ask(&engine, sql).await;
        assert!(answer.starts_with("Code: 497."), "{sql}: {answer}");
    }
    engine.stop().await;
}

#[tokio::test]
async fn the_password_is_in_no_argument_and_no_environment() {
    let data = tempfile::tempdir().unwrap();
    let engine = Engine::start(options(&data)).await.unwrap();
    let password = engine.access().password.expose_secret().to_owned();
    let of_child = |name: &str| {
        let text = std::fs::read(format!("/proc/{}/{name}", engine.process())).unwrap();
        String::from_utf8_lossy(&text).into_owned()
    };
    assert!(of_child("cmdline").contains("--password-stdin"), "{}", of_child("cmdline"));
    assert!(!of_child("cmdline").contains(&password));
    let environment = of_child("environ");
    let names = environment.split_terminator('\0').filter_map(|entry| Some(entry.split_once('=')?.0));
    let stranger = names.into_iter().find(|name| !["PATH", "HOME", "TMPDIR", "LD_LIBRARY_PATH", "TZ"].contains(name));
    assert_eq!(stranger, None);
    assert!(!environment.contains(&password) && !format!("{engine:?}").contains(&password));
    engine.stop().await;
}

#[tokio::test]
async fn an_engine_that_is_hosted_by_hand_says_where_its_password_stands() {
    let data = tempfile::tempdir().unwrap();
    let port = std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap().local_addr().unwrap().port();
    let mut command = binary::command();
    command.args(["clickhouse", "--port", &port.to_string(), "--path"]).arg(data.path());
    command.arg("--engine-dir").arg(engine_dir()).stderr(std::process::Stdio::piped());
    let mut child = command.spawn().unwrap();
    let file = data.path().join("engine.password");
    let mut said = BufReader::new(child.stderr.take().unwrap()).lines();
    let first = timeout(PATIENCE, said.next_line()).await.unwrap().unwrap().unwrap();
    assert_eq!(first, format!("the user is `recap`, with the password in `{}`", file.display()));

    let url = format!("http://127.0.0.1:{port}");
    let process = eventually("it answers", async || {
        let password = std::fs::read_to_string(&file).ok()?.trim_end().into();
        host_at(&Access { url: url.clone(), user: "recap".into(), password }).await
    });
    assert_eq!(Some(process.await), child.id());
    child.kill().await.unwrap();
}
