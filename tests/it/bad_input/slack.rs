//! Slack as it should not be, and templates.

use super::{PREVIEW, SEND, both_fail, database};
use crate::support::installation::Installation;
use recap::standin::{BOT_SCOPES, Fault, Times};

#[tokio::test]
async fn a_token_that_slack_refuses() {
    let installation = Installation::with(&database().await).await.set("SLACK__BOT_TOKEN", "xoxb-of-another-app");
    both_fail(&installation, "Slack refused the bot token: `invalid_auth`", "OAuth & Permissions").await;
}

#[tokio::test]
async fn without_a_token_nothing_is_sent_and_nobody_looked_up() {
    let installation = Installation::with(&database().await).await.set("SLACK__BOT_TOKEN", "");
    let told = installation.fails(&SEND).await;
    assert!(told.contains("`slack.bot_token` is not set") && told.contains("RECAP__SLACK__BOT_TOKEN"), "{told}");
    // Before there is an app in Slack a digest can be looked at all the same, in a zone that is named.
    let mut preview = PREVIEW.to_vec();
    preview.extend(["--zone", "Asia/Kathmandu"]);
    let ran = installation.run(&preview).await;
    assert_eq!(ran.code, Some(0), "{ran:?}");
    assert!(ran.stdout.contains("Asia/Kathmandu") && ran.stderr.contains("nobody was looked up"), "{ran:?}");
    assert_eq!(installation.slack.requests().len(), 0);
}

#[tokio::test]
async fn a_missing_scope_is_named() {
    let database = database().await;
    for (scope, both) in [("users:read.email", true), ("im:write", false), ("chat:write", false)] {
        let installation = Installation::with(&database).await;
        installation.slack.change(|workspace| {
            workspace.scopes =
                BOT_SCOPES.iter().filter(|known| **known != scope).map(|known| (*known).into()).collect();
        });
        let told = installation.fails(&SEND).await;
        assert!(told.contains("lacks the scope `") && told.contains(scope) && told.contains("reinstall"), "{told}");
        if both {
            installation.fails(&PREVIEW).await;
        }
    }
}

#[tokio::test]
async fn slack_that_answers_no_longer_or_not_as_slack() {
    let database = database().await;
    for (fault, sentence) in [
        (Fault::Reset, "Slack did not answer"),
        (Fault::ServerError(503), "Slack did not answer"),
        (Fault::RateLimited { seconds: 30 }, "Slack did not answer"),
        (Fault::NotJson, "was not answered as Slack answers"),
    ] {
        let installation = Installation::with(&database).await;
        installation.slack.fault("users.lookupByEmail", fault, Times::UNTIL_CLEARED);
        both_fail(&installation, sentence, "hint: ").await;
    }
}

#[tokio::test]
async fn a_template_with_a_typo() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("daily.json"), r#"{"text": "{{ sesions.total }}", "blocks": []}"#).unwrap();
    let folder = folder.path().to_str().unwrap();
    let installation = Installation::with(&database().await).await.set("MESSAGES__TEMPLATES_DIR", folder);
    both_fail(&installation, "daily.json", "`recap template check").await;
    both_fail(&installation, "`sesions", "hint: ").await;
}

#[tokio::test]
async fn a_template_that_does_not_parse_is_found_before_anything_is_asked() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("daily.json"), r#"{"text": "{{ sessions.total ", "blocks": []}"#).unwrap();
    let folder = folder.path().to_str().unwrap();
    let installation = Installation::with(&database().await).await.set("MESSAGES__TEMPLATES_DIR", folder);
    both_fail(&installation, "daily.json#/text", "`recap template check").await;
    assert_eq!(installation.slack.requests().len(), 0);
}
