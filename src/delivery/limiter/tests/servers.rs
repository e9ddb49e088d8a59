//! Servers that limit messages in every way that Slack may, and a budget that sends 5,000 messages to one.

use super::super::budget::Budget;
use std::{
    cmp::Ordering,
    collections::{BinaryHeap, VecDeque},
    time::Duration,
};

/// How a server counts.
#[derive(Debug, Clone, Copy)]
pub enum Counting {
    /// Accepted messages of the last 60 s.
    Sliding,
    /// Of the last 60 s, the refused ones too.
    SlidingWithRefused,
    /// Of windows of 60 s; the first began so many seconds before the first message.
    Fixed { phase: f64 },
    /// A bucket that holds this part of a minute's messages, at least one.
    Bucket { burst: f64 },
}

/// What a server names as `Retry-After`.
#[derive(Debug, Clone, Copy)]
pub enum Retry {
    /// Whole seconds until it would accept again.
    Exact,
    Always(f64),
}

/// One server under test.
#[derive(Debug, Clone, Copy)]
pub struct Case {
    pub counting: Counting,
    pub retry: Retry,
    pub per_minute: f64,
    /// The longest way of a message to the server, and of its answer back, in seconds.
    pub latency: f64,
    pub seed: u64,
}

/// What came of messages 2,001 to 5,000.
#[derive(Debug, Clone, Copy)]
pub struct Outcome {
    /// Accepted a minute, as a part of the limit.
    pub rate: f64,
    /// Answers 429.
    pub refused: usize,
    /// The same, those within a second of each other as one: messages that were under way together.
    pub pauses: usize,
    /// The most 429 that came in any two seconds, from the start.
    pub worst_burst: usize,
}

struct Server {
    case: Case,
    accepted: VecDeque<f64>,
    window: (f64, f64),
    tokens: f64,
    at: f64,
    blocked: f64,
    refused: Vec<f64>,
}

impl Server {
    fn new(case: Case) -> Self {
        let tokens =
            if let Counting::Bucket { burst } = case.counting { (burst * case.per_minute).max(1.0) } else { 0.0 };
        let window = (f64::NEG_INFINITY, 0.0);
        Self { case, accepted: VecDeque::new(), window, tokens, at: 0.0, blocked: -1.0, refused: Vec::new() }
    }

    /// Accepts a message, or answers with `Retry-After`.
    fn post(&mut self, now: f64) -> Result<(), f64> {
        let wait = if now < self.blocked { Some(self.blocked - now) } else { self.wait(now) };
        let Some(wait) = wait else { return Ok(()) };
        self.refused.push(now);
        let retry_after = match self.case.retry {
            Retry::Exact => wait.ceil().max(1.0),
            Retry::Always(seconds) => seconds,
        };
        if !matches!(self.case.counting, Counting::SlidingWithRefused) && now >= self.blocked {
            self.blocked = now + retry_after;
        }
        Err(retry_after)
    }

    fn wait(&mut self, now: f64) -> Option<f64> {
        let limit = self.case.per_minute;
        match self.case.counting {
            Counting::Sliding | Counting::SlidingWithRefused => {
                while self.accepted.front().is_some_and(|at| *at + 60.0 <= now) {
                    self.accepted.pop_front();
                }
                let full = self.accepted.len() as f64 >= limit;
                if !full || matches!(self.case.counting, Counting::SlidingWithRefused) {
                    self.accepted.push_back(now);
                }
                #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a limit is a small count")]
                let first = self.accepted.len().saturating_sub(limit as usize);
                full.then(|| self.accepted[first] + 60.0 - now)
            }
            Counting::Fixed { phase } => {
                let window = ((now + phase) / 60.0).floor();
                if window > self.window.0 {
                    self.window = (window, 0.0);
                }
                if self.window.1 >= limit {
                    return Some((window + 1.0) * 60.0 - phase - now);
                }
                self.window.1 += 1.0;
                None
            }
            Counting::Bucket { burst } => {
                let refilled = self.tokens + (now - self.at) * limit / 60.0;
                (self.tokens, self.at) = (refilled.min((burst * limit).max(1.0)), now);
                if self.tokens < 1.0 - 1e-9 {
                    return Some((1.0 - self.tokens) * 60.0 / limit);
                }
                self.tokens -= 1.0;
                None
            }
        }
    }
}

#[derive(Debug, Clone, Copy)]
enum Event {
    /// The sender asks the budget.
    Ask,
    /// A message reaches the server.
    Arrive,
    /// A 429 reaches the sender.
    Refused(f64),
}

struct At(f64, Event);

impl PartialEq for At {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}
impl Eq for At {}
impl PartialOrd for At {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
impl Ord for At {
    fn cmp(&self, other: &Self) -> Ordering {
        other.0.total_cmp(&self.0)
    }
}

/// Sends until 5,000 messages are accepted; whatever is refused is sent again, later.
pub fn run(case: Case) -> Outcome {
    let mut server = Server::new(case);
    let mut budget = Budget::new(300.0);
    let mut state = case.seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
    let mut latency = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        case.latency * (state % 1_000) as f64 / 1_000.0
    };
    let mut events = BinaryHeap::from([At(0.0, Event::Ask)]);
    let (mut accepted, mut warm) = (0, (0.0, 0));
    while let Some(At(now, event)) = events.pop() {
        match event {
            Event::Ask => {
                let again = match budget.take(Duration::from_secs_f64(now), false) {
                    Ok(()) => {
                        events.push(At(now + latency(), Event::Arrive));
                        now
                    }
                    Err(at) => at.as_secs_f64().max(now + 1e-7),
                };
                events.push(At(again, Event::Ask));
            }
            Event::Arrive => {
                if let Err(retry_after) = server.post(now) {
                    events.push(At(now + latency(), Event::Refused(retry_after)));
                    continue;
                }
                accepted += 1;
                if accepted == 2_000 {
                    warm = (now, server.refused.len());
                } else if accepted == 5_000 {
                    return outcome(&server, now - warm.0, warm.1);
                }
            }
            Event::Refused(retry_after) => {
                budget.limited(Duration::from_secs_f64(now), Duration::from_secs_f64(retry_after));
            }
        }
        assert!(now < 50_000.0, "{case:?} comes to no end");
    }
    unreachable!("the sender never stops asking")
}

fn outcome(server: &Server, seconds: f64, warm: usize) -> Outcome {
    let refused = &server.refused;
    let burst = |from: &f64| refused.iter().filter(|at| (*from..*from + 2.0).contains(*at)).count();
    let pauses = (warm..refused.len()).filter(|&index| index == 0 || refused[index] > refused[index - 1] + 1.0);
    Outcome {
        rate: 3_000.0 / seconds * 60.0 / server.case.per_minute,
        refused: refused.len() - warm,
        pauses: pauses.count(),
        worst_burst: refused.iter().map(burst).max().unwrap_or(0),
    }
}
