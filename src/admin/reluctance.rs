//! Why what is previewed does not come by its schedule, in words; the planner decides it.

use super::{AdminError, configure::WEEKLY};
use crate::{
    config::Enrollment,
    digest::reasons::reason_in_words,
    planner::{self, Rules, TeamWeekly},
    store::{Activity, HALTED, MemberRecord, RosterEntry, STOPPED},
    workspace::Workspace,
};
use chrono::{DateTime, Utc};

/// Nobody's digest comes.
pub(super) const NOT_ENABLED: &str = "Personal digests are not enabled for this workspace.";
/// The team's summary does not.
pub(super) const SUMMARY_NOT_ENABLED: &str = "It is not enabled.";

/// Of a member's digest, as a sentence; nothing where it comes. Whoever looks at their own is spoken to.
pub(super) fn why_not(rules: &Rules, entry: &RosterEntry, own: bool) -> Option<String> {
    let Activity::Off(reason) = planner::activity(entry, rules) else { return None };
    let name = called(&entry.member);
    let they =
        |own_words: &str, words: &str| if own { format!("You {own_words}.") } else { format!("{name} {words}.") };
    Some(match reason.as_str() {
        "deactivated" | "bot" | "guest" | "other_workspace" | "gone" => {
            they("are no full member of this workspace", "is no full member of this workspace, and gets no digest")
        }
        "no_address" => they("have no address that Slack shows Recap", "has no address that Slack shows Recap"),
        "opted_out" => they("have opted out", "has opted out"),
        "not_opted_in" if rules.enrollment == Enrollment::OptOut => they("have no usage yet", "has no usage yet"),
        "not_opted_in" => they("have not opted in", "has not opted in"),
        "not_enabled" => NOT_ENABLED.to_owned(),
        "switched_off_by_admin" => {
            let whose = if own { "your digest".to_owned() } else { format!("the digest of {name}") };
            let enabled = if rules.enabled_at.is_some() { "Digests are enabled, but an" } else { "An" };
            format!("{enabled} admin switched off {whose}.")
        }
        reason => {
            let why = reason_in_words(reason);
            they(&format!("get none for now: {why}"), &format!("gets none for now: {why}"))
        }
    })
}

/// Of a team's summary, likewise.
pub(super) async fn why_no_summary(
    workspace: &Workspace,
    name: &str,
    team: &TeamWeekly,
) -> Result<Option<String>, AdminError> {
    if team.enabled_at.is_none() {
        return Ok(Some(SUMMARY_NOT_ENABLED.to_owned()));
    }
    let held = match workspace.store.subscription(WEEKLY, name).await?.map(|subscription| subscription.activity) {
        // It is enabled by now, and about to be planned.
        Some(Activity::Off(reason)) if reason != "not_enabled" => Some(reason),
        _ if team.channel.is_none() => Some("no_channel".to_owned()),
        _ => None,
    };
    Ok(held.map(|reason| format!("None comes as long as this holds: {}.", reason_in_words(&reason))))
}

/// Why nothing at all is sent in this workspace, if so.
pub(super) async fn standstill(workspace: &Workspace) -> Result<Option<String>, AdminError> {
    let reason = match workspace.store.value(HALTED).await? {
        Some(_) => Some(HALTED.to_owned()),
        None => workspace.store.value(STOPPED).await?,
    };
    Ok(reason.map(|reason| format!("Nothing is sent: {}.", reason_in_words(&reason))))
}

/// Until when they paused it, if they did.
pub(super) fn paused(entry: &RosterEntry, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    entry.preferences.pause_until.filter(|until| now < *until)
}

/// A member's name, foreign text.
pub(super) fn called(member: &MemberRecord) -> &str {
    if member.name.is_empty() { "This person" } else { &member.name }
}
