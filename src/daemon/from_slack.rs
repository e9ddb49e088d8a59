//! What comes from Slack: heard from the first moment on, answered once store and Slack are open, finished at the stop.

use super::{Supervisor, work::Work};
use crate::{
    clock::Clock,
    config,
    http::{Check, Inlet},
    interaction::{App, CONNECTIONS, Desk, Link, SigningSecret, SocketStanding},
    slack::{CALL_TIMEOUT, Client, ClientOptions},
    workspace::{Again, Workspace},
};
use async_trait::async_trait;
use secrecy::SecretString;
use std::{sync::Arc, time::Duration};
use tokio_util::task::TaskTracker;

/// How long work that was acknowledged may take to end after a signal.
const FINISH_WITHIN: Duration = Duration::from_secs(3);
/// The loops of Socket Mode, one for each connection.
const LOOPS: [&str; CONNECTIONS] = ["socket_1", "socket_2"];

/// Both transports, the one over HTTP always.
#[derive(Debug)]
pub(super) struct FromSlack {
    inlet: Inlet,
    socket: Option<Socket>,
    clock: Clock,
    tasks: TaskTracker,
    again: Again,
}

#[derive(Debug)]
struct Socket {
    api_url: String,
    token: SecretString,
    standing: SocketStanding,
}

impl FromSlack {
    pub fn new(settings: &config::Slack, clock: &Clock) -> Self {
        let socket = settings.socket_token().map(|token| Socket {
            api_url: settings.api_url.clone(),
            token: token.clone(),
            standing: SocketStanding::default(),
        });
        let secret = settings.signing_secret.as_ref().and_then(SigningSecret::new);
        if secret.is_none() && socket.is_none() {
            tracing::warn!("`slack.signing_secret` is not set, so every request from Slack is refused");
        }
        let inlet = Inlet::new(secret, clock.clone());
        Self { inlet, socket, clock: clock.clone(), tasks: TaskTracker::new(), again: Again::default() }
    }

    pub fn inlet(&self) -> Inlet {
        self.inlet.clone()
    }

    /// What readiness asks of Socket Mode, where it is on.
    pub fn check(&self) -> Option<Box<dyn Check>> {
        let socket = self.socket.as_ref()?;
        Some(Box::new(SocketCheck(socket.standing.clone())))
    }

    /// From now on there is somebody to answer: with the workspace that this gives back.
    pub fn open(&self, work: &Work, supervisor: &Supervisor) -> Workspace {
        let workspace = Workspace {
            settings: Arc::clone(&work.settings),
            store: work.store.clone(),
            client: work.client.clone(),
            source: work.source.clone(),
            templates: Arc::clone(&work.templates),
            clock: work.clock.clone(),
            planned: Arc::clone(&work.planned),
            lists: Arc::clone(&work.lists),
            tasks: self.tasks.clone(),
            again: self.again.clone(),
        };
        let desk = Desk::new(Arc::new(App::new(workspace.clone())), work.client.clone(), self.tasks.clone());
        self.inlet.open(desk.clone());
        if let Some(socket) = &self.socket {
            socket.connect(&desk, &self.clock, supervisor);
        }
        workspace
    }

    /// Waits for what was acknowledged and is still worked on.
    pub async fn finish(&self) {
        self.again.stop();
        self.tasks.close();
        if tokio::time::timeout(FINISH_WITHIN, self.tasks.wait()).await.is_err() {
            tracing::warn!(tasks = self.tasks.len(), "work for who asked was cut off");
        }
    }
}

impl Socket {
    fn connect(&self, desk: &Desk, clock: &Clock, supervisor: &Supervisor) {
        let options = ClientOptions {
            api_url: self.api_url.clone(),
            token: self.token.clone(),
            timeout: CALL_TIMEOUT,
            gate: None,
        };
        let Ok(client) = Client::new(&options) else {
            tracing::error!(hint = "copy the app-level token again", "`slack.app_token` is no token");
            self.standing.failed("`slack.app_token` is no token");
            return;
        };
        let link = Link { client, desk: desk.clone(), clock: clock.clone(), standing: self.standing.clone() };
        for name in LOOPS {
            let link = link.clone();
            supervisor.run(name, move |stop| Box::pin(link.clone().run(stop)));
        }
    }
}

/// Whether anything comes over Socket Mode.
#[derive(Debug)]
struct SocketCheck(SocketStanding);

#[async_trait]
impl Check for SocketCheck {
    fn name(&self) -> &'static str {
        "socket mode"
    }

    async fn ask(&self) -> Result<(), String> {
        self.0.judge()
    }
}
