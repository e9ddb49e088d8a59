//! Opening a store: new, of the version before, of a newer one, of somebody else, and one that cannot be used.

use crate::support::store::{Place, at, configure, email, minutes, monday, put, subscription, summary_sent};
use recap::{
    model::{DeliveryId, MemberId, WorkspaceId},
    store::{ConsentKind, Database, HALTED, Ledger, StoreError, StoreOptions},
};
use secrecy::{ExposeSecret, SecretString};
use sqlx::{AnyConnection, AssertSqlSafe, Connection, Row};
use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    os::unix::fs::PermissionsExt,
};

/// A connection beside Recap's, in the place's schema.
pub(super) async fn beside(place: &Place) -> AnyConnection {
    sqlx::any::install_default_drivers();
    let url = place.options.url.expose_secret();
    let url = if url.starts_with("sqlite") { format!("{url}?mode=rwc") } else { url.to_owned() };
    let mut connection = AnyConnection::connect(&url).await.unwrap();
    if place.file().is_none() {
        let schema = &place.options.schema;
        run(&mut connection, &format!("CREATE SCHEMA IF NOT EXISTS \"{schema}\"; SET search_path TO \"{schema}\""))
            .await;
    }
    connection
}

pub(super) async fn run(connection: &mut AnyConnection, script: &str) {
    sqlx::raw_sql(AssertSqlSafe(script.to_owned())).execute(connection).await.unwrap();
}

async fn count(connection: &mut AnyConnection, query: &'static str) -> i64 {
    sqlx::query(query).fetch_one(connection).await.unwrap().get(0)
}

async fn a_store_of_the_version_before_is_brought_up_to_date_with_all_it_holds(place: Place) {
    const BASE: &str = include_str!("../../../src/store/migrations/0001_base.sql");
    let mut before = beside(&place).await;
    let base = if place.file().is_some() { BASE.to_owned() } else { BASE.replace(" TEXT", " TEXT COLLATE \"C\"") };
    run(&mut before, "CREATE TABLE versions (version BIGINT NOT NULL PRIMARY KEY); INSERT INTO versions VALUES (1)")
        .await;
    run(&mut before, &base).await;
    run(&mut before, include_str!("sample_1.sql")).await;
    before.close().await.unwrap();

    let store = place.store().await;

    let one = MemberId("U1".to_owned());
    let entry = store.roster_entry(&one).await.unwrap().unwrap();
    assert_eq!((entry.member.name.as_str(), entry.member.last_usage), ("Ada", Some(at("2026-03-09T08:00:00Z"))));
    assert_eq!(entry.consents.digest.unwrap().kind, ConsentKind::OptIn);
    assert_eq!(entry.preferences.time, Some("18:00".parse().unwrap()));
    assert_eq!(entry.preferences.days_off, Some(vec!["2026-12-24".parse().unwrap()]));
    let daily = entry.subscription.unwrap();
    assert_eq!((daily.team.as_str(), daily.refusals, daily.greeted), ("core", 1, true));
    assert_eq!(store.due(monday(), 9).await.unwrap(), [daily]);
    let gone = store.roster_entry(&MemberId("U2".to_owned())).await.unwrap().unwrap();
    assert!(gone.consents.suppressed);
    assert_eq!(store.calendar("berlin").await.unwrap(), ["2026-05-01".parse().unwrap()]);
    let record = store.delivery(&DeliveryId("d1".to_owned())).await.unwrap().unwrap();
    assert_eq!((record.state.as_str(), record.message.as_deref()), ("unknown", Some(r#"{"text": "hello"}"#)));
    assert_eq!(store.attempts(&record.id).await.unwrap()[0].code.as_deref(), Some("timeout"));
    assert_eq!(store.claim_suspects("two", monday() + minutes(1), 9).await.unwrap().len(), 1);
    let config = store.report_config("daily", "workspace").await.unwrap().unwrap();
    assert_eq!((config.enabled, config.sections.clone()), (Some(true), Some(vec!["usage".to_owned()])));
    assert_eq!((config.version, &config.members), (0, &None));
    configure(&store, &config, monday()).await;
    assert_eq!(store.report_config("daily", "workspace").await.unwrap().unwrap().version, 1);
    assert_eq!(store.audited(None, 9).await.unwrap()[1].subject, "U1");
    assert_eq!(store.ledger(Ledger::default(), 9).await.unwrap()[0].id, record.id);
    assert_eq!(store.value(HALTED).await.unwrap().as_deref(), Some("ada"));
    assert_eq!(store.beats().await.unwrap(), [("one".to_owned(), 7)]);
    // What is new is there and empty, and works beside what was.
    assert_eq!(store.facts(&record.id).await.unwrap(), None);
    assert!(store.claim_revisions(monday(), monday(), 9).await.unwrap().is_empty());
    let core = BTreeSet::from(["core".to_owned()]);
    assert!(store.rosters(&core, monday()).await.unwrap().is_empty());
    assert!(store.alert_states().await.unwrap().is_empty());
    let people = BTreeMap::from([("core".to_owned(), BTreeSet::from([email("u1")]))]);
    assert_eq!(store.sync_teams(&people, monday()).await.unwrap().joined, 1);
    store.set_value(HALTED, None).await.unwrap();
    summary_sent(&store, "core", Some(monday())).await;
    assert_eq!(store.claim_revisions(monday(), monday() + minutes(9), 9).await.unwrap().len(), 1);
}

async fn a_store_is_opened_again_and_again(place: Place) {
    let store = place.store().await;
    put(&store, &[subscription("U1")]).await;
    store.database().close().await;
    assert!(matches!(store.next_due().await, Err(StoreError::Unavailable { .. })));
    let again = place.store().await;
    assert_eq!(again.due(monday(), 9).await.unwrap().len(), 1);
    again.database().ping().await.unwrap();
}

async fn a_store_of_a_newer_version_is_left_alone(place: Place) {
    place.store().await.database().close().await;
    run(&mut beside(&place).await, "INSERT INTO versions VALUES (99)").await;
    let error = Database::open(&place.options).await.unwrap_err();
    assert!(matches!(error, StoreError::Newer { found: 99, known } if known < 99), "{error}");
    assert!(error.hint().contains("the Recap that wrote it"));
}

async fn a_store_belongs_to_one_workspace(place: Place) {
    let database = place.database().await;
    assert_eq!(database.workspace().await.unwrap(), None);
    let [one, other] = ["T1", "T2"].map(|id| WorkspaceId(id.to_owned()));
    database.of_workspace(&one, monday()).await.unwrap();
    database.of_workspace(&one, monday()).await.unwrap();
    assert_eq!(database.workspace().await.unwrap(), Some(one));
    let error = database.of_workspace(&other, monday()).await.unwrap_err();
    assert_eq!(error.to_string(), "the store belongs to workspace `T1`, the bot token to `T2`");
}

async fn nothing_shows_where_a_store_is(place: Place) {
    let store = place.store().await;
    let shown = format!("{:?} {store:?} {:?}", place.options, store.database());
    assert!(!shown.contains("/tmp") && !shown.contains("%2F") && !shown.contains("sqlite:"), "{shown}");
}

on_both!(
    a_store_of_the_version_before_is_brought_up_to_date_with_all_it_holds,
    a_store_is_opened_again_and_again,
    a_store_of_a_newer_version_is_left_alone,
    a_store_belongs_to_one_workspace,
    nothing_shows_where_a_store_is,
);

fn options(url: &str) -> StoreOptions {
    StoreOptions { url: SecretString::from(url.to_owned()), schema: "recap".to_owned() }
}

#[tokio::test]
async fn a_sqlite_file_is_made_with_its_folders_for_its_owner_alone() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("a b/ü#%41/recap.sqlite");
    let database = Database::open(&options(&format!("sqlite:{}", file.display()))).await.unwrap();
    assert!(!database.is_shared());
    for name in ["recap.sqlite", "recap.sqlite-wal"] {
        let mode = fs::metadata(file.with_file_name(name)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{name}");
    }
}

#[tokio::test]
async fn a_store_may_live_in_memory() {
    let database = Database::open(&options("sqlite::memory:")).await.unwrap();
    let store = database.of_workspace(&WorkspaceId("T1".to_owned()), monday()).await.unwrap();
    put(&store, &[subscription("U1")]).await;
    assert_eq!(store.due(monday(), 9).await.unwrap().len(), 1);
    assert!(database.lock_for_daemon().unwrap().is_none());
}

#[tokio::test]
async fn one_daemon_runs_on_a_sqlite_file() {
    let place = Place::sqlite();
    let (one, other) = (place.database().await, place.database().await);
    let lock = one.lock_for_daemon().unwrap();
    assert!(lock.is_some());
    assert!(matches!(other.lock_for_daemon(), Err(StoreError::InUse)));
    drop(lock);
    assert!(other.lock_for_daemon().unwrap().is_some());
}

#[tokio::test]
async fn several_daemons_may_run_on_postgres() {
    let place = Place::postgres().await;
    let database = place.database().await;
    assert!(database.is_shared());
    assert!(database.lock_for_daemon().unwrap().is_none());
}

#[tokio::test]
async fn nobody_else_sees_the_tables_on_postgres() {
    const TABLES: &str = "SELECT COUNT(*) FROM pg_tables WHERE schemaname = current_schema()";
    const OPEN: &str = "SELECT COUNT(*) FROM pg_tables WHERE schemaname = current_schema() AND NOT rowsecurity";
    const GRANTED: &str = "SELECT COUNT(*) FROM pg_tables, unnest(ARRAY['anon', 'authenticated']) AS role
        WHERE schemaname = current_schema()
            AND has_table_privilege(role, quote_ident(schemaname) || '.' || quote_ident(tablename), 'SELECT')";
    let place = Place::postgres().await;
    let mut beside = beside(&place).await;
    // As Supabase has them, only worse: its public roles are granted whatever is made.
    run(
        &mut beside,
        "CREATE ROLE anon; CREATE ROLE authenticated; ALTER DEFAULT PRIVILEGES GRANT ALL ON TABLES TO anon",
    )
    .await;
    run(&mut beside, "ALTER DEFAULT PRIVILEGES GRANT ALL ON SCHEMAS TO anon, authenticated").await;
    place.store().await;
    assert_eq!(count(&mut beside, TABLES).await, 24);
    assert_eq!(count(&mut beside, OPEN).await, 0);
    assert_eq!(count(&mut beside, GRANTED).await, 0);
}

#[tokio::test]
async fn what_cannot_be_used_is_said_with_a_hint_and_without_the_address() {
    let folder = tempfile::tempdir().unwrap();
    let junk = folder.path().join("secret-name");
    fs::write(&junk, "this is no database, but longer than a header of one: ".repeat(40)).unwrap();
    let server = crate::support::postgres::url().await;
    let cases = [
        (format!("sqlite:{}", junk.display()), "no SQLite database"),
        (format!("sqlite:{}/x/y", junk.display()), "cannot be opened"),
        (format!("sqlite:{}?mode=rwc", junk.display()), "no plain path"),
        ("sqlite:".to_owned(), "no plain path"),
        (server.replace("recap@", "secret-name:hidden@"), "refused the user or password"),
        (server.replace("/postgres", "/secret-name"), "no such database"),
        ("mysql://secret-name@localhost/x".to_owned(), "no address of a store"),
        ("postgres://secret-name@[".to_owned(), "no address of a store"),
    ];
    for (url, expected) in cases {
        let error = Database::open(&options(&url)).await.unwrap_err();
        assert!(matches!(error, StoreError::Unusable { .. }), "{error:?}");
        let shown = format!("{error} {error:?} {}", error.hint());
        assert!(error.to_string().contains(expected), "{shown}");
        assert!(!error.hint().is_empty() && !shown.contains("secret-name") && !shown.contains("hidden"), "{shown}");
    }
}

#[tokio::test]
async fn a_server_that_does_not_answer_is_unavailable() {
    let url = "postgres://secret-name:hidden@127.0.0.1:1/x";
    let error = Database::open(&options(url)).await.unwrap_err();
    assert_eq!(error.to_string(), "the store is unavailable: the connection was refused");
    assert!(error.is_transient());
}
