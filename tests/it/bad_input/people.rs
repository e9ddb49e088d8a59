//! Members and dates that cannot be.

use super::{PREVIEW, SEND, both_fail, database};
use crate::support::installation::Installation;
use chrono::TimeDelta;
use recap::{
    clock::Clock,
    standin::{Fault, Times},
};

#[tokio::test]
async fn somebody_whom_slack_does_not_know() {
    let installation = Installation::with(&database().await).await;
    // Slack mostly does not find deactivated members by address.
    for email in ["nobody@example.com", "gone@example.com"] {
        for command in ["preview", "send"] {
            let told = installation.fails(&[command, "daily", "--member", email]).await;
            assert!(told.contains(&format!("nobody in the Slack workspace has the address `{email}`")), "{told}");
            assert!(told.contains("check the spelling; a deactivated member"), "{told}");
        }
    }
}

#[tokio::test]
async fn a_guest_is_sent_nothing_but_can_be_previewed() {
    let installation = Installation::with(&database().await).await;
    let told = installation.fails(&["send", "daily", "--member", "guest@example.com"]).await;
    assert!(told.contains("`guest@example.com` is a guest, so nothing was sent"), "{told}");
    assert!(told.contains("choose a full, active member"), "{told}");

    let preview = installation.run(&["preview", "daily", "--member", "guest@example.com"]).await;

    assert_eq!((preview.code, preview.stderr.as_str()), (Some(0), ""), "{preview:?}");
    assert!(!preview.stdout.trim().is_empty() && installation.slack.messages().is_empty(), "{preview:?}");
}

#[tokio::test]
async fn what_is_previewed_is_what_is_sent_by_hand_in_the_morning_and_in_the_evening() {
    let database = database().await;
    for time in ["09:00", "18:00"] {
        let installation = Installation::with(&database).await.set("DIGEST__DEFAULT_TIME", time);
        let preview = installation.run(&PREVIEW).await;
        let sent = installation.run(&[&SEND[..], &["--dry-run"]].concat()).await;
        assert_eq!((preview.code, sent.code), (Some(0), Some(0)), "{preview:?} {sent:?}");
        assert_eq!(preview.stdout.trim(), sent.stdout.trim(), "{time}");
    }
}

#[tokio::test]
async fn somebody_deactivated_whom_slack_still_finds() {
    let installation = Installation::with(&database().await).await;
    installation.slack.change(|workspace| workspace.finds_deactivated = true);
    for (command, consequence, hint) in [
        ("send", "so nothing was sent", "choose a full, active member"),
        ("preview", "so there is no digest to preview", "choose somebody who is still in the workspace"),
    ] {
        let told = installation.fails(&[command, "daily", "--member", "gone@example.com"]).await;
        assert!(told.contains(&format!("`gone@example.com` is deactivated in Slack, {consequence}")), "{told}");
        assert!(told.contains(hint), "{told}");
    }
}

#[tokio::test]
async fn somebody_deactivated_between_the_look_up_and_the_message() {
    let database = database().await;
    for method in ["conversations.open", "chat.postMessage"] {
        for code in ["user_disabled", "account_inactive"] {
            let installation = Installation::with(&database).await;
            installation.slack.fault(method, Fault::error(code), Times::UNTIL_CLEARED);
            let told = installation.fails(&SEND).await;
            assert!(told.contains(&format!("`{code}`")), "{method}: {told}");
            assert_eq!(installation.slack.calls(method), 1, "{told}");
        }
    }
}

#[tokio::test]
async fn a_member_is_found_where_slacks_stand_in_only_lists() {
    let installation = Installation::with(&database().await).await;
    for method in ["auth.test", "users.lookupByEmail"] {
        installation.slack.fault(method, Fault::error("unknown_method"), Times::UNTIL_CLEARED);
    }
    let told = installation.fails(&["send", "daily", "--member", "gone@example.com"]).await;
    assert!(told.contains("`gone@example.com` is deactivated in Slack"), "{told}");

    let sent = installation.run(&SEND).await;

    assert_eq!((sent.code, installation.slack.messages_to("ada@example.com").len()), (Some(0), 1), "{sent:?}");
}

#[tokio::test]
async fn a_date_in_the_future() {
    let installation = Installation::with(&database().await).await;
    let later = (Clock::system().now() + TimeDelta::days(3)).date_naive().to_string();
    let told = installation.fails(&[&PREVIEW[..], &["--date", &later]].concat()).await;
    assert!(
        told.contains(&format!("`--date {later}` is in the future")) && told.contains("leave `--date` out"),
        "{told}"
    );
}

#[tokio::test]
async fn a_date_before_there_was_telemetry() {
    let installation = Installation::with(&database().await).await;
    for date in ["0001-01-01", "1970-12-31"] {
        let told = installation.fails(&[&PREVIEW[..], &["--date", date]].concat()).await;
        assert!(told.contains(&format!("`--date {date}` is before 1971")) && told.contains("name a day"), "{told}");
    }
    let ran = installation.run(&[&PREVIEW[..], &["--date", "1971-01-01"]].concat()).await;
    assert_eq!((ran.code, ran.stderr.as_str()), (Some(0), ""), "{ran:?}");
}

#[tokio::test]
async fn addresses_and_dates_that_are_none_are_wrong_usage() {
    let installation = Installation::with("default").await;
    for arguments in [
        vec!["send", "daily", "--member", "ada"],
        vec!["preview", "daily", "--member", "ada@"],
        vec!["preview", "daily"],
        [&PREVIEW[..], &["--date", "2025-02-30"]].concat(),
        [&PREVIEW[..], &["--date", "yesterday"]].concat(),
        [&PREVIEW[..], &["--zone", "Mars/Olympus"]].concat(),
    ] {
        let ran = installation.run(&arguments).await;
        assert_eq!((ran.code, ran.stdout.as_str()), (Some(2), ""), "{arguments:?}: {ran:?}");
        assert!(ran.stderr.starts_with("error: "), "{arguments:?}: {ran:?}");
    }
    assert_eq!(installation.slack.requests().len(), 0);
}

#[tokio::test]
async fn settings_with_faults() {
    let installation = Installation::with("default").await.set("CLICKHOUSE__MAX_EXECUTION_SECONDS", "soon");
    both_fail(&installation, "`clickhouse.max_execution_seconds`", "`recap default-config`").await;
}
