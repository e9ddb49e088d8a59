//! Recap as installed: the stand-in Slack, a database of the shared engine, and the environment that joins them.

use super::{
    binary::{Ran, recap},
    engine,
    store::configure,
};
use chrono::DateTime;
use recap::{
    model::{MemberId, WorkspaceId},
    standin::{Person, Standin, Workspace},
    store::{Consent, ConsentKind, Database, ReportConfig, Store, StoreOptions},
};
use std::sync::Arc;
use tempfile::TempDir;

/// Must appear in no output.
pub const TOKEN: &str = "xoxb-never-to-be-shown";

/// An installation whose settings a test may spoil.
#[derive(Debug)]
pub struct Installation {
    pub slack: Standin,
    environment: Vec<(String, String)>,
    _files: Arc<TempDir>,
}

impl Installation {
    /// Ada, a guest and somebody who left, all of whom opted in, with the telemetry in `database`.
    pub async fn with(database: &str) -> Self {
        let workspace = Workspace::new("T0TEST", TOKEN)
            .person(Person::new("U0ADA", "Ada Lovelace").email("ada@example.com"))
            .person(Person::new("U0GONE", "Gone").email("gone@example.com").deactivated())
            .person(Person { is_restricted: true, ..Person::new("U0GUEST", "Guest").email("guest@example.com") });
        let people: Vec<_> = workspace.people.iter().map(|person| person.id.clone()).collect();
        let slack = Standin::start(workspace).await.unwrap();
        let files = tempfile::tempdir().unwrap();
        let store = format!("sqlite:{}", files.path().join("recap.sqlite").display());
        opted_in(&store, people).await;
        let environment = [
            ("SLACK__API_URL", slack.api_url()),
            ("SLACK__BOT_TOKEN", TOKEN.to_owned()),
            ("CLICKHOUSE__URL", engine::url().await),
            ("CLICKHOUSE__DATABASE", database.to_owned()),
            ("STORE__URL", store),
        ];
        let environment = environment.map(|(key, value)| (format!("RECAP__{key}"), value)).into();
        Self { slack, environment, _files: Arc::new(files) }
    }

    /// With this configured in its store.
    pub async fn configured(self, config: &ReportConfig) -> Self {
        let url = self.environment.iter().find(|(key, _)| key == "RECAP__STORE__URL").map(|(_, url)| url.clone());
        let (database, store) = opened(&url.unwrap()).await;
        configure(&store, config, DateTime::UNIX_EPOCH).await;
        database.close().await;
        self
    }

    /// With one setting of its own.
    #[must_use]
    pub fn set(mut self, key: &str, value: impl Into<String>) -> Self {
        self.environment.push((format!("RECAP__{key}"), value.into()));
        self
    }

    /// With a settings file below its environment.
    #[must_use]
    pub fn set_config(mut self, file: &std::path::Path) -> Self {
        self.environment.push(("RECAP_CONFIG".to_owned(), file.display().to_string()));
        self
    }

    /// As another account of ClickHouse.
    #[must_use]
    pub fn account(self, (user, password): (&str, &str)) -> Self {
        self.set("CLICKHOUSE__USER", user).set("CLICKHOUSE__PASSWORD", password)
    }

    /// Runs the binary; it must keep its secrets.
    pub async fn run(&self, arguments: &[&str]) -> Ran {
        let ran = recap(arguments, &self.environment).await;
        let secrets = self.environment.iter().filter(|(key, _)| key.ends_with("TOKEN") || key.ends_with("PASSWORD"));
        for secret in secrets.map(|(_, secret)| secret.as_str()).filter(|secret| !secret.is_empty()).chain([TOKEN]) {
            assert!(!ran.stdout.contains(secret) && !ran.stderr.contains(secret), "`{secret}` is shown: {ran:?}");
        }
        ran
    }

    /// Runs what must fail: one sentence and a hint on stderr, nothing on stdout, nothing posted.
    pub async fn fails(&self, arguments: &[&str]) -> String {
        let ran = self.run(arguments).await;
        let lines: Vec<_> = ran.stderr.lines().collect();
        assert_eq!((ran.code, ran.stdout.as_str(), lines.len()), (Some(1), "", 2), "{arguments:?}: {ran:?}");
        assert!(lines[0].starts_with("error: ") && !lines[0].ends_with('.'), "{ran:?}");
        assert!(lines[1].starts_with("hint: ") && lines[1].len() > "hint: ".len(), "{ran:?}");
        assert_eq!(self.slack.messages().len(), 0, "{arguments:?}");
        ran.stderr
    }
}

async fn opened(url: &str) -> (Database, Store) {
    let options = StoreOptions { url: url.into(), schema: "recap".to_owned() };
    let database = Database::open(&options).await.unwrap();
    let store = database.of_workspace(&WorkspaceId("T0TEST".to_owned()), DateTime::UNIX_EPOCH).await.unwrap();
    (database, store)
}

/// A store of the workspace in which these people opted in.
async fn opted_in(url: &str, people: Vec<String>) {
    let (database, store) = opened(url).await;
    for person in people {
        let consent = Consent {
            actor: person.clone(),
            member: MemberId(person),
            kind: ConsentKind::OptIn,
            at: DateTime::UNIX_EPOCH,
            surface: "slack".to_owned(),
            wording: "a test".to_owned(),
        };
        store.record_consent(&consent).await.unwrap();
    }
    database.close().await;
}
