//! One tick: what is due becomes deliveries, and subscriptions go on to their next occurrence.

use super::{Rules, plan_week::TeamDue, team::WEEKLY};
use crate::{
    failpoint,
    model::DeliveryId,
    schedule::{DailySchedule, Occurrence, jitter},
    store::{Advance, DueKey, NewDelivery, Planned as Outcome, Priority, Store, StoreError, Subscription},
};
use chrono::{DateTime, TimeDelta, Utc};
use std::collections::{BTreeMap, HashMap};

/// Subscriptions read, and deliveries written, at once.
const PAGE: u32 = 2_000;
/// After a long absence this many missed occurrences of each recipient are written down, the latest ones.
pub(super) const MOST_MISSED: usize = 40;
/// The reason of occurrences that nobody was there to plan in time.
pub(super) const NOT_RUNNING: &str = "not_running";

/// What a tick did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Planned {
    /// Subscriptions that were due, of all reports.
    pub due: u64,
    /// Deliveries written, missed and skipped ones included.
    pub written: u64,
    /// Of them, too late to be sent.
    pub missed: u64,
    /// The same by report.
    pub by_report: BTreeMap<String, Counts>,
}

/// What a tick did for one report.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    pub due: u64,
    pub written: u64,
    pub missed: u64,
    /// In weeks of days off.
    pub skipped: u64,
}

impl Planned {
    fn add(&mut self, report: String, counts: Counts) {
        self.due += counts.due;
        self.written += counts.written;
        self.missed += counts.missed;
        let sum = self.by_report.entry(report).or_default();
        sum.due += counts.due;
        sum.written += counts.written;
        sum.missed += counts.missed;
        sum.skipped += counts.skipped;
    }
}

/// Plans everything that is due at `now`. Safe to repeat, to be cut off anywhere and to run twice at once. With nothing
/// due it asks the store once.
pub async fn plan(store: &Store, rules: &Rules, now: DateTime<Utc>) -> Result<Planned, StoreError> {
    let mut planned = Planned::default();
    let mut turns = HashMap::new();
    loop {
        let page = store.due(now, PAGE).await?;
        if page.is_empty() {
            return Ok(planned);
        }
        let mut batches: BTreeMap<String, Batch> = BTreeMap::new();
        for cohort in page.chunk_by(|one, other| one.due_key() == other.due_key()) {
            let Some(key) = cohort.first().and_then(Subscription::due_key) else { continue };
            let batch = batches.entry(key.report.clone()).or_default();
            batch.due += cohort.len() as u64;
            if key.report == WEEKLY {
                for team in cohort {
                    let (deliveries, advance) = TeamDue::of(team, key.clone(), rules).plan(rules, now);
                    batch.deliveries.extend(deliveries);
                    batch.advances.push(advance);
                }
                continue;
            }
            let days_off = store.calendar(&key.calendar).await?;
            let days_off = days_off.into_iter().collect();
            let DueKey { zone, time, weekdays, covers, .. } = key;
            let schedule = DailySchedule { zone, time, weekdays, days_off, covers };
            let cohort = Cohort { key, schedule, recipients: cohort };
            cohort.plan(rules, &mut turns, now, &mut batch.deliveries);
            batch.advances.push(cohort.advance(now));
        }
        for (report, batch) in batches {
            planned.add(report, batch.write(store, now).await?);
        }
    }
}

/// What a page brings one report; written apart from the other's, so that each is counted.
#[derive(Default)]
struct Batch {
    due: u64,
    deliveries: Vec<NewDelivery>,
    advances: Vec<Advance>,
}

impl Batch {
    async fn write(&self, store: &Store, now: DateTime<Utc>) -> Result<Counts, StoreError> {
        let count = |is: fn(&Outcome) -> bool| self.deliveries.iter().filter(|one| is(&one.outcome)).count() as u64;
        failpoint::hit("plan.before_commit");
        let written = store.plan(&self.deliveries, &self.advances, now).await?;
        failpoint::hit("plan.after_commit");
        Ok(Counts {
            due: self.due,
            written,
            missed: count(|outcome| matches!(outcome, Outcome::Missed(_))),
            skipped: count(|outcome| matches!(outcome, Outcome::Skipped(_))),
        })
    }
}

/// Recipients of one page who are due together.
struct Cohort<'a> {
    key: DueKey,
    schedule: DailySchedule,
    recipients: &'a [Subscription],
}

/// How many of each team had their turn, by cohort.
type Turns = HashMap<(DueKey, String), i64>;

impl Cohort<'_> {
    /// The occurrences that came due, oldest first. The first of them is `next_due`, unless the calendar or the tz
    /// database changed under it.
    fn occurrences(&self, now: DateTime<Utc>) -> Vec<Occurrence> {
        let before = self.key.next_due - TimeDelta::microseconds(1);
        let mut occurrences: Vec<_> = self.schedule.occurrences_between(before, now).collect();
        occurrences.drain(..occurrences.len().saturating_sub(MOST_MISSED));
        occurrences
    }

    fn plan(&self, rules: &Rules, turns: &mut Turns, now: DateTime<Utc>, deliveries: &mut Vec<NewDelivery>) {
        let occurrences = self.occurrences(now);
        for (index, occurrence) in occurrences.iter().enumerate() {
            let latest = index + 1 == occurrences.len();
            deliveries.extend(self.recipients.iter().map(|recipient| {
                let turn = turns.entry((self.key.clone(), recipient.team.clone())).or_default();
                *turn += 1;
                self.delivery(rules, recipient, *occurrence, latest, *turn, now)
            }));
        }
    }

    fn delivery(
        &self,
        rules: &Rules,
        recipient: &Subscription,
        occurrence: Occurrence,
        latest: bool,
        turn: i64,
        now: DateTime<Utc>,
    ) -> NewDelivery {
        let send_at = occurrence.at + jitter(&recipient.recipient, rules.jitter_minutes);
        let expires = rules.catch_up.expires(self.key.zone, self.key.time, occurrence.date, send_at);
        let outcome = if latest && now < expires { Outcome::Due } else { Outcome::Missed(NOT_RUNNING.to_owned()) };
        NewDelivery {
            id: DeliveryId::new(),
            report: recipient.report.clone(),
            recipient: recipient.recipient.clone(),
            period: occurrence.date.to_string(),
            email: recipient.email.clone(),
            priority: Priority::Scheduled,
            turn,
            outcome,
            due: occurrence.at,
            send_at,
            expires,
            zone: self.key.zone,
            time: self.key.time,
            weekdays: self.key.weekdays,
            covers: self.key.covers,
            calendar: self.key.calendar.clone(),
            resume_from: recipient.resume_from,
        }
    }

    /// How the recipients' subscriptions go on.
    fn advance(&self, now: DateTime<Utc>) -> Advance {
        let last = self.occurrences(now).pop();
        let date = last.map_or_else(|| self.schedule.latest_occurrence(now), |last| last.date);
        let window = self.schedule.window_at(date);
        let [first, last_recipient] = [self.recipients.first(), self.recipients.last()]
            .map(|recipient| recipient.map_or_else(String::new, |recipient| recipient.recipient.clone()));
        Advance {
            key: self.key.clone(),
            first,
            last: last_recipient,
            next_due: self.schedule.next_occurrence(now),
            last_period: date,
            last_due: last.map_or(self.key.next_due, |last| last.at),
            last_window_end: window.days.last().map_or(now, |day| day.end),
            planned: last.is_some(),
        }
    }
}
