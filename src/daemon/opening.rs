//! The daemon's start behind its listeners: engine, store, Slack and warehouse are opened, then the loops begin. What
//! does not answer yet is waited for; readiness says what.

use super::{
    Heartbeat, Replica, SlackStanding, StoreCheck, Supervisor, Ticker,
    from_slack::FromSlack,
    open::{self, OpenError},
    owners::Owners,
    serve::ServeError,
    warehouse,
    work::Work,
};
use crate::{
    clock::Clock,
    config::Settings,
    delivery::Limiter,
    http::AdminDesk,
    message::Templates,
    planner::Rules,
    slack::SlackError,
    store::{DaemonLock, Database, Store, StoreError},
    warehouse::{Ping, Source, embedded::Engine},
};
use chrono::{DateTime, Utc};
use std::{path::PathBuf, sync::Arc};
use tokio::sync::{Notify, watch};

/// What the start works with.
pub(super) struct Opening<'a> {
    pub settings: &'a Settings,
    pub clock: &'a Clock,
    /// The `recap` binary, which hosts the embedded engine.
    pub executable: PathBuf,
    pub ping: &'a watch::Sender<Option<Ping>>,
    /// Told of the database once it is open.
    pub opened: &'a watch::Sender<Option<Database>>,
    pub standing: SlackStanding,
    pub ticker: Ticker,
    pub slack: &'a FromSlack,
    /// Where admins come in.
    pub desk: &'a AdminDesk,
}

/// What must be given back after the loops have ended.
#[derive(Default)]
pub(super) struct Held {
    engine: Option<Engine>,
    replica: Option<Replica>,
    database: Option<Database>,
    lock: Option<DaemonLock>,
}

impl Held {
    /// Gives claims, place and engine back, the last of them last.
    pub async fn release(self) {
        if let Some(replica) = self.replica
            && let Err(error) = replica.leave().await
        {
            tracing::warn!(error = &error as &dyn std::error::Error, "this replica's claims are found by the next one");
        }
        if let Some(database) = self.database {
            database.close().await;
        }
        drop(self.lock);
        if let Some(engine) = self.engine {
            engine.stop().await;
        }
    }
}

impl Opening<'_> {
    /// Opens everything and starts the loops.
    ///
    /// # Errors
    /// When something can never be used as it is set.
    pub async fn run(self, supervisor: &Supervisor, held: &mut Held) -> Result<(), ServeError> {
        let settings = self.settings;
        let templates = Arc::new(match &settings.messages.templates_dir {
            None => Templates::embedded(),
            Some(folder) => Templates::with_overrides(folder)?,
        });
        let heartbeat = match &settings.ops.heartbeat_url {
            None => None,
            Some(url) => Some(Heartbeat::new(url.clone(), self.clock.clone()).map_err(ServeError::Heartbeat)?),
        };
        let (database, lock) = open::database(&settings.store, self.clock).await?;
        held.lock = lock;
        held.database = Some(database.clone());
        self.opened.send_replace(Some(database.clone()));
        held.engine = warehouse::open(&settings.clickhouse, self.executable.clone(), self.ping).await?;

        let limiter = Limiter::new(self.clock.clone(), settings.slack.messages_per_minute);
        let Some(client) = open::client(settings, Arc::new(limiter.clone()))? else {
            let reason = "`slack.bot_token` is not set, so nothing is sent";
            tracing::warn!(reason, "this daemon serves health only");
            self.standing.authorized(Err(reason.to_owned()));
            return Ok(());
        };
        let background = client.behind(Arc::new(limiter.background()));
        let store = self.store(&database, &client).await?;
        let replica = Replica::new(store.clone(), self.clock.clone());
        open::once_it_answers(self.clock, || replica.join()).await.map_err(OpenError::from)?;
        held.replica = Some(replica.clone());
        open::once_it_answers(self.clock, || begin(settings, &store, self.clock.now()))
            .await
            .map_err(OpenError::from)?;
        let owners = Owners {
            ops: settings.ops.clone(),
            store: store.clone(),
            templates: Arc::clone(&templates),
            limiter: limiter.clone(),
        };
        let source = self.source(held.engine.as_ref());
        let work = Work {
            settings: Arc::new(settings.clone()),
            clock: self.clock.clone(),
            store,
            client,
            background,
            limiter,
            replica,
            source,
            templates,
            owners,
            standing: self.standing.clone(),
            ticker: self.ticker.clone(),
            heartbeat,
            planned: Arc::new(Notify::new()),
            lists: Arc::new(Notify::new()),
        };
        let workspace = self.slack.open(&work, supervisor);
        self.desk.open(workspace);
        work.start(supervisor);
        Ok(())
    }

    async fn store(&self, database: &Database, client: &crate::slack::Client) -> Result<Store, OpenError> {
        let told = |error: &SlackError| {
            tracing::warn!(error = %error, hint = error.hint(), "Slack does not say whose the bot token is");
            self.standing.authorized(Err(error.to_string()));
        };
        let store = open::store(database, client, self.clock, told).await?;
        self.standing.authorized(Ok(()));
        Ok(store)
    }

    fn source(&self, engine: Option<&Engine>) -> Source {
        let clickhouse = match engine {
            Some(engine) => engine.access().within(&self.settings.clickhouse),
            None => self.settings.clickhouse.clone(),
        };
        Source::new(warehouse::url(&self.settings.clickhouse, engine), clickhouse)
    }
}

/// Whether the store answers, once it is open.
pub(super) fn store_check(opened: watch::Receiver<Option<Database>>) -> StoreCheck {
    StoreCheck::new(move || {
        let database = opened.borrow().clone();
        async move {
            match database {
                Some(database) => database.ping().await.map_err(|error| error.to_string()),
                None => Err("the store is not open yet".to_owned()),
            }
        }
    })
}

/// Before anything is sent: what the settings no longer enable is taken back, and what is to go to a channel that a team
/// no longer has.
async fn begin(settings: &Settings, store: &Store, now: DateTime<Utc>) -> Result<(), StoreError> {
    Rules::begin(settings, store, now).await?;
    let rules = Rules::of(settings, store, now).await?;
    store.recall(&rules.channels(), DateTime::<Utc>::MIN_UTC, now).await?;
    Ok(())
}
