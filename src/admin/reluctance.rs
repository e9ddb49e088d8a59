//! Why somebody's digest does not come by its schedule, for who previews it.

use super::{configure::DAILY, member::is_agreed};
use crate::{
    config::Enrollment,
    planner::Rules,
    store::{Activity, ConsentKind, MemberStatus, RosterEntry},
};
use chrono::{DateTime, Utc};

/// As a sentence; nothing where it comes. Whoever looks at their own is spoken to.
pub(super) fn why_not(rules: &Rules, entry: &RosterEntry, own: bool) -> Option<String> {
    let member = &entry.member;
    let name = if member.name.is_empty() { "This person" } else { member.name.as_str() };
    let they =
        |own_words: &str, words: &str| Some(if own { format!("You {own_words}.") } else { format!("{name} {words}.") });
    if member.status != MemberStatus::Active {
        return they("are no full member of this workspace", "is no full member of this workspace, and gets no digest");
    }
    if member.email.is_none() {
        return they("have no address that Slack shows Recap", "has no address that Slack shows Recap");
    }
    if !is_agreed(&entry.consents, rules.enrollment) {
        let refused = entry.consents.digest.as_ref().is_some_and(|consent| consent.kind == ConsentKind::OptOut);
        return if refused || rules.enrollment == Enrollment::OptOut {
            they("have opted out", "has opted out")
        } else {
            they("have not opted in", "has not opted in")
        };
    }
    if rules.enabled_at.is_none() {
        return Some("Personal digests are not enabled for this workspace.".to_owned());
    }
    if entry.switched_off {
        let whose = if own { "your".to_owned() } else { format!("the one of {name}") };
        return Some(format!("Digests are enabled, but an admin switched off {whose}."));
    }
    if entry.consents.digest.is_none() && member.last_usage.is_none() {
        return they("have no usage yet", "has no usage yet");
    }
    let held = entry.subscription.as_ref().is_some_and(|known| known.report == DAILY && known.activity != Activity::On);
    if held { they("get none for now", "gets none for now: see why under Deliveries") } else { None }
}

/// Until when they paused it, if they did.
pub(super) fn paused(entry: &RosterEntry, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    entry.preferences.pause_until.filter(|until| now < *until)
}
