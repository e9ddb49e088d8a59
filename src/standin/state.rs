//! All that the stand-in knows, behind one lock: workspace, messages, views, faults, limits and the journal.

use super::{
    app::App,
    fault::Faults,
    journal::Journal,
    messages::Messages,
    rates::Rates,
    refusal::Refusal,
    socket::Sockets,
    tickets::{Desk, Spent, Tickets, Trigger},
    views::Views,
    workspace::{Channel, Person, Workspace},
};
use crate::clock::Clock;
use chrono::{DateTime, TimeDelta, Utc};
use std::{collections::HashMap, time::Duration};

#[derive(Debug)]
pub(super) struct State {
    workspace: Workspace,
    people: HashMap<String, Person>,
    /// Ids of people by address in lower case.
    addresses: HashMap<String, String>,
    pub clock: Clock,
    pub messages: Messages,
    pub views: Views,
    pub faults: Faults,
    pub rates: Rates,
    pub journal: Journal,
    pub tickets: Tickets,
    pub app: App,
    pub sockets: Sockets,
    /// What the app suggested for each external menu, by its action.
    pub suggested: HashMap<String, Vec<serde_json::Value>>,
    /// Where this stand-in answers: `http://127.0.0.1:PORT`.
    pub url: String,
    /// Whether the blocks of accepted messages are kept.
    pub keeps_blocks: bool,
    /// How long after its acceptance a message shows in the history.
    pub history_delay: Duration,
}

/// Where a message goes.
#[derive(Debug)]
pub(super) enum Conversation {
    Direct { id: String, person: Person },
    Channel(Channel),
}

impl Conversation {
    pub fn id(&self) -> &str {
        match self {
            Self::Direct { id, .. } => id,
            Self::Channel(channel) => &channel.id,
        }
    }
}

impl State {
    pub fn new(workspace: Workspace) -> Self {
        let mut state = Self {
            workspace,
            people: HashMap::new(),
            addresses: HashMap::new(),
            clock: Clock::system(),
            messages: Messages::default(),
            views: Views::default(),
            faults: Faults::default(),
            rates: Rates::default(),
            journal: Journal::default(),
            tickets: Tickets::default(),
            app: App::default(),
            sockets: Sockets::default(),
            suggested: HashMap::new(),
            url: String::new(),
            keeps_blocks: true,
            history_delay: Duration::ZERO,
        };
        state.index();
        state
    }

    pub fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    /// A trigger for `user`, from within a view or from elsewhere.
    pub fn trigger(&mut self, user: &str, view: Option<&str>) -> String {
        let now = self.now();
        self.tickets.trigger(user, view, now)
    }

    /// Uses a trigger up. It lives as long as an app may take to answer, whatever the clock's speed.
    pub fn redeem(&mut self, trigger: &str) -> Result<Trigger, Spent> {
        let lifetime = self.app.patience.mul_f64(self.clock.rate());
        let now = self.now();
        self.tickets.redeem(trigger, now, lifetime)
    }

    /// An address at which the app may answer `user`.
    pub fn response_url(&mut self, user: &str, channel: &str, ts: Option<&str>) -> String {
        let desk = Desk::new(user, channel, ts, self.now());
        format!("{}/response/{}", self.url, self.tickets.desk(desk))
    }

    pub fn workspace(&self) -> &Workspace {
        &self.workspace
    }

    /// Changes the workspace: somebody leaves, a channel is archived, a scope is taken away.
    pub fn change(&mut self, change: impl FnOnce(&mut Workspace)) {
        change(&mut self.workspace);
        self.index();
    }

    fn index(&mut self) {
        self.people = self.workspace.everybody().map(|person| (person.id.clone(), person)).collect();
        let addresses = self.workspace.people.iter().filter_map(|person| {
            let address = person.email.as_ref()?.trim().to_lowercase();
            Some((address, person.id.clone()))
        });
        self.addresses = addresses.collect();
    }

    /// Up to when messages were accepted that show in the history by now.
    pub fn shown_until(&self) -> DateTime<Utc> {
        TimeDelta::from_std(self.history_delay)
            .ok()
            .and_then(|delay| self.now().checked_sub_signed(delay))
            .unwrap_or(DateTime::<Utc>::MIN_UTC)
    }

    pub fn person(&self, id: &str) -> Option<&Person> {
        self.people.get(id)
    }

    pub fn person_by_address(&self, address: &str) -> Option<&Person> {
        self.person(self.addresses.get(&address.trim().to_lowercase())?)
    }

    /// A channel by its id, its name or its name with a `#`.
    pub fn channel(&self, name: &str) -> Option<&Channel> {
        let channels = &self.workspace.channels;
        let name_only = name.strip_prefix('#').unwrap_or(name);
        channels.iter().find(|channel| channel.id == name).or_else(|| channels.iter().find(|c| c.name == name_only))
    }

    /// A conversation by what `channel` arguments may hold, opening none.
    pub fn conversation(&self, name: &str) -> Option<Conversation> {
        if let Some(person) = self.messages.person_of(name).and_then(|id| self.person(id)) {
            return Some(Conversation::Direct { id: name.to_owned(), person: person.clone() });
        }
        self.channel(name).cloned().map(Conversation::Channel)
    }

    /// The conversation that a post to `name` would go to, also where it is not open yet.
    pub fn destination_id(&self, name: &str) -> Option<String> {
        match self.person(name) {
            Some(person) => Some(Messages::direct_id(&person.id)),
            None => self.conversation(name).map(|conversation| conversation.id().to_owned()),
        }
    }

    /// Refuses when the scope was not granted.
    pub fn need(&self, scope: &str) -> Result<(), Refusal> {
        if self.workspace.scopes.contains(scope) {
            return Ok(());
        }
        Err(Refusal::missing_scope(scope, &self.workspace.granted()))
    }
}
