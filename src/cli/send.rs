//! `recap send`: one message now, outside any schedule.

use super::{Context, Failure, answer, daily, source::Source};
use crate::{message::text, model::MemberEmail, slack};

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
    let schedule = daily::schedule(&context.settings, daily::zone_of(&member));
    let source = Source::open(&context.settings).await?;
    let warehouse = source.warehouse(&context.settings).await?;
    let window = schedule.latest_window(context.clock.now());
    let report = daily::report(context, &warehouse, &templates, &schedule, window, &arguments.member).await?;
    source.close().await;
    if arguments.dry_run {
        return answer(&format!("{}\n", text::render(&report.message).trim_end()));
    }
    let fallback = report.message.has_rich_blocks().then(|| report.message.without_rich_blocks());
    let sent = slack::send(&client, &member, &report.message, fallback.as_ref()).await.map_err(|error| {
        let hint = error.hint();
        Failure::of(error, hint)
    })?;
    if sent.degraded {
        tracing::warn!("Slack refused the message's newer blocks, it was sent in plain sections");
    }
    answer(&format!("sent to {} (channel {}, ts {})\n", arguments.member, sent.posted.channel, sent.posted.ts))
}
