//! The numbers behind previews and what is sent by hand: the real path, and for other people's digests a sample.

use super::{AdminError, member::schedule_of};
use crate::{
    config::{Enrollment, Membership},
    digest::DailyOptions,
    message::{Message, Templates},
    model::MemberEmail,
    planner::{Rules, TeamWeekly},
    report::{Cohort, DailyReports, MessageError, Recipient, sample_daily},
    schedule::{DailySchedule, WeeklyWindow},
    store::{Consents, MemberRecord, RosterEntry},
    team::{self, Lists, Summaries, Summary, SummaryError},
    workspace::Workspace,
};
use chrono::{DateTime, Utc};
use std::collections::BTreeSet;

impl From<SummaryError> for AdminError {
    fn from(error: SummaryError) -> Self {
        match error {
            SummaryError::Store(error) => Self::Store(error),
            SummaryError::Warehouse(error) => Self::Warehouse(error),
        }
    }
}

/// The team's summary of the last week that is over, and up to when there is telemetry; none where nobody knows who is on
/// the team.
///
/// # Errors
/// When store, warehouse or Slack do not answer.
pub async fn latest_summary(
    workspace: &Workspace,
    rules: &Rules,
    name: &str,
    weekly: &TeamWeekly,
) -> Result<Option<(Summary, Option<DateTime<Utc>>)>, AdminError> {
    meet(workspace, name, weekly).await?;
    let (now, warehouse) = (workspace.now(), workspace.source.warehouse().await?);
    let window = WeeklyWindow::latest(weekly.schedule.zone, now);
    let arrivals = warehouse.arrivals(window.reported().end, now).await?;
    let summaries = Summaries {
        store: Some(&workspace.store),
        warehouse,
        templates: &workspace.templates,
        settings: &workspace.settings,
        rules,
    };
    let summary = summaries.of(&window, &[name], Some(arrivals)).await?.remove(name);
    Ok(summary.map(|summary| (summary, arrivals.newest)))
}

/// A user group that nobody read so far is read now.
async fn meet(workspace: &Workspace, name: &str, weekly: &TeamWeekly) -> Result<(), AdminError> {
    let Membership::Usergroup(group) = &weekly.membership else { return Ok(()) };
    let (name, now) = (name.to_owned(), workspace.now());
    if workspace.store.rosters(&BTreeSet::from([name.clone()]), now).await?.contains_key(&name) {
        return Ok(());
    }
    if let Some(members) = workspace.client.usergroup_members(group).await? {
        let members = workspace.store.emails_of(&members).await?;
        team::sync(&workspace.store, &Lists::from([(name, members)]), now).await?;
    }
    Ok(())
}

/// A member's digest of what can be told up to yesterday; the `first` one says how to stop.
pub(super) async fn digest(
    workspace: &Workspace,
    rules: &Rules,
    entry: &RosterEntry,
    email: &MemberEmail,
    first: bool,
) -> Result<Message, AdminError> {
    let (schedule, now) = (schedule_of(rules, entry), workspace.now());
    let options = DailyOptions { first, ..options(workspace, rules, entry, &schedule, now) };
    let recipients = vec![Recipient::new(email.clone(), options)];
    let cohort = Cohort { window: schedule.window_to_yesterday(now), recipients };
    let warehouse = workspace.source.warehouse().await?;
    let mut reports = DailyReports::of(warehouse, &workspace.templates, cohort).await?;
    match reports.next().await? {
        Some(report) => Ok(report.message?),
        None => Err(MessageError::Limit("no digest came of one recipient".to_owned()).into()),
    }
}

/// What such a digest looks like, of nobody.
pub(super) fn sample(workspace: &Workspace, rules: &Rules, entry: &RosterEntry) -> Result<Message, AdminError> {
    let (schedule, now) = (schedule_of(rules, entry), workspace.now());
    let templates: &Templates = &workspace.templates;
    let options = options(workspace, rules, entry, &schedule, now);
    Ok(sample_daily(templates, &schedule.window_to_yesterday(now), &options)?)
}

fn options(
    workspace: &Workspace,
    rules: &Rules,
    entry: &RosterEntry,
    schedule: &DailySchedule,
    now: DateTime<Utc>,
) -> DailyOptions {
    let chosen = rules.sections_for(entry.preferences.sections.as_deref());
    DailyOptions {
        sections: workspace.settings.digest.sections_of(chosen),
        first: false,
        next: schedule.next_occurrence(now),
        opt_out: rules.enrollment == Enrollment::OptOut,
    }
}

/// All that decides about somebody's digest; of whom the store does not know, what follows from nothing.
pub(super) async fn entry_of(workspace: &Workspace, member: &MemberRecord) -> Result<RosterEntry, AdminError> {
    let known = workspace.store.roster_entry(&member.id).await?;
    Ok(known.unwrap_or_else(|| RosterEntry {
        member: member.clone(),
        consents: Consents::default(),
        preferences: crate::store::Preferences::default(),
        switched_off: false,
        subscription: None,
    }))
}
