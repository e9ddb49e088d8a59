//! `recap preview`: what would be sent, through the real path; sends nothing.

use super::{Context, Failure, answer, daily, source::Source, state, weekly};
use crate::{
    message::{Message, html, text},
    model::MemberEmail,
    schedule::date_at,
    slack::{Client, Member, SendError, Status},
};
use chrono::{Datelike, IsoWeek, NaiveDate};
use chrono_tz::Tz;
use clap::ValueEnum;

/// The first year whose days are asked for. A digest looks weeks back from them, and time in ClickHouse begins in 1970.
const FIRST_YEAR: i32 = 1971;

/// Render a message as it would be posted, and send nothing
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  recap preview daily --member ada@example.com
  recap preview daily --member ada@example.com --date 2026-09-11 --format json
  recap preview daily --member ada@example.com --format html > digest.html
  recap preview weekly --team platform
  recap preview weekly --team platform --week 2026-W37 --format html > summary.html")]
pub struct Arguments {
    #[command(subcommand)]
    report: Report,
}

#[derive(Debug, clap::Subcommand)]
enum Report {
    /// One member's daily digest
    Daily(Daily),
    /// One team's weekly summary
    Weekly(Weekly),
}

#[derive(Debug, clap::Args)]
struct Daily {
    /// The member's e-mail address in Slack
    #[arg(long, value_name = "EMAIL")]
    member: MemberEmail,
    /// The last of the whole local days covered [default: what `send daily` sends, up to yesterday in the member's zone]
    #[arg(long, value_name = "YYYY-MM-DD")]
    date: Option<NaiveDate>,
    /// The member's zone, in place of the one that they chose or Slack knows
    #[arg(long, value_name = "ZONE", value_parser = crate::model::parse_zone)]
    zone: Option<Tz>,
    /// How it is printed; `json` is `{"text", "blocks"}` as posted
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

#[derive(Debug, clap::Args)]
struct Weekly {
    /// The team's name
    #[arg(long, value_name = "NAME")]
    team: String,
    /// The ISO week covered [default: the last one that is over in the team's zone]
    #[arg(long, value_name = "YYYY-Www", value_parser = weekly::week)]
    week: Option<IsoWeek>,
    /// How it is printed; `json` is `{"text", "blocks"}` as posted
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Format {
    Text,
    Json,
    Html,
}

/// Prints the message.
pub async fn run(arguments: Arguments, context: &Context) -> Result<(), Failure> {
    match arguments.report {
        Report::Daily(daily) => preview_daily(daily, context).await,
        Report::Weekly(weekly) => preview_weekly(weekly, context).await,
    }
}

async fn preview_weekly(arguments: Weekly, context: &Context) -> Result<(), Failure> {
    let (name, team) = weekly::team(context, &arguments.team).await?;
    let window = weekly::window(context, &team, arguments.week)?;
    if window.reported().end > context.clock.now() {
        tracing::warn!("the week is not over, so the arrows compare a part of it with the whole week before");
    }
    let store = weekly::store(context, &name, &team).await?;
    let message = weekly::summary(context, store.as_ref(), &name, &window).await?;
    answer(&show(&message, arguments.format)?)
}

async fn preview_daily(arguments: Daily, context: &Context) -> Result<(), Failure> {
    let templates = daily::templates(&context.settings)?;
    let found = found(&arguments, context).await?;
    let store = state::store_if_any(context).await?;
    let email = &arguments.member;
    let course = daily::course(context, store.as_ref(), email, found.as_ref(), arguments.zone).await?;
    let zone = course.schedule.zone;
    if found.is_none() {
        tracing::warn!("`slack.bot_token` is not set, so nobody was looked up in Slack and days are cut in {zone}");
    }
    let now = context.clock.now();
    let window = match arguments.date {
        None => course.schedule.window_to_yesterday(now),
        Some(date) => {
            refuse_date(date, date_at(zone, now), zone)?;
            course.schedule.window_covering(date)
        }
    };
    let source = Source::open(&context.settings).await?;
    let warehouse = source.warehouse().await?;
    let report = daily::report(context, &warehouse, &templates, &course, window, email).await?;
    source.close().await;
    answer(&show(&report, arguments.format)?)
}

/// Of a day that has not begun there is nothing to tell, nor of one from before there was telemetry.
fn refuse_date(date: NaiveDate, today: NaiveDate, zone: Tz) -> Result<(), Failure> {
    if date > today {
        return Err(Failure::new(format!("`--date {date}` is in the future: it is {today} in {zone}"))
            .hint("leave `--date` out for yesterday, or name a day that has begun"));
    }
    if date.year() < FIRST_YEAR {
        return Err(Failure::new(format!("`--date {date}` is before {FIRST_YEAR}, and no telemetry is that old"))
            .hint("name a day on which Claude Code was used"));
    }
    Ok(())
}

/// The member in Slack's directory, where they must be found. Before there is a bot token nobody can be looked up, and a
/// platform engineer may want to see a digest all the same.
async fn found(arguments: &Daily, context: &Context) -> Result<Option<Member>, Failure> {
    if context.settings.slack.bot_token.is_none() {
        return Ok(None);
    }
    somebody(&daily::slack_client(&context.settings)?, &arguments.member).await.map(Some)
}

/// Anybody of the directory, since nothing is sent to them; but not who has left.
async fn somebody(client: &Client, email: &MemberEmail) -> Result<Member, Failure> {
    let found = client.member_by_email(email).await.map_err(SendError::from);
    let found = found.and_then(|found| found.ok_or_else(|| SendError::NoSuchMember { email: email.clone() }));
    let member = found.map_err(|error| {
        let hint = error.hint();
        Failure::of(error, hint)
    })?;
    if member.status == Status::Deactivated {
        return Err(Failure::new(format!("`{email}` is deactivated in Slack, so there is no digest to preview"))
            .hint("choose somebody who is still in the workspace"));
    }
    Ok(member)
}

fn show(message: &Message, format: Format) -> Result<String, Failure> {
    Ok(match format {
        Format::Text => format!("{}\n", text::render(message).trim_end()),
        Format::Json => format!("{}\n", serde_json::to_string_pretty(message)?),
        Format::Html => html::page(message, "Recap preview"),
    })
}
