//! Every message that was accepted, by conversation, and the direct conversations that were opened.

use chrono::{DateTime, Utc};
use serde_json::Value;
use std::collections::HashMap;
use tokio::sync::watch;

/// A message that the stand-in accepted, as it stands now.
#[derive(Debug, Clone, PartialEq)]
pub struct Accepted {
    /// The conversation (`C…`, `D…`).
    pub channel: String,
    /// Unique in the workspace, and growing.
    pub ts: String,
    pub text: String,
    pub blocks: Vec<Value>,
    pub metadata: Option<Value>,
    pub at: DateTime<Utc>,
    pub thread_ts: Option<String>,
    /// The person who alone sees it, of an ephemeral message.
    pub only_for: Option<String>,
    pub edited: bool,
    pub deleted: bool,
    /// The person who wrote it, where that was not Recap.
    pub by: Option<String>,
}

/// What a message said at a time.
#[derive(Debug, Clone, PartialEq)]
pub struct Version {
    /// Since when it said this.
    pub at: DateTime<Utc>,
    pub text: String,
    pub blocks: Vec<Value>,
}

/// Why a message was not changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unchanged {
    NotFound,
    /// It is not Recap's, or nobody's to change.
    NotOurs,
}

impl Accepted {
    /// An empty message of Recap's.
    pub(super) fn new(channel: String, ts: String, at: DateTime<Utc>) -> Self {
        Self {
            channel,
            ts,
            text: String::new(),
            blocks: Vec::new(),
            metadata: None,
            at,
            thread_ts: None,
            only_for: None,
            edited: false,
            deleted: false,
            by: None,
        }
    }

    fn version(&self, at: DateTime<Utc>) -> Version {
        Version { at, text: self.text.clone(), blocks: self.blocks.clone() }
    }
}

#[derive(Debug)]
pub(super) struct Messages {
    all: Vec<Accepted>,
    by_channel: HashMap<String, Vec<usize>>,
    by_ts: HashMap<String, usize>,
    /// What updated messages said before, oldest first, and since when they say what they say now.
    before: HashMap<String, (Vec<Version>, DateTime<Utc>)>,
    /// What each person alone gets to see: their direct conversation, and ephemeral messages elsewhere.
    by_person: HashMap<String, Vec<usize>>,
    /// How often each delivery was accepted, by the id in the metadata.
    by_delivery: HashMap<String, u32>,
    /// Direct conversations by person.
    direct: HashMap<String, String>,
    last_microsecond: i64,
    /// Counts changes, for the page.
    changes: watch::Sender<u64>,
}

impl Default for Messages {
    fn default() -> Self {
        Self {
            all: Vec::new(),
            by_channel: HashMap::new(),
            by_ts: HashMap::new(),
            before: HashMap::new(),
            by_person: HashMap::new(),
            by_delivery: HashMap::new(),
            direct: HashMap::new(),
            last_microsecond: 0,
            changes: watch::Sender::new(0),
        }
    }
}

impl Messages {
    /// A `ts` for `now`: unique and growing, also while the clock stands still.
    pub fn next_ts(&mut self, now: DateTime<Utc>) -> String {
        self.last_microsecond = now.timestamp_micros().max(self.last_microsecond + 1);
        format!("{}.{:06}", self.last_microsecond / 1_000_000, self.last_microsecond % 1_000_000)
    }

    pub fn push(&mut self, message: Accepted) {
        let index = self.all.len();
        self.by_channel.entry(message.channel.clone()).or_default().push(index);
        if let Some(person) = message.only_for.as_deref().or_else(|| self.person_of(&message.channel)) {
            self.by_person.entry(person.to_owned()).or_default().push(index);
        }
        self.by_ts.insert(message.ts.clone(), index);
        if let Some(id) = delivery_id(&message) {
            *self.by_delivery.entry(id.to_owned()).or_default() += 1;
        }
        self.all.push(message);
        self.changed();
    }

    /// Changes what Recap's message says from `at` on, and keeps what it said before.
    pub fn update(
        &mut self,
        channel: &str,
        ts: &str,
        at: DateTime<Utc>,
        update: impl FnOnce(&mut Accepted),
    ) -> Result<Accepted, Unchanged> {
        let message = self.ours(channel, ts)?;
        if message.only_for.is_some() {
            return Err(Unchanged::NotOurs);
        }
        self.rewrite(channel, ts, at, update)
    }

    /// As [`Self::update`], also of a message that one person alone sees: only a `response_url` reaches those.
    pub fn rewrite(
        &mut self,
        channel: &str,
        ts: &str,
        at: DateTime<Utc>,
        update: impl FnOnce(&mut Accepted),
    ) -> Result<Accepted, Unchanged> {
        let message = self.ours(channel, ts)?;
        let said = message.clone();
        message.edited = true;
        update(message);
        let updated = message.clone();
        let (before, since) = self.before.entry(ts.to_owned()).or_insert_with(|| (Vec::new(), said.at));
        before.push(said.version(*since));
        *since = at;
        self.changed();
        Ok(updated)
    }

    /// Deletes Recap's message.
    pub fn delete(&mut self, channel: &str, ts: &str) -> Result<Accepted, Unchanged> {
        if self.ours(channel, ts)?.only_for.is_some() {
            return Err(Unchanged::NotOurs);
        }
        self.remove(channel, ts)
    }

    /// As [`Self::delete`], also of a message that one person alone sees.
    pub fn remove(&mut self, channel: &str, ts: &str) -> Result<Accepted, Unchanged> {
        let message = self.ours(channel, ts)?;
        message.deleted = true;
        let deleted = message.clone();
        self.changed();
        Ok(deleted)
    }

    /// The message that Recap may change.
    fn ours(&mut self, channel: &str, ts: &str) -> Result<&mut Accepted, Unchanged> {
        let message = self.by_ts.get(ts).and_then(|index| self.all.get_mut(*index));
        let message = message.filter(|message| message.channel == channel && !message.deleted);
        let message = message.ok_or(Unchanged::NotFound)?;
        if message.by.is_some() { Err(Unchanged::NotOurs) } else { Ok(message) }
    }

    /// What a message said and says, oldest first; nothing of one that there never was.
    pub fn versions(&self, ts: &str) -> Vec<Version> {
        let Some(message) = self.by_ts.get(ts).and_then(|index| self.all.get(*index)) else { return Vec::new() };
        let (mut versions, since) = self.before.get(ts).cloned().unwrap_or((Vec::new(), message.at));
        versions.push(message.version(since));
        versions
    }

    /// Forgets every message; conversations stay open.
    pub fn forget(&mut self) {
        self.all.clear();
        self.by_channel.clear();
        self.by_ts.clear();
        self.before.clear();
        self.by_person.clear();
        self.by_delivery.clear();
        self.changed();
    }

    pub fn by_delivery(&self) -> &HashMap<String, u32> {
        &self.by_delivery
    }

    /// Tells the page that something is another now.
    pub fn changed(&self) {
        self.changes.send_modify(|count| *count += 1);
    }

    /// Tells of every change from now on.
    pub fn watch(&self) -> watch::Receiver<u64> {
        self.changes.subscribe()
    }

    /// The messages of a conversation, oldest first.
    pub fn of(&self, channel: &str) -> impl DoubleEndedIterator<Item = &Accepted> {
        self.at(self.by_channel.get(channel))
    }

    /// The messages that a person alone gets to see, oldest first.
    pub fn for_person(&self, person: &str) -> impl DoubleEndedIterator<Item = &Accepted> {
        self.at(self.by_person.get(person))
    }

    fn at<'a>(&'a self, indexes: Option<&'a Vec<usize>>) -> impl DoubleEndedIterator<Item = &'a Accepted> {
        indexes.into_iter().flatten().filter_map(|index| self.all.get(*index))
    }

    /// Everything, in the order of acceptance.
    pub fn all(&self) -> &[Accepted] {
        &self.all
    }

    /// The id of the direct conversation with a person, open or not.
    pub fn direct_id(person: &str) -> String {
        format!("D{person}")
    }

    /// Opens the direct conversation with a person, and says whether it was open before.
    pub fn open_direct(&mut self, person: &str) -> (String, bool) {
        let known = self.direct.contains_key(person);
        (self.direct.entry(person.to_owned()).or_insert_with(|| Self::direct_id(person)).clone(), known)
    }

    pub fn direct(&self, person: &str) -> Option<&String> {
        self.direct.get(person)
    }

    /// A message by its conversation and `ts`.
    pub fn find(&self, channel: &str, ts: &str) -> Option<&Accepted> {
        let message = self.all.get(*self.by_ts.get(ts)?)?;
        (message.channel == channel && !message.deleted).then_some(message)
    }

    /// Whose direct conversation this is.
    pub fn person_of(&self, channel: &str) -> Option<&str> {
        let person = channel.strip_prefix('D')?;
        self.direct.get_key_value(person).map(|(person, _)| person.as_str())
    }
}

/// The id of the delivery that a message carries.
fn delivery_id(message: &Accepted) -> Option<&str> {
    message.metadata.as_ref()?.get("event_payload")?.get("delivery_id")?.as_str()
}

/// A `ts` in microseconds, for comparisons; also without a fraction.
pub(super) fn microseconds(ts: &str) -> Option<i64> {
    let (seconds, fraction) = ts.split_once('.').unwrap_or((ts, "0"));
    if fraction.len() > 6 || !fraction.bytes().all(|digit| digit.is_ascii_digit()) {
        return None;
    }
    let micros: i64 = format!("{fraction:0<6}").parse().ok()?;
    seconds.parse::<i64>().ok()?.checked_mul(1_000_000)?.checked_add(micros)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ts_grows_while_the_clock_stands_still_or_goes_back() {
        let mut messages = Messages::default();
        let now = DateTime::from_timestamp(1_700_000_000, 0).unwrap();
        assert_eq!(messages.next_ts(now), "1700000000.000000");
        assert_eq!(messages.next_ts(now), "1700000000.000001");
        assert_eq!(messages.next_ts(now - chrono::TimeDelta::hours(1)), "1700000000.000002");
    }

    #[test]
    fn a_ts_is_read_to_the_microsecond() {
        for (ts, micros) in [("1.5", Some(1_500_000)), ("2", Some(2_000_000)), ("1.000001", Some(1_000_001))] {
            assert_eq!(microseconds(ts), micros, "{ts}");
        }
        for ts in ["", "x", "1.2.3", "1.0000001", "99999999999999999999"] {
            assert_eq!(microseconds(ts), None, "{ts}");
        }
    }
}
