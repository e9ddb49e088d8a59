//! What `preview daily`, `send daily` and `demo` share: one member's digest through the real path.

use super::{Context, Failure};
use crate::{
    config::{self, Enrollment, Settings},
    digest::DailyOptions,
    message::{Message, Templates},
    model::{ChannelId, MemberEmail},
    report::{Cohort, DailyReports, Recipient, ReportError},
    schedule::{Covers, DailySchedule, DailyWindow},
    slack::{self, Client, ClientOptions, Member, SendError, Sent},
    warehouse::Warehouse,
};
use chrono_tz::Tz;
use std::collections::BTreeSet;

/// The templates, with the overrides that the settings name.
pub fn templates(settings: &Settings) -> Result<Templates, Failure> {
    match &settings.messages.templates_dir {
        None => Ok(Templates::embedded()),
        Some(folder) => Templates::with_overrides(folder).map_err(|error| {
            Failure::of(error, "`recap template check DIR` shows every fault of a folder of templates")
        }),
    }
}

/// The Slack client of the settings.
pub fn slack_client(settings: &Settings) -> Result<Client, Failure> {
    let token =
        settings.slack.require_bot_token().map_err(|error| Failure::of(error, config::BotTokenMissing::HINT))?;
    let options = ClientOptions {
        api_url: settings.slack.api_url.clone(),
        token: token.clone(),
        timeout: slack::CALL_TIMEOUT,
        gate: None,
    };
    Client::new(&options).map_err(|error| {
        let hint = error.hint();
        Failure::of(error, hint)
    })
}

/// The active member of the directory with this address.
pub async fn addressee(client: &Client, email: &MemberEmail) -> Result<Member, Failure> {
    slack::addressee(client, email).await.map_err(|error| {
        let hint = error.hint();
        Failure::of(error, hint)
    })
}

/// The schedule that holds for a member who chose nothing.
pub fn schedule(settings: &Settings, zone: Tz) -> DailySchedule {
    let digest = &settings.digest;
    let covers = match digest.covers {
        config::Covers::Auto => Covers::at(digest.default_time),
        config::Covers::Morning => Covers::Morning,
        config::Covers::Evening => Covers::Evening,
    };
    DailySchedule { zone, time: digest.default_time, weekdays: digest.default_days, days_off: BTreeSet::new(), covers }
}

/// The zone of a member, UTC where Slack has none that is known.
pub fn zone_of(member: &Member) -> Tz {
    member.zone.unwrap_or_else(|| {
        tracing::warn!(member.id = %member.id, "Slack has no known time zone for this member, taking UTC");
        Tz::UTC
    })
}

/// The digest of an [`addressee`], as it is sent by hand now.
pub async fn latest(
    context: &Context,
    warehouse: &Warehouse,
    templates: &Templates,
    member: &Member,
    email: &MemberEmail,
) -> Result<Message, Failure> {
    let schedule = schedule(&context.settings, zone_of(member));
    let window = schedule.window_to_yesterday(context.clock.now());
    report(context, warehouse, templates, &schedule, window, email).await
}

/// Posts `message` to an [`addressee`]; in plain sections where Slack refuses its newer blocks.
pub async fn deliver(client: &Client, member: &Member, message: &Message) -> Result<Sent, Failure> {
    let fallback = message.has_rich_blocks().then(|| message.without_rich_blocks());
    sent(slack::send(client, member, message, fallback.as_ref()).await)
}

/// Posts `message` to a channel; in plain sections where Slack refuses its newer blocks.
pub async fn deliver_to_channel(client: &Client, channel: &ChannelId, message: &Message) -> Result<Sent, Failure> {
    let fallback = message.has_rich_blocks().then(|| message.without_rich_blocks());
    sent(slack::send_to_channel(client, channel, message, fallback.as_ref()).await)
}

fn sent(outcome: Result<Sent, SendError>) -> Result<Sent, Failure> {
    let sent = outcome.map_err(|error| {
        let hint = error.hint();
        Failure::of(error, hint)
    })?;
    if sent.degraded {
        tracing::warn!("Slack refused the message's newer blocks, it was sent in plain sections");
    }
    Ok(sent)
}

/// One member's digest of `window`.
pub async fn report(
    context: &Context,
    warehouse: &Warehouse,
    templates: &Templates,
    schedule: &DailySchedule,
    window: DailyWindow,
    email: &MemberEmail,
) -> Result<Message, Failure> {
    let options = DailyOptions {
        sections: context.settings.digest.sections(),
        first: false,
        next: schedule.next_occurrence(context.clock.now()),
        opt_out: context.settings.digest.enrollment == Enrollment::OptOut,
    };
    let cohort = Cohort { window, recipients: vec![Recipient::new(email.clone(), options)] };
    let explained = |error: ReportError| {
        let hint = error.hint();
        Failure::of(error, hint)
    };
    let reports = DailyReports::of(warehouse, templates, cohort).await;
    let mut reports = reports.map_err(|error| explained(error.into()))?;
    let report = reports.next().await.map_err(|error| explained(error.into()))?;
    let report = report.ok_or_else(|| Failure::new("no digest came of one recipient"))?;
    report.message.map_err(|error| explained(error.into()))
}
