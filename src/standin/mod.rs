//! A stand-in Slack for the demo and the tests: a model of a workspace behind real HTTP, on loopback only.
//!
//! It keeps every message it accepts, so a test can ask what each person got, and how often. Faults and rate limits are
//! switched on by the test. Written from Slack's published reference; where it is stricter, the place says so.

mod app;
mod call;
mod changes;
mod counting;
mod elements;
mod events;
mod fault;
mod interact;
mod journal;
mod life;
mod line;
mod messages;
mod methods;
mod modals;
mod page;
mod payload;
mod rates;
mod refusal;
mod respond;
mod server;
mod socket;
mod state;
mod tickets;
mod views;
mod workspace;

pub use app::{Answered, AppEndpoint, Failure, signature};
pub use counting::Counting;
pub use elements::{Choice, Unusable};
pub use fault::{Fault, Times};
pub use interact::CommandOutcome;
pub use journal::Request;
pub use messages::{Accepted, Version};
pub use modals::SubmitOutcome;
pub use rates::RateLimits;
pub use views::View;
pub use workspace::{BOT_SCOPES, Channel, Person, UserGroup, Workspace};

use crate::clock::Clock;
use server::Site;
use state::State;
use std::{
    collections::HashMap,
    io,
    net::{Ipv4Addr, SocketAddr},
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};
use tokio::{net::TcpListener, task::JoinHandle};
use tokio_util::sync::DropGuard;

/// How long requests under way may take when the stand-in is stopped.
const STOP_WITHIN: Duration = Duration::from_secs(2);

/// A running stand-in; the copies of a handle are one server, which stops when the last is dropped.
#[derive(Debug, Clone)]
pub struct Standin {
    address: SocketAddr,
    site: Arc<Site>,
    server: Arc<Server>,
}

#[derive(Debug)]
struct Server {
    task: Mutex<Option<JoinHandle<()>>>,
    _stop: DropGuard,
}

impl Standin {
    /// Starts on a free port of 127.0.0.1.
    ///
    /// # Errors
    /// When no port can be opened.
    pub async fn start(workspace: Workspace) -> io::Result<Self> {
        Self::start_on((Ipv4Addr::LOCALHOST, 0).into(), workspace).await
    }

    /// Starts on this address.
    ///
    /// # Errors
    /// When the address is not a loopback address, or is taken.
    pub async fn start_on(address: SocketAddr, workspace: Workspace) -> io::Result<Self> {
        if !address.ip().is_loopback() {
            let reason = format!("`{}` is not a loopback address, and the stand-in listens nowhere else", address.ip());
            return Err(io::Error::new(io::ErrorKind::InvalidInput, reason));
        }
        let listener = TcpListener::bind(address).await?;
        let address = listener.local_addr()?;
        let sockets = TcpListener::bind((address.ip(), 0)).await?;
        let mut state = State::new(workspace);
        state.url = format!("http://{address}");
        state.sockets.url = format!("ws://{}", sockets.local_addr()?);
        let site = Arc::new(Site::new(state));
        tokio::spawn(socket::listen(sockets, Arc::clone(&site)));
        let serving = server::serve(line::Lines(listener), Arc::clone(&site));
        let task = tokio::spawn(async move {
            if let Err(error) = serving.await {
                tracing::error!(error = &error as &dyn std::error::Error, "the stand-in Slack stopped");
            }
        });
        let stop = site.stop.clone().drop_guard();
        Ok(Self { address, site, server: Arc::new(Server { task: Mutex::new(Some(task)), _stop: stop }) })
    }

    /// The address for `slack.api_url`.
    pub fn api_url(&self) -> String {
        format!("http://{}/api", self.address)
    }

    /// The page that shows what everybody received.
    pub fn page_url(&self) -> String {
        format!("http://{}/", self.address)
    }

    /// Stops listening, answers what is under way, and closes every connection.
    pub async fn stop(&self) {
        self.site.stop.cancel();
        let task = self.server.task.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(mut task) = task
            && tokio::time::timeout(STOP_WITHIN, &mut task).await.is_err()
        {
            task.abort();
        }
    }

    /// The messages in a conversation, oldest first: of a person by address or id (what was for their eyes alone
    /// included, wherever it was shown), or of a channel by id or name.
    pub fn messages_to(&self, who: &str) -> Vec<Accepted> {
        let state = self.site.lock();
        match state.person_by_address(who).or_else(|| state.person(who)) {
            Some(person) => state.messages.for_person(&person.id).cloned().collect(),
            None => match state.conversation(who) {
                Some(conversation) => state.messages.of(conversation.id()).cloned().collect(),
                None => Vec::new(),
            },
        }
    }

    /// Every message that was accepted, oldest first.
    pub fn messages(&self) -> Vec<Accepted> {
        self.site.lock().messages.all().to_vec()
    }

    /// A person's App Home, by address or id.
    pub fn home_of(&self, who: &str) -> Option<View> {
        let state = self.site.lock();
        let person = state.person_by_address(who).or_else(|| state.person(who))?;
        state.views.home(&person.id).cloned()
    }

    /// The latest modals that were opened, oldest first.
    pub fn modals(&self) -> Vec<View> {
        self.site.lock().views.modals().cloned().collect()
    }

    /// How often a method was called, whatever came of it.
    pub fn calls(&self, method: &str) -> usize {
        self.site.lock().journal.count(method)
    }

    /// How often a method was answered 429 so far.
    pub fn limited(&self, method: &str) -> usize {
        self.site.lock().journal.limited(method)
    }

    /// How often each delivery was accepted, by the `delivery_id` in its metadata.
    pub fn accepted_by_delivery(&self) -> HashMap<String, u32> {
        self.site.lock().messages.by_delivery().clone()
    }

    /// Keeps the blocks of messages from now on, or only checks them: tens of thousands of digests fill a memory.
    pub fn keep_blocks(&self, keep: bool) {
        self.site.lock().keeps_blocks = keep;
    }

    /// Forgets every message that was accepted; conversations stay open.
    pub fn forget_messages(&self) {
        self.site.lock().messages.forget();
    }

    /// Lets an accepted message show in the history only after this long, by the stand-in's clock.
    pub fn delay_history(&self, delay: Duration) {
        self.site.lock().history_delay = delay;
    }

    /// The latest requests, oldest first; the log is bounded.
    pub fn requests(&self) -> Vec<Request> {
        self.site.lock().journal.requests()
    }

    /// Lets the next calls of a method go wrong; `*` means any method, and `response_url`, which knows
    /// [`Fault::ServerError`] alone, any status at such an address. Faults of one method come in the order given.
    pub fn fault(&self, method: &str, fault: Fault, times: Times) {
        self.site.lock().faults.queue(method, fault, times);
    }

    /// Lets each `every`th call of a method go wrong from now on, until the faults are cleared; `*` means any method.
    pub fn fault_every(&self, method: &str, fault: Fault, every: u32) {
        self.site.lock().faults.recur(method, fault, every);
    }

    /// Takes back every fault that has not yet befallen a call.
    pub fn clear_faults(&self) {
        self.site.lock().faults.clear();
    }

    /// Says which rate limits are enforced from now on.
    pub fn limit_rates(&self, limits: RateLimits) {
        self.site.lock().rates.limits = limits;
    }

    /// Sets the clock that stamps messages and drives the rate limits; the system's, to begin with.
    pub fn set_clock(&self, clock: Clock) {
        self.site.lock().clock = clock;
    }

    /// Changes the workspace under way: somebody leaves, a channel is archived, a scope is taken away.
    pub fn change(&self, change: impl FnOnce(&mut Workspace)) {
        self.site.lock().change(change);
    }
}
