//! What Slack hands out for a while: triggers that open a modal once, and addresses to answer at.

use chrono::{DateTime, TimeDelta, Utc};
use std::{collections::HashMap, time::Duration};

/// How long a `response_url` lives, and how often it is good.
const ANSWERS_FOR: TimeDelta = TimeDelta::minutes(30);
const MOST_ANSWERS: u32 = 5;

/// Why a ticket is no good.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Spent {
    Unknown,
    Used,
    Expired,
}

/// Who opens something, and from within which view.
#[derive(Debug, Clone)]
pub(super) struct Trigger {
    pub user: String,
    pub view: Option<String>,
    at: DateTime<Utc>,
    spent: Option<Spent>,
}

/// Where an answer goes.
#[derive(Debug, Clone)]
pub(super) struct Desk {
    pub user: String,
    pub channel: String,
    /// The message whose element was used.
    pub ts: Option<String>,
    at: DateTime<Utc>,
    uses: u32,
    expired: bool,
}

impl Desk {
    pub fn new(user: &str, channel: &str, ts: Option<&str>, at: DateTime<Utc>) -> Self {
        let (user, channel, ts) = (user.to_owned(), channel.to_owned(), ts.map(str::to_owned));
        Self { user, channel, ts, at, uses: 0, expired: false }
    }
}

#[derive(Debug, Default)]
pub(super) struct Tickets {
    triggers: HashMap<String, Trigger>,
    desks: HashMap<String, Desk>,
    count: u64,
}

impl Tickets {
    /// A trigger for `user`, in the form that Slack gives it.
    pub fn trigger(&mut self, user: &str, view: Option<&str>, at: DateTime<Utc>) -> String {
        self.count += 1;
        let id = format!("{:013}.{:012}.{:032x}", self.count, 4_571_923, rand::random::<u128>());
        let view = view.map(str::to_owned);
        self.triggers.insert(id.clone(), Trigger { user: user.to_owned(), view, at, spent: None });
        id
    }

    /// Uses a trigger up, where it is not older than `lifetime` at `now`.
    pub fn redeem(&mut self, id: &str, now: DateTime<Utc>, lifetime: Duration) -> Result<Trigger, Spent> {
        let trigger = self.triggers.get_mut(id).ok_or(Spent::Unknown)?;
        if let Some(spent) = trigger.spent {
            return Err(spent);
        }
        let late = TimeDelta::from_std(lifetime).is_ok_and(|lifetime| now - trigger.at > lifetime);
        trigger.spent = Some(if late { Spent::Expired } else { Spent::Used });
        if late { Err(Spent::Expired) } else { Ok(trigger.clone()) }
    }

    /// A token for an address to answer at.
    pub fn desk(&mut self, desk: Desk) -> String {
        let token = format!("{:032x}", rand::random::<u128>());
        self.desks.insert(token.clone(), desk);
        token
    }

    /// Counts an answer, where the address still takes one; `rate` is how much faster than the machine's the clock runs.
    pub fn answer(&mut self, token: &str, now: DateTime<Utc>, rate: f64) -> Result<Desk, Spent> {
        let desk = self.desks.get_mut(token).ok_or(Spent::Unknown)?;
        let age = (now - desk.at).as_seconds_f64() / rate;
        if desk.expired || age > ANSWERS_FOR.as_seconds_f64() {
            return Err(Spent::Expired);
        }
        if desk.uses >= MOST_ANSWERS {
            return Err(Spent::Used);
        }
        desk.uses += 1;
        Ok(desk.clone())
    }

    pub fn expire_triggers(&mut self) {
        for trigger in self.triggers.values_mut().filter(|trigger| trigger.spent.is_none()) {
            trigger.spent = Some(Spent::Expired);
        }
    }

    pub fn expire_answers(&mut self) {
        self.desks.values_mut().for_each(|desk| desk.expired = true);
    }
}
