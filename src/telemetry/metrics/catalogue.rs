//! Every metric with its unit and meaning.

use metrics::Unit;

/// How a metric moves.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Kind {
    /// Only grows.
    Counter,
    /// As it stands.
    Gauge,
    /// Counted by these upper bounds.
    Histogram(&'static [f64]),
}

/// A metric as it is described to Prometheus.
#[derive(Debug, Clone, Copy)]
pub struct Metric {
    pub name: &'static str,
    pub kind: Kind,
    pub unit: Unit,
    pub help: &'static str,
}

impl Metric {
    const fn counter(name: &'static str, help: &'static str) -> Self {
        Self { name, kind: Kind::Counter, unit: Unit::Count, help }
    }

    const fn gauge(name: &'static str, unit: Unit, help: &'static str) -> Self {
        Self { name, kind: Kind::Gauge, unit, help }
    }

    const fn seconds(name: &'static str, bounds: &'static [f64], help: &'static str) -> Self {
        Self { name, kind: Kind::Histogram(bounds), unit: Unit::Seconds, help }
    }
}

pub(super) const DUE: &str = "recap_deliveries_due_total";
pub(super) const PLANNED: &str = "recap_deliveries_planned_total";
pub(super) const SENT: &str = "recap_deliveries_sent_total";
pub(super) const SKIPPED: &str = "recap_deliveries_skipped_total";
pub(super) const MISSED: &str = "recap_deliveries_missed_total";
pub(super) const UNKNOWN: &str = "recap_deliveries_unknown_total";
pub(super) const FAILED: &str = "recap_deliveries_failed_total";
pub(super) const RETRIED: &str = "recap_deliveries_retried_total";
pub(super) const RECONCILED: &str = "recap_deliveries_reconciled_total";
pub(super) const LATENESS: &str = "recap_delivery_lateness_seconds";
pub(super) const OUTBOX: &str = "recap_outbox_deliveries";
pub(super) const QUERY: &str = "recap_warehouse_query_seconds";
pub(super) const STORE_ERRORS: &str = "recap_store_errors_total";
pub(super) const CALLS: &str = "recap_slack_calls_total";
pub(super) const BUDGET: &str = "recap_slack_messages_per_minute";
pub(super) const PAUSED_UNTIL: &str = "recap_slack_paused_until_timestamp_seconds";
pub(super) const REQUESTS: &str = "recap_slack_requests_total";
pub(super) const ANSWER_TIME: &str = "recap_slack_answer_seconds";
pub(super) const SOCKETS: &str = "recap_slack_socket_connections";
pub(super) const TICKS: &str = "recap_ticks_total";
pub(super) const LAST_TICK: &str = "recap_last_tick_timestamp_seconds";
pub(super) const RESTARTS: &str = "recap_scheduler_restarts_total";
pub(super) const LOOP_FAILURES: &str = "recap_loop_failures_total";
pub(super) const HEARTBEATS: &str = "recap_heartbeats_total";
pub(super) const BUILD: &str = "recap_build_info";

/// From a digest in time to one at the catch-up limit.
const LATENESS_BOUNDS: &[f64] = &[1.0, 5.0, 15.0, 60.0, 300.0, 900.0, 3_600.0, 14_400.0];
/// From a question about one person to one about everybody that is cut off.
const QUERY_BOUNDS: &[f64] = &[0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 120.0];

/// From an answer that needs nobody to one that Slack no longer waits for.
const ANSWER_BOUNDS: &[f64] = &[0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 3.0];

/// All of them, in the order of the README.
pub const CATALOGUE: [Metric; 25] = [
    Metric::counter(DUE, "Deliveries found due, by `report`"),
    Metric::counter(PLANNED, "Deliveries written to the outbox, by `report`"),
    Metric::counter(SENT, "Deliveries that Slack accepted, by `report`"),
    Metric::counter(SKIPPED, "Deliveries skipped, by `report` and `reason`"),
    Metric::counter(MISSED, "Deliveries that became too late, by `report` and `reason`"),
    Metric::counter(UNKNOWN, "Attempts whose outcome was unknown at first, by `report`"),
    Metric::counter(FAILED, "Deliveries that failed for good, by `report` and Slack's `code`"),
    Metric::counter(RETRIED, "Attempts that sent nothing and are repeated, by `report` and `code`"),
    Metric::counter(RECONCILED, "Unknown outcomes that were found out, by `report` and `outcome`"),
    Metric::seconds(LATENESS, LATENESS_BOUNDS, "From the occurrence to Slack's acceptance, by `report`"),
    Metric::gauge(OUTBOX, Unit::Count, "Deliveries that are not final, by `state`"),
    Metric::seconds(QUERY, QUERY_BOUNDS, "Time of a query to ClickHouse until its answer was read, by `question`"),
    Metric::counter(STORE_ERRORS, "Calls to the store that failed, by `operation`"),
    Metric::counter(CALLS, "Calls to Slack, by `method` and `outcome`"),
    Metric::gauge(BUDGET, Unit::Count, "Messages per minute that Recap allows itself at present"),
    Metric::gauge(
        PAUSED_UNTIL,
        Unit::Seconds,
        "When the pause after the latest 429 of a `method` ends, as epoch seconds",
    ),
    Metric::counter(REQUESTS, "Requests of Slack's, by `kind` and `outcome`"),
    Metric::seconds(ANSWER_TIME, ANSWER_BOUNDS, "Time until a request of Slack's was answered, by `kind`"),
    Metric::gauge(SOCKETS, Unit::Count, "Connections of Socket Mode that stand"),
    Metric::counter(TICKS, "Ticks of the scheduler, by `kind`"),
    Metric::gauge(LAST_TICK, Unit::Seconds, "When the scheduler ticked last, as epoch seconds"),
    Metric::counter(RESTARTS, "Restarts of the scheduler because a tick was overdue"),
    Metric::counter(LOOP_FAILURES, "Loops of the daemon that failed and were restarted, by `loop`"),
    Metric::counter(HEARTBEATS, "Calls of the heartbeat URL, by `outcome`"),
    Metric::gauge(BUILD, Unit::Count, "Always 1, with the `version`"),
];
