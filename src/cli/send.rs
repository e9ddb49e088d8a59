//! `recap send`: one message now, outside any schedule.

use super::{Context, Failure, answer, daily, source::Source, state, weekly};
use crate::{
    config::Enrollment,
    message::text,
    model::{MemberEmail, MemberId},
    store::{AuditEntry, ConsentKind, HALTED, Store},
};

/// Send a message now
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  recap send daily --member ada@example.com --dry-run
  recap send daily --member ada@example.com
  recap send weekly --team platform --dry-run")]
pub struct Arguments {
    #[command(subcommand)]
    report: Report,
}

#[derive(Debug, clap::Subcommand)]
enum Report {
    /// One member's latest daily digest, by DM
    Daily(Daily),
    /// One team's summary of the last week, to its channel
    Weekly(Weekly),
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

#[derive(Debug, clap::Args)]
struct Weekly {
    /// The team's name
    #[arg(long, value_name = "NAME")]
    team: String,
    /// Do all but the sending, and print the message
    #[arg(long)]
    dry_run: bool,
}

/// Sends the message, or says why not.
pub async fn run(arguments: Arguments, context: &Context) -> Result<(), Failure> {
    match arguments.report {
        Report::Daily(daily) => send_daily(daily, context).await,
        Report::Weekly(weekly) => send_weekly(weekly, context).await,
    }
}

async fn send_weekly(arguments: Weekly, context: &Context) -> Result<(), Failure> {
    let team = weekly::team(context, &arguments.team).await?;
    let window = weekly::window(context, &team, None)?;
    let client = daily::slack_client(&context.settings)?;
    let store = weekly::store(context, &arguments.team, &team).await?;
    let channel = weekly::channel(context, store.as_ref(), &client, &arguments.team).await?;
    let message = weekly::summary(context, store.as_ref(), &arguments.team, &window).await?;
    let (Some(store), false) = (store, arguments.dry_run) else {
        return answer(&format!("{}\n", text::render(&message).trim_end()));
    };
    refuse_while_halted(&store).await?;
    audit(context, &store, "send.weekly", &arguments.team).await?;
    let sent = daily::deliver_to_channel(&client, &channel, &message).await?;
    answer(&format!("sent to team {} (channel {}, ts {})\n", arguments.team, sent.posted.channel, sent.posted.ts))
}

async fn send_daily(arguments: Daily, context: &Context) -> Result<(), Failure> {
    let templates = daily::templates(&context.settings)?;
    let store = if arguments.dry_run { None } else { Some(state::store_of_token(context).await?) };
    let client = daily::slack_client(&context.settings)?;
    let member = daily::addressee(&client, &arguments.member).await?;
    if let Some(store) = &store {
        refuse_while_halted(store).await?;
        refuse_without_consent(context, store, &member.id, &arguments.member).await?;
    }
    let source = Source::open(&context.settings).await?;
    let warehouse = source.warehouse().await?;
    let report = daily::latest(context, &warehouse, &templates, &member, &arguments.member).await?;
    source.close().await;
    let Some(store) = store else {
        return answer(&format!("{}\n", text::render(&report).trim_end()));
    };
    audit(context, &store, "send.daily", &member.id.0).await?;
    let sent = daily::deliver(&client, &member, &report).await?;
    answer(&format!("sent to {} (channel {}, ts {})\n", arguments.member, sent.posted.channel, sent.posted.ts))
}

/// A halt stops all sending, by hand too.
async fn refuse_while_halted(store: &Store) -> Result<(), Failure> {
    match store.value(HALTED).await.map_err(state::explained)? {
        None => Ok(()),
        Some(_) => Err(Failure::new("sending is halted, so nothing was sent")
            .hint("`recap resume` lets it go on; `--dry-run` shows the message")),
    }
}

/// Nobody who did not agree gets anything, by hand neither.
async fn refuse_without_consent(
    context: &Context,
    store: &Store,
    member: &MemberId,
    email: &MemberEmail,
) -> Result<(), Failure> {
    let consents = store.consents_of(member).await.map_err(state::explained)?;
    match consents.digest.map(|consent| consent.kind) {
        Some(ConsentKind::OptIn) => Ok(()),
        None if context.settings.digest.enrollment == Enrollment::OptOut && !consents.suppressed => Ok(()),
        Some(_) => Err(Failure::new(format!("`{email}` opted out of personal digests, so nothing was sent"))
            .hint("only they can opt in again, in Slack")),
        None => Err(Failure::new(format!("`{email}` has not agreed to personal digests, so nothing was sent"))
            .hint("`recap consent EMAIL on --by NAME` records that they did; `--dry-run` shows the message")),
    }
}

/// On record before it is sent: the ledger of deliveries is for scheduled ones.
async fn audit(context: &Context, store: &Store, action: &str, subject: &str) -> Result<(), Failure> {
    let entry = AuditEntry {
        at: context.clock.now(),
        actor: "cli".to_owned(),
        action: action.to_owned(),
        subject: subject.to_owned(),
        detail: String::new(),
    };
    store.audit(&entry).await.map_err(state::explained)
}
