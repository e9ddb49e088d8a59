//! What became of a delivery, in words: the one table that `recap explain`, run reports and notices share.

use crate::model::REFUSED;
use std::borrow::Cow;

/// No more of a code is shown.
const LONGEST_CODE: usize = 40;
/// How it marks that a conversation could not be read, and with which code.
const UNREADABLE: &str = "unreadable_";

const STATES: [(&str, &str); 9] = [
    ("planned", "waiting to be computed"),
    ("rendered", "waiting to be sent"),
    ("sending", "being sent"),
    ("retry", "waiting to be sent again"),
    ("unknown", "unknown whether it arrived"),
    ("sent", "sent"),
    ("failed", "failed"),
    ("skipped", "skipped"),
    ("missed", "missed"),
];

const REASONS: [(&str, &str); 45] = [
    ("opted_out", "opted out"),
    ("switched_off_by_admin", "an admin switched it off"),
    ("not_opted_in", "has not opted in"),
    ("not_subscribed", "no longer subscribed"),
    ("no_address", "no e-mail address in Slack"),
    ("same_address", "another account has the same address"),
    ("paused", "paused"),
    ("holiday", "a day off"),
    ("no_activity", "no sessions in the period"),
    ("no_identity", "no usage under the address in 30 days"),
    ("zone_moved", "passed over after a move to another time zone"),
    ("schedule_changed", "passed over after a change of the schedule"),
    ("deactivated", "deactivated in Slack"),
    ("gone", "no longer in the Slack directory"),
    ("guest", "a guest in Slack"),
    ("bot", "a bot"),
    ("other_workspace", "a member of another workspace"),
    ("no_email", "no e-mail address in Slack"),
    ("not_enabled", "not enabled"),
    ("too_late", "too late to be sent"),
    ("not_running", "Recap was not running"),
    ("halted", "sending was halted"),
    ("stopped", "Slack refuses Recap's token"),
    ("warehouse_unavailable", "ClickHouse could not be asked"),
    ("slack_unavailable", "Slack could not be reached"),
    ("not_sent", "Slack could not be reached"),
    ("unreachable", "Slack could not be reached"),
    ("unreadable", "what answered does not speak as Slack does"),
    ("stood_still", "this machine stood still just before sending"),
    ("no_answer", "no clear answer from Slack"),
    ("not_arrived", "it was looked for and had not arrived"),
    ("not_found_yet", "not found in the conversation so far"),
    ("template_failed", "the message template could not be filled in"),
    ("over_limit", "the message was larger than Slack allows"),
    ("team_removed", "the team is no longer in the settings"),
    ("no_channel", "the team has no channel"),
    ("channel_changed", "the team has another channel by now"),
    ("no_members", "nobody was on the team"),
    ("usergroup_gone", "the team's user group is gone from Slack"),
    ("usergroup_unread", "the team's user group could not be read"),
    ("channel_shared", "the channel is shared with another workspace"),
    ("channel_unseen", "Slack did not say whether another workspace shares the channel"),
    ("telemetry_late", "nobody's telemetry had arrived"),
    ("resolved", "settled by hand"),
    ("unknown", "no clear answer from Slack"),
];

const CODES: [(&str, &str); 36] = [
    ("channel_not_found", "the conversation does not exist, or the app cannot see it"),
    ("not_in_channel", "the app is not in the channel"),
    ("no_permission", "the app may not write in the conversation"),
    ("is_archived", "the channel is archived"),
    ("is_inactive", "the channel is archived or frozen"),
    ("message_not_found", "the message was deleted in Slack"),
    ("cant_update_message", "the message cannot be changed"),
    ("edit_window_closed", "the message can no longer be changed"),
    ("no_such_subteam", "the user group does not exist, or is switched off"),
    ("subteam_not_found", "the user group does not exist, or is switched off"),
    ("account_inactive", "deactivated in Slack"),
    ("user_disabled", "deactivated in Slack"),
    ("user_not_found", "not in the Slack workspace"),
    ("users_not_found", "not in the Slack workspace"),
    ("user_not_visible", "not visible to the app"),
    ("cannot_dm_bot", "a bot, which takes no messages"),
    ("messages_tab_disabled", "the app's Messages tab is switched off"),
    ("ekm_access_denied", "the organisation's key management forbids posting"),
    ("missing_scope", "Recap's token lacks a scope"),
    ("invalid_auth", "Slack no longer accepts Recap's token"),
    ("not_authed", "Slack no longer accepts Recap's token"),
    ("token_revoked", "Slack no longer accepts Recap's token"),
    ("app_uninstalled", "Recap was uninstalled from the workspace"),
    ("token_expired", "Slack no longer accepts Recap's token"),
    ("org_login_required", "the Slack organisation does not let the app in"),
    ("team_access_not_granted", "the Slack organisation does not let the app in"),
    ("access_denied", "the workspace did not approve the app"),
    ("app_access_denied", "the workspace did not approve the app"),
    ("msg_too_long", "Slack refused the form of the message"),
    ("msg_blocks_too_long", "Slack refused the form of the message"),
    ("no_text", "Slack refused the form of the message"),
    ("ratelimited", "Slack asked to slow down"),
    ("rate_limited", "Slack asked to slow down"),
    ("internal_error", "an error inside of Slack"),
    ("fatal_error", "an error inside of Slack"),
    ("service_unavailable", "Slack could not be reached"),
];

/// What became of a delivery that is in `state`, for `reason`, as a clause: `skipped: no sessions in the period`.
pub fn explain(state: &str, reason: Option<&str>) -> String {
    let state = state_in_words(state);
    match reason {
        None => state.into_owned(),
        Some(reason) => format!("{state}: {}", reason_in_words(reason)),
    }
}

/// A state of the ledger in words.
pub(super) fn state_in_words(state: &str) -> Cow<'static, str> {
    known(&STATES, state).map_or_else(|| code(state).into(), Cow::Borrowed)
}

/// A reason of the ledger, or one of Slack's codes, in words; the code itself goes along where somebody may look it up.
pub fn reason_in_words(reason: &str) -> Cow<'static, str> {
    if let Some(words) = known(&REASONS, reason) {
        return words.into();
    }
    if let Some(code) = reason.strip_prefix(UNREADABLE) {
        return format!("the conversation cannot be read: {}", reason_in_words(code)).into();
    }
    let of_slack = reason.strip_prefix(REFUSED);
    let bare = of_slack.unwrap_or(reason);
    match known(&CODES, bare).or_else(|| of_a_family(bare)) {
        Some(words) => format!("{words} (`{}`)", code(bare)).into(),
        None if of_slack.is_some() => format!("Slack answered `{}`", code(bare)).into(),
        None => format!("`{}`", code(bare)).into(),
    }
}

/// Codes that differ in their ends.
fn of_a_family(code: &str) -> Option<&'static str> {
    if code.starts_with("restricted_action") {
        Some("the workspace does not let the app post there")
    } else if code.starts_with("invalid_blocks") || code.starts_with("invalid_metadata") {
        Some("Slack refused the form of the message")
    } else {
        None
    }
}

fn known(table: &[(&'static str, &'static str)], name: &str) -> Option<&'static str> {
    table.iter().find(|(known, _)| *known == name).map(|(_, words)| *words)
}

/// A foreign code as letters that no message reads as anything else.
pub(super) fn code(text: &str) -> String {
    let letters = text.chars().filter(|letter| letter.is_ascii_alphanumeric() || "_-".contains(*letter));
    let code: String = letters.take(LONGEST_CODE).collect();
    if code.is_empty() { "?".to_owned() } else { code }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn states_and_reasons_are_told_in_words() {
        for (state, reason, told) in [
            ("sent", None, "sent"),
            ("sent", Some("resolved"), "sent: settled by hand"),
            ("skipped", Some("no_activity"), "skipped: no sessions in the period"),
            ("missed", Some("not_running"), "missed: Recap was not running"),
            ("failed", Some("is_archived"), "failed: the channel is archived (`is_archived`)"),
            ("failed", Some("slack_is_archived"), "failed: the channel is archived (`is_archived`)"),
            (
                "failed",
                Some("restricted_action_thread_locked"),
                "failed: the workspace does not let the app post there (`restricted_action_thread_locked`)",
            ),
            ("failed", Some("slack_of_tomorrow"), "failed: Slack answered `of_tomorrow`"),
            ("unknown", Some("unknown"), "unknown whether it arrived: no clear answer from Slack"),
            ("retry", Some("http_503"), "waiting to be sent again: `http_503`"),
            ("planned", None, "waiting to be computed"),
            ("<!channel>", Some("<@U1> `x`"), "channel: `U1x`"),
        ] {
            assert_eq!(explain(state, reason), told);
        }
        assert_eq!(code(&"x".repeat(1_000)).len(), LONGEST_CODE);
    }

    #[test]
    fn every_word_of_the_ledger_is_there_once() {
        for table in [&STATES[..], &REASONS, &CODES] {
            let mut names: Vec<_> = table.iter().map(|(name, _)| name).collect();
            names.sort_unstable();
            names.dedup();
            assert_eq!(names.len(), table.len());
            assert!(table.iter().all(|(_, words)| !words.contains(['!', '_', '.'])));
        }
    }
}
