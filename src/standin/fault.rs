//! Faults on demand: what goes wrong with the next calls of a method.

use std::{collections::HashMap, time::Duration};

/// What goes wrong. "Accepted" means that the call has taken its effect, whatever the caller hears.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// 429 with this `Retry-After`; not accepted.
    RateLimited { seconds: u64 },
    /// The call is accepted only after this long, and not at all when the caller has gone by then.
    Delay(Duration),
    /// Accepted at once, answered after this long.
    SlowReply(Duration),
    /// The connection is reset before the call is accepted.
    Reset,
    /// The connection is reset after the call was accepted.
    LoseReply,
    /// This HTTP status; not accepted.
    ServerError(u16),
    /// This HTTP status, although the call was accepted.
    ServerErrorAfterAccepting(u16),
    /// 200 with a page of HTML; not accepted.
    NotJson,
    /// 200 with a page of HTML, although the call was accepted.
    NotJsonAfterAccepting,
    /// Slack's refusal with this code; not accepted.
    Error(String),
    /// This code, although the call was accepted (`internal_error`, `fatal_error`).
    ErrorAfterAccepting(String),
    /// The refusal for want of this scope.
    MissingScope(String),
}

impl Fault {
    /// Slack's refusal with this code.
    pub fn error(code: impl Into<String>) -> Self {
        Self::Error(code.into())
    }
}

/// How many calls a fault befalls.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Times(pub u32);

impl Times {
    /// Until the faults are cleared.
    pub const UNTIL_CLEARED: Self = Self(u32::MAX);
}

/// The faults to come, in order, by method; `*` stands for every method.
#[derive(Debug, Default)]
pub(super) struct Faults {
    queued: HashMap<String, Vec<(Fault, Times)>>,
    recurring: HashMap<String, Vec<Recurring>>,
}

/// A fault that befalls every so many calls.
#[derive(Debug)]
struct Recurring {
    fault: Fault,
    every: u32,
    calls: u32,
}

impl Faults {
    pub fn queue(&mut self, method: &str, fault: Fault, times: Times) {
        if times.0 > 0 {
            self.queued.entry(method.to_owned()).or_default().push((fault, times));
        }
    }

    /// Lets `fault` befall each `every`th call from now on.
    pub fn recur(&mut self, method: &str, fault: Fault, every: u32) {
        if every > 0 {
            self.recurring.entry(method.to_owned()).or_default().push(Recurring { fault, every, calls: 0 });
        }
    }

    pub fn clear(&mut self) {
        self.queued.clear();
        self.recurring.clear();
    }

    /// The fault that befalls this call, if any; those that recur count the call in any case.
    pub fn take(&mut self, method: &str) -> Option<Fault> {
        let recurring = [method, "*"].map(|name| self.take_recurring(name));
        [method, "*"].into_iter().find_map(|name| self.take_queued(name)).or(recurring.into_iter().flatten().next())
    }

    /// The next fault that was queued for `name` alone.
    pub fn take_own(&mut self, name: &str) -> Option<Fault> {
        self.take_queued(name)
    }

    fn take_recurring(&mut self, name: &str) -> Option<Fault> {
        let mut found = None;
        for recurring in self.recurring.get_mut(name)? {
            recurring.calls += 1;
            if recurring.calls.is_multiple_of(recurring.every) {
                found.get_or_insert_with(|| recurring.fault.clone());
            }
        }
        found
    }

    fn take_queued(&mut self, name: &str) -> Option<Fault> {
        let queue = self.queued.get_mut(name)?;
        let (fault, times) = queue.first_mut()?;
        let fault = fault.clone();
        if *times != Times::UNTIL_CLEARED {
            times.0 -= 1;
            if times.0 == 0 {
                queue.remove(0);
            }
        }
        Some(fault)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn faults_befall_calls_in_order_and_then_stop() {
        let mut faults = Faults::default();
        faults.queue("chat.postMessage", Fault::Reset, Times(2));
        faults.queue("chat.postMessage", Fault::LoseReply, Times(1));
        faults.queue("users.list", Fault::NotJson, Times(0));

        let taken: Vec<_> = (0..4).map(|_| faults.take("chat.postMessage")).collect();

        assert_eq!(taken, [Some(Fault::Reset), Some(Fault::Reset), Some(Fault::LoseReply), None]);
        assert_eq!(faults.take("users.list"), None);
    }

    #[test]
    fn a_recurring_fault_befalls_every_so_many_calls() {
        let mut faults = Faults::default();
        faults.recur("chat.postMessage", Fault::LoseReply, 10);
        let lost = (0..1_000).filter(|_| faults.take("chat.postMessage").is_some()).count();
        assert_eq!(lost, 100);
        assert_eq!(faults.take("users.list"), None);
        faults.clear();
        assert!((0..20).all(|_| faults.take("chat.postMessage").is_none()));
    }

    #[test]
    fn a_fault_until_cleared_stays_and_a_star_means_every_method() {
        let mut faults = Faults::default();
        faults.queue("*", Fault::ServerError(503), Times::UNTIL_CLEARED);
        for method in ["auth.test", "users.list", "auth.test"] {
            assert_eq!(faults.take(method), Some(Fault::ServerError(503)));
        }
        faults.clear();
        assert_eq!(faults.take("auth.test"), None);
    }
}
