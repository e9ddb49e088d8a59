//! Whether the token has the scopes of the app manifest: which are missing, what does not work without them, and which
//! are too many.

use super::line::Line;
use crate::slack::{Access, EVERY_SCOPE, NEEDED_SCOPES};
use std::collections::BTreeSet;

const CHECK: &str = "slack_scopes";
const ADD: &str = "add them under Bot Token Scopes on the app's page \"OAuth & Permissions\" (`recap manifest` prints all), \
                   reinstall the app to the workspace, and use the token shown there";
const REMOVE: &str =
    "remove them under Bot Token Scopes on the app's page \"OAuth & Permissions\", and reinstall the app";

/// What does not work without a scope.
const WITHOUT: [(&str, &str); 10] = [
    ("chat:write", "nothing can be sent"),
    ("commands", "the slash command does not answer"),
    ("im:write", "no digest can be sent"),
    ("im:history", "a message whose answer was lost cannot be found again"),
    ("users:read", "nobody is known, nor their time zone"),
    ("users:read.email", "nobody is joined to their usage"),
    ("usergroups:read", "teams by user group stay empty"),
    ("team:read", "the workspace's name is not known"),
    ("channels:read", "no public channel can be looked at"),
    ("groups:read", "no private channel can be looked at"),
];

/// What an installation may choose to grant: posting where Recap was not invited, and finding a summary in a channel again.
const BY_CHOICE: [&str; 3] = ["chat:write.public", "channels:history", "groups:history"];

/// Compares what is granted with the manifest.
pub fn look(access: &Access, has_teams: bool) -> Line {
    let Some(granted) = access.identity.as_ref().and_then(|identity| identity.scopes.as_ref()) else {
        let needed: Vec<_> = NEEDED_SCOPES.iter().map(|scope| format!("`{scope}`")).collect();
        let hint = format!("make sure on the app's page \"OAuth & Permissions\" that it has {}", needed.join(", "));
        return Line::warning(CHECK, "Slack did not list the scopes of the token", hint);
    };
    let for_teams = if has_teams { &access.missing_for_teams[..] } else { &[] };
    let missing = [&access.missing[..], for_teams].concat();
    if !missing.is_empty() {
        return Line::error(CHECK, format!("the token lacks {}", told(&missing)), ADD);
    }
    let missing: Vec<_> = EVERY_SCOPE.into_iter().filter(|scope| !granted.contains(*scope)).collect();
    let unused = unused(granted);
    match (missing.is_empty(), unused.is_empty()) {
        (true, true) => Line::ok(CHECK, format!("all {} of the manifest are granted", EVERY_SCOPE.len())),
        (false, true) => Line::warning(CHECK, format!("the token lacks {}", told(&missing)), ADD),
        (true, false) => Line::warning(CHECK, format!("Recap does not use {}", unused.join(", ")), REMOVE),
        (false, false) => {
            let message = format!("the token lacks {}; Recap does not use {}", told(&missing), unused.join(", "));
            Line::warning(
                CHECK,
                message,
                "let the app's scopes be those that `recap manifest` prints, and reinstall it",
            )
        }
    }
}

/// Scopes, each with what does not work without it.
fn told(missing: &[&str]) -> String {
    let without = |scope: &&str| WITHOUT.iter().find(|(known, _)| known == scope).map_or("", |(_, without)| without);
    let one = |scope: &&str| format!("`{scope}` ({})", without(scope));
    missing.iter().map(one).collect::<Vec<_>>().join(", ")
}

fn unused(granted: &BTreeSet<String>) -> Vec<String> {
    let used = |scope: &&String| EVERY_SCOPE.contains(&scope.as_str()) || BY_CHOICE.contains(&scope.as_str());
    granted.iter().filter(|scope| !used(scope)).map(|scope| format!("`{scope}`")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        model::WorkspaceId,
        slack::{Identity, TEAM_SCOPES},
    };

    fn line(without: &[&str], with: &[&str], has_teams: bool) -> (String, String) {
        let granted = EVERY_SCOPE.iter().filter(|scope| !without.contains(scope)).chain(with);
        let granted: BTreeSet<_> = granted.map(|scope| (*scope).to_owned()).collect();
        let missing =
            |needed: &[&'static str]| needed.iter().copied().filter(|scope| !granted.contains(*scope)).collect();
        let access = Access {
            missing: missing(&NEEDED_SCOPES),
            missing_for_teams: missing(&TEAM_SCOPES),
            identity: Some(Identity {
                team_id: WorkspaceId("T1".into()),
                enterprise_id: None,
                team: "Home".into(),
                user_id: "UBOT".into(),
                bot_id: Some("B1".into()),
                url: None,
                scopes: Some(granted),
            }),
        };
        let line = serde_json::to_value(look(&access, has_teams)).unwrap();
        (line["status"].as_str().unwrap().to_owned(), line["message"].as_str().unwrap().to_owned())
    }

    #[test]
    fn granted_scopes_are_compared_with_the_manifest() {
        let status = |status: &str, message: &str| (status.to_owned(), message.to_owned());
        assert_eq!(line(&[], &[], true), status("ok", "all 10 of the manifest are granted"));
        assert_eq!(line(&[], &BY_CHOICE, true).0, "ok");
        let lost = "the token lacks `im:history` (a message whose answer was lost cannot be found again)";
        assert_eq!(line(&["im:history"], &[], false), status("error", lost));
        let commands = "the token lacks `commands` (the slash command does not answer)";
        assert_eq!(line(&["commands"], &[], false), status("warning", commands));
        let groups = "the token lacks `groups:read` (no private channel can be looked at)";
        assert_eq!(line(&["groups:read"], &[], false), status("warning", groups));
        assert_eq!(line(&["groups:read"], &[], true), status("error", groups));
        assert_eq!(line(&[], &["files:read"], true), status("warning", "Recap does not use `files:read`"));
        let both = format!("{commands}; Recap does not use `admin`, `files:read`");
        assert_eq!(line(&["commands"], &["files:read", "admin"], true), status("warning", &both));
    }

    #[test]
    fn of_every_scope_it_is_said_what_does_not_work_without() {
        assert!(EVERY_SCOPE.iter().all(|scope| WITHOUT.iter().any(|(known, _)| known == scope)));
    }
}
