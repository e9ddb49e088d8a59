//! `recap explain`: why a digest was sent or was not, read from the ledger.

use super::{Context, Failure, answer, state, weekly};
use crate::{
    digest::reasons::{explain as words, reason_in_words},
    model::MemberEmail,
    personal::{Absent, Ledger},
    store::{Activity, AttemptRecord, DeliveryRecord, HALTED, STOPPED, Store, Subscription},
};
use chrono::{DateTime, IsoWeek, NaiveDate, TimeDelta, Utc};
use chrono_tz::Tz;
use std::fmt::Write as _;

/// The report of a team that is explained.
const WEEKLY: &str = "weekly";

/// Say why somebody's digest, or a team's summary, was sent or was not
#[derive(Debug, clap::Args)]
#[command(group = clap::ArgGroup::new("subject").required(true))]
#[command(after_help = "\
Examples:
  recap explain ada@example.com
  recap explain ada@example.com --date 2026-03-09
  recap explain --team platform --week 2026-W11")]
pub struct Arguments {
    /// The member's e-mail address in Slack
    #[arg(value_name = "EMAIL", group = "subject", conflicts_with = "week")]
    member: Option<MemberEmail>,
    /// A team, in place of a member
    #[arg(long, value_name = "NAME", group = "subject", conflicts_with = "date")]
    team: Option<String>,
    /// The ISO week in which the summary was due; without it the latest one
    #[arg(long, value_name = "YYYY-Www", value_parser = weekly::week)]
    week: Option<IsoWeek>,
    /// The local date on which the digest was due; without it the latest one
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = date)]
    date: Option<NaiveDate>,
}

fn date(text: &str) -> Result<NaiveDate, String> {
    text.trim().parse().map_err(|_| "a date is written as 2026-03-09".to_owned())
}

/// Attempts that are shown; the earlier ones are counted.
const MOST_ATTEMPTS: usize = 5;

/// Reads the ledger; asks neither Slack nor ClickHouse.
pub async fn run(arguments: Arguments, context: &Context) -> Result<(), Failure> {
    let store = state::existing_store(context).await?;
    match (&arguments.member, &arguments.team) {
        (Some(email), _) => explain_member(context, &store, email, arguments.date).await,
        (None, Some(team)) => explain_team(context, &store, team, arguments.week).await,
        (None, None) => Err(Failure::new("neither EMAIL nor `--team` says what to explain")),
    }
}

async fn explain_team(context: &Context, store: &Store, wanted: &str, week: Option<IsoWeek>) -> Result<(), Failure> {
    let mut team = wanted.to_owned();
    let mut subscription = store.subscription(WEEKLY, &team).await.map_err(state::explained)?;
    if subscription.is_none() {
        team = weekly::team(context, wanted).await?.0;
        subscription = store.subscription(WEEKLY, &team).await.map_err(state::explained)?;
    }
    let team = team.as_str();
    let period = week.map(|week| format!("{week:?}"));
    let deliveries = store.deliveries_of(WEEKLY, team, period.as_deref(), 1).await.map_err(state::explained)?;
    let mut told = format!("team {team}\n");
    match (deliveries.first(), period) {
        (Some(delivery), _) => {
            let attempts = store.attempts(&delivery.id).await.map_err(state::explained)?;
            delivered(&mut told, delivery, &attempts);
        }
        (None, Some(week)) => {
            let _ = writeln!(told, "{week}: nothing is on record: it was not due, or is older than `store.retention`");
        }
        (None, None) => told.push_str("No summary was due so far.\n"),
    }
    let next = match &subscription {
        Some(subscription) => next_due(subscription),
        None => format!("none, not enabled (in Slack, or with `{}`)", enabled_key(team)),
    };
    let _ = writeln!(told, "Next: {next}");
    held(&mut told, store).await?;
    answer(&told)
}

/// The setting that enables a team's summary, as TOML writes it.
fn enabled_key(team: &str) -> String {
    let is_bare = |letter: char| letter.is_ascii_alphanumeric() || letter == '_' || letter == '-';
    if !team.is_empty() && team.chars().all(is_bare) {
        format!("teams.{team}.enabled")
    } else {
        format!("teams.{}.enabled", serde_json::Value::from(team))
    }
}

async fn explain_member(
    context: &Context,
    store: &Store,
    email: &MemberEmail,
    date: Option<NaiveDate>,
) -> Result<(), Failure> {
    let member = state::known_member(store, email).await?;
    let (enrollment, now) = (context.settings.digest.enrollment, context.clock.now());
    let ledger = Ledger::of(store, &member, enrollment, date, now).await.map_err(state::explained)?;
    let mut told = format!("{email} ({})\n", member.id);
    match (&ledger.delivery, &ledger.absent, date) {
        (Some((delivery, attempts)), ..) => delivered(&mut told, delivery, attempts),
        (None, Some(reason), Some(date)) => {
            let _ = writeln!(told, "{date}: {}", absent(reason));
        }
        _ => told.push_str("No digest was due so far.\n"),
    }
    let next = match (&ledger.subscription, &ledger.unsubscribed) {
        (Some(subscription), _) => next_due(subscription),
        (None, Some(reason)) => format!("none, {}", absent(reason)),
        (None, None) => "none".to_owned(),
    };
    let _ = writeln!(told, "Next: {next}");
    held(&mut told, store).await?;
    answer(&told)
}

fn delivered(told: &mut String, delivery: &DeliveryRecord, attempts: &[AttemptRecord]) {
    let words = words(&delivery.state, delivery.reason.as_deref());
    let _ = writeln!(told, "{}: {words}", delivery.period);
    let _ = writeln!(told, "  due {}", instant(delivery.due, delivery.zone));
    if let (true, None, Some(at)) = (delivery.state == "sent", &delivery.reason, delivery.final_at) {
        let _ = writeln!(told, "  sent {}, {} after it was due", instant(at, delivery.zone), span(at - delivery.due));
    }
    if let (Some(channel), Some(ts)) = (&delivery.channel, &delivery.ts) {
        let _ = writeln!(told, "  channel {channel}, ts {ts}");
    }
    if delivery.degraded {
        told.push_str("  in plain sections, as Slack refused its newer blocks\n");
    }
    let _ = writeln!(told, "  delivery {}", delivery.id);
    let earlier = attempts.len().saturating_sub(MOST_ATTEMPTS);
    if earlier > 0 {
        let _ = writeln!(told, "  {earlier} earlier attempts");
    }
    for attempt in attempts.iter().skip(earlier) {
        let outcome = attempt.outcome.as_deref().unwrap_or("under way");
        let code = attempt.code.as_ref().map(|code| format!(" ({code})")).unwrap_or_default();
        let _ = writeln!(
            told,
            "  attempt {} {}: {outcome}{code}",
            attempt.attempt,
            instant(attempt.started, delivery.zone)
        );
    }
    if delivery.state == "unknown" {
        let _ = writeln!(told, "  if it stays so: `recap resolve {} arrived|resend`", delivery.id);
    }
}

fn absent(reason: &Absent) -> String {
    match reason {
        Absent::Reason(reason) => reason_in_words(reason).into_owned(),
        Absent::NotEnabled => "agreed, and personal digests are not enabled (`digest.enabled`)".to_owned(),
        Absent::NoDay(days) => format!("not among the days of the schedule ({days})"),
        Absent::OptedInLater(at, zone) => format!("had not opted in yet, did so {}", instant(*at, *zone)),
        Absent::HadOptedOut(at, zone) => format!("had opted out {}", instant(*at, *zone)),
        Absent::HadPaused(until, zone) => format!("paused until {}", instant(*until, *zone)),
        Absent::Due(at, zone) => format!("due {}", instant(*at, *zone)),
        Absent::Before(since, zone) => format!("nothing was due from before {}", instant(*since, *zone)),
        Absent::NotOnRecord => {
            "nothing is on record: it is about to be planned, or older than `store.retention`".to_owned()
        }
    }
}

fn next_due(subscription: &Subscription) -> String {
    match (&subscription.activity, subscription.next_due) {
        (Activity::On, Some(next)) => instant(next, subscription.zone),
        (Activity::Off(reason), _) => format!("none, {}", reason_in_words(reason)),
        (Activity::On, None) => "none".to_owned(),
    }
}

/// What holds up everybody.
async fn held(told: &mut String, store: &Store) -> Result<(), Failure> {
    if store.value(HALTED).await.map_err(state::explained)?.is_some() {
        told.push_str("Sending is halted; `recap resume` lets it go on.\n");
    }
    if let Some(code) = store.value(STOPPED).await.map_err(state::explained)? {
        let _ = writeln!(told, "Sending stands still: {}.", reason_in_words(&code));
    }
    Ok(())
}

fn instant(at: DateTime<Utc>, zone: Tz) -> String {
    format!("{} {zone}", at.with_timezone(&zone).format("%a %Y-%m-%d %H:%M:%S %:z"))
}

fn span(length: TimeDelta) -> String {
    let seconds = length.num_seconds();
    match seconds {
        ..120 => format!("{seconds} s"),
        120..7200 => format!("{} min", seconds / 60),
        _ => format!("{} h {} min", seconds / 3600, seconds % 3600 / 60),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_setting_of_a_team_is_named_as_it_is_written() {
        assert_eq!(enabled_key("platform"), "teams.platform.enabled");
        assert_eq!(enabled_key("Data & Co"), r#"teams."Data & Co".enabled"#);
    }
}
