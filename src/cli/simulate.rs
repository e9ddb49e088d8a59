//! `recap simulate`: the occurrences of a schedule, or a team's alerts, on a virtual clock.

mod alerts;

use super::{Context, Failure, answer_lines};
use crate::{
    config::load_calendar,
    model::{LocalTime, Weekdays, parse_zone},
    schedule::{Covers, DailySchedule, Occurrence, start_of_day},
};
use chrono::{DateTime, Datelike, NaiveDate, SecondsFormat, TimeDelta, Utc};
use chrono_tz::Tz;
use clap::ValueEnum;
use std::{
    collections::BTreeSet,
    io::Write,
    ops::RangeInclusive,
    path::{Path, PathBuf},
};

/// Years that a simulation may reach. A zone's rules of today are applied to all that is to come.
const YEARS: RangeInclusive<i32> = 1..=9998;

/// Print when a schedule comes due, clock changes included, or what would have been alerted
#[derive(Debug, clap::Args)]
#[command(after_help = "\
One line an occurrence, oldest first, before jitter: the instant in UTC, then the local time.
Where clocks leap over the time, it is the first instant after it; where they show it twice, the first.
No settings are read.

With --alerts, the teams are judged day by day from the telemetry in ClickHouse, as if
nobody had looked before: one line a message, oldest first, with the day that it is about.

Examples:
  recap simulate --from 2026-03-01 --to 2026-03-31 --zone America/New_York
  recap simulate --from 2026-03-29 --to 2026-03-29 --zone Europe/Berlin --time 02:30 --days mon-sun
  recap simulate --from 2026-12-01 --to 2026-12-31 --calendar holidays.ics --format json
  recap simulate --alerts --team platform --from 2026-03-01 --to 2026-05-31")]
pub struct Arguments {
    /// The first local date
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = date)]
    from: NaiveDate,
    /// The last local date, included
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = date)]
    to: NaiveDate,
    /// Replay history, and print the alerts that would have been sent
    #[arg(long)]
    alerts: bool,
    /// With --alerts: this team alone [default: all teams]
    #[arg(long, value_name = "NAME", requires = "alerts")]
    team: Option<String>,
    /// The IANA time zone
    #[arg(long, value_name = "ZONE", value_parser = parse_zone, default_value = "UTC", conflicts_with = "alerts")]
    zone: Tz,
    /// The local time of day
    #[arg(long, value_name = "HH:MM", default_value = "09:00", conflicts_with = "alerts")]
    time: LocalTime,
    /// The working days, as ranges or a list
    #[arg(long, value_name = "DAYS", default_value = "mon-fri", conflicts_with = "alerts")]
    days: Weekdays,
    /// A file with days off: a date a line, or .ics
    #[arg(long, value_name = "FILE", conflicts_with = "alerts")]
    calendar: Option<PathBuf>,
    /// How it is printed; `json` is one `{"utc", "local"}` a line, of alerts one `{"day", "team", "alerts"}`
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Format {
    Text,
    Json,
}

/// Prints every occurrence between the two dates, or every alert of these days.
///
/// # Errors
/// When the dates are the wrong way round, or the calendar cannot be used; of alerts, when there is no such team or the
/// telemetry cannot be read.
pub async fn run(arguments: Arguments, config: Option<&Path>) -> Result<(), Failure> {
    let Arguments { from, to, alerts, team, zone, time, days, calendar, format } = arguments;
    if to < from {
        return Err(Failure::usage(format!("`--to {to}` is before `--from {from}`")).hint("both dates are included"));
    }
    if alerts {
        return alerts::replay(&Context::load(config)?, team.as_deref(), (from, to), format).await;
    }
    let days_off = match calendar {
        None => BTreeSet::new(),
        Some(file) => load_calendar(&file, from.year()..=to.year()).map_err(|error| {
            Failure::of(error, "a calendar is a date a line, as in 2026-12-25, or an .ics file of days off")
        })?,
    };
    let schedule = DailySchedule { zone, time, weekdays: days, days_off, covers: Covers::at(time) };
    let mut found = occurrences(&schedule, from, to).peekable();
    if found.peek().is_none() {
        // Nothing is the answer; that it was meant is not sure.
        let _ = writeln!(std::io::stderr(), "warning: nothing is due from {from} to {to}");
    }
    answer_lines(found.map(|occurrence| match format {
        Format::Text => text(occurrence.at, zone),
        Format::Json => json(occurrence.at, zone),
    }))
}

/// The occurrences whose date is within `from` and `to`.
fn occurrences(schedule: &DailySchedule, from: NaiveDate, to: NaiveDate) -> impl Iterator<Item = Occurrence> + '_ {
    let before = start_of_day(schedule.zone, from) - TimeDelta::days(1);
    let all = schedule.occurrences_between(before, DateTime::<Utc>::MAX_UTC);
    all.skip_while(move |occurrence| occurrence.date < from).take_while(move |occurrence| occurrence.date <= to)
}

fn text(at: DateTime<Utc>, zone: Tz) -> String {
    format!("{}  {}", utc(at), at.with_timezone(&zone).format("%a %Y-%m-%d %H:%M %:z"))
}

fn json(at: DateTime<Utc>, zone: Tz) -> String {
    let local = at.with_timezone(&zone).to_rfc3339_opts(SecondsFormat::Secs, false);
    format!(r#"{{"utc": "{}", "local": "{local}"}}"#, utc(at))
}

fn utc(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Secs, true)
}

fn date(text: &str) -> Result<NaiveDate, String> {
    let date = text.trim().parse().map_err(|_| "not a date: write it as 2026-03-09".to_owned())?;
    if YEARS.contains(&NaiveDate::year(&date)) {
        return Ok(date);
    }
    Err(format!("must be in the years {} to {}", YEARS.start(), YEARS.end()))
}
