//! Computes what was planned: a claimed cohort is asked about in one set of queries, outside any store transaction,
//! and its messages are written down in batches.

use super::summaries::WEEKLY;
use crate::{
    clock::Clock,
    config::{Enrollment, Settings},
    digest::{self, DailyOptions, Notice, StreakState},
    failpoint,
    message::Templates,
    model::{DeliveryId, MemberEmail, MemberId},
    report::{self, Cohort, DailyReport, DailyReports, Recipient},
    schedule::{DailySchedule, DailyWindow},
    slack::Client,
    store::{self, ClaimedCohort, CohortKey, NewDelivery, PlannedDelivery, Rendered, Store, StoreError},
    team::SummaryError,
    telemetry::metrics,
    warehouse::{Warehouse, WarehouseError},
};
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
    time::Duration,
};

/// A cohort that could not be computed gives way to others for so long.
pub(super) const AGAIN_AFTER: TimeDelta = TimeDelta::seconds(20);
/// Between two signs that a cohort is still worked on; much shorter than a lease.
const KEEP_EVERY: Duration = Duration::from_mins(5);
/// Between two tries to give claims back while the store does not answer.
const RELEASE_AGAIN: Duration = Duration::from_secs(1);
/// Between two looks whether late telemetry has come.
const LOOK_AGAIN_AFTER: TimeDelta = TimeDelta::minutes(5);
/// The note of summaries that wait for late telemetry; their reason if they wait too long.
const LATE_TELEMETRY: &str = "telemetry_late";
/// Messages written down at once.
const BATCH: usize = 200;
/// Without usage for this long nothing is known under an address (scheduling-and-delivery.md, section 2).
const IDENTITY: TimeDelta = TimeDelta::days(30);
/// The notice to who has no identity; the outbox sends it only while they are subscribed.
const NO_IDENTITY: &str = "notice.no_identity";
/// The note of deliveries that wait for the warehouse; their reason if they wait too long.
pub(super) const NO_WAREHOUSE: &str = "warehouse_unavailable";

/// What computing works with.
#[derive(Debug, Clone)]
pub struct Reporting {
    pub store: Store,
    pub warehouse: Warehouse,
    pub templates: Arc<Templates>,
    pub settings: Arc<Settings>,
    /// Looks at the channels of teams.
    pub client: Client,
    pub clock: Clock,
    /// This replica's name on claims.
    pub holder: String,
}

/// Why a cohort was not computed to its end; what is left of it was given back.
#[derive(Debug, thiserror::Error)]
pub enum ReportingError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Warehouse(#[from] WarehouseError),
    #[error("the cohort waits for telemetry that is late")]
    Held,
}

impl From<SummaryError> for ReportingError {
    fn from(error: SummaryError) -> Self {
        match error {
            SummaryError::Store(error) => Self::Store(error),
            SummaryError::Warehouse(error) => Self::Warehouse(error),
        }
    }
}

/// Deliveries of the cohort without an outcome so far, by address.
type Open = BTreeMap<MemberEmail, PlannedDelivery>;

/// Outcomes that are not written down yet.
#[derive(Default)]
struct Batch {
    rendered: Vec<Rendered>,
    skipped: HashMap<&'static str, Vec<DeliveryId>>,
    unidentified: Vec<(String, MemberEmail)>,
    failed: HashMap<&'static str, Vec<DeliveryId>>,
    streaks: Vec<(MemberId, store::StreakState)>,
    usage: Vec<(MemberEmail, DateTime<Utc>)>,
    size: usize,
}

impl Reporting {
    /// Computes the cohort that is due first; false where none is.
    ///
    /// # Errors
    /// When the store or the warehouse does not answer.
    pub async fn step(&self) -> Result<bool, ReportingError> {
        let Some(cohort) = self.store.claim_cohort(&self.holder, self.clock.now()).await? else { return Ok(false) };
        failpoint::hit("report.after_claim");
        let ClaimedCohort { key, deliveries } = cohort;
        let all: Vec<_> = deliveries.iter().map(|delivery| delivery.id.clone()).collect();
        let outcome = tokio::select! {
            outcome = Box::pin(self.compute(&key, deliveries)) => outcome,
            () = self.keep(&key) => Ok(()),
        };
        if let Err(error) = &outcome {
            let (note, again) = match error {
                ReportingError::Warehouse(_) => (Some(NO_WAREHOUSE), AGAIN_AFTER),
                ReportingError::Held => (Some(LATE_TELEMETRY), LOOK_AGAIN_AFTER),
                ReportingError::Store(_) => (None, AGAIN_AFTER),
            };
            self.give_back(&all, note, again).await?;
        }
        match outcome {
            Err(ReportingError::Held) => Ok(true),
            outcome => outcome.map(|()| true),
        }
    }

    /// However long a cohort takes to compute, it stays ours; never ends.
    async fn keep(&self, key: &CohortKey) {
        loop {
            self.clock.sleep(KEEP_EVERY).await;
            if let Err(error) = self.store.keep_cohort(&self.holder, key, self.clock.now()).await {
                tracing::warn!(error = &error as &dyn std::error::Error, "a claim was not kept");
            }
        }
    }

    /// Writes down that these cannot be sent, for a reason that owners hear of.
    pub(super) async fn fail(&self, report: &str, ids: &[DeliveryId], code: &str) -> Result<(), StoreError> {
        self.store.fail_planned(&self.holder, ids, code, self.clock.now()).await?;
        for _ in ids {
            metrics::failed(report, code);
        }
        Ok(())
    }

    /// Gives back what is still planned, however long the store takes to answer: nobody else takes it while we live.
    pub(super) async fn give_back(
        &self,
        ids: &[DeliveryId],
        note: Option<&str>,
        again: TimeDelta,
    ) -> Result<(), StoreError> {
        loop {
            let now = self.clock.now();
            match self.store.release(&self.holder, ids, (note, now + again), now).await {
                Err(error) if error.is_transient() => {
                    metrics::store_error("release");
                    self.clock.sleep(RELEASE_AGAIN).await;
                }
                outcome => return outcome,
            }
        }
    }

    async fn compute(&self, key: &CohortKey, deliveries: Vec<PlannedDelivery>) -> Result<(), ReportingError> {
        let mut wanted = Vec::new();
        let mut unwanted: BTreeMap<String, Vec<DeliveryId>> = BTreeMap::new();
        for delivery in deliveries {
            match delivery.unwanted {
                Some(reason) => unwanted.entry(reason).or_default().push(delivery.id),
                None => wanted.push(delivery),
            }
        }
        for (reason, ids) in unwanted {
            let skipped = self.store.skip(&self.holder, &ids, &reason, self.clock.now()).await?;
            metrics::skipped(&key.report, &reason, skipped);
        }
        if key.report == WEEKLY {
            return self.summarise(key, wanted).await;
        }
        let (schedule, window) = self.window(key).await?;
        let mut open: Open = BTreeMap::new();
        let mut twins = Vec::new();
        for delivery in wanted {
            let Some(email) = delivery.email.clone() else { continue };
            if let Some(twin) = open.insert(email, delivery) {
                twins.push(twin.id);
            }
        }
        if !twins.is_empty() {
            // Two accounts with one address: the numbers are one person's, and go out once.
            self.store.skip(&self.holder, &twins, "same_address", self.clock.now()).await?;
        }
        self.report(key, &schedule, window, open).await
    }

    async fn window(&self, key: &CohortKey) -> Result<(DailySchedule, DailyWindow), StoreError> {
        let days_off = self.store.calendar(&key.calendar).await?.into_iter().collect();
        let CohortKey { zone, time, weekdays, covers, .. } = *key;
        let schedule = DailySchedule { zone, time, weekdays, days_off, covers };
        let date: NaiveDate = key
            .period
            .parse()
            .map_err(|_| StoreError::Corrupt { what: "the period of a daily delivery is no date".to_owned() })?;
        let window = match key.resume_from {
            Some(start) => schedule.window_from(date, start),
            None => schedule.window_at(date),
        };
        Ok((schedule, window))
    }

    async fn report(
        &self,
        key: &CohortKey,
        schedule: &DailySchedule,
        window: DailyWindow,
        mut open: Open,
    ) -> Result<(), ReportingError> {
        if open.is_empty() {
            return Ok(());
        }
        let next = schedule.next_occurrence(key.due);
        let count = open.len();
        let configured = self.store.report_config(&key.report, "workspace").await?.and_then(|config| config.sections);
        let recipient = |(email, delivery)| self.recipient(email, delivery, next, configured.as_deref());
        let recipients = open.iter().map(recipient).collect();
        let end = window.reported().end;
        let began = self.clock.elapsed();
        let mut reports = DailyReports::of(&self.warehouse, &self.templates, Cohort { window, recipients }).await?;
        let mut batch = Batch::default();
        while let Some(report) = reports.next().await? {
            let Some(delivery) = open.remove(&report.email) else { continue };
            batch.add(report, delivery, end);
            if batch.size >= BATCH {
                self.write(key, std::mem::take(&mut batch)).await?;
            }
        }
        self.write(key, batch).await?;
        tracing::info!(report = key.report, period = key.period, zone = %key.zone, deliveries = count, "a cohort was computed");
        metrics::query_time("daily", self.clock.elapsed().saturating_sub(began));
        Ok(())
    }

    fn recipient(
        &self,
        email: &MemberEmail,
        delivery: &PlannedDelivery,
        next: Option<DateTime<Utc>>,
        configured: Option<&[String]>,
    ) -> Recipient {
        let options = DailyOptions {
            sections: self.settings.digest.sections_of(delivery.sections.as_deref().or(configured)),
            first: delivery.first,
            next,
            opt_out: self.settings.digest.enrollment == Enrollment::OptOut,
        };
        Recipient { streak: delivery.streak.map(counted), ..Recipient::new(email.clone(), options) }
    }

    async fn write(&self, key: &CohortKey, batch: Batch) -> Result<(), StoreError> {
        let now = self.clock.now();
        failpoint::hit("report.before_rendered");
        if !batch.usage.is_empty() {
            self.store.learn_usage(&batch.usage).await?;
        }
        if !batch.rendered.is_empty() {
            self.store.rendered(&self.holder, &batch.rendered, now).await?;
        }
        self.tell_unidentified(&batch.unidentified, now).await?;
        for (reason, ids) in &batch.skipped {
            let skipped = self.store.skip(&self.holder, ids, reason, now).await?;
            metrics::skipped(&key.report, reason, skipped);
        }
        for (code, ids) in &batch.failed {
            self.fail(&key.report, ids, code).await?;
        }
        self.store.put_streaks(&batch.streaks).await?;
        failpoint::hit("report.after_rendered");
        Ok(())
    }
}

impl Reporting {
    /// Each is told once that nothing was found under their address: the ledger keeps it.
    async fn tell_unidentified(&self, members: &[(String, MemberEmail)], now: DateTime<Utc>) -> Result<(), StoreError> {
        let mut notices = Vec::new();
        for (member, email) in members {
            match report::notice(&self.templates, &Notice::no_identity(email, &self.settings.ops.owners)) {
                Ok(message) => notices.push(NewDelivery::notice(NO_IDENTITY, member, "once", message.to_json(), now)),
                Err(error) => {
                    tracing::error!(error = &error as &dyn std::error::Error, "a notice cannot be rendered");
                }
            }
        }
        if !notices.is_empty() {
            self.store.plan(&notices, &[], now).await?;
        }
        Ok(())
    }
}

impl Batch {
    fn add(&mut self, report: DailyReport, delivery: PlannedDelivery, end: DateTime<Utc>) {
        self.size += 1;
        let usage = report.usage.max(delivery.last_usage);
        if let Some(usage) = report.usage.filter(|usage| Some(*usage) > delivery.last_usage) {
            self.usage.push((report.email.clone(), usage));
        }
        let streak = (MemberId(delivery.recipient.clone()), kept(report.streak));
        if report.digest.empty {
            self.streaks.push(streak);
            let known = usage.is_some_and(|usage| usage >= end - IDENTITY);
            let reason = if known { "no_activity" } else { "no_identity" };
            if !known {
                self.unidentified.push((delivery.recipient, report.email));
            }
            self.skipped.entry(reason).or_default().push(delivery.id);
            return;
        }
        match report.message {
            Ok(message) => {
                self.rendered.push(Rendered {
                    id: delivery.id,
                    message: message.to_json(),
                    streak: Some(streak),
                    posting: None,
                });
            }
            Err(error) => {
                tracing::error!(delivery.id = %delivery.id, error = &error as &dyn std::error::Error, "a digest cannot be rendered");
                self.failed.entry(error.code()).or_default().push(delivery.id);
            }
        }
    }
}

/// The store keeps a streak in words of its own.
fn counted(state: store::StreakState) -> StreakState {
    let store::StreakState { days, at_least, through, until } = state;
    StreakState { days, at_least, through, until }
}

fn kept(state: digest::StreakState) -> store::StreakState {
    let StreakState { days, at_least, through, until } = state;
    store::StreakState { days, at_least, through, until }
}
