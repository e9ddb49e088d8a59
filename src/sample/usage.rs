//! The stream of made-up events: day by day, member by member, in an order that depends on the seed alone.

use super::{
    draw::{Draw, Purpose},
    event::{Agent, Event, Session},
    member::{Member, Persona, uuid},
    membership::{self, Story},
    rhythm,
    script::Script,
};
use chrono::{DateTime, Datelike, Days, NaiveDate, SubsecRound, TimeDelta, Utc};
use std::sync::Arc;

/// What is to be made up.
#[derive(Debug, Clone)]
pub struct Options {
    /// How many people, the eight with a story first.
    pub members: u32,
    /// How many days before `end`.
    pub days: u32,
    pub seed: u64,
    /// Where the usage ends: the present.
    pub end: DateTime<Utc>,
    /// About how many events there shall be; `None` for what people of this kind do.
    pub events_target: Option<u64>,
}

/// Events of a session, on average, repeated ones included. A test holds it to within a few per cent.
const EVENTS_PER_SESSION: f64 = 22.0;
/// A day's first sessions are never the other agent's, so that the other agent breaks no streak.
const OWN_SESSIONS: usize = 3;
/// The newest skill is used from this many days before the end.
const NEW_SKILL_DAYS: i64 = 6;

/// So many days in a row somebody returns to the same session.
const LONG_SESSION_DAYS: u64 = 4;
/// A session has fewer events on a day than this.
const SEQUENCES_OF_A_DAY: u32 = 10_000;

/// Made-up usage, an iterator over its events. Holds one member's day at a time.
///
/// Days come in order and within a day members do; a session's events are in the order of time.
#[derive(Debug)]
pub struct Usage {
    options: Options,
    start: DateTime<Utc>,
    factor: f64,
    one_in: u32,
    date: NaiveDate,
    last: NaiveDate,
    next_member: u32,
    buffer: std::vec::IntoIter<Event>,
}

impl Usage {
    /// Usage in `[end − days, end)`.
    pub fn new(mut options: Options) -> Self {
        options.end = options.end.trunc_subsecs(3);
        let start = options.end - TimeDelta::days(i64::from(options.days));
        // Local dates east and west of UTC reach one day beyond the span's own.
        let date = start.date_naive() - Days::new(1);
        let last = options.end.date_naive() + Days::new(1);
        let mut usage =
            Self { options, start, factor: 1.0, one_in: 1, date, last, next_member: 0, buffer: Vec::new().into_iter() };
        if let Some(target) = usage.options.events_target {
            usage.factor = usage.factor_for(target);
        }
        usage
    }

    /// The same people with one session in `one_in`: little usage over many days, of those with a story too.
    #[must_use]
    pub fn thinned(self, one_in: u32) -> Self {
        Self { one_in, ..self }
    }

    /// The people, the same whatever the span is.
    pub fn members(&self) -> Vec<Member> {
        (0..self.options.members).map(|index| Member::nth(self.options.seed, index)).collect()
    }

    /// About how many events there will be.
    pub fn estimate(&self) -> u64 {
        let (told, others) = self.sessions_per_weight(self.factor);
        u64::from(super::draw::whole((told + others) * self.weights() * EVENTS_PER_SESSION))
    }

    fn factor_for(&self, target: u64) -> f64 {
        let wanted = target as f64 / (self.weights() * EVENTS_PER_SESSION).max(1.0);
        let (told, mut others) = self.sessions_per_weight(1.0);
        let mut factor = 1.0;
        // Nobody exceeds the most sessions a day, so the sum is not quite linear: a few steps come close.
        for _ in 0..4 {
            factor *= ((wanted - told) / others.max(0.001)).max(0.0);
            others = self.sessions_per_weight(factor).1;
        }
        factor
    }

    /// Sum of all members' mean sessions a day: of those with a story, and of the others.
    fn sessions_per_weight(&self, factor: f64) -> (f64, f64) {
        let mut sums = (0.0, 0.0);
        for index in 0..self.options.members {
            let mean = Member::activity(self.options.seed, index, factor);
            match Member::persona_of(index) {
                Persona::Regular => sums.1 += mean,
                _ => sums.0 += mean,
            }
        }
        sums
    }

    /// The working days of the span, each by its share of people.
    fn weights(&self) -> f64 {
        (0..self.options.days)
            .map(|day| rhythm::weight((self.options.end - TimeDelta::days(i64::from(day))).weekday()))
            .sum()
    }

    /// Makes the next member's day; `None` when there is no other.
    fn next_day(&mut self) -> Option<Vec<Event>> {
        if self.next_member >= self.options.members {
            self.next_member = 0;
            self.date = self.date.succ_opt()?;
        }
        if self.date > self.last || self.options.members == 0 {
            return None;
        }
        let index = self.next_member;
        self.next_member += 1;
        Some(self.day_of(index))
    }

    fn day_of(&self, index: u32) -> Vec<Event> {
        let seed = self.options.seed;
        let day_number = u64::try_from(self.date.num_days_from_ce()).unwrap_or_default();
        let mut draw = Draw::new(seed, Purpose::Day, u64::from(index), day_number);
        let mean = Member::activity(seed, index, self.factor);
        let days_ago = (self.options.end.date_naive() - self.date).num_days();
        let count = rhythm::sessions(Member::persona_of(index), mean, self.date, days_ago, &mut draw);
        if count == 0 {
            return Vec::new();
        }
        let member = Arc::new(Member::nth(seed, index));
        let mut starts: Vec<_> = (0..count).map(|_| rhythm::start(self.date, member.zone, &mut draw)).collect();
        starts.sort_unstable();
        let mut events = Vec::with_capacity(count as usize * 20);
        let story = Story::of(index);
        let mut thinning = Draw::new(seed, Purpose::Thinning, u64::from(index), day_number);
        for (number, start) in starts.into_iter().enumerate() {
            let other = member.codex && number >= OWN_SESSIONS && draw.chance(0.2);
            let agent = if other { Agent::Codex } else { Agent::ClaudeCode };
            let own = uuid(draw.id());
            let (id, sequence) = if story == Story::LongSessions && number == 0 {
                self.long_session(index, day_number)
            } else {
                (own, 0)
            };
            let session = Arc::new(Session {
                id,
                member: Arc::clone(&member),
                agent,
                email_told: member.persona != Persona::EmailSometimesEmpty || !draw.chance(0.4),
                told: membership::told(story, &member, number, days_ago),
                repository: draw.pick(&super::catalog::REPOSITORIES),
            });
            if self.one_in > 1 && thinning.between(1, self.one_in) > 1 {
                continue;
            }
            let mut script = Script::new(session, start, &mut draw, &mut events);
            script.new_skill = days_ago <= NEW_SKILL_DAYS;
            script.sequence = sequence;
            script.play();
        }
        let (from, until) = self.span_of(member.persona);
        events.retain(|event| (from..until).contains(&event.at));
        events
    }

    /// The session that somebody returns to on several days, and its events so far.
    fn long_session(&self, index: u32, day_number: u64) -> (String, u32) {
        let (block, day) = (day_number / LONG_SESSION_DAYS, day_number % LONG_SESSION_DAYS);
        let mut draw = Draw::new(self.options.seed, Purpose::LongSession, u64::from(index), block);
        (uuid(draw.id()), u32::try_from(day).unwrap_or_default() * SEQUENCES_OF_A_DAY)
    }

    fn span_of(&self, persona: Persona) -> (DateTime<Utc>, DateTime<Utc>) {
        let (start, end) = (self.start, self.options.end);
        match persona {
            Persona::New => (start.max(end - rhythm::NEW_FOR), end),
            Persona::Stopped => (start, end - rhythm::STOPPED_FOR),
            _ => (start, end),
        }
    }
}

impl Iterator for Usage {
    type Item = Event;

    fn next(&mut self) -> Option<Event> {
        loop {
            if let Some(event) = self.buffer.next() {
                return Some(event);
            }
            self.buffer = self.next_day()?.into_iter();
        }
    }
}

#[cfg(test)]
mod tests;
