//! What `preview daily`, `send daily` and `demo` share: one member's digest through the real path.

use super::{Context, Failure, state};
use crate::{
    config::{self, Enrollment, Settings},
    digest::{DailyOptions, Sections},
    message::{Message, Templates},
    model::{ChannelId, MemberEmail, MemberId},
    planner::Rules,
    report::{Cohort, DailyReports, Recipient, ReportError},
    schedule::{DailySchedule, DailyWindow},
    slack::{self, Client, ClientOptions, Member, SendError, Sent},
    store::{MemberRecord, MemberStatus, Preferences, Store},
    warehouse::Warehouse,
};
use chrono_tz::Tz;

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

/// How one member's digest is made: when it is due, and what it shows.
#[derive(Debug)]
pub struct Course {
    pub schedule: DailySchedule,
    sections: Sections,
}

/// What holds for a member, by the same rules as what is scheduled: what they chose, else what the directory, their teams
/// and the installation say. `found` is who they are in Slack; a `zone` that is given beats all.
pub async fn course(
    context: &Context,
    store: Option<&Store>,
    email: &MemberEmail,
    found: Option<&Member>,
    zone: Option<Tz>,
) -> Result<Course, Failure> {
    let settings = &context.settings;
    let rules = match store {
        Some(store) => Rules::of(settings, store, context.clock.now()).await.map_err(state::explained)?,
        None => Rules::of_file(settings),
    };
    let known = match (store, found) {
        (Some(store), Some(found)) => store.member(&found.id).await.map_err(state::explained)?,
        (Some(store), None) => store.member_by_email(email).await.map_err(state::explained)?,
        (None, _) => None,
    };
    let member = whom(email, known, found);
    let preferences = match store {
        Some(store) => store.preferences(&member.id).await.map_err(state::explained)?,
        None => Preferences::default(),
    };
    if found.is_some() && zone.or(preferences.zone).or(member.zone).is_none() {
        tracing::warn!(%member.id, "Slack has no known time zone for this member, taking {}", rules.zone);
    }
    let mut schedule = rules.schedule_for(&member, &preferences);
    schedule.zone = zone.unwrap_or(schedule.zone);
    let sections = settings.digest.sections_of(rules.sections_for(preferences.sections.as_deref()));
    Ok(Course { schedule, sections })
}

/// The member as the store knows them; of whom it does not, what Slack says.
fn whom(email: &MemberEmail, known: Option<MemberRecord>, found: Option<&Member>) -> MemberRecord {
    let zone = found.and_then(|found| found.zone);
    match known {
        Some(known) => MemberRecord { email: Some(email.clone()), zone: known.zone.or(zone), ..known },
        None => MemberRecord {
            id: found.map_or_else(|| MemberId(String::new()), |found| found.id.clone()),
            email: Some(email.clone()),
            name: String::new(),
            zone,
            status: MemberStatus::Active,
            dm: None,
            last_usage: None,
        },
    }
}

/// The digest of what is complete, up to yesterday, as it would be sent now.
pub async fn latest(
    context: &Context,
    warehouse: &Warehouse,
    templates: &Templates,
    course: &Course,
    email: &MemberEmail,
) -> Result<Message, Failure> {
    let window = course.schedule.window_to_yesterday(context.clock.now());
    report(context, warehouse, templates, course, window, email).await
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
    course: &Course,
    window: DailyWindow,
    email: &MemberEmail,
) -> Result<Message, Failure> {
    let options = DailyOptions {
        sections: course.sections,
        first: false,
        next: course.schedule.next_occurrence(context.clock.now()),
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
