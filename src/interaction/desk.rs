//! Where what Slack sends is answered, whichever way it came: in time, or later through `response_url`.

use super::{App, Command, Inbound, Reply, Route, saying::plain};
use crate::{
    slack::{Client, Response, ResponseUrl},
    telemetry::metrics::{self, RequestOutcome},
};
use async_trait::async_trait;
use futures::FutureExt;
use std::{
    fmt,
    panic::AssertUnwindSafe,
    sync::Arc,
    time::{Duration, Instant},
};
use tokio::{sync::oneshot, time::timeout};
use tokio_util::task::TaskTracker;

/// Slack gives up on an answer after 3 s.
pub const ANSWER_WITHIN: Duration = Duration::from_millis(2_500);

/// Who answers what Slack sends.
#[async_trait]
pub trait Answers: Send + Sync {
    async fn answer(&self, inbound: Inbound) -> Reply;
}

#[async_trait]
impl Answers for App {
    async fn answer(&self, inbound: Inbound) -> Reply {
        Box::pin(App::answer(self, inbound)).await
    }
}

/// Cheap to clone.
#[derive(Clone)]
pub struct Desk {
    answers: Arc<dyn Answers>,
    client: Client,
    tasks: TaskTracker,
}

/// What became of a request within its time.
#[derive(Debug, Clone, PartialEq)]
pub enum Answered {
    Reply(Reply),
    /// Nothing to say yet: the work goes on, and its word comes through `response_url`.
    Later,
    /// The handler panicked; what may still be said to who asked.
    Failed(Reply),
}

impl Desk {
    /// `client` knows where answers may go; work that goes on is noted in `tasks`.
    pub fn new(answers: Arc<dyn Answers>, client: Client, tasks: TaskTracker) -> Self {
        Self { answers, client, tasks }
    }

    pub fn client(&self) -> &Client {
        &self.client
    }

    /// Runs what is waited for at the end of the daemon.
    pub(super) fn spawn(&self, work: impl Future<Output = ()> + Send + 'static) {
        self.tasks.spawn(work);
    }

    /// Answers what came with one request; the first that has something to say speaks for all. The work goes on whatever
    /// becomes of the request.
    pub async fn answer(&self, route: Route, inbound: Vec<Inbound>, within: Duration) -> Answered {
        let began = Instant::now();
        let respond = inbound.iter().find_map(respond).cloned();
        let mut work = Box::pin(self.clone().work(inbound));
        // What needs nobody, as help, is answered without a task of its own.
        let answered = match work.as_mut().now_or_never() {
            Some(answered) => answered,
            None => self.wait(work, respond, within).await,
        };
        metrics::request(route.label(), answered.outcome());
        metrics::answer_time(route.label(), began.elapsed());
        answered
    }

    /// Goes on with the work, and waits for it so long.
    async fn wait(
        &self,
        work: impl Future<Output = Answered> + Send + 'static,
        respond: Option<ResponseUrl>,
        within: Duration,
    ) -> Answered {
        let (tell, mut told) = oneshot::channel();
        let desk = self.clone();
        self.tasks.spawn(async move {
            if let Err(late) = tell.send(work.await) {
                desk.say_late(late, respond.as_ref()).await;
            }
        });
        if let Ok(answered) = timeout(within, &mut told).await {
            return answered.unwrap_or(Answered::Failed(Reply::Nothing));
        }
        // From here on the task says itself what it has to say; what it told meanwhile is in time.
        told.close();
        told.try_recv().unwrap_or(Answered::Later)
    }

    /// Handles everything, also after a fault; the first that has something to say speaks for all.
    async fn work(self, inbound: Vec<Inbound>) -> Answered {
        let mut said = Answered::Reply(Reply::Nothing);
        for one in inbound {
            let answered = match &one {
                Inbound::Action(action) => {
                    let respond = action.respond.clone();
                    self.apart(one, respond.as_ref()).await
                }
                Inbound::Command(_) => self.handle(one).await.unwrap_or_else(|| Answered::Failed(failed())),
                _ => self.handle(one).await.unwrap_or(Answered::Failed(Reply::Nothing)),
            };
            if said == Answered::Reply(Reply::Nothing) {
                said = answered;
            }
        }
        said
    }

    /// Handles a click: of what answers it Slack shows nothing, so words go another way.
    async fn apart(&self, click: Inbound, respond: Option<&ResponseUrl>) -> Answered {
        let answered = self.handle(click).await;
        let silent = if answered.is_some() { Answered::Reply } else { Answered::Failed };
        match answered.unwrap_or_else(|| Answered::Failed(failed())) {
            words @ (Answered::Reply(Reply::Say(_)) | Answered::Failed(_)) => {
                self.say_late(words, respond).await;
                silent(Reply::Nothing)
            }
            answered => answered,
        }
    }

    /// None where the handler panicked.
    async fn handle(&self, inbound: Inbound) -> Option<Answered> {
        let handled = AssertUnwindSafe(self.answers.answer(inbound)).catch_unwind().await;
        if handled.is_err() {
            tracing::error!("a handler panicked");
        }
        handled.ok().map(Answered::Reply)
    }

    /// Says through `response_url` what the request itself could not be answered with.
    pub(super) async fn say_late(&self, answered: Answered, respond: Option<&ResponseUrl>) {
        let (Answered::Reply(reply) | Answered::Failed(reply)) = answered else { return };
        match (reply, respond) {
            (Reply::Nothing, _) => {}
            (Reply::Say(message), Some(respond)) => {
                if let Err(error) = self.client.respond(respond, &Response::Ephemeral(message)).await {
                    tracing::warn!(error = %error, "an answer did not reach who asked");
                }
            }
            _ => tracing::warn!("an answer came too late for Slack, and there is no other way for it"),
        }
    }
}

impl Answered {
    fn outcome(&self) -> RequestOutcome {
        match self {
            Self::Reply(_) => RequestOutcome::Answered,
            Self::Later => RequestOutcome::Late,
            Self::Failed(_) => RequestOutcome::Failed,
        }
    }
}

impl fmt::Debug for Desk {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Desk").field("client", &self.client).finish_non_exhaustive()
    }
}

/// Where a later word may go.
pub(super) fn respond(inbound: &Inbound) -> Option<&ResponseUrl> {
    match inbound {
        Inbound::Command(Command { respond, .. }) => respond.as_ref(),
        Inbound::Action(action) => action.respond.as_ref(),
        _ => None,
    }
}

/// To whom a fault of ours hit.
fn failed() -> Reply {
    Reply::Say(plain(FAILED))
}

const FAILED: &str = "Something went wrong inside Recap, and it is in its log. Please try again in a minute.";
