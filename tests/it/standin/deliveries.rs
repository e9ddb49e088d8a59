//! What tests of the relay ask: who got which delivery how often, and what shows in a history when.

use super::{Talk, noon};
use chrono::TimeDelta;
use recap::{
    clock::Clock,
    standin::{Counting, Fault, RateLimits},
};
use serde_json::{Value, json};
use std::{collections::HashMap, time::Duration};

fn delivery(id: &str) -> Value {
    let metadata = json!({ "event_type": "recap_delivery", "event_payload": { "delivery_id": id } });
    json!({ "channel": "U0ADA", "text": id, "blocks": [{ "type": "divider" }], "metadata": metadata })
}

#[tokio::test]
async fn deliveries_are_counted_by_their_id_and_forgotten_when_asked() {
    let talk = Talk::begin().await;
    for id in ["a", "b", "a"] {
        assert_eq!(talk.call("chat.postMessage", delivery(id)).await["ok"], true);
    }
    assert_eq!(talk.call("chat.postMessage", json!({ "channel": "U0ADA", "text": "other" })).await["ok"], true);

    let counted = talk.slack.accepted_by_delivery();
    talk.slack.forget_messages();
    let after = (talk.slack.messages().len(), talk.slack.accepted_by_delivery().len());
    talk.slack.keep_blocks(false);
    assert_eq!(talk.call("chat.postMessage", delivery("c")).await["ok"], true);

    assert_eq!(counted, HashMap::from([("a".to_owned(), 2), ("b".to_owned(), 1)]));
    assert_eq!(after, (0, 0));
    assert!(talk.slack.messages_to("U0ADA")[0].blocks.is_empty());
}

#[tokio::test]
async fn a_message_shows_in_the_history_only_after_the_delay() {
    let talk = Talk::begin().await;
    talk.slack.delay_history(Duration::from_secs(30));
    talk.slack.set_clock(Clock::fixed(noon()));
    assert_eq!(talk.call("chat.postMessage", delivery("a")).await["ok"], true);

    for (seconds, shown) in [(0, 0), (29, 0), (30, 1)] {
        talk.slack.set_clock(Clock::fixed(noon() + TimeDelta::seconds(seconds)));
        let history = talk.get("conversations.history", &[("channel", "DU0ADA")]).await;
        assert_eq!(history["messages"].as_array().unwrap().len(), shown, "{seconds}");
    }
}

#[tokio::test]
async fn every_tenth_reply_is_lost_and_its_message_is_kept() {
    let talk = Talk::begin().await;
    talk.slack.fault_every("chat.postMessage", Fault::LoseReply, 10);

    let mut lost = 0;
    for number in 0..50 {
        lost += usize::from(talk.send("chat.postMessage", &delivery(&number.to_string())).await.is_err());
    }

    assert_eq!((lost, talk.slack.messages().len()), (5, 50));
}

#[tokio::test]
async fn messages_are_counted_as_the_test_says() {
    for (counting, waits) in [
        (Counting::Sliding, "ok ok ratelimited ok ok ratelimited"),
        (Counting::Fixed, "ok ok ratelimited ok ok ratelimited"),
        (Counting::Bucket { burst: 1 }, "ok ratelimited ratelimited ok ratelimited ratelimited"),
    ] {
        let talk = Talk::begin().await;
        talk.slack.limit_rates(RateLimits { messages_per_minute: Some(2), counting, ..RateLimits::OFF });
        let mut outcomes = Vec::new();
        for second in [0, 0, 0, 60, 60, 60] {
            talk.slack.set_clock(Clock::fixed(noon() + TimeDelta::seconds(second)));
            let answer = talk.call("chat.postMessage", delivery("a")).await;
            outcomes.push(answer["error"].as_str().unwrap_or("ok").to_owned());
        }
        assert_eq!(outcomes.join(" "), waits, "{counting:?}");
        assert_eq!(talk.slack.limited("chat.postMessage"), waits.matches("ratelimited").count(), "{counting:?}");
        assert_eq!(talk.slack.limited("users.list"), 0);
    }
}
