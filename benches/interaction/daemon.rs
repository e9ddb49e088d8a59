//! `recap serve` beside a stand-in for Slack, reached over HTTP.

use super::load::SIGNING_SECRET;
use recap::{
    standin::{AppEndpoint, Person, Standin, Workspace},
    warehouse::embedded::Access,
};
use secrecy::ExposeSecret;
use std::{path::Path, process::Stdio, time::Duration};
use tokio::{
    net::TcpListener,
    process::{Child, Command},
    time::Instant,
};

const TOKEN: &str = "xoxb-bench";
const COMMAND: &str = "/usage";
const LOOK_EVERY: Duration = Duration::from_millis(100);
/// How long the start may take.
const PATIENCE: Duration = Duration::from_mins(2);

pub struct Daemon {
    pub slack: Standin,
    child: Child,
    port: u16,
}

/// The address of one of the sample's people, and their id in Slack.
pub fn id(number: usize) -> String {
    format!("U{number:05}")
}

impl Daemon {
    /// Starts it on `folder`, for people with these addresses.
    pub async fn start(folder: &Path, addresses: &[String], usage: Option<(&Access, &str)>) -> Self {
        let person = |(number, address): (usize, &String)| {
            Person::new(id(number), format!("Member {number}")).email(address.as_str()).tz("Europe/Berlin")
        };
        let people = addresses.iter().enumerate().map(person);
        let slack = Standin::start(Workspace::new("T0BENCH", TOKEN).people(people)).await.expect("a stand-in");
        let port = free_port().await;
        let mut command = Command::new(env!("CARGO_BIN_EXE_recap"));
        command.arg("serve").current_dir(folder).kill_on_drop(true).stdout(Stdio::null()).stderr(Stdio::inherit());
        let store = folder.join("recap.sqlite");
        for (key, value) in [
            ("LOG__LEVEL", "error".to_owned()),
            ("HTTP__LISTEN", format!("127.0.0.1:{port}")),
            ("HTTP__OPS_LISTEN", "127.0.0.1:0".to_owned()),
            ("STORE__URL", format!("sqlite:{}", store.display())),
            ("SLACK__API_URL", slack.api_url()),
            ("SLACK__BOT_TOKEN", TOKEN.to_owned()),
            ("SLACK__SIGNING_SECRET", SIGNING_SECRET.to_owned()),
            ("CLICKHOUSE__URL", usage.map_or("http://127.0.0.1:1", |(access, _)| &access.url).to_owned()),
        ] {
            command.env(format!("RECAP__{key}"), value);
        }
        if let Some((access, database)) = usage {
            command.env("RECAP__CLICKHOUSE__USER", &access.user);
            command.env("RECAP__CLICKHOUSE__PASSWORD", access.password.expose_secret());
            command.env("RECAP__CLICKHOUSE__DATABASE", database);
        }
        let child = command.spawn().expect("a daemon");
        let daemon = Self { slack, child, port };
        let base_url = daemon.url();
        daemon.slack.connect_app(AppEndpoint {
            base_url,
            signing_secret: SIGNING_SECRET.into(),
            command: COMMAND.to_owned(),
        });
        daemon
    }

    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// The words of `/usage help`, once it is open.
    pub async fn help(&self) -> String {
        let started = Instant::now();
        loop {
            let outcome = self.slack.command(&id(0), &id(0), "/usage help").await.expect("a person");
            let text = outcome.message.as_ref().map(|message| message.text.clone()).unwrap_or_default();
            if text.contains("/usage week") {
                return text;
            }
            assert!(started.elapsed() < PATIENCE, "it does not answer: {outcome:?}");
            tokio::time::sleep(LOOK_EVERY).await;
        }
    }

    pub async fn stop(mut self) {
        self.child.kill().await.expect("it ends");
        self.slack.stop().await;
    }
}

/// A port that nobody listens on just now.
pub async fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    listener.local_addr().expect("an address").port()
}
