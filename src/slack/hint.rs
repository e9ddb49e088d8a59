//! What a person can do about an answer of Slack's.

use std::time::Duration;

/// For what answers but is not Slack.
pub(super) const UNREADABLE: &str =
    "check `slack.api_url` (usually `https://slack.com/api`) and whether a proxy answers in Slack's place";

const TOKEN: &str = "copy the Bot User OAuth Token from the app's page \"OAuth & Permissions\" at \
                     https://api.slack.com/apps and set it as `slack.bot_token` or `RECAP__SLACK__BOT_TOKEN`";

/// What a refusal that concerns everybody says.
pub(super) fn workspace(code: &str, needed: Option<&str>) -> String {
    match (code, needed) {
        ("missing_scope", Some(scope)) => format!("the bot token lacks the scope `{scope}` (`missing_scope`)"),
        ("missing_scope", None) => "the bot token lacks a scope (`missing_scope`)".to_owned(),
        _ => format!("Slack refused the bot token: `{code}`"),
    }
}

/// For a refusal that concerns everybody.
pub(super) fn for_workspace(code: &str, needed: Option<&str>) -> String {
    match code {
        "missing_scope" => {
            let scope = needed.map_or_else(|| "the missing scope".to_owned(), |scope| format!("`{scope}`"));
            format!(
                "add {scope} under Bot Token Scopes on the app's page \"OAuth & Permissions\", reinstall the app to \
                 the workspace, and use the token shown there; `recap check` lists the scopes that are missing"
            )
        }
        "not_allowed_token_type" => format!("the token must be a bot token: {TOKEN}"),
        "org_login_required" | "team_added_to_org" | "two_factor_setup_required" | "enterprise_is_restricted" => {
            "ask an admin of the Slack organisation to allow the app in this workspace".to_owned()
        }
        "access_denied" | "app_access_denied" | "team_access_not_granted" | "accesslimited" => {
            "ask an admin of the workspace to approve the app".to_owned()
        }
        "method_deprecated" | "deprecated_endpoint" => "update Recap: Slack has retired what it called".to_owned(),
        _ => TOKEN.to_owned(),
    }
}

/// For a refusal that concerns one member, channel or message.
pub(super) fn for_code(code: &str) -> String {
    let hint = match code {
        "users_not_found" | "user_not_found" | "user_not_visible" => {
            "check the spelling; a deactivated member is not found by address either"
        }
        "unknown_method" => UNREADABLE,
        "user_disabled" | "account_inactive" => "the member is deactivated in Slack, so nothing can be delivered",
        "channel_not_found" => "the conversation does not exist or the app cannot see it; invite Recap with `/invite`",
        "not_in_channel" | "no_permission" => "invite Recap to the channel with `/invite`",
        "is_archived" => "unarchive the channel or choose another one",
        "message_not_found" => "the message was deleted in Slack",
        "cant_update_message" | "edit_window_closed" | "is_inactive" => "the message can no longer be changed in Slack",
        "no_such_subteam" | "subteam_not_found" => "choose a user group that exists, or enable it again in Slack",
        "messages_tab_disabled" => "allow the Messages tab on the app's page \"App Home\"",
        "cannot_dm_bot" => "choose a person: bots receive no messages",
        "ekm_access_denied" => "ask an admin of the Slack organisation: its key management forbids posting",
        code if code.starts_with("restricted_action") => "ask an admin of the workspace who may post there",
        _ => "look the code up at https://docs.slack.dev/reference/methods",
    };
    hint.to_owned()
}

/// For what may succeed later.
pub(super) fn later(retry_after: Option<Duration>) -> String {
    match retry_after {
        Some(wait) => format!("try again in {} s", wait.as_secs().max(1)),
        None => "check the network and `slack.api_url`, look at https://slack-status.com, and try again".to_owned(),
    }
}
