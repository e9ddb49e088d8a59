//! What owners are told: how a day's deliveries went, and what needs a person. Each is a delivery of its own, so it is
//! told once, whoever asks again.

use crate::{
    config::Ops,
    delivery::Limiter,
    digest::{Late, Notice, RunReport, Subject},
    message::Templates,
    model::{Covers, DeliveryId, LocalTime, Weekdays},
    report,
    schedule::date_at,
    store::{Activity, NewDelivery, Overdue, Planned, Priority, Store, Tally},
    telemetry::metrics,
};
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use chrono_tz::Tz;
use std::sync::Arc;

/// For so long after its budget a cohort may be unfinished before somebody hears of it (section 5).
const GRACE: TimeDelta = TimeDelta::minutes(15);
/// A notice that could not be sent for a day is no news any more.
const NEWS_FOR: TimeDelta = TimeDelta::days(1);
/// Run reports look back this far, should nobody have been there.
const REPORTED_DAYS: i64 = 3;
/// Stuck deliveries told of at once.
const MOST_STUCK: u32 = 20;

/// Tells the installation's owners.
#[derive(Debug, Clone)]
pub struct Owners {
    pub ops: Ops,
    pub store: Store,
    pub templates: Arc<Templates>,
    pub limiter: Limiter,
}

impl Owners {
    /// Looks over the outbox and the last days; answers whether anything is still open.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn look(&self, now: DateTime<Utc>) -> anyhow::Result<bool> {
        let open = self.store.open_deliveries().await?;
        measure(&open);
        let targets = self.targets().await?;
        let mut news: Vec<(String, Notice)> = Vec::new();
        if !targets.is_empty() {
            for cohort in self.store.overdue(now - GRACE).await? {
                news.extend(self.overdue(&cohort, now));
            }
            for stuck in self.store.stuck(MOST_STUCK).await? {
                let recipient = stuck.email.as_ref().map_or(stuck.recipient.as_str(), |email| email.as_str());
                let subject = Subject { report: &stuck.report, period: &stuck.period, recipient };
                news.push((format!("unknown.{}", stuck.id), Notice::unknown_outcome(&stuck.id, subject)));
            }
            for off in self.store.switched_off(now - NEWS_FOR).await? {
                let Activity::Off(reason) = &off.activity else { continue };
                let recipient = off.email.as_ref().map_or(off.recipient.as_str(), |email| email.as_str());
                let what = format!("off.{}.{}", off.recipient, off.since.timestamp());
                news.push((what, Notice::switched_off(&off.report, recipient, off.refusals, reason)));
            }
        }
        for (what, notice) in news {
            tracing::warn!(notice = %what, "owners are told that something needs a person");
            let message = report::notice(&self.templates, &notice)?;
            self.tell(&targets, "notice.ops", &what, &message.to_json(), now).await?;
        }
        let waiting = self.run_reports(&targets, now).await?;
        Ok(waiting || open.iter().any(|open| !open.report.starts_with("notice")))
    }

    /// Whom to tell: owners by DM, and the channel.
    async fn targets(&self) -> anyhow::Result<Vec<String>> {
        let mut targets: Vec<String> = self.ops.channel.iter().cloned().collect();
        for owner in &self.ops.owners {
            if let Some(member) = self.store.member_by_email(owner).await? {
                targets.push(member.id.0);
            } else {
                tracing::debug!("an owner of `ops.owners` is not in the directory (yet)");
            }
        }
        Ok(targets)
    }

    /// A cohort that should be done by now, as long as it would take.
    fn overdue(&self, cohort: &Overdue, now: DateTime<Utc>) -> Option<(String, Notice)> {
        let budget = TimeDelta::from_std(self.limiter.expected(cohort.expected)).unwrap_or(TimeDelta::MAX);
        let done_by = cohort.last_send_at.checked_add_signed(budget)?.checked_add_signed(GRACE)?;
        (now > done_by).then(|| {
            let what = format!("overdue.{}.{}.{}", cohort.report, cohort.period, cohort.due.timestamp());
            let Overdue { report, period, due, expected, open, unknown, .. } = cohort;
            let late = Late { report, period, due: *due, expected: *expected, open: *open, unknown: *unknown };
            (what, Notice::overdue(late))
        })
    }

    /// The run report of each day whose deliveries are final everywhere; true while one is still to come.
    async fn run_reports(&self, targets: &[String], now: DateTime<Utc>) -> anyhow::Result<bool> {
        let from = (now - TimeDelta::days(REPORTED_DAYS)).date_naive().to_string();
        let mut waiting = false;
        for period in self.store.periods_since("daily", &from).await? {
            let Ok(date) = period.parse::<NaiveDate>() else { continue };
            let tallies: Vec<_> =
                self.store.tally(&period).await?.into_iter().filter(|tally| tally.report == "daily").collect();
            if !self.is_over(date, &tallies).await? {
                waiting = true;
                continue;
            }
            if targets.is_empty() {
                continue;
            }
            let counts = tallies.iter().map(|tally| (tally.state.as_str(), tally.reason.as_deref(), tally.count));
            let message = report::run_report(&self.templates, &RunReport::of("daily", &period, counts))?;
            self.tell(targets, "notice.run", &period, &message.to_json(), now).await?;
        }
        Ok(waiting)
    }

    /// Whether everything of `date` is final, and nothing of it is still to come in any zone.
    async fn is_over(&self, date: NaiveDate, tallies: &[Tally]) -> anyhow::Result<bool> {
        let is_open =
            |tally: &Tally| !["sent", "failed", "skipped", "missed", "unknown"].contains(&tally.state.as_str());
        if tallies.iter().any(is_open) {
            return Ok(false);
        }
        let next = self.store.next_due_by_zone().await?;
        Ok(next.into_iter().all(|(zone, next)| date_at(zone, next) > date))
    }

    async fn tell(
        &self,
        targets: &[String],
        report: &str,
        period: &str,
        message: &str,
        now: DateTime<Utc>,
    ) -> anyhow::Result<()> {
        let deliveries: Vec<_> =
            targets.iter().map(|target| notice(report, target, period, message.to_owned(), now)).collect();
        self.store.plan(&deliveries, &[], now).await?;
        Ok(())
    }
}

/// A delivery outside of any schedule, computed already.
pub(super) fn notice(report: &str, target: &str, period: &str, message: String, now: DateTime<Utc>) -> NewDelivery {
    NewDelivery {
        id: DeliveryId::new(),
        report: report.to_owned(),
        recipient: target.to_owned(),
        period: period.to_owned(),
        email: None,
        priority: Priority::Notice,
        turn: 0,
        outcome: Planned::Rendered(message),
        due: now,
        send_at: now,
        expires: now + NEWS_FOR,
        zone: Tz::UTC,
        time: LocalTime::MIDNIGHT,
        weekdays: Weekdays::EVERY_DAY,
        covers: Covers::Morning,
        calendar: String::new(),
        resume_from: None,
    }
}

fn measure(open: &[Tally]) {
    let counts: Vec<_> = open.iter().map(|tally| (tally.state.as_str(), tally.count)).collect();
    metrics::outbox(&counts);
}
