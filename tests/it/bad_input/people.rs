//! Members and dates that cannot be.

use super::{PREVIEW, both_fail, database};
use crate::support::installation::Installation;
use chrono::TimeDelta;
use recap::clock::Clock;

#[tokio::test]
async fn somebody_whom_slack_does_not_know() {
    let installation = Installation::with(&database().await).await;
    // Slack does not find deactivated members by address.
    for email in ["nobody@example.com", "gone@example.com"] {
        for command in ["preview", "send"] {
            let told = installation.fails(&[command, "daily", "--member", email]).await;
            assert!(told.contains(&format!("nobody in the Slack workspace has the address `{email}`")), "{told}");
            assert!(told.contains("check the spelling; a deactivated member"), "{told}");
        }
    }
}

#[tokio::test]
async fn a_guest_or_somebody_deactivated_meanwhile() {
    let installation = Installation::with(&database().await).await;
    for command in ["preview", "send"] {
        let told = installation.fails(&[command, "daily", "--member", "guest@example.com"]).await;
        assert!(
            told.contains("`guest@example.com` is a guest") && told.contains("choose a full, active member"),
            "{told}"
        );
    }
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
