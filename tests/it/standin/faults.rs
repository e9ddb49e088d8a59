//! Faults on demand and rate limits.

use super::{TOKEN, Talk, noon};
use chrono::TimeDelta;
use recap::{
    clock::Clock,
    standin::{Fault, RateLimits, Times},
};
use reqwest::{Client, Response, header};
use serde_json::{Value, json};
use std::time::Duration;

#[tokio::test]
async fn each_fault_says_whether_the_message_was_accepted() {
    let talk = Talk::begin().await;
    for (fault, seen, accepted) in [
        (Fault::RateLimited { seconds: 7 }, "429 ratelimited retry-after 7", false),
        (Fault::Reset, "reset", false),
        (Fault::LoseReply, "reset", true),
        (Fault::ServerError(503), "503 no json", false),
        (Fault::ServerErrorAfterAccepting(500), "500 no json", true),
        (Fault::NotJson, "200 no json", false),
        (Fault::NotJsonAfterAccepting, "200 no json", true),
        (Fault::error("account_inactive"), "200 account_inactive", false),
        (Fault::ErrorAfterAccepting("internal_error".to_owned()), "200 internal_error", true),
        (Fault::MissingScope("chat:write".to_owned()), "200 missing_scope", false),
        (Fault::Delay(Duration::from_millis(1)), "200 ok", true),
        (Fault::SlowReply(Duration::from_millis(1)), "200 ok", true),
    ] {
        let before = talk.texts_to_ada().len();
        talk.slack.fault("chat.postMessage", fault.clone(), Times(1));
        assert_eq!(outcome(talk.post_to_ada("x").await).await, seen, "{fault:?}");
        assert_eq!(talk.texts_to_ada().len() - before, usize::from(accepted), "{fault:?}");
        assert_eq!(outcome(talk.post_to_ada("x").await).await, "200 ok", "once only: {fault:?}");
    }
}

async fn outcome(answer: reqwest::Result<Response>) -> String {
    let Ok(answer) = answer else { return "reset".to_owned() };
    let status = answer.status().as_u16();
    let wait = answer.headers().get(header::RETRY_AFTER).map(|wait| format!(" retry-after {}", wait.to_str().unwrap()));
    let body: Value = answer.json().await.unwrap_or(json!({ "error": "no json" }));
    format!("{status} {}{}", body["error"].as_str().unwrap_or("ok"), wait.unwrap_or_default())
}

#[tokio::test]
async fn a_slow_answer_meets_the_callers_own_deadline() {
    let talk = Talk::begin().await;
    let hour = Duration::from_hours(1);
    let hurried = Client::builder().timeout(Duration::from_millis(200)).build().unwrap();
    for (fault, accepted) in [(Fault::Delay(hour), 0), (Fault::SlowReply(hour), 1)] {
        talk.slack.fault("*", fault, Times(1));
        let message = json!({ "channel": "U0ADA", "text": "x" });
        let call = hurried.post(talk.url("chat.postMessage")).bearer_auth(TOKEN).json(&message);
        assert!(call.send().await.unwrap_err().is_timeout());
        assert_eq!(talk.texts_to_ada().len(), accepted);
    }
}

#[tokio::test]
async fn faults_stay_until_they_are_cleared() {
    let talk = Talk::begin().await;
    talk.slack.fault("*", Fault::error("invalid_auth"), Times::UNTIL_CLEARED);
    for method in ["auth.test", "users.list", "auth.test"] {
        assert_eq!(talk.refusal(method, json!({})).await, "invalid_auth");
    }
    talk.slack.clear_faults();
    assert_eq!(talk.call("auth.test", json!({})).await["ok"], true);
}

#[tokio::test]
async fn rate_limits_hold_by_channel_and_by_method_until_their_time_is_over() {
    let talk = Talk::begin().await;
    talk.slack.limit_rates(RateLimits::SLACK);
    talk.slack.set_clock(Clock::fixed(noon()));
    assert_eq!(outcome(talk.post_to_ada("1").await).await, "200 ok");
    assert_eq!(outcome(talk.post_to_ada("2").await).await, "429 ratelimited retry-after 1");
    let direct = json!({ "channel": "DU0ADA", "text": "x" });
    assert_eq!(talk.refusal("chat.postMessage", direct).await, "ratelimited", "the same conversation by its own id");
    assert_eq!(talk.call("chat.postMessage", json!({ "channel": "U0BEN", "text": "x" })).await["ok"], true);
    for _ in 0..20 {
        assert_eq!(talk.call("users.list", json!({})).await["ok"], true);
    }
    assert_eq!(outcome(talk.send("users.list", &json!({})).await).await, "429 ratelimited retry-after 60");

    talk.slack.set_clock(Clock::fixed(noon() + TimeDelta::seconds(1)));
    assert_eq!(outcome(talk.post_to_ada("2").await).await, "200 ok");
    assert_eq!(outcome(talk.send("users.list", &json!({})).await).await, "429 ratelimited retry-after 59");
    talk.slack.set_clock(Clock::fixed(noon() + TimeDelta::seconds(60)));
    assert_eq!(talk.call("users.list", json!({})).await["ok"], true);
    assert_eq!(talk.texts_to_ada(), ["1", "2"]);
}
