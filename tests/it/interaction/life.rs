//! What happens in the workspace: tokens, channels and people change, and Recap hears of it by signed events.

use super::{people, surface::Surface};
use crate::support::installation::TOKEN;
use recap::{
    model::{ChannelId, MemberId},
    standin::{Channel, Workspace},
    store::{Activity, MemberStatus, STOPPED},
};

const NOW: &str = "2025-01-16T12:00:00Z";
const SETTINGS: [(&str, &str); 5] = [
    ("TEAMS__CORE__MEMBERS", "ada@example.com,bob@example.com"),
    ("TEAMS__CORE__CHANNEL", "C0CORE"),
    ("TEAMS__CORE__ENABLED", "true"),
    ("TEAMS__CORE__OWNERS", "ada@example.com"),
    ("OPS__OWNERS", "bob@example.com,ada@example.com"),
];

async fn core() -> Surface {
    let slack = Workspace::new("T0TEST", TOKEN).people(people()).channel(Channel::new("C0CORE", "core"));
    Surface::of(NOW, slack, &SETTINGS).await
}

/// What was sent to `who` by itself, not as an answer.
async fn told(slack: &mut Surface, who: &str) -> Vec<String> {
    slack.settled().await;
    slack.app.deliver_until_idle().await;
    let messages = slack.app.slack.messages_to(who).into_iter();
    messages.filter(|message| message.metadata.is_some()).map(|message| message.text).collect()
}

#[tokio::test]
async fn owners_hear_once_why_a_channel_can_no_longer_have_its_summary() {
    type Change = fn(&Surface) -> futures::future::BoxFuture<'_, ()>;
    let changes: [(&str, Change); 4] = [
        ("was archived", |slack| Box::pin(async { drop(slack.app.slack.archives("C0CORE").await) })),
        ("is shared with another workspace", |slack| Box::pin(async { drop(slack.app.slack.shares("C0CORE").await) })),
        ("is gone", |slack| Box::pin(async { drop(slack.app.slack.deletes("C0CORE").await) })),
        ("Recap was removed", |slack| Box::pin(async { drop(slack.app.slack.removes_recap("C0CORE").await) })),
    ];
    for (words, change) in changes {
        let mut slack = core().await;
        change(&slack).await;
        slack.app.slack.replay_last().await;
        for who in ["U0ADA", "U0BOB"] {
            let told = told(&mut slack, who).await;
            assert_eq!(told.len(), 1, "{who}: {told:?}");
            assert!(told[0].contains(words) && told[0].contains("Team: core"), "{told:?}");
        }
    }
}

#[tokio::test]
async fn a_channel_that_is_renamed_is_known_by_its_new_name_and_nobody_is_bothered() {
    let mut slack = core().await;
    slack.app.slack.renames("C0CORE", "core-team").await;
    assert_eq!(told(&mut slack, "U0ADA").await, [] as [String; 0]);
    let known = slack.app.store.channel(&ChannelId("C0CORE".into())).await.unwrap().unwrap();
    assert_eq!(known.name, "core-team");
}

#[tokio::test]
async fn a_channel_of_no_team_is_not_looked_at() {
    let slack = core().await;
    slack.app.slack.change(|workspace| workspace.channels.push(Channel::new("C0ELSE", "else")));
    let before = slack.app.slack.calls("conversations.info");
    slack.app.slack.archives("C0ELSE").await;
    slack.settled().await;
    assert_eq!(slack.app.slack.calls("conversations.info"), before);
}

#[tokio::test]
async fn who_is_deactivated_gets_nothing_more_and_who_moves_is_followed() {
    let slack = core().await;
    slack.app.opts_in("ada").await;
    slack.app.opts_in("bob").await;
    slack.app.slack.changes_person("U0BOB", |bob| bob.tz = Some("Asia/Tokyo".into())).await;
    slack.app.slack.deactivates("U0ADA").await;
    slack.settled().await;

    let ada = slack.app.store.member(&MemberId("U0ADA".into())).await.unwrap().unwrap();
    assert_eq!(ada.status, MemberStatus::Deactivated);
    let subscription = slack.app.store.subscription("daily", "U0ADA").await.unwrap().unwrap();
    assert_eq!(subscription.activity, Activity::Off("deactivated".into()));
    let bob = slack.app.store.subscription("daily", "U0BOB").await.unwrap().unwrap();
    assert_eq!(bob.zone, chrono_tz::Asia::Tokyo);
}

#[tokio::test]
async fn an_event_that_is_older_than_what_is_known_undoes_nothing() {
    let slack = core().await;
    let active = slack.app.slack.changes_person("U0ADA", |ada| ada.real_name = "Ada King".into()).await;
    assert!(active.iter().all(recap::standin::Answered::is_ok));
    slack.settled().await;
    slack.app.slack.deactivates("U0ADA").await;
    slack.settled().await;
    // The same words as before she was deactivated, by an event of its own.
    let old = serde_json::json!({"type": "user_change", "user": {"id": "U0ADA", "team_id": "T0TEST", "deleted": false,
        "real_name": "Ada King", "tz": "UTC", "profile": {"email": "ada@example.com", "real_name": "Ada King"}}});
    slack.app.slack.event(old).await;
    slack.settled().await;

    let ada = slack.app.store.member(&MemberId("U0ADA".into())).await.unwrap().unwrap();
    assert_eq!(ada.status, MemberStatus::Deactivated);
}

#[tokio::test]
async fn a_status_text_asks_slack_nothing() {
    let slack = core().await;
    slack.app.slack.changes_person("U0BOB", |_| {}).await;
    slack.settled().await;
    assert_eq!(slack.app.slack.calls("users.info"), 0);
}

#[tokio::test]
async fn an_app_that_is_uninstalled_sends_nothing_until_it_works_again() {
    let slack = core().await;
    slack.app.slack.uninstalls().await;
    slack.settled().await;
    let stopped = slack.app.store.value(STOPPED).await.unwrap();
    assert!(stopped.is_some(), "{stopped:?}");
    let still = recap::delivery::revive(&slack.app.store, &slack.app.client, slack.app.clock.now()).await.unwrap();
    assert_eq!(still, stopped, "Slack still refuses the token");
}
