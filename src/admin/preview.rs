//! What the next one will look like, through the real path; that it was shown to somebody is remembered, for nothing can be
//! enabled unseen.

use super::{
    Actor, AdminError, Report, Scope,
    actor::rights,
    channel::check_channel,
    configure::{DAILY, WEEKLY, about, invalid, key, note_refusal},
    member::{find, schedule_of},
    numbers::{self, entry_of, latest_summary},
    reluctance::{NOT_ENABLED, SUMMARY_NOT_ENABLED, called, paused, standstill, why_no_summary, why_not},
    shown,
    strangers::{note, strangers},
    team::{next_times, no_such_team},
};
use crate::{
    config::Membership,
    message::Message,
    model::MemberId,
    planner::{Rules, after_pause},
    schedule::DailySchedule,
    store::{MemberRecord, MemberStatus, RosterEntry},
    workspace::Workspace,
};
use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use std::iter::successors;

/// What is previewed.
#[derive(Debug, Clone, PartialEq)]
pub enum Subject {
    /// A personal digest: of the workspace's personal digests the actor's own numbers (a token has none, and sees sample
    /// numbers), of somebody else sample numbers.
    Daily {
        member: Option<String>,
    },
    Weekly {
        team: String,
    },
}

#[derive(Debug, Clone, PartialEq)]
pub struct Preview {
    pub message: Message,
    /// The next five times.
    pub next: Vec<DateTime<Utc>>,
    /// The zone of who would read it.
    pub zone: Tz,
    /// The numbers are made up.
    pub sample: bool,
    /// What else the person should know, as sentences: a channel that Recap is not in, a team without members.
    pub notes: Vec<String>,
    /// Why it does not come at these times as things stand, as a sentence; nothing where it does.
    pub why_not: Option<String>,
}

impl Preview {
    /// Why it would not come though it were enabled.
    pub fn hindrance(&self) -> Option<&str> {
        self.why_not.as_deref().filter(|why| ![NOT_ENABLED, SUMMARY_NOT_ENABLED].contains(why))
    }
}

/// Makes the preview, and remembers that `actor` was shown it.
///
/// # Errors
/// When `actor` may not see it, or something does not answer.
pub async fn preview(workspace: &Workspace, actor: &Actor, subject: &Subject) -> Result<Preview, AdminError> {
    let (preview, scope) = match subject {
        Subject::Weekly { team } => (Box::pin(weekly(workspace, actor, team)).await, Scope::Team(team.clone())),
        Subject::Daily { member } => daily(workspace, actor, member.as_deref()).await?,
    };
    let (mut preview, shown) = match preview {
        Ok(preview) => preview,
        Err(refused) => {
            note_refusal(workspace, actor, &about(&scope), &refused).await?;
            return Err(refused);
        }
    };
    if preview.why_not.is_none() {
        preview.why_not = standstill(workspace).await?;
    }
    let report = if matches!(subject, Subject::Weekly { .. }) { WEEKLY } else { DAILY };
    workspace.store.note_preview(&actor.name(), report, &key(&scope), &shown, workspace.now()).await?;
    Ok(preview)
}

/// A preview, and what it was of.
type Shown = (Preview, String);

async fn weekly(workspace: &Workspace, actor: &Actor, name: &str) -> Result<Shown, AdminError> {
    let rights = rights(workspace, actor).await?;
    if !rights.may_edit(name) {
        return Err(AdminError::NotAllowed(
            "only an admin of this workspace or an owner of the team may preview its summary".to_owned(),
        ));
    }
    let rules = workspace.rules().await?;
    let Some(team) = rules.weekly(name) else { return Err(no_such_team(workspace, name).await?) };
    let Some((summary, _)) = latest_summary(workspace, &rules, name, team).await? else {
        return Err(invalid("usergroup", "the team's user group is not in Slack, or is switched off"));
    };
    let mut notes = Vec::new();
    match &team.channel {
        None if team.enabled_at.is_some() => {}
        None => notes.push("The team has no channel yet. Its summary can be enabled once one is chosen.".to_owned()),
        Some(channel) => {
            if let Err(fault) = check_channel(workspace, channel).await? {
                notes.push(fault.words().to_owned());
            }
        }
    }
    if summary.kept.facts.members == 0 {
        notes.push("Nobody was on the team in that week, so nothing would be posted.".to_owned());
    }
    if let Membership::Members(members) = &team.membership {
        let members = members.iter().cloned().collect();
        notes.extend(note(&strangers(workspace, &members).await?, members.len(), "addresses", rights.admin));
    }
    let next = next_times(workspace, name, team).await?;
    let why_not = why_no_summary(workspace, name, team).await?;
    let preview = Preview { message: summary.message?, next, zone: team.schedule.zone, sample: false, notes, why_not };
    Ok((preview, shown::team(team)))
}

/// With the scope that was previewed, by the member's id.
async fn daily(
    workspace: &Workspace,
    actor: &Actor,
    member: Option<&str>,
) -> Result<(Result<Shown, AdminError>, Scope), AdminError> {
    let own = if let Actor::Member(own) = actor { Some(own) } else { None };
    let Some(who) = member else {
        let preview = match own {
            Some(own) => own_digest(workspace, own).await,
            None => sample_for_nobody(workspace, actor).await,
        };
        return Ok((preview, Scope::Workspace));
    };
    let is_admin = rights(workspace, actor).await?.admin;
    let found = find(workspace, who).await;
    match found {
        Ok(found) if own.is_some_and(|own| own.id == found.id) => {
            Ok((own_digest(workspace, &found).await, Scope::Member(found.id.0)))
        }
        // Whether somebody is in the workspace is told to admins alone.
        _ if !is_admin => {
            let refused = "only an admin of this workspace may preview somebody else's digest".to_owned();
            Ok((Err(AdminError::NotAllowed(refused)), Scope::Member(String::new())))
        }
        Ok(found) => Ok((sample_for(workspace, &found).await, Scope::Member(found.id.0))),
        Err(error) => Err(error),
    }
}

async fn own_digest(workspace: &Workspace, member: &MemberRecord) -> Result<Shown, AdminError> {
    let Some(email) = &member.email else { return sample_for(workspace, member).await };
    let (rules, entry) = (workspace.rules().await?, entry_of(workspace, member).await?);
    let message = numbers::digest(workspace, &rules, &entry, email, false).await?;
    let preview = of_member(workspace, &rules, &entry, (message, false));
    Ok((preview, shown::digests(workspace, &rules, None)))
}

async fn sample_for(workspace: &Workspace, member: &MemberRecord) -> Result<Shown, AdminError> {
    let (rules, entry) = (workspace.rules().await?, entry_of(workspace, member).await?);
    let message = numbers::sample(workspace, &rules, &entry)?;
    let preview = of_member(workspace, &rules, &entry, (message, true));
    Ok((preview, shown::digests(workspace, &rules, None)))
}

/// A token has no usage of its own.
async fn sample_for_nobody(workspace: &Workspace, actor: &Actor) -> Result<Shown, AdminError> {
    let nobody = MemberRecord {
        id: MemberId(actor.name()),
        email: None,
        name: String::new(),
        zone: None,
        status: MemberStatus::Active,
        dm: None,
        last_usage: None,
    };
    let (rules, entry) = (workspace.rules().await?, entry_of(workspace, &nobody).await?);
    let message = numbers::sample(workspace, &rules, &entry)?;
    let enabled = rules.enabled_at.is_some();
    let preview = Preview {
        why_not: (!enabled).then(|| NOT_ENABLED.to_owned()),
        ..of_schedule(&schedule_of(&rules, &entry), workspace.now(), (message, true))
    };
    Ok((preview, shown::digests(workspace, &rules, None)))
}

/// With what keeps it from coming; the times are those after a pause.
fn of_member(workspace: &Workspace, rules: &Rules, entry: &RosterEntry, made: (Message, bool)) -> Preview {
    let (schedule, now, own) = (schedule_of(rules, entry), workspace.now(), !made.1);
    let why_not = why_not(rules, entry, own);
    let paused = paused(entry, now).filter(|_| why_not.is_none());
    let mut preview = of_schedule(&schedule, paused.map_or(now, after_pause), made);
    if let Some(until) = paused {
        let who = if own { "You" } else { called(&entry.member) };
        let until = until.with_timezone(&schedule.zone).format("%a, %b %-d");
        preview.notes.push(format!("{who} paused it until {until}."));
    }
    Preview { why_not, ..preview }
}

fn of_schedule(schedule: &DailySchedule, from: DateTime<Utc>, (message, sample): (Message, bool)) -> Preview {
    let next = successors(schedule.next_occurrence(from), |at| schedule.next_occurrence(*at)).take(5).collect();
    Preview { message, next, zone: schedule.zone, sample, notes: Vec::new(), why_not: None }
}

/// Whether `actor` may enable it now: they were shown its preview, and it is still what they saw.
///
/// # Errors
/// When the store does not answer.
pub async fn was_previewed(
    workspace: &Workspace,
    actor: &Actor,
    report: Report,
    scope: &Scope,
) -> Result<bool, AdminError> {
    let rules = workspace.rules().await?;
    let (report, shown) = match (report, scope) {
        (Report::Weekly, Scope::Team(name)) => match rules.weekly(name) {
            Some(weekly) => (WEEKLY, shown::team(weekly)),
            None => return Ok(false),
        },
        (Report::Weekly, _) => return Ok(false),
        (Report::Daily, _) => (DAILY, shown::digests(workspace, &rules, None)),
    };
    let scope = match scope {
        Scope::Member(who) => match find(workspace, who).await {
            Ok(member) => key(&Scope::Member(member.id.0)),
            Err(AdminError::NoSuchMember(_)) => return Ok(false),
            Err(error) => return Err(error),
        },
        scope => key(scope),
    };
    Ok(workspace.store.previewed(&actor.name(), report, &scope, &shown).await?.is_some())
}
