//! `recap send`: one message now, outside any schedule.

use super::{Context, Failure, answer, daily, source::Source};
use crate::{message::text, model::MemberEmail};

/// Send a message now
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  recap send daily --member ada@example.com --dry-run
  recap send daily --member ada@example.com")]
pub struct Arguments {
    #[command(subcommand)]
    report: Report,
}

#[derive(Debug, clap::Subcommand)]
enum Report {
    /// One member's latest daily digest, by DM
    Daily(Daily),
}

#[derive(Debug, clap::Args)]
struct Daily {
    /// The member's e-mail address in Slack
    #[arg(long, value_name = "EMAIL")]
    member: MemberEmail,
    /// Do all but the sending, and print the message
    #[arg(long)]
    dry_run: bool,
}

/// Sends the message, or says why not.
pub async fn run(arguments: Arguments, context: &Context) -> Result<(), Failure> {
    match arguments.report {
        Report::Daily(daily) => send_daily(daily, context).await,
    }
}

async fn send_daily(arguments: Daily, context: &Context) -> Result<(), Failure> {
    let templates = daily::templates(&context.settings)?;
    let client = daily::slack_client(&context.settings)?;
    let member = daily::addressee(&client, &arguments.member).await?;
    let source = Source::open(&context.settings).await?;
    let warehouse = source.warehouse().await?;
    let report = daily::latest(context, &warehouse, &templates, &member, &arguments.member).await?;
    source.close().await;
    if arguments.dry_run {
        return answer(&format!("{}\n", text::render(&report.message).trim_end()));
    }
    let sent = daily::deliver(&client, &member, &report.message).await?;
    answer(&format!("sent to {} (channel {}, ts {})\n", arguments.member, sent.posted.channel, sent.posted.ts))
}
