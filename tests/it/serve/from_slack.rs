//! The daemon as a process, and what Slack sends it: heard before it is open, and answered by either way after.

use super::{Daemon, PATIENCE, deaf, get, recap};
use crate::{engine::eventually, support::signature::sign, transport::slack::Slack};
use recap::clock::Clock;
use serde_json::{Value, json};
use std::net::SocketAddr;
use tempfile::TempDir;
use tokio::process::Command;

const SECRET: &str = "8f742231b10e8888abcd99yyyzzz85a5";

/// A daemon that knows Slack's secret, and whose ClickHouse does not answer.
fn daemon(data: &TempDir, nobody: SocketAddr) -> Command {
    let mut command = recap("serve", data);
    command.env("RECAP__CLICKHOUSE__URL", format!("http://{nobody}")).env("RECAP__SLACK__SIGNING_SECRET", SECRET);
    command
}

/// A signed `/usage` from somebody of another workspace: status and body.
async fn command(at: SocketAddr) -> (u16, Value) {
    let (body, now) = ("team_id=T0ELSE&user_id=U0EVE&command=%2Fusage&text=help", Clock::system().now().timestamp());
    let client = reqwest::Client::builder().no_proxy().timeout(PATIENCE).build().unwrap();
    let request = client.post(format!("http://{at}/slack/commands")).header("x-slack-request-timestamp", now);
    let request = request.header("x-slack-signature", sign(SECRET, now, body.as_bytes()));
    let response = request.body(body).send().await.unwrap();
    (response.status().as_u16(), response.json().await.unwrap())
}

#[tokio::test]
async fn who_asks_before_the_daemon_is_open_hears_that_it_starts() {
    let data = tempfile::tempdir().unwrap();
    let (_deaf, nobody) = deaf();
    // Without a bot token it never opens.
    let mut daemon = Daemon::start(&mut daemon(&data, nobody)).await;
    let said = json!({ "response_type": "ephemeral", "text": "Recap is starting, please try again in a minute." });
    assert_eq!(command(daemon.public).await, (200, said));
    assert_eq!(get(daemon.ops, "/slack/commands").await.0, 404);
    assert_eq!(daemon.stop().await, Some(0));
}

#[tokio::test]
async fn both_ways_lead_to_the_same_answers() {
    let data = tempfile::tempdir().unwrap();
    let (_deaf, nobody) = deaf();
    let slack = Slack::start().await;
    let mut starting = daemon(&data, nobody);
    starting.env("RECAP__SLACK__API_URL", &slack.api_url).env("RECAP__SLACK__BOT_TOKEN", "xoxb-1");
    starting.env("RECAP__SLACK__APP_TOKEN", "xapp-1");
    let mut daemon = Daemon::start(&mut starting).await;

    let (mut one, mut other) = (slack.socket().await, slack.socket().await);
    let payload = json!({ "team_id": "T0ELSE", "user_id": "U0EVE", "command": "/usage", "text": "help" });
    let (_, by_http) = command(daemon.public).await;
    assert!(by_http["text"].as_str().unwrap().contains("you are in another one"), "{by_http}");
    for socket in [&mut one, &mut other] {
        socket.envelope("slash_commands", "e-1", true, &payload).await;
        let by_socket = socket.acknowledged().await.unwrap();
        assert_eq!(by_socket, json!({ "envelope_id": "e-1", "payload": by_http }));
    }
    eventually("readiness tells of it", async || {
        get(daemon.ops, "/readyz").await.1.contains(r#"{"name":"socket mode","ready":true}"#).then_some(())
    })
    .await;
    let (_, metrics) = get(daemon.ops, "/metrics").await;
    for line in [
        "recap_slack_socket_connections 2",
        r#"recap_slack_requests_total{kind="command",outcome="answered"} 3"#,
        r#"recap_slack_answer_seconds_count{kind="command"} 3"#,
    ] {
        assert!(metrics.lines().any(|shown| shown == line), "{line}\n{metrics}");
    }

    assert_eq!(daemon.stop().await, Some(0));
    assert_eq!((one.acknowledged().await, other.acknowledged().await), (None, None), "the connections are closed");
}
