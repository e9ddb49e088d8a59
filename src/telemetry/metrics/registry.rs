//! The one registry of the process.

use super::{
    catalogue::{CATALOGUE, Kind},
    record,
};
use metrics::{Recorder, SharedString};
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle, PrometheusRecorder};
use std::sync::OnceLock;

static HANDLE: OnceLock<PrometheusHandle> = OnceLock::new();

/// Starts to count; where it has been started, or somebody else counts already, that stays.
pub fn install() {
    HANDLE.get_or_init(|| {
        let recorder = recorder();
        let handle = recorder.handle();
        if metrics::set_global_recorder(recorder).is_ok() {
            record::begin();
        }
        handle
    });
}

/// Everything counted so far, in Prometheus' text format.
pub fn render() -> String {
    HANDLE.get().map(PrometheusHandle::render).unwrap_or_default()
}

/// Folds new measurements into their histograms; without it they pile up until somebody asks.
pub fn upkeep() {
    if let Some(handle) = HANDLE.get() {
        handle.run_upkeep();
    }
}

fn recorder() -> PrometheusRecorder {
    let mut builder = PrometheusBuilder::new();
    for metric in CATALOGUE {
        if let Kind::Histogram(bounds) = metric.kind {
            let exact = Matcher::Full(metric.name.to_owned());
            match builder.set_buckets_for_metric(exact, bounds) {
                Ok(with_bounds) => builder = with_bounds,
                Err(_) => unreachable!("no histogram of the catalogue is without bounds"),
            }
        }
    }
    let recorder = builder.build_recorder();
    for metric in CATALOGUE {
        let (name, help) = (metric.name.into(), SharedString::const_str(metric.help));
        match metric.kind {
            Kind::Counter => recorder.describe_counter(name, Some(metric.unit), help),
            Kind::Gauge => recorder.describe_gauge(name, Some(metric.unit), help),
            Kind::Histogram(_) => recorder.describe_histogram(name, Some(metric.unit), help),
        }
    }
    recorder
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::telemetry::metrics::{self as ours, CallOutcome, RequestKind, RequestOutcome};
    use chrono::{DateTime, TimeDelta, Utc};
    use std::time::Duration;

    /// What a process shows that counted what `record` counts.
    fn shown(record: impl FnOnce()) -> String {
        let recorder = recorder();
        let handle = recorder.handle();
        ::metrics::with_local_recorder(&recorder, record);
        handle.run_upkeep();
        handle.render()
    }

    fn all() {
        let now: DateTime<Utc> = "2026-09-14T07:00:00Z".parse().unwrap();
        record::begin();
        ours::due("daily", 312);
        ours::planned("daily", 312);
        ours::sent("daily");
        ours::lateness("daily", TimeDelta::seconds(40));
        ours::lateness("daily", TimeDelta::seconds(-3));
        ours::skipped("daily", "no_activity", 2);
        ours::missed("weekly", "Could not reach ada@example.com", 1);
        ours::unknown("daily");
        ours::failed("daily", "is_archived");
        ours::retried("daily", "ratelimited");
        ours::reconciled("daily", true);
        ours::outbox(&[("planned", 4), ("retry", 1), ("planned", 2)]);
        ours::query_time("member_activity", Duration::from_millis(300));
        ours::store_error("relay");
        ours::call("chat.postMessage", CallOutcome::RateLimited);
        ours::budget(300.0);
        ours::paused_until("chat.postMessage", now);
        ours::request(RequestKind::Command, RequestOutcome::Answered);
        ours::answer_time(RequestKind::Command, Duration::from_millis(3));
        ours::socket(true);
        ours::socket(true);
        ours::socket(false);
        ours::ticked("minute", now);
        ours::scheduler_restarted();
        ours::loop_failed("relay");
        ours::heartbeat(true);
    }

    #[test]
    fn every_metric_of_the_catalogue_is_shown_with_its_help_and_no_other() {
        let text = shown(all);
        for metric in CATALOGUE {
            let kind = match metric.kind {
                Kind::Counter => "counter",
                Kind::Gauge => "gauge",
                Kind::Histogram(_) => "histogram",
            };
            for line in
                [format!("# HELP {} {}\n", metric.name, metric.help), format!("# TYPE {} {kind}\n", metric.name)]
            {
                assert!(text.contains(&line), "{line}{text}");
            }
            assert_eq!(kind == "counter", metric.name.ends_with("_total"), "{}", metric.name);
        }
        assert_eq!(text.matches("# TYPE").count(), CATALOGUE.len(), "{text}");
    }

    #[test]
    fn what_was_recorded_is_shown_as_it_was() {
        let text = shown(all);
        for line in [
            r#"recap_deliveries_due_total{report="daily"} 312"#,
            r#"recap_deliveries_skipped_total{report="daily",reason="no_activity"} 2"#,
            r#"recap_deliveries_missed_total{report="weekly",reason="other"} 1"#,
            r#"recap_delivery_lateness_seconds_bucket{report="daily",le="1"} 1"#,
            r#"recap_delivery_lateness_seconds_bucket{report="daily",le="15"} 1"#,
            r#"recap_delivery_lateness_seconds_bucket{report="daily",le="60"} 2"#,
            r#"recap_delivery_lateness_seconds_bucket{report="daily",le="14400"} 2"#,
            r#"recap_outbox_deliveries{state="planned"} 6"#,
            r#"recap_outbox_deliveries{state="unknown"} 0"#,
            r#"recap_slack_calls_total{method="chat.postMessage",outcome="rate_limited"} 1"#,
            r#"recap_slack_paused_until_timestamp_seconds{method="chat.postMessage"} 1789369200"#,
            r#"recap_slack_requests_total{kind="command",outcome="answered"} 1"#,
            r#"recap_slack_answer_seconds_bucket{kind="command",le="0.001"} 0"#,
            r#"recap_slack_answer_seconds_bucket{kind="command",le="0.005"} 1"#,
            "recap_slack_socket_connections 1",
            "recap_last_tick_timestamp_seconds 1789369200",
            "recap_scheduler_restarts_total 1",
        ] {
            assert!(text.lines().any(|shown| shown == line), "{line}\n{text}");
        }
        assert!(!text.contains("ada"), "{text}");
    }
}
