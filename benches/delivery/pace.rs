//! The pace of a relay against Slack's limits.

use super::{
    figures::Report,
    office::{OPEN, Office, POST},
};
use chrono::{DateTime, Utc};
use recap::standin::{Accepted, Counting, RateLimits};
use std::time::Instant;

const MESSAGES: u32 = 5_000;
/// From this message on the pace has settled.
const SETTLED: usize = 2_000;
/// How much faster than the machine's the clocks run; it must keep up with the messages, each of which is committed to
/// the disk twice, and its claim, with a few others, once.
const CACHED_RATE: f64 = 10.0;
const UNCACHED_RATE: f64 = 40.0;
/// Calls of `conversations.open` that Tier 3 allows a minute.
const TIER_THREE: f64 = 50.0;

/// 5,000 direct messages to people whose conversations are known, at several limits of the workspace.
pub async fn cached(report: &mut Report) {
    for (per_minute, counting, name) in [
        (300, Counting::Sliding, "by the last 60 s"),
        (600, Counting::Sliding, "by the last 60 s"),
        (300, Counting::Fixed, "by the clock's minute"),
        (300, Counting::Bucket { burst: 20 }, "with a bucket of 20"),
    ] {
        let office = Office::new(MESSAGES, true, CACHED_RATE * 300.0 / f64::from(per_minute)).await;
        let limits = RateLimits { messages_per_minute: Some(per_minute), counting, ..RateLimits::SLACK };
        let (before, started) = (office.store.database().statements(), Instant::now());
        office.send(MESSAGES, limits).await;
        let seconds = started.elapsed().as_secs_f64();
        let statements = office.store.database().statements() - before;
        let messages = office.slack.messages();
        let share = per_minute_of(&messages[SETTLED - 1..]) / f64::from(per_minute);
        let refused = refused_since(&office, messages[SETTLED - 1].at);
        let what = format!("{per_minute} messages a minute, counted {name}");
        report.tell(format!(
            "{what}: {:.1} a minute from message 2,001 on, {refused} answers 429 there and {} in all; {} opened",
            share * f64::from(per_minute),
            office.slack.limited(POST),
            office.slack.calls(OPEN) - MESSAGES as usize,
        ));
        report.tell(format!(
            "  {:.1} statements for each, {:.0} messages a second by the machine's clock",
            statements as f64 / f64::from(MESSAGES),
            f64::from(MESSAGES) / seconds,
        ));
        report.at_least(format!("{what}: of the limit"), share, 0.97);
        report.at_most(format!("{what}: answers 429"), refused as f64, 3.0);
        office.slack.stop().await;
    }
}

/// 5,000 direct messages to people whose conversations must be opened first.
pub async fn uncached(report: &mut Report) {
    let office = Office::new(MESSAGES, false, UNCACHED_RATE).await;
    office.send(MESSAGES, RateLimits::SLACK).await;
    let messages = office.slack.messages();
    let per_minute = per_minute_of(&messages);
    report.tell(format!(
        "conversations to be opened: {per_minute:.1} messages a minute, {} answers 429 to `{OPEN}`, {} to `{POST}`",
        office.slack.limited(OPEN),
        office.slack.limited(POST),
    ));
    report.at_least("conversations to be opened: of Tier 3", per_minute / TIER_THREE, 0.95);
    office.slack.stop().await;
}

/// Messages a minute, from the first to the last of these.
pub fn per_minute_of(messages: &[Accepted]) -> f64 {
    let (Some(first), Some(last)) = (messages.first(), messages.last()) else { return 0.0 };
    (messages.len() - 1) as f64 / (last.at - first.at).as_seconds_f64() * 60.0
}

fn refused_since(office: &Office, since: DateTime<Utc>) -> usize {
    let refused = |outcome: &Option<String>| outcome.as_deref() == Some("ratelimited");
    let requests = office.slack.requests();
    requests.iter().filter(|request| request.method == POST && request.at > since && refused(&request.outcome)).count()
}
