//! One function for each thing that is counted or measured.

use super::catalogue as names;
use super::label::bounded;
use chrono::{DateTime, TimeDelta, Utc};
use metrics::{counter, gauge, histogram};
use std::time::Duration;

/// The states of a delivery that is not final.
const OPEN: [&str; 5] = ["planned", "rendered", "sending", "retry", "unknown"];

/// What became of a call to Slack, as far as the numbers go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CallOutcome {
    Ok,
    /// 429.
    RateLimited,
    /// Slack said no.
    Refused,
    /// Nothing was sent.
    NotSent,
    /// Sent, and nobody knows what became of it.
    Unknown,
}

impl CallOutcome {
    fn label(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::RateLimited => "rate_limited",
            Self::Refused => "refused",
            Self::NotSent => "not_sent",
            Self::Unknown => "unknown",
        }
    }
}

/// What Slack sends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RequestKind {
    Command,
    Interaction,
    Event,
}

impl RequestKind {
    fn label(self) -> &'static str {
        match self {
            Self::Command => "command",
            Self::Interaction => "interaction",
            Self::Event => "event",
        }
    }
}

/// What became of a request of Slack's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RequestOutcome {
    Answered,
    /// Acknowledged; the answer follows.
    Late,
    /// A handler panicked.
    Failed,
    /// Not signed by Slack, or not now.
    Unsigned,
    Malformed,
    TooLarge,
    /// It came before there was anybody to answer it.
    NotOpen,
}

impl RequestOutcome {
    fn label(self) -> &'static str {
        match self {
            Self::Answered => "answered",
            Self::Late => "late",
            Self::Failed => "failed",
            Self::Unsigned => "unsigned",
            Self::Malformed => "malformed",
            Self::TooLarge => "too_large",
            Self::NotOpen => "not_open",
        }
    }
}

/// `count` deliveries of `report` were found due.
pub fn due(report: &str, count: u64) {
    by_report(names::DUE, report, count);
}

/// `count` deliveries of `report` were written to the outbox.
pub fn planned(report: &str, count: u64) {
    by_report(names::PLANNED, report, count);
}

/// Slack accepted a delivery of `report`.
pub fn sent(report: &str) {
    by_report(names::SENT, report, 1);
}

/// How long after its occurrence a delivery of `report` was accepted; before it is in time.
pub fn lateness(report: &str, late: TimeDelta) {
    let late = late.to_std().unwrap_or_default();
    histogram!(names::LATENESS, "report" => bounded(names::LATENESS, report)).record(late);
}

/// `count` deliveries of `report` were skipped for `reason`.
pub fn skipped(report: &str, reason: &str, count: u64) {
    by_report_and(names::SKIPPED, report, "reason", reason, count);
}

/// `count` deliveries of `report` became too late, for `reason`.
pub fn missed(report: &str, reason: &str, count: u64) {
    by_report_and(names::MISSED, report, "reason", reason, count);
}

/// Nobody knows what became of an attempt for `report`.
pub fn unknown(report: &str) {
    by_report(names::UNKNOWN, report, 1);
}

/// A delivery of `report` failed for good with `code`.
pub fn failed(report: &str, code: &str) {
    by_report_and(names::FAILED, report, "code", code, 1);
}

/// An attempt for `report` sent nothing, and is repeated.
pub fn retried(report: &str, code: &str) {
    by_report_and(names::RETRIED, report, "code", code, 1);
}

/// What became of an unknown attempt for `report` is known now.
pub fn reconciled(report: &str, arrived: bool) {
    let outcome = if arrived { "arrived" } else { "not_arrived" };
    by_report_and(names::RECONCILED, report, "outcome", outcome, 1);
}

/// All deliveries that are not final, by state; a state that is not among them has none.
pub fn outbox(counts: &[(&str, u64)]) {
    for state in OPEN {
        let count: u64 = counts.iter().filter(|(name, _)| *name == state).map(|(_, count)| count).sum();
        gauge!(names::OUTBOX, "state" => state).set(count as f64);
    }
}

/// A query to ClickHouse and the reading of its answer took this long.
pub fn query_time(question: &'static str, took: Duration) {
    histogram!(names::QUERY, "question" => question).record(took);
}

/// A call to the store failed during `operation`.
pub fn store_error(operation: &'static str) {
    counter!(names::STORE_ERRORS, "operation" => operation).increment(1);
}

/// A call of Slack's `method` ended.
pub fn call(method: &'static str, outcome: CallOutcome) {
    counter!(names::CALLS, "method" => method, "outcome" => outcome.label()).increment(1);
}

/// What the limiter allows messages at present.
pub fn budget(messages_per_minute: f64) {
    gauge!(names::BUDGET).set(messages_per_minute);
}

/// Slack's `method` is not called before `until`.
pub fn paused_until(method: &'static str, until: DateTime<Utc>) {
    gauge!(names::PAUSED_UNTIL, "method" => method).set(epoch_seconds(until));
}

/// Slack sent something.
pub fn request(kind: RequestKind, outcome: RequestOutcome) {
    counter!(names::REQUESTS, "kind" => kind.label(), "outcome" => outcome.label()).increment(1);
}

/// A request of Slack's was answered after this long.
pub fn answer_time(kind: RequestKind, took: Duration) {
    histogram!(names::ANSWER_TIME, "kind" => kind.label()).record(took);
}

/// One more connection of Socket Mode stands, or one less.
pub fn socket(stands: bool) {
    let sockets = gauge!(names::SOCKETS);
    if stands { sockets.increment(1.0) } else { sockets.decrement(1.0) }
}

/// The scheduler ticked at `now`.
pub fn ticked(kind: &'static str, now: DateTime<Utc>) {
    counter!(names::TICKS, "kind" => kind).increment(1);
    gauge!(names::LAST_TICK).set(epoch_seconds(now));
}

/// The scheduler was restarted.
pub fn scheduler_restarted() {
    counter!(names::RESTARTS).increment(1);
}

/// The daemon's loop `name` failed.
pub fn loop_failed(name: &'static str) {
    counter!(names::LOOP_FAILURES, "loop" => name).increment(1);
}

/// The heartbeat URL was called, and took it or not.
pub fn heartbeat(taken: bool) {
    let outcome = if taken { "ok" } else { "failed" };
    counter!(names::HEARTBEATS, "outcome" => outcome).increment(1);
}

/// This version runs, and nothing was restarted yet: a rate needs a first value.
pub(super) fn begin() {
    gauge!(names::BUILD, "version" => env!("CARGO_PKG_VERSION")).set(1.0);
    counter!(names::RESTARTS).increment(0);
}

fn by_report(name: &'static str, report: &str, count: u64) {
    counter!(name, "report" => bounded(name, report)).increment(count);
}

/// `key` has values of its own for each metric, and the reports have theirs apart from them.
fn by_report_and(name: &'static str, report: &str, key: &'static str, value: &str, count: u64) {
    counter!(name, "report" => bounded(names::DUE, report), key => bounded(name, value)).increment(count);
}

fn epoch_seconds(instant: DateTime<Utc>) -> f64 {
    instant.timestamp_millis() as f64 / 1_000.0
}
