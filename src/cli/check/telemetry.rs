//! What `recap check` finds out about ClickHouse and the events in it.

use super::line::Line;
use crate::{
    cli::{
        Context, Failure,
        source::{Source, explained},
    },
    config::{ClickHouse, Location},
    warehouse::{Connection, Flow, HiddenSkills, Implausible, Shape, Warehouse},
};
use chrono::{DateTime, TimeDelta, Utc};

/// How far back the events are looked at.
pub const DAYS: i64 = 30;
/// How far ahead a wrong clock may have put an event and still be found: ten years.
const DAYS_AHEAD: i64 = 3_650;
/// Clocks differ; an event later than this is wrong.
const AHEAD: TimeDelta = TimeDelta::hours(1);
/// Data older than this is not arriving any more.
const STALE: TimeDelta = TimeDelta::days(1);

/// So many events are read whole in about a second; of more, the latest, unless all are asked for.
const QUICK: u64 = 500_000;

const NEWEST: &str = "newest_event";
const SKILLS: &str = "skill_names";
const COSTS: &str = "costs";
/// So many days of requests are looked into for costs that cannot be.
const COSTS_DAYS: i64 = 7;
const NO_EVENTS_HINT: &str = "check that clients have CLAUDE_CODE_ENABLE_TELEMETRY=1 and OTEL_LOGS_EXPORTER=otlp, that \
                              the collector runs, and that `clickhouse.services` names what they call themselves";

/// The events to look into: those of the last 30 days, or the latest of them.
#[derive(Debug, Clone)]
pub struct Sight {
    pub warehouse: Warehouse,
    pub from: DateTime<Utc>,
    pub to: DateTime<Utc>,
    /// The time from `from` to `to` as people say it.
    pub span: String,
}

/// The findings, and the events where they could be found.
pub struct Opened {
    pub lines: Vec<Line>,
    pub sight: Option<Sight>,
    /// Keeps the embedded engine alive.
    pub source: Option<Source>,
}

/// Finds ClickHouse, tries the account, finds the table and how fresh it is.
pub async fn open(context: &Context, thorough: bool) -> Opened {
    let settings = &context.settings.clickhouse;
    let mut lines = Vec::new();
    let skip = |mut lines: Vec<Line>, source, checks: &[&'static str], reason: &str| {
        lines.extend(checks.iter().map(|check| Line::skipped(check, reason)));
        Opened { lines, sight: None, source }
    };
    let (source, connection) = match connect(context).await {
        Ok(found) => found,
        Err((source, failure)) => {
            lines.push(Line::failed("clickhouse", &failure));
            let skipped = ["clickhouse_account", "telemetry", NEWEST, SKILLS, COSTS];
            return skip(lines, source, &skipped, "ClickHouse does not answer as it must");
        }
    };
    lines.push(Line::ok("clickhouse", answers(&source, settings)));
    lines.push(account(&connection, &source.clickhouse));
    let warehouse = match Warehouse::on(connection, settings).await {
        Ok(warehouse) => warehouse,
        Err(error) => {
            lines.push(Line::failed("telemetry", &explained(error)));
            return skip(lines, Some(source), &[NEWEST, SKILLS, COSTS], "there is no table of events to read");
        }
    };
    lines.push(Line::ok("telemetry", shape(&warehouse)));
    let (to, from) = (context.clock.now(), context.clock.now() - TimeDelta::days(DAYS));
    let flow = match warehouse.facts().flow(from, to + TimeDelta::days(DAYS_AHEAD)).await {
        Ok(flow) => flow,
        Err(error) => {
            lines.push(Line::failed(NEWEST, &explained(error)));
            return skip(lines, Some(source), &[SKILLS, COSTS], "the events cannot be read");
        }
    };
    let mut newest = freshness(flow.as_ref(), to);
    let since = flow.filter(|_| !thorough).and_then(|flow| flow.since(QUICK, to));
    let span = since.map_or_else(|| format!("{DAYS} days"), |since| format!("{} h", (to - since).num_hours() + 1));
    if since.is_some() {
        newest.message.extend(["; only the last ", &span, " are looked into, all with `--thorough`"]);
    }
    lines.push(newest);
    Opened { lines, sight: Some(Sight { warehouse, from: since.unwrap_or(from), to, span }), source: Some(source) }
}

async fn connect(context: &Context) -> Result<(Source, Connection), (Option<Source>, Failure)> {
    let source = Source::open(&context.settings).await.map_err(|failure| (None, failure))?;
    match source.connection().await {
        Ok(connection) => Ok((source, connection)),
        Err(failure) => Err((Some(source), failure)),
    }
}

fn answers(source: &Source, settings: &ClickHouse) -> String {
    match &settings.location {
        Location::Embedded => {
            format!("the embedded engine answers, with the data in `{}`", settings.data_dir.display())
        }
        Location::Url(_) => format!("`{}` answers the account `{}`", source.url, settings.user),
    }
}

fn account(connection: &Connection, settings: &ClickHouse) -> Line {
    const CHECK: &str = "clickhouse_account";
    let user = &settings.user;
    if connection.refuses_settings() {
        return Line::warning(
            CHECK,
            format!(
                "the account `{user}` has `readonly = 1`, so no time limit can be sent with a query: ClickHouse goes on \
                 with one that Recap gave up"
            ),
            "give the account `readonly = 2` (`recap grants` shows how), or a `max_execution_time` of its own",
        );
    }
    Line::ok(
        CHECK,
        if connection.may_write() {
            format!("`{user}` may write, which only `recap sample` needs; `recap grants` prints less")
        } else {
            format!("`{user}` may only read, and set a time limit")
        },
    )
}

fn shape(warehouse: &Warehouse) -> String {
    let schema = match warehouse.shape() {
        Shape::Map => "the exporter's Map schema",
        Shape::Json => "the exporter's JSON schema",
        Shape::Zeude => "zeude's tables",
    };
    format!("{} in {schema}", warehouse.tables().join(" and "))
}

/// How many events hide the name of a skill; nothing where there are no events to read.
pub async fn skills(sight: Option<&Sight>) -> Option<Line> {
    let Sight { warehouse, from, to, span } = sight?;
    if warehouse.shape() == Shape::Zeude {
        return Some(Line::ok(SKILLS, "skills come from zeude's prompts"));
    }
    let found = warehouse.facts().hidden_skills(*from, *to).await;
    Some(found.map_or_else(|error| Line::failed(SKILLS, &explained(error)), |found| skill_names(found, span)))
}

/// How many requests of the last days cannot have cost, or taken, what they say; nothing where there are no events.
pub async fn costs(sight: Option<&Sight>) -> Option<Line> {
    let Sight { warehouse, from, to, span } = sight?;
    let week = *to - TimeDelta::days(COSTS_DAYS);
    let (from, span) = if *from > week { (*from, span.clone()) } else { (week, format!("{COSTS_DAYS} days")) };
    let found = warehouse.facts().implausible(from, *to).await;
    Some(found.map_or_else(|error| Line::failed(COSTS, &explained(error)), |found| implausible(found, &span)))
}

fn implausible(found: Implausible, span: &str) -> Line {
    let Implausible { requests, negative, absurd, no_number } = found;
    let all = found.all();
    match (requests, all) {
        (0, _) => return Line::ok(COSTS, format!("no request in the last {span}")),
        (_, 0) => return Line::ok(COSTS, format!("nothing is wrong with the costs and tokens of the last {span}")),
        _ => {}
    }
    let reasons = [(negative, "negative"), (absurd, "absurdly high"), (no_number, "no number")];
    let reasons = reasons.iter().filter(|(count, _)| *count > 0).map(|(count, reason)| format!("{count} {reason}"));
    let reasons = reasons.collect::<Vec<_>>().join(", ");
    let (have, count) = if all == 1 { ("has", "it counts") } else { ("have", "they count") };
    Line::warning(
        COSTS,
        format!(
            "{all} of {requests} requests in the last {span} {have} a cost or token count that cannot be ({reasons}); \
             {count} as 0"
        ),
        "find the client or proxy that writes them, by `cost_usd`, `cost_usd_micros` and the token counts of its \
         `api_request` events",
    )
}

fn freshness(flow: Option<&Flow>, now: DateTime<Utc>) -> Line {
    let Some(Flow { newest, events, .. }) = flow else {
        return Line::warning(NEWEST, format!("no event of Claude Code in the last {DAYS} days"), NO_EVENTS_HINT);
    };
    freshness_of(*newest, *events, now)
}

fn freshness_of(newest: DateTime<Utc>, events: u64, now: DateTime<Utc>) -> Line {
    let age = now - newest;
    let events = match events {
        1 => "1 event".to_owned(),
        events => format!("{events} events"),
    };
    let told = format!("{events} in the last {DAYS} days, the newest of {}", newest.format("%Y-%m-%d %H:%M UTC"));
    if age < -AHEAD {
        let hint = "set the clock of the client that sent it; events of the future are in no digest yet";
        return Line::warning(NEWEST, format!("{told}, which is {} ahead", span(-age)), hint);
    }
    if age > STALE {
        return Line::warning(NEWEST, format!("{told}, {} ago", span(age)), NO_EVENTS_HINT);
    }
    Line::ok(NEWEST, format!("{told}, {} ago", span(age.max(TimeDelta::zero()))))
}

/// A time span in its largest whole unit.
fn span(delta: TimeDelta) -> String {
    let (count, unit) = match (delta.num_days(), delta.num_hours(), delta.num_minutes()) {
        (days @ 1.., ..) => (days, "day"),
        (_, hours @ 1.., _) => (hours, "hour"),
        (.., minutes) => (minutes, "minute"),
    };
    if count == 1 { format!("1 {unit}") } else { format!("{count} {unit}s") }
}

fn skill_names(found: HiddenSkills, span: &str) -> Line {
    let HiddenSkills { named, hidden } = found;
    match (named, hidden) {
        (0, _) => Line::ok(SKILLS, format!("no skill was used in the last {span}")),
        (_, 0) => Line::ok(SKILLS, format!("all {named} events of skills in the last {span} name them")),
        _ => {
            let percent = (hidden.saturating_mul(100) / named).max(1);
            Line::warning(
                SKILLS,
                format!(
                    "{percent}% of the events of skills in the last {span} ({hidden} of {named}) hide the skill's name"
                ),
                "set OTEL_LOG_TOOL_DETAILS=1 for the Claude Code clients; until then such skills are left out of digests",
            )
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::check::line::Status;

    #[test]
    fn data_is_fresh_for_a_day_and_of_the_future_after_an_hour() {
        let now: DateTime<Utc> = "2026-03-09T09:00:00Z".parse().unwrap();
        for (at, status, told) in [
            ("2026-03-09T08:59:30Z", Status::Ok, "0 minutes ago"),
            ("2026-03-09T09:59:00Z", Status::Ok, "0 minutes ago"),
            ("2026-03-08T09:00:00Z", Status::Ok, "1 day ago"),
            ("2026-03-08T08:59:00Z", Status::Warning, "1 day ago"),
            ("2026-03-01T09:00:00Z", Status::Warning, "8 days ago"),
            ("2026-03-09T11:30:00Z", Status::Warning, "2 hours ahead"),
        ] {
            let line = freshness_of(at.parse().unwrap(), 7, now);
            assert_eq!(line.status, status, "{at}");
            assert!(line.message.ends_with(told), "{}", line.message);
        }
        assert_eq!(freshness(None, now).status, Status::Warning);
    }

    #[test]
    fn costs_that_cannot_be_are_a_warning_that_says_why() {
        let found = Implausible { requests: 1_200, negative: 2, absurd: 0, no_number: 1 };
        let line = implausible(found, "7 days");
        assert_eq!(line.status, Status::Warning);
        assert_eq!(
            line.message,
            "3 of 1200 requests in the last 7 days have a cost or token count that cannot be (2 negative, 1 no number); \
             they count as 0"
        );
        let one = implausible(Implausible { requests: 1_200, absurd: 1, ..Implausible::default() }, "5 h");
        assert!(one.message.contains("in the last 5 h has a cost"), "{}", one.message);
        assert!(one.message.ends_with("(1 absurdly high); it counts as 0"), "{}", one.message);
        for requests in [0, 7] {
            let line = implausible(Implausible { requests, ..Implausible::default() }, "7 days");
            assert_eq!(line.status, Status::Ok, "{}", line.message);
        }
    }

    #[test]
    fn a_share_of_hidden_names_is_a_warning_that_says_how_to_turn_them_on() {
        let line = skill_names(HiddenSkills { named: 1_000, hidden: 3 }, "30 days");
        assert!(line.message.starts_with("1% of the events"), "{}", line.message);
        assert!(line.hint.unwrap().contains("OTEL_LOG_TOOL_DETAILS=1"));
        assert_eq!(skill_names(HiddenSkills { named: 0, hidden: 0 }, "30 days").status, Status::Ok);
    }
}
