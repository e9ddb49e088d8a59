//! Sends one now, without consuming the scheduled one.

use super::{
    Actor, AdminError, Subject,
    actor::rights,
    channel::check_channel,
    configure::{entry, invalid, note_refusal},
    member::{find, is_agreed, schedule_of},
    numbers::{self, entry_of, latest_summary},
    reluctance::paused,
    team::no_such_team,
};
use crate::{
    model::DeliveryId,
    planner::{self, Rules},
    report::MessageError,
    schedule::date_at,
    store::{
        Activity, HALTED, MemberRecord, MemberStatus, NewDelivery, Planned, Posting, Requested, RosterEntry, STOPPED,
    },
    team::Summary,
    workspace::Workspace,
};
use chrono::{DateTime, TimeDelta, Utc};

/// What somebody waited for is no news any more after so long, and a channel may have been shared meanwhile.
const NEWS_FOR: TimeDelta = TimeDelta::minutes(30);
/// As a scheduled summary, it follows rows that come late.
const REVISE_AFTER: TimeDelta = TimeDelta::hours(1);
/// The longest key that is taken.
const LONGEST_KEY: usize = 255;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Triggered {
    pub delivery: DeliveryId,
    /// It was asked for before, under the same key or, of an invitation, today: nothing more is sent.
    pub again: bool,
}

/// Plans a delivery that goes out at once; with `key`, one at most.
///
/// # Errors
/// When it may not be sent: no consent, no channel, sending is halted; or something does not answer.
pub async fn trigger(
    workspace: &Workspace,
    actor: &Actor,
    subject: &Subject,
    key: Option<&str>,
) -> Result<Triggered, AdminError> {
    let outcome = Box::pin(send(workspace, actor, subject, key)).await;
    if let Err(refused) = &outcome {
        // Of a member not even the address: it may be anything.
        let about = if let Subject::Weekly { team } = subject { format!("team:{team}") } else { "member".to_owned() };
        note_refusal(workspace, actor, &about, refused).await?;
    }
    outcome
}

async fn send(
    workspace: &Workspace,
    actor: &Actor,
    subject: &Subject,
    key: Option<&str>,
) -> Result<Triggered, AdminError> {
    may_send(workspace, actor, subject).await?;
    // What happens to its team or channel from now on, it heeds.
    let asked_at = workspace.now();
    let subject = of_whom(workspace, actor, subject).await?;
    let asked = match key {
        Some(key) => asked_before(workspace, actor, &subject.key(), key).await?,
        None => None,
    };
    let id = match asked {
        Some((delivery, true)) => return Ok(Triggered { delivery, again: true }),
        // Whoever asked first ended before it was planned.
        Some((delivery, false)) => delivery,
        None => DeliveryId::new(),
    };
    refuse_while_halted(workspace).await?;
    let mut planned = match &subject {
        Known::Team(team) => summary(workspace, team, id).await?,
        Known::Member(member) => digest(workspace, member, id).await?,
    };
    planned.due = asked_at;
    if let Some(key) = key {
        let request = Requested { subject: subject.key(), delivery: planned.id.clone() };
        let first = workspace.store.note_request(&actor.name(), key, &request, workspace.now()).await?;
        if first.subject != request.subject {
            return Err(AdminError::KeyReused);
        }
        // Of two at once both plan the same one, and it is there once.
        planned.period = planned.period.replace(&planned.id.0, &first.delivery.0);
        planned.id = first.delivery;
    }
    // On record before it is sent.
    let entry = entry(workspace, actor, "report.trigger", &subject.key(), &planned.id.0);
    workspace.store.audit(&entry).await?;
    let new = workspace.store.plan(std::slice::from_ref(&planned), &[], workspace.now()).await?;
    workspace.planned.notify_one();
    Ok(Triggered { delivery: planned.id, again: new == 0 })
}

/// What is sent, once it is known whose it is.
enum Known {
    Team(String),
    Member(Box<MemberRecord>),
}

impl Known {
    /// As audit and keys name it.
    fn key(&self) -> String {
        match self {
            Self::Team(team) => format!("team:{team}"),
            Self::Member(member) => format!("member:{}", member.id),
        }
    }
}

async fn of_whom(workspace: &Workspace, actor: &Actor, subject: &Subject) -> Result<Known, AdminError> {
    let member = match (subject, actor) {
        (Subject::Weekly { team }, _) => return Ok(Known::Team(team.clone())),
        (Subject::Daily { member: Some(who) }, _) => find(workspace, who).await?,
        (Subject::Daily { member: None }, Actor::Member(own)) => own.clone(),
        (Subject::Daily { member: None }, Actor::Token(_)) => return Err(invalid("scope", "name the member")),
    };
    Ok(Known::Member(Box::new(member)))
}

async fn may_send(workspace: &Workspace, actor: &Actor, subject: &Subject) -> Result<(), AdminError> {
    let rights = rights(workspace, actor).await?;
    let (may, words) = match subject {
        Subject::Weekly { team } => {
            (rights.may_edit(team), "only an admin of this workspace or an owner of the team may post its summary")
        }
        Subject::Daily { .. } => (rights.admin, "only an admin of this workspace may send a digest to somebody"),
    };
    if may { Ok(()) } else { Err(AdminError::NotAllowed(words.to_owned())) }
}

/// The delivery that was asked for under the same key, and whether it was planned.
async fn asked_before(
    workspace: &Workspace,
    actor: &Actor,
    subject: &str,
    key: &str,
) -> Result<Option<(DeliveryId, bool)>, AdminError> {
    if key.is_empty() || key.len() > LONGEST_KEY || key.chars().any(char::is_control) {
        return Err(invalid("key", format!("must have 1 to {LONGEST_KEY} characters, and no control characters")));
    }
    let Some(before) = workspace.store.requested(&actor.name(), key).await? else { return Ok(None) };
    if before.subject != subject {
        return Err(AdminError::KeyReused);
    }
    let planned = workspace.store.delivery(&before.delivery).await?.is_some();
    Ok(Some((before.delivery, planned)))
}

pub(super) async fn refuse_while_halted(workspace: &Workspace) -> Result<(), AdminError> {
    let held = workspace.store.value(HALTED).await?.or(workspace.store.value(STOPPED).await?);
    if held.is_some() { Err(AdminError::Halted) } else { Ok(()) }
}

async fn summary(workspace: &Workspace, name: &str, id: DeliveryId) -> Result<NewDelivery, AdminError> {
    let rules = workspace.rules().await?;
    let Some(team) = rules.weekly(name) else { return Err(no_such_team(workspace, name).await?) };
    let Some(channel) = team.channel.clone() else {
        return Err(invalid("channel", "the team has no channel, and its summary has nowhere to go"));
    };
    if let Err(fault) = check_channel(workspace, &channel).await? {
        return Err(invalid("channel", fault.words()));
    }
    let summary = latest_summary(workspace, &rules, name, team).await?;
    let Some((Summary { kept, message }, _)) = summary else {
        return Err(invalid("usergroup", "the team's user group is not in Slack, or is switched off"));
    };
    if kept.facts.members == 0 {
        return Err(invalid("members", "nobody was on the team in that week"));
    }
    let facts = kept.to_json().map_err(|_| MessageError::Limit("the numbers cannot be kept".to_owned()))?;
    let now = workspace.now();
    let revise_at = (workspace.settings.weekly.update_hours > 0).then(|| now + REVISE_AFTER);
    let outcome = Planned::Summarized(message?.to_json(), Posting { channel, facts, revise_at });
    let week = date_at(team.schedule.zone, now).format("%G-W%V");
    Ok(NewDelivery {
        report: "now.weekly".to_owned(),
        recipient: name.to_owned(),
        period: format!("{week}.{id}"),
        zone: team.schedule.zone,
        ..by_hand(id, outcome, now)
    })
}

async fn digest(workspace: &Workspace, member: &MemberRecord, id: DeliveryId) -> Result<NewDelivery, AdminError> {
    let rules = workspace.rules().await?;
    let entry = entry_of(workspace, member).await?;
    let (MemberStatus::Active, Some(email)) = (entry.member.status, entry.member.email.clone()) else {
        return Err(invalid("scope", "only full members of this workspace with an e-mail address get a digest"));
    };
    if !is_agreed(&entry.consents, rules.enrollment) {
        return Err(AdminError::NoConsent);
    }
    if let Some(why) = why_not(&rules, &entry, workspace.now()) {
        return Err(AdminError::NotSent(why));
    }
    let first = !entry.subscription.as_ref().is_some_and(|subscription| subscription.greeted);
    let message = numbers::digest(workspace, &rules, &entry, &email, first).await?;
    let (now, zone) = (workspace.now(), schedule_of(&rules, &entry).zone);
    Ok(NewDelivery {
        report: "now.daily".to_owned(),
        recipient: member.id.0.clone(),
        period: format!("{}.{id}", date_at(zone, now)),
        email: Some(email),
        zone,
        ..by_hand(id, Planned::Rendered(message.to_json()), now)
    })
}

/// Why nothing is sent now to somebody who did not object; what Slack refused may be tried again by hand.
fn why_not(rules: &Rules, entry: &RosterEntry, now: DateTime<Utc>) -> Option<&'static str> {
    if let Activity::Off(reason) = planner::activity(entry, rules) {
        match reason.as_str() {
            "switched_off_by_admin" => return Some("an admin switched their digest off"),
            "not_enabled" => return Some("personal digests are not enabled for this workspace"),
            // Who never used Claude Code was never told that there are digests.
            "not_opted_in" => return Some("they have no usage yet, and did not ask for a digest"),
            _ => {}
        }
    }
    paused(entry, now).map(|_| "they paused their digest")
}

/// A delivery that goes out at once, before all that was scheduled.
pub(super) fn by_hand(id: DeliveryId, outcome: Planned, now: DateTime<Utc>) -> NewDelivery {
    let notice = NewDelivery::notice("", "", "", String::new(), now);
    NewDelivery { id, outcome, expires: now + NEWS_FOR, ..notice }
}
