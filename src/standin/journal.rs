//! What was asked: a count for each method, and the latest requests within a bound.

use super::call::Call;
use chrono::{DateTime, Utc};
use serde_json::{Map, Value};
use std::collections::{HashMap, VecDeque};

/// A request as it was received.
#[derive(Debug, Clone, PartialEq)]
pub struct Request {
    pub at: DateTime<Utc>,
    /// `GET` or `POST`.
    pub verb: String,
    pub method: String,
    /// Without the token.
    pub arguments: Map<String, Value>,
    /// `ok`, an error code, `reset` or `http 503`; `None` while it is under way.
    pub outcome: Option<String>,
}

/// At most so many requests are kept, and of them so many bytes.
const KEPT_REQUESTS: usize = 10_000;
const KEPT_BYTES: usize = 16 << 20;
/// Made-up method names beyond this many are not counted one by one.
const KEPT_NAMES: usize = 256;

#[derive(Debug, Default)]
pub(super) struct Journal {
    counts: HashMap<String, usize>,
    /// How many of them were answered 429.
    limited: HashMap<String, usize>,
    kept: VecDeque<(usize, Request)>,
    bytes: usize,
    first: usize,
}

impl Journal {
    /// Writes down a request whose body and query had so many bytes, and answers its number.
    pub fn open(&mut self, call: &Call, size: usize, at: DateTime<Utc>) -> usize {
        if self.counts.len() < KEPT_NAMES || self.counts.contains_key(&call.method) {
            *self.counts.entry(call.method.clone()).or_default() += 1;
        }
        self.bytes += size;
        self.kept.push_back((
            size,
            Request {
                at,
                verb: call.verb.to_string(),
                method: call.method.clone(),
                arguments: call.arguments().clone(),
                outcome: None,
            },
        ));
        let number = self.first + self.kept.len() - 1;
        while self.kept.len() > KEPT_REQUESTS || (self.bytes > KEPT_BYTES && self.kept.len() > 1) {
            let Some((size, _)) = self.kept.pop_front() else { break };
            self.bytes -= size;
            self.first += 1;
        }
        number
    }

    /// Says how a request of `method` ended.
    pub fn close(&mut self, number: usize, method: &str, outcome: String) {
        if outcome == "ratelimited" && self.counts.contains_key(method) {
            *self.limited.entry(method.to_owned()).or_default() += 1;
        }
        if let Some((_, request)) = number.checked_sub(self.first).and_then(|index| self.kept.get_mut(index)) {
            request.outcome = Some(outcome);
        }
    }

    pub fn count(&self, method: &str) -> usize {
        self.counts.get(method).copied().unwrap_or(0)
    }

    pub fn limited(&self, method: &str) -> usize {
        self.limited.get(method).copied().unwrap_or(0)
    }

    pub fn requests(&self) -> Vec<Request> {
        self.kept.iter().map(|(_, request)| request.clone()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::{HeaderMap, Method};

    #[test]
    fn the_log_is_bounded_and_the_count_is_not() {
        let mut journal = Journal::default();
        let (call, _) = Call::read("auth.test", Method::GET, None, &HeaderMap::new(), b"");
        for _ in 0..KEPT_REQUESTS + 5 {
            let number = journal.open(&call, 10, DateTime::UNIX_EPOCH);
            journal.close(number, "auth.test", "ok".to_owned());
        }
        assert_eq!(journal.count("auth.test"), KEPT_REQUESTS + 5);
        assert_eq!(journal.requests().len(), KEPT_REQUESTS);
        assert!(journal.requests().iter().all(|request| request.outcome.as_deref() == Some("ok")));

        journal.open(&call, KEPT_BYTES + 1, DateTime::UNIX_EPOCH);
        assert_eq!(journal.requests().len(), 1);
    }
}
