//! The Slack client against servers that misbehave in every way that matters.
#![expect(clippy::unwrap_used, reason = "a test ends at the first surprise")]

mod channels;
#[cfg(feature = "standin")]
mod conversation;
mod directory;
#[cfg(feature = "standin")]
mod history;
mod posting;
mod respond;
mod scripted;
#[cfg(feature = "standin")]
mod update;
mod views;

use crate::support::relay::deserted;
use recap::slack::{Client, ClientOptions};
use scripted::{Answer, Scripted, TOKEN, auth, ok, refusal, text};
use serde_json::json;
use std::{error::Error, time::Duration};

/// A client of `server`, patient enough for a busy machine.
fn client(server: &Scripted) -> Client {
    client_within(&server.api_url, Duration::from_secs(20))
}

fn client_within(api_url: &str, timeout: Duration) -> Client {
    Client::new(&ClientOptions { api_url: api_url.to_owned(), token: TOKEN.into(), timeout, gate: None }).unwrap()
}

/// Everything that a person or a log could see of an error.
fn shown(error: &(dyn Error + 'static), hint: &str) -> String {
    let causes = std::iter::successors(Some(error), |error| (*error).source());
    causes.map(|cause| format!("{cause}\n{cause:?}\n")).chain([hint.to_owned()]).collect()
}

#[tokio::test]
async fn the_token_tells_who_it_is_and_which_scopes_it_lacks() {
    let server = Scripted::start(|_| auth().header("x-oauth-scopes", "chat:write, users:read,commands")).await;

    let access = client(&server).access().await.unwrap();

    let identity = access.identity.unwrap();
    assert_eq!((identity.team_id.0.as_str(), identity.bot_id.as_deref()), ("T1", Some("B1")));
    assert_eq!(access.missing, ["im:write", "im:history", "users:read.email"]);
    assert_eq!(access.missing_for_teams, ["usergroups:read", "channels:read", "groups:read"]);
    let call = &server.calls("auth.test")[0];
    assert_eq!(call.authorization, format!("Bearer {TOKEN}"));
    assert_eq!(call.path, "/proxied/api/auth.test", "the base address keeps its path and gets no second slash");
}

#[tokio::test]
async fn scopes_that_are_not_listed_are_unknown_not_missing() {
    let server = Scripted::start(|_| ok(json!({ "team_id": "T1", "user_id": "UBOT" }))).await;

    let access = client(&server).access().await.unwrap();

    assert_eq!((access.identity.unwrap().scopes, access.missing.len()), (None, 0));
}

#[tokio::test]
async fn a_refused_token_is_one_sentence_with_the_place_to_find_the_right_one() {
    let server = Scripted::start(|_| refusal("invalid_auth")).await;

    let error = client(&server).access().await.unwrap_err();

    assert_eq!(
        (error.to_string().as_str(), error.code()),
        ("Slack refused the bot token: `invalid_auth`", "invalid_auth")
    );
    assert!(error.hint().contains("OAuth & Permissions") && error.hint().contains("RECAP__SLACK__BOT_TOKEN"));
}

#[tokio::test]
async fn something_else_at_the_address_is_not_taken_for_slack() {
    for answer in [|| text(200, "<html>Sign in</html>"), || text(404, "no such page"), || text(302, "")] {
        let server = Scripted::start(move |_| answer()).await;

        let error = client(&server).all_members(Duration::ZERO).await.unwrap_err();

        assert_eq!(error.code(), "unreadable", "{error}");
        assert!(error.hint().contains("slack.api_url"));
    }
}

#[tokio::test]
async fn an_answer_without_end_is_cut_off() {
    let server = Scripted::start(|_| text(200, &" ".repeat(9 * 1024 * 1024))).await;

    assert_eq!(client(&server).auth().await.unwrap_err().code(), "unreadable");
}

#[tokio::test]
async fn no_error_shows_the_token_or_what_a_server_said() {
    type Script = fn() -> Answer;
    let scripts: [Script; 8] = [
        || refusal("invalid_auth"),
        || refusal("users_not_found"),
        || refusal(TOKEN),
        || text(200, TOKEN),
        || text(500, TOKEN),
        || text(403, TOKEN),
        || text(429, TOKEN).header("retry-after", TOKEN),
        || Answer::Lost,
    ];
    let message = recap::message::Message { text: "hello".to_owned(), blocks: Vec::new() };
    for script in scripts {
        let server = Scripted::start(move |_| script()).await;
        let client = client(&server);
        let channel = recap::model::ChannelId("D1".to_owned());
        let reading = client.auth().await.unwrap_err();
        let posting = client.post(&channel, &message, "an-id").await.unwrap_err();
        for shown in [shown(&reading, &reading.hint()), shown(&posting, &posting.hint())] {
            assert!(!shown.contains("secret") && !shown.contains("1111"), "{shown}");
            assert!(!shown.contains(&server.api_url), "{shown}");
        }
    }
}
