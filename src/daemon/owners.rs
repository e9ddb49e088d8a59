//! What owners are told: how a day's and a week's deliveries went, and what needs a person. Each is a delivery of its own, so it is
//! told once, whoever asks again.

use crate::{
    config::Ops,
    delivery::Limiter,
    digest::{Late, Notice, RunReport, Subject},
    message::Templates,
    model::MemberEmail,
    report,
    schedule::date_at,
    store::{Activity, MemberStatus, NewDelivery, Overdue, Store, Tally},
    telemetry::metrics,
};
use chrono::{DateTime, Datelike, NaiveDate, TimeDelta, Utc, Weekday};
use std::sync::Arc;

/// For so long after its budget a cohort may be unfinished before somebody hears of it (section 5).
const GRACE: TimeDelta = TimeDelta::minutes(15);
/// What happened in the last day is news.
const NEWS_FOR: TimeDelta = TimeDelta::days(1);
/// Run reports look back this far, should nobody have been there.
const REPORTED_DAYS: i64 = 3;
/// Run reports of weeks likewise, in weeks.
const REPORTED_WEEKS: i64 = 1;
/// Deliveries and teams read for a run report, which names fewer.
const MOST_NAMED: u32 = 20;
/// What owners hear of a token that works again.
const REVIVED: &str = "Slack takes the token again now, and sending goes on";
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
        for cohort in self.store.overdue(now - GRACE).await? {
            news.extend(self.overdue(&cohort, now));
        }
        {
            for stuck in self.store.stuck(MOST_STUCK).await? {
                let recipient = recipient(&stuck.recipient, stuck.email.as_ref());
                let subject = Subject { report: &stuck.report, period: &stuck.period, recipient };
                news.push((format!("unknown.{}", stuck.id), Notice::unknown_outcome(&stuck.id, subject)));
            }
            for entry in self.store.audited(Some("workspace"), 20).await? {
                if entry.action == "sending.revive" && entry.at >= now - NEWS_FOR {
                    let what = format!("stopped.{}", entry.at.timestamp());
                    news.push((what, Notice::workspace_refused(&entry.detail, REVIVED)));
                }
            }
            for (report, period, code, count) in self.store.refusals(now - NEWS_FOR).await? {
                let teams = if report == "weekly" { self.teams_with(&period, &code).await? } else { Vec::new() };
                let what = format!("refused.{report}.{period}.{code}");
                news.push((what, Notice::refused(&report, &period, &code, count, &teams)));
            }
            for off in self.store.switched_off(now - NEWS_FOR).await? {
                let Activity::Off(reason) = &off.activity else { continue };
                let recipient = recipient(&off.recipient, off.email.as_ref());
                let what = format!("off.{}.{}", off.recipient, off.since.timestamp());
                news.push((what, Notice::switched_off(&off.report, recipient, off.refusals, reason)));
            }
        }
        for (what, notice) in news {
            let message = report::notice(&self.templates, &notice)?;
            if self.tell(&targets, "notice.ops", &what, &message.to_json(), now).await? > 0 {
                tracing::warn!(notice = %what, "owners are told that something needs a person");
            } else if targets.is_empty() {
                tracing::warn!(notice = %what, "something needs a person, and neither `ops.owners` nor `ops.channel` says whom to tell");
            }
        }
        let waiting = self.run_reports(&targets, now).await?;
        Ok(waiting || open.iter().any(|open| !open.report.starts_with("notice")))
    }

    /// The teams whose summary of `period` failed with `code`.
    async fn teams_with(&self, period: &str, code: &str) -> anyhow::Result<Vec<String>> {
        let ended = self.store.fallen_through("weekly", period, MOST_NAMED).await?;
        let with = ended.into_iter().filter(|one| one.reason.as_deref() == Some(code));
        Ok(with.map(|one| one.recipient).collect())
    }

    /// Whom to tell: owners by DM, and the channel.
    async fn targets(&self) -> anyhow::Result<Vec<String>> {
        let mut targets: Vec<String> = self.ops.channel.iter().cloned().collect();
        for owner in &self.ops.owners {
            let member = self.store.member_by_email(owner).await?;
            if let Some(member) = member.filter(|member| member.status == MemberStatus::Active) {
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

    /// The run report of each day and each week whose deliveries are final everywhere; true while a day is still to come.
    /// A week may be to come for days, and what is open of it says so by itself.
    async fn run_reports(&self, targets: &[String], now: DateTime<Utc>) -> anyhow::Result<bool> {
        let day = (now - TimeDelta::days(REPORTED_DAYS)).date_naive();
        let week = (now - TimeDelta::days(REPORTED_WEEKS * 7)).date_naive().iso_week();
        let waiting = self.reports_of("daily", &day.to_string(), targets, now).await?;
        self.reports_of("weekly", &format!("{}-W{:02}", week.year(), week.week()), targets, now).await?;
        Ok(waiting)
    }

    async fn reports_of(
        &self,
        report: &str,
        from: &str,
        targets: &[String],
        now: DateTime<Utc>,
    ) -> anyhow::Result<bool> {
        let mut waiting = false;
        for period in self.store.periods_since(report, from).await? {
            let Some(last) = last_date(&period) else { continue };
            let tallies: Vec<_> =
                self.store.tally(&period).await?.into_iter().filter(|tally| tally.report == report).collect();
            if !self.is_over(report, last, &tallies).await? {
                waiting = true;
                continue;
            }
            if targets.is_empty() {
                continue;
            }
            let message = report::run_report(&self.templates, &self.run_report(report, &period, &tallies).await?)?;
            self.tell(targets, "notice.run", &period, &message.to_json(), now).await?;
        }
        Ok(waiting)
    }

    async fn run_report(&self, report: &str, period: &str, tallies: &[Tally]) -> anyhow::Result<RunReport> {
        let counts = tallies.iter().map(|tally| (tally.state.as_str(), tally.reason.as_deref(), tally.count));
        let unknown = self.store.unreadable_of(report, period, MOST_NAMED).await?;
        let unknown = unknown.iter().map(|one| (&one.id, recipient(&one.recipient, one.email.as_ref()), period));
        let said = RunReport::of(report, period, counts).unknown(unknown);
        if report != "weekly" {
            return Ok(said);
        }
        let failing = self.store.fallen_through(report, period, MOST_NAMED).await?;
        let failing = failing.iter().map(|one| (one.recipient.as_str(), one.state.as_str(), one.reason.as_deref()));
        Ok(said.failing(failing))
    }

    /// Whether everything of the period that ends with `last` is final, and nothing of it is still to come in any zone.
    async fn is_over(&self, report: &str, last: NaiveDate, tallies: &[Tally]) -> anyhow::Result<bool> {
        let is_open =
            |tally: &Tally| !["sent", "failed", "skipped", "missed", "unknown"].contains(&tally.state.as_str());
        if tallies.iter().any(is_open) {
            return Ok(false);
        }
        let next = self.store.next_due_by_zone(report).await?;
        Ok(next.into_iter().all(|(zone, next)| date_at(zone, next) > last))
    }

    /// Answers how many of the targets were not told before.
    async fn tell(
        &self,
        targets: &[String],
        report: &str,
        period: &str,
        message: &str,
        now: DateTime<Utc>,
    ) -> anyhow::Result<u64> {
        let deliveries: Vec<_> =
            targets.iter().map(|target| NewDelivery::notice(report, target, period, message.to_owned(), now)).collect();
        Ok(self.store.plan(&deliveries, &[], now).await?)
    }
}

/// As owners know whom a delivery is for: by address, or a team by its name.
fn recipient<'a>(recipient: &'a str, email: Option<&'a MemberEmail>) -> &'a str {
    email.map_or(recipient, MemberEmail::as_str)
}

/// The date with which a period ends: a date is its own, a week ends on Sunday.
fn last_date(period: &str) -> Option<NaiveDate> {
    if let Some((year, week)) = period.split_once("-W") {
        return NaiveDate::from_isoywd_opt(year.parse().ok()?, week.parse().ok()?, Weekday::Sun);
    }
    period.parse().ok()
}

fn measure(open: &[Tally]) {
    let counts: Vec<_> = open.iter().map(|tally| (tally.state.as_str(), tally.count)).collect();
    metrics::outbox(&counts);
}
