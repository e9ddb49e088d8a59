//! The daemon's parts in one process, with a clock that a test moves: planned, computed, sent and looked for step by step.

use super::{
    engine,
    events::{Tables, insert, prompt},
    installation::TOKEN,
};
use chrono::{DateTime, TimeDelta, Utc};
use recap::{
    clock::Clock,
    config::{Location, Settings},
    daemon::{Owners, Reporting, TeamLists},
    delivery::{Limiter, Reconciler, Relay, RelayOptions},
    message::Templates,
    model::{MemberEmail, WorkspaceId},
    planner::{self, Rules},
    slack::{self, Client, ClientOptions},
    standin::{Person, Standin, Workspace},
    store::{Consent, ConsentKind, Database, DeliveryRecord, Store, StoreOptions},
    warehouse::{Source, Warehouse},
};
use secrecy::ExposeSecret;
use std::{collections::BTreeMap, sync::Arc, time::Duration};
use tempfile::TempDir;
use tokio_util::{sync::CancellationToken, task::TaskTracker};

/// How much faster than the machine's the clock of a test runs.
const RATE: f64 = 600.0;
/// How long anything may take before the test gives up: three hours by the usual clock.
const PATIENCE: Duration = Duration::from_secs(18);

/// A daemon taken apart.
pub struct App {
    pub slack: Standin,
    pub clock: Clock,
    pub settings: Arc<Settings>,
    pub store: Store,
    pub client: Client,
    pub relay: Relay,
    pub reporting: Reporting,
    pub reconciler: Reconciler,
    pub owners: Owners,
    pub lists: TeamLists,
    pub database: String,
    _files: TempDir,
}

impl App {
    /// Ada in UTC, and nobody else, at `now`.
    pub async fn at(now: &str) -> Self {
        Self::with(now, vec![Person::new("U0ADA", "Ada").email("ada@example.com")], &[]).await
    }

    /// `people` at `now`, with these settings.
    pub async fn with(now: &str, people: Vec<Person>, settings: &[(&str, &str)]) -> Self {
        Self::of(now, Workspace::new("T0TEST", TOKEN).people(people), settings).await
    }

    /// A whole workspace at `now`, with these settings.
    pub async fn of(now: &str, workspace: Workspace, settings: &[(&str, &str)]) -> Self {
        Self::paced(RATE, now, workspace, settings).await
    }

    /// The same by a clock that runs as the machine's does: for who clicks.
    pub async fn live(now: &str, workspace: Workspace, settings: &[(&str, &str)]) -> Self {
        Self::paced(1.0, now, workspace, settings).await
    }

    async fn paced(rate: f64, now: &str, workspace: Workspace, settings: &[(&str, &str)]) -> Self {
        let clock = Clock::running(now.parse().unwrap(), rate);
        let slack = Standin::start(workspace).await.unwrap();
        slack.set_clock(clock.clone());
        let database = Tables::Map.create().await;
        let files = tempfile::tempdir().unwrap();
        let settings = Arc::new(read_settings(&slack, &database, &files, settings).await);
        let options = StoreOptions { url: settings.store.url.clone(), schema: settings.store.schema.clone() };
        let opened = Database::open(&options).await.unwrap();
        let store = opened.of_workspace(&WorkspaceId("T0TEST".into()), clock.now()).await.unwrap();
        let limiter = Limiter::new(clock.clone(), settings.slack.messages_per_minute);
        let client = Client::new(&ClientOptions {
            api_url: settings.slack.api_url.clone(),
            token: TOKEN.into(),
            timeout: Duration::from_secs(2),
            gate: Some(Arc::new(limiter.clone())),
        });
        let client = client.unwrap();
        let holder = "one".to_owned();
        let warehouse = Warehouse::open(&engine::url().await, &settings.clickhouse).await.unwrap();
        let templates = Arc::new(Templates::embedded());
        let owners = Owners {
            ops: settings.ops.clone(),
            store: store.clone(),
            templates: Arc::clone(&templates),
            limiter: limiter.clone(),
        };
        let options = RelayOptions {
            store: store.clone(),
            client: client.clone(),
            limiter,
            clock: clock.clone(),
            holder: holder.clone(),
        };
        let mut app = Self {
            owners,
            relay: Relay::new(options, CancellationToken::new()),
            reporting: Reporting {
                store: store.clone(),
                warehouse,
                templates,
                settings: Arc::clone(&settings),
                client: client.clone(),
                clock: clock.clone(),
                holder: holder.clone(),
            },
            lists: TeamLists {
                settings: Arc::clone(&settings),
                store: store.clone(),
                client: client.clone(),
                clock: clock.clone(),
            },
            reconciler: Reconciler::new(store.clone(), client.clone(), clock.clone(), holder),
            slack,
            clock,
            settings,
            store,
            client,
            database,
            _files: files,
        };
        Box::pin(app.sync()).await;
        app
    }

    /// Reads the directory, and brings subscriptions in step.
    pub async fn sync(&mut self) {
        slack::sync_directory(&self.client, &self.store, self.clock.now()).await.unwrap();
        self.lists.step(self.clock.now()).await.unwrap();
        self.refresh().await;
    }

    /// Learns whose usage there is, as the daemon does once a day.
    pub async fn learn_usage(&self) {
        let now = self.clock.now();
        let mut users = self.reporting.warehouse.users_since(now - TimeDelta::days(30), now).await.unwrap();
        let mut seen = Vec::new();
        while let Some(user) = users.next().await.unwrap() {
            seen.push(user);
        }
        self.store.learn_usage(&seen).await.unwrap();
    }

    pub async fn rules(&self) -> Rules {
        Rules::of(&self.settings, &self.store, self.clock.now()).await.unwrap()
    }

    pub async fn refresh(&self) {
        planner::refresh(&self.store, &self.rules().await, self.clock.now()).await.unwrap();
    }

    /// `who` opts in or out, now and by themselves.
    pub async fn consents(&self, who: &str, kind: ConsentKind) {
        let email = MemberEmail::parse(&format!("{who}@example.com")).unwrap();
        let member = self.store.member_by_email(&email).await.unwrap().unwrap().id;
        let consent = Consent {
            actor: member.0.clone(),
            member: member.clone(),
            kind,
            at: self.clock.now(),
            surface: "slack".into(),
            wording: "test".into(),
        };
        self.store.record_consent(&consent).await.unwrap();
        planner::refresh_member(&self.store, &self.rules().await, &member, self.clock.now()).await.unwrap();
    }

    pub async fn opts_in(&self, who: &str) {
        self.consents(who, ConsentKind::OptIn).await;
    }

    /// A session of `who` at `when`, as `2026-09-11 10:00:00`.
    pub async fn session(&self, who: &str, when: &str) {
        let email = format!("{who}@example.com");
        insert(Tables::Map, &self.database, &[prompt(when, &email, &format!("s-{who}-{when}"))]).await;
    }

    /// Moves the clock to `instant`.
    pub fn wind_to(&self, instant: &str) {
        let instant: DateTime<Utc> = instant.parse().unwrap();
        self.clock.step(instant - self.clock.now());
    }

    /// One tick: what is too late is missed, what is due is planned and computed.
    pub async fn tick(&self) -> planner::Planned {
        let now = self.clock.now();
        self.store.expire(now).await.unwrap();
        let planned = planner::plan(&self.store, &self.rules().await, now).await.unwrap();
        while self.reporting.step().await.unwrap() {}
        planned
    }

    /// Sends and looks for until everything is final.
    pub async fn deliver_until_idle(&mut self) {
        let give_up = std::time::Instant::now() + PATIENCE;
        loop {
            self.store.expire(self.clock.now()).await.unwrap();
            self.relay.drain().await.unwrap();
            self.reconciler.step().await.unwrap();
            if self.store.open_deliveries().await.unwrap().is_empty() {
                return;
            }
            assert!(std::time::Instant::now() < give_up, "open: {:?}", self.store.open_deliveries().await);
            self.clock.sleep_until(self.clock.now() + TimeDelta::seconds(2)).await;
        }
    }

    /// The latest daily delivery of `who`.
    pub async fn latest(&self, who: &str) -> Option<DeliveryRecord> {
        let email = MemberEmail::parse(&format!("{who}@example.com")).unwrap();
        let member = self.store.member_by_email(&email).await.unwrap().unwrap().id;
        self.store.deliveries_of("daily", &member.0, None, 1).await.unwrap().pop()
    }

    /// State and reason of the latest daily delivery of `who`.
    pub async fn outcome(&self, who: &str) -> (String, Option<String>) {
        let delivery = self.latest(who).await.expect("a delivery");
        (delivery.state, delivery.reason)
    }

    /// State and reason of the latest weekly delivery of `team`.
    pub async fn team_outcome(&self, team: &str) -> Option<(String, Option<String>)> {
        let delivery = self.store.deliveries_of("weekly", team, None, 1).await.unwrap().pop()?;
        Some((delivery.state, delivery.reason))
    }

    /// How many messages each delivery became; more than one is a report sent twice.
    pub fn messages_by_delivery(&self) -> BTreeMap<String, u32> {
        let mut counts = BTreeMap::new();
        for message in self.slack.messages() {
            let id = message
                .metadata
                .and_then(|metadata| metadata["event_payload"]["delivery_id"].as_str().map(str::to_owned));
            *counts.entry(id.unwrap_or_default()).or_insert(0) += 1;
        }
        counts
    }

    /// What a command of the binary needs to find all that this app has.
    pub async fn environment(&self) -> Vec<(String, String)> {
        let environment = [
            ("SLACK__API_URL", self.slack.api_url()),
            ("SLACK__BOT_TOKEN", TOKEN.to_owned()),
            ("CLICKHOUSE__URL", engine::url().await),
            ("CLICKHOUSE__DATABASE", self.database.clone()),
            ("STORE__URL", self.settings.store.url.expose_secret().to_owned()),
        ];
        environment.map(|(key, value)| (format!("RECAP__{key}"), value)).into()
    }

    /// What answers people work with.
    pub fn workspace(&self) -> recap::workspace::Workspace {
        let Location::Url(url) = &self.settings.clickhouse.location else {
            unreachable!("the engine of the tests has a URL")
        };
        recap::workspace::Workspace {
            settings: Arc::clone(&self.settings),
            store: self.store.clone(),
            client: self.client.clone(),
            source: Source::new(url.to_string(), self.settings.clickhouse.clone()),
            templates: Arc::clone(&self.reporting.templates),
            clock: self.clock.clone(),
            planned: Arc::default(),
            lists: Arc::default(),
            tasks: TaskTracker::new(),
            again: recap::workspace::Again::default(),
        }
    }
}

async fn read_settings(slack: &Standin, database: &str, files: &TempDir, more: &[(&str, &str)]) -> Settings {
    let own = [
        ("SLACK__API_URL", slack.api_url()),
        ("SLACK__BOT_TOKEN", TOKEN.to_owned()),
        ("SLACK__MESSAGES_PER_MINUTE", "1000".to_owned()),
        ("CLICKHOUSE__URL", engine::url().await),
        ("CLICKHOUSE__DATABASE", database.to_owned()),
        ("STORE__URL", format!("sqlite:{}", files.path().join("recap.sqlite").display())),
        ("DIGEST__ENABLED", "true".to_owned()),
    ];
    let own = own.into_iter().map(|(key, value)| (format!("RECAP__{key}"), value));
    let more = more.iter().map(|(key, value)| (format!("RECAP__{key}"), (*value).to_owned()));
    // What is given last stands.
    Settings::load(None, own.chain(more).collect::<BTreeMap<_, _>>()).unwrap()
}
