//! Who is signed in: in memory, for some hours, and never many.

use super::layout::shown;
use crate::http::tokens::{Hash, Tokens, hash};
use chrono::{DateTime, TimeDelta, Utc};
use serde::Serialize;
use std::{
    collections::{BTreeMap, VecDeque},
    fmt,
    sync::{Mutex, MutexGuard, PoisonError},
};
use subtle::ConstantTimeEq;

/// How long somebody stays signed in.
pub(in crate::http) const LASTS: TimeDelta = TimeDelta::hours(8);
/// The oldest is ended when there are more.
const MOST: usize = 200;
/// So many wrong tokens may be tried in [`WITHIN`], by all together: behind a proxy nobody has an address of their own.
const ATTEMPTS: usize = 10;
const WITHIN: TimeDelta = TimeDelta::minutes(1);

shown!(Said);

/// What is said once, on the next page that is shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct Said {
    /// Something could not be done.
    pub bad: bool,
    pub words: String,
}

/// Why somebody is not signed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Refused {
    Wrong,
    TooOften,
}

/// Somebody who is signed in.
#[derive(Clone)]
pub(super) struct Visitor {
    /// Of their token.
    pub name: String,
    /// What each of their forms must carry.
    pub csrf: String,
    key: Hash,
}

impl Visitor {
    /// Whether a form with this token comes from a page of theirs.
    pub fn sent(&self, csrf: &str) -> bool {
        hash(csrf).ct_eq(&hash(&self.csrf)).into()
    }
}

struct Session {
    name: String,
    csrf: String,
    until: DateTime<Utc>,
    said: Option<Said>,
}

/// All sessions, each under the hash of its cookie.
#[derive(Default)]
pub(in crate::http) struct Sessions(Mutex<Held>);

#[derive(Default)]
struct Held {
    sessions: BTreeMap<Hash, Session>,
    wrong: VecDeque<DateTime<Utc>>,
}

impl Sessions {
    fn held(&self) -> MutexGuard<'_, Held> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The cookie of a new session, for who has a token.
    pub(super) fn sign_in(&self, tokens: &Tokens, token: &str, now: DateTime<Utc>) -> Result<String, Refused> {
        let mut held = self.held();
        while held.wrong.front().is_some_and(|at| *at + WITHIN <= now) {
            held.wrong.pop_front();
        }
        if held.wrong.len() >= ATTEMPTS {
            return Err(Refused::TooOften);
        }
        let Some(name) = tokens.name_of(token) else {
            held.wrong.push_back(now);
            return Err(Refused::Wrong);
        };
        held.sessions.retain(|_, session| session.until > now);
        while held.sessions.len() >= MOST {
            let oldest = held.sessions.iter().min_by_key(|(_, session)| session.until).map(|(key, _)| *key);
            let Some(oldest) = oldest else { break };
            held.sessions.remove(&oldest);
        }
        let (cookie, csrf) = (random(), random());
        let session = Session { name: name.to_owned(), csrf, until: now + LASTS, said: None };
        held.sessions.insert(hash(&cookie), session);
        Ok(cookie)
    }

    pub(super) fn visitor(&self, cookie: &str, now: DateTime<Utc>) -> Option<Visitor> {
        let (held, key) = (self.held(), hash(cookie));
        let session = held.sessions.get(&key).filter(|session| session.until > now)?;
        Some(Visitor { name: session.name.clone(), csrf: session.csrf.clone(), key })
    }

    pub(super) fn sign_out(&self, visitor: &Visitor) {
        self.held().sessions.remove(&visitor.key);
    }

    /// Keeps `said` for the next page of theirs.
    pub(super) fn say(&self, visitor: &Visitor, said: Said) {
        if let Some(session) = self.held().sessions.get_mut(&visitor.key) {
            session.said = Some(said);
        }
    }

    pub(super) fn hear(&self, visitor: &Visitor) -> Option<Said> {
        self.held().sessions.get_mut(&visitor.key)?.said.take()
    }
}

impl fmt::Debug for Sessions {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Sessions").field("count", &self.held().sessions.len()).finish()
    }
}

/// 256 random bits.
fn random() -> String {
    format!("{:032x}{:032x}", rand::random::<u128>(), rand::random::<u128>())
}

#[cfg(test)]
mod tests {
    use super::*;
    use secrecy::SecretString;

    fn tokens() -> Tokens {
        Tokens::of(&[("ada".to_owned(), SecretString::from("right"))].into())
    }

    fn now() -> DateTime<Utc> {
        "2026-09-14T08:00:00Z".parse().unwrap()
    }

    #[test]
    fn a_session_is_its_cookies_alone_and_ends_after_hours() {
        let sessions = Sessions::default();
        let (cookie, other) =
            (sessions.sign_in(&tokens(), "right", now()), sessions.sign_in(&tokens(), "right", now()));
        let (cookie, other) = (cookie.unwrap(), other.unwrap());
        assert_eq!((cookie.len(), cookie == other), (64, false));
        let visitor = sessions.visitor(&cookie, now()).unwrap();
        assert_eq!(visitor.name, "ada");
        assert!(visitor.sent(&visitor.csrf) && !visitor.sent("") && !visitor.sent(&cookie));
        assert!(!visitor.sent(&sessions.visitor(&other, now()).unwrap().csrf));
        assert!(sessions.visitor("", now()).is_none() && sessions.visitor(&cookie[1..], now()).is_none());
        assert!(sessions.visitor(&cookie, now() + LASTS).is_none());
        sessions.sign_out(&visitor);
        assert!(sessions.visitor(&cookie, now()).is_none() && sessions.visitor(&other, now()).is_some());
    }

    #[test]
    fn wrong_tokens_are_counted_for_a_minute() {
        let sessions = Sessions::default();
        for _ in 0..ATTEMPTS {
            assert_eq!(sessions.sign_in(&tokens(), "wrong", now()), Err(Refused::Wrong));
        }
        assert_eq!(sessions.sign_in(&tokens(), "right", now()), Err(Refused::TooOften));
        assert!(sessions.sign_in(&tokens(), "right", now() + WITHIN).is_ok());
    }

    #[test]
    fn there_are_never_many() {
        let sessions = Sessions::default();
        let first = sessions.sign_in(&tokens(), "right", now()).unwrap();
        for second in 1..=i64::try_from(MOST).unwrap() {
            sessions.sign_in(&tokens(), "right", now() + TimeDelta::seconds(second)).unwrap();
        }
        assert_eq!(sessions.held().sessions.len(), MOST);
        assert!(sessions.visitor(&first, now()).is_none(), "the oldest went");
    }

    #[test]
    fn what_is_said_is_heard_once() {
        let sessions = Sessions::default();
        let cookie = sessions.sign_in(&tokens(), "right", now()).unwrap();
        let visitor = sessions.visitor(&cookie, now()).unwrap();
        let said = Said { bad: false, words: "Saved.".to_owned() };
        sessions.say(&visitor, said.clone());
        assert_eq!((sessions.hear(&visitor), sessions.hear(&visitor)), (Some(said), None));
    }
}
