//! What a preview showed of what is enabled by it: another team, channel or content is not what was seen.

use crate::{
    config::Membership,
    model::ChannelId,
    planner::{Rules, TeamWeekly},
    workspace::Workspace,
};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

/// Of a team's summary, by the names of its sections.
pub(super) fn summary(membership: &Membership, channel: Option<&ChannelId>, sections: Vec<&str>) -> String {
    let people = match membership {
        Membership::Members(members) => {
            let mut members: Vec<_> = members.iter().map(ToString::to_string).collect();
            members.sort_unstable();
            json!({"members": members})
        }
        Membership::Usergroup(group) => json!({"usergroup": group}),
        Membership::Attribute { key, value } => json!({"key": key, "value": value}),
    };
    fingerprint(&json!([people, channel.map(|channel| &channel.0), sorted(sections)]))
}

/// The same of a team as it stands.
pub(super) fn team(weekly: &TeamWeekly) -> String {
    summary(&weekly.membership, weekly.channel.as_ref(), names(weekly))
}

pub(super) fn names(weekly: &TeamWeekly) -> Vec<&str> {
    weekly.sections.iter().map(|section| section.name()).collect()
}

/// Of personal digests, with these sections or those that stand.
pub(super) fn digests(workspace: &Workspace, rules: &Rules, wanted: Option<&[String]>) -> String {
    let sections = match wanted.or(rules.sections.as_deref()) {
        Some(sections) => sections.iter().map(String::as_str).collect(),
        None => workspace.settings.digest.listed.iter().map(|section| section.name()).collect(),
    };
    fingerprint(&json!(sorted(sections)))
}

fn sorted(mut sections: Vec<&str>) -> Vec<&str> {
    sections.sort_unstable();
    sections
}

/// No address can be read in it.
fn fingerprint(shown: &Value) -> String {
    let digest: [u8; 32] = Sha256::digest(shown.to_string()).into();
    digest.iter().fold(String::new(), |text, byte| text + &format!("{byte:02x}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::MemberEmail;

    #[test]
    fn another_team_channel_or_content_is_not_what_was_seen() {
        let email = |name: &str| MemberEmail::parse(&format!("{name}@example.com")).unwrap();
        let list = |names: &[&str]| Membership::Members(names.iter().map(|name| email(name)).collect());
        let (one, other) = (ChannelId("C1".to_owned()), ChannelId("C2".to_owned()));
        let seen = summary(&list(&["ada", "bob"]), Some(&one), vec!["mvp", "sessions"]);
        assert_eq!(seen, summary(&list(&["bob", "ada"]), Some(&one), vec!["sessions", "mvp"]), "no order is meant");
        assert!(seen.len() == 64 && seen.bytes().all(|byte| byte.is_ascii_hexdigit()), "{seen}");
        for another in [
            summary(&list(&["ada"]), Some(&one), vec!["mvp", "sessions"]),
            summary(&Membership::Usergroup("S1".to_owned()), Some(&one), vec!["mvp", "sessions"]),
            summary(&list(&["ada", "bob"]), Some(&other), vec!["mvp", "sessions"]),
            summary(&list(&["ada", "bob"]), None, vec!["mvp", "sessions"]),
            summary(&list(&["ada", "bob"]), Some(&one), vec!["mvp"]),
        ] {
            assert_ne!(another, seen);
        }
    }
}
