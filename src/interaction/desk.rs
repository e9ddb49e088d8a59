//! Where what Slack sends is answered, whichever way it came: in time, or later through `response_url`.

use super::{
    App, Command, Inbound, ModalReply, Reply, Route,
    caught::{self, FAILED},
    view::notice,
};
use crate::{
    slack::{Client, Response, ResponseUrl},
    telemetry::metrics::{self, RequestOutcome},
};
use async_trait::async_trait;
use futures::FutureExt;
use serde_json::Value;
use std::{
    fmt,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::Arc,
    time::{Duration, Instant},
};
use tokio::{runtime::Handle, sync::oneshot, time::timeout};
use tokio_util::task::TaskTracker;

/// Slack gives up on an answer after 3 s.
pub const ANSWER_WITHIN: Duration = Duration::from_millis(2_500);

/// Who answers what Slack sends.
#[async_trait]
pub trait Answers: Send + Sync {
    async fn answer(&self, inbound: Inbound) -> Reply;

    /// The same for what needs nobody: answered in a fraction of the time that [`answer`](Self::answer) takes to begin.
    fn at_once(&self, _inbound: &Inbound) -> Option<Reply> {
        None
    }
}

#[async_trait]
impl Answers for App {
    async fn answer(&self, inbound: Inbound) -> Reply {
        Box::pin(App::answer(self, inbound)).await
    }

    fn at_once(&self, inbound: &Inbound) -> Option<Reply> {
        App::at_once(self, inbound)
    }
}

/// Cheap to clone.
#[derive(Clone)]
pub struct Desk {
    answers: Arc<dyn Answers>,
    client: Client,
    tasks: TaskTracker,
    /// Where work is done, whoever's thread asks for it.
    runtime: Handle,
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
    /// `client` knows where answers may go; work is done where this is made, and is noted in `tasks`.
    ///
    /// # Panics
    /// Outside of a runtime.
    pub fn new(answers: Arc<dyn Answers>, client: Client, tasks: TaskTracker) -> Self {
        Self { answers, client, tasks, runtime: Handle::current() }
    }

    pub fn client(&self) -> &Client {
        &self.client
    }

    /// Runs what is waited for at the end of the daemon.
    pub(super) fn spawn(&self, work: impl Future<Output = ()> + Send + 'static) {
        self.tasks.spawn_on(work, &self.runtime);
    }

    /// Answers what came with one request; the first that has something to say speaks for all. The work goes on whatever
    /// becomes of the request.
    pub async fn answer(&self, route: Route, inbound: Vec<Inbound>, within: Duration) -> Answered {
        let began = Instant::now();
        let answered = match self.at_once(&inbound) {
            Some(reply) => Answered::Reply(reply),
            None => Box::pin(self.wait(inbound, within)).await,
        };
        metrics::request(route.label(), answered.outcome());
        metrics::answer_time(route.label(), began.elapsed());
        answered
    }

    /// None where it has to be worked for; also after a panic, which comes again there and is told of.
    fn at_once(&self, inbound: &[Inbound]) -> Option<Reply> {
        let [one] = inbound else { return None };
        catch_unwind(AssertUnwindSafe(|| self.answers.at_once(one))).ok().flatten()
    }

    /// Begins the work, and waits for it so long.
    async fn wait(&self, inbound: Vec<Inbound>, within: Duration) -> Answered {
        let way = inbound.iter().find_map(way);
        // An empty answer would close a modal as if all were done.
        let meanwhile = match &way {
            Some(Way::Modal(_)) => Answered::Reply(Reply::Modal(ModalReply::Update(notice("Please wait", &[STILL])))),
            _ => Answered::Later,
        };
        let (tell, mut told) = oneshot::channel();
        let desk = self.clone();
        self.spawn(async move {
            if let Err(late) = tell.send(desk.work(inbound).await) {
                desk.say_late(late, way.as_ref()).await;
            }
        });
        if let Ok(answered) = timeout(within, &mut told).await {
            return answered.unwrap_or(Answered::Failed(Reply::Nothing));
        }
        // From here on the task says itself what it has to say; what it told meanwhile is in time.
        told.close();
        told.try_recv().unwrap_or(meanwhile)
    }

    /// Handles everything, also after a fault; the first that has something to say speaks for all.
    async fn work(&self, inbound: Vec<Inbound>) -> Answered {
        let mut said = Answered::Reply(Reply::Nothing);
        for one in inbound {
            let answered = match &one {
                Inbound::Action(_) => self.apart(one).await,
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
    async fn apart(&self, click: Inbound) -> Answered {
        let way = way(&click);
        let answered = self.handle(click).await;
        let silent = if answered.is_some() { Answered::Reply } else { Answered::Failed };
        match answered.unwrap_or_else(|| Answered::Failed(failed())) {
            words @ (Answered::Reply(Reply::Say(_) | Reply::Written(_)) | Answered::Failed(_)) => {
                self.say_late(words, way.as_ref()).await;
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

    /// Says through `response_url`, or in the modal, what the request itself could not be answered with.
    pub(super) async fn say_late(&self, answered: Answered, way: Option<&Way>) {
        let (reply, failed) = match answered {
            Answered::Reply(reply) => (reply, false),
            Answered::Failed(reply) => (reply, true),
            Answered::Later => return,
        };
        match (reply, way) {
            (reply, Some(Way::Modal(id))) => {
                let view = late(reply, failed);
                if let Err(error) = self.client.update_view(id, None, &view).await {
                    tracing::warn!(error = %error, "a modal does not show what became of it");
                }
            }
            (Reply::Nothing, _) => {}
            (ref reply, Some(Way::Url(respond))) if let Some(words) = reply.words() => {
                if let Err(error) = self.client.respond(respond, &Response::Ephemeral(words.clone())).await {
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
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Way {
    Url(ResponseUrl),
    /// The modal that was sent off, by its id.
    Modal(String),
}

pub(super) fn way(inbound: &Inbound) -> Option<Way> {
    match inbound {
        Inbound::Command(Command { respond, .. }) => respond.clone().map(Way::Url),
        Inbound::Action(action) => action.respond.clone().map(Way::Url),
        Inbound::Submission(submission) => Some(Way::Modal(submission.view.id.clone())),
        _ => None,
    }
}

/// What a modal shows whose answer came too late to be one.
fn late(reply: Reply, failed: bool) -> Value {
    match reply {
        Reply::Modal(ModalReply::Update(view) | ModalReply::Push(view)) => view,
        Reply::Modal(ModalReply::Errors(errors)) => {
            let lines: Vec<_> = errors.values().map(String::as_str).collect();
            notice("Not saved", &[&["Nothing was changed."], &lines[..]].concat())
        }
        _ if failed => notice("Not sure", &[FAILED]),
        _ => notice("Done", &["Done."]),
    }
}

/// To whom a fault of ours hit.
fn failed() -> Reply {
    Reply::Say(caught::failed())
}

/// In a modal whose answer takes long.
const STILL: &str = "This takes a little longer. You can close this: it goes on.";
