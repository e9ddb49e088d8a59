//! `recap send`: one message now, outside any schedule.

use super::{Context, Failure, answer, daily, source::Source, state, weekly};
use crate::{
    config::Enrollment,
    message::text,
    model::{MemberEmail, MemberId},
    store::{AuditEntry, ConsentKind, Consents, HALTED, Store},
};
use chrono_tz::Tz;

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
    /// Do all but the sending, and print the message; refused where the sending would be
    #[arg(long)]
    dry_run: bool,
}

#[derive(Debug, clap::Args)]
struct Weekly {
    /// The team's name
    #[arg(long, value_name = "NAME")]
    team: String,
    /// Do all but the sending, and print the message; refused where the sending would be
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
    let (name, team) = weekly::team(context, &arguments.team).await?;
    let window = weekly::window(context, &team, None)?;
    let client = daily::slack_client(&context.settings)?;
    let store = weekly::store(context, &name, &team).await?;
    if let Some(store) = &store {
        refuse_while_halted(store, "`recap preview weekly`").await?;
    }
    let channel = weekly::channel(context, store.as_ref(), &client, &name).await?;
    let message = weekly::summary(context, store.as_ref(), &name, &window).await?;
    let (Some(store), false) = (store, arguments.dry_run) else {
        return answer(&format!("{}\n", text::render(&message).trim_end()));
    };
    refuse_while_halted(&store, "`recap preview weekly`").await?;
    audit(context, &store, "send.weekly", &name).await?;
    let sent = daily::deliver_to_channel(&client, &channel, &message).await?;
    answer(&format!("sent to team {name} (channel {}, ts {})\n", sent.posted.channel, sent.posted.ts))
}

async fn send_daily(arguments: Daily, context: &Context) -> Result<(), Failure> {
    let templates = daily::templates(&context.settings)?;
    let (email, client) = (&arguments.member, daily::slack_client(&context.settings)?);
    // A dry run makes no store; without one nobody has said anything yet.
    let store = if arguments.dry_run && state::missing_file(&context.settings).is_some() {
        None
    } else {
        Some(state::store_of_token(context).await?)
    };
    let member = daily::addressee(&client, email).await?;
    let course = daily::course(context, store.as_ref(), email, Some(&member), None).await?;
    if let Some(store) = &store {
        refuse_while_halted(store, "`recap preview daily`").await?;
    }
    refuse_without_consent(context, store.as_ref(), &member.id, email).await?;
    if let Some(store) = &store {
        refuse_off(context, store, &member.id, email, course.schedule.zone).await?;
    }
    let source = Source::open(&context.settings).await?;
    let warehouse = source.warehouse().await?;
    let report = daily::latest(context, &warehouse, &templates, &course, email).await?;
    source.close().await;
    let (Some(store), false) = (store, arguments.dry_run) else {
        return answer(&format!("{}\n", text::render(&report).trim_end()));
    };
    audit(context, &store, "send.daily", &member.id.0).await?;
    let sent = daily::deliver(&client, &member, &report).await?;
    answer(&format!("sent to {email} (channel {}, ts {})\n", sent.posted.channel, sent.posted.ts))
}

/// A halt stops all sending, by hand too.
async fn refuse_while_halted(store: &Store, preview: &str) -> Result<(), Failure> {
    match store.value(HALTED).await.map_err(state::explained)? {
        None => Ok(()),
        Some(_) => Err(Failure::new("sending is halted, so nothing was sent")
            .hint(format!("`recap resume` lets it go on; {preview} shows the message"))),
    }
}

/// Nobody who did not agree gets anything, by hand neither.
async fn refuse_without_consent(
    context: &Context,
    store: Option<&Store>,
    member: &MemberId,
    email: &MemberEmail,
) -> Result<(), Failure> {
    let consents = match store {
        Some(store) => store.consents_of(member).await.map_err(state::explained)?,
        None => Consents::default(),
    };
    match consents.digest.map(|consent| consent.kind) {
        Some(ConsentKind::OptIn) => Ok(()),
        None if context.settings.digest.enrollment == Enrollment::OptOut && !consents.suppressed => Ok(()),
        Some(_) => Err(Failure::new(format!("`{email}` opted out of personal digests, so nothing was sent"))
            .hint("only they can opt in again, in Slack")),
        None => Err(Failure::new(format!("`{email}` has not agreed to personal digests, so nothing was sent"))
            .hint("`recap consent EMAIL on --by NAME` records that they did; `recap preview daily` shows the message")),
    }
}

/// Nobody gets anything who paused, or whom an admin switched off, as when it is sent through the API.
async fn refuse_off(
    context: &Context,
    store: &Store,
    member: &MemberId,
    email: &MemberEmail,
    zone: Tz,
) -> Result<(), Failure> {
    let preferences = store.preferences(member).await.map_err(state::explained)?;
    if let Some(until) = preferences.pause_until.filter(|until| context.clock.now() < *until) {
        let until = until.with_timezone(&zone).format("%a %Y-%m-%d %H:%M");
        return Err(Failure::new(format!("`{email}` paused their digest until {until} ({zone}), so nothing was sent"))
            .hint("they can end the pause in Slack; `recap preview daily` shows the message"));
    }
    let entry = store.roster_entry(member).await.map_err(state::explained)?;
    if entry.is_some_and(|entry| entry.switched_off) {
        return Err(Failure::new(format!("an admin switched the digest of `{email}` off, so nothing was sent"))
            .hint("an admin can switch it on again; `recap preview daily` shows the message"));
    }
    Ok(())
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
