//! The workspace's budget for messages: how fast they go, learned from what Slack answers. Pure: time is an argument,
//! counted from any fixed instant.
//!
//! Slack does not publish the limit, nor how it counts. So the pace grows until the first 429. What had gone through by
//! then, in the last minute and since the window began that `Retry-After` ends, names the limit ([`Refusal`]); from
//! there on messages go evenly, a little below it, and it is tried again rarely.

use super::refusal::{Limit, Refusal};
use std::{collections::VecDeque, time::Duration};

const MINUTE: Duration = Duration::from_mins(1);

/// How fast the pace grows while no limit is known: e² a minute, so that a limit of 1,500 is found, from a start of 300,
/// within 2,000 messages.
const GROWTH: f64 = 2.0;
/// How many times the last minute's messages the pace may be: growth needs messages, not only time.
const AHEAD: f64 = 2.3;
/// The pace, as a part of the known limit.
const BELOW_LIMIT: f64 = 0.985;
/// The most in a minute, as a part of the known limit: keeps the crowd that was sent while growing from being met again.
const MOST_IN_A_MINUTE: f64 = 0.99;
/// The step down after a refusal that names no limit.
const STEP_DOWN: f64 = 0.9;
/// The lowest pace that refusals lead to, per minute.
const LOWEST: f64 = 10.0;
/// How late a message may go and the next still keep its time, so that late wake-ups cost no throughput.
const LATENESS: Duration = Duration::from_secs(2);
/// How long a limit is rested on before it is tried whether there is room above.
const PROBE_AFTER: Duration = Duration::from_mins(20);
/// A pause that was asked for may cost at most one part in so many of the time until the next probe.
const PROBE_COST: u32 = 200;
/// How long a guess is rested on.
const DOUBT: Duration = Duration::from_mins(1);
/// How far above the limit a probe goes, and for how long: a minute's window fills in it.
const PROBE: f64 = 1.03;
const PROBE_FOR: Duration = Duration::from_secs(65);
/// How long a pace must go without a refusal before it may rise again.
const QUIET: Duration = Duration::from_secs(10);
/// How far back the flow between refusals is measured.
const FLOW_WITHIN: Duration = Duration::from_mins(5);

#[derive(Debug, Clone, Copy, PartialEq)]
enum Phase {
    /// No limit is known.
    Growing,
    /// Refused, and the reason is not clear.
    Testing { from: Duration, up_to: f64 },
    /// Just below the limit; `climb` tells what comes then, growing or a probe.
    Holding { until: Duration, climb: Climb },
    /// A little above the limit, to see whether it still holds.
    Probing { until: Duration },
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Climb {
    Grow,
    Probe,
}

/// See the module.
#[derive(Debug)]
pub(super) struct Budget {
    start: f64,
    pace: f64,
    limit: f64,
    phase: Phase,
    /// Messages let through in the last minute, and not refused.
    granted: VecDeque<Duration>,
    /// When the next may go.
    slot: Duration,
    /// Somebody waits for the slot, so the pace and not the traffic holds messages back.
    awaited: bool,
    last_grant: Duration,
    pause: Duration,
    /// Let through since the latest refusal.
    since_refusal: u32,
    refusal: Option<Refusal>,
    /// Refusals in a row between which hardly anything went through.
    fruitless: u32,
    /// From where the flow is measured, and what went through since then.
    flow: Option<(Duration, f64)>,
}

impl Budget {
    /// A budget that starts with so many messages a minute.
    pub fn new(per_minute: f64) -> Self {
        Self {
            start: per_minute,
            pace: per_minute,
            limit: f64::INFINITY,
            phase: Phase::Growing,
            granted: VecDeque::new(),
            slot: Duration::ZERO,
            awaited: false,
            last_grant: Duration::ZERO,
            pause: Duration::ZERO,
            since_refusal: 0,
            refusal: None,
            fruitless: 0,
            flow: None,
        }
    }

    /// Messages a minute, at present.
    pub fn per_minute(&self) -> f64 {
        self.pace
    }

    /// Until when nothing goes.
    pub fn pause(&self) -> Duration {
        self.pause
    }

    /// Lets a message through, or names the instant at which to ask again; `others` wait for their turn behind it.
    pub fn take(&mut self, now: Duration, others: bool) -> Result<(), Duration> {
        while self.granted.front().is_some_and(|at| *at + MINUTE <= now) {
            self.granted.pop_front();
        }
        let free = self.pause.max(self.slot).max(self.minute_has_room());
        if now < free {
            self.awaited = true;
            // A wait for room is no lateness to make up for.
            self.slot = free;
            return Err(free);
        }
        if self.awaited {
            self.climb(now);
        }
        let between = Duration::from_secs_f64(MINUTE.as_secs_f64() / self.pace);
        let punctual = if self.awaited { self.slot } else { now };
        self.slot = (punctual + between).max((now + between).saturating_sub(LATENESS));
        // They may wake too late to be seen waiting.
        self.awaited = others;
        self.last_grant = now;
        self.since_refusal += 1;
        self.granted.push_back(now);
        Ok(())
    }

    /// When the last minute holds few enough for one more, where a limit is known.
    fn minute_has_room(&self) -> Duration {
        let Phase::Holding { .. } = self.phase else { return Duration::ZERO };
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a limit is a small positive number"
        )]
        let most = (self.limit * MOST_IN_A_MINUTE).floor().max(1.0) as usize;
        let oldest = self.granted.len().checked_sub(most).and_then(|index| self.granted.get(index));
        oldest.map_or(Duration::ZERO, |at| *at + MINUTE)
    }

    /// Raises the pace, as one more message went out that had waited for it.
    fn climb(&mut self, now: Duration) {
        let minutes = now.saturating_sub(self.last_grant).min(LATENESS).as_secs_f64() / 60.0;
        match self.phase {
            Phase::Growing => {
                let most = self.start.max(AHEAD * self.in_a_minute()).max(self.pace);
                self.pace = (self.pace * (GROWTH * minutes).exp()).min(most);
            }
            Phase::Testing { from, up_to } if now >= from + QUIET => {
                self.pace *= minutes.exp();
                if self.pace >= up_to * BELOW_LIMIT {
                    let climb = if self.limit.is_finite() { Climb::Probe } else { Climb::Grow };
                    self.hold(Limit::guess(up_to), climb, now);
                }
            }
            Phase::Holding { until, climb: Climb::Probe } if now >= until => self.probe(now),
            Phase::Holding { until, .. } | Phase::Probing { until } if now >= until => self.phase = Phase::Growing,
            Phase::Testing { .. } | Phase::Holding { .. } | Phase::Probing { .. } => {}
        }
    }

    fn probe(&mut self, now: Duration) {
        self.pace = self.limit * PROBE;
        self.phase = Phase::Probing { until: now + PROBE_FOR };
    }

    fn hold(&mut self, limit: Limit, climb: Climb, from: Duration) {
        let pause = self.refusal.map_or(Duration::ZERO, |refusal| self.pause.saturating_sub(refusal.at));
        let rest = if limit.sure { PROBE_AFTER.max(pause * PROBE_COST) } else { DOUBT };
        self.limit = limit.per_minute.max(LOWEST);
        self.pace = self.limit * BELOW_LIMIT;
        self.phase = Phase::Holding { until: from + rest, climb };
        self.flow = self.refusal.map(|refusal| (refusal.at, 0.0));
    }

    fn in_a_minute(&self) -> f64 {
        self.granted.len() as f64
    }

    fn count(&self, now: Duration, span: Duration) -> f64 {
        let before = now.checked_sub(span).map_or(0, |from| self.granted.partition_point(|at| *at <= from));
        (self.granted.len() - before) as f64
    }

    /// Slack refused a message at `now`, and asked for this pause. Refusals of one pause are one.
    pub fn limited(&mut self, now: Duration, pause: Duration) {
        self.granted.pop_back();
        let known = now < self.pause || self.since_refusal == 0;
        let resumed = self.pause;
        self.pause_until(now + pause);
        if known {
            return;
        }
        let refusal = Refusal {
            at: now,
            minute: self.count(now, MINUTE),
            // `Retry-After` is rounded up, by half a second on average.
            window: (pause > Duration::from_secs(1))
                .then(|| self.count(now, (MINUTE + Duration::from_millis(500)).saturating_sub(pause))),
            pace: self.pace,
        };
        let since = f64::from(std::mem::take(&mut self.since_refusal));
        if self.refuses_all(&refusal, since, resumed) {
            return;
        }
        let flow = self.measure_flow(now, since);
        let before = self.refusal.replace(refusal);
        match self.named_limit(&refusal, before.as_ref()).or_else(|| self.limit_of_flow(&refusal, flow)) {
            Some((limit, Climb::Grow)) if !limit.sure => {
                // A window that `Retry-After` implies is tried at once: it may be made up.
                self.hold(limit, Climb::Grow, self.pause);
                self.probe(self.pause);
            }
            Some((limit, climb)) => self.hold(limit, climb, self.pause),
            None => self.step_down(before.as_ref(), now),
        }
    }

    fn pause_until(&mut self, instant: Duration) {
        self.pause = self.pause.max(instant);
        self.slot = self.slot.max(self.pause);
    }

    /// Whether Slack refuses again what it had just asked to wait for: then the pause was too short, and it is that
    /// which grows.
    fn refuses_all(&mut self, refusal: &Refusal, since: f64, resumed: Duration) -> bool {
        let again = self.refusal.is_some()
            && since < (0.02 * refusal.minute).max(2.0)
            && refusal.at.saturating_sub(resumed) < Duration::from_secs(5);
        let limit_unknown = matches!(self.phase, Phase::Growing | Phase::Testing { .. });
        if !again || (limit_unknown && self.fruitless == 0) {
            self.fruitless = u32::from(again);
            return false;
        }
        self.fruitless += 1;
        self.pause_until(refusal.at + Duration::from_secs(1 << self.fruitless.min(4)));
        if let Phase::Testing { from, .. } = &mut self.phase {
            *from = self.pause;
        }
        true
    }

    /// Messages a minute since the flow is measured, and whether for long enough to rely on it.
    fn measure_flow(&mut self, now: Duration, since: f64) -> Option<Limit> {
        let (from, before) = self.flow.filter(|(from, _)| now < *from + FLOW_WITHIN).unwrap_or((now, -since));
        self.flow = Some((from, before + since));
        let seconds = now.saturating_sub(from).as_secs_f64();
        let enough = seconds >= 5.0 && before + since >= 20.0;
        let per_minute = (before + since) / seconds * 60.0;
        let sure = seconds > 30.0 || (seconds > 10.0 && per_minute > 0.92 * self.pace);
        enough.then_some(Limit { per_minute, sure })
    }

    /// The limit that the refusal names, alone or with the one before.
    fn named_limit(&self, refusal: &Refusal, before: Option<&Refusal>) -> Option<(Limit, Climb)> {
        let agreed = before.and_then(|before| before.agreed(refusal));
        let certain = |per_minute| (Limit::sure(per_minute), Climb::Probe);
        let near_limit = |count: &f64| (count - self.limit).abs() <= 0.04 * self.limit;
        let named = || {
            let limit = refusal.limit()?;
            Some((limit, if limit.sure { Climb::Probe } else { Climb::Grow }))
        };
        match self.phase {
            Phase::Growing | Phase::Testing { .. } => agreed.map(certain).or_else(named),
            Phase::Probing { .. } => before
                .and_then(|before| before.same_minute(refusal))
                .or_else(|| refusal.window.filter(near_limit))
                .or_else(|| Some(refusal.minute).filter(near_limit).map(|minute| minute.min(self.limit)))
                .or(agreed)
                .map(certain)
                .or_else(named),
            Phase::Holding { .. } => {
                agreed.filter(|agreed| refusal.minute < 0.97 * self.limit && *agreed < self.pace).map(certain)
            }
        }
    }

    /// A bucket that is empty at each refusal lets through exactly its rate in between.
    fn limit_of_flow(&self, refusal: &Refusal, flow: Option<Limit>) -> Option<(Limit, Climb)> {
        let flow = flow.filter(|flow| flow.per_minute < self.pace)?;
        let at_least = if flow.sure { refusal.minute } else { STEP_DOWN * self.pace };
        Some((Limit { per_minute: flow.per_minute.max(at_least), ..flow }, Climb::Probe))
    }

    fn step_down(&mut self, before: Option<&Refusal>, now: Duration) {
        let up_to = match self.phase {
            // It may have been the limit of a channel: back to where it was, unless it happens again.
            Phase::Holding { .. } if before.is_none_or(|before| now > before.at + FLOW_WITHIN) => self.limit,
            _ => self.pace,
        };
        self.pace = (self.pace * STEP_DOWN).max(LOWEST.min(self.start));
        self.phase = Phase::Testing { from: self.pause, up_to };
    }
}
