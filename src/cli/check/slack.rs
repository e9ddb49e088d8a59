//! What `recap check` finds out about Slack.

use super::{directory::Directory, line::Line, scopes, teams};
use crate::{
    cli::{Context, Failure, daily, state},
    model::WorkspaceId,
    planner::Rules,
    slack::Access,
};

/// The findings, and the directory where it could be read.
pub struct Look {
    pub lines: Vec<Line>,
    pub directory: Option<Directory>,
    /// Whose the token is, where what answers says so.
    pub workspace: Option<WorkspaceId>,
}

/// Tries the token, its scopes, the directory, and what teams need of Slack.
pub async fn look(context: &Context) -> Look {
    let mut lines = Vec::new();
    let skip = |mut lines: Vec<Line>, checks: &[&'static str], reason: &str| {
        lines.extend(checks.iter().map(|check| Line::skipped(check, reason)));
        lines.extend(teams::skipped(&context.settings, reason));
        Look { lines, directory: None, workspace: None }
    };
    let client = match daily::slack_client(&context.settings) {
        Ok(client) => client,
        Err(failure) => {
            lines.push(Line::failed("slack", &failure));
            return skip(lines, &["slack_scopes", "slack_directory"], "there is no usable bot token");
        }
    };
    let access = match client.access().await {
        Ok(access) => access,
        Err(error) => {
            let hint = error.hint();
            lines.push(Line::failed("slack", &Failure::of(error, hint)));
            return skip(lines, &["slack_scopes", "slack_directory"], "Slack does not accept a call");
        }
    };
    let team = access.identity.as_ref().map(|identity| identity.team_id.clone());
    lines.push(workspace(&access));
    // What is wrong with the store is told where it is looked into.
    let rules = state::teams(context).await.unwrap_or_else(|_| Rules::of_file(&context.settings));
    lines.push(scopes::look(&access, !rules.teams.is_empty()));
    let directory = match Directory::read(&client).await {
        Ok(directory) => {
            lines.push(members(&directory));
            lines.extend(zones(&directory, context));
            Some(directory)
        }
        Err(error) => {
            let hint = error.hint();
            lines.push(Line::failed("slack_directory", &Failure::of(error, hint)));
            None
        }
    };
    lines.extend(teams::look(&client, &context.settings, &rules, directory.as_ref()).await);
    Look { lines, directory, workspace: team }
}

fn workspace(access: &Access) -> Line {
    const CHECK: &str = "slack";
    let Some(identity) = &access.identity else {
        return Line::warning(
            CHECK,
            "what answers has no `auth.test`, so whose the token is stays unknown",
            "Slack has it; with a stand-in in Slack's place this is fine, else check `slack.api_url`",
        );
    };
    let team = &identity.team;
    match &identity.bot_id {
        Some(_) => Line::ok(CHECK, format!("the token is a bot's of the workspace `{team}`")),
        None => Line::warning(
            CHECK,
            format!("Slack names no bot for the token of the workspace `{team}`"),
            "make sure that it is the Bot User OAuth Token (`xoxb-…`) from the app's page \"OAuth & Permissions\"",
        ),
    }
}

/// Somebody without a zone that is known gets the workspace's.
fn zones(directory: &Directory, context: &Context) -> Option<Line> {
    let unknown = Some(directory.without_zone).filter(|unknown| *unknown > 0)?;
    let (who, get) =
        if unknown == 1 { ("1 member has".to_owned(), "gets") } else { (format!("{unknown} members have"), "get") };
    Some(Line::warning(
        "slack_zones",
        format!("{who} no time zone in Slack that is known, and {get} `{}`", context.settings.digest.default_zone),
        "set `digest.default_zone` to the zone that fits most of them",
    ))
}

fn members(directory: &Directory) -> Line {
    const CHECK: &str = "slack_directory";
    let members = match directory.members {
        1 => "1 active member".to_owned(),
        members => format!("{members} active members"),
    };
    match directory.members {
        0 => {
            Line::warning(CHECK, "the workspace has no active member", "check that the token is of the right workspace")
        }
        _ if !directory.has_addresses() => Line::error(
            CHECK,
            format!("{members}, none with an e-mail address, which joins them to the telemetry"),
            "grant the scope `users:read.email`, and let the workspace's settings show addresses to apps",
        ),
        _ => Line::ok(CHECK, members),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{model::WorkspaceId, slack::Identity};

    #[test]
    fn a_token_without_a_bot_is_no_error() {
        let identity = |bot_id: Option<&str>| Identity {
            team_id: WorkspaceId("T1".into()),
            enterprise_id: None,
            team: "Home".into(),
            user_id: "UBOT".into(),
            bot_id: bot_id.map(str::to_owned),
            url: None,
            scopes: None,
        };
        for (identity, status) in
            [(Some(identity(Some("B1"))), "ok"), (Some(identity(None)), "warning"), (None, "warning")]
        {
            let line = serde_json::to_value(workspace(&Access {
                identity,
                missing: Vec::new(),
                missing_for_teams: Vec::new(),
            }))
            .unwrap();
            assert_eq!(line["status"], status, "{line}");
        }
    }
}
