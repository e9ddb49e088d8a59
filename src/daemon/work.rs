//! The daemon's loops over an open store, Slack and ClickHouse: what each does is in its own module, here is when.

use super::{
    Heartbeat, Replica, SlackStanding, Supervisor, Ticker,
    alerts::{Alerts, alerts_loop},
    directory::Directory,
    lists::TeamLists,
    owners::Owners,
    replicas::LOOK_AFTER,
    reporting::{AGAIN_AFTER, NO_WAREHOUSE, Reporting},
    ticks::Tick,
};
use crate::{
    clock::Clock,
    config::Settings,
    delivery::{Limiter, Opener, Reconciler, Relay, RelayOptions, revive},
    message::Templates,
    planner::{self, Rules},
    slack::Client,
    store::{HALTED, STOPPED, Store},
    telemetry::metrics,
    warehouse::Source,
};
use chrono::TimeDelta;
use std::{sync::Arc, time::Duration};
use tokio::sync::{Mutex, Notify};
use tokio_util::sync::CancellationToken;

/// Between two looks for something to compute, should nobody tell of it.
const LOOK_EVERY: Duration = Duration::from_secs(10);
/// A summary that nobody tried to send for so long is computed again: its channel may have been shared meanwhile.
const SNAPSHOT_FOR: TimeDelta = TimeDelta::minutes(30);
/// No claim is worked on for so long.
const LEASE: TimeDelta = TimeDelta::minutes(30);
/// So many ticks go by at most without a look at the outbox.
const LOOK_ANYWAY: u32 = 5;
/// Conversations are opened ahead once in so many ticks.
const OPEN_ANYWAY: u32 = 10;
/// Between two looks for deliveries of unknown outcome.
const RECONCILE_EVERY: Duration = Duration::from_secs(5);
/// How soon readiness knows that sending stands still.
const STAND_EVERY: Duration = Duration::from_secs(10);
/// After ClickHouse or the store did not answer.
const PAUSE: Duration = Duration::from_secs(2);

/// What the loops work with; cheap to clone.
#[derive(Debug, Clone)]
pub(super) struct Work {
    pub settings: Arc<Settings>,
    pub clock: Clock,
    pub store: Store,
    /// For what somebody waits for.
    pub client: Client,
    /// For what can wait: it lets the other go first.
    pub background: Client,
    pub limiter: Limiter,
    pub replica: Replica,
    pub source: Source,
    pub templates: Arc<Templates>,
    pub owners: Owners,
    pub standing: SlackStanding,
    pub ticker: Ticker,
    pub heartbeat: Option<Heartbeat>,
    /// Told when something was planned, so that it is computed at once.
    pub planned: Arc<Notify>,
    /// Told when who is on a team must be read anew.
    pub lists: Arc<Notify>,
}

impl Work {
    /// Starts every loop under `supervisor`.
    pub fn start(self, supervisor: &Supervisor) {
        let planned = Arc::clone(&self.planned);
        let directory = Directory::new(&self);
        let relay = self.relay(supervisor.stop_token().clone());
        if let Some(heartbeat) = self.heartbeat.clone() {
            supervisor.run("heartbeat", move |stop| {
                let heartbeat = heartbeat.clone();
                async move {
                    heartbeat.run(stop).await;
                    Ok(())
                }
            });
        }
        self.run(supervisor, "replica", |work, stop| async move { Ok(work.replica.run(stop).await?) });
        let tell = Arc::clone(&planned);
        self.run_until_stopped(supervisor, "planner", move |work| {
            let tell = Arc::clone(&tell);
            async move { work.plan(&tell).await }
        });
        let to_send = relay.clone();
        self.run_until_stopped(supervisor, "reporting", move |work| {
            let (planned, relay) = (Arc::clone(&planned), to_send.clone());
            async move { work.report(&planned, &relay).await }
        });
        supervisor.run("relay", move |_| {
            let relay = relay.clone();
            async move { Ok(relay.run().await?) }
        });
        // Outlasts failures of its loop, for what it holds nobody else looks for.
        let reconciler = Arc::new(Mutex::new(self.reconciler()));
        self.run_until_stopped(supervisor, "reconcile", move |work| {
            let reconciler = Arc::clone(&reconciler);
            async move { work.reconcile(&reconciler).await }
        });
        self.run(supervisor, "opener", |work, stop| async move { work.open_ahead(stop).await });
        self.run_until_stopped(supervisor, "workspace", |work| async move { work.watch_workspace().await });
        self.run_until_stopped(supervisor, "housekeeping", |work| async move { work.keep_house().await });
        self.run_until_stopped(supervisor, "revisions", |work| async move { work.revise().await });
        self.run_until_stopped(supervisor, "alerts", |work| async move { work.alert().await });
        self.run_until_stopped(supervisor, "teams", |work| async move { work.team_lists().run(&work.lists).await });
        self.run_until_stopped(supervisor, "directory", move |_| {
            let directory = directory.clone();
            async move { directory.run().await }
        });
    }

    /// Runs a loop that ends by itself when it is asked to stop.
    fn run<Body, Running>(&self, supervisor: &Supervisor, name: &'static str, body: Body)
    where
        Body: Fn(Self, CancellationToken) -> Running + Send + 'static,
        Running: Future<Output = anyhow::Result<()>> + Send + 'static,
    {
        let work = self.clone();
        supervisor.run(name, move |stop| Box::pin(body(work.clone(), stop)));
    }

    /// Runs a loop that may be broken off at any of its waits.
    fn run_until_stopped<Body, Running>(&self, supervisor: &Supervisor, name: &'static str, body: Body)
    where
        Body: Fn(Self) -> Running + Send + 'static,
        Running: Future<Output = anyhow::Result<()>> + Send + 'static,
    {
        let work = self.clone();
        supervisor.run(name, move |stop| {
            let running = Box::pin(body(work.clone()));
            async move { stop.run_until_cancelled(running).await.unwrap_or(Ok(())) }
        });
    }

    fn relay(&self, stop: CancellationToken) -> Relay {
        let options = RelayOptions {
            store: self.store.clone(),
            client: self.client.clone(),
            limiter: self.limiter.clone(),
            clock: self.clock.clone(),
            holder: self.replica.id().to_owned(),
        };
        Relay::new(options, stop)
    }

    /// Each minute: what is due is planned. With nothing due and nothing open that is one query.
    async fn plan(&self, planned: &Notify) -> anyhow::Result<()> {
        let mut rules = Rules::of(&self.settings, &self.store, self.clock.now()).await?;
        planner::refresh(&self.store, &rules, self.clock.now()).await?;
        let mut ticks = self.ticker.ticks();
        let (mut open, mut quiet) = (true, 0_u32);
        loop {
            ticks.next_of(Tick::Minute).await;
            let now = self.clock.now();
            // Another replica may have planned what this one must not forget.
            quiet += 1;
            open |= quiet >= LOOK_ANYWAY;
            if open {
                // An admin may have changed them since, here or at another replica.
                rules = Rules::of(&self.settings, &self.store, now).await?;
                if self.store.recall(&rules.channels(), now - SNAPSHOT_FOR, now).await? > 0 {
                    planned.notify_one();
                }
                for (report, reason, count) in self.store.expire(now).await? {
                    metrics::missed(&report, &reason, count);
                    tracing::warn!(report, reason, count, "deliveries were missed");
                }
            }
            let done = planner::plan(&self.store, &rules, now).await?;
            if done.due > 0 {
                for (report, counts) in &done.by_report {
                    metrics::due(report, counts.due);
                    metrics::planned(report, counts.written.saturating_sub(counts.missed + counts.skipped));
                    metrics::missed(report, "not_running", counts.missed);
                    metrics::skipped(report, "holiday", counts.skipped);
                }
                tracing::info!(due = done.due, written = done.written, missed = done.missed, "planned");
                planned.notify_one();
            }
            if open || done.due > 0 {
                open = self.owners.look(now).await?;
                quiet = 0;
            }
            if let Some(heartbeat) = &self.heartbeat {
                heartbeat.good_tick();
            }
        }
    }

    /// Computes what was planned, and tells the relay.
    async fn report(&self, planned: &Notify, relay: &Relay) -> anyhow::Result<()> {
        let reporting = self.reporting().await?;
        loop {
            match reporting.step().await {
                Ok(true) => relay.wake(),
                Ok(false) => {
                    tokio::select! {
                        // What was computed by hand is there to be sent.
                        () = planned.notified() => relay.wake(),
                        () = self.clock.sleep(LOOK_EVERY) => {}
                    }
                }
                Err(error) => {
                    // That cohort comes again later; the next one may fare better.
                    tracing::warn!(error = &error as &dyn std::error::Error, "a cohort was not computed");
                    self.clock.sleep(PAUSE).await;
                }
            }
        }
    }

    /// Waits for the warehouse; what is due meanwhile knows what it waits for.
    async fn reporting(&self) -> anyhow::Result<Reporting> {
        let holder = self.replica.id();
        let warehouse = loop {
            match self.source.warehouse().await {
                Ok(warehouse) => break warehouse.clone(),
                Err(error) => {
                    tracing::warn!(error = %error, hint = error.hint(), "the warehouse cannot be read yet");
                }
            }
            let now = self.clock.now();
            while let Some(cohort) = self.store.claim_cohort(holder, now).await? {
                let ids: Vec<_> = cohort.deliveries.into_iter().map(|delivery| delivery.id).collect();
                let again = now + AGAIN_AFTER;
                self.store.release(holder, &ids, (Some(NO_WAREHOUSE), again), now).await?;
            }
            self.clock.sleep(PAUSE).await;
        };
        Ok(Reporting {
            store: self.store.clone(),
            warehouse,
            templates: Arc::clone(&self.templates),
            settings: Arc::clone(&self.settings),
            client: self.background.clone(),
            clock: self.clock.clone(),
            holder: holder.to_owned(),
        })
    }

    /// Posted summaries follow what comes late.
    async fn revise(&self) -> anyhow::Result<()> {
        let reporting = self.reporting().await?;
        loop {
            if let Err(error) = reporting.revise().await {
                tracing::warn!(error = &error as &dyn std::error::Error, "posted summaries were not looked at");
            }
            self.clock.sleep(LOOK_EVERY).await;
        }
    }

    /// Teams' days are judged as they are over.
    async fn alert(&self) -> anyhow::Result<()> {
        let Reporting { warehouse, .. } = self.reporting().await?;
        let alerts = Alerts {
            settings: Arc::clone(&self.settings),
            store: self.store.clone(),
            warehouse,
            templates: Arc::clone(&self.templates),
            client: self.background.clone(),
        };
        alerts_loop(&alerts, &self.clock).await
    }

    fn team_lists(&self) -> TeamLists {
        TeamLists {
            settings: Arc::clone(&self.settings),
            store: self.store.clone(),
            client: self.background.clone(),
            clock: self.clock.clone(),
        }
    }

    fn reconciler(&self) -> Reconciler {
        let holder = self.replica.id().to_owned();
        Reconciler::new(self.store.clone(), self.background.clone(), self.clock.clone(), holder)
    }

    async fn reconcile(&self, reconciler: &Mutex<Reconciler>) -> anyhow::Result<()> {
        loop {
            reconciler.lock().await.step().await?;
            self.clock.sleep(RECONCILE_EVERY).await;
        }
    }

    async fn open_ahead(&self, stop: CancellationToken) -> anyhow::Result<()> {
        let mut opener = Opener::new(self.store.clone(), self.background.clone(), stop.clone());
        let mut ticks = self.ticker.ticks();
        let mut quiet = OPEN_ANYWAY;
        while stop.run_until_cancelled(ticks.next_of(Tick::Minute)).await.is_some() {
            // Whose conversation is unknown is a look over all subscriptions; the relay opens what it needs itself.
            quiet += 1;
            if quiet < OPEN_ANYWAY {
                continue;
            }
            quiet = 0;
            while !stop.is_cancelled() && opener.step().await? > 0 {}
        }
        Ok(())
    }

    /// Whether sending stands still, and whether it can go on.
    async fn watch_workspace(&self) -> anyhow::Result<()> {
        let mut ticks = self.ticker.ticks();
        loop {
            self.standing.halted(self.store.value(HALTED).await?.is_some());
            self.standing.stopped(self.store.value(STOPPED).await?);
            tokio::select! {
                () = ticks.next_of(Tick::Minute) => {}
                () = self.clock.sleep(STAND_EVERY) => continue,
            }
            self.standing.stopped(revive(&self.store, &self.client, self.clock.now()).await?);
            self.release_forgotten().await?;
            let limits = self.limiter.snapshot();
            metrics::budget(limits.budget_per_minute);
            for (method, left) in limits.pauses {
                let until = self.clock.now() + TimeDelta::from_std(left).unwrap_or_default();
                metrics::paused_until(method, until);
            }
        }
    }

    /// A claim that an error left behind must not hold up its delivery for as long as this process lives.
    async fn release_forgotten(&self) -> anyhow::Result<()> {
        let now = self.clock.now();
        let (unknown, released) = self.store.release_claims_before(now - LEASE, now + LOOK_AFTER, now).await?;
        if unknown + released > 0 {
            tracing::warn!(unknown, released, "claims that nobody worked on are free again");
        }
        Ok(())
    }

    /// Each hour: what is old is forgotten, and subscriptions are brought in step once more.
    async fn keep_house(&self) -> anyhow::Result<()> {
        let mut ticks = self.ticker.ticks();
        loop {
            ticks.next_of(Tick::Hourly).await;
            let now = self.clock.now();
            let (snapshots, deliveries) = self.store.prune(now, self.settings.store.retention).await?;
            if snapshots + deliveries > 0 {
                tracing::info!(snapshots, deliveries, "old snapshots and deliveries were forgotten");
            }
            let rules = Rules::of(&self.settings, &self.store, now).await?;
            planner::refresh(&self.store, &rules, now).await?;
        }
    }
}
