//! The client in conversation with the stand-in, which keeps what it accepted.

use super::{TOKEN, client_within};
use recap::{
    message::Message,
    model::MemberEmail,
    slack::{Client, PostError, SendError, Sent, SlackError, Status, send_to_member},
    standin::{Fault, Person, RateLimits, Standin, Times, Workspace},
};
use serde_json::json;
use std::time::Duration;

const POST: &str = "chat.postMessage";

/// Ada, a guest and somebody who left.
async fn workspace() -> (Standin, Client) {
    let guest = Person { is_restricted: true, ..Person::new("U2", "Gus Guest").email("gus@example.com") };
    let people = [
        Person::new("U1", "Ada Lovelace").email("ada@example.com").tz("Asia/Kathmandu"),
        guest,
        Person::new("U3", "Lea Left").email("lea@example.com").deactivated(),
    ];
    let slack = Standin::start(Workspace::new("T1", TOKEN).people(people)).await.unwrap();
    let client = client_within(&slack.api_url(), Duration::from_secs(20));
    (slack, client)
}

async fn send_to(client: &Client, address: &str) -> Result<Sent, SendError> {
    let section = |text: &str| json!({ "type": "section", "text": { "type": "plain_text", "text": text } });
    let message = Message { text: "12 sessions.".to_owned(), blocks: vec![section("12 sessions")] };
    let fallback = Message { text: "12 sessions, plainly.".to_owned(), blocks: vec![section("plain")] };
    send_to_member(client, &MemberEmail::parse(address).unwrap(), &message, Some(&fallback)).await
}

#[tokio::test]
async fn ada_gets_one_message_that_carries_its_delivery_id() {
    let (slack, client) = workspace().await;

    let sent = send_to(&client, " Ada@Example.com ").await.unwrap();

    let messages = slack.messages_to("ada@example.com");
    assert_eq!((messages.len(), messages[0].text.as_str()), (1, "12 sessions."));
    assert_eq!((&messages[0].channel, &messages[0].ts), (&sent.posted.channel.0, &sent.posted.ts));
    assert_eq!(messages[0].metadata.as_ref().unwrap()["event_payload"]["delivery_id"], sent.delivery_id);
}

#[tokio::test]
async fn a_lost_reply_is_unknown_and_the_message_is_there_once() {
    for fault in [
        Fault::LoseReply,
        Fault::ServerErrorAfterAccepting(502),
        Fault::NotJsonAfterAccepting,
        Fault::ErrorAfterAccepting("internal_error".to_owned()),
    ] {
        let (slack, client) = workspace().await;
        slack.fault(POST, fault, Times(1));

        let error = send_to(&client, "ada@example.com").await.unwrap_err();

        assert!(matches!(error, SendError::Post(PostError::Unknown { .. })), "{error:?}");
        assert_eq!((slack.messages_to("ada@example.com").len(), slack.calls(POST)), (1, 1));
    }
}

#[tokio::test]
async fn a_reset_before_accepting_looks_the_same_and_is_not_repeated_either() {
    let (slack, client) = workspace().await;
    slack.fault(POST, Fault::Reset, Times(1));

    let error = send_to(&client, "ada@example.com").await.unwrap_err();

    assert!(matches!(error, SendError::Post(PostError::Unknown { .. })), "{error:?}");
    assert!(slack.messages().is_empty() && slack.calls(POST) == 1);
}

#[tokio::test]
async fn a_refused_chart_is_sent_as_plain_sections_once() {
    let (slack, client) = workspace().await;
    slack.fault(POST, Fault::error("invalid_blocks"), Times(1));

    let sent = send_to(&client, "ada@example.com").await.unwrap();

    assert!(sent.degraded);
    let texts: Vec<_> = slack.messages_to("ada@example.com").into_iter().map(|message| message.text).collect();
    assert_eq!(texts, ["12 sessions, plainly."]);
}

#[tokio::test]
async fn the_limit_of_a_channel_is_not_sent_with_the_time_to_come_back() {
    let (slack, client) = workspace().await;
    slack.limit_rates(RateLimits::SLACK);
    slack.set_clock(recap::clock::Clock::fixed("2026-09-14T07:00:00Z".parse().unwrap()));
    send_to(&client, "ada@example.com").await.unwrap();

    let error = send_to(&client, "ada@example.com").await.unwrap_err();

    assert!(matches!(error, SendError::Post(PostError::NotSent { retry_after: Some(_), .. })), "{error:?}");
    assert_eq!(slack.messages().len(), 1);
}

#[tokio::test]
async fn guests_strangers_and_people_who_left_get_nothing() {
    let (slack, client) = workspace().await;

    let guest = send_to(&client, "gus@example.com").await.unwrap_err();
    let left = send_to(&client, "lea@example.com").await.unwrap_err();
    let nobody = send_to(&client, "nobody@example.com").await.unwrap_err();

    assert!(matches!(guest, SendError::NotAddressable { status: Status::Guest, .. }), "{guest:?}");
    assert!(matches!(left, SendError::NoSuchMember { .. }) && matches!(nobody, SendError::NoSuchMember { .. }));
    assert!(left.hint().contains("deactivated"), "{}", left.hint());
    assert_eq!((slack.calls("conversations.open"), slack.calls(POST)), (0, 0));
}

#[tokio::test]
async fn a_token_or_scope_that_is_gone_stops_before_anything_is_sent() {
    let (slack, client) = workspace().await;
    slack.change(|workspace| {
        workspace.scopes.remove("users:read.email");
    });

    let error = send_to(&client, "ada@example.com").await.unwrap_err();

    assert_eq!(error.to_string(), "the bot token lacks the scope `users:read.email` (`missing_scope`)");
    assert_eq!(client.access().await.unwrap().missing, ["users:read.email"]);
    slack.change(|workspace| workspace.token = "xoxb-another".into());
    let error = send_to(&client, "ada@example.com").await.unwrap_err();
    assert!(
        matches!(&error, SendError::Slack(SlackError::Workspace { code, .. }) if code == "invalid_auth"),
        "{error:?}"
    );
    assert_eq!(slack.calls(POST), 0);
}

#[tokio::test]
async fn a_directory_of_five_hundred_is_three_pages() {
    let people =
        (0..500).map(|n| Person::new(format!("U{n:04}"), format!("Person {n}")).email(format!("p{n}@example.com")));
    let slack = Standin::start(Workspace::new("T1", TOKEN).people(people)).await.unwrap();
    let client = client_within(&slack.api_url(), Duration::from_secs(20));

    let directory = client.all_members(Duration::ZERO).await.unwrap();

    let active = directory.members.iter().filter(|member| member.status == Status::Active && member.email.is_some());
    assert_eq!((active.count(), directory.skipped, slack.calls("users.list")), (500, 0, 3));
}
