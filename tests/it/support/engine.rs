//! One embedded ClickHouse for all tests of the process, with a database for each.

use super::binary;
use recap::warehouse::embedded::{Engine, EngineOptions};
use secrecy::SecretString;
use std::{
    path::{Path, PathBuf},
    sync::{
        LazyLock,
        atomic::{AtomicU32, Ordering},
        mpsc,
    },
    thread,
};

/// The name and password of an account that may only read, and set nothing.
pub const READER: (&str, &str) = ("reader", "only-looking");
/// The name and password of an account that may set limits, but write nothing.
pub const SETTER: (&str, &str) = ("setter", "looking-longer");
/// The name and password of an account whose queries are not compiled to machine code: that takes longer than a small
/// table does.
pub const UNCOMPILED: (&str, &str) = ("uncompiled", "small-tables");
/// The name and password of an account with exactly what `recap grants` prints for [`GRANTED_DATABASES`].
pub const GRANTED: (&str, &str) = ("granted", "just-enough");
pub const GRANTED_DATABASES: [&str; 4] = ["granted_map", "granted_json", "granted_zeude", "granted_wrong"];
/// The name and password of an account that may read one column of the first of these, and nothing else.
pub const PARTIAL: (&str, &str) = ("partial", "not-enough");

const USERS: &str = "<clickhouse>
  <profiles><default/><looking><readonly>1</readonly></looking><setting><readonly>2</readonly></setting>
    <uncompiled><readonly>2</readonly><compile_expressions>0</compile_expressions><max_threads>1</max_threads>
      <compile_aggregate_expressions>0</compile_aggregate_expressions><compile_sort_description>0</compile_sort_description></uncompiled>
  </profiles>
  <quotas><default/></quotas>
  <users>
    <default><password/><networks><ip>127.0.0.1</ip></networks><profile>default</profile><quota>default</quota></default>
    <reader><password>only-looking</password><networks><ip>127.0.0.1</ip></networks><profile>looking</profile><quota>default</quota></reader>
    <setter><password>looking-longer</password><networks><ip>127.0.0.1</ip></networks><profile>setting</profile><quota>default</quota></setter>
    <uncompiled><password>small-tables</password><networks><ip>127.0.0.1</ip></networks><profile>uncompiled</profile><quota>default</quota></uncompiled>
    <granted><password>just-enough</password><networks><ip>127.0.0.1</ip></networks><profile>setting</profile><quota>default</quota>
      <grants>GRANTS</grants></granted>
    <partial><password>not-enough</password><networks><ip>127.0.0.1</ip></networks><profile>setting</profile><quota>default</quota>
      <grants><query>GRANT SELECT(Timestamp) ON granted_map.otel_logs</query></grants></partial>
  </users>
</clickhouse>";

/// The engine outlives every test's runtime, so it has a thread and a runtime of its own; it ends with the process.
static URL: LazyLock<String> = LazyLock::new(|| {
    let (tell, told) = mpsc::channel();
    thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        runtime.block_on(async {
            let folder = tempfile::tempdir().unwrap();
            let users = folder.path().join("users.xml");
            std::fs::write(&users, USERS.replace("GRANTS", &granted().await)).unwrap();
            let mut options = EngineOptions::new(engine_dir(), folder.path().join("data"), env!("CARGO_BIN_EXE_recap"));
            options.users_config = Some(users);
            options.query_log = true;
            let engine = Engine::start(options).await.expect("the engine starts");
            tell.send(engine.url()).unwrap();
            std::future::pending::<()>().await;
        });
    });
    told.recv().expect("the engine starts")
});

/// What `recap grants` prints, as a users file has it: without whom it is granted to.
async fn granted() -> String {
    let mut queries = String::new();
    for database in GRANTED_DATABASES {
        let environment = [("RECAP__CLICKHOUSE__DATABASE".to_owned(), database.to_owned())];
        let ran = binary::recap(&["grants"], &environment).await;
        assert_eq!(ran.code, Some(0), "{}", ran.stderr);
        let statements = ran.stdout.lines().filter(|line| line.starts_with("GRANT "));
        let statements = statements.filter_map(|line| line.strip_suffix(" TO `recap`;"));
        queries.extend(statements.map(|statement| format!("<query>{statement}</query>")));
    }
    queries
}

/// Where `make engine` puts the engine; a test that needs it fails without it.
pub fn engine_dir() -> PathBuf {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join(".engine");
    assert!(directory.join("package/libchdb.so").is_file(), "the embedded ClickHouse is missing: run `make engine`");
    directory
}

/// Where the shared engine answers.
pub async fn url() -> String {
    tokio::task::spawn_blocking(|| URL.clone()).await.unwrap()
}

/// A client of the shared engine that may do anything.
pub async fn client() -> clickhouse::Client {
    clickhouse::Client::default().with_url(url().await).with_user("default")
}

/// A database that no other test uses.
pub async fn database() -> String {
    static NEXT: AtomicU32 = AtomicU32::new(1);
    let name = format!("test_{}", NEXT.fetch_add(1, Ordering::Relaxed));
    create_database(&name).await;
    name
}

/// Makes the database of this name.
pub async fn create_database(name: &str) {
    client().await.query(&format!("CREATE DATABASE {name}")).execute().await.unwrap();
}

/// Settings that read `database` of the shared engine.
pub async fn settings(database: &str) -> recap::config::ClickHouse {
    let environment = [
        ("RECAP__CLICKHOUSE__URL".to_owned(), url().await),
        ("RECAP__CLICKHOUSE__DATABASE".to_owned(), database.to_owned()),
    ];
    recap::config::Settings::load(None, environment).unwrap().clickhouse
}

/// The same settings for another account.
pub async fn settings_of((user, password): (&str, &str), database: &str) -> recap::config::ClickHouse {
    let mut settings = settings(database).await;
    user.clone_into(&mut settings.user);
    settings.password = SecretString::from(password);
    settings
}
