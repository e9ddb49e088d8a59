//! A store, a stand-in and a relay that share a clock.

use super::people;
use chrono_tz::Tz;
use futures::{StreamExt, stream};
use recap::{
    clock::Clock,
    delivery::{Limiter, Relay, RelayOptions},
    model::MemberId,
    slack::{CALL_TIMEOUT, Client, ClientOptions},
    standin::{Person, RateLimits, Standin, Workspace},
    store::Store,
};
use std::{sync::Arc, time::Duration};
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;

pub const TOKEN: &str = "xoxb-bench";
pub const POST: &str = "chat.postMessage";
pub const OPEN: &str = "conversations.open";
/// What Recap begins with where the settings say nothing.
const START: u32 = 300;
/// How often it is looked how far a run is.
const LOOK_EVERY: Duration = Duration::from_millis(50);

/// One run's parts.
pub struct Office {
    pub slack: Standin,
    pub store: Store,
    pub client: Client,
    pub clock: Clock,
    limiter: Limiter,
    _files: TempDir,
}

/// A stand-in with so many people.
pub async fn standin(people: u32) -> Standin {
    let people = (0..people).map(|number| {
        let person = Person::new(people::id(number), format!("Member {number}"));
        person.email(people::email(number).as_str()).tz("Europe/Berlin")
    });
    let slack = Standin::start(Workspace::new(people::WORKSPACE, TOKEN).people(people)).await.expect("a stand-in");
    slack.keep_blocks(false);
    slack
}

/// Opens the direct conversation with each of so many people, before any limit holds.
pub async fn open_all(slack: &Standin, people: u32) {
    let options = ClientOptions { api_url: slack.api_url(), token: TOKEN.into(), timeout: CALL_TIMEOUT, gate: None };
    let client = &Client::new(&options).expect("a client");
    stream::iter(0..people)
        .for_each_concurrent(16, async |number| {
            client.open_dm(&MemberId(people::id(number))).await.expect("a conversation");
        })
        .await;
}

impl Office {
    /// So many members with a computed delivery each, whose conversations are known or not, by a clock of this rate.
    pub async fn new(members: u32, known: bool, rate: f64) -> Self {
        let files = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("a folder");
        let slack = standin(members).await;
        let now = people::monday();
        let store = people::store(files.path(), now).await;
        people::learn(&store, members, Tz::Europe__Berlin, known, now).await;
        people::subscribe(&store, 0, members, Tz::Europe__Berlin, now + chrono::TimeDelta::days(1)).await;
        people::plan_rendered(&store, members, now).await;
        if known {
            open_all(&slack, members).await;
        }
        let clock = Clock::running(now, rate);
        slack.set_clock(clock.clone());
        let limiter = Limiter::new(clock.clone(), START);
        let client = Client::new(&ClientOptions {
            api_url: slack.api_url(),
            token: TOKEN.into(),
            timeout: CALL_TIMEOUT,
            gate: Some(Arc::new(limiter.clone())),
        });
        Self { slack, store, client: client.expect("a client"), clock, limiter, _files: files }
    }

    /// Lets a relay send until Slack accepted `messages`, then stops it; each was accepted once.
    pub async fn send(&self, messages: u32, limits: RateLimits) {
        self.slack.limit_rates(limits);
        let stop = CancellationToken::new();
        let relay = Relay::new(
            RelayOptions {
                store: self.store.clone(),
                client: self.client.clone(),
                limiter: self.limiter.clone(),
                clock: self.clock.clone(),
                holder: "bench".to_owned(),
            },
            stop.clone(),
        );
        let running = tokio::spawn(async move { relay.run().await });
        while self.slack.calls(POST) < messages as usize || self.slack.accepted_by_delivery().len() < messages as usize
        {
            assert!(!running.is_finished(), "the relay ended");
            tokio::time::sleep(LOOK_EVERY).await;
        }
        stop.cancel();
        running.await.expect("a relay").expect("the store answers");
        let accepted = self.slack.accepted_by_delivery();
        assert!(accepted.values().all(|count| *count == 1), "a message was accepted twice");
    }
}
