//! Whether telemetry is behind.

use super::{ADA, instant, open};
use crate::support::events::{EVERY_SHAPE, Event, event};
use recap::warehouse::Arrivals;

/// Any event at all shows that telemetry arrives.
fn at(time: &str) -> Event {
    event("api_error", time).set("user.email", ADA)
}

/// The answer on Monday, January 20, 2025 at 9:00, for a week that ended at midnight.
async fn told(case: &str, rows: &[Event], newest: Option<&str>, since_end: u64, weeks: u32, weeks_since: u32) {
    for tables in EVERY_SHAPE {
        let warehouse = open(tables, rows).await;
        let (end, now) = (instant("2025-01-20T00:00:00Z"), instant("2025-01-20T09:00:00Z"));
        let expected = Arrivals {
            newest: newest.map(instant),
            since_end,
            weeks_with_events: weeks,
            weeks_with_events_since: weeks_since,
        };
        assert_eq!(warehouse.arrivals(end, now).await.unwrap(), expected, "{tables:?}: {case}");
    }
}

fn mondays(time: &str) -> Vec<Event> {
    ["2024-12-23", "2024-12-30", "2025-01-06", "2025-01-13"].iter().map(|date| at(&format!("{date} {time}"))).collect()
}

#[tokio::test]
async fn telemetry_is_behind_where_earlier_weeks_had_some_by_now() {
    let mut rows = mondays("05:00:00");
    rows.push(at("2025-01-19 22:00:00.123"));
    told("behind", &rows, Some("2025-01-19T22:00:00.123Z"), 0, 4, 4).await;
    rows.extend([at("2025-01-20 07:42:00"), at("2025-01-20 00:00:00")]);
    told("not behind", &rows, Some("2025-01-20T07:42:00Z"), 2, 4, 4).await;
}

#[tokio::test]
async fn hours_that_are_always_quiet_and_weeks_without_data_say_so() {
    // At 15:00 on a Monday it is the week after, seen from 9:00.
    let mut rows = mondays("15:00:00");
    told("quiet hours", &rows, Some("2025-01-13T15:00:00Z"), 0, 3, 0).await;
    rows.push(at("2025-01-06 08:59:59.999"));
    told("once by then", &rows, Some("2025-01-13T15:00:00Z"), 0, 3, 1).await;
    told("first week", &[at("2025-01-14 05:00:00")], Some("2025-01-14T05:00:00Z"), 0, 0, 0).await;
    told("nothing", &[at("2025-01-20 05:00:00").sent_by("codex")], None, 0, 0, 0).await;
}

#[tokio::test]
async fn the_hours_of_earlier_weeks_end_where_this_one_s_do() {
    let just_in = ["2024-12-23 00:00:00", "2024-12-30 09:00:00"].map(at);
    told("inside", &just_in, Some("2024-12-30T09:00:00Z"), 0, 2, 2).await;
    // Before midnight, after 9:00, and a week too early.
    let just_out = ["2025-01-05 23:59:59.999", "2025-01-06 09:00:00.001", "2024-12-16 09:00:00"].map(at);
    let newest = Some("2025-01-06T09:00:00.001Z");
    told("outside", &just_out[..2], newest, 0, 2, 0).await;
    told("too early", &just_out, newest, 0, 2, 0).await;
}

#[tokio::test]
async fn clocks_that_are_ahead_count_nowhere() {
    let mut rows = vec![at("2025-01-20 09:00:00.001"), at("2025-01-21 08:00:00"), at("2035-01-01 00:00:00")];
    told("ahead", &rows, None, 0, 0, 0).await;
    rows.push(at("2025-01-20 09:00:00"));
    told("this very moment", &rows, Some("2025-01-20T09:00:00Z"), 1, 0, 0).await;
}
