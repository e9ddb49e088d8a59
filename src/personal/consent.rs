//! Yes and no: each is a line of the record, with who, when, by which surface, and which words.

use super::{Numbers, PersonalError, Standing, choose::to_pause, numbers, refreshed, standing};
use crate::{
    model::{MemberEmail, REFUSED},
    store::{Consent, ConsentKind, Consents, MemberRecord},
    workspace::Workspace,
};
use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Tz;
use std::time::Duration;

/// Without usage for this long nothing is known under an address (scheduling-and-delivery.md, section 2).
const IDENTITY: TimeDelta = TimeDelta::days(30);
/// A yes is saved by then, and whoever said it waits: beyond this their latest digest is not shown.
const LOOKED_FOR: Duration = Duration::from_secs(20);

/// Where somebody said it; stands in the record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Surface {
    Command,
    Button,
    Home,
    Modal,
    Page,
    Api,
}

impl Surface {
    /// As the record and the audit write it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Command => "command",
            Self::Button => "button",
            Self::Home => "home",
            Self::Modal => "modal",
            Self::Page => "page",
            Self::Api => "api",
        }
    }
}

/// What follows from a yes.
#[derive(Debug, Clone, PartialEq)]
pub struct OptedIn {
    /// They had agreed before; nothing was recorded.
    pub already: bool,
    /// When the next digest comes, and in which zone they read it; none while personal digests are not enabled.
    pub next: Option<(DateTime<Utc>, Tz)>,
    /// Why none comes, where that is so: a reason as the planner writes it.
    pub held_by: Option<String>,
    /// They had paused, and do so no more.
    pub pause_ended: bool,
    pub named: bool,
}

/// What was found of the member in the last 30 days.
#[derive(Debug, Clone, PartialEq)]
pub enum Found {
    /// The digest up to yesterday.
    Usage(Box<Numbers>),
    /// Nothing under this address; whom to ask stands beside it.
    Nothing { looked_for: MemberEmail, ask: Vec<MemberEmail> },
    /// The warehouse does not answer now; the consent stands.
    Unknown,
}

/// The words that are agreed to.
pub fn wording(kind: ConsentKind) -> &'static str {
    match kind {
        ConsentKind::OptIn => "a daily digest of their own Claude Code usage, by direct message",
        ConsentKind::OptOut => "no daily digest",
        ConsentKind::Named => "being named in team summaries",
        ConsentKind::Unnamed => "not being named in team summaries",
    }
}

/// Whether this is what was said last.
pub fn holds(standing: &Consents, kind: ConsentKind) -> bool {
    match kind {
        ConsentKind::Named => standing.named,
        ConsentKind::Unnamed => !standing.named && !standing.revealed,
        digest => standing.digest.as_ref().is_some_and(|consent| consent.kind == digest),
    }
}

/// Records that they want their daily digest; [`look_for`] tells what is known of them. A pause ends with it, but for one
/// that the same form asks for.
///
/// # Errors
/// When the consent could not be recorded.
pub async fn opt_in(workspace: &Workspace, member: &MemberRecord, surface: Surface) -> Result<OptedIn, PersonalError> {
    if member.email.is_none() {
        return Err(PersonalError::NoAddress);
    }
    let before = standing(workspace, member).await?;
    let refused = before.held_by.as_deref().is_some_and(|reason| reason.starts_with(REFUSED));
    let already = holds(&before.consents, ConsentKind::OptIn);
    let saving = async {
        if !already || refused {
            record(workspace, member, ConsentKind::OptIn, surface).await?;
        }
        let pause_ended = end_pause(workspace, member, &before, surface).await?;
        refreshed(workspace, member).await?;
        let after = standing(workspace, member).await?;
        Ok(OptedIn {
            already,
            next: after.next.map(|next| (next, after.schedule.zone)),
            held_by: after.held_by,
            pause_ended,
            named: after.consents.named,
        })
    };
    Box::pin(saving).await.map_err(PersonalError::while_saving)
}

async fn end_pause(
    workspace: &Workspace,
    member: &MemberRecord,
    before: &Standing,
    surface: Surface,
) -> Result<bool, PersonalError> {
    // The form of preferences asks for the pause beside it: what it says holds.
    if before.paused_until.is_none() || surface == Surface::Modal {
        return Ok(false);
    }
    let (now, actor) = (workspace.now(), (member.id.0.as_str(), surface.word()));
    workspace.store.change_preferences(&member.id, &to_pause(None), now, actor).await?;
    Ok(true)
}

/// Looks for usage of the last 30 days of somebody who said yes. That is saved by then: where warehouse or store do not
/// answer, no more follows than that nothing can be told.
pub async fn look_for(workspace: &Workspace, member: &MemberRecord) -> Found {
    let found = async {
        let email = member.email.as_ref().ok_or(PersonalError::NoAddress)?;
        let (numbers, usage) = numbers::in_time(LOOKED_FOR, Box::pin(numbers::latest(workspace, member))).await?;
        let Some(latest) = usage.filter(|latest| *latest > workspace.now() - IDENTITY) else {
            let ask = workspace.settings.ops.owners.clone();
            return Ok(Found::Nothing { looked_for: email.clone(), ask });
        };
        workspace.store.learn_usage(&[(email.clone(), latest)]).await?;
        Ok::<_, PersonalError>(Found::Usage(Box::new(numbers)))
    };
    found.await.unwrap_or_else(|error| {
        tracing::warn!(error = &error as &dyn std::error::Error, "somebody who opted in was not looked for");
        Found::Unknown
    })
}

/// Records that they want no digest, nor to be named. What is planned and not sent yet is not sent any more.
/// False where that held before.
///
/// # Errors
/// When it could not be recorded.
pub async fn opt_out(workspace: &Workspace, member: &MemberRecord, surface: Surface) -> Result<bool, PersonalError> {
    let before = workspace.store.consents_of(&member.id).await?;
    let saving = async {
        let mut recorded = false;
        for kind in [ConsentKind::OptOut, ConsentKind::Unnamed] {
            if !holds(&before, kind) {
                record(workspace, member, kind, surface).await?;
                recorded = true;
            }
        }
        refreshed(workspace, member).await?;
        Ok(recorded)
    };
    Box::pin(saving).await.map_err(PersonalError::while_saving)
}

/// Records whether they are named in team summaries. False where that held before.
///
/// # Errors
/// When it could not be recorded.
pub async fn name_me(
    workspace: &Workspace,
    member: &MemberRecord,
    named: bool,
    surface: Surface,
) -> Result<bool, PersonalError> {
    let kind = if named { ConsentKind::Named } else { ConsentKind::Unnamed };
    if holds(&workspace.store.consents_of(&member.id).await?, kind) {
        return Ok(false);
    }
    record(workspace, member, kind, surface).await.map_err(PersonalError::while_saving)?;
    Ok(true)
}

/// Deletes what Recap keeps of them, leaving the fact and a suppression.
///
/// # Errors
/// When the store does not answer.
pub async fn delete_data(workspace: &Workspace, member: &MemberRecord) -> Result<(), PersonalError> {
    let deleting = async {
        workspace.store.delete_member_data(&member.id, workspace.now(), &member.id.0).await?;
        refreshed(workspace, member).await
    };
    deleting.await.map_err(PersonalError::while_saving)
}

async fn record(
    workspace: &Workspace,
    member: &MemberRecord,
    kind: ConsentKind,
    surface: Surface,
) -> Result<(), PersonalError> {
    let consent = Consent {
        member: member.id.clone(),
        kind,
        at: workspace.now(),
        surface: surface.word().to_owned(),
        actor: member.id.0.clone(),
        wording: wording(kind).to_owned(),
    };
    Ok(workspace.store.record_consent(&consent).await?)
}
