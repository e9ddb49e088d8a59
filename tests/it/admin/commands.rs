//! What the commands know of teams that are made in Slack.

use super::{CHANNEL, done, member, monday, people, team};
use crate::support::binary::recap;
use recap::admin::Change;

#[tokio::test]
async fn commands_know_a_team_that_is_made_in_slack() {
    let app = monday(&[]).await;
    let change = Change {
        members: Some(people(&["ada", "bob", "cid", "dan", "eve"])),
        channel: Some(CHANNEL.to_owned()),
        ..team("design")
    };
    done(&app.workspace(), &member(&app, "ada").await, &change).await.unwrap();
    let environment = app.environment().await;
    for (arguments, told) in [
        (&["preview", "weekly", "--team", "design", "--week", "2026-W37"][..], "5 of 5"),
        (&["send", "weekly", "--team", "design", "--dry-run"], "design"),
        (&["explain", "--team", "design"], "No summary was due so far."),
        (&["check"], "`design`: 5 of 5 members in Slack"),
        (&["simulate", "--alerts", "--team", "design", "--from", "2026-09-07", "--to", "2026-09-08"], ""),
    ] {
        let ran = recap(arguments, &environment).await;
        assert_eq!(ran.code, Some(0), "{arguments:?}: {ran:?}");
        assert!(ran.stdout.contains(told), "{arguments:?}: {ran:?}");
    }
    let ran = recap(&["preview", "weekly", "--team", "desing"], &environment).await;
    assert_eq!(
        (ran.code, ran.stderr.as_str()),
        (Some(1), "error: there is no team `desing`\nhint: did you mean `design`?\n")
    );
    let posted = recap(&["send", "weekly", "--team", "design"], &environment).await;
    assert_eq!(posted.code, Some(0), "{posted:?}");
    assert_eq!(app.slack.messages_in(CHANNEL).len(), 1);
}
